// What must hold of clients that sign assertions with WebCrypto (`private_key_jwt` and
// `client_secret_jwt`), through the engine's `fetch` and through the endpoint.
import { deepEqual, equal, ok } from "../support/assert.mjs";
import { hasAlgorithm } from "../support/features.mjs";
import {
  algorithms,
  assertionOf as assertion,
  base64url,
  keyPair as pair,
  macAlgorithms,
  sharedSecret,
} from "./assertions.mjs";

const issuer = "https://as.example";
const type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
export function behaviours({ pkg, enginePkg }) {
  const { AuthleteClient, authToken, handleTokenRequest } = pkg;
  /** The algorithms that this platform has: all but these two are everywhere. */
  async function supported() {
    const there = [];
    for (const [alg, parameters] of Object.entries(algorithms)) {
      const has = await hasAlgorithm(parameters);
      ok(has || ["ES512", "EdDSA"].includes(alg), `${alg} on this platform`);
      if (has) there.push(alg);
    }
    return there;
  }

  async function start(keys, onEvent, more = []) {
    const clients = [
      {
        client_id: "service",
        token_endpoint_auth_method: "private_key_jwt",
        jwks: { keys },
        grant_types: ["client_credentials"],
      },
      { client_id: "web", client_secret: "web-secret", grant_types: ["client_credentials"] },
      ...more,
    ];
    const engine = await enginePkg.createEngine(
      { service: { serviceId: "1", bearer: "b", issuer }, clients },
      { onEvent },
    );
    const fetch = (url, init) => engine.fetch(new Request(url, init));
    return new AuthleteClient({
      serviceId: "1",
      bearer: "b",
      serverURL: "http://localhost",
      fetch,
    });
  }

  const parameters = (value) =>
    new URLSearchParams({
      grant_type: "client_credentials",
      client_assertion: value,
      client_assertion_type: type,
    });
  const ask = (authlete, value) =>
    authToken(authlete, { parameters: parameters(value).toString() });
  const post = (authlete, value) =>
    handleTokenRequest(
      new Request(`${issuer}/token`, { method: "POST", body: parameters(value) }),
      { authlete },
    );

  return {
    async "a client authenticates with an assertion of each algorithm"() {
      for (const alg of await supported()) {
        const key = await pair(alg);
        const authlete = await start([key.jwk]);
        const { action, clientAuthMethod } = await ask(authlete, await assertion(key));
        deepEqual(
          { alg, action, clientAuthMethod },
          { alg, action: "OK", clientAuthMethod: "PRIVATE_KEY_JWT" },
          "answer",
        );
        const response = await post(authlete, await assertion(key, { aud: `${issuer}/token` }));
        equal(response.status, 200, `${alg}: status`);
        ok((await response.json()).access_token, `${alg}: an access token`);
      }
    },

    async "a client authenticates with a MAC by its secret, and by no other secret or algorithm"() {
      // As many bytes as the longest hash, of all characters that a secret may have.
      const secret = String.fromCharCode(...Array.from({ length: 64 }, (_, i) => 0x20 + i));
      const key = await pair("ES256");
      const events = [];
      const authlete = await start([key.jwk], (event) => events.push(event), [
        {
          client_id: "mac",
          client_secret: secret,
          token_endpoint_auth_method: "client_secret_jwt",
          grant_types: ["client_credentials"],
        },
      ]);
      const claims = { iss: "mac", sub: "mac" };
      for (const alg of Object.keys(macAlgorithms)) {
        const good = await assertion(await sharedSecret(alg, secret), claims);
        equal((await post(authlete, good)).status, 200, `${alg}: status`);
        const wrong = [
          good,
          await assertion(await sharedSecret(alg, `${secret.slice(1)}x`), claims),
          await assertion(await sharedSecret(alg, JSON.stringify(key.jwk))),
          await assertion(await sharedSecret(alg, "nobody's"), { iss: "nobody", sub: "nobody" }),
          `${good.split(".").slice(0, 2).join(".")}.AAAA`,
        ];
        for (const value of wrong)
          equal((await post(authlete, value)).status, 401, `${alg}: status of a wrong one`);
      }
      equal(
        (await post(authlete, await assertion(key, claims))).status,
        401,
        "status of a signature",
      );
      deepEqual(events, [], "failures of the platform");
    },

    async "an assertion is accepted in only one of twenty requests at the same time"() {
      const key = await pair("ES256");
      const authlete = await start([key.jwk]);
      const value = await assertion(key);
      const responses = await Promise.all(Array.from({ length: 20 }, () => post(authlete, value)));
      deepEqual(
        responses.map(({ status }) => status).sort(),
        [200, ...Array(19).fill(401)],
        "statuses",
      );
      equal((await ask(authlete, value)).resultCode, "A157398", "result code");
    },

    async "whatever is wrong with an assertion, the client's answer is the same"() {
      const events = [];
      const [key, other] = await Promise.all([pair("ES256"), pair("RS256")]);
      // A point that is not on the curve, which only the platform can detect.
      const point = {
        kty: "EC",
        crv: "P-256",
        x: base64url(new Uint8Array(32).fill(1)),
        y: base64url(new Uint8Array(32).fill(1)),
      };
      const authlete = await start(
        [{ ...key.jwk, kid: "another" }, point, { ...point, kid: "ES256" }, other.jwk],
        (event) => events.push(event),
      );
      const changed = async (pair, more) => {
        const [header, , signature] = (await assertion(pair)).split(".");
        return [header, (await assertion(pair, more)).split(".")[1], signature].join(".");
      };
      // A length that no signature has: some platforms throw.
      const short = await Promise.all(
        (await supported()).map(async (alg) => {
          const [, payload] = (await assertion(key)).split(".");
          return `${base64url(new TextEncoder().encode(JSON.stringify({ alg })))}.${payload}.AAAA`;
        }),
      );
      const wrong = [
        await assertion(key),
        await changed(other, { sub: "service" }),
        await assertion(other, { iss: "web", sub: "web" }),
        await assertion(other, { iss: "nobody", sub: "nobody" }),
        await assertion(other, { exp: 1 }),
        await assertion(other, { aud: "https://evil.example" }),
        `${await assertion(other)}\n`,
        "e30.e30.e30",
        ...short,
      ];
      const told = new Set();
      for (const value of wrong) {
        const response = await post(authlete, value);
        equal(response.status, 401, "status");
        told.add(await response.text());
      }
      equal(told.size, 1, "different answers");
      ok([...told][0].includes('"invalid_client"'), "the error");
      deepEqual(events, [], "failures of the platform");
      equal((await post(authlete, await assertion(other))).status, 200, "status of a good one");
    },

    async "an invalid key is refused when the engine is made, and the error has its path"() {
      const { jwk } = await pair("ES256");
      const message = async (keys) => {
        try {
          await start(keys);
        } catch (error) {
          return `${error.code} ${error.message}`;
        }
      };
      equal(
        await message([jwk, { ...jwk, x: "AA" }]),
        "ERR_AUTHLETE_CONFIG clients[0].jwks.keys[1].x: expected 32 bytes",
        "error",
      );
      equal(
        await message([]),
        "ERR_AUTHLETE_CONFIG clients[0].jwks: has no key for a supported algorithm",
        "error",
      );
    },
  };
}
