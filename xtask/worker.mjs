// Starts and stops the worker example on workerd, and says when it answers.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { newerNode } from "./newer-node.mjs";
import { Refusal, root } from "./steps.mjs";

/**
 * Switches off what wrangler does with the network, the home directory and the state on its own.
 */
const quiet = {
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_WRITE_LOGS: "false",
  WRANGLER_HIDE_BANNER: "true",
  // A page that reads and writes the engine's state, and a record of all requests on disk.
  X_LOCAL_EXPLORER: "false",
  X_LOCAL_OBSERVABILITY: "false",
  WRANGLER_REGISTRY_PATH: `${root}/worker-example/.wrangler/registry`,
};

/**
 * Runs the worker on `port` with `variables` (name → string or JSON value) and returns at once.
 * `answers()` resolves when all `probes` ("METHOD /path") are answered below 500; `stopped` settles
 * when the worker has ended; `stop()` ends it; `host` is the process that leads its group. `state`
 * is the folder for the Durable Objects' storage, `output` is where the log goes, and `config` is
 * another wrangler configuration file.
 */
export function startWorker(
  port,
  variables,
  probes,
  // Not one for all ports: no other process may write to the files of an engine.
  { state = `${root}/worker-example/.wrangler/state-${port}`, output = "inherit", config } = {},
) {
  const host = spawn(newerNode(), [fileURLToPath(new URL("workerd-host.mjs", import.meta.url))], {
    cwd: root,
    // Without the secrets in this process's environment: they reach the worker as bindings only.
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      TMPDIR: process.env.TMPDIR,
      NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS,
      ...quiet,
    },
    stdio: ["ignore", output, output, "ipc"],
    // A process group of its own: Ctrl-C reaches only us, and ending the group also ends workerd.
    detached: true,
  });
  const endGroup = () => {
    try {
      process.kill(-host.pid, "SIGKILL");
    } catch {
      // The group has ended already.
    }
  };
  // Whichever way the host ends, its workerd must end too.
  const stopped = new Promise((resolve) => host.once("exit", resolve).on("error", resolve)).then(
    endGroup,
  );
  const stop = async () => {
    if (host.connected) host.disconnect();
    await Promise.race([stopped, sleep(5000)]);
    endGroup();
  };
  const answers = async () => {
    await started(host, stopped, { port, state, bindings: bindings(variables), config });
    for (const probe of probes) await answering(port, probe);
  };
  return { stop, stopped, answers, host };
}

/** Resolves when wrangler says that the worker is up. */
function started(host, stopped, settings) {
  return Promise.race([
    new Promise((resolve, reject) => {
      host.once("message", ({ error }) =>
        error === undefined ? resolve() : reject(new Refusal(`The worker did not start: ${error}`)),
      );
      host.send(settings);
    }),
    stopped.then(() => Promise.reject(new Refusal("The worker ended while it started."))),
    sleep(60_000, undefined, { ref: false }).then(() =>
      Promise.reject(new Refusal("The worker did not start within 60 seconds.")),
    ),
  ]);
}

/** wrangler's form of the variables. */
function bindings(variables) {
  const entries = Object.entries(variables).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      { type: typeof value === "string" ? "plain_text" : "json", value },
    ]),
  );
}

async function answering(port, probe) {
  const [method, path] = probe.split(" ");
  const url = `http://localhost:${port}${path}`;
  let trouble = "";
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(250)) {
    try {
      const response = await fetch(url, { method, signal: AbortSignal.timeout(5000) });
      await response.body?.cancel();
      if (response.status < 500) return;
      trouble = `status ${response.status}`;
    } catch (error) {
      trouble = error.cause?.code ?? error.name;
    }
  }
  throw new Refusal(`The worker started but ${url} does not answer (${trouble}).`);
}
