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
 * A Miniflare that runs the module at `entry`, which may import the package by name, every module
 * next to and below `tests/js`, and the files `more` (from the root folder). It sets no
 * compatibility flags: what works here works in every Worker.
 */
export async function startWorker(entry, options = {}, more = []) {
  const main = relative(root, fileURLToPath(entry));
  const files = ["pkg/dist", "pkg/wasm", "tests/js"].flatMap(list).filter((file) => file !== main);
  const miniflare = new Miniflare({
    modulesRoot: root,
    modules: [main, ...files, ...more].map(module).concat(aliases(dirname(main))),
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
 * workerd looks for a bare name next to the module that imports it: there it finds the package's
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
 * Runs the garbage collector of a worker, and returns the bytes that are left; the worker must have
 * been started with an `inspectorPort`.
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
  // Several runs are needed to free what the platform's own objects hold. The end of a run is not
  // reported, but the next command is answered after it.
  let left;
  for (let id = 3; id <= 7; id += 2) {
    inspector.send(JSON.stringify({ id: id - 1, method: "HeapProfiler.collectGarbage" }));
    left = await ask(id, "Runtime.getHeapUsage");
  }
  inspector.close();
  return left.usedSize;
}
