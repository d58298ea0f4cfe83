// What users of the package can name: the exports of each entry point, read from the built
// declarations.
import { dirname, join, relative } from "node:path";
import ts from "typescript-5.9";
import { entryPoints } from "../../../xtask/entry-points.mjs";
import { root } from "../../../xtask/steps.mjs";

const dist = join(root, "pkg/dist");

/**
 * The entry points with their exports: `{ name, exports: [{ name, symbol, declarations }] }`, in
 * the order of files and of declarations in them, and the type checker that knows them.
 */
export function publicApi() {
  const entries = entryPoints();
  const options = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
    types: [],
    noEmit: true,
  };
  const program = ts.createProgram(
    entries.map(({ file }) => file),
    options,
  );
  const checker = program.getTypeChecker();
  const exportsOf = ({ file }) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file));
    return checker
      .getExportsOfModule(module)
      .map((exported) => {
        const symbol =
          exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
        return { name: exported.name, symbol, declarations: symbol.declarations };
      })
      .sort((a, b) => compare(placeOf(a), placeOf(b)));
  };
  return {
    checker,
    entries: entries.map((entry) => ({ name: entry.name, exports: exportsOf(entry) })),
  };
}

/** The text of a declaration, its documentation included. */
export function textOf(declaration) {
  return declaration
    .getSourceFile()
    .text.slice(declaration.getStart(declaration.getSourceFile(), true), declaration.end);
}

/** Whether a declaration is at the top level of one of the package's own files. */
export function isOwn(declaration) {
  return (
    declaration.parent?.kind === ts.SyntaxKind.SourceFile &&
    declaration.getSourceFile().fileName.startsWith(dist)
  );
}

function placeOf({ declarations: [declaration] }) {
  const file = relative(dist, declaration.getSourceFile().fileName);
  // What an entry point declares itself comes first, then one file after the other.
  return [dirname(file) === "." ? 0 : 1, file, declaration.pos];
}

function compare(a, b) {
  const index = a.findIndex((part, i) => part !== b[i]);
  if (index < 0) return 0;
  return a[index] < b[index] ? -1 : 1;
}
