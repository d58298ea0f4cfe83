// The servers that are measured. Each start resolves to its `origin`, its `client`, the path of its
// `codes`, `ended`, which rejects if it ends by itself, and `stop()`.
import { fork } from "node:child_process";
import { accessSync, closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { newerNode } from "../../../xtask/newer-node.mjs";
import { atExit, lifetime, nodeVersion } from "../../hosts/process.mjs";
import { bundled, serve } from "../../hosts/workerd.mjs";
import { client } from "../client.mjs";

const here = (file) => new URL(file, import.meta.url);

/** Starts all servers; `stop()` ends them, and removes their state. */
export async function startServers() {
  const node = newerNode();
  const state = stateDirectory();
  const scripts = await bundled(
    ["ours", "plain", "floor", "provider"].map((name) => here(`worker-${name}.mjs`)),
  );
  const started = {};
  const stop = async () => {
    await Promise.all(Object.values(started).map((server) => server.stop()));
    state.remove();
  };
  try {
    started.ours = await worker(scripts, "ours", state.path);
    started.oursLogged = await worker(scripts, "ours", state.path, ['(name = "LOG", text = "1")']);
    started.plain = await worker(scripts, "plain", state.path);
    started.floor = await worker(scripts, "floor", state.path);
    started.provider = await provider(node, join(scripts, "worker-provider.js"), state.path);
    for (const name of ["ours", "bare", "alone", "oidc"])
      started[`${name}Node`] = await forked(node, "node-host.mjs", [name]);
  } catch (error) {
    await stop();
    throw error;
  }
  const versions = { workerd: started.ours.version, node: await nodeVersion(node) };
  return { servers: started, stop, versions, stateInMemory: state.memory };
}

/** A directory for what Durable Objects and KV store: in memory, if there is such a place. */
export function stateDirectory() {
  const memory = isWritable("/dev/shm");
  const path = mkdtempSync(join(memory ? "/dev/shm" : tmpdir(), "authlete-token-bench-state-"));
  const clear = () => rmSync(path, { recursive: true, force: true });
  const forget = atExit(clear);
  const remove = () => {
    forget();
    clear();
  };
  return { path, memory, remove };
}

function isWritable(path) {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function worker(scripts, name, state, more = []) {
  const modules = [`(name = "worker.js", esModule = embed "worker-${name}.js")`];
  if (name === "ours")
    for (const wasm of ["operations.wasm", "engine.wasm"])
      modules.push(`(name = "${wasm}", wasm = embed "${wasm}")`);
  const bindings = ['(name = "TOKENS", durableObjectNamespace = "Tokens")', ...more];
  const own = mkdtempSync(join(state, `${name}-`));
  const log = openSync(join(own, "log"), "a");
  const server = await serve(scripts, modules, bindings, { state: own, log });
  closeSync(log);
  return { ...server, origin: `http://127.0.0.1:${server.port}`, client, codes: "/codes?" };
}

async function provider(node, script, state) {
  const directory = mkdtempSync(join(state, "provider-"));
  const server = await forked(node, "miniflare-host.mjs", [script, directory]);
  const answer = await fetch(`${server.origin}/client`);
  if (!answer.ok) throw new Error(`the client could not be registered: ${await answer.text()}`);
  const registered = await answer.json();
  return { ...server, client: registered, codes: `/codes?client=${registered.id}&` };
}

/** A server in a Node.js process of its own, which sends its port. */
async function forked(node, file, args) {
  const child = fork(fileURLToPath(here(file)), args, {
    execPath: node,
    env: { ...process.env, NODE_ENV: "production" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const { stop, ended } = lifetime(child, file);
  const answer = new Promise((resolve) => child.once("message", resolve));
  const { port } = await Promise.race([answer, ended]);
  return { origin: `http://127.0.0.1:${port}`, client, pid: child.pid, ended, stop };
}
