// What must hold of clients that prove to have a key (DPoP, RFC 9449) with WebCrypto, at the token
// endpoint and at a protected resource.
import { deepEqual, equal, ok, rejection } from "../support/assert.mjs";
import { hasAlgorithm } from "../support/features.mjs";
import { algorithms, keyPair } from "./assertions.mjs";
import { hash, proofOf, publicJwk, thumbprint } from "./dpop.mjs";
import { ways } from "./ways.mjs";

const issuer = "https://as.example";
const resource = "https://api.example/orders";
const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const config = {
  service: { serviceId: "1", bearer: "b", issuer },
  clients: [
    { client_id: "service", client_secret: "secret", grant_types: ["client_credentials"] },
    {
      client_id: "spa",
      token_endpoint_auth_method: "none",
      redirect_uris: ["https://app.example/callback"],
      grant_types: ["authorization_code", "refresh_token"],
    },
  ],
};
const machine = { grant_type: "client_credentials", client_id: "service" };

export function behaviours({ pkg, enginePkg }) {
  const { AuthleteClient, authToken, handleTokenRequest } = pkg;
  const start = (service = {}, options = {}) =>
    enginePkg.createEngine({ ...config, service: { ...config.service, ...service } }, options);
  const clientOf = (engine, way = "direct") =>
    new AuthleteClient({ serviceId: "1", bearer: "b", ...ways[way](engine) });

  /** The response of the endpoint to a token request with this proof. */
  const ask = (engine, parameters, proof, { way, ...options } = {}) =>
    handleTokenRequest(
      new Request(`${issuer}/token`, {
        method: "POST",
        headers: {
          ...(parameters.client_id === "service" && {
            authorization: `Basic ${btoa("service:secret")}`,
          }),
          ...(proof !== undefined && { dpop: proof }),
        },
        body: new URLSearchParams(parameters),
      }),
      { authlete: clientOf(engine, way), ...options },
    );
  const code = (engine, more) =>
    engine.issueAuthorizationCode({
      client_id: "spa",
      subject: "user-1",
      code_challenge: challenge,
      code_challenge_method: "S256",
      ...more,
    });
  const redeem = ({ code }) => ({
    grant_type: "authorization_code",
    client_id: "spa",
    code_verifier: verifier,
    code,
  });
  const refresh = ({ refresh_token }) => ({
    grant_type: "refresh_token",
    client_id: "spa",
    refresh_token,
  });
  const good = async (response) => {
    const body = await response.json();
    equal(response.status, 200, `status (${body.error_description})`);
    return body;
  };
  const refused = async (response, error) => {
    equal(response.status, 400, "status");
    equal((await response.json()).error, error, "error");
    return response;
  };

  return {
    async "a proof with each algorithm binds the token to its key, whichever way the request takes"() {
      const algs = [];
      for (const [alg, parameters] of Object.entries(algorithms))
        if (await hasAlgorithm(parameters)) algs.push(alg);
      const engine = await start();
      for (const alg of algs) {
        const pair = await keyPair(alg);
        for (const way of Object.keys(ways)) {
          const answer = await good(await ask(engine, machine, await proofOf(pair), { way }));
          equal(answer.token_type, "DPoP", `${alg}, ${way}: type`);
          const { token_type, cnf } = await engine.introspect(answer.access_token);
          deepEqual(
            { token_type, cnf },
            { token_type: "DPoP", cnf: { jkt: await thumbprint(pair) } },
            alg,
          );
        }
      }
    },

    async "a proof that is used twice, forged, or for something else is refused, whichever way it takes"() {
      const engine = await start();
      const [pair, other] = await Promise.all([keyPair("ES256"), keyPair("ES256")]);
      for (const way of Object.keys(ways)) {
        const proof = await proofOf(pair);
        await good(await ask(engine, machine, proof, { way }));
        const forged = await proofOf({ ...pair, privateKey: other.privateKey });
        const offCurve = { ...pair, jwk: { ...pair.jwk, y: pair.jwk.x } };
        for (const wrong of [
          proof,
          `${proof}, ${proof}`,
          forged,
          await proofOf(offCurve),
          await proofOf({ ...pair, alg: "ES256", jwk: pair.privateJwk }).then((jwt) => `${jwt}A`),
          await proofOf(pair, { htm: "GET" }),
          await proofOf(pair, { htu: "https://evil.example/token" }),
          await proofOf(pair, { iat: Math.floor(Date.now() / 1000) - 3600 }),
          "",
          "x",
        ])
          await refused(await ask(engine, machine, wrong, { way }), "invalid_dpop_proof");
      }
    },

    async "of twenty requests at the same time with one proof, one gets a token"() {
      const engine = await start();
      const proof = await proofOf(await keyPair("ES256"));
      const responses = await Promise.all(
        Array.from({ length: 20 }, () => ask(engine, machine, proof)),
      );
      deepEqual(
        responses.map(({ status }) => status).sort(),
        [200, ...Array(19).fill(400)],
        "statuses",
      );
    },

    async "the URL of the proof is the endpoint's option tokenEndpoint, where there is one"() {
      const engine = await start();
      const pair = await keyPair("ES256");
      const tokenEndpoint = "https://public.example/oauth/token";
      const proof = await proofOf(pair, { htu: tokenEndpoint });
      await refused(await ask(engine, machine, proof), "invalid_dpop_proof");
      await good(await ask(engine, machine, proof, { tokenEndpoint }));
    },

    async "a public client refreshes with its key only, and a refused refresh spends nothing"() {
      const engine = await start();
      const [pair, other] = await Promise.all([keyPair("ES256"), keyPair("RS256")]);
      const first = await good(await ask(engine, redeem(await code(engine)), await proofOf(pair)));
      await refused(await ask(engine, refresh(first)), "invalid_grant");
      await refused(await ask(engine, refresh(first), await proofOf(other)), "invalid_grant");
      const second = await good(await ask(engine, refresh(first), await proofOf(pair)));
      equal(second.token_type, "DPoP", "type");
    },

    async "a code that was asked for with dpop_jkt is good for that key only"() {
      const engine = await start();
      const [pair, other] = await Promise.all([keyPair("ES256"), keyPair("ES256")]);
      const checked = await engine.checkAuthorization(
        new URLSearchParams({
          response_type: "code",
          client_id: "spa",
          code_challenge: challenge,
          code_challenge_method: "S256",
          dpop_jkt: await thumbprint(pair),
        }),
      );
      equal(checked.accepted, true, "accepted");
      const issued = await code(engine, checked.code);
      await refused(await ask(engine, redeem(issued)), "invalid_grant");
      await refused(await ask(engine, redeem(issued), await proofOf(other)), "invalid_grant");
      await good(await ask(engine, redeem(issued), await proofOf(pair)));
    },

    async "where nonces are required, the client gets one with the error and with the tokens, and loses nothing"() {
      for (const way of Object.keys(ways)) {
        const engine = await start({ dpopNonceRequired: true });
        const pair = await keyPair("ES256");
        const issued = await code(engine);
        const asked = await ask(engine, redeem(issued), await proofOf(pair), { way });
        await refused(asked, "use_dpop_nonce");
        const nonce = asked.headers.get("dpop-nonce");
        ok(nonce, "a nonce beside the error");
        const answer = await ask(engine, redeem(issued), await proofOf(pair, { nonce }), { way });
        ok(answer.headers.get("dpop-nonce"), "a nonce beside the tokens");
        await good(answer);
        const without = await ask(engine, machine, undefined, { way });
        equal(without.headers.get("dpop-nonce"), null, "the nonce without a proof");
        await good(without);
      }
    },

    async "a call of the API asks for a nonce with dpopNonceRequired, and its answer has it"() {
      const engine = await start();
      const authlete = clientOf(engine);
      const pair = await keyPair("ES256");
      const request = {
        parameters: "grant_type=client_credentials",
        clientId: "service",
        clientSecret: "secret",
        dpopNonceRequired: true,
      };
      const asked = await authToken(authlete, { ...request, dpop: await proofOf(pair) });
      equal(asked.resultCode, "A254307", "result code");
      const nonce = asked.dpopNonce;
      const answer = await authToken(authlete, {
        ...request,
        dpop: await proofOf(pair, { nonce }),
      });
      deepEqual([answer.action, answer.dpopNonce], ["OK", nonce], "answer");
    },

    async "a protected resource accepts a bound token with a proof for it, once, and in no other way"() {
      const engine = await start();
      const [pair, other] = await Promise.all([keyPair("ES256"), keyPair("ES256")]);
      const { access_token: token } = await good(await ask(engine, machine, await proofOf(pair)));
      const claims = { htm: "GET", htu: resource, ath: await hash(token) };
      const request = { token, scheme: "DPoP", htm: "GET", htu: `${resource}?page=2` };
      const verify = async (pair, more) =>
        engine.verifyAccess({ ...request, dpop: await proofOf(pair, claims), ...more });
      const dpop = await proofOf(pair, claims);
      const verdict = await engine.verifyAccess({ ...request, dpop });
      deepEqual(verdict, { accepted: true, token: await engine.introspect(token) }, "verdict");
      const errors = [
        await engine.verifyAccess({ ...request, dpop }),
        await verify(other),
        await verify(pair, { scheme: "Bearer" }),
        await verify(pair, { dpop: null }),
        await verify(pair, { htm: "POST" }),
        await verify(pair, { token: "unknown" }),
        await verify(pair, { dpopNonceRequired: true }),
      ];
      deepEqual(
        errors.map(({ accepted, error, dpopNonce }) => [accepted, error, typeof dpopNonce]),
        [
          [false, "invalid_dpop_proof", "undefined"],
          [false, "invalid_token", "undefined"],
          [false, "invalid_token", "undefined"],
          [false, "invalid_dpop_proof", "undefined"],
          [false, "invalid_dpop_proof", "undefined"],
          [false, "invalid_token", "undefined"],
          [false, "use_dpop_nonce", "string"],
        ],
        "errors",
      );
      const { challenge, message } = errors[0];
      ok(new Headers({ "www-authenticate": challenge }), "the challenge fits into a header");
      ok(
        challenge.startsWith(
          `DPoP error="invalid_dpop_proof", error_description="${message}", algs="ES256 `,
        ),
        challenge,
      );
      const { access_token: bearer } = await good(await ask(engine, machine));
      const plain = { token: bearer, scheme: "Bearer", htm: "GET", htu: resource };
      equal((await engine.verifyAccess(plain)).accepted, true, "a bearer token");
      equal(
        (await engine.verifyAccess({ ...plain, scheme: "DPoP" })).error,
        "invalid_token",
        "as DPoP",
      );
    },

    async "a wrong parameter of verifyAccess is an error that names it"() {
      const engine = await start();
      const request = { token: "t", scheme: "Bearer", htm: "GET", htu: resource };
      for (const [more, name] of [
        [{ token: undefined }, "token"],
        [{ scheme: null }, "scheme"],
        [{ htu: new URL(resource).searchParams }, "htu"],
        [{ dpopNonceRequired: "yes" }, "dpopNonceRequired"],
      ]) {
        const error = await rejection(engine.verifyAccess({ ...request, ...more }));
        equal(error.code, "ERR_AUTHLETE_REQUEST_INVALID", name);
        ok(error.message.startsWith(`${name}: `), error.message);
      }
      const reason = new Error("broken");
      equal(
        await rejection(enginePkg.failedEngine(reason).verifyAccess(request)),
        reason,
        "reason",
      );
    },

    async "a proof never shows a private key: one that does is refused"() {
      const engine = await start();
      const pair = await keyPair("ES256");
      const { d } = pair.privateJwk;
      const leaky = await proofOf(pair);
      const [header, ...rest] = leaky.split(".");
      ok(
        !atob(header.replaceAll("-", "+").replaceAll("_", "/")).includes('"d"'),
        "no private part",
      );
      const decoded = { typ: "dpop+jwt", alg: "ES256", jwk: { ...publicJwk(pair), d } };
      const swapped = [btoa(JSON.stringify(decoded)).replaceAll("=", ""), ...rest].join(".");
      const response = await refused(await ask(engine, machine, swapped), "invalid_dpop_proof");
      ok(!response.headers.get("www-authenticate"), "no challenge");
    },
  };
}
