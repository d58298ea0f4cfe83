// The hosts: each starts a process and returns `batch(id, calls)`, which resolves to milliseconds,
// and `stop()`.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { lifetime, nodes, nodeVersion } from "./process.mjs";
import { bundled, serve } from "./workerd.mjs";

/** Functions that start the hosts. */
export const hosts = () => [...nodes().map((path) => () => startNode(path)), startWorkerd];

async function startNode(path) {
  const version = await nodeVersion(path);
  const child = spawn(path, [fileURLToPath(new URL("node-host.mjs", import.meta.url))], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const { stop, ended } = lifetime(child, "Node.js");
  const batch = async (id, calls) => {
    const answer = new Promise((resolve) => child.once("message", resolve));
    child.send({ id, calls });
    const { milliseconds, error } = await Promise.race([answer, ended]);
    if (error !== undefined) throw new Error(`${id}: ${error}`);
    return milliseconds;
  };
  return { name: "node", version, batchMs: 4, batch, stop };
}

async function startWorkerd() {
  const directory = await bundled([new URL("worker.mjs", import.meta.url)]);
  const { get, stop, version } = await serve(directory, [
    '(name = "worker.js", esModule = embed "worker.js")',
    wasm,
  ]);
  const batch = async (id, calls) => {
    const started = performance.now();
    const { status, text } = await get(`/${id}?calls=${calls}`);
    if (status !== 200) throw new Error(`${id}: ${text}`);
    return performance.now() - started;
  };
  return { name: "workerd", version, batchMs: 10, batch, stop };
}

const wasm = '(name = "operations.wasm", wasm = embed "operations.wasm")';
