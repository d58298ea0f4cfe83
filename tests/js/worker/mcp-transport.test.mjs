// Today's MCP clients with a real MCP server behind a login: from the 401 to the call of a tool, by
// their own transports.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import * as v2 from "@modelcontextprotocol/client";
import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import * as v1Machines from "@modelcontextprotocol/sdk/client/auth-extensions.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { exportJWK, exportPKCS8, generateKeyPair } from "jose";
import { basic, exchange, form, freePort } from "./support/http.mjs";
import { assertCleanLog, demoAt } from "./support/demo.mjs";
import { configWithMcpServer, logIn, Provider, runMcpServer } from "./support/mcp.mjs";
import { demo, runWorker } from "./support/workerd.mjs";

const v1 = { Client, StreamableHTTPClientTransport, UnauthorizedError, ...v1Machines };
const libraries = [
  ["@modelcontextprotocol/client", v2],
  ["@modelcontextprotocol/sdk", v1],
];

const port = await freePort();
const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
const key = await exportPKCS8(privateKey);
const machine = {
  client_id: "machine",
  token_endpoint_auth_method: "private_key_jwt",
  token_endpoint_auth_signing_alg: "ES256",
  jwks: { keys: [await exportJWK(publicKey)] },
  grant_types: ["client_credentials"],
  scope: "read",
};
const worker = await runWorker((origin) => ({
  ...demo(origin),
  CONFIG: configWithMcpServer(origin, `http://localhost:${port}/mcp`, [machine]),
}));
const { origin } = worker;
const mcp = await runMcpServer(origin, port);
after(async () => {
  await mcp.stop();
  await worker.dispose();
});

/** What the introspection endpoint tells the MCP server of a token (RFC 7662 §2.2). */
async function introspect(token) {
  const answer = await exchange(origin, {
    method: "POST",
    path: "/introspect",
    headers: {
      authorization: basic("resource-server", "resource-server-demo-secret"),
      "content-type": "application/x-www-form-urlencoded",
    },
    body: form({ token }),
  });
  assert.equal(answer.status, 200, answer.text);
  return answer.json();
}

/** Calls to the MCP server without a client. */
const post = (headers) => exchange(mcp.url, { method: "POST", path: "/mcp", headers, body: "{}" });

/** The MCP client of a library with this provider, and its transport. */
function clientOf(library, authProvider, fetch) {
  const transport = new library.StreamableHTTPClientTransport(new URL(mcp.url), {
    authProvider,
    fetch,
  });
  return { client: new library.Client({ name: "test", version: "1.0.0" }), transport };
}

const whoami = async (client) => (await client.callTool({ name: "whoami" })).content[0].text;

/** A client whose user has logged in, connected. `fetch` is what its transport uses. */
async function signIn(t, library, fetch) {
  const provider = new Provider(
    { client_id: "spa", token_endpoint_auth_method: "none" },
    "http://127.0.0.1:54321/callback",
  );
  const { client, transport } = clientOf(library, provider, fetch);
  await assert.rejects(client.connect(transport), library.UnauthorizedError);
  const { searchParams } = await logIn(provider.authorization);
  await transport.finishAuth(library === v2 ? searchParams : searchParams.get("code"));
  const { client: connected, transport: again } = clientOf(library, provider, fetch);
  await connected.connect(again);
  t.after(() => connected.close());
  provider.authorization = undefined;
  return { provider, client: connected };
}

test("The MCP server refuses a request without a token, and a token that is for another one or for none, and says where to sign in", async () => {
  const bare = await post({});
  assert.equal(bare.status, 401);
  const metadata = `http://localhost:${port}/.well-known/oauth-protected-resource/mcp`;
  assert.ok(bare.headers.get("www-authenticate").includes(`resource_metadata="${metadata}"`));
  const { authorization_servers, resource } = await (await fetch(metadata)).json();
  assert.deepEqual([authorization_servers, resource], [[origin], mcp.url]);

  for (const fields of [{ resource: "http://localhost:1/mcp" }, {}]) {
    const { access_token } = await demoAt(origin).login("spa", { scope: "read", ...fields });
    const refused = await post({ authorization: `Bearer ${access_token}` });
    assert.deepEqual([refused.status, refused.json().error], [401, "invalid_token"]);
  }
});

