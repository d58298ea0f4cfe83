// What an editor shows when a user hovers over a call: checked with TypeScript's language service
// on the built declarations.
import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import ts from "typescript-5.9";
import { entryPoints } from "../../xtask/entry-points.mjs";

const folder = fileURLToPath(new URL(".", import.meta.url));
const file = join(folder, "hovered.ts");
const [client, , engine] = entryPoints();
const source = `import { AuthleteClient } from ${JSON.stringify(client.file.replace(/\.d\.ts$/, ".js"))};
import { createEngine } from ${JSON.stringify(engine.file.replace(/\.d\.ts$/, ".js"))};
new AuthleteClient({ serviceId: "1", bearer: "x" });
createEngine({ service: { serviceId: "1", bearer: "x", issuer: "http://localhost" }, clients: [] });
`;
const options = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
  types: [],
  strict: true,
};
const service = ts.createLanguageService({
  getScriptFileNames: () => [file],
  getScriptVersion: () => "1",
  getScriptSnapshot: (path) => {
    const text = path === file ? source : ts.sys.readFile(path);
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
  },
  getCurrentDirectory: () => folder,
  getCompilationSettings: () => options,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  fileExists: (path) => path === file || ts.sys.fileExists(path),
  readFile: ts.sys.readFile,
});

/** The examples in the hover text of `text`. */
function examples(text) {
  const { tags = [] } = service.getQuickInfoAtPosition(file, source.lastIndexOf(text));
  return tags
    .filter(({ name }) => name === "example")
    .map((tag) => ts.displayPartsToString(tag.text));
}

test("the hover text of `new AuthleteClient(` shows how to make one", () => {
  assert.match(
    examples("AuthleteClient(").join(),
    /new AuthleteClient\(\{ serviceId: .*, bearer: /,
  );
});

test("the hover text of `createEngine(` shows both places where the state may live", () => {
  assert.match(
    examples("createEngine(").join(),
    /createEngine\(config\);.*createEngine\(config, \{ storage: ctx\.storage \}\)/s,
  );
});
