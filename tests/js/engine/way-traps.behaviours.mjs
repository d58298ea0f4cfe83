// Token requests that run as a whole in the engine's instance: what happens when it traps, when
// there are more of them than it takes, and when what the client has is not the engine itself.
import { deepEqual, equal, match, ok } from "../support/assert.mjs";
import { never } from "../support/upstream.mjs";
import { sabotageOnce } from "../client/traps.behaviours.mjs";
import { basic, machine, redeem, statuses, wayKit } from "./ways.mjs";

export function behaviours({ pkg, enginePkg }) {
  const { handleTokenRequest } = pkg;
  const { begin, same } = wayKit({ pkg, enginePkg });
  const traps = (seen, of) =>
    seen.filter(({ whose, event }) => whose === of && event.type === "trap");

  /** A POST whose body never ends; `leave` is its client's departure. */
  function unfinished() {
    const controller = new AbortController();
    const headers = {
      ...basic("web-ES256:web-secret"),
      "content-type": "application/x-www-form-urlencoded",
    };
    const request = {
      method: "POST",
      url: "https://as.example/token",
      headers: new Headers(headers),
      body: new ReadableStream({ pull: never }),
      bodyUsed: false,
      signal: controller.signal,
    };
    return { request, leave: () => controller.abort() };
  }

  return {
    "a trap in a token request is a 500, of which both onEvents hear once, and the next request works":
      async () => {
        const { ask, code, seen } = await begin("direct");
        const value = await code();
        sabotageOnce(Date, "now");
        equal((await ask(redeem(value))).error, "server_error", "error");
        equal(statuses(seen), "500", "status");
        const event = { type: "trap", operation: "handleTokenRequest" };
        deepEqual(
          seen.flatMap(({ whose, event }) => (event ? { whose, event } : [])),
          [
            { whose: "engine", event },
            { whose: "endpoint", event: { ...event, requestId: "r" } },
          ],
          "events",
        );
        equal(seen[0].details.error.message, "the runtime failed", "what was thrown");
        ok((await ask(redeem(value))).id_token, "an ID token for the same code");
      },

    "a trap in one token request leaves the others in its instance alone": async () => {
      const { ask, code, seen } = await begin("direct");
      const { subtle } = crypto;
      const real = subtle.sign.bind(subtle);
      let go;
      const gate = new Promise((resolve) => (go = resolve));
      const signing = new Promise((resolve) => {
        subtle.sign = async (...values) => {
          resolve();
          await gate;
          return real(...values);
        };
      });
      try {
        const other = code().then((value) => ask(redeem(value)));
        await signing;
        sabotageOnce(Date, "now");
        equal((await ask(machine)).error, "server_error", "error");
        go();
        ok((await other).id_token, "an ID token");
      } finally {
        delete subtle.sign;
      }
      equal(traps(seen, "engine").length, 1, "traps");
      ok((await ask(machine)).access_token, "an access token");
    },

    "a trap after the tokens were stored is a 500, too": async () => {
      const { ask, seen } = await begin("direct");
      // The first is when the exchange begins, the second when it has ended.
      const real = Date.now;
      let reads = 0;
      Date.now = () => {
        reads += 1;
        if (reads === 2) throw new Error("the runtime failed");
        return real();
      };
      try {
        equal((await ask(machine)).error, "server_error", "error");
      } finally {
        Date.now = real;
      }
      deepEqual([traps(seen, "engine").length, traps(seen, "endpoint").length], [1, 1], "traps");
      ok((await ask(machine)).access_token, "an access token");
    },

    "of three hundred token requests at once, each gets its own answer, whatever the others' clients do":
      async () => {
        const { authlete, engine, ask } = await (async () => {
          const begun = await begin("direct");
          return { ...begun, authlete: begun.client() };
        })();
        const request = () =>
          new Request("https://as.example/token", {
            method: "POST",
            headers: basic("web-ES256:web-secret"),
            body: new URLSearchParams(machine),
          });
        const leaving = [];
        const answers = Array.from({ length: 300 }, (_, index) => {
          if (index % 3 !== 0) return handleTokenRequest(request(), { authlete });
          const { request: open, leave } = unfinished();
          leaving.push(leave);
          return handleTokenRequest(open, { authlete });
        });
        const finished = await Promise.all(answers.filter((_, index) => index % 3 !== 0));
        const tokens = await Promise.all(finished.map((response) => response.json()));
        equal(new Set(tokens.map(({ access_token }) => access_token)).size, 200, "access tokens");
        for (const leave of leaving) leave();
        for (const response of await Promise.all(answers.filter((_, index) => index % 3 === 0)))
          equal(response.status, 400, "status of a request that broke off");
        ok((await engine.introspect((await ask(machine)).access_token)).active, "active");
      },

    "an engine that could not be started answers its client's requests with 503, and the operator learns why":
      async () => {
        const error = new pkg.AuthleteError("ERR_AUTHLETE_CONFIG", "clients[0].secret: unknown");
        const failed = enginePkg.failedEngine(error);
        const clients = {
          http: {
            serverURL: "http://localhost",
            fetch: (url, init) => failed.fetch(new Request(url, init)),
          },
          exchange: { engine: { exchange: (...values) => failed.exchange(...values) } },
          direct: { engine: failed },
        };
        const told = new Set();
        for (const options of Object.values(clients)) {
          const authlete = new pkg.AuthleteClient({ serviceId: "1", bearer: "b", ...options });
          const { ask, seen } = await begin("direct");
          equal((await ask(machine, { authlete })).error, "temporarily_unavailable", "error");
          equal(statuses(seen), "503", "status");
          told.add(JSON.stringify(seen));
          match(
            seen[0].details.resultMessage,
            /^\[A001101\] The engine could not be started: clients\[0\]\.secret: unknown$/,
          );
        }
        // The duration is not in it.
        equal(told.size, 1, "different things to see");
      },

    "an engine in a Proxy, an object made from it, and its exchange alone work as a stub does":
      async () => {
        const { ask, client, engine } = await begin("direct");
        const asked = [];
        const spy = (...values) => {
          asked.push(values[0]);
          return engine.exchange(...values);
        };
        const unasked = {
          has: () => {
            throw new Error("not asked");
          },
        };
        for (const wrapped of [
          new Proxy(engine, unasked),
          Object.create(engine),
          { exchange: engine.exchange },
          Object.create(engine, { exchange: { value: spy } }),
        ])
          ok((await ask(machine, { authlete: client({ engine: wrapped }) })).access_token, "token");
        equal(asked.length, 1, "calls of the object's own exchange");
      },

    "a bearer that is a function, and a tokenRequest, are heeded over each way": async () => {
      const seen = await same("added", async ({ ask, client, engine }) => {
        const { bearer } = { bearer: "service-bearer" };
        for (const given of [
          () => bearer,
          async () => bearer,
          () => "other",
          () => `Bearer ${bearer}`,
        ])
          await ask(machine, { authlete: client({ bearer: given }) });
        for (const tokenRequest of [
          { properties: [{ key: "k", value: "v" }] },
          () => ({ accessTokenDuration: 60, dpop: undefined, htm: null }),
          {},
          () => undefined,
          () => null,
          () => ({ parameters: "x" }),
          () => ({ accessTokenDuration: "x" }),
        ])
          await ask(machine, { tokenRequest });
        ok((await engine.introspect((await ask(machine)).access_token)).active, "active");
      });
      ok(statuses(seen).startsWith("200,200,500,500,200,200,200,"), statuses(seen));
      ok(JSON.stringify(seen).includes('\\"expires_in\\":60'), "the duration that was added");
    },
  };
}
