// Objects that look like a client, but are not one to this copy of the package.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { AuthleteClient, authToken, handleTokenRequest } from "authlete-token";
import { root } from "../../../xtask/steps.mjs";

const options = { serviceId: "1", bearer: "b" };

/** What an operation and the endpoint say about such a client. */
async function messages(client) {
  const request = new Request("https://as.example/token", { method: "POST" });
  const errors = await Promise.all(
    [authToken(client, { parameters: "" }), handleTokenRequest(request, { authlete: client })].map(
      (call) => call.catch((e) => e),
    ),
  );
  for (const error of errors) assert.equal(error.code, "ERR_AUTHLETE_CONFIG");
  assert.equal(errors[0].message, errors[1].message);
  return errors[0].message;
}

test("a client of another copy of the package is distinguished from other objects", async (t) => {
  mkdirSync(join(root, ".cache"), { recursive: true });
  const folder = mkdtempSync(join(root, ".cache/copy-"));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const part of ["package.json", "dist", "wasm"])
    cpSync(join(root, "pkg", part), join(folder, part), { recursive: true });
  const other = await import(pathToFileURL(join(folder, "dist/entry/node.js")));
  assert.match(
    await messages(new other.AuthleteClient(options)),
    /^authlete: expected an AuthleteClient of the same copy of authlete-token: .*another/,
  );
});

test("for a client in a Proxy, as frameworks make one, or an object made from it, the error says so", async () => {
  for (const client of [
    new Proxy(new AuthleteClient(options), {}),
    Object.create(new AuthleteClient(options)),
  ]) {
    assert.match(
      await messages(client),
      /^authlete: expected an AuthleteClient itself, not a Proxy/,
    );
  }
});

test("about anything else the error claims nothing", async () => {
  const thrower = new Proxy(
    {},
    {
      get() {
        throw new Error("x");
      },
      getPrototypeOf() {
        throw new Error("x");
      },
    },
  );
  for (const client of [null, undefined]) assert.equal(await messages(client), "authlete: missing");
  for (const client of [
    options,
    "client",
    { ...new AuthleteClient(options) },
    structuredClone(new AuthleteClient(options)),
    thrower,
  ]) {
    assert.equal(await messages(client), "authlete: expected an AuthleteClient");
  }
});
