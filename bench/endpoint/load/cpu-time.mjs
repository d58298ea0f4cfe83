// The processor time of another process, which does not depend on what else the machine does.
import { readFileSync } from "node:fs";

/** Linux counts in hundredths of a second for every program, whatever the kernel does itself. */
const tickMs = 10;

/**
 * The milliseconds that a process and its child processes have used so far; undefined where there
 * is no `/proc`.
 */
export function cpuTime(pid) {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ");
    const ids = [String(pid), ...children.filter((id) => id.trim() !== "")];
    return ids.reduce((sum, id) => sum + ticks(id) * tickMs, 0);
  } catch {
    return undefined;
  }
}

function ticks(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name of the program, in parentheses, may have spaces.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [user, system] = fields.slice(11, 13).map(Number);
  return user + system;
}
