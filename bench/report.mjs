// The result as a table for people.

/** What the package is to reach. Nothing fails when it does not: a measurement depends on the machine. */
export const targets = { oursToFloor: { most: 1.35, aim: 1.2 }, sdkToOurs: { least: 4 } };

const columns = ["host", "contender", "µs/call", "× floor", "middle half", "target"];

/** The table, with a line of explanation above and below. */
export function table({ machine, exchange, hosts }, contenders) {
  const { most, aim } = targets.oursToFloor;
  const lines = hosts.flatMap(({ name, version, rows }) =>
    rows.map(({ contender, microseconds, ratio }) => [
      `${name} ${version}`,
      contenders[contender].label,
      microseconds.toFixed(1),
      ratio.median.toFixed(2),
      contender === "floor" ? "" : `${ratio.p25.toFixed(2)}–${ratio.p75.toFixed(2)}`,
      contender.startsWith("ours") ? `≤ ${most}, aim ${aim}` : "",
    ]),
  );
  const sdk = hosts.map(({ name, version, sdkToOurs }) => `${sdkToOurs.toFixed(1)} on ${name} ${version}`).join(", ");
  return [
    `authToken over a stub fetch (a Request in, a Response of ${exchange.answerBytes} bytes out), ${machine}`,
    "",
    ...aligned([columns, ...lines]),
    "",
    `The official SDK's time over that of authlete-token: ${sdk} (target ≥ ${targets.sdkToOurs.least}).`,
    "Only ratios within one host and one run can be compared.",
  ].join("\n");
}

function aligned(rows) {
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const numbers = new Set([2, 3]);
  const cell = (text, column) => (numbers.has(column) ? text.padStart(widths[column]) : text.padEnd(widths[column]));
  return rows.map((row) => row.map(cell).join("  ").trimEnd());
}
