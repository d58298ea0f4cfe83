// Authlete's official SDK over the engine's API: what a token endpoint that uses it passes on of
// its clients' proofs and certificates.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import test from "node:test";
import { Authlete } from "@authlete/typescript-sdk";
import { createEngine } from "authlete-token/engine";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from "jose";
import { engineHandler } from "../../../xtask/engine-handler.mjs";
import { authority, certificateOf, keyOf } from "../support/certificates.mjs";
import { listening } from "./authorization-server.mjs";

const [serviceId, bearer] = ["1", "b"];
const issuer = "https://as.example";
const htu = `${issuer}/token`;
const redirect_uri = "https://app.example/callback";
const secret = "a secret of 32 bytes and no less";
const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const code_challenge = createHash("sha256").update(verifier).digest("base64url");
const grant_types = ["authorization_code", "refresh_token", "client_credentials"];
const app = { clientId: "app", clientSecret: secret };

/** An engine with these clients, its API, and the SDK's call of `/auth/token`. */
async function started(t, { service, clients }) {
  const engine = await createEngine({
    service: {
      serviceId,
      bearer,
      issuer,
      supportedGrantTypes: grant_types.map((name) => name.toUpperCase()),
      ...service,
    },
    clients: clients.map((client) => ({ grant_types, redirect_uris: [redirect_uri], ...client })),
  });
  const server = createServer(engineHandler(engine, bearer));
  const port = await listening(t, server);
  const sdk = new Authlete({ serverURL: `http://localhost:${port}`, bearer });
  const token = async (parameters, more) => {
    const tokenRequest = { parameters: `${new URLSearchParams(parameters)}`, ...more };
    const { responseContent, ...answer } = await sdk.token.process({ serviceId, tokenRequest });
    return { ...answer, content: JSON.parse(responseContent) };
  };
  return { engine, token };
}

/** A key, its thumbprint, and a function that makes its proofs. */
async function prover() {
  const { privateKey, publicKey } = await generateKeyPair("ES256");
  // With `ext` and `key_ops`, as clients without a library of their own export it.
  const jwk = await crypto.subtle.exportKey("jwk", publicKey);
  const proof = (claims) =>
    new SignJWT({ htm: "POST", htu, jti: crypto.randomUUID(), ...claims })
      .setProtectedHeader({ typ: "dpop+jwt", alg: "ES256", jwk })
      .setIssuedAt()
      .sign(privateKey);
  return { proof, thumbprint: await calculateJwkThumbprint(jwk) };
}

const secretive = { client_id: "app", client_secret: secret };

for (const [whose, service, more] of [
  ["the service", { dpopNonceRequired: true }, {}],
  ["the request", {}, { dpopNonceRequired: true }],
])
  test(`the SDK passes proofs on, with the nonces that ${whose} demands, and gets tokens bound to their key`, async (t) => {
    const { engine, token } = await started(t, { service, clients: [secretive] });
    const { proof, thumbprint } = await prover();
    const { code } = await engine.issueAuthorizationCode({
      client_id: "app",
      subject: "user-1",
      redirect_uri,
      code_challenge,
      code_challenge_method: "S256",
    });
    const redeem = {
      grant_type: "authorization_code",
      code,
      redirect_uri,
      code_verifier: verifier,
    };
    const given = async (nonce) => ({
      ...app,
      ...more,
      htm: "POST",
      htu,
      dpop: await proof({ nonce }),
    });

    const refused = await token(redeem, await given());
    assert.equal(refused.action, "BAD_REQUEST");
    assert.equal(refused.content.error, "use_dpop_nonce");
    const first = await token(redeem, await given(refused.dpopNonce));
    assert.deepEqual([first.action, first.content.token_type], ["OK", "DPoP"]);
    const refresh = { grant_type: "refresh_token", refresh_token: first.refreshToken };
    const proved = await given(first.dpopNonce);
    const second = await token(refresh, proved);
    assert.deepEqual([second.action, second.content.token_type], ["OK", "DPoP"]);
    const { cnf } = await engine.introspect(second.accessToken);
    assert.equal(cnf.jkt, thumbprint);

    const again = await token({ grant_type: "client_credentials" }, proved);
    assert.equal(again.content.error, "invalid_dpop_proof", "a proof is good once");
  });

