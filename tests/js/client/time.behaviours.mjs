// Time: deadlines, abort signals, retries, and the events of each exchange.
import { deepEqual, equal, ok, rejection } from "../support/assert.mjs";
import { json, never, pause, upstream } from "../support/upstream.mjs";

const SECRET = "S3CRET-marker";

export function behaviours({ pkg }) {
  const { AuthleteClient, authToken, idtokenReissue } = pkg;
  const client = (fetch, more) =>
    new AuthleteClient({ serviceId: "1", bearer: SECRET, fetch, ...more });
  const request = { parameters: `code=${SECRET}` };
  const reissue = { accessToken: SECRET, refreshToken: SECRET };
  /** The duration of the call, and its error. */
  const timed = async (promise) => {
    const started = Date.now();
    const error = await rejection(promise);
    return { error, took: Date.now() - started };
  };
  const endsInTime = async (promise) => {
    const { error, took } = await timed(promise);
    equal(error.code, "ERR_AUTHLETE_TIMEOUT", "code");
    ok(took < 1_500, `in time, not after ${took} ms`);
  };
  /** Answers with the head at once, and then slowly, byte by byte. */
  const dripping = (_url, { signal }) => {
    const body = new ReadableStream({
      async pull(controller) {
        await pause(10);
        if (signal.aborted) controller.error(signal.reason);
        else controller.enqueue(new Uint8Array([32]));
      },
    });
    return Promise.resolve(new Response(body, { headers: { "content-type": "application/json" } }));
  };
  const lost = () => Promise.reject(new TypeError("reset"));
  const busy = (headers) => () => new Response("", { status: 429, headers });

  return {
    "one deadline covers bearer, fetch, body and the attempts after a wait": async () => {
      await endsInTime(authToken(client(never, { timeoutMs: 40 }), request));
      await endsInTime(authToken(client(never, { timeoutMs: 40, bearer: never }), request));
      await endsInTime(authToken(client(dripping, { timeoutMs: 60 }), request));
      const authlete = upstream(busy({ "retry-after": "0" }), never);
      await endsInTime(
        authToken(client(authlete.fetch, { timeoutMs: 60, retry: { attempts: 2 } }), request),
      );
      equal(authlete.calls.length, 2, "calls");
    },

    "a delay beyond the deadline is not waited for: the answer that named it is reported at once":
      async () => {
        for (const status of [429, 503]) {
          const authlete = upstream(
            () => new Response("", { status, headers: { "retry-after": "3" } }),
            { action: "OK" },
          );
          const { error, took } = await timed(
            authToken(
              client(authlete.fetch, { timeoutMs: 2_000, retry: { attempts: 2 } }),
              request,
            ),
          );
          deepEqual(
            [error.code, error.status, error.retryAfter],
            ["ERR_AUTHLETE_HTTP_STATUS", status, 3],
            "error",
          );
          ok(error.headers instanceof Headers, "headers");
          ok(took < 1_500, `at once, not after ${took} ms`);
          equal(authlete.calls.length, 1, "calls");
        }
        const { error, took } = await timed(
          idtokenReissue(client(lost, { timeoutMs: 150, retry: { attempts: 2 } }), reissue),
        );
        equal(error.code, "ERR_AUTHLETE_CONNECTION", "the pause after a lost connection");
        ok(took < 1_500, `at once, not after ${took} ms`);
      },

    "the remaining time counts, not the whole time": async () => {
      const bearer = () => pause(1_100).then(() => SECRET);
      const { error, took } = await timed(
        authToken(
          client(busy({ "retry-after": "1" }), {
            bearer,
            timeoutMs: 2_000,
            retry: { attempts: 2 },
          }),
          request,
        ),
      );
      equal(error.status, 429, "status");
      ok(took < 1_900, `at once, not after ${took} ms`);
    },

    "a pause that the deadline cuts short ends with the error of the last attempt": async () => {
      // With a clock that stands still, the pause never seems too long.
      const real = performance.now;
      performance.now = () => 0;
      try {
        const bearer = () => pause(300).then(() => SECRET);
        const limited = client(busy({ "retry-after": "1" }), {
          bearer,
          timeoutMs: 1_100,
          retry: { attempts: 2 },
        });
        const { error } = await timed(authToken(limited, request));
        deepEqual(
          [error.code, error.status, error.retryAfter],
          ["ERR_AUTHLETE_HTTP_STATUS", 429, 1],
          "error",
        );
        const cut = await rejection(
          idtokenReissue(client(lost, { bearer, timeoutMs: 400, retry: { attempts: 2 } }), reissue),
        );
        equal(cut.code, "ERR_AUTHLETE_CONNECTION", "the pause after a lost connection");
      } finally {
        performance.now = real;
      }
    },

    "after an abort the error is always that of an abort, whatever has arrived by then":
      async () => {
        const late = () =>
          new Response(new ReadableStream({ pull: never }), {
            status: 503,
            headers: { "content-type": "application/json", "retry-after": "1" },
          });
        const controller = new AbortController();
        setTimeout(() => controller.abort(), 20);
        equal(
          (await rejection(authToken(client(late), request, { signal: controller.signal }))).code,
          "ERR_AUTHLETE_ABORTED",
          "code",
        );
        equal(
          (await rejection(authToken(client(late, { timeoutMs: 20 }), request))).status,
          503,
          "a deadline, beside a status",
        );
      },

    "the deadline of a call overrides the client's": async () => {
      await endsInTime(authToken(client(never), request, { timeoutMs: 40 }));
    },

    "a deadline ends the exchange, too": async () => {
      let signal;
      const fetch = (_url, init) => {
        signal = init.signal;
        return never();
      };
      await rejection(authToken(client(fetch, { timeoutMs: 20 }), request));
      ok(signal.aborted, "fetch's own signal is aborted");
    },

    "an answer after the deadline does no harm": async () => {
      const late = [
        () => pause(60).then(() => json({ action: "OK" })),
        () => pause(60).then(() => Promise.reject(new Error("late"))),
      ];
      for (const fetch of late)
        await endsInTime(authToken(client(fetch, { timeoutMs: 20 }), request));
      await pause(90);
    },

    "with a signal that is already aborted nothing is sent": async () => {
      const authlete = upstream({ action: "OK" });
      const error = await rejection(
        authToken(client(authlete.fetch), request, {
          signal: AbortSignal.abort(new Error(SECRET)),
        }),
      );
      equal(error.code, "ERR_AUTHLETE_ABORTED", "code");
      ok(!`${error.stack}${JSON.stringify(error)}`.includes(SECRET), "the reason is not told");
      equal(authlete.calls.length, 0, "calls");
    },

    "a signal ends the call wherever it is": async () => {
      const abortedSoon = () => {
        const controller = new AbortController();
        setTimeout(() => controller.abort(), 20);
        return controller.signal;
      };
      let inner;
      const hanging = (_url, init) => {
        inner = init.signal;
        return never();
      };
      for (const options of [
        { fetch: hanging },
        { bearer: never },
        { fetch: dripping },
        { fetch: busy({ "retry-after": "2" }), retry: { attempts: 2 } },
      ]) {
        const { fetch, ...more } = options;
        const { error, took } = await timed(
          authToken(client(fetch, more), request, { signal: abortedSoon() }),
        );
        equal(error.code, "ERR_AUTHLETE_ABORTED", "code");
        ok(took < 1_500, `at once, not after ${took} ms`);
      }
      ok(inner.aborted, "fetch's own signal is aborted");
    },

    "a signal that fires after the end does nothing": async () => {
      const controller = new AbortController();
      equal(
        (
          await authToken(
            client(async () => json({ action: "OK" })),
            request,
            { signal: controller.signal },
          )
        ).action,
        "OK",
        "action",
      );
      controller.abort();
      await pause(5);
    },

    "nothing is sent twice unless retry is set": async () => {
      for (const answer of [
        busy({ "retry-after": "0" }),
        () => Promise.reject(new Error("reset")),
      ]) {
        for (const [operation, body] of [
          [authToken, request],
          [idtokenReissue, reissue],
        ]) {
          const authlete = upstream(answer);
          await rejection(operation(client(authlete.fetch), body));
          equal(authlete.calls.length, 1, "calls");
        }
      }
    },

    "with retry, a 429 or 503 that names a delay is tried again": async () => {
      for (const status of [429, 503]) {
        const answer = () => new Response("", { status, headers: { "retry-after": "0" } });
        const authlete = upstream(answer, answer, { action: "OK" });
        equal(
          (await authToken(client(authlete.fetch, { retry: { attempts: 3 } }), request)).action,
          "OK",
          "action",
        );
        equal(authlete.calls.length, 3, "calls");
        deepEqual(authlete.calls[2].body, authlete.calls[0].body, "the same request");
      }
    },

    "the next attempt comes after the whole delay": async () => {
      const authlete = upstream(busy({ "ratelimit-reset": "1" }), { action: "OK" });
      const started = Date.now();
      await authToken(client(authlete.fetch, { retry: { attempts: 2 } }), request);
      ok(Date.now() - started >= 950, "one second");
    },

    "attempts is the total number, and the last error is reported": async () => {
      const authlete = upstream(busy({ "retry-after": "0" }));
      const error = await rejection(
        authToken(client(authlete.fetch, { retry: { attempts: 4 } }), request),
      );
      equal(error.status, 429, "status");
      equal(authlete.calls.length, 4, "calls");
    },

    "a request that may have been processed is never sent again": async () => {
      const answers = [
        busy({}),
        busy({ "retry-after": "6" }),
        () => new Response("", { status: 502, headers: { "retry-after": "0" } }),
        () => json({}),
        () => Promise.reject(new Error("reset")),
        () => new Response("", { status: 500, headers: { "retry-after": "0" } }),
      ];
      for (const answer of answers) {
        const authlete = upstream(answer, { action: "OK" });
        await rejection(authToken(client(authlete.fetch, { retry: { attempts: 5 } }), request));
        equal(authlete.calls.length, 1, "calls");
      }
      const authlete = upstream(busy({ "retry-after": "1" }), { action: "OK" });
      await rejection(
        authToken(client(authlete.fetch, { retry: { attempts: 5, maxDelayMs: 999 } }), request),
      );
      equal(authlete.calls.length, 1, "calls: the delay is longer than allowed");
    },

    "a reissue consumes nothing, so a lost connection is tried again": async () => {
      const authlete = upstream(() => Promise.reject(new Error("reset")), { action: "OK" });
      equal(
        (await idtokenReissue(client(authlete.fetch, { retry: { attempts: 2 } }), reissue)).action,
        "OK",
        "action",
      );
      equal(authlete.calls.length, 2, "calls");
    },

    "onEvent is called for every exchange, without a secret": async () => {
      const events = [];
      const fail = () =>
        json(
          { resultCode: "A001", resultMessage: SECRET },
          { status: 429, headers: { "retry-after": "0" } },
        );
      const authlete = upstream(fail, {
        action: "OK",
        resultCode: "A050001",
        accessToken: SECRET,
        responseContent: SECRET,
      });
      await authToken(
        client(authlete.fetch, { retry: { attempts: 2 }, onEvent: (event) => events.push(event) }),
        request,
      );
      await rejection(
        authToken(
          client(() => Promise.reject(new Error(SECRET)), {
            onEvent: (event) => events.push(event),
          }),
          request,
        ),
      );
      for (const event of events) {
        ok(typeof event.durationMs === "number" && event.durationMs >= 0, "durationMs");
        delete event.durationMs;
      }
      deepEqual(
        events,
        [
          {
            type: "exchange",
            operation: "authToken",
            attempt: 1,
            status: 429,
            resultCode: "A001",
            code: "ERR_AUTHLETE_HTTP_STATUS",
          },
          {
            type: "exchange",
            operation: "authToken",
            attempt: 2,
            status: 200,
            action: "OK",
            resultCode: "A050001",
          },
          { type: "exchange", operation: "authToken", attempt: 1, code: "ERR_AUTHLETE_CONNECTION" },
        ],
        "events",
      );
    },

    "a result code that is not a string is left out": async () => {
      const codes = [];
      for (const resultCode of [{ secret: SECRET }, [SECRET], 7, true, null, "A050001"]) {
        const authlete = client(async () => json({ action: "OK", resultCode }), {
          onEvent: (event) => codes.push(event.resultCode),
        });
        await authToken(authlete, request);
      }
      equal(codes.at(-1), "A050001", "a text");
      ok(
        codes.every((code) => code === undefined || typeof code === "string"),
        "what onEvent gets",
      );
    },

    "what onEvent throws or rejects with is ignored": async () => {
      for (const onEvent of [
        () => {
          throw new Error("x");
        },
        async () => {
          throw new Error("x");
        },
        () => ({
          then() {
            throw new Error("x");
          },
        }),
      ]) {
        equal(
          (
            await authToken(
              client(async () => json({ action: "OK" }), { onEvent }),
              request,
            )
          ).action,
          "OK",
          "action",
        );
      }
    },
  };
}
