// What must hold of clients whose keys are at a `jwks_uri`: how the engine fetches them, and what
// clients and operators learn if it can't.
import { deepEqual, equal, ok } from "../support/assert.mjs";
import { assertionOf, keyPair } from "./assertions.mjs";

const issuer = "https://as.example";
const uri = "https://client.example/jwks.json";

export function behaviours({ pkg, enginePkg }) {
  const { AuthleteClient, authToken, handleTokenRequest } = pkg;

  /** An engine with one client. `seen` has its events; `clock.now` is its time. */
  async function start(fetch) {
    const seen = [];
    const clock = { now: Date.now() };
    const engine = await enginePkg.createEngine(
      {
        service: { serviceId: "1", bearer: "b", issuer },
        clients: [
          {
            client_id: "service",
            token_endpoint_auth_method: "private_key_jwt",
            jwks_uri: uri,
            grant_types: ["client_credentials"],
          },
        ],
      },
      { fetch, now: () => clock.now, onEvent: (event, { error }) => seen.push({ event, error }) },
    );
    const service = { serviceId: "1", bearer: "b" };
    const direct = new AuthleteClient({ ...service, engine });
    const overHttp = new AuthleteClient({
      ...service,
      serverURL: "http://localhost",
      fetch: (url, init) => engine.fetch(new Request(url, init)),
    });
    return { engine, seen, clock, direct, overHttp };
  }

  const parameters = (assertion) =>
    new URLSearchParams({
      grant_type: "client_credentials",
      client_assertion: assertion,
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    });
  const post = (authlete, assertion) =>
    handleTokenRequest(
      new Request(`${issuer}/token`, { method: "POST", body: parameters(assertion) }),
      { authlete },
    );
  const jwks = (...pairs) => JSON.stringify({ keys: pairs.map(({ jwk }) => jwk) });
  const never = () => new Promise(() => {});

  /** Asserts that the client is told to come back, and returns what the operator is told. */
  async function unavailable({ seen }, authlete, assertion) {
    seen.length = 0;
    const response = await post(authlete, assertion);
    equal(response.status, 503, "status");
    deepEqual(await response.json(), { error: "temporarily_unavailable" }, "body");
    return seen.splice(0);
  }

  return {
    async "the keys at a jwks_uri are fetched by a plain GET, once"() {
      const key = await keyPair("ES256");
      const calls = [];
      const started = await start(function (...values) {
        calls.push([this, ...values]);
        return Promise.resolve(new Response(jwks(key)));
      });
      for (const authlete of [started.direct, started.overHttp])
        equal((await post(authlete, await assertionOf(key))).status, 200, "status");
      equal(calls.length, 1, "fetches");
      const [self, url, { method, headers, redirect, signal, ...more }] = calls[0];
      deepEqual(
        { self, url, method, headers, redirect, more },
        {
          self: undefined,
          url: uri,
          method: "GET",
          headers: { accept: "application/json, application/jwk-set+json" },
          redirect: "manual",
          more: {},
        },
        "call",
      );
      ok(signal instanceof AbortSignal, "signal");
      deepEqual(started.seen, [], "events");
    },

    async "without the option, the keys are fetched with the global fetch of that moment"() {
      const key = await keyPair("ES256");
      const { direct } = await start(undefined);
      const real = globalThis.fetch;
      const urls = [];
      globalThis.fetch = async (url) => {
        urls.push(url);
        return new Response(jwks(key));
      };
      try {
        equal((await post(direct, await assertionOf(key))).status, 200, "status");
      } finally {
        globalThis.fetch = real;
      }
      deepEqual(urls, [uri], "URLs");
    },

    async "a client that replaces its key gets in with the new one, and soon not with the old one"() {
      const [old, fresh] = [await keyPair("ES256"), await keyPair("RS256")];
      let published = jwks(old);
      let fetches = 0;
      const { direct, clock } = await start(async () => {
        fetches += 1;
        return new Response(published, { headers: { "cache-control": "max-age=120" } });
      });
      const status = async (key) => {
        const seconds = Math.floor(clock.now / 1000);
        const times = { iat: seconds, exp: seconds + 60 };
        return (await post(direct, await assertionOf(key, times))).status;
      };
      equal(await status(old), 200, "status of the old key");
      published = jwks(fresh);
      clock.now += 60_000;
      equal(await status(fresh), 200, "status of the new key");
      equal(await status(old), 401, "status of the old key after that");
      equal(fetches, 2, "fetches");
      clock.now += 120_000;
      equal(await status(fresh), 200, "status later");
      equal(fetches, 3, "fetches");
    },

    async "of twenty requests at the same time one fetches the keys, and all get in"() {
      const key = await keyPair("ES256");
      let fetches = 0;
      const { direct, seen } = await start(async () => {
        fetches += 1;
        await new Promise((resolve) => setTimeout(resolve, 20));
        return new Response(jwks(key));
      });
      const assertions = await Promise.all(Array.from({ length: 20 }, () => assertionOf(key)));
      const responses = await Promise.all(assertions.map((assertion) => post(direct, assertion)));
      deepEqual(
        responses.map(({ status }) => status),
        Array(20).fill(200),
        "statuses",
      );
      equal(fetches, 1, "fetches");
      deepEqual(seen, [], "events");
    },

    async "while there are no keys the client is asked to come back, and the operator learns why"() {
      const key = await keyPair("ES256");
      const thrown = new TypeError("the network is down");
      let answer = () => Promise.reject(thrown);
      const started = await start(() => answer());
      const assertion = await assertionOf(key);
      deepEqual(
        await unavailable(started, started.direct, assertion),
        [
          {
            event: {
              type: "platform_failed",
              failure: "fetch",
              operation: "authToken",
              error: "TypeError",
            },
            error: thrown,
          },
        ],
        "events",
      );
      // Nothing is fetched again at once, and over HTTP the client learns the same.
      deepEqual(await unavailable(started, started.overHttp, assertion), [], "events");
      for (const authlete of [started.direct, started.overHttp]) {
        const failed = await authToken(authlete, {
          parameters: parameters(assertion).toString(),
        }).catch((error) => error);
        deepEqual(
          [failed.code, failed.status, failed.resultCode],
          ["ERR_AUTHLETE_HTTP_STATUS", 503, "A157190"],
          "error",
        );
      }
      answer = async () => new Response(jwks(key));
      started.clock.now += 10_000;
      // It was not used up.
      equal((await post(started.direct, assertion)).status, 200, "status");
      // From now on there are keys for an outage.
      answer = () => Promise.reject(thrown);
      started.clock.now += 600_000;
      const seconds = Math.floor(started.clock.now / 1000);
      const later = await assertionOf(key, { iat: seconds, exp: seconds + 60 });
      equal((await post(started.direct, later)).status, 200, "status in an outage");
      deepEqual(
        started.seen.map(({ event }) => event.failure),
        ["fetch"],
        "failures",
      );
    },

    async "an answer that is not a key set within the limits is of no use"() {
      const key = await keyPair("ES256");
      const assertion = await assertionOf(key);
      const brokenOff = () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              controller.error(new Error("reset"));
            },
          }),
        );
      for (const [answer, failure, reason] of [
        [() => Response.redirect("https://elsewhere.example/", 302), "fetch", "status is 302"],
        [() => new Response(jwks(key), { status: 404 }), "fetch", "status is 404"],
        [() => new Response(jwks(key), { status: 201 }), "fetch", "status is 201"],
        [() => new Response(`${jwks(key)}${" ".repeat(65_536)}`), "fetch", "more than 65536 bytes"],
        [() => new Response(new Uint8Array([0x22, 0xff, 0x22])), "fetch", "UTF-8"],
        [brokenOff, "fetch", "could not be read"],
        [() => ({}), "fetch", "no Response"],
        [() => undefined, "fetch", "no Response"],
        [() => new Response("<html>"), "key_set"],
        [() => new Response("[]"), "key_set"],
        [() => new Response('{"keys":"none"}'), "key_set"],
      ]) {
        const started = await start(async () => answer());
        const [{ event, error }, ...more] = await unavailable(started, started.direct, assertion);
        equal(event.failure, failure, "failure");
        if (reason !== undefined) ok(error.message.includes(reason), `${error.message}: ${reason}`);
        deepEqual(more, [], "more events");
      }
    },

    async "an answer that does not come, or does not end, is given up and aborted"() {
      const key = await keyPair("ES256");
      const assertion = await assertionOf(key);
      // The time limit passes at once.
      const real = globalThis.setTimeout;
      globalThis.setTimeout = (f, delay, ...values) =>
        real(f, delay === 5_000 ? 0 : delay, ...values);
      try {
        for (const answer of [
          never,
          async () => new Response(new ReadableStream({ pull: never })),
        ]) {
          let signal;
          const started = await start((_, init) => {
            signal = init.signal;
            return answer();
          });
          const [{ event, error }] = await unavailable(started, started.direct, assertion);
          equal(event.failure, "fetch", "failure");
          ok(error.message.includes("within 5 seconds"), error.message);
          ok(signal.aborted, "aborted");
        }
      } finally {
        globalThis.setTimeout = real;
      }
    },

    async "a fetch that is not a function is refused"() {
      const error = await start("fetch").catch((thrown) => thrown);
      deepEqual(
        [error.code, error.message],
        ["ERR_AUTHLETE_CONFIG", "fetch: expected a function"],
        "error",
      );
    },
  };
}
