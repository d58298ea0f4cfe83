// The page about hooks and events is right: its code compiles as users would compile it, and it
// leaves out no hook and no event.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { root } from "../../../xtask/steps.mjs";
import { compileStrictly } from "../support/compile.mjs";

const page = readFileSync(join(root, "docs/hooks.md"), "utf8");
const declarations = readFileSync(join(root, "pkg/dist/events.d.ts"), "utf8");
const contract = readFileSync(join(root, "pkg/dist/generated/contract.d.ts"), "utf8");
/** The names in code in the first column of the tables. */
const rows = [...page.matchAll(/^\| (`.*?`(?:, `.*?`)*) \|/gm)].flatMap(([, names]) =>
  names.match(/\w+/g),
);

test("the hooks page's TypeScript compiles strictly", async () => {
  const pieces = [...page.matchAll(/```ts\n(.*?)```/gs)];
  assert.equal(pieces.length, 2);
  for (const [index, [, piece]] of pieces.entries())
    await compileStrictly(`hooks-page-${index}`, piece);
});

test("the hooks page has a row for every hook, every event and every member of the details", () => {
  const hooks = contract.split("export type HookName")[1].split(";")[0].match(/\w+/g);
  const events = [...declarations.matchAll(/readonly type: "(\w+)"/g)].map(([, type]) => type);
  const details = [
    ...declarations
      .split("interface EventDetails")[1]
      .split("\n}")[0]
      .matchAll(/readonly (\w+)\?/g),
  ].map(([, name]) => name);
  assert.ok(hooks.length >= 6 && events.length >= 6 && details.length >= 3);
  for (const name of [...hooks, ...events, ...details]) assert.ok(rows.includes(name), name);
});

test("the hooks page names every reason of a failed hook, and the members of each event", () => {
  const reasons = declarations
    .split("interface HookFailedEvent")[1]
    .match(/readonly reason: (.*);/)[1]
    .match(/\w+/g);
  for (const reason of reasons) assert.ok(page.includes(`"${reason}"`), reason);
  for (const [, name, body] of declarations.matchAll(/interface (\w+Event) \{(.*?)\n\}/gs)) {
    const type = body.match(/type: "(\w+)"/)[1];
    const row = page.match(new RegExp(`^\\| \`${type}\` \\|.*$`, "m"))[0];
    for (const [, member] of body.matchAll(/readonly (\w+)\??:/g)) {
      if (!["type", "requestId"].includes(member))
        assert.ok(row.includes(`\`${member}\``), `${name}.${member}`);
    }
  }
});

test("the hooks page says of each event what its details have", () => {
  const [comment] = declarations.split("interface EventDetails")[1].split("readonly error");
  const events = [...comment.matchAll(/`([a-z]+(?:_[a-z]+)*)`/g)].map(([, name]) => name);
  assert.ok(events.length >= 7, events.join());
  const table = page.split("| member | what it is | with |")[1].split("\n\n")[0];
  for (const name of events) assert.ok(table.includes(`\`${name}\``), name);
});

test("the hooks page has a row for every check of the engine, in the same order and words", () => {
  const [comment] = contract.split("export type EngineCheckName")[0].split("*/").slice(-2);
  const documented = [...comment.matchAll(/^ \* - `(\w+)`: (.*)$/gm)].map(([, ...row]) => row);
  const table = page.split("| `name` |")[1];
  const described = [...table.matchAll(/^\| `(\w+)` \| (.*) \|$/gm)].map(([, ...row]) => row);
  assert.ok(documented.length >= 25);
  assert.deepEqual(described, documented);
});

test("the hooks page has a row for everything that can fail in the engine's platform", () => {
  const engine = readFileSync(join(root, "pkg/dist/engine/events.d.ts"), "utf8");
  const failures = engine.match(/readonly failure: (.*?);/s)[1].match(/\w+/g);
  assert.ok(failures.length >= 10);
  for (const name of failures) assert.ok(rows.includes(name), name);
});
