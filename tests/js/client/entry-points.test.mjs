// The entry points beside each other in one program: what they share, and what stacks show of them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as root from "authlete-token";
import * as engine from "authlete-token/engine";
import * as engineSlim from "authlete-token/engine/slim";
import * as slim from "authlete-token/slim";
import { entryFiles } from "../../../xtask/entry-points.mjs";
import { upstream } from "../support/upstream.mjs";

test("the entry points export their public names and no others", () => {
  const operations = [
    "AuthleteClient",
    "AuthleteError",
    "authToken",
    "authTokenFail",
    "authTokenIssue",
    "handlePlainTokenRequest",
    "handleTokenRequest",
    "idtokenReissue",
  ];
  const names = (module) => Object.keys(module).sort();
  assert.deepEqual(names(root), operations);
  assert.deepEqual(names(slim), [...operations, "initializeWasm"]);
  assert.deepEqual(names(engine), ["AuthleteError", "createEngine", "failedEngine"]);
  assert.deepEqual(names(engineSlim), [...names(engine), "initializeWasm"]);
});

test("a class is the same from whichever entry point it comes", () => {
  assert.equal(slim.AuthleteClient, root.AuthleteClient);
  for (const { AuthleteError } of [slim, engine, engineSlim])
    assert.equal(AuthleteError, root.AuthleteError);
  assert.equal(root.AuthleteClient.name, "AuthleteClient");
  assert.equal(root.AuthleteError.name, "AuthleteError");
});

test("the slim functions take any client, and the module that the other entry point loads", async () => {
  const { fetch } = upstream({ action: "OK" });
  const authlete = new root.AuthleteClient({ serviceId: "1", bearer: "b", fetch });
  assert.equal((await slim.authToken(authlete, { parameters: "" })).action, "OK");
  assert.equal(
    await engineSlim.createEngine({}).catch(({ code }) => code),
    "ERR_AUTHLETE_CONFIG",
    "the engine's module is loaded",
  );
});

test("an error's stack shows the package's functions by their names", () => {
  let stack;
  try {
    new root.AuthleteClient({ serviceId: "1", bearer: "b", serverURL: "ftp://authlete.example" });
  } catch (error) {
    stack = error.stack;
  }
  const shown = stack.split("\n    at ").map((line) => line.split(" (")[0]);
  for (const name of ["configError", "serverUrl", "settingsFrom", "guarded", "new AuthleteClient"])
    assert.ok(shown.includes(name), `${name} in:\n${stack}`);
});

test("an import of an entry point reads three JavaScript files, and of the other artefact's, two more", () => {
  const read = (file, seen = new Set()) => {
    const url = new URL(file, pkg);
    if (seen.has(url.href)) return seen;
    seen.add(url.href);
    for (const [, name] of readFileSync(url, "utf8").matchAll(/^import .* from "(\..*\.js)";$/gm))
      read(new URL(name, url), seen);
    return seen;
  };
  const pkg = new URL("../../../pkg/", import.meta.url);
  for (const file of entryFiles()) assert.equal(read(file).size, 3, file);
  const both = read("dist/entry/node.js");
  assert.equal(read("dist/engine/entry/node.js", both).size, 5);
});
