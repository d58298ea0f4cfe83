// The time to the first answer: each time in a fresh process of Node.js, or a fresh isolate in
// workerd.
import { fileURLToPath } from "node:url";
import { nodes, nodeVersion, output } from "../hosts/process.mjs";
import { bundled, compatibilityDate, serve } from "../hosts/workerd.mjs";
import { median, order, spread } from "../rounds.mjs";
import { startTarget } from "../suites.mjs";

/** The label of each contender in the table, by name. */
export const labels = {
  floor: "by hand: fetch and JSON",
  ours: "authlete-token",
  slim: "authlete-token/slim, step by step",
  sdk: "@authlete/typescript-sdk",
  engine: "authlete-token/engine: createEngine, a token",
};

/**
 * Functions that start the hosts: `once(name)` resolves to the milliseconds of the `whole`, and of
 * its `phases` if they are known.
 */
export const starters = () => [...nodes().map((path) => () => node(path)), workerd];

async function node(path) {
  const child = fileURLToPath(new URL("child.mjs", import.meta.url));
  const once = async (name) => JSON.parse(await output(path, [child, name]));
  return {
    name: "node",
    version: await nodeVersion(path),
    names: ["floor", "ours", "slim", "sdk", "engine"],
    rounds: 1,
    once,
    stop: async () => {},
  };
}

async function workerd() {
  const names = ["floor", "ours", "sdk"];
  const here = (file) => new URL(file, import.meta.url);
  const directory = await bundled([
    here("loader.mjs"),
    ...names.map((name) => here(`worker-${name}.mjs`)),
  ]);
  const { get, stop, version } = await serve(
    directory,
    ['(name = "loader.js", esModule = embed "loader.js")'],
    [
      '(name = "loader", workerLoader = ())',
      `(name = "compatibilityDate", text = "${compatibilityDate}")`,
      '(name = "wasm", data = embed "operations.wasm")',
      ...names.map((name) => `(name = "${name}", text = embed "worker-${name}.js")`),
    ],
  );
  const once = async (name) => {
    const started = performance.now();
    const { status, text } = await get(`/${name}`);
    const whole = performance.now() - started;
    if (status !== 200 || text !== "OK") throw new Error(`${name}: ${text}`);
    return { whole, phases: {} };
  };
  // An isolate starts many times faster than a process, but its time varies as much more.
  return { name: "workerd", version, names, rounds: 3, once, stop };
}

/** Measures `rounds` starts of each contender: their medians, and what each adds to the floor's. */
export async function measureStart(start, rounds) {
  const { name, version, names, rounds: times, once, stop } = await start();
  process.stderr.write(`Measuring first answers on ${name} ${version} …\n`);
  let seen;
  try {
    seen = await startsOf(names, once, rounds * times);
  } finally {
    await stop();
  }
  const added = (found, name) =>
    found.get(name).added ?? found.get(name).whole - found.get("floor").whole;
  const rows = names.map((name) => {
    const phases = Object.keys(seen[0].get(name).phases).map((phase) => [
      phase,
      median(seen.map((found) => found.get(name).phases[phase])),
    ]);
    return {
      name,
      added: spread(seen.map((found) => added(found, name))),
      whole: median(seen.map((found) => found.get(name).whole)),
      ratio: median(seen.map((found) => found.get(name).whole / found.get("floor").whole)),
      phases: Object.fromEntries(phases),
    };
  });
  const reached = {
    ...startTarget,
    ratio: spread(
      seen.map((found) => added(found, startTarget.name) / added(found, startTarget.over)),
    ),
  };
  return { name, version, rounds: seen.length, rows, reached };
}

/** What each contender took, round by round. */
async function startsOf(names, once, rounds) {
  const seen = [];
  for (let round = 0; round <= rounds; round += 1) {
    const found = new Map();
    for (const name of order(names, round)) found.set(name, await once(name));
    // Not counted: the first start reads the files from the disk.
    if (round > 0) seen.push(found);
  }
  return seen;
}
