// Which name an unknown option was likely meant to be: the vectors that prove the same rule in
// Rust, for the engine's configuration.
import { equal } from "node:assert/strict";
import { test } from "node:test";
import { likelyName } from "../../../pkg/dist/options.js";
import { fixtures } from "../support/fixtures.mjs";

test("the option that was likely meant is the one that the vectors say", () => {
  const { known, vectors } = fixtures.find(({ name }) => name === "vectors.likelyName").json;
  for (const { name, meant } of vectors) equal(likelyName(name, known), meant ?? undefined, name);
});
