// The servers that are measured. Each start resolves to its `origin`, its `client`, the path of its
// `codes`, `ended`, which rejects if it ends by itself, and `stop()`.
import { fork } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { newerNode } from "../../../xtask/newer-node.mjs";
import { lifetime, nodeVersion } from "../../hosts/process.mjs";
import { bundled, serve } from "../../hosts/workerd.mjs";
import { client } from "../client.mjs";

const here = (file) => new URL(file, import.meta.url);

/** Starts all servers; `stop()` ends them, and removes their state. */
export async function startServers() {
  const node = newerNode();
  const { directory: state, memory } = stateDirectory();
  const scripts = await bundled(
    ["ours", "floor", "provider"].map((name) => here(`worker-${name}.mjs`)),
  );
  const started = {};
  const stop = async () => {
    await Promise.all(Object.values(started).map((server) => server.stop()));
    rmSync(state, { recursive: true, force: true });
  };
  try {
    started.ours = await worker(scripts, "ours", state);
    started.oursLogged = await worker(scripts, "ours", state, ['(name = "LOG", text = "1")']);
    started.floor = await worker(scripts, "floor", state);
    started.provider = await provider(node, join(scripts, "worker-provider.js"), state);
    for (const name of ["ours", "bare", "oidc"])
      started[`${name}Node`] = await forked(node, "node-host.mjs", [name]);
  } catch (error) {
    await stop();
    throw error;
  }
  const versions = { workerd: started.ours.version, node: await nodeVersion(node) };
  return { servers: started, stop, versions, stateInMemory: memory };
}

/** A directory for what Durable Objects and KV store: in memory, if there is such a place. */
function stateDirectory() {
  const prefix = "authlete-token-bench-state-";
  const made = (parent, memory) => {
    const directory = mkdtempSync(join(parent, prefix));
    process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
    return { directory, memory };
  };
  try {
    accessSync("/dev/shm", constants.W_OK);
    return made("/dev/shm", true);
  } catch {
    return made(tmpdir(), false);
  }
}

async function worker(scripts, name, state, more = []) {
  const modules = [`(name = "worker.js", esModule = embed "worker-${name}.js")`];
  if (name === "ours")
    for (const wasm of ["operations.wasm", "engine.wasm"])
      modules.push(`(name = "${wasm}", wasm = embed "${wasm}")`);
  const bindings = ['(name = "TOKENS", durableObjectNamespace = "Tokens")', ...more];
  const server = await serve(scripts, modules, bindings, {
    state: mkdtempSync(join(state, `${name}-`)),
    log: "ignore",
  });
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
