// The likely name for an unknown option: tested with the vectors that also test the same rule in
// Rust, for the engine's configuration.
import { equal } from "node:assert/strict";
import { test } from "node:test";
import { fixtures } from "../support/fixtures.mjs";
import { internals } from "../support/internals.mjs";

const { likelyName } = await internals("options");

test("the likely name for an unknown option is the one in the vectors", () => {
  const { known, vectors } = fixtures.find(({ name }) => name === "vectors.likelyName").json;
  for (const { name, meant } of vectors) equal(likelyName(name, known), meant ?? undefined, name);
});
