// What must hold of the embedded engine over each of its stores: traps, and a platform that fails.
import { deepEqual, equal, match, ok, rejection } from "../support/assert.mjs";
import { pause } from "../support/upstream.mjs";
import { sabotageOnce } from "../client/traps.behaviours.mjs";
import { config, engineKit, verified } from "./engine-kit.mjs";

/** Makes the engine's WebAssembly instance trap, and returns the outcome of the call that did. */
async function trapped(engine) {
  const request = new Request("http://localhost/api/715948317/auth/token", {
    method: "POST",
    body: "{}",
  });
  let traps = 0;
  // The platform fails where it never fails, so nothing handles it.
  const { set } = Headers.prototype;
  Headers.prototype.set = () => {
    traps += 1;
    throw new TypeError("the platform failed");
  };
  try {
    return await engine.fetch(request);
  } finally {
    Headers.prototype.set = set;
    equal(traps, 1, "traps");
  }
}

/**
 * Starts a call that signs, and returns it when it waits for the signature. `go` completes the
 * signature, and runs `meanwhile` just before.
 */
async function signing(call, meanwhile = () => {}) {
  const { subtle } = crypto;
  const real = subtle.sign.bind(subtle);
  let go;
  const gate = new Promise((resolve) => (go = resolve));
  let answer;
  await new Promise((resolve) => {
    subtle.sign = async (...values) => {
      resolve();
      await gate;
      const signature = await real(...values);
      meanwhile();
      return signature;
    };
    answer = call();
  });
  delete subtle.sign;
  return { answer, go };
}

