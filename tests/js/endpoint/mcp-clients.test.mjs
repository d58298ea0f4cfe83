// What today's MCP clients make of each kind of answer: which one costs a user the login, and that
// trouble that passes costs nothing.
import assert from "node:assert/strict";
import { once } from "node:events";
import test from "node:test";
import { serve } from "@hono/node-server";
import * as v2 from "@modelcontextprotocol/client";
import * as v1 from "@modelcontextprotocol/sdk/client/auth.js";
import { AuthleteClient, handleTokenRequest } from "authlete-token";
import { Provider } from "../worker/support/mcp.mjs";

const libraries = [
  ["@modelcontextprotocol/client", v2.auth],
  ["@modelcontextprotocol/sdk", v1.auth],
];

/** What Authlete says, and how the endpoint's client sees it. */
const refused = (action, error) => () =>
  Response.json({ action, responseContent: JSON.stringify({ error }) });
const trouble = {
  "Authlete cannot be reached": () => Promise.reject(new TypeError("fetch failed")),
  "Authlete is overloaded": () => new Response("{}", { status: 429 }),
  "Authlete is being restarted": () => new Response("", { status: 503 }),
  "a gateway in front of Authlete fails": () => new Response("<html>", { status: 502 }),
};

let says;
let requests;
const authlete = new AuthleteClient({
  serviceId: "1",
  bearer: "b",
  serverURL: "https://authlete.example",
  fetch: async () => says(),
});
const server = serve({ port: 0, hostname: "localhost", fetch: respond });
await once(server, "listening");
const origin = `http://localhost:${server.address().port}`;
const mcp = `${origin}/mcp`;
test.after(() => {
  server.closeAllConnections();
  server.close();
});

const documents = {
  "/.well-known/oauth-protected-resource/mcp": { resource: mcp, authorization_servers: [origin] },
  "/.well-known/oauth-authorization-server": {
    issuer: origin,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    response_types_supported: ["code"],
    code_challenge_methods_supported: ["S256"],
    token_endpoint_auth_methods_supported: ["none"],
    authorization_response_iss_parameter_supported: true,
  },
};

async function respond(request) {
  const { pathname } = new URL(request.url);
  if (pathname !== "/token") {
    const document = documents[pathname];
    return document ? Response.json(document) : new Response(null, { status: 404 });
  }
  requests += 1;
  return handleTokenRequest(request, { authlete });
}

/** A provider that also keeps what its client wanted it to forget. */
class Forgetful extends Provider {
  forgotten = [];
  invalidateCredentials(what) {
    this.forgotten.push(what);
    if (what === "tokens" || what === "all") this.saved = undefined;
  }
}

/** A client of `spa`, which has these tokens. */
function clientWith(tokens) {
  const provider = new Forgetful(
    { client_id: "spa", token_endpoint_auth_method: "none", issuer: origin },
    "http://127.0.0.1:54321/callback",
  );
  provider.saveTokens(tokens);
  return provider;
}

/** What a client has after a step that Authlete answers so. */
async function after(auth, provider, answer, more) {
  [says, requests] = [answer, 0];
  provider.authorization = undefined;
  const result = await auth(provider, { serverUrl: mcp, ...more }).catch(() => "thrown");
  return {
    result,
    requests,
    forgotten: provider.forgotten.length > 0,
    login: provider.authorization !== undefined,
  };
}

const tokens = { access_token: "a", token_type: "Bearer", refresh_token: "r", scope: "read" };
const refresh = (auth, answer) => after(auth, clientWith({ ...tokens, issuer: origin }), answer);

async function redeem(auth, answer) {
  const provider = clientWith(undefined);
  assert.equal(await auth(provider, { serverUrl: mcp }), "REDIRECT");
  return after(auth, provider, answer, { authorizationCode: "c", iss: origin });
}

for (const [name, auth] of libraries) {
  test(`${name} keeps everything and asks for no login while Authlete is in trouble, and the next refresh works`, async () => {
    for (const [what, answer] of Object.entries(trouble)) {
      const kept = { result: "thrown", requests: 1, forgotten: false, login: false };
      assert.deepEqual(await refresh(auth, answer), kept, what);
      assert.deepEqual(await redeem(auth, answer), kept, what);
    }
    const responseContent = JSON.stringify({ access_token: "b", token_type: "Bearer" });
    const good = await refresh(auth, () => Response.json({ action: "OK", responseContent }));
    assert.deepEqual([good.result, good.forgotten], ["AUTHORIZED", false]);
  });

  test(`${name} forgets its tokens after invalid_grant, and asks for a login`, async () => {
    const dead = refused("BAD_REQUEST", "invalid_grant");
    assert.deepEqual(await refresh(auth, dead), {
      result: "REDIRECT",
      requests: 1,
      forgotten: true,
      login: true,
    });
    const { result, requests: sent } = await redeem(auth, dead);
    assert.deepEqual([result, sent], ["thrown", 2], "it sends the code again");
  });

  test(`${name} forgets more than its tokens after invalid_client`, async () => {
    const { forgotten } = await refresh(auth, refused("INVALID_CLIENT", "invalid_client"));
    assert.ok(forgotten);
  });

  test(`${name} keeps everything after a request that was wrong, and asks for no login`, async () => {
    for (const error of ["invalid_request", "invalid_scope", "invalid_target"]) {
      const { result, forgotten, login } = await refresh(auth, refused("BAD_REQUEST", error));
      assert.deepEqual([result, forgotten, login], ["thrown", false, false], error);
    }
  });

  test(`${name} keeps its tokens after an error code that it does not know`, async () => {
    const error = refused("BAD_REQUEST", "invalid_authorization_details");
    assert.equal((await refresh(auth, error)).forgotten, false);
  });

  test(`${name} keeps its tokens after a fault of the server that lasts, but asks for a login`, async () => {
    const { forgotten, login } = await refresh(auth, () => Response.json({ action: "NEW" }));
    assert.deepEqual([forgotten, login], [false, true]);
  });
}
