// What `npm test` says of a machine whose Python can't be used. What is called Python here are
// scripts of a shell.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { root } from "../../../xtask/steps.mjs";

const asks = (cache) => `
import { pythonWithPackages } from ${JSON.stringify(pathToFileURL(join(root, "xtask/python.mjs")))};
import { Missing } from ${JSON.stringify(pathToFileURL(join(root, "xtask/steps.mjs")))};
const error = await pythonWithPackages(${JSON.stringify(cache)}).catch((error) => error);
console.log(error instanceof Missing ? error.message : \`not Missing: \${error}\`);`;

/** What is missing where `python3` is this script, or not there. */
async function missing(t, script) {
  const folder = mkdtempSync(join(tmpdir(), "python-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const bin = join(folder, "bin");
  mkdirSync(bin);
  if (script !== undefined) {
    writeFileSync(join(bin, "python3"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, "python3"), 0o755);
  }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", asks(join(folder, "cache"))],
    { env: { PATH: bin, CARGO_HOME: folder } },
  );
  return stdout.trim();
}

test("a machine without Python, or with one that is too old, is told which one is needed", async (t) => {
  assert.equal(
    await missing(t, undefined),
    "Python 3.9 or later is needed as python3, and there is none.",
  );
  for (const version of ["3 8 20", "2 7 18"])
    assert.equal(
      await missing(t, `echo ${version} plan9`),
      `Python 3.9 or later is needed as python3, and this is Python ${version.replaceAll(" ", ".")}.`,
    );
});

test("a Python without pip and venv is told what to install", async (t) => {
  const bare = 'case "$1" in -c) echo 3 11 2 plan9 ;; *) exit 1 ;; esac';
  assert.match(await missing(t, bare), /neither pip nor venv.*apt-get install python3-pip/);
});

test("an index that can't be reached and packages without a build are told apart from wrong packages", async (t) => {
  const pip = (says) =>
    `case "$*" in -c*) echo 3 11 2 plan9 ;; *install*) echo ${JSON.stringify(says)}; exit 1 ;; esac`;
  assert.match(
    await missing(t, pip("Failed to establish a new connection: [Errno 111]")),
    /could not reach its package index/,
  );
  assert.match(
    await missing(t, pip("ERROR: No matching distribution found for cffi==2.0.0")),
    /^The tests' packages have no builds for this Python/,
  );
  assert.match(
    await missing(t, pip("THESE PACKAGES DO NOT MATCH THE HASHES")),
    /^not Missing: .*could not install/,
  );
});
