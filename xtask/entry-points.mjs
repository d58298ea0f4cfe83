// The entry points of the package that have types, under the names by which users import them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./steps.mjs";

/**
 * `{ name, file }` of each: its import path, and its declarations. The package's own name is first.
 */
export function entryPoints() {
  const { name, exports } = JSON.parse(readFileSync(join(root, "pkg/package.json"), "utf8"));
  return Object.entries(exports)
    .filter(([, conditions]) => conditions.types !== undefined)
    .map(([path, conditions]) => ({
      name: name + path.slice(1),
      file: join(root, "pkg", conditions.types),
    }));
}
