// The cost by the number of live rows, and the memory, as tables for people.
import { aligned } from "../rows.mjs";

/** Both tables. */
export function scaleReport({ stateInMemory, cost, memory }) {
  return [costTable(cost, stateInMemory), memoryTable(memory)].join("\n\n");
}

function costTable(cost, stateInMemory) {
  const lines = cost.flatMap(({ host, tables }) =>
    tables.flatMap(({ grant, rows }) =>
      rows.map(({ rows, microseconds, ratio }, index) => [
        host,
        grant,
        String(rows),
        microseconds.toFixed(0),
        ratio.median.toFixed(2),
        index === 0 ? "" : `${ratio.p25.toFixed(2)}–${ratio.p75.toFixed(2)}`,
      ]),
    ),
  );
  const files = stateInMemory ? "in a memory file system" : "on disk";
  return [
    `A token request over the engine, by the number of live rows; SQLite's files ${files}. The tokens of the requests expire while they are measured, and the requests remove them.`,
    ...aligned(
      [["host", "grant", "live rows", "µs/request", "× fewest", "quartiles"], ...lines],
      [2, 3, 4],
    ),
  ].join("\n");
}

function memoryTable({ states, heapBytesPerRow }) {
  const megabytes = (bytes) => (bytes / 1_000_000).toFixed(1);
  const lines = states.map(({ requests, rows, rss, heap, wasm }) => [
    String(requests),
    String(rows),
    megabytes(rss),
    megabytes(heap),
    megabytes(wasm),
  ]);
  return [
    "Memory of a Node.js process with its state in memory, half of the requests refreshes: the process (RSS), the heap of JavaScript after a collection, and WebAssembly, in MB. The last line is after the expiry of all tokens and engine.expire().",
    ...aligned([["requests", "live rows", "RSS", "heap", "wasm"], ...lines], [0, 1, 2, 3, 4]),
    `Heap per live row: ${heapBytesPerRow.toFixed(0)} bytes.`,
  ].join("\n");
}
