// One set-up at a time: `npm start` and `npm test` in two terminals must not install or build into
// each other.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "./steps.mjs";

const directory = join(root, ".cache");
const file = join(directory, "setup.lock");

/** Runs `body` while holding the lock; the lock of a process that has ended is ignored. */
export async function alone(body) {
  mkdirSync(directory, { recursive: true });
  for (let told = false; !take(); told = true) {
    if (!told)
      process.stderr.write("Another set-up is running in this directory; waiting for it …\n");
    await sleep(300);
  }
  process.once("exit", release);
  try {
    return await body();
  } finally {
    release();
    process.off("exit", release);
  }
}

function take() {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (!ownerIsAlive()) rmSync(file, { force: true });
    return false;
  }
}

function ownerIsAlive() {
  try {
    process.kill(Number(readFileSync(file, "utf8")), 0);
    return true;
  } catch (error) {
    // EPERM: the process is alive, under another user. ENOENT: the lock has just been released.
    return error.code === "EPERM" || error.code === "ENOENT";
  }
}

function release() {
  rmSync(file, { force: true });
}
