// What must hold of clients whose instances are attested (attest_jwt_client_auth), with keys of
// WebCrypto, whichever way a token request takes to the engine.
import { deepEqual, equal, ok } from "../support/assert.mjs";
import { authority, certificateOf, keyOf, keyUsage } from "../support/certificates.mjs";
import { hasAlgorithm } from "../support/features.mjs";
import { algorithms, base64url, keyPair } from "./assertions.mjs";
import { redeem, refresh, ways } from "./ways.mjs";

const issuer = "https://as.example";
const redirectUri = "https://app.example/callback";
const challengeEndpoint = `${issuer}/challenge`;
const challengeHeader = "oauth-client-attestation-challenge";
const machine = { grant_type: "client_credentials" };

const now = () => Math.floor(Date.now() / 1000);

async function jwt({ alg, privateKey }, header, claims) {
  const text = (part) => new TextEncoder().encode(part);
  const input = [{ alg, ...header }, claims]
    .map((part) => base64url(text(JSON.stringify(part))))
    .join(".");
  const signature = await crypto.subtle.sign(algorithms[alg], privateKey, text(input));
  return `${input}.${base64url(new Uint8Array(signature))}`;
}

/** The attestation of an instance's key, by an attester. */
const attestation = (attester, { jwk }, header = {}) =>
  jwt(
    attester,
    { typ: "oauth-client-attestation+jwt", ...header },
    { sub: "wallet", exp: now() + 600, cnf: { jwk } },
  );

/** A fresh proof of an instance, with other claims. */
const proof = (instance, more = {}) =>
  jwt(
    instance,
    { typ: "oauth-client-attestation-pop+jwt" },
    { aud: issuer, jti: crypto.randomUUID(), iat: now(), ...more },
  );

const headersOf = (attested, proved) => ({
  "oauth-client-attestation": attested,
  "oauth-client-attestation-pop": proved,
});

