// The engine with a store of the user's own: how it is distinguished from a Durable Object's
// storage, and what happens with what it returns and throws.
import { deepEqual, equal, match, ok, rejection } from "../support/assert.mjs";
import { ownStore } from "./own-store.mjs";

const config = {
  service: {
    serviceId: "1",
    bearer: "service-bearer",
    issuer: "https://as.example",
    supportedScopes: ["read"],
  },
  clients: [
    {
      client_id: "machine",
      client_secret: "s",
      grant_types: ["client_credentials"],
      scope: "read",
    },
  ],
};
/** A service with a signing key, which is generated and stored. */
const signing = {
  service: { ...config.service, supportedScopes: ["openid", "read"] },
  clients: [
    {
      client_id: "web",
      client_secret: "s",
      redirect_uris: ["https://app.example/cb"],
      id_token_signed_response_alg: "ES256",
    },
  ],
};

export function behaviours({ pkg, enginePkg }) {
  /** An engine over a store, and the events that its `onEvent` got. */
  const start = async (storage, { of = config, ...options } = {}) => {
    const events = [];
    const thrown = [];
    const onEvent = (event, { error }) => {
      events.push(event);
      thrown.push(error);
    };
    const engine = await enginePkg.createEngine(of, { storage, onEvent, ...options });
    return { engine, events, thrown };
  };
  const token = async (engine) => {
    const fetch = (url, init) => engine.fetch(new Request(url, init));
    const authlete = new pkg.AuthleteClient({
      serviceId: "1",
      bearer: "service-bearer",
      serverURL: "http://localhost",
      fetch,
    });
    const headers = { authorization: `Basic ${btoa("machine:s")}` };
    const request = new Request("https://as.example/token", {
      method: "POST",
      headers,
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    });
    const response = await pkg.handleTokenRequest(request, { authlete });
    return { status: response.status, ...(await response.json()) };
  };

  return {
    async "the engine keeps its state in a store of the user's own, and gives it the engine's time"() {
      const now = 1_790_000_000_123;
      const storage = ownStore();
      const { engine, events } = await start(storage, { now: () => now });
      const { access_token } = await token(engine);
      equal((await engine.introspect(access_token)).active, true, "active");
      ok(storage.records.size > 0, "records");
      ok(!JSON.stringify([...storage.records]).includes(access_token), "no token in the store");
      deepEqual(storage.asked, [
        ["commit", 0],
        ["commit", now],
        ["expire", now, 256],
      ]);
      deepEqual(events, [], "events");
      const again = (await start(storage, { now: () => now })).engine;
      equal(
        (await again.introspect(access_token)).active,
        true,
        "active for another engine over the same store",
      );
    },

    async "a generated signing key is kept in the store"() {
      const storage = ownStore();
      const [first, second] = [
        await start(storage, { of: signing }),
        await start(storage, { of: signing }),
      ];
      const { keys } = await first.engine.jwks();
      equal(keys.length, 1, "keys");
      deepEqual((await second.engine.jwks()).keys, keys, "keys");
      equal(
        [...storage.records.keys()].filter((id) => id.startsWith("signing_key ")).length,
        1,
        "records of signing keys",
      );
    },

    async "a store's own class may keep its state private"() {
      class Private {
        #store = ownStore();
        get(...parameters) {
          return this.#store.get(...parameters) ?? null;
        }
        commit(...parameters) {
          return this.#store.commit(...parameters);
        }
        expire(...parameters) {
          return this.#store.expire(...parameters);
        }
      }
      const { engine } = await start(new Private());
      equal((await engine.introspect((await token(engine)).access_token)).active, true, "active");
    },

    async "a value that is not a storage is an error that names the missing methods"() {
      const get = () => undefined;
      const all = "get, commit, expire are missing";
      const cases = [
        [null, all],
        [7, all],
        ["storage", all],
        [{}, all],
        [{ sql: {} }, all],
        [new Map(), "commit, expire are missing"],
        [{ get, commit: () => true }, "expire is missing"],
        [{ get, commit: true, expire: get }, "commit is missing"],
      ];
      for (const [storage, missing] of cases) {
        const failure = await rejection(enginePkg.createEngine(config, { storage }));
        const expected =
          "storage: expected the storage of a Durable Object (ctx.storage), SQLite with the method exec, or a store with the methods get, commit, expire";
        deepEqual(
          [failure.code, failure.message],
          ["ERR_AUTHLETE_CONFIG", `${expected} (${missing})`],
          "error",
        );
      }
      const secretive = Object.defineProperty({}, "get", {
        get() {
          throw new Error("s3cret-value");
        },
      });
      const failure = await rejection(enginePkg.createEngine(config, { storage: secretive }));
      deepEqual(
        [failure.code, failure.message],
        ["ERR_AUTHLETE_CONFIG", "storage: could not be read"],
        "error",
      );
    },

    async "a store that returns promises is refused at the start"() {
      for (const get of [
        async () => undefined,
        () => Promise.reject(new Error("no")),
        () => ({ then() {} }),
      ]) {
        const failure = await rejection(
          enginePkg.createEngine(config, { storage: ownStore({ get }) }),
        );
        deepEqual(
          [failure.code, failure.message],
          [
            "ERR_AUTHLETE_CONFIG",
            "storage: get returned a Promise; a store must answer synchronously",
          ],
          "error",
        );
      }
    },

    async "a store that throws at the start is an error with what it threw as its cause"() {
      const cause = new RangeError("s3cret-value");
      const get = () => {
        throw cause;
      };
      const failure = await rejection(
        enginePkg.createEngine(config, { storage: ownStore({ get }) }),
      );
      deepEqual(
        [failure.code, failure.status, failure.cause],
        ["ERR_AUTHLETE_HTTP_STATUS", 500, cause],
        "error",
      );
      equal(failure.message, "storage: it could not be read (RangeError; see `cause`)", "message");
    },

    async "a store that can't keep the signing key stops the start, and onEvent learns why"() {
      const error = new RangeError("full");
      const commit = () => {
        throw error;
      };
      const events = [];
      const onEvent = (event, details) => events.push([event, details.error]);
      const failure = await rejection(
        enginePkg.createEngine(signing, { storage: ownStore({ commit }), onEvent }),
      );
      deepEqual(
        [failure.code, failure.status, failure.cause],
        ["ERR_AUTHLETE_HTTP_STATUS", 500, error],
        "error",
      );
      equal(failure.message, "storage: a signing key could not be stored", "message");
      deepEqual(
        events,
        [
          [
            {
              type: "platform_failed",
              failure: "store_commit",
              operation: "createEngine",
              error: "RangeError",
            },
            error,
          ],
        ],
        "events",
      );
    },

    async "a store whose steps are promises is refused at the start"() {
      for (const commit of [async () => true, () => Promise.reject(new Error("later"))]) {
        const failure = await rejection(
          enginePkg.createEngine(config, { storage: ownStore({ commit }) }),
        );
        equal(failure.code, "ERR_AUTHLETE_CONFIG", "code");
        match(failure.message, /^storage: commit returned a Promise/, "message");
      }
    },

    async "a step that returns a promise, or no outcome, issues nothing"() {
      const promised = /^storage\.commit: returned a Promise; a store must answer synchronously$/;
      const untold = /^storage\.commit: expected true or false$/;
      for (const [commit, message] of [
        [(writes) => writes.length === 0 || Promise.resolve(true), promised],
        [(writes) => writes.length === 0 || Promise.reject(new Error("later")), promised],
        [() => undefined, untold],
        [() => 1, untold],
        [() => "true", untold],
        [() => ({}), untold],
      ]) {
        const { engine, events, thrown } = await start(ownStore({ commit }));
        const { status, access_token } = await token(engine);
        deepEqual([status, access_token], [500, undefined], "answer");
        deepEqual(
          events,
          [
            {
              type: "platform_failed",
              failure: "store_commit",
              operation: "authToken",
              error: "TypeError",
            },
          ],
          "events",
        );
        match(thrown[0].message, message, "what was thrown");
      }
    },

    async "a clean-up that returns a promise is reported, but the answer is still given"() {
      const { engine, events } = await start(
        ownStore({ expire: () => Promise.reject(new Error("later")) }),
      );
      equal((await token(engine)).status, 200, "status");
      deepEqual(
        events,
        [
          {
            type: "platform_failed",
            failure: "store_expire",
            operation: "authToken",
            error: "TypeError",
          },
        ],
        "events",
      );
    },

    async "a clean-up that does not say how many records it removed is reported, but the answer is still given"() {
      for (const wrong of [undefined, null, true, "1", -1, 0.5, Number.NaN, 1n]) {
        const { engine, events, thrown } = await start(ownStore({ expire: () => wrong }));
        equal((await token(engine)).status, 200, "status");
        deepEqual(
          events.map(({ failure }) => failure),
          ["store_expire"],
          "events",
        );
        match(
          thrown[0].message,
          /^storage\.expire: expected the number of records that it removed$/,
        );
      }
    },

    async "engine.expire() removes what has expired, and says how many records that were"() {
      let now = 1_790_000_000_000;
      const storage = ownStore();
      const { engine, events } = await start(storage, { now: () => now });
      for (let i = 0; i < 3; i += 1) await token(engine);
      const { size } = storage.records;
      deepEqual(await engine.expire(), { removed: 0, more: false }, "while the tokens live");
      now += 86_400_000;
      deepEqual(await engine.expire(), { removed: size, more: false }, "when they have expired");
      equal(storage.records.size, 0, "records that are left");
      deepEqual(events, [], "events");
    },

    async "engine.expire() removes ten thousand records at once, and says that there are more"() {
      const now = 1_790_000_000_000;
      const storage = ownStore();
      const { engine } = await start(storage, { now: () => now });
      const alive = await token(engine);
      for (let i = 0; i < 10_001; i += 1)
        storage.records.set(`code expired-${i}`, { value: "{}", expires_at: now });
      deepEqual(await engine.expire(), { removed: 10_000, more: true }, "the first time");
      deepEqual(await engine.expire(), { removed: 1, more: false }, "the second time");
      equal((await engine.introspect(alive.access_token)).active, true, "active");
    },

    async "with sweep: false no request removes anything, whatever has expired"() {
      let now = 1_790_000_000_000;
      const storage = ownStore();
      const { engine } = await start(storage, { now: () => now, sweep: false });
      for (let i = 0; i < 100; i += 1) {
        await token(engine);
        now += 86_400_000;
      }
      deepEqual(
        storage.asked.filter(([method]) => method === "expire"),
        [],
        "clean-ups",
      );
      const { size } = storage.records;
      equal((await engine.expire()).removed, size, "removed");
      equal(storage.records.size, 0, "left");
    },

    async "without it, one request of many removes what has expired"() {
      let now = 1_790_000_000_000;
      const storage = ownStore();
      const { engine } = await start(storage, { now: () => now });
      for (let i = 0; i < 200; i += 1) {
        await token(engine);
        now += 86_400_000;
      }
      const cleanUps = storage.asked.filter(([method]) => method === "expire").length;
      ok(cleanUps >= 5 && cleanUps <= 25, `${cleanUps} clean-ups`);
      ok(storage.records.size <= 64, `${storage.records.size} records`);
    },

    async "engine.expire() rejects when the store fails, with what it threw, and onEvent learns it"() {
      const cause = new RangeError("disk full");
      const { engine, events } = await start(
        ownStore({
          expire() {
            throw cause;
          },
        }),
      );
      const failure = await rejection(engine.expire());
      deepEqual(
        [failure.code, failure.status, failure.cause === cause],
        ["ERR_AUTHLETE_HTTP_STATUS", 500, true],
        "error",
      );
      deepEqual(
        events,
        [
          {
            type: "platform_failed",
            failure: "store_expire",
            operation: "expire",
            error: "RangeError",
          },
        ],
        "events",
      );
    },

    async "sweep must be a boolean"() {
      for (const sweep of [null, 0, "false", {}]) {
        const failure = await rejection(start(ownStore(), { sweep }));
        deepEqual(
          [failure.code, failure.message.startsWith("sweep: ")],
          ["ERR_AUTHLETE_CONFIG", true],
          "error",
        );
      }
    },

    async "a value that is not a record is reported as that, and does not count as absent"() {
      const good = { value: "{}", expires_at: 1 };
      for (const wrong of [
        true,
        false,
        0,
        "text",
        [],
        {},
        { value: "{}" },
        { ...good, value: 7 },
        { ...good, value: null },
        { ...good, expires_at: "1" },
        { ...good, expires_at: 1n },
        { ...good, expires_at: Number.NaN },
        { ...good, expires_at: -1 },
        { ...good, expires_at: Number.POSITIVE_INFINITY },
        { ...good, expires_at: new Date() },
      ]) {
        const storage = ownStore();
        const { engine, events, thrown } = await start(storage);
        storage.get = () => wrong;
        equal((await rejection(engine.introspect("x"))).status, 500, "status");
        deepEqual(
          events,
          [
            {
              type: "platform_failed",
              failure: "store_record",
              operation: "introspect",
              error: "TypeError",
            },
          ],
          "events",
        );
        match(
          thrown[0].message,
          /^storage\.get: expected undefined or \{ value: string, expires_at: number \}$/,
          "what was thrown",
        );
        // The next failure is reported as what it is.
        storage.get = () => {
          throw new RangeError("no");
        };
        await rejection(engine.introspect("x"));
        deepEqual(
          events[1],
          {
            type: "platform_failed",
            failure: "store_read",
            operation: "introspect",
            error: "RangeError",
          },
          "the next event",
        );
      }
    },

    async "a record whose members can't be read is a read that failed, and the engine goes on"() {
      const storage = ownStore();
      const { engine, events } = await start(storage);
      const { access_token } = await token(engine);
      const { get } = storage;
      const getter = {
        get value() {
          throw new RangeError("no");
        },
      };
      storage.get = () => getter;
      equal((await rejection(engine.introspect(access_token))).status, 500, "status");
      deepEqual(
        events,
        [
          {
            type: "platform_failed",
            failure: "store_read",
            operation: "introspect",
            error: "RangeError",
          },
        ],
        "events",
      );
      storage.get = get;
      equal((await engine.introspect(access_token)).active, true, "active");
    },

    async "a code is still good after a step that a store could not write"() {
      const storage = ownStore();
      const { engine, events, thrown } = await start(storage, { of: signing });
      const code = (
        await engine.issueAuthorizationCode({ client_id: "web", subject: "user-1", scope: "read" })
      ).code;
      const redeem = async () => {
        const fetch = (url, init) => engine.fetch(new Request(url, init));
        const authlete = new pkg.AuthleteClient({
          serviceId: "1",
          bearer: "service-bearer",
          serverURL: "http://localhost",
          fetch,
        });
        const body = new URLSearchParams({ grant_type: "authorization_code", code });
        const request = new Request("https://as.example/token", {
          method: "POST",
          headers: { authorization: `Basic ${btoa("web:s")}` },
          body,
        });
        return (await pkg.handleTokenRequest(request, { authlete })).status;
      };
      const { commit } = storage;
      const before = storage.records;
      storage.commit = () => {
        throw "a text";
      };
      equal(await redeem(), 500, "status");
      equal(storage.records, before, "records");
      deepEqual(
        events,
        [
          {
            type: "platform_failed",
            failure: "store_commit",
            operation: "authToken",
            error: "string",
          },
        ],
        "events",
      );
      deepEqual(thrown, ["a text"], "what was thrown");
      storage.commit = commit;
      equal(await redeem(), 200, "status");
      equal(await redeem(), 400, "status");
    },
  };
}
