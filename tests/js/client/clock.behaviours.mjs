// The clock: one that stands still (as in workerd), goes back, is wrong by hours, or is not a
// number. Deadlines and waits don't depend on it.
import { deepEqual, equal, ok, rejection } from "../support/assert.mjs";
import { json, never, upstream } from "../support/upstream.mjs";

const HOUR = 3_600_000;
const request = { parameters: "" };

/** Runs `body` while `Date.now` is this function. */
async function clocked(now, body) {
  const real = Date.now;
  Date.now = now;
  try {
    return await body(real);
  } finally {
    Date.now = real;
  }
}

/** Clocks by name: each returns a function that replaces `Date.now`. */
const clocks = {
  frozen: () => {
    const now = Date.now();
    return () => now;
  },
  "going back an hour at each call": () => {
    let now = Date.now();
    return () => (now -= HOUR);
  },
  "leaping a day at each call": () => {
    let now = Date.now();
    return () => (now += 24 * HOUR);
  },
  "in 1970": () => () => 1,
  "before 1970": () => () => -HOUR,
  "in 2038": () => () => 2 ** 31 * 1000 + 1,
  "in 2106": () => () => 2 ** 32 * 1000 + 1,
  "after all dates": () => () => 8.64e15 + 1,
  "that is not a number": () => () => Number.NaN,
  "that is infinite": () => () => Number.POSITIVE_INFINITY,
};

export function behaviours({ pkg }) {
  const { AuthleteClient, authToken, handleTokenRequest } = pkg;
  const client = (fetch, more) =>
    new AuthleteClient({ serviceId: "1", bearer: "b", fetch, ...more });
  const busy = (headers) => () => new Response("", { status: 429, headers });
  const delay = async (headers) =>
    (await rejection(authToken(client(busy(headers)), request))).retryAfter;
  const date = (milliseconds) => new Date(milliseconds).toUTCString();

  return {
    "an operation and a token request work with any clock": async () => {
      const answer = {
        action: "OK",
        accessTokenExpiresAt: 2 ** 42,
        responseContent: '{"expires_in":4294967297}',
      };
      for (const [name, clock] of Object.entries(clocks)) {
        await clocked(clock(), async () => {
          const events = [];
          const authlete = client(async () => json(answer), {
            onEvent: (event) => events.push(event),
          });
          equal(
            (await authToken(authlete, request)).accessTokenExpiresAt,
            2 ** 42,
            `a clock ${name}`,
          );
          const body = new URLSearchParams({ grant_type: "client_credentials" });
          const response = await handleTokenRequest(
            new Request("https://as.example/token", { method: "POST", body }),
            { authlete },
          );
          equal(await response.text(), answer.responseContent, `a clock ${name}`);
          equal(events.length, 2, "events");
        });
      }
    },

    "the duration of an exchange is never negative": async () => {
      for (const clock of ["going back an hour at each call", "frozen"]) {
        const durations = [];
        const authlete = client(async () => json({ action: "OK" }), {
          onEvent: ({ durationMs }) => durations.push(durationMs),
        });
        await clocked(clocks[clock](), () => authToken(authlete, request));
        deepEqual(durations, [0], `a clock ${clock}`);
      }
    },

    "a deadline and a delay take their full time with any clock": async () => {
      for (const clock of ["frozen", "going back an hour at each call"]) {
        await clocked(clocks[clock](), async (now) => {
          const started = now();
          equal(
            (await rejection(authToken(client(never, { timeoutMs: 60 }), request))).code,
            "ERR_AUTHLETE_TIMEOUT",
            clock,
          );
          const { fetch, calls } = upstream(busy({ "retry-after": "1" }), { action: "OK" });
          equal(
            (await authToken(client(fetch, { retry: { attempts: 2 } }), request)).action,
            "OK",
            clock,
          );
          equal(calls.length, 2, "calls");
          const took = now() - started;
          ok(took >= 1_000 && took < 3_000, `${clock}: took ${took} ms`);
        });
      }
    },

    "a Retry-After date is compared with the server's clock": async () => {
      for (const skew of [-HOUR, 0, HOUR, 100 * 365 * 24 * HOUR]) {
        const theirs = Date.now() + skew;
        equal(
          await delay({ date: date(theirs), "retry-after": date(theirs + 5_000) }),
          5,
          `a server whose clock is ${skew} ms off`,
        );
        equal(
          await delay({ date: date(theirs), "retry-after": date(theirs - 5_000) }),
          0,
          "a date that has passed",
        );
      }
      const reset = Math.floor(Date.now() / 1000) + 1_000;
      equal(
        await delay({ date: date((reset - 7) * 1000), "ratelimit-reset": String(reset) }),
        7,
        "a point in time as a limit's reset",
      );
    },

    "without the server's clock, or with an unreadable one, a date is compared with ours":
      async () => {
        for (const headers of [
          {},
          { date: "now" },
          { date: "" },
          { date: "Sun, 06 Nov 1994 24:00:00 GMT" },
        ]) {
          const seconds = await delay({ ...headers, "retry-after": date(Date.now() + 30_500) });
          ok(seconds >= 28 && seconds <= 31, `30 seconds from now, not ${seconds}`);
        }
      },
  };
}
