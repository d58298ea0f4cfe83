// The events of a token request: everything that happens, in order, once each, and in the details
// what may hold a secret.
import { deepEqual, equal, match, ok } from "../support/assert.mjs";
import { json, upstream } from "../support/upstream.mjs";
import { tokenRequest } from "./token-request.mjs";

const SECRET = "S3CRET-marker";
const thrower = () => {
  throw new RangeError(SECRET);
};
const password = {
  action: "PASSWORD",
  ticket: "t",
  username: "u",
  password: "p",
  resultCode: "A1",
  resultMessage: SECRET,
};
const failed = {
  action: "BAD_REQUEST",
  responseContent: '{"error":"invalid_request"}',
  resultCode: "A2",
};
const refreshed = {
  action: "ID_TOKEN_REISSUABLE",
  responseContent: '{"access_token":"x"}',
  accessToken: "a",
  refreshToken: "r",
};

export function behaviours({ pkg }) {
  const { AuthleteClient, AuthleteError, handleTokenRequest } = pkg;
  /** An `onEvent`, and what it was called with. */
  const ear = () => {
    const heard = [];
    return { heard, onEvent: (event, details) => heard.push({ event, details }) };
  };
  const words = ({ heard }) =>
    heard.map(({ event }) =>
      [event.type, event.operation ?? event.hook ?? event.reason ?? event.status].join(" "),
    );
  const handled = async (answers, options, client = {}, request = tokenRequest()) => {
    const authlete = new AuthleteClient({
      serviceId: "1",
      bearer: "b",
      fetch: upstream(...answers).fetch,
      ...client,
    });
    const response = await handleTokenRequest(request, {
      authlete,
      hookTimeoutMs: 250,
      ...options,
    });
    ok(
      !JSON.stringify([...response.headers]).includes(SECRET) &&
        !(await response.text()).includes(SECRET),
      "the client learns nothing",
    );
  };
  /** Runs a request, and returns the one event that is not an `exchange`, with its details. */
  const told = async (answer, client = {}) => {
    const { heard, onEvent } = ear();
    await handled([answer], { onEvent }, client);
    ok(
      !JSON.stringify(heard.map(({ event }) => event)).includes(SECRET),
      "events are fit for a log",
    );
    const [{ event, details }, ...more] = heard.filter(({ event }) => event.type !== "exchange");
    equal(more.length, 0, "more events");
    return { event, details, exchange: heard.find(({ event }) => event.type === "exchange") };
  };

  return {
    "the endpoint's onEvent gets every event of its request, in order, under one requestId":
      async () => {
        for (const [answers, options, expected] of [
          [[failed], {}, ["exchange authToken"]],
          [
            [password, failed],
            { authenticateUser: () => null },
            ["exchange authToken", "exchange authTokenFail"],
          ],
          [
            [password, failed],
            { authenticateUser: thrower },
            ["exchange authToken", "hook_failed authenticateUser", "exchange authTokenFail"],
          ],
          [[password, failed], {}, ["exchange authToken", "refused 400", "exchange authTokenFail"]],
          [
            [refreshed, { action: "CALLER_ERROR" }],
            {},
            ["exchange authToken", "exchange idtokenReissue", "reissue_failed CALLER_ERROR"],
          ],
          [
            [refreshed],
            { reissueIdToken: thrower },
            ["exchange authToken", "hook_failed reissueIdToken", "reissue_failed hook_failed"],
          ],
          [
            [() => new Response("", { status: 503 })],
            {},
            ["exchange authToken", "upstream_failed authToken"],
          ],
          [[failed], { tokenRequest: thrower }, ["hook_failed tokenRequest"]],
        ]) {
          const [endpoint, client] = [ear(), ear()];
          await handled(
            answers,
            { ...options, onEvent: endpoint.onEvent },
            { onEvent: client.onEvent },
          );
          deepEqual(words(endpoint), expected, "events");
          deepEqual(client.heard, [], "the client's onEvent hears nothing of it");
          const ids = new Set(endpoint.heard.map(({ event }) => event.requestId));
          ok(ids.size === 1 && /^[\x20-\x7e]{8,}$/.test([...ids][0]), "one requestId");

          const alone = ear();
          await handled(answers, options, { onEvent: alone.onEvent });
          deepEqual(
            words(alone),
            expected,
            "without the endpoint's, the client's onEvent hears the same",
          );

          const both = ear();
          await handled(answers, { ...options, onEvent: both.onEvent }, { onEvent: both.onEvent });
          deepEqual(words(both), expected, "a function that is both hears each thing once");
          ok(
            both.heard[0].event.requestId !== endpoint.heard[0].event.requestId,
            "another request has another requestId",
          );
        }
      },

    "each attempt of a call is an event": async () => {
      const { onEvent, heard } = ear();
      const busy = () =>
        json(
          { resultCode: "A9", resultMessage: SECRET },
          { status: 503, headers: { "retry-after": "0" } },
        );
      await handled([busy, failed], { onEvent, requestId: "r" }, { retry: { attempts: 2 } });
      const events = heard.map(({ event: { durationMs, ...event } }) => event);
      const common = { type: "exchange", operation: "authToken", requestId: "r" };
      deepEqual(
        events,
        [
          {
            ...common,
            attempt: 1,
            status: 503,
            code: "ERR_AUTHLETE_HTTP_STATUS",
            resultCode: "A9",
          },
          {
            ...common,
            attempt: 2,
            status: 200,
            action: "BAD_REQUEST",
            resultCode: "A2",
            error: "invalid_request",
          },
        ],
        "events",
      );
    },

    "the host may name the request": async () => {
      const { onEvent, heard } = ear();
      const trace = `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 ${"~".repeat(72)}`;
      await handled([failed], { onEvent, requestId: trace });
      await handled(
        [failed],
        { onEvent, requestId: trace },
        {},
        tokenRequest({ type: "text/plain" }),
      );
      deepEqual(
        heard.map(({ event }) => [event.type, event.requestId]),
        [
          ["exchange", trace],
          ["refused", trace],
        ],
        "events",
      );
    },

    "calls outside a token request have no requestId": async () => {
      const { onEvent, heard } = ear();
      await pkg.authToken(
        new AuthleteClient({ serviceId: "1", bearer: "b", fetch: upstream(failed).fetch, onEvent }),
        { parameters: "" },
      );
      ok(heard.length === 1 && !("requestId" in heard[0].event), "no requestId");
    },

    "Authlete's explanation and the error are in the details": async () => {
      const { onEvent, heard } = ear();
      await handled([password, failed], { onEvent, authenticateUser: () => null });
      deepEqual(heard[0].details, { resultMessage: SECRET }, "details");
      deepEqual(heard[1].details, {}, "no details");
      const { event, details, exchange } = await told(() =>
        json({ resultCode: "A1", resultMessage: SECRET }, { status: 401 }),
      );
      for (const each of [details, exchange.details]) {
        equal(each.resultMessage, SECRET, "resultMessage");
        ok(
          each.error instanceof AuthleteError &&
            each.error.status === 401 &&
            each.error.headers instanceof Headers,
          "error",
        );
      }
      equal(event.resultCode, "A1", "resultCode");
    },

    "the event of a failed call names what to check": async () => {
      const status = (status) => () => json({ resultCode: "A7" }, { status });
      for (const [answer, detail] of [
        [status(401), /status 401; .*bearer/],
        [status(403), /status 403; .*rights.*serviceId/],
        [status(404), /status 404; .*serverURL and serviceId/],
      ]) {
        const { event } = await told(answer);
        match(event.detail, detail);
        equal(event.resultCode, "A7", "resultCode");
      }
      for (const [answer, detail] of [
        [
          () => new Response("<html>", { headers: { "content-type": "text/html" } }),
          /content type; .*serverURL, proxies/,
        ],
        [() => Promise.reject(new TypeError(SECRET)), /TypeError\); .*serverURL/],
        [{ action: "OK", resultCode: "A7" }, /responseContent/],
        [
          { action: "OF_TOMORROW", responseContent: "{}" },
          /an action that this version does not know/,
        ],
      ]) {
        const { event } = await told(answer);
        equal(event.type, "upstream_failed", "type");
        match(event.detail, detail);
      }
      const { event, details } = await told({
        action: "OK",
        resultCode: "A7",
        resultMessage: SECRET,
      });
      deepEqual(
        [event.resultCode, details],
        ["A7", { resultMessage: SECRET }],
        "of an answer that can't be used",
      );
    },

    "what a function of the host threw is in the details": async () => {
      const bearer = await told(failed, { bearer: thrower });
      equal(bearer.event.code, "ERR_AUTHLETE_CONFIG", "code");
      match(bearer.event.detail, /bearer failed \(RangeError\)/);
      const fetch = await told(thrower);
      equal(fetch.event.code, "ERR_AUTHLETE_CONNECTION", "code");
      for (const { details } of [bearer, fetch, fetch.exchange]) {
        equal(details.cause?.message, SECRET, "what was thrown");
        ok(
          details.error instanceof AuthleteError && details.error.cause === undefined,
          "and the error, which has it not",
        );
      }
      const unusable = await told(failed, { bearer: () => `${SECRET}\n` });
      match(unusable.event.detail, /bearer returned something other/);
      ok(!("cause" in unusable.details), "nothing was thrown");
    },

    "a random requestId needs no secure context": async () => {
      const { onEvent, heard } = ear();
      Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
      try {
        await handled([failed], { onEvent });
      } finally {
        delete crypto.randomUUID;
      }
      match(heard[0].event.requestId, /^[\x20-\x7e]{8,}$/);
    },
  };
}