export function behaviours({ pkg, enginePkg }) {
  const { AuthleteClient, handleTokenRequest } = pkg;

  const engineOf = (attester, service = {}, client = {}) =>
    enginePkg.createEngine({
      service: { serviceId: "1", bearer: "b", issuer, ...service },
      clients: [
        {
          client_id: "wallet",
          token_endpoint_auth_method: "attest_jwt_client_auth",
          client_attester_jwks: attester && { keys: [attester.jwk] },
          grant_types: ["authorization_code", "refresh_token", "client_credentials"],
          redirect_uris: [redirectUri],
          id_token_signed_response_alg: "ES256",
          ...client,
        },
        {
          client_id: "app",
          token_endpoint_auth_method: "none",
          redirect_uris: [redirectUri],
          id_token_signed_response_alg: "ES256",
        },
      ],
    });

  const clientOf = (engine, way = "direct") =>
    new AuthleteClient({ serviceId: "1", bearer: "b", ...ways[way](engine) });

  const post = (authlete, headers, parameters = machine) =>
    handleTokenRequest(
      new Request(`${issuer}/token`, {
        method: "POST",
        headers,
        body: new URLSearchParams(parameters),
      }),
      { authlete },
    );

  const errorOf = async (response) => (await response.json()).error;

  return {
    async "an attested instance gets tokens, once for each proof"() {
      const supported = [];
      for (const [alg, parameters] of Object.entries(algorithms))
        if (await hasAlgorithm(parameters)) supported.push(alg);
      for (const alg of supported) {
        const [attester, instance] = await Promise.all([keyPair(alg), keyPair(alg)]);
        const engine = await engineOf(attester);
        const attested = await attestation(attester, instance);
        for (const way of Object.keys(ways)) {
          const authlete = clientOf(engine, way);
          const headers = headersOf(attested, await proof(instance));
          const response = await post(authlete, headers);
          equal(response.status, 200, `${alg}, ${way}: status`);
          ok((await response.json()).access_token, `${alg}, ${way}: an access token`);
          equal(response.headers.get(challengeHeader), null, `${alg}, ${way}: a challenge`);
          const again = await post(authlete, headers);
          equal(again.status, 401, `${alg}, ${way}: status of a replay`);
        }
        const stranger = await keyPair(alg);
        for (const [attested, proved] of [
          [await attestation(stranger, instance), await proof(instance)],
          [await attestation(attester, instance), await proof(stranger)],
        ]) {
          const refused = await post(clientOf(engine), headersOf(attested, proved));
          equal(refused.status, 401, `${alg}: status for a stranger`);
          equal(await errorOf(refused), "invalid_client", `${alg}: error for a stranger`);
        }
      }
    },

    async "a proof is accepted in only one of twenty requests at the same time"() {
      const [attester, instance] = await Promise.all([keyPair("ES256"), keyPair("ES256")]);
      const authlete = clientOf(await engineOf(attester));
      const headers = headersOf(await attestation(attester, instance), await proof(instance));
      const responses = await Promise.all(
        Array.from({ length: 20 }, () => post(authlete, headers)),
      );
      deepEqual(
        responses.map(({ status }) => status).sort(),
        [200, ...Array(19).fill(401)],
        "statuses",
      );
    },

    async "a challenge is asked for, and every answer to a client has the next one"() {
      const [attester, instance] = await Promise.all([keyPair("ES256"), keyPair("ES256")]);
      const engine = await engineOf(attester, {
        challengeEndpoint,
        attestationChallengeTimeWindow: 86_400,
      });
      equal((await engine.metadata()).challenge_endpoint, challengeEndpoint, "metadata");
      const attested = await attestation(attester, instance);
      const { attestation_challenge: challenge } = await engine.attestationChallenge();
      for (const way of Object.keys(ways)) {
        const authlete = clientOf(engine, way);
        for (const more of [{}, { challenge: "other" }]) {
          const asks = await post(authlete, headersOf(attested, await proof(instance, more)));
          equal(asks.status, 400, `${way}: status`);
          equal(asks.headers.get(challengeHeader), challenge, `${way}: challenge of a refusal`);
          equal(await errorOf(asks), "use_attestation_challenge", `${way}: error`);
        }
        const headers = headersOf(attested, await proof(instance, { challenge }));
        const good = await post(authlete, headers);
        equal(good.status, 200, `${way}: status with a challenge`);
        equal(good.headers.get(challengeHeader), challenge, `${way}: challenge of a success`);
      }
    },

    async "without a challenge endpoint there is no challenge"() {
      const engine = await engineOf(await keyPair("ES256"));
      const error = await engine.attestationChallenge().catch((thrown) => thrown);
      equal(error.code, "ERR_AUTHLETE_CONFIG", "code");
      ok(error.message.startsWith("service.challengeEndpoint: "), error.message);
    },

    async "a refresh token is good for the instance that got it"() {
      const [attester, instance, other] = await Promise.all(
        Array.from({ length: 3 }, () => keyPair("ES256")),
      );
      const engine = await engineOf(attester);
      const authlete = clientOf(engine);
      const ask = async (of, parameters) =>
        post(authlete, headersOf(await attestation(attester, of), await proof(of)), parameters);
      const { code } = await engine.issueAuthorizationCode({
        client_id: "wallet",
        subject: "user-1",
        redirect_uri: redirectUri,
        code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        code_challenge_method: "S256",
      });
      const { refresh_token } = await (await ask(instance, redeem(code))).json();
      const stolen = await ask(other, refresh(refresh_token));
      equal(stolen.status, 400, "status for another instance");
      equal(await errorOf(stolen), "invalid_grant", "error for another instance");
      equal((await ask(instance, refresh(refresh_token))).status, 200, "status");
    },

    async "an attestation is never ignored, whatever the client"() {
      const [attester, instance] = await Promise.all([keyPair("ES256"), keyPair("ES256")]);
      const engine = await engineOf(attester);
      const headers = headersOf(await attestation(attester, instance), await proof(instance));
      const { code } = await engine.issueAuthorizationCode({
        client_id: "app",
        subject: "user-1",
        redirect_uri: redirectUri,
        code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        code_challenge_method: "S256",
      });
      const twice = new Headers(headers);
      twice.append("oauth-client-attestation-pop", await proof(instance));
      const { "oauth-client-attestation": attested, "oauth-client-attestation-pop": proved } =
        headers;
      for (const [sent, status] of [
        [headers, 401],
        [{ "oauth-client-attestation": attested }, 400],
        [{ "oauth-client-attestation-pop": proved }, 400],
        [twice, 400],
        [{ ...headers, authorization: `Basic ${btoa("wallet:x")}` }, 400],
      ]) {
        for (const way of Object.keys(ways)) {
          const response = await post(
            clientOf(engine, way),
            sent,
            redeem(code, { client_id: "app" }),
          );
          equal(response.status, status, `${way}: status`);
        }
      }
      const response = await post(clientOf(engine), {}, redeem(code, { client_id: "app" }));
      equal(response.status, 200, "status without it");
    },

    async "an attester is known by a certificate of a trusted root"() {
      const [rootKey, attesterKey, instance] = await Promise.all([
        keyOf(),
        keyOf(),
        keyPair("ES256"),
      ]);
      const name = (common) => [["2.5.4.3", common]];
      const [root, stranger] = await Promise.all(
        [rootKey, await keyOf()].map((key) =>
          certificateOf({ key, subject: name("Root"), extensions: authority() }),
        ),
      );
      const attester = { alg: "ES256", privateKey: attesterKey.privateKey };
      const engine = await engineOf(undefined, {
        clientAttesterRoots: [root.pem],
        clientAttesterRootsEnabled: true,
        clientAttesterRootsOnly: true,
      });
      for (const [issuer, status] of [
        [root, 200],
        [stranger, 401],
      ]) {
        const certificate = await certificateOf({
          key: attesterKey,
          subject: name("Attester"),
          issuer,
          extensions: [keyUsage(0)],
        });
        const attested = await attestation(attester, instance, { x5c: [certificate.base64] });
        const headers = headersOf(attested, await proof(instance));
        equal((await post(clientOf(engine), headers)).status, status, "status");
      }
      const bare = headersOf(await attestation(attester, instance), await proof(instance));
      equal((await post(clientOf(engine), bare)).status, 401, "status without a certificate");
    },

    async "an attested client revokes its tokens"() {
      const [attester, instance] = await Promise.all([keyPair("ES256"), keyPair("ES256")]);
      const engine = await engineOf(attester, { challengeEndpoint });
      const attested = await attestation(attester, instance);
      const revoke = async (token, more) =>
        engine.handleRevocationRequest(
          new Request(`${issuer}/revoke`, {
            method: "POST",
            headers: headersOf(attested, await proof(instance, more)),
            body: new URLSearchParams({ token }),
          }),
        );
      const { attestation_challenge: challenge } = await engine.attestationChallenge();
      const headers = headersOf(attested, await proof(instance, { challenge }));
      const { access_token } = await (await post(clientOf(engine), headers)).json();
      const asks = await revoke(access_token);
      equal(asks.status, 400, "status");
      equal((await engine.introspect(access_token)).active, true, "active");
      const given = asks.headers.get(challengeHeader);
      equal((await revoke(access_token, { challenge: given })).status, 200, "status");
      equal((await engine.introspect(access_token)).active, false, "active");
    },
  };
}
