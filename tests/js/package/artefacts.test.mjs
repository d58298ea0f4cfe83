// The two WebAssembly artefacts: each holds its own half of the product, and nothing of the machine that built it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { root } from "../../../xtask/steps.mjs";

const artefacts = Object.fromEntries(["operations", "engine"].map((name) => [name, readFileSync(join(root, `pkg/wasm/${name}.wasm`))]));
/** Texts that only one half has, each out of a different part of it. */
const marks = {
  operations: ["authenticateUser", "maxResponseBytes", "tokenRequest", "temporarily_unavailable"],
  engine: ["engine_open", "idTokenReissuable", "redirect_uris", "A050305"],
};
for (const [name, bytes] of Object.entries(artefacts)) {
  const other = name === "operations" ? "engine" : "operations";

  test(`${name}.wasm holds its own half and nothing of the ${other}`, () => {
    for (const mark of marks[name]) assert.ok(bytes.includes(mark), `${mark} should be in ${name}.wasm`);
    for (const mark of marks[other]) assert.ok(!bytes.includes(mark), `${mark} should not be in ${name}.wasm`);
  });

  test(`${name}.wasm names no folder of the machine that built it`, () => {
    for (const folder of [root, homedir(), "/.cargo/", "/rustlib/"]) assert.ok(!bytes.includes(folder), folder);
  });

  test(`${name}.wasm is a module that imports from nowhere but its own glue`, async () => {
    const module = await WebAssembly.compile(bytes);
    assert.deepEqual([...new Set(WebAssembly.Module.imports(module).map((entry) => entry.module))], [`./${name}_bg.js`]);
  });
}
