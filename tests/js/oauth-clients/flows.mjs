// What every client library does with the endpoint over the engine, for each way to authenticate.
//
// A library is a function that gets a server and a client, and returns what it does with them:
// `signIn()`, `refresh(tokens)` and `own()`, which get tokens with a code, a refresh token and
// client credentials. A client whose tokens are to be bound has the algorithm of its proofs as
// `dpop`.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import test from "node:test";
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import { authorizationServer, listening, subject } from "./authorization-server.mjs";
import { certificateOfClient } from "./certificates.mjs";

const redirectUri = "https://app.example/callback";
const secret = "a secret of 32 bytes and no less";

export const signed = ["ES256", "RS256", "PS256", "EdDSA"].map((alg) => ({
  title: `private_key_jwt (${alg})`,
  method: "private_key_jwt",
  alg,
}));
export const fetched = {
  title: "private_key_jwt (ES256, with jwks_uri)",
  method: "private_key_jwt",
  alg: "ES256",
  byReference: true,
};
export const shared = {
  title: "client_secret_jwt (HS256)",
  method: "client_secret_jwt",
  alg: "HS256",
  secret,
};
export const basic = { title: "client_secret_basic", method: "client_secret_basic", secret };
/** Once with a header of a proxy in front, once with the hook of a server of one's own. */
export const certified = [
  { title: "a certificate of an authority (tls_client_auth)", method: "tls_client_auth" },
  {
    title: "a certificate of its own (self_signed_tls_client_auth)",
    method: "self_signed_tls_client_auth",
  },
];
export const open = { title: "no authentication", method: "none" };

/** How DPoP proofs are signed beside these assertions: every algorithm is used once at least. */
const proofs = { RS256: "RS256", PS256: "PS256", EdDSA: "EdDSA" };

/** The client of a way to authenticate: how it is registered, and what only it has. */
async function clientOf(t, { method, alg, secret, byReference }, dpop) {
  const client_id = "client";
  const registered = {
    client_id,
    token_endpoint_auth_method: method,
    grant_types: ["authorization_code", "refresh_token"],
    redirect_uris: [redirectUri],
    scope: "openid read",
    id_token_signed_response_alg: "ES256",
    dpop_bound_access_tokens: dpop && true,
    client_secret: secret,
  };
  if (method !== "none") registered.grant_types.push("client_credentials");
  const client = { clientId: client_id, redirectUri, method, alg, secret, dpop };
  if (method.includes("tls")) {
    const { metadata, certificate, ...front } = await certificateOfClient(t, method);
    return {
      registered: { ...registered, ...metadata },
      client: { ...client, certificate },
      front,
    };
  }
  if (method !== "private_key_jwt") return { registered, client };
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const more = { kid: "key-1", alg };
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), ...more, use: "sig" }] };
  return {
    registered: {
      ...registered,
      ...(byReference ? { jwks_uri: await served(t, jwks) } : { jwks }),
    },
    client: { ...client, privateKey, privateJwk: { ...(await exportJWK(privateKey)), ...more } },
  };
}

/** The address of a document. */
async function served(t, document) {
  const server = createServer((_, outgoing) => {
    outgoing.writeHead(200, { "content-type": "application/jwk-set+json" });
    outgoing.end(JSON.stringify(document));
  });
  return `http://localhost:${await listening(t, server)}/jwks`;
}

/** A server with one client, and what a library does with them. */
async function started(t, library, way, { dpop, more, now, ...service } = {}) {
  const { registered, client, front } = await clientOf(t, way, dpop);
  const server = await authorizationServer(t, {
    ...front,
    service: {
      supportedGrantTypes: ["AUTHORIZATION_CODE", "REFRESH_TOKEN", "CLIENT_CREDENTIALS"],
      supportedScopes: ["openid", "read"],
      ...front?.service,
      ...service,
    },
    clients: [registered],
    now,
  });
  const { metadata } = server;
  assert.ok(metadata.token_endpoint_auth_methods_supported.includes(way.method));
  if (way.alg)
    assert.ok(metadata.token_endpoint_auth_signing_alg_values_supported.includes(way.alg));
  if (dpop) assert.ok(metadata.dpop_signing_alg_values_supported.includes(dpop));
  return { server, client, does: await library(server, { ...client, ...more }) };
}

