// The public declarations of each entry point as one text, and the JSON Schema of the engine's
// configuration, for review in git. `npm run declarations` builds the package and writes them.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../../xtask/steps.mjs";
import { publicApi, textOf } from "./public-api.mjs";

export const folder = join(root, "tests/types/snapshot");

/**
 * `[file, text]` for each entry point, and for the JSON Schema. An export that another entry point
 * has already shown is only named.
 */
export function snapshots() {
  const shown = new Map();
  const types = publicApi().entries.map(({ name, exports }) => {
    const own = exports.filter(({ symbol }) => !shown.has(symbol));
    const others = exports.filter(({ symbol }) => shown.has(symbol));
    for (const { symbol } of own) shown.set(symbol, name);
    const repeated = [...new Set(others.map(({ symbol }) => shown.get(symbol)))].map((from) => {
      const names = others
        .filter(({ symbol }) => shown.get(symbol) === from)
        .map((exported) => exported.name);
      return `export {\n${names.map((each) => `    ${each},\n`).join("")}} from "${from}";`;
    });
    const text = [
      `// What \`${name}\` exports, as users' compilers read it. Written by \`npm run declarations\`.`,
      ...repeated,
      ...own.flatMap(({ declarations }) => declarations.map(textOf)),
    ].join("\n\n");
    return [`${name.replace("authlete-token/", "").replaceAll("/", "-")}.d.ts`, `${text}\n`];
  });
  const schema = "engine.schema.json";
  return [...types, [schema, readFileSync(join(root, "pkg", schema), "utf8")]];
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of snapshots()) {
    writeFileSync(join(folder, file), text);
    console.log(join("tests/types/snapshot", file));
  }
}
