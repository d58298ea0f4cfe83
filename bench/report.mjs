// The results as tables for people.
import { contenders } from "./calls/contenders.mjs";
import { endpointReport } from "./endpoint/report.mjs";
import { aligned } from "./rows.mjs";
import { scaleReport } from "./scale/report.mjs";
import { labels } from "./start/index.mjs";
import { tables } from "./suites.mjs";

/** The tables of the parts that were measured. */
export function report({ machine, calls, start, endpoint, scale }) {
  return [
    machine,
    ...(calls === undefined ? [] : tables.map(({ id, title }) => callsTable(id, title, calls))),
    ...(start === undefined ? [] : [startTable(start)]),
    ...(endpoint === undefined ? [] : [endpointReport(endpoint)]),
    ...(scale === undefined ? [] : [scaleReport(scale)]),
    "Only ratios within one host and one run can be compared.",
  ].join("\n\n");
}

function callsTable(id, title, hosts) {
  const found = hosts.map(({ tables, ...host }) => ({
    host: `${host.name} ${host.version}`,
    ...tables.find(({ table }) => table === id),
  }));
  const label = (name) => contenders[`${id}.${name}`].label;
  const lines = found.flatMap(({ host, rows }) =>
    rows.map(({ name, microseconds, ratio }, index) => [
      host,
      label(name),
      microseconds.toFixed(1),
      ratio.median.toFixed(2),
      index === 0 ? "" : `${ratio.p25.toFixed(2)}–${ratio.p75.toFixed(2)}`,
    ]),
  );
  const goals = found[0].reached.map((target, index) =>
    goal(
      target,
      label,
      found.map(({ host, reached }) => [host, reached[index].ratio, reached[index].laps]),
    ),
  );
  return [
    title,
    ...aligned([["host", "contender", "µs/call", "× floor", "quartiles"], ...lines], [2, 3]),
    ...goals,
  ].join("\n");
}

function startTable(hosts) {
  const title =
    "The first answer of a fresh Node.js process, or of a fresh isolate in workerd. Added: the time from before the import to the answer; in workerd, the time beyond the floor's.";
  const lines = hosts.flatMap(({ name: host, version, rows }) =>
    rows.map(({ name, added, whole, ratio, phases }) => [
      `${host} ${version}`,
      labels[name],
      added.median.toFixed(1),
      `${added.p25.toFixed(1)}–${added.p75.toFixed(1)}`,
      whole.toFixed(0),
      ratio.toFixed(2),
      Object.entries(phases)
        .map(([phase, milliseconds]) => `${phase} ${milliseconds.toFixed(1)}`)
        .join(", "),
    ]),
  );
  const names = ["host", "contender", "ms added", "quartiles", "ms whole", "× floor", "of which"];
  const found = hosts.map(({ name, version, reached }) => [`${name} ${version}`, reached.ratio]);
  return [
    title,
    ...aligned([names, ...lines], [2, 4, 5]),
    goal(hosts[0].reached, (name) => labels[name], found),
    compiling(hosts),
  ].join("\n");
}

/** What the WebAssembly itself costs, compared with the import of the SDK. */
function compiling(hosts) {
  const shares = hosts.flatMap(({ name, version, rows }) => {
    const phases = (contender) => rows.find(({ name }) => name === contender)?.phases ?? {};
    const { compile, instantiate } = phases("slim");
    return compile === undefined
      ? []
      : [`${((compile + instantiate) / phases("sdk").import).toFixed(3)} on ${name} ${version}`];
  });
  return `compile and instantiate, over the import of ${labels.sdk}: ${shares.join(", ")}`;
}

/** Whether a target is reached, host by host. */
function goal({ name, over, less, most, least }, label, found) {
  const without = less === undefined ? "" : `, each without ${label(less)}`;
  const isReached = (median) => (most === undefined ? median >= least : median <= most);
  const wanted = most === undefined ? `≥ ${least}` : `≤ ${most}`;
  const ratios = found
    .map(
      ([host, { median, p25, p75 }, laps]) =>
        `${isReached(median) ? "✓" : "✗"} ${median.toFixed(2)} (${p25.toFixed(2)}–${p75.toFixed(2)}${laps === undefined ? "" : `, ${laps} laps`}) on ${host}`,
    )
    .join(", ");
  return `${label(name)} over ${label(over)}${without}: ${ratios} (target ${wanted})`;
}
