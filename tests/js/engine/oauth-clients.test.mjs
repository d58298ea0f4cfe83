// OAuth client libraries of others, with `private_key_jwt`: with the endpoint over the engine, in
// one process.
import assert from "node:assert/strict";
import test from "node:test";
import { AuthleteClient, handleTokenRequest } from "authlete-token";
import { createEngine } from "authlete-token/engine";
import { exportJWK, generateKeyPair } from "jose";
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";

const issuer = "https://as.example";
// The names of the algorithms as these clients write them.
const algorithms = ["ES256", "RS256", "PS256", "Ed25519"];

/**
 * A server that has one client with one key; `restricted` if an assertion's audience must be the
 * issuer.
 */
async function serve(publicKey, restricted) {
  const engine = await createEngine({
    service: {
      serviceId: "1",
      bearer: "b",
      issuer,
      clientAssertionAudRestrictedToIssuer: restricted,
    },
    clients: [
      {
        client_id: "service",
        token_endpoint_auth_method: "private_key_jwt",
        grant_types: ["client_credentials"],
        jwks: { keys: [await exportJWK(publicKey)] },
        scope: "read",
      },
    ],
  });
  const fetch = (url, init) => engine.fetch(new Request(url, init));
  const authlete = new AuthleteClient({
    serviceId: "1",
    bearer: "b",
    serverURL: "http://localhost",
    fetch,
  });
  const token = (url, { method, headers, body }) =>
    handleTokenRequest(new Request(url, { method, headers, body }), { authlete });
  return { metadata: await engine.metadata(), token };
}

for (const alg of algorithms) {
  test(`oauth4webapi and openid-client authenticate with ${alg}, also where the audience is restricted`, async () => {
    const { privateKey, publicKey } = await generateKeyPair(alg);
    for (const restricted of [false, true]) {
      const { metadata, token } = await serve(publicKey, restricted);
      assert.ok(metadata.token_endpoint_auth_methods_supported.includes("private_key_jwt"));
      assert.ok(metadata.token_endpoint_auth_signing_alg_values_supported.includes(alg));

      const me = { client_id: "service" };
      const options = { [oauth.customFetch]: token };
      const answer = await oauth.clientCredentialsGrantRequest(
        metadata,
        me,
        oauth.PrivateKeyJwt(privateKey),
        { scope: "read" },
        options,
      );
      assert.equal(
        (await oauth.processClientCredentialsResponse(metadata, me, answer)).scope,
        "read",
      );

      const config = new openid.Configuration(
        metadata,
        "service",
        undefined,
        openid.PrivateKeyJwt(privateKey),
      );
      config[openid.customFetch] = token;
      assert.equal((await openid.clientCredentialsGrant(config, { scope: "read" })).scope, "read");
    }
  });
}

test("a client can't authenticate with somebody else's key", async () => {
  const { publicKey } = await generateKeyPair("ES256");
  const { privateKey } = await generateKeyPair("ES256");
  const { metadata, token } = await serve(publicKey, false);
  const config = new openid.Configuration(
    metadata,
    "service",
    undefined,
    openid.PrivateKeyJwt(privateKey),
  );
  config[openid.customFetch] = token;
  await assert.rejects(openid.clientCredentialsGrant(config), { status: 401 });
});
