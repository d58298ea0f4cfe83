// The token endpoints as tables for people.
import { aligned } from "../rows.mjs";
import { tables } from "./tables.mjs";

/** All tables of token endpoints. */
export function endpointReport(endpoint) {
  const { stateInMemory, processes, rounds, sliceMilliseconds, loadBusy } = endpoint;
  const state = stateInMemory
    ? "in a memory file system"
    : "on disk, since there is no memory file system";
  const about = `Complete token endpoints over loopback, one request in flight on each connection: medians of ${rounds} interleaved slices of ${sliceMilliseconds} ms, ${processes === 1 ? "one start" : `${processes} starts`} of the servers; p50 and p99 of all requests. CPU: the processor time of the server per request. State and log of workerd ${state}. The load generator was busy for at most ${percent(loadBusy)} of a slice.`;
  return [about, ...tables.map((table) => section(table, endpoint))].join("\n\n");
}

function section({ id, title, host, contenders }, { tables, versions }) {
  const { rows, reached } = tables.find(({ table }) => table === id);
  const label = (name) => contenders.find((contender) => contender.name === name).label;
  const lines = rows.map(
    ({ name, connections, perSecond, ratio, p50, p99, cpuMicroseconds, loadBusy }) => [
      String(connections),
      label(name),
      perSecond.median.toFixed(0),
      ratio.median.toFixed(2),
      name === contenders[0].name ? "" : `${ratio.p25.toFixed(2)}–${ratio.p75.toFixed(2)}`,
      p50.toFixed(2),
      p99.toFixed(2),
      cpuMicroseconds?.toFixed(0) ?? "",
      percent(loadBusy),
    ],
  );
  const names = [
    "conn.",
    "contender",
    "req/s",
    "× first",
    "quartiles",
    "p50 ms",
    "p99 ms",
    "CPU µs",
    "load",
  ];
  return [
    `${title} (${host} ${versions[host]})`,
    ...aligned([names, ...lines], [0, 2, 3, 5, 6, 7, 8]),
    ...reached.map((target) => goal(target, label)),
  ].join("\n");
}

/** How two contenders compare, and whether the target is reached, if there is one. */
function goal({ name, over, least, aim, at }, label) {
  const mark = (reached) => (least === undefined ? "" : `${reached ? "✓" : "✗"} `);
  const found = at
    .map(
      ({ connections, ratio: { median, p25, p75 }, p99 }) =>
        `${mark(median >= least)}${median.toFixed(2)} (${p25.toFixed(2)}–${p75.toFixed(2)}), ${mark(p99 <= 1)}p99 ${p99.toFixed(2)}, at ${connections}`,
    )
    .join("; ");
  const wanted =
    least === undefined
      ? ""
      : ` (target ≥ ${least}${aim === undefined ? "" : `, aim ${aim}`}; p99 no worse: ≤ 1)`;
  return `${label(name)} over ${label(over)}: ${found}${wanted}`;
}

const percent = (share) => `${(share * 100).toFixed(0)} %`;
