// The hooks of the token endpoint: users' passwords and delegated grants.
import { deepEqual, equal, match, ok } from "../support/assert.mjs";
import { never, pause } from "../support/upstream.mjs";
import { SECRET, hooked, thrower } from "./hooked.mjs";
import { checkedAnswer, checkedError } from "./token-request.mjs";

export function behaviours({ pkg, fixtures }) {
  const { run, password, issued, failed, reissuable } = hooked({ pkg, fixtures });
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

    "what onEvent throws is ignored": async () => {
      for (const onEvent of [thrower, async () => thrower()]) {
        const { response } = await run([reissuable, { action: "CALLER_ERROR" }], { onEvent });
        await checkedAnswer(response, 200);
      }
    },
  };
}
