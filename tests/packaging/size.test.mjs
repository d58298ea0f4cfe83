// The size of the package, compared with the committed budget: brotli bytes for each row of
// `npm run size`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { measure } from "../../xtask/sizes.mjs";

const budget = JSON.parse(readFileSync(new URL("size-budget.json", import.meta.url), "utf8"));
const report = await measure();

test("every row of the budget is measured", () => {
  const unknown = Object.keys(budget).filter((name) => !report.some((row) => row.name === name));
  assert.deepEqual(unknown, []);
});

for (const { name, brotli } of report) {
  const limit = budget[name];
  if (limit === undefined) continue;
  test(`${name} is within its budget`, () => {
    assert.ok(
      brotli <= limit,
      `${name}: ${brotli} bytes, ${brotli - limit} more than its budget of ${limit}`,
    );
  });
}
