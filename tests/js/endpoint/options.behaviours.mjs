// The options of the token endpoint: CORS, additions to the token request, and what is refused.
import { deepEqual, equal, ok, rejection } from "../support/assert.mjs";
import { never, upstream } from "../support/upstream.mjs";
import { checkedAnswer, checkedError, ownEvents, tokenRequest } from "./token-request.mjs";

const SECRET = "S3CRET-marker";
/** Every option. */
const every = [
  "authlete",
  "authenticateUser",
  "tokenExchange",
  "jwtBearer",
  "nativeSso",
  "reissueIdToken",
  "tokenRequest",
  "clientCertificate",
  "tokenEndpoint",
  "realm",
  "cors",
  "maxRequestBytes",
  "allowInsecureRequests",
  "hookTimeoutMs",
  "requestId",
  "onEvent",
];
const OK = { action: "OK", responseContent: '{"access_token":"x"}' };

export function behaviours({ pkg }) {
  const { AuthleteClient, AuthleteError, handleTokenRequest } = pkg;
  const run = async (options, request = {}) => {
    const authlete = upstream(OK);
    const client = new AuthleteClient({ serviceId: "1", bearer: "b", fetch: authlete.fetch });
    const response = await handleTokenRequest(tokenRequest(request), {
      authlete: client,
      ...options,
    });
    return { response, calls: authlete.calls };
  };
  const misconfigured = async (options) => {
    const authlete = upstream(OK);
    const client = new AuthleteClient({ serviceId: "1", bearer: "b", fetch: authlete.fetch });
    const given =
      typeof options === "object" && options !== null && !("authlete" in options)
        ? Object.create({ authlete: client }, Object.getOwnPropertyDescriptors(options))
        : options;
    const error = await rejection(handleTokenRequest(tokenRequest(), given));
    ok(error instanceof AuthleteError, `an AuthleteError, and not ${error}`);
    equal(error.code, "ERR_AUTHLETE_CONFIG", "code");
    ok(!`${error.stack}${JSON.stringify(error)}`.includes(SECRET), "no value is told");
    equal(authlete.calls.length, 0, "calls");
    return error.message;
  };
  const preflight = {
    method: "OPTIONS",
    body: null,
    type: null,
    headers: { origin: "https://app.example", "access-control-request-method": "POST" },
  };

  return {
    "unusable options reject, and name the option": async () => {
      const cases = [
        ...["authenticateUser", "tokenExchange", "jwtBearer", "nativeSso", "onEvent"].flatMap(
          (name) => ["x", {}, null].map((value) => [{ [name]: value }, name]),
        ),
        ...[1, "yes", null, [1]].map((value) => [{ reissueIdToken: value }, "reissueIdToken"]),
        ...[1, "x", null, [1]].map((value) => [{ tokenRequest: value }, "tokenRequest"]),
        ...[
          { parameters: SECRET },
          { clientId: SECRET },
          { clientSecret: SECRET },
          { properties: SECRET },
          { unheard: SECRET },
        ].map((value) => [{ tokenRequest: value }, "tokenRequest"]),
        ...[
          1,
          "",
          "/token",
          "token",
          "https://as.example/t?x=1",
          "https://as.example/t#x",
          "ftp://as.example",
          `https://as.example/${SECRET} x`,
        ].map((value) => [{ tokenEndpoint: value }, "tokenEndpoint"]),
        ...[1, null, `${SECRET}\r\n`, "ü"].map((value) => [{ realm: value }, "realm"]),
        ...[
          true,
          "https://app.example",
          [1],
          ["https://app.example/"],
          ["HTTPS://app.example"],
          ["null"],
          ["*"],
          ["https://app.example:443"],
          [SECRET],
        ].map((value) => [{ cors: value }, "cors"]),
        ...[0, -1, 1.5, "1", 2 ** 40].map((value) => [
          { maxRequestBytes: value },
          "maxRequestBytes",
        ]),
        ...[1, "true", null].map((value) => [
          { allowInsecureRequests: value },
          "allowInsecureRequests",
        ]),
        ...[0, "1", 2 ** 31].map((value) => [{ hookTimeoutMs: value }, "hookTimeoutMs"]),
        ...[1, null, "", `${SECRET}\n`, "ü", "x".repeat(129)].map((value) => [
          { requestId: value },
          "requestId",
        ]),
        ...["hookTimeout", "authenticateuser", "Cors", "client", "signal"].map((name) => [
          { [name]: SECRET },
          `${name}: unknown option`,
        ]),
        ...[{ claim: SECRET }, { claims: {} }, { sub: 1 }, { accessToken: SECRET }].map((value) => [
          { reissueIdToken: value },
          "reissueIdToken.",
        ]),
        [{ authlete: {} }, "authlete"],
        [{ authlete: undefined }, "authlete"],
        [undefined, "options"],
        [null, "options"],
        ["x", "options"],
        ...every.map((name) => [
          Object.defineProperty({}, name, {
            enumerable: true,
            get() {
              throw new Error(SECRET);
            },
          }),
          "options",
        ]),
      ];
      for (const [options, name] of cases) {
        const message = await misconfigured(options);
        ok(message.includes(name), `${message} – should name ${name}`);
      }
    },

    "an argument that is not a Request rejects": async () => {
      const authlete = new AuthleteClient({ serviceId: "1", bearer: "b" });
      for (const request of [
        undefined,
        null,
        "https://as.example/token",
        {},
        new URL("https://as.example/token"),
      ]) {
        const error = await rejection(handleTokenRequest(request, { authlete }));
        ok(error instanceof AuthleteError, `an AuthleteError, and not ${error}`);
        equal(error.code, "ERR_AUTHLETE_CONFIG", "code");
      }
    },

    "tokenRequest adds members, fixed or by function": async () => {
      const added = {
        properties: [{ key: "k", value: "v" }],
        accessTokenDuration: 60,
        jwtAtClaims: "{}",
      };
      for (const tokenRequest of [added, () => added, async () => added]) {
        const { calls } = await run({ tokenRequest });
        deepEqual(
          calls[0].body,
          { parameters: "grant_type=client_credentials", ...added },
          "request",
        );
      }
      let given;
      await run({
        tokenRequest: (request) => {
          given = request;
          return {};
        },
      });
      equal(given.method, "POST", "the function gets the request");
    },

    "what the request brings overrides what tokenRequest adds, and no member is sent twice":
      async () => {
        const headers = {
          authorization: `Basic ${btoa("c:s")}`,
          dpop: "a.b.c",
          "oauth-client-attestation": "d.e.f",
          "oauth-client-attestation-pop": "g.h.i",
        };
        const brought = {
          parameters: "grant_type=client_credentials",
          clientId: "c",
          clientSecret: "s",
          dpop: "a.b.c",
          htm: "POST",
          htu: "https://as.example/t",
          oauthClientAttestation: "d.e.f",
          oauthClientAttestationPop: "g.h.i",
        };
        const { parameters, clientId, clientSecret, ...clashing } = brought;
        const added = {
          ...Object.fromEntries(Object.keys(clashing).map((name) => [name, "added"])),
          accessTokenDuration: 60,
        };
        const absent = { parameters: undefined, clientId: null, clientSecret: undefined };
        const own = { tokenEndpoint: "https://as.example/t" };
        const sent = async (options, request) => {
          const { body, init } = (await run(options, request)).calls[0];
          const names = [...init.body.matchAll(/"(\w+)":/g)].map(([, name]) => name);
          equal(names.length, new Set(names).size, `each of ${names} once`);
          return body;
        };
        for (const given of [added, { ...added, ...absent }]) {
          for (const tokenRequest of [given, () => given]) {
            const body = await sent({ ...own, tokenRequest }, { headers });
            deepEqual(body, { ...brought, accessTokenDuration: 60 }, "all is brought");
            // What the request does not bring, the host may add.
            const bare = await sent({ ...own, tokenRequest });
            deepEqual(bare, { parameters, ...added }, "only the parameters are brought");
          }
        }
        const nothing = Object.fromEntries(Object.keys(brought).map((name) => [name, undefined]));
        for (const given of [{}, nothing, { ...nothing, clientId: null, dpop: null }])
          deepEqual(
            await sent({ ...own, tokenRequest: given }, { headers }),
            brought,
            "nothing added",
          );
        deepEqual(
          await sent({ tokenRequest: () => undefined }),
          { parameters },
          "nothing returned",
        );
      },

    "a tokenRequest function that fails or gives an invalid result is 500, and Authlete is not called":
      async () => {
        const functions = [
          [() => Promise.reject(new Error(SECRET)), "threw"],
          [() => Promise.reject(SECRET), "threw"],
          [never, "timed_out"],
          [() => ({ parameters: SECRET }), "invalid_result", "parameters"],
          [() => ({ clientSecret: SECRET }), "invalid_result", "clientSecret"],
          [() => ({ propertis: [] }), "invalid_result", "propertis"],
          [() => ({ properties: SECRET }), "invalid_result", "properties"],
          [
            () => ({ cimdOptions: { alwaysRetrieved: 1 } }),
            "invalid_result",
            "cimdOptions.alwaysRetrieved",
          ],
          [() => null, "invalid_result"],
          [async () => [1], "invalid_result"],
        ];
        for (const [tokenRequest, reason, path] of functions) {
          const events = [];
          const { response, calls } = await run({
            tokenRequest,
            hookTimeoutMs: 250,
            onEvent: (event) => events.push(event),
          });
          await checkedError(response, 500, "server_error");
          equal(calls.length, 0, "calls");
          const [{ detail, ...event }, ...more] = ownEvents(events);
          ok(typeof detail === "string" && !JSON.stringify(events).includes(SECRET), "detail");
          deepEqual(
            [event, ...more],
            [{ type: "hook_failed", hook: "tokenRequest", reason, ...(path && { path }) }],
            "events",
          );
        }
      },

    "by default any origin may read the answers": async () => {
      for (const origin of ["https://app.example", "null", "https://evil.example"]) {
        const { response } = await run({}, { headers: { origin } });
        equal(
          response.headers.get("access-control-allow-origin"),
          "*",
          "access-control-allow-origin",
        );
        for (const name of ["DPoP-Nonce", "WWW-Authenticate", "Retry-After"])
          ok(response.headers.get("access-control-expose-headers").includes(name), name);
        await checkedAnswer(response, 200);
      }
      const { response } = await run({}, { type: "application/json" });
      equal(response.headers.get("access-control-allow-origin"), "*", "on errors, too");
    },

    "a listed origin is named alone in the answer, others get an answer that their page can't read":
      async () => {
        const cors = ["https://app.example", "http://localhost:3000"];
        for (const [origin, allowed] of [
          [cors[0], cors[0]],
          [cors[1], cors[1]],
          ["https://evil.example", null],
          ["null", null],
          ["https://app.example.evil.example", null],
        ]) {
          const { response } = await run({ cors }, { headers: { origin } });
          equal(response.headers.get("access-control-allow-origin"), allowed, origin);
          equal(response.headers.get("vary"), "Origin", "vary");
          await checkedAnswer(response, 200);
        }
      },

    "a preflight is answered without Authlete": async () => {
      const { response, calls } = await run({}, preflight);
      equal(response.status, 204, "status");
      equal(
        response.headers.get("access-control-allow-origin"),
        "*",
        "access-control-allow-origin",
      );
      equal(
        response.headers.get("access-control-allow-methods"),
        "POST",
        "access-control-allow-methods",
      );
      for (const name of [
        "authorization",
        "content-type",
        "dpop",
        "oauth-client-attestation",
        "oauth-client-attestation-pop",
      ]) {
        ok(response.headers.get("access-control-allow-headers").includes(name), name);
      }
      equal(response.headers.get("access-control-allow-credentials"), null, "credentials");
      equal(calls.length, 0, "calls");
    },

    "a page whose requests are instrumented gets its preflight": async () => {
      const asking = (headers) => ({
        ...preflight,
        headers: { ...preflight.headers, "access-control-request-headers": headers },
      });
      const allowed = (response) =>
        response.headers.get("access-control-allow-headers").split(", ");
      const any = await run({}, asking("content-type,traceparent"));
      ok(
        allowed(any.response).includes("*") && allowed(any.response).includes("authorization"),
        "any header, and authorization by name",
      );
      equal(any.response.headers.get("vary"), null, "vary");
      const cors = [preflight.headers.origin];
      const listed = await run({ cors }, asking("content-type,sentry-trace,traceparent"));
      for (const name of ["authorization", "content-type", "sentry-trace", "traceparent"])
        ok(allowed(listed.response).includes(name), name);
      equal(listed.response.headers.get("vary"), "Origin, Access-Control-Request-Headers", "vary");
      const absurd = await run({ cors }, asking("traceparent,NOT A TOKEN"));
      ok(!allowed(absurd.response).includes("traceparent"), "nothing of what no browser asks for");
    },

    "with CORS off, and for origins that are not listed, a preflight allows nothing": async () => {
      for (const cors of [false, ["https://other.example"]]) {
        const { response } = await run({ cors }, preflight);
        equal(response.status, 204, "status");
        ok(
          [...response.headers.keys()].every((name) => !name.startsWith("access-control-")),
          "no CORS headers",
        );
      }
      const { response } = await run(
        { cors: false },
        { headers: { origin: "https://app.example" } },
      );
      equal(
        response.headers.get("access-control-allow-origin"),
        null,
        "access-control-allow-origin",
      );
    },

    "OPTIONS that is not a preflight is answered with the methods": async () => {
      const { response } = await run({}, { method: "OPTIONS", body: null, type: null });
      equal(response.status, 204, "status");
      equal(response.headers.get("allow"), "POST, OPTIONS", "allow");
    },
  };
}
