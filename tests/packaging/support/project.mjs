// Consumer projects: each in a new folder outside of this repository, with only the tarball
// installed.
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { environment, root, run, tail } from "../../../xtask/steps.mjs";
import { npm } from "./pack.mjs";

const sources = fileURLToPath(new URL("../consumer/", import.meta.url));

/**
 * Makes a project that has these files of `consumer/`, installs the tarball with npm, and runs
 * `body` with the project: `folder`, `tool` (runs an executable in it). The folder is removed
 * afterwards.
 */
export async function withProject({ tarball }, files, body) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "authlete-token-consumer-")));
  try {
    writeFileSync(join(folder, "package.json"), '{"private":true,"type":"module"}\n');
    for (const file of files) copyFileSync(join(sources, file), join(folder, file));
    await npm(
      [
        "install",
        "--offline",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
        tarball,
      ],
      folder,
    );
    return await body({
      folder,
      tool: (executable, args, env) => tool(folder, executable, args, env),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** The output of a program that must succeed; a failure shows all that it wrote. */
async function tool(cwd, executable, args, env = {}) {
  const { code, output } = await run(executable, args, {
    cwd,
    env: { ...environment, NO_COLOR: "1", ...env },
  });
  assert.equal(
    code,
    0,
    `${[executable, ...args].join(" ")} ended with ${code}:\n${readable(output)}`,
  );
  return output;
}

/** Shortens the error of a program in one file, which quotes the whole file. */
const readable = (output) =>
  tail(
    output.replace(/.{400,}/g, (line) => `${line.slice(0, 200)} …`),
    60,
  );

/** The JSON that a program wrote, which must be all that it wrote: a warning is a failure. */
export function reportOf(output) {
  try {
    return JSON.parse(output);
  } catch {
    assert.fail(`The program should write one report and nothing else:\n${readable(output)}`);
  }
}

/** The path of a tool that npm installed here. */
export const installed = (path) => join(root, "node_modules", path);
