// Child processes that end with us.
import { spawn } from "node:child_process";
import { realpathSync } from "node:fs";
import { Refusal } from "../../xtask/steps.mjs";

const cleanups = new Set();
process.once("exit", () => {
  for (const cleanup of cleanups) cleanup();
});

/** Calls `cleanup` when this process ends, unless the returned function is called before. */
export function atExit(cleanup) {
  cleanups.add(cleanup);
  return () => cleanups.delete(cleanup);
}

/**
 * The Node.js executables to measure on: this one, and the one that runs npm if that is another.
 */
export function nodes() {
  return [
    ...new Set(
      [process.execPath, process.env.npm_node_execpath ?? process.execPath].map((path) =>
        realpathSync(path),
      ),
    ),
  ];
}

/** What a command prints; rejects if the command fails. */
export function output(path, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { stdio: ["ignore", "pipe", "inherit"] });
    const ended = atExit(() => child.kill());
    let text = "";
    child.stdout.on("data", (data) => (text += data));
    child.on("error", reject);
    child.on("close", (code) => {
      ended();
      if (code === 0) resolve(text.trim());
      else reject(new Refusal(`${path} ${args.join(" ")} has ended with ${code}.`));
    });
  });
}

/** The version of a Node.js executable. */
export async function nodeVersion(path) {
  return (await output(path, ["--version"])).replace("v", "");
}

/** `stop()` or our own end ends the process; `ended` rejects if the process ends by itself. */
export function lifetime(child, name) {
  let stopping = false;
  const forget = atExit(() => child.kill());
  const closed = new Promise((resolve) => {
    child.once("exit", resolve);
    child.once("error", resolve);
  });
  const ended = closed.then((reason) => {
    if (!stopping)
      throw new Refusal(`${name} has ended unexpectedly (${reason?.message ?? reason}).`);
  });
  ended.catch(() => {});
  const stop = async () => {
    stopping = true;
    forget();
    child.kill();
    await closed;
  };
  return { stop, ended };
}
