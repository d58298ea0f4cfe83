// What the set-up scripts share: timed steps, child processes that end with us, and failures
// reported in one sentence.
import { spawn } from "node:child_process";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root directory, without a trailing slash. */
export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

/**
 * A foreseeable failure. Its message is the one sentence that the user reads; no stack is printed.
 */
export class Refusal extends Error {}

/** Something that this machine does not have, and that not everything needs. */
export class Missing extends Refusal {}

/** rustup's default folder is not on the PATH of every shell that starts npm. */
export const environment = {
  ...process.env,
  PATH: [process.env.PATH, join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "bin")]
    .filter(Boolean)
    .join(delimiter),
};

const children = new Set();

/**
 * Calls `stop` when this process has to end: on a signal, and when the shell with which npm started
 * us has ended, since npm passes its signals on to that shell only. Returns a function that ends
 * the watch.
 */
function onStop(stop) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.env.npm_lifecycle_event !== undefined && process.ppid !== parent) stop("SIGTERM");
  }, 500).unref();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, stop);
  return () => {
    clearInterval(watch);
    for (const signal of signals) process.off(signal, stop);
  };
}

/**
 * Runs a script's body; ends the process with 1 if it fails. A signal also ends running child
 * processes; a body that has started a server passes a function to stop that server instead, to the
 * function that it is given.
 */
export async function main(body) {
  let release = onStop((signal) => {
    for (const child of children) child.kill(signal);
    process.exit(signal === "SIGINT" ? 130 : 143);
  });
  const stopBy = (stop) => {
    // Add the new listener first: a signal that arrives without a listener is lost.
    const next = onStop(stop);
    release();
    release = next;
  };
  try {
    await body(stopBy);
  } catch (error) {
    console.error(error instanceof Refusal ? error.message : error);
    // What another step still runs must not outlive us.
    for (const child of children) child.kill("SIGTERM");
    process.exit(1);
  }
}

/** Runs a long piece of work; writes to stderr what it is and how long it took. */
export async function step(title, body) {
  const started = performance.now();
  process.stderr.write(`${title} …\n`);
  const result = await body();
  process.stderr.write(
    `${title}: done in ${((performance.now() - started) / 1000).toFixed(1)} s\n`,
  );
  return result;
}

/**
 * Runs a command in the repository's root and collects its output. `code` is null when the command
 * does not exist.
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      ...options,
    });
    children.add(child);
    let output = "";
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => (output += data));
    child.on("error", (error) => {
      children.delete(child);
      resolve({ code: null, output: error.message });
    });
    child.on("close", (code) => {
      children.delete(child);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** The end of a failed command's output: enough to see the cause, short enough to read. */
export function tail(output, lines = 40) {
  return output.trimEnd().split("\n").slice(-lines).join("\n");
}

/**
 * Whether the output of a failed command says that the network was the cause, not the request.
 */
export function looksOffline(output) {
  return /ENOTFOUND|Failed to establish a new connection|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|could not resolve host|failed to lookup address|could not download|error sending request|download of config\.json failed/i.test(
    output,
  );
}
