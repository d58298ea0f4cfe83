// Clients that authenticate with a key or a certificate, at the running worker; and the demo's keys
// to download.
import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import test from "node:test";
import { assertRefused, demoAt } from "./support/demo.mjs";
import { demoConfig } from "./support/demo-config.mjs";
import { basic, exchange, form } from "./support/http.mjs";
import { assertion, attestation, clientCert, demoKeys, dpopKeyAt } from "./support/proofs.mjs";

const type = { "content-type": "application/x-www-form-urlencoded" };
const grant = { grant_type: "client_credentials" };
const redirect_uri = "http://127.0.0.1/callback";

export function keyCases(origin) {
  const demo = demoAt(origin);
  const ask = (fields, headers = {}) =>
    demo.post(form({ ...grant, ...fields }), { ...type, ...headers });
  const key = demoKeys.jwks["private-key-jwt-app"];
  const userinfo = (token, headers) =>
    exchange(origin, {
      path: "/userinfo",
      headers: { authorization: `Bearer ${token}`, ...headers },
    });

  async function freshChallenge() {
    const answer = await exchange(origin, { method: "POST", path: "/challenge" });
    assert.equal(answer.headers.get("cache-control"), "no-store");
    assert.equal(answer.headers.get("access-control-allow-origin"), "*");
    return answer.json().attestation_challenge;
  }

  test("A client that signs with its secret gets a token, and another secret does not help", async () => {
    const id = "client-secret-jwt-service";
    const signed = (secret) => assertion(id, secret, origin);
    const answer = await ask(await signed(`${id}-demo-secret`));
    assert.equal(answer.json().token_type, "Bearer", answer.text);
    assertRefused(await ask(await signed(`${id}-demo-secreT`)), 401, "invalid_client");
    const sent = { client_id: id, client_secret: `${id}-demo-secret` };
    assertRefused(await ask(sent), 401, "invalid_client");
  });

  test("A client that signs with its key logs a user in with PKCE and DPoP, and refreshes (FAPI 2.0)", async () => {
    const id = "private-key-jwt-app";
    const proven = await dpopKeyAt(origin);
    const signed = async (fields) =>
      demo.post(form({ ...fields, ...(await assertion(id, key, origin)) }), {
        ...type,
        dpop: await proven.proof("POST", `${origin}/token`),
      });
    const answer = await signed(await demo.code(id, { redirect_uri }));
    assert.equal(answer.json().token_type, "DPoP", answer.text);
    const { refresh_token } = answer.json();
    const refreshed = await signed({ grant_type: "refresh_token", refresh_token });
    assert.equal(refreshed.json().token_type, "DPoP", refreshed.text);
    const used = await assertion(id, key, `${origin}/token`);
    assert.equal((await ask(used)).status, 200);
    assertRefused(await ask(used), 401, "invalid_client");
    assertRefused(
      await ask(await assertion(id, demoKeys.jwks.attester, origin)),
      401,
      "invalid_client",
    );
  });

  test("A client with a certificate of the trusted authority gets a token", async () => {
    const [own, other] = [clientCert("tls-service"), clientCert("self-signed-tls-app")];
    const client_id = "tls-service";
    const answer = await ask({ client_id }, { "client-cert": own });
    assert.equal(answer.json().token_type, "Bearer", answer.text);
    for (const headers of [{}, { "client-cert": other }, { "x-ssl-cert": own }])
      assertRefused(await ask({ client_id }, headers), 401, "invalid_client");
    for (const wrong of [":AAAA", "AAAA", `${own}, ${own}`, ":!:"])
      assertRefused(await ask({ client_id }, { "client-cert": wrong }), 400, "invalid_request");
  });

  test("A client with a self-signed certificate logs a user in, and its tokens are of no use without the certificate", async () => {
    const id = "self-signed-tls-app";
    const certificate = { "client-cert": clientCert(id) };
    const code = await demo.code(id, { redirect_uri });
    const other = { "client-cert": clientCert("tls-service") };
    assertRefused(
      await demo.post(form({ ...code, client_id: id }), { ...type, ...other }),
      401,
      "invalid_client",
    );
    const answer = await demo.post(form({ ...code, client_id: id }), { ...type, ...certificate });
    assert.equal(answer.json().token_type, "Bearer", answer.text);
    const { access_token: token } = answer.json();
    assert.equal((await userinfo(token, certificate)).json().sub, "user-1");
    for (const headers of [{}, other, { "client-cert": "x" }]) {
      const refused = await userinfo(token, headers);
      assertRefused(refused, 401, "invalid_token");
      assert.match(refused.headers.get("www-authenticate"), /Bearer .*error="invalid_token"/);
    }
    const authorization = basic("resource-server", "resource-server-demo-secret");
    const state = await exchange(origin, {
      method: "POST",
      path: "/introspect",
      headers: { ...type, authorization },
      body: form({ token }),
    });
    const { raw } = new X509Certificate(demoKeys.certificates[id].certificate);
    const digest = Buffer.from(await crypto.subtle.digest("SHA-256", raw)).toString("base64url");
    assert.deepEqual(state.json().cnf, { "x5t#S256": digest });
  });

  test("A certificate that cannot be read is refused, and otherwise changes nothing for a client with a secret", async () => {
    const authorization = basic("service", "service-demo-secret");
    const answer = await ask({}, { authorization, "client-cert": clientCert("tls-service") });
    assert.equal(answer.status, 200, answer.text);
    assertRefused(await ask({}, { authorization, "client-cert": "x" }), 400, "invalid_request");
  });

  test("An attested installation gets a token with a challenge of the server, and without one is given it", async () => {
    const id = "attested-app";
    const attested = async (challenge, client = id) =>
      ask({ client_id: id }, await attestation(client, origin, challenge));
    const answer = await attested(await freshChallenge());
    assert.equal(answer.json().token_type, "Bearer", answer.text);
    const without = await attested(undefined);
    assertRefused(without, 400, "use_attestation_challenge");
    const given = without.headers.get("oauth-client-attestation-challenge");
    assert.equal((await attested(given)).status, 200);
    assert.equal((await attested(given, "spa")).status, 401);
    assertRefused(await ask({ client_id: id }), 401, "invalid_client");
  });

  test("Challenges are for everyone, by POST only", async () => {
    assert.notEqual(await freshChallenge(), undefined);
    const answer = await exchange(origin, { path: "/challenge" });
    assert.deepEqual([answer.status, answer.headers.get("allow")], [405, "POST, OPTIONS"]);
  });

  test("Both discovery documents name every method, the algorithms, and the challenge endpoint", async () => {
    for (const name of ["openid-configuration", "oauth-authorization-server"]) {
      const metadata = (await exchange(origin, { path: `/.well-known/${name}` })).json();
      const methods = demoConfig(origin).clients.map((client) => client.token_endpoint_auth_method);
      assert.equal(new Set(methods).size, 8);
      for (const method of new Set(methods))
        assert.ok(metadata.token_endpoint_auth_methods_supported.includes(method), method);
      for (const algorithms of [
        metadata.dpop_signing_alg_values_supported,
        metadata.token_endpoint_auth_signing_alg_values_supported,
        metadata.client_attestation_signing_alg_values_supported,
        metadata.client_attestation_pop_signing_alg_values_supported,
      ])
        assert.ok(algorithms.includes("ES256"));
      assert.equal(metadata.tls_client_certificate_bound_access_tokens, true);
      assert.equal(metadata.challenge_endpoint, `${origin}/challenge`);
    }
  });

  test("The demo's keys can be downloaded, and are those of the registered clients and of the attester", async () => {
    const download = async (name, host) => {
      const path = `/demo/keys/${name}`;
      const { status, text } = await exchange(origin, { path, ...(host && { headers: { host } }) });
      return status === 200 ? text.trim() : status;
    };
    const { service, clients } = demoConfig(origin);
    const named = (id) => clients.find(({ client_id }) => client_id === id);
    const publicPart = ({ d, ...rest }) => {
      assert.ok(d);
      return rest;
    };
    const json = async (name) => JSON.parse(await download(`${name}.jwk.json`));
    const [own] = named("private-key-jwt-app").jwks.keys;
    assert.deepEqual(publicPart(await json("private-key-jwt-app")), own);
    assert.deepEqual(publicPart(await json("attester")), service.clientAttesterJwks.keys[0]);
    for (const id of ["tls-service", "self-signed-tls-app"]) {
      const certificate = new X509Certificate(await download(`${id}.cert.pem`));
      assert.ok(certificate.checkPrivateKey(createPrivateKey(await download(`${id}.key.pem`))));
      assert.ok(Date.parse(certificate.validTo) > Date.parse("2100-01-01"));
      assert.equal(await download(`${id}.client-cert`), clientCert(id));
    }
    const selfSigned = new X509Certificate(await download("self-signed-tls-app.cert.pem"));
    const { x5c: _, ...jwk } = named("self-signed-tls-app").jwks.keys[0];
    assert.ok(createPublicKey({ key: jwk, format: "jwk" }).equals(selfSigned.publicKey));
    const authority = new X509Certificate(service.trustedRootCertificates[0]);
    const issued = new X509Certificate(await download("tls-service.cert.pem"));
    assert.ok(issued.verify(authority.publicKey));
    assert.equal(
      issued.subject.split("\n").reverse().join(","),
      named("tls-service").tls_client_auth_subject_dn,
    );
    assert.equal(await download("demo-authority.key.pem"), 404);
    assert.equal(await download("../demo-keys.json"), 404);
    assert.equal(await download("attester.jwk.json", "auth.example.com"), 404);
  });
}
