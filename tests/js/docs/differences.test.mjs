// The page about the engine and Authlete: every row is complete, and names tests that exist.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { root } from "../../../xtask/steps.mjs";
import { problemsOfTests } from "./named-tests.mjs";

const page = readFileSync(join(root, "docs/engine-differences.md"), "utf8");
const columns = ["subject", "Authlete", "the engine", "reason", "test"];

/** What is wrong with a page, one line each. */
function* problems(text) {
  const rows = text.split("\n").filter((line) => /^\| (?!---)/.test(line));
  if (rows.length === 0) yield "there is no row";
  for (const row of rows) {
    const cells = row.replace(/^\| | \|$/g, "").split(" | ");
    if (cells.join() === columns.join()) continue;
    if (cells.length !== columns.length || cells.includes("")) yield `not five cells: ${cells[0]}`;
    else for (const problem of problemsOfTests(cells[4])) yield `${cells[0]}: ${problem}`;
  }
  for (const [, path, name] of text.matchAll(/\(`(tests\/[\w./-]+)` (\w+)\)/g))
    yield* problemsOfTests(`\`${path}\` ${name}`);
}

test("every difference from Authlete has its reason and a test that exists", () => {
  assert.deepEqual([...problems(page)], []);
});

test("a difference without a reason or with a test that is not there is noticed", () => {
  const good = page.split("\n").find((line) => line.startsWith("| `pkceS256Required`"));
  assert.deepEqual([...problems(good)], []);
  for (const lie of [
    "",
    good.replace(/ \| `tests.*$/, " |"),
    good.replace("authorization_code.rs", "nowhere.rs"),
    good.replace(/ \|$/, "s |"),
    "(`tests/native/engine/configuration.rs` no_such_test)",
  ])
    assert.notDeepEqual([...problems(lie)], [], lie);
});
