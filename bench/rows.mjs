// Tables of text.

/** Rows of cells as lines; `numbers` are the columns to align on the right. */
export function aligned(rows, numbers) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const cell = (text, column) =>
    numbers.includes(column) ? text.padStart(widths[column]) : text.padEnd(widths[column]);
  return rows.map((row) => row.map(cell).join("  ").trimEnd());
}
