// The entry points of the package: those that have types, under the names by which users import
// them, and the files that they lead to.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./steps.mjs";

/**
 * `{ name, file }` of each: its import path, and its declarations. The package's own name is first.
 */
export function entryPoints() {
  const { name, exports } = manifest();
  return Object.entries(exports)
    .filter(([, conditions]) => conditions.types !== undefined)
    .map(([path, conditions]) => ({
      name: name + path.slice(1),
      file: join(root, "pkg", conditions.types),
    }));
}

/** The JavaScript files that an import of the package may lead to, as its manifest names them. */
export function entryFiles() {
  const targets = Object.values(manifest().exports).flatMap((each) => Object.values(each));
  return [...new Set(targets)].filter((file) => file.endsWith(".js"));
}

function manifest() {
  return JSON.parse(readFileSync(join(root, "pkg/package.json"), "utf8"));
}
