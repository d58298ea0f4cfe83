// The four operations: what they send, and what they return for Authlete's answer.
import { deepEqual, equal, ok } from "../support/assert.mjs";
import { json, recorded, upstream } from "../support/upstream.mjs";

/** The answer as users get it: members that are `null` are absent. */
export function withoutNulls(value) {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member)]));
}

export function behaviours({ pkg, fixtures }) {
  const { AuthleteClient, authToken, authTokenIssue } = pkg;
  const client = (fetch, more) =>
    new AuthleteClient({
      serviceId: "715948317",
      bearer: "TEST-SERVICE-ACCESS-TOKEN",
      fetch,
      ...more,
    });
  const answered = async (text) =>
    authToken(
      client(async () => json(text)),
      { parameters: "" },
    );
  const checks = {};

  for (const { name, json: fixture } of fixtures.filter(({ json }) => json.apiRequest)) {
    const { apiRequest, apiResponse, operation } = fixture;
    checks[`${name}: the request is the documented one`] = async () => {
      const authlete = upstream(recorded(apiResponse));
      await pkg[operation](client(authlete.fetch), apiRequest.body).catch(() => {});
      const [{ url, init, headers, body }] = authlete.calls;
      equal(url, apiRequest.url, "url");
      equal(init.method, apiRequest.method, "method");
      equal(init.redirect, "manual", "redirect");
      deepEqual(headers, lowerCase(apiRequest.headers), "headers");
      deepEqual(body, apiRequest.body, "body");
      deepEqual(
        Object.keys(init).sort(),
        ["body", "headers", "method", "redirect", "signal"],
        "what every fetch accepts",
      );
    };
    if (apiResponse.status !== 200) continue;
    checks[`${name}: the answer is Authlete's, without nulls`] = async () => {
      const authlete = upstream(recorded(apiResponse));
      deepEqual(
        await pkg[operation](client(authlete.fetch), apiRequest.body),
        withoutNulls(apiResponse.body),
        "answer",
      );
    };
  }

  return {
    ...checks,

    "integers that a number would round are decimal strings": async () => {
      const { apiResponseText } = fixtures.find(
        ({ name }) => name === "edge.authToken.bigIntsNullsUnknowns",
      ).json;
      const answer = await answered(apiResponseText);
      equal(answer.clientId, "9007199254740993", "clientId");
      equal(answer.accessTokenExpiresAt, "9223372036854775807", "accessTokenExpiresAt");
      equal(answer.refreshTokenDuration, 0, "refreshTokenDuration");
      equal(answer.grantType, "SOME_NEW_GRANT", "grantType");
      deepEqual(answer.aNewField, { deep: [1, 2, 3] }, "aNewField");
      ok(!("scopes" in answer) && !("resultMessage" in answer), "null members are absent");
    },

    "an integer is kept exactly in every position": async () => {
      const answer = await answered(
        '{"action":"OK","a":[9007199254740993,-9007199254740993],"b":{"\\u0063":9007199254740992},"c":9007199254740991,"d":"9007199254740993"}',
      );
      deepEqual(answer.a, ["9007199254740993", "-9007199254740993"], "in an array");
      deepEqual(answer.b, { c: "9007199254740992" }, "under an escaped name");
      equal(answer.c, 9007199254740991, "a safe integer stays a number");
      equal(answer.d, "9007199254740993", "a string stays a string");
    },

    "an integer that a number can't hold is its text, and a fraction is a number": async () => {
      const answer = await answered(
        '{"action":"OK","a":1e400,"b":-1E+400,"c":-9223372036854775808,"d":1.5,"e":1e5,"f":-0.25,"g":[9007199254740993.0]}',
      );
      deepEqual(
        [answer.a, answer.b, answer.c],
        ["1e400", "-1E+400", "-9223372036854775808"],
        "texts",
      );
      deepEqual([answer.d, answer.e, answer.f], [1.5, 100_000, -0.25], "numbers");
      equal(
        typeof answer.g[0],
        "number",
        "what is written with a fraction is measured, not counted",
      );
    },

    "the response content is not touched": async () => {
      const content =
        '{ "access_token":"\u2028\\u00e9é", "n": 9007199254740993, "scope":null, "n": 1e400 }';
      equal(
        (await answered(JSON.stringify({ action: "OK", clientId: 1, responseContent: content })))
          .responseContent,
        content,
        "responseContent",
      );
    },

    "__proto__ and constructor in an answer are data": async () => {
      const answer = await answered(
        '{"action":"OK","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"ticket":null}',
      );
      equal(Object.getPrototypeOf(answer), Object.prototype, "prototype");
      ok(Object.hasOwn(answer, "__proto__"), "__proto__ is an own member");
      equal({}.polluted, undefined, "polluted");
      const nested = await answered(
        '{"action":"OK","subjectTokenInfo":{"__proto__":{"scopes":null}},"clientId":9007199254740993}',
      );
      ok(Object.hasOwn(nested.subjectTokenInfo, "__proto__"), "__proto__ is an own member, nested");
    },

    "null members of known objects are absent at every depth, others stay": async () => {
      const answer = await answered(
        '{"action":"OK","authorizationDetails":{"elements":[{"type":"a","dataTypes":null}]},"properties":[{"key":"k","value":null}],"later":{"x":null}}',
      );
      deepEqual(answer.authorizationDetails, { elements: [{ type: "a" }] }, "authorizationDetails");
      deepEqual(answer.properties, [{ key: "k" }], "properties");
      deepEqual(answer.later, { x: null }, "a member that this version does not know");
    },

    "an action that this version does not know is passed on": async () => {
      for (const action of ["SOME_NEW_ACTION", "ok", "", "__proto__", "constructor"]) {
        equal((await answered(JSON.stringify({ action }))).action, action, "action");
      }
    },

    "an answer that is nested ten thousand deep does no harm": async () => {
      const deep = `${'{"a":['.repeat(10_000)}9007199254740993${"]}".repeat(10_000)}`;
      const outcome = await answered(`{"action":"OK","deep":${deep}}`).catch((error) => error);
      ok(
        outcome.action === "OK" || outcome.code === "ERR_AUTHLETE_RESPONSE_INVALID",
        "an answer, or a refusal of it",
      );
      equal((await answered('{"action":"OK"}')).action, "OK", "the next answer");
    },

    "an answer of many members is read": async () => {
      const members = Array.from({ length: 20_000 }, (_, index) => `"m${index}":${index}`).join();
      equal(
        (await answered(`{"action":"OK",${members},"clientId":9007199254740993}`)).m19999,
        19999,
        "the last member",
      );
    },

    "an answer with a +json content type, in any case and with parameters, is an answer":
      async () => {
        for (const type of ["Application/JSON; charset=UTF-8", "application/vnd.authlete+json"]) {
          const fetch = async () => json({ action: "OK" }, { headers: { "content-type": type } });
          equal((await authToken(client(fetch), { parameters: "" })).action, "OK", type);
        }
      },

    "client IDs are accepted as number, bigint and string": async () => {
      for (const clientId of [4277838306, 4277838306n, "4277838306"]) {
        const authlete = upstream({ action: "OK" });
        await authToken(client(authlete.fetch), { parameters: "", clientId });
        equal(authlete.calls[0].body.clientId, "4277838306", typeof clientId);
      }
      const authlete = upstream({ action: "OK" });
      await authToken(client(authlete.fetch), { parameters: "", clientId: 2n ** 63n - 1n });
      equal(authlete.calls[0].body.clientId, "9223372036854775807", "beyond 2^53");
    },

    "members that are undefined or null are not sent, and the caller's object is not changed":
      async () => {
        const authlete = upstream({ action: "OK" });
        const request = Object.freeze({
          ticket: "t",
          subject: "s",
          properties: Object.freeze([]),
          jwtAtClaims: undefined,
          accessToken: null,
        });
        await authTokenIssue(client(authlete.fetch), request);
        deepEqual(authlete.calls[0].body, { ticket: "t", subject: "s", properties: [] }, "body");
      },

    "characters beyond ASCII, controls and lone surrogates arrive as JSON requires": async () => {
      const authlete = upstream({ action: "OK" });
      const subject = 'ü\u0000"\\\u2028😀\ud800';
      await authTokenIssue(client(authlete.fetch), { ticket: "t", subject });
      equal(authlete.calls[0].body.subject, subject, "subject");
    },

    "overlapping calls get their own answers": async () => {
      const fetch = async (_url, init) => {
        const { parameters } = JSON.parse(init.body);
        await new Promise((resolve) => setTimeout(resolve, (parameters * 7) % 13));
        return json({ action: "OK", subject: parameters });
      };
      const authlete = client(fetch);
      const answers = await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          authToken(authlete, { parameters: String(index) }),
        ),
      );
      for (const [index, answer] of answers.entries())
        equal(answer.subject, String(index), "subject");
    },

    "an injected fetch may call back into the package": async () => {
      const inner = client(async () => json({ action: "OK", subject: "inner" }));
      const outer = client((_url, _init) =>
        authToken(inner, { parameters: "" }).then(({ subject }) => json({ action: "OK", subject })),
      );
      equal((await authToken(outer, { parameters: "" })).subject, "inner", "subject");
    },
  };
}

const lowerCase = (headers) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
