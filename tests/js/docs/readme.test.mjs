// The README is right: its code compiles as users would compile it and runs, its links lead to
// files, and npm's page shows the same.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import { root } from "../../../xtask/steps.mjs";
import { compileStrictly } from "../support/compile.mjs";
import { packageReadme } from "./package-readme.mjs";

const read = (path) => readFileSync(join(root, path), "utf8");
const readme = read("README.md");
const [worker, ...pieces] = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);

test("the README's worker is the recipe for Cloudflare Workers, which the recipe's own test runs", () => {
  assert.equal(worker, read("docs/recipes/cloudflare-workers.ts"));
});

test("the README's other piece of TypeScript compiles strictly, and issues a token when it runs", async () => {
  assert.equal(pieces.length, 1);
  const file = await compileStrictly("readme", pieces[0]);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [file]);
  assert.equal(stderr, "");
  assert.equal(JSON.parse(stdout).token_type, "Bearer");
});

test("the README's table of errors has every code, and no other", () => {
  const union = read("pkg/dist/generated/contract.d.ts")
    .split("export type AuthleteErrorCode")[1]
    .split(";")[0];
  const codes = (text) => text.match(/ERR_AUTHLETE_[A-Z_]+/g);
  const table = readme.match(/^\| `ERR_AUTHLETE_[A-Z_]+` \|/gm).join();
  assert.deepEqual(codes(table), codes(union));
});

test("links between the pages for users lead to files", () => {
  for (const page of ["README.md", "docs/recipes/README.md", "CHANGELOG.md", "SECURITY.md"]) {
    for (const [, target] of read(page).matchAll(
      /(?:\]\(| src="| srcset=")(?!https?:|#)([^)#"]+)/g,
    )) {
      assert.ok(existsSync(join(root, dirname(page), target)), `${page}: ${target}`);
    }
  }
});

test("the page of the recipes lists each of them", () => {
  const page = read("docs/recipes/README.md");
  for (const file of readdirSync(join(root, "docs/recipes")))
    assert.ok(file === "README.md" || page.includes(`[\`${file}\`](${file})`), file);
});

test("npm's page shows the README", () => {
  assert.equal(
    read("pkg/README.md"),
    packageReadme(),
    "pkg/README.md is out of date: run `node tests/js/docs/package-readme.mjs`",
  );
});