test("the SDK's htm and htu say what a proof must be for", async (t) => {
  const { token } = await started(t, { clients: [secretive] });
  const { proof } = await prover();
  const own = { grant_type: "client_credentials" };
  const other = "https://other.example/token";
  for (const [claims, more, action] of [
    [{}, {}, "OK"],
    [{}, { htm: "POST", htu }, "OK"],
    [{ htu: other }, { htu: other }, "OK"],
    [{ htu: other }, {}, "BAD_REQUEST"],
    [{}, { htu: other }, "BAD_REQUEST"],
    [{ htm: "GET" }, { htm: "POST" }, "BAD_REQUEST"],
  ]) {
    const answer = await token(own, { ...app, ...more, dpop: await proof(claims) });
    assert.equal(answer.action, action, JSON.stringify([claims, more]));
  }
});

test("the SDK passes certificates on, which authenticate clients, and tokens are bound to them", async (t) => {
  const subject = (name) => [["2.5.4.3", name]];
  const [rootKey, middleKey, key] = await Promise.all([keyOf(), keyOf(), keyOf()]);
  const root = await certificateOf({
    key: rootKey,
    subject: subject("Root"),
    extensions: authority(),
  });
  const middle = await certificateOf({
    key: middleKey,
    subject: subject("Middle"),
    issuer: { subject: subject("Root"), key: rootKey },
    extensions: authority(),
  });
  const issued = await certificateOf({
    key,
    subject: subject("app"),
    issuer: { subject: subject("Middle"), key: middleKey },
  });
  const own = await certificateOf({ key, subject: subject("own") });
  const { engine, token } = await started(t, {
    service: {
      tlsClientCertificateBoundAccessTokens: true,
      mutualTlsValidatePkiCertChain: true,
      trustedRootCertificates: [root.pem],
    },
    clients: [
      {
        client_id: "app",
        token_endpoint_auth_method: "tls_client_auth",
        tls_client_auth_subject_dn: "CN=app",
        tls_client_certificate_bound_access_tokens: true,
      },
      {
        client_id: "own",
        token_endpoint_auth_method: "self_signed_tls_client_auth",
        jwks: { keys: [key.jwk] },
        tls_client_certificate_bound_access_tokens: true,
      },
    ],
  });
  for (const [client_id, { pem, der }, clientCertificatePath, action] of [
    ["app", issued, [middle.pem], "OK"],
    ["app", issued, undefined, "INVALID_CLIENT"],
    ["app", own, [middle.pem], "INVALID_CLIENT"],
    ["own", own, undefined, "OK"],
  ]) {
    const answer = await token(
      { grant_type: "client_credentials", client_id },
      { clientCertificate: pem, clientCertificatePath },
    );
    assert.equal(answer.action, action);
    if (action !== "OK") continue;
    const { cnf } = await engine.introspect(answer.accessToken);
    const thumbprint = createHash("sha256").update(Uint8Array.from(der)).digest("base64url");
    assert.equal(cnf["x5t#S256"], thumbprint);
  }
});

test("the SDK passes assertions on, signed by a client or with its secret", async (t) => {
  const { privateKey, publicKey } = await generateKeyPair("PS256");
  const { token } = await started(t, {
    clients: [
      {
        client_id: "signs",
        token_endpoint_auth_method: "private_key_jwt",
        jwks: { keys: [await exportJWK(publicKey)] },
      },
      {
        client_id: "shares",
        token_endpoint_auth_method: "client_secret_jwt",
        client_secret: secret,
      },
    ],
  });
  for (const [client, alg, key] of [
    ["signs", "PS256", privateKey],
    ["shares", "HS256", Buffer.from(secret)],
  ]) {
    const client_assertion = await new SignJWT({ jti: crypto.randomUUID() })
      .setProtectedHeader({ alg })
      .setIssuer(client)
      .setSubject(client)
      .setAudience(issuer)
      .setExpirationTime("1 minute")
      .sign(key);
    const assertion = {
      grant_type: "client_credentials",
      client_assertion,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    };
    assert.equal((await token(assertion)).action, "OK");
    assert.equal((await token(assertion)).action, "INVALID_CLIENT", "an assertion is good once");
  }
});
