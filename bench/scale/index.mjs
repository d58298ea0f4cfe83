// Measures what a token request costs by the number of live rows, and what tokens leave in memory.
import { fileURLToPath } from "node:url";
import { newerNode } from "../../xtask/newer-node.mjs";
import { stateDirectory } from "../endpoint/servers/index.mjs";
import { output } from "../hosts/process.mjs";
import { laps, median, spread } from "../rounds.mjs";
import { grants } from "./endpoint.mjs";
import { hosts, idOf } from "./hosts.mjs";

/**
 * Measures each host for `seconds` with each of the `sizes`, and the memory after `few` and `many`
 * requests.
 */
export async function measureScale({ seconds, sizes, few, many }) {
  const state = stateDirectory();
  const cost = [];
  const counts = [String(few), String(many)];
  try {
    for (const start of hosts) cost.push(await costOn(start, sizes, seconds, state.path));
    process.stderr.write(`Measuring the memory after ${many} requests …\n`);
    const memory = [
      { host: "Node, in memory", states: await measured("memory-child.mjs", counts) },
      {
        host: "workerd, a Durable Object",
        states: await measured("isolate-child.mjs", [state.path, ...counts]),
      },
    ];
    return { stateInMemory: state.memory, cost, memory };
  } finally {
    state.remove();
  }
}

/** What a script of this folder prints, by a newer Node.js. */
async function measured(script, args) {
  const path = fileURLToPath(new URL(script, import.meta.url));
  return JSON.parse(await output(newerNode(), ["--expose-gc", path, ...args]));
}

async function costOn(start, wanted, seconds, state) {
  process.stderr.write(`Filling stores with up to ${Math.max(...wanted)} rows …\n`);
  const host = await start(wanted, state);
  const { sizes } = host;
  process.stderr.write(`Measuring with ${sizes.join(", ")} live rows: ${host.name} …\n`);
  const tables = [];
  try {
    for (const grant of grants) {
      const found = await laps(
        host,
        sizes.map((rows) => idOf(rows, grant)),
        seconds / grants.length,
      );
      tables.push({
        grant,
        laps: found.length,
        rows: sizes.map((rows) => row(rows, grant, found, sizes[0])),
      });
    }
  } finally {
    await host.stop();
  }
  return { host: host.name, tables };
}

/**
 * One number of rows: microseconds a request (median), and the ratio to the fewest in the same lap.
 */
function row(rows, grant, laps, fewest) {
  const id = idOf(rows, grant);
  return {
    rows,
    microseconds: median(laps.map((lap) => lap.get(id))) * 1000,
    ratio: spread(laps.map((lap) => lap.get(id) / lap.get(idOf(fewest, grant)))),
  };
}
