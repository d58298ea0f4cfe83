// The hosts on which the cost by the number of live rows is measured. Each starts with its rows in
// place, and returns the `sizes` that it has, `batch(id, calls)`, which resolves to milliseconds,
// and `stop()`.
import { fork } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { newerNode } from "../../xtask/newer-node.mjs";
import { lifetime, nodeVersion } from "../hosts/process.mjs";
import { bundled, serve } from "../hosts/workerd.mjs";

/** Functions that start the hosts, with these numbers of live rows and the state in a directory. */
export const hosts = [
  (sizes, state) => node("memory", "in memory", sizes, state),
  (sizes, state) => node("sqlite", "node:sqlite", sizes, state),
  workerd,
];

/** What a batch runs: `ROWS/GRANT`. */
export const idOf = (rows, grant) => `${rows}/${grant}`;

async function node(kind, label, sizes, state) {
  const path = newerNode();
  const child = fork(
    fileURLToPath(new URL("cost-host.mjs", import.meta.url)),
    [kind, state, ...sizes.map(String)],
    {
      execPath: path,
      execArgv: ["--max-old-space-size=4096"],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    },
  );
  const { stop, ended } = lifetime(child, "Node.js");
  const answer = () =>
    Promise.race([new Promise((resolve) => child.once("message", resolve)), ended]);
  await answer();
  const batch = async (id, calls) => {
    const [rows, grant] = id.split("/");
    child.send({ rows, grant, calls });
    const { milliseconds, error } = await answer();
    if (error !== undefined) throw new Error(`${id}: ${error}`);
    return milliseconds;
  };
  return { name: `Node ${await nodeVersion(path)}, ${label}`, sizes, batchMs: 15, batch, stop };
}

/** Serves the worker, with the state of its objects in a directory of its own in `state`. */
export async function serveTokens(state, options = {}) {
  const directory = await bundled([new URL("worker.mjs", import.meta.url)]);
  return serve(
    directory,
    [
      '(name = "worker.js", esModule = embed "worker.js")',
      '(name = "operations.wasm", wasm = embed "operations.wasm")',
      '(name = "engine.wasm", wasm = embed "engine.wasm")',
    ],
    ['(name = "TOKENS", durableObjectNamespace = "Tokens")'],
    { state: mkdtempSync(join(state, "workerd-")), ...options },
  );
}

async function workerd(sizes, state) {
  const { get, stop, version } = await serveTokens(state);
  const batch = async (id, calls) => {
    const started = performance.now();
    const { status, text } = await get(`/${id}?calls=${calls}`);
    if (status !== 200) throw new Error(`${id}: ${text}`);
    return performance.now() - started;
  };
  // To write a million rows takes a Durable Object minutes; node:sqlite shows what they cost.
  const fewer = sizes.filter((rows) => rows <= 100_000);
  for (const rows of fewer) await batch(idOf(rows, "fill"), 0);
  return { name: `workerd ${version}, a Durable Object`, sizes: fewer, batchMs: 15, batch, stop };
}
