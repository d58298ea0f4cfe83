// `npm run playground:static`, as its users call it.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { script } from "../worker/support/script.mjs";

const folder = mkdtempSync(join(tmpdir(), "authlete-token-static-"));
after(() => rmSync(folder, { recursive: true }));

/** Runs it in `folder`. */
async function write(...args) {
  const run = script("playground-static", args, { INIT_CWD: folder });
  const code = await run.ended;
  return { code, ...run.output };
}

test("The files need nothing but each other, and no worker", async () => {
  const { code, stdout, stderr } = await write("site");
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^The playground is in site:/);
  const site = join(folder, "site");
  const files = readdirSync(site);
  const page = readFileSync(join(site, "index.html"), "utf8");
  assert.match(page, /<html[^>]* data-mode="tab"/);
  // No header may be possible there.
  assert.match(page, /<meta http-equiv="content-security-policy" content="default-src 'none'; /);
  for (const [, file] of page.matchAll(/(?:href|src)="([^"]+)"/g))
    assert.ok(file === "data:," || files.includes(file), file);
  for (const file of ["tab.js", "engine.wasm", "operations.wasm"]) assert.ok(files.includes(file));
  assert.ok(
    !files.some((file) => file.startsWith("callback")),
    "there is no worker to come back to",
  );
});

test("What it has written, it writes again; a folder with other files it leaves alone", async () => {
  writeFileSync(join(folder, "site/old.js"), "");
  assert.equal((await write("site")).code, 0);
  assert.ok(!readdirSync(join(folder, "site")).includes("old.js"));
  const { code, stderr } = await write(".");
  assert.equal(code, 1);
  assert.equal(stderr.trim(), `The folder ${folder} has other files: name a new or an empty one.`);
  assert.deepEqual(readdirSync(folder), ["site"]);
});

test("Anything but one folder is refused", async () => {
  for (const args of [["a", "b"], ["--out", "a"], ["--help"]]) {
    const { code, stderr } = await write(...args);
    assert.equal(code, 1);
    assert.equal(stderr, "The only argument is the folder to write.\n");
  }
});