export function behaviours({ pkg, enginePkg, storage }) {
  const { start, tokens, code, redeem, error } = engineKit({ pkg, enginePkg, storage });
  return {
    async "an argument that is not a Request is an error, not a trap"() {
      const engine = await start("no-request");
      for (const argument of [
        undefined,
        null,
        "http://localhost/",
        {},
        new URL("http://localhost/"),
      ]) {
        equal(
          (await rejection(engine.fetch(argument))).code,
          "ERR_AUTHLETE_REQUEST_INVALID",
          "code",
        );
      }
    },

    async "after a trap the same engine goes on, with its state"() {
      const engine = await start("trap");
      const value = await code(engine);
      equal((await trapped(engine)).status, 500, "status");
      equal((await redeem(engine, value)).status, 200, "status after the trap");
    },

    async "after a trap the engine signs with the keys that it has: none is imported again"() {
      const engine = await start("trap-keys");
      const before = await engine.jwks();
      const value = await code(engine);
      const { subtle } = crypto;
      subtle.importKey = () => Promise.reject(new Error("no keys"));
      try {
        equal((await trapped(engine)).status, 500, "status");
        const { id_token } = await (await redeem(engine, value)).json();
        ok(id_token.split(".").length === 3, "an ID token");
        deepEqual(await engine.jwks(), before, "keys");
      } finally {
        delete subtle.importKey;
      }
    },

    async "a call that waits for WebCrypto is answered although another one traps"() {
      const engine = await start("trap-beside");
      const value = await code(engine);
      const { answer, go } = await signing(() => redeem(engine, value));
      equal((await trapped(engine)).status, 500, "status of the call that trapped");
      go();
      const response = await answer;
      equal(response.status, 200, "status of the other");
      await verified((await response.json()).id_token, await engine.jwks());
    },

    async "a call that traps on what WebCrypto gave is rejected, and the next one works"() {
      const { subtle } = crypto;
      subtle.generateKey = async () => ({
        get privateKey() {
          throw new TypeError("the platform failed");
        },
      });
      const events = [];
      try {
        const error = await rejection(
          start("trap-start", { onEvent: (event) => events.push(event) }),
        );
        equal(error.code, "ERR_AUTHLETE_WASM_TRAP", "code");
      } finally {
        delete subtle.generateKey;
      }
      deepEqual(events, [{ type: "trap", operation: "createEngine" }], "events");
      const engine = await start("trap-start");
      equal((await redeem(engine, await code(engine))).status, 200, "status");
    },

    async "what fails while WebCrypto's promise settles ends the calls of that instance and leaves no error that nobody handles"() {
      const events = [];
      const engine = await start("trap-settling", { onEvent: (event) => events.push(event) });
      const values = [await code(engine), await code(engine), await code(engine)];
      const other = await signing(() => redeem(engine, values[0]));
      const broken = await signing(
        () => redeem(engine, values[1]),
        () => sabotageOnce(Promise, "resolve"),
      );
      broken.go();
      await error(await broken.answer, 500, "server_error");
      // Another call in that instance; its promise settles when nothing waits for it any more.
      await error(await other.answer, 500, "server_error");
      other.go();
      await pause(5);
      deepEqual(events, Array(2).fill({ type: "trap", operation: "handleTokenRequest" }), "events");
      equal((await redeem(engine, values[2])).status, 200, "status in the end");
    },

    async "onEvent learns what failed and in which call, without a secret, and the answer says nothing about it"() {
      const events = [];
      let now = () => 1_790_000_000_000;
      const thrown = [];
      const onEvent = (event, { error }) => {
        events.push(event);
        thrown.push(error);
      };
      const engine = await start("events", { now: () => now(), onEvent });
      const value = await code(engine);
      deepEqual(events, [], "events of what goes well");
      const heard = (...expected) => deepEqual(events.splice(0), expected, "events");
      const thrower = () => {
        throw new RangeError(`no ${value} today`);
      };

      const { subtle } = crypto;
      subtle.sign = async () => thrower();
      try {
        await error(await redeem(engine, value), 500, "server_error");
      } finally {
        delete subtle.sign;
      }
      heard({
        type: "platform_failed",
        failure: "crypto",
        operation: "authToken",
        error: "RangeError",
      });
      ok(thrown.pop().message.includes(value), "what was thrown comes beside the event");

      const real = now;
      now = thrower;
      await error(await redeem(engine, value), 503, "temporarily_unavailable");
      heard({
        type: "platform_failed",
        failure: "clock",
        operation: "exchange",
        error: "RangeError",
      });
      now = () => "late";
      equal((await rejection(engine.introspect("x"))).code, "ERR_AUTHLETE_CONFIG", "code");
      heard({ type: "platform_failed", failure: "clock", operation: "introspect" });
      now = real;

      equal((await trapped(engine)).status, 500, "status");
      heard({ type: "trap", operation: "engine.fetch" });
      equal((await redeem(engine, value)).status, 200, "status in the end");
      heard();
    },

    async "a storage without SQLite is an error of the package's own, which says what to check and keeps what was thrown as its cause"() {
      const thrown = new Error("SQL is not enabled for this Durable Object class.");
      const storage = {
        exec() {
          throw thrown;
        },
      };
      const failure = await rejection(enginePkg.createEngine(config, { storage }));
      deepEqual(
        [failure.code, failure.status],
        ["ERR_AUTHLETE_HTTP_STATUS", 500],
        "code and status",
      );
      match(failure.message, /^storage: .*new_sqlite_classes/);
      equal(failure.cause, thrown, "cause");
      const answer = await enginePkg.failedEngine(failure).fetch(new Request("http://localhost/"));
      match((await answer.json()).resultMessage, /new_sqlite_classes/);
    },

    async "onEvent learns which step of a storage failed; if only the clean-up fails, the answer is still given"() {
      const events = [];
      let broken = /^$/;
      const storage = {
        exec: (query) => {
          if (broken.test(query)) throw new Error("SQLITE_FULL");
          return { toArray: () => (query.startsWith("INSERT") ? [{}] : []) };
        },
      };
      const { service, clients } = config;
      const small = {
        service: { ...service, supportedScopes: ["read"] },
        clients: [{ ...clients[0], grant_types: ["client_credentials"], redirect_uris: [] }],
      };
      const engine = await enginePkg.createEngine(small, {
        storage,
        onEvent: (event) => events.push(event),
      });
      const status = async () =>
        (await tokens(engine, { grant_type: "client_credentials" })).status;
      for (const [pattern, failure, expected] of [
        [/^INSERT/, "store_commit", 500],
        [/^DELETE/, "store_expire", 200],
      ]) {
        broken = pattern;
        equal(await status(), expected, failure);
        deepEqual(
          events.splice(0),
          [{ type: "platform_failed", failure, operation: "authToken", error: "Error" }],
          "events",
        );
      }
      broken = /^SELECT/;
      const failure = await rejection(engine.introspect("x"));
      deepEqual([failure.status, failure.cause?.message], [500, "SQLITE_FULL"], "status and cause");
      deepEqual(
        events,
        [
          {
            type: "platform_failed",
            failure: "store_read",
            operation: "introspect",
            error: "Error",
          },
        ],
        "events",
      );
    },
  };
}
