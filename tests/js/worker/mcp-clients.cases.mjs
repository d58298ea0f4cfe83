// Today's MCP clients, as they are: their own `auth()` finds the authorization server, signs in
// with `resource` (RFC 8707), refreshes, and survives answers that were lost or asked for at once.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import test from "node:test";
import * as v2 from "@modelcontextprotocol/client";
import * as v1 from "@modelcontextprotocol/sdk/client/auth.js";
import { exchange } from "./support/http.mjs";
import { Provider } from "./support/mcp.mjs";

const libraries = [
  ["@modelcontextprotocol/client", v2.auth],
  ["@modelcontextprotocol/sdk", v1.auth],
];
const registered = [
  { client_id: "spa", token_endpoint_auth_method: "none" },
  {
    client_id: "web-app",
    client_secret: "web-app-demo-secret",
    token_endpoint_auth_method: "client_secret_basic",
  },
  {
    client_id: "post-client",
    client_secret: "post-client-demo-secret",
    token_endpoint_auth_method: "client_secret_post",
  },
];

/** An MCP server as far as signing in goes: it names its authorization server (RFC 9728). */
async function mcpServer(authorizationServer) {
  const server = createServer((request, response) => {
    const { port } = server.address();
    const found = request.url === "/.well-known/oauth-protected-resource/mcp";
    const metadata = {
      resource: `http://localhost:${port}/mcp`,
      authorization_servers: [authorizationServer],
      scopes_supported: ["openid", "profile"],
    };
    response.writeHead(found ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(found ? metadata : {}));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://localhost:${server.address().port}/mcp`, close: () => server.close() };
}

export function mcpClientCases(origin) {
  /** A signed-in client. The user is a script of the demo. */
  async function signIn(auth, client, server) {
    const provider = new Provider(client, `${origin}/callback`);
    assert.equal(await auth(provider, { serverUrl: server.url }), "REDIRECT");
    const url = new URL(provider.authorization);
    assert.equal(url.searchParams.get("resource"), server.url);
    url.searchParams.set("prompt", "none");
    url.searchParams.set("login_hint", "alice");
    const { location } = await exchange(origin, { path: url.pathname + url.search });
    const { code: authorizationCode, iss } = Object.fromEntries(location.searchParams);
    assert.ok(authorizationCode, location.search);
    const given = { serverUrl: server.url, authorizationCode, iss };
    assert.equal(await auth(provider, given), "AUTHORIZED");
    return provider;
  }

  for (const [library, auth] of libraries) {
    for (const client of registered) {
      test(`${library} signs ${client.client_id} in with a resource, and refreshes three times`, async (t) => {
        const server = await mcpServer(origin);
        t.after(server.close);
        const provider = await signIn(auth, client, server);
        const seen = new Set([provider.saved.access_token]);
        for (let refreshes = 1; refreshes <= 3; refreshes += 1) {
          assert.equal(await auth(provider, { serverUrl: server.url }), "AUTHORIZED");
          seen.add(provider.saved.access_token);
          assert.equal(seen.size, refreshes + 1, "new tokens, and no new sign-in");
        }
      });
    }

    test(`${library}: five refreshes at once and a lost answer leave the client signed in`, async (t) => {
      const server = await mcpServer(origin);
      t.after(server.close);
      const provider = await signIn(auth, registered[0], server);
      const before = provider.saved;
      const all = Array.from({ length: 5 }, () => auth(provider, { serverUrl: server.url }));
      assert.deepEqual(await Promise.all(all), Array(5).fill("AUTHORIZED"));
      // What came last is lost: the client still has the tokens of before.
      const { saved } = provider;
      provider.saved = before;
      assert.equal(await auth(provider, { serverUrl: server.url }), "AUTHORIZED");
      assert.equal(provider.saved.refresh_token, saved.refresh_token);
      assert.equal(await auth(provider, { serverUrl: server.url }), "AUTHORIZED");
    });
  }
}