for (const [name, library] of libraries) {
  test(`${name} comes from a 401 through the login to the call of a tool`, async (t) => {
    const { client, provider } = await signIn(t, library);
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map((tool) => tool.name),
      ["whoami"],
    );
    assert.equal(await whoami(client), "You are user-1.");
    const { active, aud, scope, sub } = await introspect(provider.saved.access_token);
    assert.deepEqual([active, aud, scope, sub], [true, mcp.url, "read", "user-1"]);
  });

  test(`${name}: five calls at once with an access token that has ended all end signed in`, async (t) => {
    // All five show the same refresh token: none is answered before the last one is sent.
    const sent = [];
    let allSent;
    const five = new Promise((resolve) => (allSent = resolve));
    const { client, provider } = await signIn(t, library, async (url, init) => {
      const form = new URLSearchParams(init?.body);
      if (form.get("grant_type") === "refresh_token" && sent.length < 5) {
        if (sent.push(form.get("refresh_token")) === 5) allSent();
        await five;
      }
      return fetch(url, init);
    });
    provider.saved = { ...provider.saved, access_token: "ended" };
    const all = Array.from({ length: 5 }, () => whoami(client));
    assert.deepEqual(await Promise.all(all), Array(5).fill("You are user-1."));
    assert.equal(new Set(sent).size, 1);
    // Whatever came last is good for the next refresh, too.
    provider.saved = { ...provider.saved, access_token: "ended" };
    assert.equal(await whoami(client), "You are user-1.");
    assert.equal(provider.authorization, undefined, "nobody had to log in again");
  });

  test(`${name}: the call after a refresh whose answer was lost works, without another login`, async (t) => {
    let lost = 0;
    let losing = false;
    const { client, provider } = await signIn(t, library, async (url, init) => {
      const answer = await fetch(url, init);
      if (!losing || new URL(url).pathname !== "/token") return answer;
      losing = false;
      lost += 1;
      throw new TypeError("The connection was lost.");
    });
    const { refresh_token } = provider.saved;
    provider.saved = { ...provider.saved, access_token: "ended" };
    losing = true;
    await whoami(client).catch((error) => error);
    assert.deepEqual([lost, provider.saved?.refresh_token], [1, refresh_token]);
    assert.equal(await whoami(client), "You are user-1.");
    assert.notEqual(provider.saved.refresh_token, refresh_token);
  });

  for (const [method, provider] of [
    [
      "a secret by Basic",
      () =>
        new library.ClientCredentialsProvider({
          clientId: "service",
          clientSecret: "service-demo-secret",
          scope: "read",
          expectedIssuer: origin,
        }),
    ],
    [
      "a signed assertion",
      () =>
        new library.PrivateKeyJwtProvider({
          clientId: "machine",
          privateKey: key,
          algorithm: "ES256",
          scope: "read",
          expectedIssuer: origin,
        }),
    ],
  ]) {
    test(`${name}: a machine signs in with ${method}, and its token is for this MCP server`, async (t) => {
      const authProvider = provider();
      const { client, transport } = clientOf(library, authProvider);
      await client.connect(transport);
      t.after(() => client.close());
      assert.match(await whoami(client), /^You are /);
      const { access_token, refresh_token } = authProvider.tokens();
      assert.equal(refresh_token, undefined);
      const { active, aud, scope } = await introspect(access_token);
      assert.deepEqual([active, aud, scope], [true, mcp.url, "read"]);
    });
  }
}

test("After all that, the log holds no secret and nothing unexpected", () =>
  assertCleanLog(worker.log()));