/**
 * Does everything that the client may, and passes what introspection says to `check`, together with
 * the tokens. (A refresh ends the access token before.)
 */
async function everything({ server, client, does }, check) {
  const checked = async (tokens, user) => {
    const { active, sub, ...more } = await server.engine.introspect(tokens.access_token);
    assert.deepEqual([active, sub], [true, user]);
    await check(tokens, more);
    return tokens;
  };
  const first = await checked(await does.signIn(), subject);
  await checked(await does.refresh(first), subject);
  if (client.method !== "none") await checked(await does.own(), undefined);
}

/** Tests a library with these ways to authenticate. */
export function flows(name, library, ways) {
  for (const way of ways) {
    const what =
      way.method === "none"
        ? "a code and a refresh token"
        : "a code, a refresh token and client credentials";

    test(`${name} uses ${what} with ${way.title}`, async (t) => {
      const context = await started(t, library, way);
      const bound = context.client.certificate?.thumbprint;
      await everything(context, ({ token_type }, { cnf }) => {
        assert.equal(token_type.toLowerCase(), "bearer");
        assert.deepEqual(cnf, bound && { "x5t#S256": bound });
      });
      for (const { status } of context.server.received) assert.equal(status, 200);
    });
  }
  for (const way of ways.filter(({ method }) => !method.includes("tls"))) {
    test(`${name} gets and refreshes DPoP-bound tokens with ${way.title} and the nonces that the server demands`, async (t) => {
      const settings = { dpop: proofs[way.alg] ?? "ES256", dpopNonceRequired: true };
      const context = await started(t, library, way, settings);
      const { received } = context.server;
      await everything(context, isBound(received));
      const others = received.filter(({ status }) => status !== 200);
      assert.ok(others.length > 0, "the server demands a nonce");
      for (const { error } of others) assert.equal(error, "use_dpop_nonce");
      for (const { nonce } of received) assert.ok(nonce, "every answer has the next nonce");
    });
  }

  test(`${name} gets and refreshes DPoP-bound tokens where no nonce is demanded`, async (t) => {
    const context = await started(t, library, open, { dpop: "ES256" });
    const { received } = context.server;
    await everything(context, isBound(received));
    assert.deepEqual(
      received.map(({ status, nonce }) => [status, nonce]),
      Array(2).fill([200, undefined]),
    );
  });

  test(`${name} goes on with the next nonce when its own has expired`, async (t) => {
    let passed = 0;
    const now = () => Date.now() + passed;
    const settings = { dpop: "ES256", now, dpopNonceRequired: true, dpopNonceDuration: 30 };
    const { server, does } = await started(t, library, basic, settings);
    const tokens = await does.signIn();
    passed = 90_000;
    const refreshed = await does.refresh(tokens);
    assert.equal(refreshed.token_type.toLowerCase(), "dpop");
    assert.deepEqual(
      server.received.map(({ status }) => status),
      [400, 200, 400, 200],
    );
  });

  test(`${name} authenticates where an assertion must be for the issuer alone`, async (t) => {
    const settings = { clientAssertionAudRestrictedToIssuer: true, more: { forIssuer: true } };
    await everything(await started(t, library, signed[0], settings), () => {});
  });

  test(`${name} is refused with a key that is not the client's`, async (t) => {
    const { privateKey } = await generateKeyPair("ES256", { extractable: true });
    const privateJwk = { ...(await exportJWK(privateKey)), kid: "key-1", alg: "ES256" };
    const more = { privateKey, privateJwk };
    const { server, does } = await started(t, library, signed[0], { more });
    await assert.rejects(does.own());
    for (const { status, error } of server.received)
      assert.deepEqual([status, error], [401, "invalid_client"]);
    assert.ok(server.received.length > 0);
  });
}

/** Whether tokens are bound to the key of the last request's proof. */
const isBound =
  (received) =>
  async ({ token_type }, { cnf }) => {
    assert.equal(token_type.toLowerCase(), "dpop");
    assert.equal(cnf.jkt, await thumbprintOf(received.at(-1).headers.dpop));
  };

/** The thumbprint of the key of a DPoP proof (RFC 7638). */
async function thumbprintOf(proof) {
  const { jwk } = JSON.parse(Buffer.from(proof.split(".")[0], "base64url"));
  return calculateJwkThumbprint(jwk);
}
