// What the Model Context Protocol asks of an authorization server, in plain HTTP: where its
// metadata is and what must be in it, what pages may read, how authorization requests are answered.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  OAuthMetadataSchema,
  OpenIdProviderDiscoveryMetadataSchema,
} from "@modelcontextprotocol/sdk/shared/auth.js";
import { demoConfig } from "./support/demo-config.mjs";
import { assertRefused, demoAt, pkce } from "./support/demo.mjs";
import { exchange, form } from "./support/http.mjs";
import { logIn } from "./support/mcp.mjs";
import { browser, goesOn } from "./support/pages.mjs";
import { demo, runWorker } from "./support/workerd.mjs";

const path = "/tenants/one";
const worker = await runWorker(
  (origin) => {
    const config = demoConfig(`${origin}${path}`);
    config.service.supportedScopes.push("offline_access");
    config.clients.find(({ client_id }) => client_id === "spa").scope += " offline_access";
    return { ...demo(config.service.issuer), CONFIG: config };
  },
  [`GET ${path}/jwks`],
);
after(() => worker.dispose());
const issuer = `${worker.origin}${path}`;
const server = demoAt(issuer);
const get = (address, headers = {}) => exchange(worker.origin, { path: address, headers });

/** The addresses that MCP clients try, in their order. */
const addresses = [
  `/.well-known/oauth-authorization-server${path}`,
  `/.well-known/openid-configuration${path}`,
  `${path}/.well-known/openid-configuration`,
];

test("A client finds the metadata at every address that it may try, with the very issuer that it knows", async () => {
  for (const address of addresses) {
    const answer = await get(address, { "mcp-protocol-version": "2026-07-28" });
    assert.equal(answer.status, 200, address);
    assert.match(answer.headers.get("content-type"), /^application\/json(;|$)/);
    assert.equal(answer.json().issuer, issuer, address);
  }
  // Where nothing is, a client goes on to the next address; after a 5xx it would stop.
  for (const address of ["/.well-known/oauth-authorization-server", `${path}/.well-known/other`])
    assert.equal((await get(address)).status, 404, address);
});

test("The metadata has every member without which MCP clients stop", async () => {
  for (const address of addresses) {
    const metadata = (await get(address)).json();
    OAuthMetadataSchema.parse(metadata);
    OpenIdProviderDiscoveryMetadataSchema.parse(metadata);
    assert.deepEqual(metadata.code_challenge_methods_supported, ["S256"]);
    assert.equal(metadata.authorization_response_iss_parameter_supported, true);
    assert.ok(metadata.grant_types_supported.includes("refresh_token"));
    for (const method of ["none", "client_secret_basic", "client_secret_post", "private_key_jwt"])
      assert.ok(metadata.token_endpoint_auth_methods_supported.includes(method), method);
    assert.ok(metadata.token_endpoint_auth_signing_alg_values_supported.includes("ES256"));
  }
});

test("The metadata announces nothing that is not there: no registration, no metadata documents of clients", async () => {
  const metadata = (await get(addresses[0])).json();
  for (const name of ["registration_endpoint", "client_id_metadata_document_supported"])
    assert.ok(!Object.hasOwn(metadata, name), name);
});

test("The metadata names the algorithms of DPoP proofs, none of which has a shared secret", async () => {
  const algorithms = (await get(addresses[0])).json().dpop_signing_alg_values_supported;
  assert.ok(algorithms.includes("ES256"));
  assert.ok(
    algorithms.every((name) => /^(ES|RS|PS|Ed)/.test(name)),
    algorithms.join(),
  );
});

test("A page of any origin may read the metadata with MCP-Protocol-Version, and send a token request with DPoP", async () => {
  for (const [address, method, header] of [
    ...addresses.map((document) => [document, "GET", "mcp-protocol-version"]),
    [`${path}/token`, "POST", "dpop"],
    [`${path}/token`, "POST", "authorization"],
  ]) {
    const preflight = await exchange(worker.origin, {
      method: "OPTIONS",
      path: address,
      headers: {
        origin: "https://app.example",
        "access-control-request-method": method,
        "access-control-request-headers": header,
      },
    });
    assert.equal(preflight.status, 204, address);
    assert.equal(preflight.headers.get("access-control-allow-origin"), "*");
    assert.ok(preflight.headers.get("access-control-allow-methods").includes(method), address);
    const allowed = preflight.headers.get("access-control-allow-headers").toLowerCase().split(", ");
    // The star stands for every header but Authorization (Fetch standard).
    const named = allowed.includes(header);
    assert.ok(named || (header !== "authorization" && allowed.includes("*")), header);
  }
  for (const address of addresses) {
    const { headers } = await get(address, { origin: "https://app.example" });
    assert.equal(headers.get("access-control-allow-origin"), "*", address);
  }
});

/** An authorization request of spa, with its verifier. */
function request(fields = {}) {
  const { verifier, challenge } = pkce();
  const query = form({
    response_type: "code",
    client_id: "spa",
    redirect_uri: server.redirect_uri,
    scope: "read",
    state: "a state & more",
    code_challenge: challenge,
    code_challenge_method: "S256",
    ...fields,
  });
  return { verifier, url: `${issuer}/authorize?${query}` };
}

test("Code, state and issuer come once each, whether the user allows or refuses", async () => {
  const { url } = request();
  const { pathname, search } = new URL(url);
  const user = browser(worker.origin);
  for (const [decision, outcome] of [
    ["allow", "code"],
    ["deny", "error"],
  ]) {
    const page = await user.visit(pathname + search);
    const alice = { username: "alice", password: "alice-demo-password", decision };
    const { searchParams } = goesOn(await user.submit(page, alice)).location;
    const names = [...searchParams.keys()].filter((name) => !name.startsWith("error_"));
    assert.deepEqual(names.sort(), [outcome, "iss", "state"].sort());
    assert.equal(searchParams.get("state"), "a state & more");
    assert.equal(searchParams.get("iss"), issuer);
  }
});

test("A client that asks for offline_access with consent gets its refresh token", async () => {
  assert.ok((await get(addresses[0])).json().scopes_supported.includes("offline_access"));
  const { verifier, url } = request({ scope: "read offline_access", prompt: "consent" });
  const { searchParams } = await logIn(url);
  const answer = await server.token("spa", {
    grant_type: "authorization_code",
    code: searchParams.get("code"),
    redirect_uri: server.redirect_uri,
    code_verifier: verifier,
  });
  const { refresh_token, scope } = answer.json();
  assert.equal(scope, "read offline_access");
  assert.equal((await server.refresh("spa", refresh_token)).status, 200);
});

test("A resource is the same whatever the case of its scheme and host, and another one with another path", async () => {
  const resource = "HTTPS://MCP.Example.com/mcp";
  const fields = await server.code("spa", { resource });
  for (const other of ["https://mcp.example.com/mcp/", "https://mcp.example.com/MCP"])
    assertRefused(await server.token("spa", { ...fields, resource: other }), 400, "invalid_target");
  const good = await server.token("spa", { ...fields, resource: "https://mcp.example.com/mcp" });
  assert.equal(good.status, 200, good.text);
});
