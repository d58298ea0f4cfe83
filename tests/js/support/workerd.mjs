// Starts a worker on workerd from plain files of this repository, without a bundler.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import { root } from "../../../xtask/steps.mjs";

const types = [
  [/\.m?js$/, "ESModule"],
  [/\.wasm$/, "CompiledWasm"],
];
const packaged = JSON.parse(readFileSync(join(root, "pkg/package.json"), "utf8"));

/**
 * A Miniflare that runs the module at `entry`, which may import the package by name and every
 * module beside and below `tests/js`. No compatibility flags: what works here works in every
 * Worker.
 */
export async function startWorker(entry, options = {}) {
  const main = relative(root, fileURLToPath(entry));
  const files = ["pkg/dist", "pkg/wasm", "tests/js"].flatMap(list).filter((file) => file !== main);
  const miniflare = new Miniflare({
    modulesRoot: root,
    modules: [main, ...files].map(module).concat(aliases(dirname(main))),
    compatibilityDate: "2026-06-01",
    ...options,
  });
  await miniflare.ready;
  return miniflare;
}

function list(folder) {
  return readdirSync(join(root, folder), { recursive: true })
    .map((name) => `${folder}/${name}`)
    .filter((file) => !file.includes(".test.") && types.some(([pattern]) => pattern.test(file)));
}

function module(path) {
  return { type: types.find(([pattern]) => pattern.test(path))[1], path: join(root, path) };
}

/**
 * workerd looks for a bare name beside the module that imports it: there it finds what the package
 * exports for workerd.
 */
function aliases(folder) {
  return Object.entries(packaged.exports).flatMap(([subpath, { workerd } = {}]) => {
    if (workerd === undefined) return [];
    const path = join(root, folder, packaged.name, subpath);
    const target = relative(dirname(path), join(root, "pkg", workerd));
    return { type: "ESModule", path, contents: `export * from "${target}";` };
  });
}

/**
 * Makes the garbage collector of a worker run, and gives the bytes that are left; the worker must
 * have been started with an `inspectorPort`.
 */
export async function collectGarbage(miniflare) {
  const { host } = await miniflare.getInspectorURL();
  const inspector = new WebSocket(`ws://${host}/core:user:`);
  await new Promise((resolve, reject) => {
    inspector.onopen = resolve;
    inspector.onerror = reject;
  });
  const ask = (id, method) =>
    new Promise((resolve) => {
      inspector.onmessage = ({ data }) => {
        const message = JSON.parse(data);
        if (message.id === id) resolve(message.result);
      };
      inspector.send(JSON.stringify({ id, method }));
    });
  await ask(1, "HeapProfiler.enable");
  // What the platform's own objects hold takes several runs. A run is never said to be over: what
  // is asked after it is answered.
  let left;
  for (let id = 3; id <= 7; id += 2) {
    inspector.send(JSON.stringify({ id: id - 1, method: "HeapProfiler.collectGarbage" }));
    left = await ask(id, "Runtime.getHeapUsage");
  }
  inspector.close();
  return left.usedSize;
}
