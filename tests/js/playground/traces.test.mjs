// How much the worker keeps of what it records for the playground, and for how long.
import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { build } from "esbuild";
import { root } from "../../../xtask/steps.mjs";

const { outputFiles } = await build({
  entryPoints: [join(root, "worker-example/src/traces.ts")],
  format: "esm",
  write: false,
});
const { Traces } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`
);

/** An entry whose JSON has this many characters. */
function entry(characters) {
  const empty = { type: "event", event: { type: "refused", detail: "" } };
  const detail = "x".repeat(characters - JSON.stringify(empty).length);
  return { type: "event", event: { type: "refused", detail } };
}

test("a trace has its entries in their order, whoever writes them", () => {
  const traces = new Traces();
  const [first, second, third] = [100, 101, 102].map(entry);
  const write = traces.begin("a");
  write(first);
  traces.begin("b")(third);
  traces.begin("a")(second);
  assert.deepEqual(traces.entries("a"), [first, second]);
  assert.deepEqual(traces.entries("b"), [third]);
  assert.equal(traces.entries("c"), undefined);
});

test("a trace without entries is known, too", () => {
  const traces = new Traces();
  traces.begin("a");
  assert.deepEqual(traces.entries("a"), []);
});

test("a trace is forgotten five minutes after it began, whatever was added meanwhile", () => {
  let now = 1_000_000;
  const traces = new Traces(() => now);
  const write = traces.begin("a");
  now += 299_999;
  traces.begin("a")(entry(100));
  assert.equal(traces.entries("a").length, 1);
  now += 1;
  assert.equal(traces.entries("a"), undefined);
  // What comes late does not bring it back.
  write(entry(100));
  assert.equal(traces.entries("a"), undefined);
});

test("of more than 64 traces, the oldest are forgotten", () => {
  const traces = new Traces();
  for (let number = 0; number < 66; number += 1) traces.begin(`trace ${number}`);
  const known = [...Array(66).keys()].filter((number) => traces.entries(`trace ${number}`));
  assert.deepEqual(known, [...Array(66).keys()].slice(2));
});

test("all traces have 256 KB together: the oldest make room for new entries", () => {
  const traces = new Traces();
  for (const id of ["a", "b", "c", "d"]) traces.begin(id)(entry(65_536));
  assert.equal(traces.entries("a").length, 1);
  traces.begin("d")(entry(100));
  assert.equal(traces.entries("a"), undefined);
  assert.deepEqual(
    ["b", "c", "d"].map((id) => traces.entries(id).length),
    [1, 1, 2],
  );
});

test("the oldest trace keeps what it has while it grows, and the others make room for it", () => {
  const traces = new Traces();
  const write = traces.begin("a");
  traces.begin("b")(entry(65_536));
  for (let count = 0; count < 4; count += 1) write(entry(65_536));
  assert.equal(traces.entries("a").length, 4);
  assert.equal(traces.entries("b"), undefined);
  // There is no room for more, even without any other trace.
  write(entry(100));
  assert.equal(traces.entries("a").length, 4);
});
