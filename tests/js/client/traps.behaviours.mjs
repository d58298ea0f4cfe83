// Traps. The package has no switch for them: here the runtime itself fails inside a call, in ways
// that WebAssembly can't handle. That call ends with an error, the others in flight go on, and the
// next one works.
import { deepEqual, equal, match, ok } from "../support/assert.mjs";
import { json, pause, upstream } from "../support/upstream.mjs";

const request = { parameters: "" };

/** Runs `body` while `globalThis[owner][name]` throws. */
export function sabotaged(owner, name, body) {
  const original = owner[name];
  owner[name] = () => {
    throw new Error("the runtime failed");
  };
  try {
    return body();
  } finally {
    owner[name] = original;
  }
}

/** Makes the next call of `owner[name]` throw. */
export function sabotageOnce(owner, name) {
  const original = owner[name];
  owner[name] = () => {
    owner[name] = original;
    throw new Error("the runtime failed");
  };
}

/**
 * A fetch whose answer makes the call trap, some polls after the first: reading the clock fails.
 */
export async function trappingFetch() {
  await pause(2);
  sabotageOnce(Date, "now");
  return new Response("", { status: 503, headers: { "retry-after": "1" } });
}

/** The outcome of a promise, which must settle soon. */
export function settled(promise) {
  const outcome = promise.then(
    (value) => ({ value }),
    (error) => ({ error }),
  );
  return Promise.race([
    outcome,
    pause(3_000).then(() => ({ error: new Error("the call never settled") })),
  ]);
}

