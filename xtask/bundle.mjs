// Bundles the TypeScript of the package into pkg/dist: a file for each entry point, and the chunks
// that they import. Code that several entry points need must exist once in a program (`instanceof
// AuthleteError`, the private settings of a client, the instances of an artefact), so one file for
// each is not possible; but each file that a program imports costs it time, so these are the fewest
// that are.
import { join, relative } from "node:path";
import { rolldown } from "rolldown";
import { entryFiles } from "./entry-points.mjs";
import { root } from "./steps.mjs";

const source = join(root, "js");
const entries = Object.fromEntries(
  entryFiles().map((file) => {
    const name = file.replace("./dist/", "").replace(/\.js$/, "");
    return [name, join(source, `${name}.ts`)];
  }),
);

const bundle = await rolldown({
  cwd: root,
  input: entries,
  tsconfig: join(source, "tsconfig.json"),
  platform: "neutral",
  external: [/\.wasm$/, /^node:/],
  // The paths of the .wasm files are relative to the entry files, here as in js/.
  makeAbsoluteExternalsRelative: false,
  // No file imports an entry file: it has the exports that it names, and no others.
  preserveEntrySignatures: "allow-extension",
  plugins: [{ name: "source-phase-imports", renderChunk: importSource }],
  // A warning fails the build; how long the build takes is not one.
  checks: { bundlerTimings: false },
  onLog(_level, { message }) {
    throw new Error(message);
  },
});
await bundle.write({
  dir: join(root, "pkg/dist"),
  format: "esm",
  chunkFileNames: "chunks/[name].js",
  // Users read the names in their stacks.
  minify: false,
  minifyInternalExports: false,
  // Their bundlers need the annotations. What the API means is in the declarations.
  comments: { annotation: true, jsdoc: false, legal: true },
  codeSplitting: {
    groups: [{ name: chunkOf, debugName: "artefacts" }],
    // Every module has its chunk already.
    includeDependenciesRecursively: false,
  },
});

/**
 * The chunk of a module: that of the artefact whose entry points need it, or the common one. An
 * entry point is a file of its own.
 */
function chunkOf(id, graph) {
  if (graph.getModuleInfo(id).isEntry) return null;
  const seen = new Set([id]);
  for (const each of seen)
    for (const importer of graph.getModuleInfo(each).importers) seen.add(importer);
  const artefacts = [...seen]
    .filter((each) => graph.getModuleInfo(each).isEntry)
    .map((entry) => (relative(source, entry).startsWith("engine/") ? "engine" : "operations"));
  return new Set(artefacts).size === 1 ? artefacts[0] : "core";
}

/** Makes Deno's import of a .wasm file one of the module, in a syntax that TypeScript lacks. */
function importSource(code, { name }) {
  if (!name.endsWith("entry/deno")) return null;
  const imported = code.replace(/^import (\w+ from "[^"]+\.wasm";)$/m, "import source $1");
  if (imported === code) throw new Error(`${name}.js does not import a .wasm file as expected`);
  return imported;
}
