// The public declarations: reviewed, complete, documented, and true at run time.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import ts from "typescript-5.9";
import { isOwn, publicApi } from "./support/public-api.mjs";
import { folder, snapshots } from "./support/snapshot.mjs";

const { checker, entries } = publicApi();

test("the public declarations and the JSON Schema are those of the snapshot", () => {
  const renew = "If the change is meant, run: npm run declarations";
  const made = snapshots();
  assert.deepEqual(
    readdirSync(folder).sort(),
    made.map(([file]) => file).sort(),
    `The snapshot has a file for each entry point and one for the JSON Schema. ${renew}`,
  );
  for (const [file, text] of made) {
    const now = text.split("\n");
    const before = readFileSync(join(folder, file), "utf8").split("\n");
    const line = now.findIndex((each, index) => each !== before[index]);
    if (line < 0 && now.length === before.length) continue;
    const at = line < 0 ? now.length : line;
    const some = (lines, mark) => lines.slice(at, at + 5).map((each) => `${mark} ${each}`);
    assert.fail(
      [
        `${file} differs from line ${at + 1} on:`,
        ...some(before, "-"),
        ...some(now, "+"),
        renew,
      ].join("\n"),
    );
  }
});

for (const { name, exports } of entries) {
  const exported = new Set(exports.map(({ symbol }) => symbol));

  test(`${name} exports every type that its declarations name`, () => {
    const missing = new Set();
    for (const { declarations } of exports) {
      for (const declaration of declarations) visit(declaration);
    }
    function visit(node) {
      if (ts.isIdentifier(node)) {
        let symbol = checker.getSymbolAtLocation(node);
        if (symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias)
          symbol = checker.getAliasedSymbol(symbol);
        if (symbol?.declarations?.some(isOwn) && !exported.has(symbol)) missing.add(symbol.name);
      }
      ts.forEachChild(node, visit);
    }
    assert.deepEqual([...missing], []);
  });

  test(`${name} has at run time what it declares`, async () => {
    const values = exports
      .filter(({ symbol }) => symbol.flags & ts.SymbolFlags.Value)
      .map((each) => each.name);
    assert.deepEqual(Object.keys(await import(name)).sort(), values.sort());
  });

  test(`every export of ${name} and every member of it is documented, numbers with their unit`, () => {
    const bare = [];
    for (const { name: owner, symbol, declarations } of exports) {
      if (ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim() === "")
        bare.push(owner);
      for (const member of declarations.flatMap((declaration) => declaration.members ?? [])) {
        if (member.name !== undefined && ts.isPrivateIdentifier(member.name)) continue;
        const path = `${owner}.${member.name?.getText() ?? ts.SyntaxKind[member.kind]}`;
        const doc =
          member.jsDoc?.map((comment) => ts.getTextOfJSDocComment(comment.comment)).join(" ") ?? "";
        if (doc.trim() === "") bare.push(path);
        const type = member.type?.getText().replace(" | undefined", "");
        if (
          type === "number" &&
          !/seconds|bytes|HTTP status|how often|how many|which attempt/i.test(doc)
        )
          bare.push(`${path}: its unit`);
      }
    }
    assert.deepEqual(bare, []);
  });

  test(`every function of ${name} that can fail says how`, () => {
    const silent = exports.filter(
      ({ symbol }) =>
        symbol.flags & ts.SymbolFlags.Function &&
        !symbol.getJsDocTags(checker).some((tag) => tag.name === "throws"),
    );
    assert.deepEqual(
      silent.map((each) => each.name),
      [],
    );
  });
}
