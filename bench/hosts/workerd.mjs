// workerd: bundles of workers, and a server that runs one.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import workerd from "workerd";
import { atExit, lifetime } from "./process.mjs";

const { default: executable, compatibilityDate, version } = workerd;

export { compatibilityDate };

/**
 * Bundles worker modules as wrangler does, into a directory that is removed when we end: one script
 * each, and the package's WebAssembly as modules of their own.
 */
export async function bundled(entries) {
  const directory = mkdtempSync(join(tmpdir(), "authlete-token-bench-"));
  atExit(() => rmSync(directory, { recursive: true, force: true }));
  await build({
    entryPoints: entries.map((entry) => fileURLToPath(entry)),
    outdir: directory,
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["workerd"],
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
    external: ["cloudflare:*"],
    logLevel: "warning",
  });
  return directory;
}

/**
 * Serves one worker, its modules in workerd's notation, on a free loopback port; `get(path)` sends
 * it a request. With `state`, a directory, it has a class of Durable Objects, `Tokens`. With
 * `inspected`, V8's inspector listens on `inspector`, a port. Its log goes to `log`.
 */
export async function serve(
  directory,
  modules,
  bindings = [],
  { state, inspected = false, log = "inherit" } = {},
) {
  configurations += 1;
  const file = `${configurations}.capnp`;
  writeFileSync(join(directory, file), configuration(modules, bindings, state));
  // Some bindings are experimental.
  const args = [
    "serve",
    file,
    "--control-fd=3",
    ...(bindings.length > 0 ? ["--experimental"] : []),
    ...(inspected ? ["--inspector-addr=127.0.0.1:0"] : []),
  ];
  const child = spawn(executable, args, {
    cwd: directory,
    stdio: ["ignore", log, "inherit", "pipe"],
  });
  const { stop, ended } = lifetime(child, "workerd");
  const { listen: port, "listen-inspector": inspector } = await Promise.race([
    listening(child.stdio[3], inspected ? ["listen", "listen-inspector"] : ["listen"]),
    ended,
  ]);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const get = (path) => Promise.race([exchange(agent, port, path), ended]);
  return { get, pid: child.pid, port, inspector, stop, ended, version };
}

let configurations = 0;

const configuration = (
  modules,
  bindings,
  state,
) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "bench", worker = .bench),
    ${state === undefined ? "" : `(name = "state", disk = (path = ${JSON.stringify(state)}, writable = true)),`}
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "bench")],
);
const bench :Workerd.Worker = (
  modules = [${modules.join(", ")}],
  bindings = [${bindings.join(", ")}],
  compatibilityDate = "${compatibilityDate}",
  ${state === undefined ? "" : objects}
);
`;

const objects = `durableObjectNamespaces = [(className = "Tokens", uniqueKey = "tokens", enableSql = true)],
  durableObjectStorage = (localDisk = "state"),`;

/**
 * The ports by these events, each of which workerd writes to its control pipe as a line of JSON.
 */
function listening(pipe, events) {
  return new Promise((resolve) => {
    const ports = {};
    createInterface(pipe).on("line", (line) => {
      const { event, port } = JSON.parse(line);
      ports[event] = port;
      if (events.every((name) => name in ports)) resolve(ports);
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
