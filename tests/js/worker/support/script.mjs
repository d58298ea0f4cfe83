// Runs a script of this repository the way npm does, and ends it.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../../../xtask/steps.mjs";

/** What is removed when this process ends, even if its tests have failed. */
const leftovers = new Set();
process.once("exit", () => {
  for (const remove of leftovers) remove();
});

const forgotten = [
  "PORT",
  "INIT_CWD",
  "AUTHLETE_SERVER_URL",
  "AUTHLETE_SERVICE_ID",
  "AUTHLETE_BEARER",
  "AUTHLETE_TIMEOUT_MS",
  "ALLOW_INSECURE_REQUESTS",
];

/** Starts `xtask/NAME.mjs`. `ended` resolves to the exit code, or to the signal that ended it. */
export function script(name, args = [], variables = {}) {
  const env = { ...process.env, ...variables };
  for (const variable of forgotten) if (!(variable in variables)) delete env[variable];
  const child = spawn(process.execPath, [join(root, "xtask", `${name}.mjs`), ...args], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const kill = () => child.kill("SIGKILL");
  leftovers.add(kill);
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"])
    child[stream].setEncoding("utf8").on("data", (text) => (output[stream] += text));
  const ended = new Promise((resolve) => {
    child.once("close", (code, signal) => {
      leftovers.delete(kill);
      resolve(code ?? signal);
    });
  });

  /** Resolves when `stream` has printed `pattern`; rejects if the script ends before. */
  const says = (stream, pattern) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(output[stream]);
        if (match) resolve(match);
      };
      child[stream].on("data", look);
      look();
      ended.then((code) =>
        reject(new Error(`${name} ended with ${code}:\n${output.stdout}${output.stderr}`)),
      );
    });

  const end = (signal = "SIGTERM") => {
    child.kill(signal);
    return ended;
  };
  return { output, ended, says, end };
}

/**
 * Writes `content` (text, or a value as JSON) into a file that is removed when this process ends.
 */
export function temporaryFile(content) {
  const folder = mkdtempSync(join(tmpdir(), "authlete-token-config-"));
  leftovers.add(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "config.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}
