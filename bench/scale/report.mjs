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

function memoryTable(hosts) {
  const megabytes = (bytes) => (bytes === undefined ? "–" : (bytes / 1_000_000).toFixed(1));
  const lines = hosts.flatMap(({ host, states }) =>
    states.map(({ requests, rows, rss, heap, wasm }) => [
      host,
      String(requests),
      String(rows),
      megabytes(rss),
      megabytes(heap),
      megabytes(wasm),
    ]),
  );
  const [{ states }] = hosts;
  const perRow = (states[1].heap - states[0].heap) / (states[1].rows - states[0].rows);
  return [
    "Memory, half of the requests refreshes: the process (RSS), the heap of JavaScript after a collection, and WebAssembly, in MB; of workerd, the heap is the isolate's. Rows that are only kept until they expire count as rows. A host's last line is after the expiry of all tokens and engine.expire().",
    ...aligned(
      [["host", "requests", "live rows", "RSS", "heap", "wasm"], ...lines],
      [1, 2, 3, 4, 5],
    ),
    `Heap of a live row in memory: ${perRow.toFixed(0)} bytes.`,
  ].join("\n");
}
