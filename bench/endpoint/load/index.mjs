// Starts the load generator.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { newerNode } from "../../../xtask/newer-node.mjs";
import { lifetime } from "../../hosts/process.mjs";

/** `run(slice)` resolves to what the load generator has measured in a slice. */
export function startLoad() {
  const child = fork(fileURLToPath(new URL("process.mjs", import.meta.url)), {
    execPath: newerNode(),
    serialization: "advanced",
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const { stop, ended } = lifetime(child, "The load generator");
  const run = async (slice) => {
    const answer = new Promise((resolve) => child.once("message", resolve));
    child.send(slice);
    const found = await Promise.race([answer, ended]);
    if (found.error !== undefined) throw new Error(`${slice.id}: ${found.error}`);
    return found;
  };
  return { run, stop };
}
