// Files of js/ that the package does not export, each compiled into a module of its own.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root } from "../../../xtask/steps.mjs";

/** Where `internals` puts the compiled file `name` of js/, from the project's root folder. */
export function internalFile(name) {
  return `.cache/internals/${name}.js`;
}

/** What the file `name` of js/ exports; without its suffix. */
export async function internals(name) {
  const outfile = join(root, internalFile(name));
  await build({
    absWorkingDir: root,
    entryPoints: [`js/${name}.ts`],
    outfile,
    bundle: true,
    format: "esm",
    logLevel: "error",
  });
  return import(pathToFileURL(outfile));
}
