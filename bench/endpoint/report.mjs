// The token endpoints as tables for people.
import { aligned } from "../rows.mjs";
import { tables } from "./tables.mjs";

/** All tables of token endpoints. */
export function endpointReport(endpoint) {
  const { stateInMemory, processes, rounds, sliceMilliseconds, loadBusy } = endpoint;
  const state = stateInMemory
    ? "in a memory file system"
    : "on disk, since there is no memory file system";
  const about = `Complete token endpoints over loopback, one request in flight on each connection: medians of ${rounds} interleaved slices of ${sliceMilliseconds} ms, ${processes} times with fresh servers; p50 and p99 of all requests. State of workerd ${state}; its log goes to /dev/null. The load generator was busy for at most ${percent(loadBusy)} of a slice.`;
  return [about, ...tables.map((table) => section(table, endpoint))].join("\n\n");
}

function section({ id, title, host, contenders }, { tables, versions }) {
  const { rows, reached } = tables.find(({ table }) => table === id);
  const label = (name) => contenders.find((contender) => contender.name === name).label;
  const lines = rows.map(({ name, connections, perSecond, ratio, p50, p99, loadBusy }) => [
    String(connections),
    label(name),
    perSecond.median.toFixed(0),
    ratio.median.toFixed(2),
    name === contenders[0].name ? "" : `${ratio.p25.toFixed(2)}–${ratio.p75.toFixed(2)}`,
    p50.toFixed(2),
    p99.toFixed(2),
    percent(loadBusy),
  ]);
  const names = ["conn.", "contender", "req/s", "× first", "quartiles", "p50 ms", "p99 ms", "load"];
  return [
    `${title} (${host} ${versions[host]})`,
    ...aligned([names, ...lines], [0, 2, 3, 5, 6, 7]),
    ...reached.map((target) => goal(target, label)),
  ].join("\n");
}

/** Whether a target is reached. */
function goal({ name, over, least, aim, at }, label) {
  const found = at
    .map(
      ({ connections, ratio: { median, p25, p75 }, p99 }) =>
        `${median.toFixed(2)} (${p25.toFixed(2)}–${p75.toFixed(2)}), p99 ${p99.toFixed(2)}, at ${connections}`,
    )
    .join("; ");
  const wanted = aim === undefined ? `≥ ${least}` : `≥ ${least}, aim ${aim}`;
  return `${label(name)} over ${label(over)}: ${found} (target ${wanted}, p99 ≤ 1)`;
}

const percent = (share) => `${(share * 100).toFixed(0)} %`;
