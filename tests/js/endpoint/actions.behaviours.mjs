// The token endpoint's answer for each of Authlete's actions, and if Authlete gives no usable
// answer.
import { deepEqual, equal, match, ok } from "../support/assert.mjs";
import { hasResponseBody } from "../support/features.mjs";
import { endless, json, never, recorded, upstream } from "../support/upstream.mjs";
import { checkedAnswer, checkedError, ownEvents, tokenRequest } from "./token-request.mjs";

const SECRET = "S3CRET-marker";

export function behaviours({ pkg, fixtures, named }) {
  const { AuthleteClient, handleTokenRequest } = pkg;
  const answered = async (answer, { client: clientOptions, ...more } = {}, request = {}) => {
    const authlete = upstream(answer);
    const client = new AuthleteClient({
      serviceId: "1",
      bearer: SECRET,
      fetch: authlete.fetch,
      ...clientOptions,
    });
    const response = await handleTokenRequest(tokenRequest(request), { authlete: client, ...more });
    return { response, calls: authlete.calls };
  };
  const matches = async (response, { status, headers, body }) => {
    for (const [name, value] of Object.entries(headers))
      equal(response.headers.get(name), value, name);
    const text = await response.clone().text();
    equal(text, body, "body, byte for byte");
    await checkedAnswer(response, status);
  };
  const token = (name) => fixtures.find((fixture) => fixture.name === name).json;
  const checks = {};

  const first = fixtures.filter(
    ({ json }) => json.clientResponse && (json.operation ?? "authToken") === "authToken",
  );
  for (const { name, json: fixture } of first) {
    checks[`${name}: the client gets the documented answer`] = async () => {
      const { clientId, clientSecret } = fixture.apiRequest?.body ?? {};
      const headers =
        clientSecret === undefined
          ? {}
          : { authorization: fixture.incomingAuthorization ?? basic(clientId, clientSecret) };
      const body = fixture.apiRequest?.body.parameters ?? "grant_type=x";
      const { response, calls } = await answered(
        recorded(fixture.apiResponse),
        { reissueIdToken: false },
        { headers, body },
      );
      await matches(response, fixture.clientResponse);
      equal(calls.length, 1, "calls");
      equal(calls[0].body.parameters, body, "parameters");
    };
  }
  for (const { name, json: fixture } of [
    ...named("authTokenIssue."),
    ...named("authTokenFail."),
    ...named("idtokenReissue.OK"),
  ]) {
    checks[`${name}: the client gets the documented answer`] = async () => {
      const reissue = fixture.operation === "idtokenReissue";
      const start = recorded(
        token(reissue ? "authToken.ID_TOKEN_REISSUABLE" : "authToken.PASSWORD").apiResponse,
      );
      const authlete = upstream(start, recorded(fixture.apiResponse));
      const response = await handleTokenRequest(tokenRequest(), {
        authlete: new AuthleteClient({ serviceId: "1", bearer: SECRET, fetch: authlete.fetch }),
        authenticateUser: () => (fixture.operation === "authTokenFail" ? null : "user-42"),
      });
      await matches(response, fixture.clientResponse);
      ok(
        authlete.calls[1].url.endsWith(fixture.apiRequest.url.split("/715948317")[1]),
        "the second call",
      );
      equal(
        response.headers.get("dpop-nonce"),
        reissue ? null : "n-0S6_WzA2Mj",
        "the nonce of the first answer survives",
      );
    };
  }

  return {
    ...checks,

    "an action that this version does not know, or none, is 500": async () => {
      for (const action of [
        "SOME_NEW_ACTION",
        "ok",
        "",
        "__proto__",
        "constructor",
        "toString",
        1,
        null,
        undefined,
      ]) {
        const { response } = await answered({ action, responseContent: '{"access_token":"x"}' });
        await checkedError(response, 500, "server_error");
      }
    },

    "response content that is not a JSON object is 500, never an empty 200": async () => {
      for (const responseContent of [
        undefined,
        null,
        "",
        "x",
        "[]",
        "null",
        '"x"',
        "{",
        1,
        {},
        "\ufeff{}",
      ]) {
        for (const action of [
          "OK",
          "BAD_REQUEST",
          "INVALID_CLIENT",
          "INTERNAL_SERVER_ERROR",
          "ID_TOKEN_REISSUABLE",
        ]) {
          const { response } = await answered({ action, responseContent });
          await checkedError(response, 500, "server_error");
        }
      }
    },

    "response content is passed on byte for byte": async () => {
      const responseContent =
        '\r\n{ "scope":null,\n\t"x":"</script>\\r\\n\u2028é", "n": 9007199254740993, "n": 1 }';
      const { response } = await answered({ action: "OK", clientId: 2 ** 53, responseContent });
      equal(await response.text(), responseContent, "body");
      equal(response.headers.get("x-content-type-options"), "nosniff", "nosniff");
    },

    "nonce and challenge reach the client on every status": async () => {
      for (const [action, status] of [
        ["OK", 200],
        ["BAD_REQUEST", 400],
        ["INVALID_CLIENT", 401],
        ["INTERNAL_SERVER_ERROR", 500],
        ["JWT_BEARER", 400],
        ["SOME_NEW_ACTION", 500],
      ]) {
        const { response } = await answered({
          action,
          responseContent: '{"error":"x"}',
          dpopNonce: "n-1",
          attestationChallenge: "c-1",
        });
        equal(response.status, status, action);
        equal(response.headers.get("dpop-nonce"), "n-1", "dpop-nonce");
        equal(
          response.headers.get("oauth-client-attestation-challenge"),
          "c-1",
          "oauth-client-attestation-challenge",
        );
      }
    },

    "a nonce or challenge that a header can't hold is 500, but loses no tokens": async () => {
      for (const value of ["a\r\nset-cookie: x=1", "a\0", "ü", "", " ", "x".repeat(1_000_000)]) {
        for (const name of ["dpopNonce", "attestationChallenge"]) {
          const { response } = await answered({
            action: "BAD_REQUEST",
            responseContent: "{}",
            [name]: value,
          });
          await checkedError(response, 500, "server_error");
          const { response: issued } = await answered({
            action: "OK",
            responseContent: '{"access_token":"a"}',
            [name]: value,
          });
          equal(`${issued.status} ${await issued.text()}`, '200 {"access_token":"a"}', "tokens");
          for (const header of ["dpop-nonce", "oauth-client-attestation-challenge"])
            equal(issued.headers.get(header), null, header);
        }
      }
    },

    "the realm of the challenge is quoted": async () => {
      const { response } = await answered(
        { action: "INVALID_CLIENT", responseContent: '{"error":"invalid_client"}' },
        { realm: 'my "AS" \\' },
      );
      equal(
        response.headers.get("www-authenticate"),
        'Basic realm="my \\"AS\\" \\\\"',
        "www-authenticate",
      );
    },

    "a page of the endpoint's own origin gets no challenge, which would open its browser's password box":
      async () => {
        const content = '{"error":"invalid_client"}';
        const asked = async (headers) => {
          const authlete = new AuthleteClient({
            serviceId: "1",
            bearer: "b",
            fetch: async () => json({ action: "INVALID_CLIENT", responseContent: content }),
          });
          return handleTokenRequest(tokenRequest({ headers }), { authlete });
        };
        const page = await asked({ "sec-fetch-site": "same-origin" });
        equal(page.headers.get("www-authenticate"), null, "www-authenticate");
        await checkedError(page, 400, "invalid_client");
        for (const headers of [
          {},
          { "sec-fetch-site": "cross-site" },
          { "sec-fetch-site": "same-origin", authorization: basic("a", "b") },
        ]) {
          const other = await asked(headers);
          equal(other.headers.get("www-authenticate"), 'Basic realm="token"', "www-authenticate");
          await checkedError(other, 401, "invalid_client");
        }
      },

    "a temporary failure is 503, any other is 500": async () => {
      const refused = Object.assign(new TypeError("fetch failed"), {
        cause: { code: "ECONNREFUSED" },
      });
      const headers = { "content-type": "application/json" };
      const broken = () =>
        new Response(
          new ReadableStream({
            start: (controller) => controller.error(new TypeError("terminated")),
          }),
          { headers },
        );
      const noErrors = [
        undefined,
        null,
        "x",
        7,
        Object.freeze({ message: "x" }),
        new Proxy({}, {}),
      ];
      const cases = [
        [new Response("", { status: 429 }), 503, null],
        [new Response("", { status: 503, headers: { "retry-after": "7" } }), 503, "7"],
        [() => Promise.reject(refused), 503, null],
        [() => Promise.reject(new TypeError("fetch failed")), 503, null],
        [() => Promise.reject(Object.freeze(new Error("Network connection lost."))), 503, null],
        [() => Promise.reject(new DOMException("x", "NetworkError")), 503, null],
        [broken, 503, null],
        [new Response("", { status: 408, headers: { "retry-after": "1" } }), 503, "1"],
        [new Response("", { status: 500, headers: { "retry-after": "7" } }), 503, "7"],
        [new Response("", { status: 502 }), 503, null],
        [
          new Response("<html>", { status: 504, headers: { "content-type": "text/html" } }),
          503,
          null,
        ],
        [new Response("", { status: 400, headers: { "retry-after": "7" } }), 500, null],
        [json({ resultCode: "A", resultMessage: SECRET }, { status: 401 }), 500, null],
        [new Response("", { status: 403 }), 500, null],
        [
          new Response("", { status: 307, headers: { location: "https://evil.example" } }),
          500,
          null,
        ],
        [new Response("<html>", { headers: { "content-type": "text/html" } }), 500, null],
        [json("{"), 500, null],
        [() => undefined, 500, null],
        ...noErrors.map((value) => [() => Promise.reject(value), 500, null]),
        // If a body can only be read whole, an endless one never arrives.
        ...(hasResponseBody()
          ? [
              [
                () =>
                  new Response(endless().stream, {
                    headers: { "content-type": "application/json" },
                  }),
                500,
                null,
              ],
            ]
          : []),
      ];
      for (const [answer, status, retryAfter] of cases) {
        const events = [];
        const { response, calls } = await answered(answer, {
          onEvent: (event) => events.push(event),
        });
        equal(response.headers.get("retry-after"), retryAfter, "retry-after");
        equal(response.headers.get("www-authenticate"), null, "www-authenticate");
        ok(
          !(await response.clone().text()).includes(SECRET),
          "nothing of Authlete's answer is told",
        );
        await checkedError(
          response,
          status,
          status === 503 ? "temporarily_unavailable" : "server_error",
        );
        equal(calls.length, 1, "calls");
        equal(
          events.map(({ type, operation }) => `${type} ${operation}`).join(),
          "exchange authToken,upstream_failed authToken",
          "events",
        );
        equal(events[0].code, events[1].code, "one failure has one code");
      }
    },

    "a delay that does not fit into the deadline is passed on to the client": async () => {
      const limited = () => new Response("", { status: 429, headers: { "retry-after": "3" } });
      const { response, calls } = await answered(limited, {
        client: { timeoutMs: 2_000, retry: { attempts: 2 } },
      });
      equal(response.headers.get("retry-after"), "3", "retry-after");
      await checkedError(response, 503, "temporarily_unavailable");
      equal(calls.length, 1, "calls");
    },

    "a timeout is 503": async () => {
      const events = [];
      const { response } = await answered(never, {
        client: { timeoutMs: 20 },
        onEvent: (event) => events.push(event),
      });
      await checkedError(response, 503, "temporarily_unavailable");
      const [told] = ownEvents(events);
      match(told.detail, /timeoutMs/);
      deepEqual(
        told,
        {
          type: "upstream_failed",
          operation: "authToken",
          code: "ERR_AUTHLETE_TIMEOUT",
          detail: told.detail,
        },
        "event",
      );
    },

    "no header of Authlete's answer reaches the client": async () => {
      const headers = {
        "set-cookie": "a=b",
        "x-internal": "1",
        location: "https://evil.example",
        etag: '"x"',
        "access-control-allow-credentials": "true",
        "cache-control": "public",
        connection: "close",
        "keep-alive": "timeout=5",
        "strict-transport-security": "max-age=1",
        "dpop-nonce": "theirs",
      };
      const { response } = await answered(
        json({ action: "OK", responseContent: "{}" }, { headers }),
      );
      for (const name of [
        "x-internal",
        "connection",
        "keep-alive",
        "strict-transport-security",
        "dpop-nonce",
      ])
        equal(response.headers.get(name), null, name);
      await checkedAnswer(response, 200);
    },
  };
}

const basic = (id, secret) =>
  `Basic ${btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`)}`;
