// The hosts: each starts a process, and gives `batch(id, calls)`, which resolves to milliseconds, and `stop()`.
import { spawn } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Refusal } from "../xtask/steps.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

/** What to measure on: this Node, the one that npm runs on where that is another, and workerd. */
export function hosts() {
  const nodes = new Set([process.execPath, process.env.npm_node_execpath ?? process.execPath].map((path) => realpathSync(path)));
  return [...[...nodes].map((path) => () => startNode(path)), startWorkerd];
}

async function startNode(path) {
  const child = spawn(path, [join(here, "node-host.mjs")], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const version = await output(path, ["--version"]);
  const { stop, ended } = lifetime(child, "Node.js");
  const batch = async (id, calls) => {
    const answer = new Promise((resolve) => child.once("message", resolve));
    child.send({ id, calls });
    const { milliseconds, error } = await Promise.race([answer, ended]);
    if (error !== undefined) throw new Error(`${id}: ${error}`);
    return milliseconds;
  };
  return { name: "node", version: version.replace("v", ""), batchMs: 4, batch, stop };
}

async function startWorkerd() {
  const { build } = await import("esbuild");
  const {
    default: { default: workerd, compatibilityDate, version },
  } = await import("workerd");
  const directory = mkdtempSync(join(tmpdir(), "authlete-token-bench-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  await build({
    entryPoints: [join(here, "worker.mjs")],
    outdir: directory,
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd"],
    // A module of its own, as wrangler has it.
    loader: { ".wasm": "copy" },
    assetNames: "operations",
    logLevel: "warning",
  });
  writeFileSync(join(directory, "config.capnp"), configuration(compatibilityDate));
  const child = spawn(workerd, ["serve", "config.capnp", "--control-fd=3"], { cwd: directory, stdio: ["ignore", "inherit", "inherit", "pipe"] });
  const { stop, ended } = lifetime(child, "workerd");
  const port = await Promise.race([listening(child.stdio[3]), ended]);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const batch = async (id, calls) => {
    const started = performance.now();
    const { status, text } = await Promise.race([exchange(agent, port, `/${id}?calls=${calls}`), ended]);
    if (status !== 200) throw new Error(`${id}: ${text}`);
    return performance.now() - started;
  };
  return { name: "workerd", version, batchMs: 10, batch, stop };
}

/** One worker on a free port of the loopback interface. */
const configuration = (compatibilityDate) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "bench", worker = .bench)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "bench")],
);
const bench :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "operations.wasm", wasm = embed "operations.wasm"),
  ],
  compatibilityDate = "${compatibilityDate}",
);
`;

/** The port, which workerd writes to its control pipe as a line of JSON. */
function listening(pipe) {
  return new Promise((resolve) => {
    let text = "";
    pipe.on("data", (data) => {
      text += data;
      const port = /"port":(\d+)/.exec(text)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });
}

function exchange(agent, port, path) {
  return new Promise((resolve, reject) => {
    const sent = get({ agent, host: "127.0.0.1", port, path }, (response) => {
      let text = "";
      response.on("data", (data) => (text += data));
      response.on("end", () => resolve({ status: response.statusCode, text }));
    });
    sent.on("error", reject);
  });
}

function output(path, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.on("data", (data) => (text += data));
    child.on("error", reject);
    child.on("close", () => resolve(text.trim()));
  });
}

/** `stop()` ends the process, and so does our own end; `ended` rejects when it ends by itself. */
function lifetime(child, name) {
  let stopping = false;
  const kill = () => child.kill();
  process.once("exit", kill);
  const closed = new Promise((resolve) => {
    child.once("exit", resolve);
    child.once("error", resolve);
  });
  const ended = closed.then((reason) => {
    if (!stopping) throw new Refusal(`${name} has ended unexpectedly (${reason?.message ?? reason}).`);
  });
  ended.catch(() => {});
  const stop = async () => {
    stopping = true;
    process.off("exit", kill);
    kill();
    await closed;
  };
  return { stop, ended };
}
