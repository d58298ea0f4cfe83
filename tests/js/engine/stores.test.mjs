// The stores that need no SQLite: the package's own in memory, and the one in the documentation,
// which users copy.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import * as pkg from "authlete-token";
import * as enginePkg from "authlete-token/engine";
import { root } from "../../../xtask/steps.mjs";
import { compileStrictly } from "../support/compile.mjs";
import { internals } from "../support/internals.mjs";
import { allEngineBehaviours } from "./engine-suite.mjs";
import { exampleOf } from "./examples.mjs";
import * as stores from "./stores.behaviours.mjs";

const { MemoryStore } = await internals("engine/memory-store");
let MapStore;

function each(behaviours) {
  for (const [sentence, prove] of Object.entries(behaviours)) test(sentence, prove);
}

/**
 * The rules in the documentation of a store's interface, without the notation of one language.
 */
function rules(source, declaration) {
  const [documentation] = source
    .slice(0, source.indexOf(declaration))
    .split(/\n\n(?=\/\*\*|\/\/\/)/)
    .slice(-1);
  const text = documentation.replaceAll(/^ ?(\*|\/\/\/) ?/gm, "");
  return text.match(/^- .*(?:\n {2}.*)*/gm).map((rule) => rule.replaceAll(/\s+/g, " "));
}

test("the rules for stores have the same words in Rust and in JavaScript", () => {
  const name = readdirSync(join(root, "src/engine"), { recursive: true }).find((file) =>
    /(^|[/])store\.rs$/.test(file),
  );
  const rust = rules(readFileSync(join(root, "src/engine", name), "utf8"), "pub trait Store ");
  const script = rules(
    readFileSync(join(root, "js/engine/store.ts"), "utf8"),
    "export interface EngineStore ",
  );
  assert.equal(rust.length, 4);
  // How a failure is reported differs between the languages.
  assert.deepEqual(rust.slice(0, -1), script.slice(0, -1));
});

describe("the store in memory", () => each(stores.behaviours({ make: () => new MemoryStore() })));

describe("the store in the documentation", () => {
  before(async () => {
    const given = `import { createEngine, type EngineStore, type StoredRecord, type StoreWrite } from "authlete-token/engine";
const config = { service: { serviceId: "1", bearer: "dev", issuer: "http://localhost:8787" }, clients: [] };\n`;
    const example = `${given}${exampleOf("store.d.ts", "EngineStore")}\nexport { engine, MapStore };\n`;
    const file = await compileStrictly("own-store", example);
    ({ MapStore } = await import(pathToFileURL(file)));
  });

  each(stores.behaviours({ make: () => new MapStore() }));

  // The same name always gives the same records.
  const kept = new Map();
  const storage = (name) => {
    if (!kept.has(name)) kept.set(name, new MapStore());
    return { storage: kept.get(name) };
  };
  describe("under an engine", () => each(allEngineBehaviours({ pkg, enginePkg, storage })));
});
