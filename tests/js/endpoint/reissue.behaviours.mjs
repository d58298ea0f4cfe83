// ID tokens that are issued again at a refresh.
import { deepEqual, equal, ok } from "../support/assert.mjs";
import { never } from "../support/upstream.mjs";
import { SECRET, hooked, thrower } from "./hooked.mjs";
import { checkedAnswer } from "./token-request.mjs";

export function behaviours({ pkg, fixtures }) {
  const { run, body, reissuable, reissued } = hooked({ pkg, fixtures });
  return {
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
  };
}
