// Objects that look like a client, but are not one to this copy of the package; and engines of
// another copy, which are as good as any.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { AuthleteClient, authToken, handleTokenRequest } from "authlete-token";
import { createEngine } from "authlete-token/engine";
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

/** Imports another copy of the package. */
function copy(t) {
  mkdirSync(join(root, ".cache"), { recursive: true });
  const folder = mkdtempSync(join(root, ".cache/copy-"));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const part of ["package.json", "dist", "wasm"])
    cpSync(join(root, "pkg", part), join(folder, part), { recursive: true });
  return (file) => import(pathToFileURL(join(folder, "dist", file)));
}

test("a client of another copy of the package is distinguished from other objects", async (t) => {
  const other = await copy(t)("entry/node.js");
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

test("an engine of another copy of the package answers a client's token requests, hooks and all", async (t) => {
  const from = copy(t);
  const copies = [
    [createEngine, await from("entry/node.js")],
    [(await from("engine/entry/node.js")).createEngine, { AuthleteClient, handleTokenRequest }],
  ];
  const config = {
    service: {
      ...{ serviceId: "1", bearer: "b", issuer: "https://as.example" },
      supportedGrantTypes: ["PASSWORD", "REFRESH_TOKEN"],
      supportedScopes: ["openid"],
    },
    clients: [
      {
        ...{ client_id: "c", client_secret: "s", id_token_signed_response_alg: "ES256" },
        grant_types: ["password", "refresh_token"],
        redirect_uris: ["https://app.example/"],
      },
    ],
  };
  for (const [create, client] of copies) {
    const events = [];
    const engine = await create(config);
    const authlete = new client.AuthleteClient({ ...options, engine });
    const ask = async (parameters) => {
      const request = new Request("https://as.example/token", {
        method: "POST",
        headers: { authorization: `Basic ${btoa("c:s")}` },
        body: new URLSearchParams(parameters),
      });
      const response = await client.handleTokenRequest(request, {
        authlete,
        authenticateUser: (name, _, { action }) => `${name} ${action}`,
        onEvent: ({ type, operation, action }) => events.push(`${type} ${operation} ${action}`),
      });
      assert.equal(response.status, 200);
      return response.json();
    };
    const user = { grant_type: "password", username: "user", password: "p", scope: "openid" };
    const { access_token, refresh_token } = await ask(user);
    assert.equal((await engine.introspect(access_token)).sub, "user PASSWORD");
    assert.ok((await ask({ grant_type: "refresh_token", refresh_token })).id_token);
    assert.deepEqual(events, [
      "exchange authToken PASSWORD",
      "exchange authTokenIssue OK",
      "exchange authToken ID_TOKEN_REISSUABLE",
      "exchange idtokenReissue OK",
    ]);
  }
});
