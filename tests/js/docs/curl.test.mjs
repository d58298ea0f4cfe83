// The README's command gets a token of the demo that `npm start` serves.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import { root } from "../../../xtask/steps.mjs";
import { demo, runWorker } from "../worker/support/workerd.mjs";

test("the README's curl command gets a token", async (t) => {
  const [, line] = /^curl (.+)$/m.exec(readFileSync(join(root, "README.md"), "utf8"));
  const worker = await runWorker(demo);
  t.after(() => worker.dispose());
  const args = line.replace("http://localhost:8787", worker.origin).split(" ");
  const { stdout } = await promisify(execFile)("curl", ["--silent", "--show-error", ...args]);
  assert.equal(JSON.parse(stdout).token_type, "Bearer");
});
