// The API reference that `npm run docs` writes: complete, and without warnings.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { writeReference } from "../../docs/reference.mjs";
import { publicApi } from "./support/public-api.mjs";

const folder = mkdtempSync(join(tmpdir(), "authlete-token-reference-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("the API reference has a page for every export, and nothing in it lacks documentation", async () => {
  assert.deepEqual(await writeReference(folder), []);
  const pages = readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith(".html"))
    .map((file) => basename(file, ".html"));
  const { entries } = publicApi();
  assert.ok(entries.length > 1, "the package has more than one entry point");
  for (const { name, exports } of entries) {
    assert.ok(pages.includes(name.replaceAll("/", "_")), `a page for ${name}`);
    // An export of two entry points has its page under one of them.
    const missing = exports.filter(
      (exported) => !pages.some((page) => page.endsWith(`.${exported.name}`)),
    );
    assert.deepEqual(
      missing.map((exported) => exported.name),
      [],
    );
  }
});
