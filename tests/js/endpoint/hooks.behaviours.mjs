// The hooks of the token endpoint: users' passwords, delegated grants, reissued ID tokens.
import { deepEqual, equal, match, ok } from "../support/assert.mjs";
import { never, pause, upstream } from "../support/upstream.mjs";
import {
  bodyMembers,
  checkedAnswer,
  checkedError,
  ownEvents,
  tokenRequest,
} from "./token-request.mjs";

const SECRET = "S3CRET-marker";
const thrower = () => {
  throw new Error(SECRET);
};

export function behaviours({ pkg, fixtures }) {
  const { AuthleteClient, handleTokenRequest } = pkg;
  const body = (name) => fixtures.find((fixture) => fixture.name === name).json.apiResponse.body;
  const password = body("authToken.PASSWORD");
  const issued = body("authTokenIssue.OK");
  const failed = body("authTokenFail.BAD_REQUEST");
  const reissuable = body("authToken.ID_TOKEN_REISSUABLE");
  const reissued = body("idtokenReissue.OK");

  /**
   * Runs a request with these answers of Authlete; returns the calls after `/auth/token`, the
   * endpoint's answer, and the events.
   */
  const run = async (answers, options, client = {}, request = tokenRequest()) => {
    const authlete = upstream(...answers);
    const events = [];
    const details = [];
    const response = await handleTokenRequest(request, {
      authlete: new AuthleteClient({
        serviceId: "1",
        bearer: "b",
        fetch: authlete.fetch,
        ...client,
      }),
      hookTimeoutMs: 250,
      onEvent: (event, more) => {
        events.push(event);
        if (event.type === "hook_failed") details.push(more);
      },
      ...options,
    });
    const calls = authlete.calls
      .slice(1)
      .map((call) => ({ path: call.url.split("/api/1/")[1], ...call.body }));
    ok(
      !JSON.stringify([...response.headers, ...events]).includes(SECRET) &&
        !(await response.clone().text()).includes(SECRET),
      "no secret shows",
    );
    return { response, calls, events: ownEvents(events), details, request };
  };
  const discarded = { path: "auth/token/fail", ticket: password.ticket, reason: "UNKNOWN" };

  const delegated = [
    ["tokenExchange", "TOKEN_EXCHANGE", "unsupported_grant_type"],
    ["jwtBearer", "JWT_BEARER", "unsupported_grant_type"],
    ["nativeSso", "NATIVE_SSO", "invalid_grant"],
  ];

  return {
    "authenticateUser gets the credentials and Authlete's answer, and tokens are issued for its subject":
      async () => {
        for (const wrap of [
          (value) => value,
          async (value) => value,
          (value) => ({ then: (resolve) => resolve(value) }),
        ]) {
          let given;
          const { response, calls } = await run([password, issued], {
            authenticateUser: (...all) => {
              given = all;
              return wrap("user-42");
            },
          });
          equal(await response.clone().text(), issued.responseContent, "body");
          equal(response.headers.get("dpop-nonce"), password.dpopNonce, "dpop-nonce");
          await checkedAnswer(response, 200);
          deepEqual(
            calls,
            [{ path: "auth/token/issue", ticket: password.ticket, subject: "user-42" }],
            "calls",
          );
          deepEqual(given.slice(0, 2), [password.username, password.password], "credentials");
          equal(given[2]?.ticket, password.ticket, "the response");
        }
      },

    "authenticateUser may give issue parameters": async () => {
      const parameters = {
        subject: "user-42",
        properties: [{ key: "k", value: "v" }],
        accessTokenDuration: 60,
        ticket: "another",
      };
      const { response, calls } = await run([password, issued], {
        authenticateUser: () => parameters,
      });
      await checkedAnswer(response, 200);
      deepEqual(
        calls,
        [{ path: "auth/token/issue", ...parameters, ticket: password.ticket }],
        "calls",
      );
    },

    "null refuses the user, and Authlete words the error": async () => {
      for (const authenticateUser of [() => null, async () => null]) {
        const { response, calls, events } = await run([password, failed], { authenticateUser });
        equal(await response.clone().text(), failed.responseContent, "body");
        await checkedError(response, 400, "invalid_request");
        deepEqual(
          calls,
          [
            {
              path: "auth/token/fail",
              ticket: password.ticket,
              reason: "INVALID_RESOURCE_OWNER_CREDENTIALS",
            },
          ],
          "calls",
        );
        deepEqual(events, [], "events");
      }
    },

    "a hook that throws, hangs or gives an invalid result ends the ticket, and is 500":
      async () => {
        const rubbish = [undefined, 0, 42, true, Symbol("x"), 1n, "", [], ["user-42"]];
        const wrong = [
          [{}, "subject"],
          [{ subject: "" }, "subject"],
          [{ subject: 1 }, "subject"],
          [{ subject: "x", unheard: 1 }, "unheard"],
          [{ subject: "x", propertis: [] }, "propertis"],
          [{ subject: "x", properties: SECRET }, "properties"],
          [{ subject: "x", properties: [{ key: "k", value: 1 }] }, "properties[0].value"],
        ];
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        const getter = {
          get subject() {
            return thrower();
          },
        };
        const rejections = [undefined, null, SECRET, Object.freeze(new Error(SECRET)), proxy].map(
          (value) => () => Promise.reject(value),
        );
        const thenables = [
          () => ({ then: thrower }),
          () => ({ then: (_resolve, reject) => reject(SECRET) }),
          () => ({ then: (resolve) => resolve(Promise.reject(SECRET)) }),
          () => proxy,
        ];
        const cases = [
          ...[thrower, async () => thrower(), ...rejections, ...thenables].map((hook) => [
            hook,
            "threw",
          ]),
          [never, "timed_out"],
          ...[...rubbish, getter, new Proxy({}, { ownKeys: thrower })].map((value) => [
            () => value,
            "invalid_result",
          ]),
          ...wrong.map(([value, path]) => [() => value, "invalid_result", path]),
        ];
        for (const [authenticateUser, reason, path] of cases) {
          const { response, calls, events } = await run([password, failed], { authenticateUser });
          await checkedError(response, 500, "server_error");
          deepEqual(calls, [discarded], "calls");
          const { detail, ...event } = events[0];
          match(
            detail,
            { threw: /^threw \(\w+\)$/, timed_out: /hookTimeoutMs/, invalid_result: /^[a-z]/ }[
              reason
            ],
          );
          deepEqual(
            [event, ...events.slice(1)],
            [{ type: "hook_failed", hook: "authenticateUser", reason, ...(path && { path }) }],
            "events",
          );
        }
      },

    "what a hook threw is in the event's details, and nowhere else": async () => {
      const caught = new TypeError(SECRET);
      for (const hook of [
        () => Promise.reject(caught),
        () => Promise.reject(SECRET),
        () => Promise.reject(undefined),
      ]) {
        const expected = await hook().catch((error) => error);
        const passwords = await run([password, failed], { authenticateUser: hook });
        const reissues = await run([reissuable], { reissueIdToken: hook });
        const added = await run([reissuable], { tokenRequest: hook });
        for (const { details, events } of [passwords, reissues, added]) {
          equal(details.length, 1, "details");
          ok("error" in details[0] && details[0].error === expected, "the very error");
          match(events[0].detail, expected === caught ? /TypeError/ : /string|undefined/);
        }
      }
    },

    "every hook gets the parameters, with each value of a repeated one": async () => {
      const body = "?=1&grant_type=x&resource=a%20b&resource=c+d&scope=%C3%BC&__proto__=p&empty=";
      const expected = [
        ["?", "1"],
        ["grant_type", "x"],
        ["resource", "a b"],
        ["resource", "c d"],
        ["scope", "ü"],
        ["__proto__", "p"],
        ["empty", ""],
      ];
      const given = [];
      /** A hook that changes its arguments: the next one gets its own. */
      const hook =
        (result) =>
        (...all) => {
          const { parameters } = all.at(-1);
          ok(parameters instanceof URLSearchParams, "URLSearchParams");
          given.push([...parameters]);
          parameters.delete("resource");
          return result;
        };
      const answer = hook(new Response("{}"));
      const cases = [
        [[password, issued], { authenticateUser: hook("u"), tokenRequest: hook({}) }],
        ...delegated.map(([name, action]) => [
          [{ action }],
          { [name]: (...all) => answer(...all).clone(), tokenRequest: hook({}) },
        ]),
        [[reissuable, reissued], { reissueIdToken: hook({}), tokenRequest: hook({}) }],
      ];
      for (const [answers, hooks] of cases) {
        const { events } = await run(answers, hooks, {}, tokenRequest({ body }));
        deepEqual(events, [], "events");
      }
      deepEqual(given, Array(10).fill(expected), "parameters");
    },

    "a hook's request can be read, cloned and passed on, again in the next hook": async () => {
      const body = "grant_type=x&resource=a&resource=b";
      for (const [name, action] of delegated) {
        const texts = [];
        const read = async (request) => {
          const clone = request.clone();
          texts.push(await clone.text(), (await request.formData()).getAll("resource").join());
          equal(request.url, "https://as.example/token?x", "url");
          equal(request.method, "POST", "method");
          equal(request.headers.get("x-own"), "1", "a header");
          equal(
            request.headers.get("content-type"),
            "application/x-www-form-urlencoded",
            "the media type",
          );
        };
        const hooks = {
          tokenRequest: async (request) => {
            await read(request);
            return {};
          },
          [name]: async (_response, request) => {
            await read(request);
            return new Response("{}");
          },
        };
        const { response, events } = await run(
          [{ action }],
          hooks,
          {},
          tokenRequest({ url: "https://as.example/token?x", body, headers: { "x-own": "1" } }),
        );
        deepEqual(events, [], "events");
        equal(response.status, 200, "status");
        deepEqual(texts, [body, "a,b", body, "a,b"], "bodies");
      }
    },

    "the body of an empty request is empty for a hook, too": async () => {
      for (const body of ["", null]) {
        let text;
        const hook = async (request) => {
          text = await request.text();
          return {};
        };
        await run(
          [{ action: "OK", responseContent: "{}" }],
          { tokenRequest: hook },
          {},
          tokenRequest({ body }),
        );
        equal(text, "", "body");
      }
    },

    "a hook can read a request of another implementation whose headers can be listed, and gets any other unchanged":
      async () => {
        const foreign = (headers) => ({
          method: "POST",
          url: "https://as.example/token",
          headers,
          ...bodyMembers("grant_type=x"),
        });
        const form = { "content-type": "application/x-www-form-urlencoded" };
        const answer = { action: "OK", responseContent: "{}" };
        let given;
        const hook = (request) => {
          given = request;
          return {};
        };
        await run(
          [answer],
          { tokenRequest: hook },
          {},
          foreign(new Headers({ ...form, "x-own": "1" })),
        );
        equal(await given.text(), "grant_type=x", "body");
        equal(given.headers.get("x-own"), "1", "a header");
        const odd = foreign({ get: (name) => form[name] ?? null });
        const { events } = await run([answer], { tokenRequest: hook }, {}, odd);
        deepEqual(events, [], "events");
        ok(given === odd, "as it came");
      },

    "the result of a hook after its deadline is ignored": async () => {
      const { response } = await run([password, failed], {
        authenticateUser: () => pause(60).then(() => "user-42"),
      });
      await checkedError(response, 500, "server_error");
      await pause(60);
    },

    "without authenticateUser the ticket is ended and the grant is unsupported": async () => {
      const { response, calls, events } = await run([password, failed], {});
      equal(response.headers.get("dpop-nonce"), password.dpopNonce, "dpop-nonce");
      await checkedError(response, 400, "unsupported_grant_type");
      match(events[0].detail, /no hook authenticateUser/);
      deepEqual(calls, [discarded], "calls");
    },

    "a ticket is never used twice": async () => {
      for (const [answer, status, said] of [
        [() => new Response("", { status: 500 }), 503, "temporarily_unavailable"],
        [never, 503, "temporarily_unavailable"],
        [{ action: "NEW" }, 500, "server_error"],
      ]) {
        let asked = 0;
        const { response, calls } = await run(
          [password, answer],
          {
            authenticateUser: () => {
              asked += 1;
              return "user-42";
            },
          },
          { timeoutMs: 30 },
        );
        await checkedError(response, status, said);
        equal(calls.length, 1, "calls");
        equal(asked, 1, "the hook is asked once");
      }
      const { response } = await run(
        [password, () => new Response("", { status: 503, headers: { "retry-after": "2" } })],
        { authenticateUser: () => "u" },
      );
      equal(response.headers.get("retry-after"), "2", "retry-after");
      await checkedError(response, 503, "temporarily_unavailable");
    },

    "PASSWORD without ticket or credentials is 500, and the hook is not called": async () => {
      const missing = ["ticket", "username", "password"].flatMap((name) =>
        [null, undefined, 1, {}, ["x"]].map((value) => ({ [name]: value })),
      );
      for (const members of missing) {
        let asked = false;
        const { response } = await run([{ ...password, ...members }], {
          authenticateUser: () => {
            asked = true;
            return "u";
          },
        });
        await checkedError(response, 500, "server_error");
        ok(!asked, "the hook is not asked");
      }
    },

    "a delegated grant is answered by its hook, plus the endpoint's headers": async () => {
      for (const [hook, action] of delegated) {
        let given;
        const own = () =>
          new Response('{"access_token":"mine"}', {
            status: 201,
            headers: {
              "content-type": "application/json",
              "x-own": "1",
              "cache-control": "public",
              vary: "Accept",
            },
          });
        const answer = (...all) => {
          given = all;
          return own();
        };
        const { response, request } = await run([{ action, dpopNonce: "n-1" }], {
          [hook]: answer,
          cors: ["https://app.example"],
        });
        equal(response.headers.get("x-own"), "1", "x-own");
        equal(response.headers.get("dpop-nonce"), "n-1", "dpop-nonce");
        equal(response.headers.get("vary"), "Accept, Origin", "vary");
        equal((await checkedAnswer(response, 201)).access_token, "mine", "body");
        equal(given[0].action, action, "the response");
        ok(
          given[1] instanceof Request && given[1] !== request && given[1].url === request.url,
          "a request like the one that came",
        );
      }
    },

    "a hook may pass on a response whose headers can't be changed, of any status": async () => {
      const fixed = [
        () => Response.error(),
        () => Response.redirect("https://evil.example"),
        async () => new Response(null, { status: 204 }),
      ];
      for (const tokenExchange of fixed) {
        const { response } = await run([{ action: "TOKEN_EXCHANGE" }], { tokenExchange });
        ok(response instanceof Response, "a Response");
        equal(response.headers.get("cache-control"), "no-store", "cache-control");
      }
    },

    "a delegated hook that throws, hangs or gives no response is 500": async () => {
      const used = new Response("x");
      await used.text();
      for (const [hook, action] of delegated) {
        const duck = {
          status: 200,
          headers: { get: thrower, set: thrower },
          body: null,
          bodyUsed: false,
        };
        const proxy = new Proxy(
          {},
          { get: (_, name) => (name === "then" ? undefined : thrower()) },
        );
        const cases = [
          [thrower, "threw", /Error/],
          [async () => thrower(), "threw", /Error/],
          [never, "timed_out", /hookTimeoutMs/],
          [() => used, "invalid_result", /used/],
          ...[null, undefined, "x", {}, proxy, duck].map((value) => [
            () => value,
            "invalid_result",
            /expected a Response/,
          ]),
        ];
        for (const [answer, reason, words] of cases) {
          const { response, events } = await run([{ action, dpopNonce: "n-1" }], {
            [hook]: answer,
          });
          equal(response.headers.get("dpop-nonce"), "n-1", "dpop-nonce");
          await checkedError(response, 500, "server_error");
          match(events[0].detail, words);
          deepEqual(
            events,
            [{ type: "hook_failed", hook, reason, detail: events[0].detail }],
            "events",
          );
        }
      }
    },

    "a delegated grant without its hook is refused": async () => {
      for (const [hook, action, error] of delegated) {
        const { response, events } = await run([{ action, dpopNonce: "n-1" }], {});
        equal(response.headers.get("dpop-nonce"), "n-1", "dpop-nonce");
        await checkedError(response, 400, error);
        const detail = `the action is ${action}, and there is no hook ${hook}`;
        deepEqual(events, [{ type: "refused", status: 400, error, detail }], "events");
      }
    },

    "an ID token is reissued with Authlete's defaults, or as told": async () => {
      const base = {
        path: "idtoken/reissue",
        accessToken: reissuable.accessToken,
        refreshToken: reissuable.refreshToken,
      };
      const claims = {
        sub: "s",
        claims: '{"email":"a@b"}',
        idtHeaderParams: '{"x5t":"abc"}',
        idTokenAudType: "string",
      };
      const choices = [
        [undefined, {}],
        [true, {}],
        [claims, claims],
        [() => claims, claims],
        [async () => ({}), {}],
        [{ claims: undefined }, {}],
      ];
      for (const [reissueIdToken, more] of choices) {
        const { response, calls, events } = await run([reissuable, reissued], { reissueIdToken });
        equal(await response.text(), reissued.responseContent, "body");
        deepEqual(calls, [{ ...base, ...more }], "calls");
        deepEqual(events, [], "events");
      }
      let given;
      await run([{ ...reissuable, jwtAccessToken: "a.b.c" }, reissued], {
        reissueIdToken: (response) => {
          given = response;
          return {};
        },
      });
      equal(given.subject, reissuable.subject, "the hook gets the response");
      const { calls } = await run([{ ...reissuable, jwtAccessToken: "a.b.c" }, reissued], {});
      equal(calls[0].accessToken, "a.b.c", "the access token as the client gets it");
    },

    "false answers without a new ID token": async () => {
      const { response, calls, events } = await run([reissuable], { reissueIdToken: false });
      equal(await response.text(), reissuable.responseContent, "body");
      deepEqual([calls, events], [[], []], "calls and events");
    },

    "whatever fails in a reissue, the client gets its tokens": async () => {
      const type = "reissue_failed";
      const upstreamFailed = { type, reason: "upstream_failed" };
      const hooks = [
        [thrower, "threw"],
        [async () => thrower(), "threw"],
        [never, "timed_out"],
        ...[undefined, "x", []].map((value) => [() => value, "invalid_result"]),
        [() => ({ claims: {} }), "invalid_result", "claims"],
        [() => ({ unheard: 1 }), "invalid_result", "unheard"],
        // A member name that is data is not repeated.
        [() => ({ [`${SECRET}\n!`]: 1 }), "invalid_result"],
        [() => ({ accessToken: SECRET }), "invalid_result", "accessToken"],
      ];
      for (const [reissueIdToken, reason, path] of hooks) {
        const { response, events } = await run([{ ...reissuable, dpopNonce: "n-1" }, reissued], {
          reissueIdToken,
        });
        equal(await response.clone().text(), reissuable.responseContent, "body");
        await checkedAnswer(response, 200);
        const { detail, ...event } = events[0];
        ok(typeof detail === "string", "detail");
        const told = { type: "hook_failed", hook: "reissueIdToken", reason, ...(path && { path }) };
        deepEqual([event, ...events.slice(1)], [told, { type, reason: "hook_failed" }], "events");
      }
      const cases = [
        [{ reissueIdToken: () => null }, reissued, { type, reason: "declined" }],
        ...["CALLER_ERROR", "INTERNAL_SERVER_ERROR"].map((reason) => {
          const answer = body(`idtokenReissue.${reason}`);
          return [{}, answer, { type, reason, resultCode: answer.resultCode }];
        }),
        [{}, { action: "OK" }, { ...upstreamFailed, code: "ERR_AUTHLETE_RESPONSE_INVALID" }],
        [
          {},
          { action: "NEW", responseContent: "{}" },
          { ...upstreamFailed, code: "ERR_AUTHLETE_RESPONSE_INVALID" },
        ],
        [
          {},
          () => new Response("", { status: 500 }),
          { ...upstreamFailed, code: "ERR_AUTHLETE_HTTP_STATUS", status: 500 },
        ],
        [
          {},
          () => Promise.reject(new Error(SECRET)),
          { ...upstreamFailed, code: "ERR_AUTHLETE_CONNECTION" },
        ],
        [{}, never, { ...upstreamFailed, code: "ERR_AUTHLETE_TIMEOUT" }],
      ];
      for (const [options, answer, event] of cases) {
        const { response, events } = await run(
          [{ ...reissuable, dpopNonce: "n-1" }, answer],
          options,
          { timeoutMs: 40 },
        );
        equal(
          await response.clone().text(),
          reissuable.responseContent,
          `body after ${JSON.stringify(event)}`,
        );
        equal(response.headers.get("dpop-nonce"), "n-1", "dpop-nonce");
        await checkedAnswer(response, 200);
        const [{ detail, ...told }, ...more] = events;
        equal(typeof detail, event.reason === "upstream_failed" ? "string" : "undefined", "detail");
        deepEqual([told, ...more], [event], "events");
      }
    },

    "what onEvent throws is ignored": async () => {
      for (const onEvent of [thrower, async () => thrower()]) {
        const { response } = await run([reissuable, { action: "CALLER_ERROR" }], { onEvent });
        await checkedAnswer(response, 200);
      }
    },
  };
}
