// Compiles TypeScript of the documentation as a strict user would.
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "../../../xtask/steps.mjs";

const compilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  target: "ES2022",
  module: "NodeNext",
  lib: ["ES2022", "DOM"],
  types: [],
};

/**
 * Compiles `source` in a directory of its own, called `name`, and gives the path of the JavaScript
 * file.
 */
export async function compileStrictly(name, source) {
  const folder = join(root, ".cache", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "piece.ts"), source);
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions, files: ["piece.ts"] }),
  );
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const { code, output } = await run(process.execPath, [compiler, "-p", folder]);
  assert.equal(code, 0, output);
  return join(folder, "piece.js");
}
