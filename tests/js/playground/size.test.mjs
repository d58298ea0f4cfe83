// What the playground's page weighs.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { brotliCompressSync } from "node:zlib";
import { playgroundFolder } from "../../../xtask/playground-build.mjs";

test("the playground's own JavaScript has at most 60 KB, compressed", () => {
  const own = readdirSync(playgroundFolder).filter(
    (name) => name.endsWith(".js") && name !== "authlete-token.js",
  );
  assert.ok(own.includes("main.js") && own.includes("tab.js"), own.join(" "));
  const sizes = own.map(
    (name) => brotliCompressSync(readFileSync(join(playgroundFolder, name))).length,
  );
  const total = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(total <= 60_000, `${total} bytes`);
});

test("the page loads neither the package nor its WebAssembly before it needs an engine of its own", () => {
  const main = readFileSync(join(playgroundFolder, "main.js"), "utf8");
  assert.doesNotMatch(main, /from\s*[`"']\.\//, "no static import");
  assert.doesNotMatch(main, /\.wasm/);
});