export function behaviours({ pkg }) {
  const { AuthleteClient, AuthleteError, authToken, handleTokenRequest } = pkg;
  const client = (fetch, more) =>
    new AuthleteClient({ serviceId: "1", bearer: "b", fetch, ...more });
  const healthy = client(async () => json({ action: "OK" }));
  const works = async () =>
    equal((await authToken(healthy, request)).action, "OK", "the next call");
  const inFirstPoll = (more) =>
    sabotaged(globalThis, "setTimeout", () =>
      authToken(
        client(async () => json({ action: "OK" }), more),
        request,
      ),
    );
  const inLaterPoll = (more) => authToken(client(trappingFetch, more), request);
  const isTrap = ({ error }) => {
    ok(error instanceof AuthleteError, `an AuthleteError, and not ${error}`);
    equal(error.code, "ERR_AUTHLETE_WASM_TRAP", "code");
    equal(error.operation, "authToken", "operation");
    match(error.message, /^authToken: /);
    equal(error.cause, undefined, "cause");
  };
  /** Calls that are in flight: at fetch, and in the middle of the body. */
  const inFlight = () => {
    let go;
    const gate = new Promise((resolve) => (go = resolve));
    const waiting = client(() => gate.then(() => json({ action: "OK", subject: "fetch" })));
    const reading = client(async () => {
      const chunks = ['{"action":"OK",', '"subject":"body"}'].map((text) =>
        new TextEncoder().encode(text),
      );
      const body = new ReadableStream({
        pull: (controller) =>
          gateBefore(chunks.length, gate).then(() => deliver(controller, chunks)),
      });
      return new Response(body, { headers: { "content-type": "application/json" } });
    });
    const calls = [waiting, reading].map((authlete) => authToken(authlete, request));
    for (const call of calls) call.catch(() => {});
    return { calls, go };
  };

  // Not in a page: Chromium itself does not survive a promise that is rejected on an exhausted
  // stack.
  const exhausted = globalThis.document === undefined && {
    "a call on an exhausted stack ends somehow, and the next one works": async () => {
      await works();
      const { calls: others, go } = inFlight();
      const calls = [];
      // At the deepest point the first calls fail before they reach WebAssembly, later ones inside
      // it, the last ones not at all.
      const dive = () => {
        try {
          return dive();
        } catch (error) {
          if (calls.length < 2_000) {
            calls.push(authToken(healthy, request));
            throw error;
          }
        }
      };
      dive();
      const outcomes = await Promise.all(
        [...calls, ...others].map((call, index) => {
          if (index === calls.length) go();
          return settled(call);
        }),
      );
      equal(calls.length, 2_000, "calls");
      for (const { value, error } of outcomes) {
        const ends = ["ERR_AUTHLETE_WASM_TRAP", "ERR_AUTHLETE_CONNECTION"];
        ok(
          value?.action === "OK" || ends.includes(error?.code) || error instanceof RangeError,
          String(error),
        );
      }
      equal(outcomes[1_999].value?.action, "OK", "the last call had stack enough");
      await works();
    },
  };

  return {
    ...exhausted,

    "a trap in the first poll rejects that call, and the next one works": async () => {
      await works();
      isTrap(await settled(inFirstPoll()));
      await works();
    },

    "a trap in a later poll rejects that call, and the next one works": async () => {
      isTrap(await settled(inLaterPoll()));
      await works();
    },

    "calls in flight complete although another one traps": async () => {
      for (const trap of [inFirstPoll, inLaterPoll]) {
        await works();
        const { calls, go } = inFlight();
        await pause(5);
        isTrap(await settled(trap()));
        const next = works();
        go();
        const outcomes = await Promise.all(calls.map(settled));
        deepEqual(
          outcomes.map(({ value }) => value?.subject),
          ["fetch", "body"],
          "subjects",
        );
        await next;
      }
    },

    "calls that trap side by side each get their own error": async () => {
      await works();
      const { calls, go } = inFlight();
      const traps = Array.from({ length: 5 }, () => settled(inLaterPoll()));
      for (const trap of traps) {
        const { error } = await trap;
        // Which of them calls the failing clock is chance; the others get Authlete's answer.
        ok(
          error instanceof AuthleteError &&
            ["ERR_AUTHLETE_WASM_TRAP", "ERR_AUTHLETE_HTTP_STATUS"].includes(error.code),
          String(error),
        );
      }
      go();
      ok(
        (await Promise.all(calls.map(settled))).every(({ value }) => value?.action === "OK"),
        "the others complete",
      );
      await works();
    },

    "an instance that can't be made is a typed error, a 500 at the token endpoint, and the next call works":
      async () => {
        const unmade = async (body) => {
          await works();
          isTrap(await settled(inFirstPoll()));
          const { Instance } = WebAssembly;
          WebAssembly.Instance = class {
            constructor() {
              throw new RangeError("WebAssembly.Instance(): Out of memory");
            }
          };
          try {
            return await body();
          } finally {
            WebAssembly.Instance = Instance;
          }
        };
        const { error } = await unmade(() => settled(authToken(healthy, request)));
        ok(error instanceof AuthleteError, `an AuthleteError, and not ${error}`);
        await works();
        const body = new URLSearchParams({ grant_type: "x" });
        const response = await unmade(() =>
          handleTokenRequest(new Request("https://as.example/token", { method: "POST", body }), {
            authlete: healthy,
          }),
        );
        equal(response.status, 500, "status");
        await works();
      },

    "onEvent gets an event for a trap; what it throws then is ignored": async () => {
      for (const trap of [inFirstPoll, inLaterPoll]) {
        const events = [];
        isTrap(await settled(trap({ onEvent: (event) => events.push(event) })));
        deepEqual(
          events.filter(({ type }) => type === "trap"),
          [{ type: "trap", operation: "authToken" }],
          "events",
        );
        isTrap(
          await settled(
            trap({
              onEvent: () => {
                throw new Error("x");
              },
            }),
          ),
        );
        isTrap(
          await settled(
            trap({
              onEvent: async () => {
                throw new Error("x");
              },
            }),
          ),
        );
      }
      await works();
    },

    "a promise or signal that throws when it is used ends its own call": async () => {
      const hostile = () =>
        Object.defineProperty(Promise.resolve(json({ action: "OK" })), "then", {
          value: () => {
            throw new Error("x");
          },
        });
      const unwatchable = {
        aborted: false,
        addEventListener: () => {
          throw new Error("x");
        },
        removeEventListener() {},
      };
      const unleavable = {
        aborted: false,
        addEventListener() {},
        removeEventListener: () => {
          throw new Error("x");
        },
      };
      const { calls, go } = inFlight();
      const outcomes = [
        await settled(authToken(client(hostile), request)),
        await settled(authToken(healthy, request, { signal: unwatchable })),
        await settled(authToken(healthy, request, { signal: unleavable })),
      ];
      for (const { value, error } of outcomes)
        ok(value?.action === "OK" || error instanceof AuthleteError, String(error));
      go();
      ok(
        (await Promise.all(calls.map(settled))).every(({ value }) => value?.action === "OK"),
        "the others complete",
      );
      await works();
    },

    "a token request that ends in a trap is answered with 500": async () => {
      const events = [];
      const tokenRequest = () =>
        new Request("https://as.example/token", {
          method: "POST",
          body: new URLSearchParams({ grant_type: "x" }),
        });
      const beside = [];
      const onEvent = (event, details) => {
        events.push(event);
        if (event.type === "trap") beside.push(details.error);
      };
      const options = (fetch) => ({
        authlete: client(fetch, { onEvent }),
        requestId: "r",
        onEvent,
      });
      const { calls, go } = inFlight();
      const response = await handleTokenRequest(tokenRequest(), options(trappingFetch));
      equal(response.status, 500, "status");
      equal(await response.text(), '{"error":"server_error"}', "body");
      for (const [name, value] of [
        ["content-type", "application/json"],
        ["cache-control", "no-store"],
        ["pragma", "no-cache"],
        ["x-content-type-options", "nosniff"],
      ]) {
        equal(response.headers.get(name), value, name);
      }
      deepEqual(
        events.filter(({ type }) => type === "trap"),
        [{ type: "trap", operation: "handleTokenRequest", requestId: "r" }],
        "events",
      );
      ok(
        beside.length === 1 && beside[0] !== undefined,
        "what was thrown is told beside the event",
      );
      go();
      ok(
        (await Promise.all(calls.map(settled))).every(({ value }) => value?.action === "OK"),
        "the others complete",
      );
      const authlete = upstream({
        action: "BAD_REQUEST",
        responseContent: '{"error":"invalid_grant"}',
      });
      equal(
        (await handleTokenRequest(tokenRequest(), options(authlete.fetch))).status,
        400,
        "the next request",
      );
    },
  };
}

/** The first chunk comes at once, the rest when the gate opens. */
function gateBefore(left, gate) {
  return left === 2 ? Promise.resolve() : gate;
}

function deliver(controller, chunks) {
  const chunk = chunks.shift();
  if (chunk === undefined) controller.close();
  else controller.enqueue(chunk);
}
