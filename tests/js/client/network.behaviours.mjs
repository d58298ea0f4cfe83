// The runtime's own fetch and a real server: what arrives there, and which errors its faults cause.
import { deepEqual, equal, ok, rejection } from "../support/assert.mjs";
import { hasResponseBody } from "../support/features.mjs";
import { pause } from "../support/upstream.mjs";

const SECRET = "S3CRET-marker";

export function behaviours({ pkg, server, refusing }) {
  const { AuthleteClient, AuthleteError, authToken } = pkg;
  const call = (serviceId, options, more) =>
    authToken(
      new AuthleteClient({ serviceId, bearer: SECRET, serverURL: server, ...options }),
      { parameters: "a=b" },
      more,
    );
  const ask = async (path) => (await fetch(server + path)).json();
  const failing = async (serviceId, options, more) => {
    const error = await rejection(call(serviceId, options, more));
    ok(error instanceof AuthleteError, `an AuthleteError, and not ${error}`);
    ok(
      !`${error.message}${error.stack}${JSON.stringify(error)}${error.cause}`.includes(SECRET),
      "no secret is told",
    );
    return error;
  };
  /** Waits until the server sees that the call was aborted. */
  const givenUp = async () => {
    for (let tries = 0; tries < 100; tries += 1) {
      if ((await ask("/open")) === 0) return;
      await pause(20);
    }
    equal(await ask("/open"), 0, "open calls");
  };

  return {
    "a call arrives as documented": async () => {
      const { method, path, authorization, accept, contentType, body } = await call("echo");
      deepEqual(
        [method, path, authorization, accept],
        ["POST", "/api/echo/auth/token", `Bearer ${SECRET}`, "application/json"],
        "head",
      );
      ok(contentType.startsWith("application/json"), contentType);
      equal(body, '{"parameters":"a=b"}', "body");
    },

    "a compressed answer is read": async () => {
      equal((await call("packed")).action, "OK", "action");
    },

    "a redirect is not followed, and the bearer goes nowhere else": async () => {
      for (const status of [301, 302, 303, 307, 308]) {
        const error = await failing(`redirect-${status}`);
        equal(error.code, "ERR_AUTHLETE_HTTP_STATUS", "code");
        ok([status, 0].includes(error.status), `status ${error.status}`);
      }
      equal(await ask("/stolen"), 0, "calls of the address that the redirects name");
    },

    "a connection that is refused or breaks is a connection error": async () => {
      const refused = await failing("echo", { serverURL: refusing });
      equal(refused.code, "ERR_AUTHLETE_CONNECTION", "code");
      ok(!Object.keys(refused).includes("cause"), "the cause is not enumerable");
      equal((await failing("reset")).code, "ERR_AUTHLETE_CONNECTION", "code");
    },

    "a name that does not exist, and a server without TLS, are connection errors": async () => {
      // Every resolver refuses a label of 64 letters, without a query.
      for (const serverURL of [
        `https://${"a".repeat(64)}.example`,
        server.replace("http:", "https:"),
      ]) {
        equal((await failing("echo", { serverURL })).code, "ERR_AUTHLETE_CONNECTION", serverURL);
      }
    },

    "an answer that is malformed HTTP is an answer or a typed error, and the next call works":
      async () => {
        const codes = [
          "ERR_AUTHLETE_CONNECTION",
          "ERR_AUTHLETE_RESPONSE_INVALID",
          "ERR_AUTHLETE_HTTP_STATUS",
          "ERR_AUTHLETE_TIMEOUT",
        ];
        for (const scenario of await ask("/malformed")) {
          const outcome = await call(scenario, { timeoutMs: 1_000 }).catch((error) => error);
          ok(
            outcome.action === "OK" ||
              (outcome instanceof AuthleteError && codes.includes(outcome.code)),
            `${scenario}: ${outcome}`,
          );
          ok(!`${outcome.stack}${JSON.stringify(outcome)}`.includes(SECRET), "no secret is told");
          equal((await call("packed")).action, "OK", `the call after ${scenario}`);
        }
      },

    "the deadline ends a call to a server that hangs or drips": async () => {
      for (const scenario of ["hang", "drip"])
        equal((await failing(scenario, { timeoutMs: 150 })).code, "ERR_AUTHLETE_TIMEOUT", scenario);
      await givenUp();
    },

    "an abort reaches the server": async () => {
      for (const scenario of ["hang", "drip"]) {
        const controller = new AbortController();
        setTimeout(() => controller.abort(), 100);
        equal(
          (await failing(scenario, {}, { signal: controller.signal })).code,
          "ERR_AUTHLETE_ABORTED",
          scenario,
        );
      }
      await givenUp();
    },

    "a body that is cut off is a connection error": async () => {
      equal((await failing("truncated")).code, "ERR_AUTHLETE_CONNECTION", "code");
    },

    "a body that is empty or HTML is not accepted as an answer": async () => {
      for (const scenario of ["empty", "html"]) {
        const { code } = await failing(scenario);
        equal(code, "ERR_AUTHLETE_RESPONSE_INVALID", scenario);
      }
    },

    "a body beyond the limit is not read to its end, compressed or not": async () => {
      // If a body can only be read whole, the deadline ends an endless one.
      for (const scenario of [...(hasResponseBody() ? ["endless"] : []), "announced", "bomb"]) {
        const { code, message } = await failing(scenario);
        equal(code, "ERR_AUTHLETE_RESPONSE_INVALID", scenario);
        ok(message.includes("maxResponseBytes"), message);
      }
      await givenUp();
    },

    "an HTTP error has the delay and result code of the answer": async () => {
      const busy = await failing("busy");
      deepEqual(
        [busy.code, busy.status, busy.retryAfter],
        ["ERR_AUTHLETE_HTTP_STATUS", 429, 7],
        "429",
      );
      const unauthorized = await failing("unauthorized");
      deepEqual([unauthorized.status, unauthorized.resultCode], [401, "A001202"], "401");
    },
  };
}
