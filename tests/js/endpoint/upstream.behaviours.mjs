// The token endpoint with a real but faulty server: what the endpoint's client gets, and that the
// next request works.
import { deepEqual, equal, ok } from "../support/assert.mjs";
import { hasResponseBody } from "../support/features.mjs";
import { checkedAnswer, checkedError, tokenRequest } from "./token-request.mjs";

/** How the server behaves, and the status that the endpoint answers with. */
const faults = () => ({
  "redirect-301": 500,
  "redirect-302": 500,
  "redirect-303": 500,
  "redirect-307": 500,
  "redirect-308": 500,
  reset: 503,
  hang: 503,
  drip: 503,
  truncated: 503,
  html: 500,
  empty: 500,
  // If a body can only be read whole, an endless one never arrives.
  endless: hasResponseBody() ? 500 : 503,
  announced: 500,
  bomb: 500,
  unauthorized: 500,
  busy: 503,
});

export function behaviours({ pkg, server, refusing }) {
  const { AuthleteClient, handleTokenRequest } = pkg;
  const ask = async (path) => (await fetch(server + path)).json();
  const answered = (serviceId, more) => {
    const events = [];
    const authlete = new AuthleteClient({
      serviceId,
      bearer: "b",
      serverURL: server,
      timeoutMs: 500,
      ...more,
    });
    return handleTokenRequest(tokenRequest(), {
      authlete,
      onEvent: (event) => events.push(event),
    }).then((response) => ({ response, events }));
  };
  const works = async () => {
    // The answer may be late: a browser that decompresses sixty megabytes is busy.
    const { echo } = await checkedAnswer(
      (await answered("token", { timeoutMs: 10_000 })).response,
      200,
    );
    equal(echo, "grant_type=client_credentials", "the next request");
  };
  const failed = async (status, { response, events }, retryAfter = null) => {
    const told = `${JSON.stringify([...response.headers])}${await response.clone().text()}`;
    for (const detail of ["127.0.0.1", "A001202", "log in", "at ", "fetch"])
      ok(!told.includes(detail), `nothing of ${detail} is told: ${told}`);
    equal(response.headers.get("www-authenticate"), null, "www-authenticate");
    equal(response.headers.get("retry-after"), retryAfter, "retry-after");
    await checkedError(
      response,
      status,
      status === 503 ? "temporarily_unavailable" : "server_error",
    );
    deepEqual(
      events.map(({ type, operation }) => [type, operation]),
      [
        ["exchange", "authToken"],
        ["upstream_failed", "authToken"],
      ],
      "events",
    );
  };

  return {
    "a faulty server is a server error, or unavailable, for the client, and the next request works":
      async () => {
        for (const [scenario, status] of Object.entries(faults())) {
          // An exchange that ends by itself gets more time.
          const timeoutMs = ["hang", "drip", "endless"].includes(scenario) ? 500 : 10_000;
          await failed(
            status,
            await answered(scenario, { timeoutMs }),
            scenario === "busy" ? "7" : null,
          );
          await works();
        }
        equal(await ask("/stolen"), 0, "calls of the address that the redirects name");
      },

    "malformed HTTP is an answer or a server error, and the next request works": async () => {
      for (const scenario of await ask("/malformed")) {
        const outcome = await answered(scenario);
        if (outcome.response.status === 200) await checkedAnswer(outcome.response, 200);
        else await failed(outcome.response.status === 503 ? 503 : 500, outcome);
        await works();
      }
    },

    "a server that refuses, has no name or no TLS is unavailable": async () => {
      for (const serverURL of [
        refusing,
        `https://${"a".repeat(64)}.example`,
        server.replace("http:", "https:"),
      ]) {
        await failed(503, await answered("token", { serverURL }));
      }
      await works();
    },
  };
}
