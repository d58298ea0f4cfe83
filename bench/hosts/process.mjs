// Child processes that end with us.
import { spawn } from "node:child_process";
import { realpathSync } from "node:fs";
import { Refusal } from "../../xtask/steps.mjs";

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
    const kill = () => child.kill();
    process.once("exit", kill);
    let text = "";
    child.stdout.on("data", (data) => (text += data));
    child.on("error", reject);
    child.on("close", (code) => {
      process.off("exit", kill);
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
  const kill = () => child.kill();
  process.once("exit", kill);
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
    process.off("exit", kill);
    kill();
    await closed;
  };
  return { stop, ended };
}
