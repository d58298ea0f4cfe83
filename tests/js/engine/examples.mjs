// The examples in the documentation of the engine's types, as users read them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../xtask/steps.mjs";

/** The example in the documentation of an exported interface of `pkg/dist/engine`. */
export function exampleOf(file, name) {
  const text = readFileSync(join(root, "pkg/dist/engine", file), "utf8");
  const documentation = text
    .slice(0, text.indexOf(`export interface ${name} `))
    .split("/**")
    .at(-1);
  const [, example] = documentation.split("@example\n");
  return example.replace(/\s*\*\/\s*$/, "").replaceAll(/^ \* ?/gm, "");
}
