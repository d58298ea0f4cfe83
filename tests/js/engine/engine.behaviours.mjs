// What must hold of the embedded engine over each of its stores. `pkg` and `enginePkg` are the two
// entries of the package; `storage` gives the options that select the store, the same records each
// time it is called with the same name.
import { deepEqual, equal, match, ok, rejection } from "../support/assert.mjs";
import { pause } from "../support/upstream.mjs";
import { sabotageOnce } from "../client/traps.behaviours.mjs";

const redirectUri = "https://app.example/callback";
const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const config = {
  service: {
    serviceId: "715948317",
    bearer: "service-bearer",
    issuer: "https://as.example",
    supportedGrantTypes: ["AUTHORIZATION_CODE", "REFRESH_TOKEN", "CLIENT_CREDENTIALS", "PASSWORD"],
    supportedScopes: ["openid", "read"],
  },
  clients: ["ES256", "RS256"].map((alg) => ({
    client_id: `web-${alg}`,
    client_secret: "web-secret",
    grant_types: ["authorization_code", "refresh_token", "client_credentials", "password"],
    redirect_uris: [redirectUri],
    id_token_signed_response_alg: alg,
  })),
};

/** Verifies a JWS with WebCrypto and returns its claims. */
async function verified(jwt, { keys }) {
  const parts = jwt.split(".");
  const bytes = (part) =>
    Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (char) =>
      char.charCodeAt(0),
    );
  const [header, claims] = parts
    .slice(0, 2)
    .map((part) => JSON.parse(new TextDecoder().decode(bytes(part))));
  const jwk = keys.find(({ kid, alg }) => kid === header.kid && alg === header.alg);
  ok(jwk, "a key of the JWK set");
  ok(!("d" in jwk), "no private member in the JWK set");
  const algorithm = {
    ES256: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
    RS256: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
  }[header.alg];
  const key = await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["verify"]);
  ok(
    await crypto.subtle.verify(
      algorithm,
      key,
      bytes(parts[2]),
      new TextEncoder().encode(`${parts[0]}.${parts[1]}`),
    ),
    "the signature",
  );
  return claims;
}

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
  const { AuthleteClient, handleTokenRequest } = pkg;
  const start = (name, options = {}) =>
    enginePkg.createEngine(config, { ...storage(name), ...options });

  const tokens = (engine, parameters, { client = "web-ES256", ...hooks } = {}) => {
    const authlete = new AuthleteClient({
      serviceId: config.service.serviceId,
      bearer: config.service.bearer,
      serverURL: "http://localhost",
      fetch: (url, init) => engine.fetch(new Request(url, init)),
    });
    const request = new Request("https://as.example/token", {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${client}:web-secret`)}` },
      body: new URLSearchParams(parameters),
    });
    return handleTokenRequest(request, { authlete, ...hooks });
  };
  const code = async (engine, more = {}) =>
    (
      await engine.issueAuthorizationCode({
        client_id: "web-ES256",
        subject: "user-1",
        scope: "openid read",
        redirect_uri: redirectUri,
        code_challenge: challenge,
        code_challenge_method: "S256",
        nonce: "n-1",
        ...more,
      })
    ).code;
  const redeem = (engine, value, options) =>
    tokens(
      engine,
      {
        grant_type: "authorization_code",
        code: value,
        redirect_uri: redirectUri,
        code_verifier: verifier,
      },
      options,
    );
  const refresh = (engine, value) =>
    tokens(engine, { grant_type: "refresh_token", refresh_token: value });
  const error = async (response, status, name) => {
    equal(response.status, status, "status");
    equal((await response.json()).error, name, "error");
  };

  return {
    async "a code becomes tokens, and an ID token that verifies against the JWK set"() {
      for (const alg of ["ES256", "RS256"]) {
        const engine = await start(`code-${alg}`);
        const client = `web-${alg}`;
        const response = await redeem(engine, await code(engine, { client_id: client }), {
          client,
        });
        equal(response.status, 200, "status");
        const body = await response.json();
        const claims = await verified(body.id_token, await engine.jwks());
        equal(claims.iss, "https://as.example", "iss");
        equal(claims.sub, "user-1", "sub");
        equal(claims.nonce, "n-1", "nonce");
        deepEqual(claims.aud, [client], "aud");
        const digest = new Uint8Array(
          await crypto.subtle.digest("SHA-256", new TextEncoder().encode(body.access_token)),
        );
        const half = btoa(String.fromCharCode(...digest.slice(0, 16)))
          .replaceAll("+", "-")
          .replaceAll("/", "_")
          .replaceAll("=", "");
        equal(claims.at_hash, half, "at_hash");
        const { active, sub, scope } = await engine.introspect(body.access_token);
        deepEqual(
          { active, sub, scope },
          { active: true, sub: "user-1", scope: "openid read" },
          "introspection",
        );
      }
    },

    async "twenty concurrent redemptions of one code give exactly one 200"() {
      const engine = await start("race");
      const value = await code(engine);
      const responses = await Promise.all(Array.from({ length: 20 }, () => redeem(engine, value)));
      const statuses = responses.map(({ status }) => status).sort();
      deepEqual(statuses, [200, ...Array(19).fill(400)], "statuses");
      for (const response of responses.filter(({ status }) => status === 400))
        equal((await response.json()).error, "invalid_grant", "error");
    },

    async "ten concurrent uses of one refresh token give exactly one 200"() {
      const engine = await start("refresh-race");
      const { refresh_token } = await (await redeem(engine, await code(engine))).json();
      const responses = await Promise.all(
        Array.from({ length: 10 }, () => refresh(engine, refresh_token)),
      );
      deepEqual(
        responses.map(({ status }) => status).sort(),
        [200, ...Array(9).fill(400)],
        "statuses",
      );
    },

    async "of ten logins at once where a client may have one per user, every code is good and one login is left"() {
      const service = { ...config.service, singleAccessTokenPerSubject: true };
      const engine = await enginePkg.createEngine({ ...config, service }, storage("single"));
      const codes = [];
      for (let i = 0; i < 10; i += 1) codes.push(await code(engine));
      const responses = await Promise.all(codes.map((value) => redeem(engine, value)));
      const active = [];
      for (const response of responses) {
        equal(response.status, 200, "status");
        const { access_token, refresh_token } = await response.json();
        if ((await engine.introspect(access_token)).active) active.push(refresh_token);
        else await error(await refresh(engine, refresh_token), 400, "invalid_grant");
      }
      equal(active.length, 1, "logins that are left");
      equal((await refresh(engine, active[0])).status, 200, "status");
    },

    async "a refresh rotates the token and brings an ID token without nonce; reuse of the old one revokes the family"() {
      const engine = await start("rotation");
      const first = await (await redeem(engine, await code(engine))).json();
      const response = await refresh(engine, first.refresh_token);
      equal(response.status, 200, "status");
      const second = await response.json();
      ok(second.refresh_token !== first.refresh_token, "another refresh token");
      ok(!("nonce" in (await verified(second.id_token, await engine.jwks()))), "no nonce");
      await error(await refresh(engine, first.refresh_token), 400, "invalid_grant");
      await error(await refresh(engine, second.refresh_token), 400, "invalid_grant");
      equal((await engine.introspect(second.access_token)).active, false, "active");
    },

    async "a password is exchanged once, and a wrong one is refused"() {
      const engine = await start("password");
      const parameters = {
        grant_type: "password",
        username: "alice",
        password: "right",
        scope: "read",
      };
      const hooks = {
        authenticateUser: (username, password) =>
          username === "alice" && password === "right" ? "user-1" : null,
      };
      const response = await tokens(engine, parameters, hooks);
      equal(response.status, 200, "status");
      equal((await engine.introspect((await response.json()).access_token)).sub, "user-1", "sub");
      await error(
        await tokens(engine, { ...parameters, password: "wrong" }, hooks),
        400,
        "invalid_request",
      );
    },

    async "nothing of a revoked grant can be used"() {
      const engine = await start("revocation");
      const { access_token, refresh_token } = await (
        await redeem(engine, await code(engine))
      ).json();
      await engine.revoke(refresh_token);
      deepEqual(await engine.introspect(access_token), { active: false }, "introspection");
      await error(await refresh(engine, refresh_token), 400, "invalid_grant");
    },

    async "a code that is replayed after its first tokens expired revokes the tokens of later refreshes"() {
      const day = 86_400_000;
      let now = 1_790_000_000_000;
      const engine = await start("replay", { now: () => now });
      const value = await code(engine);
      const first = await (await redeem(engine, value)).json();
      now += 9 * day;
      const second = await (await refresh(engine, first.refresh_token)).json();
      now += 2 * day;
      // Each of these requests deletes some expired records.
      for (let i = 0; i < 5; i += 1)
        equal(
          (await tokens(engine, { grant_type: "client_credentials", scope: "read" })).status,
          200,
          "status",
        );
      await error(await redeem(engine, value), 400, "invalid_grant");
      await error(await refresh(engine, second.refresh_token), 400, "invalid_grant");
    },

    async "a code expires by the clock that was given"() {
      let now = 1_790_000_000_000;
      const engine = await start("clock", { now: () => now });
      const value = await code(engine);
      now += 60_000;
      await error(await redeem(engine, value), 400, "invalid_grant");
    },

    async "the API answers errors as Authlete does"() {
      const engine = await start("wire");
      const call = (path, init) =>
        engine.fetch(
          new Request(`http://localhost/api/${path}`, { method: "POST", body: "{}", ...init }),
        );
      const headers = {
        authorization: "Bearer service-bearer",
        "content-type": "application/json",
      };
      const cases = [
        ["715948317/auth/token", {}, 401],
        ["715948317/auth/token", { headers: { ...headers, authorization: "Bearer other" } }, 401],
        ["1/auth/token", { headers }, 403],
        ["715948317/auth/nothing", { headers }, 404],
        ["715948317/auth/token", { headers, method: "GET", body: undefined }, 405],
        ["715948317/auth/token", { headers, body: "{" }, 400],
        ["715948317/auth/token", { headers, body: new Uint8Array(1_048_577) }, 413],
      ];
      for (const [path, init, status] of cases) {
        const response = await call(path, init);
        equal(response.status, status, `status of ${path}`);
        const { resultCode, resultMessage } = await response.json();
        match(resultCode, /^A\d{6}$/, "resultCode");
        ok(resultMessage.startsWith(`[${resultCode}]`), "resultMessage");
      }
      const missing = await (await call("715948317/auth/token", { headers })).json();
      equal(missing.action, "INTERNAL_SERVER_ERROR", "action");
      equal(
        (await (await call("715948317/idtoken/reissue", { headers })).json()).action,
        "CALLER_ERROR",
        "action",
      );
    },

    async "a wrong configuration or parameter is an error that names its path and no value"() {
      const wrong = {
        ...config,
        clients: [
          {
            client_id: "c",
            client_secret: "s3cret-value",
            dpop_bound_access_tokens: true,
            redirect_uris: [redirectUri],
          },
        ],
      };
      const failure = await rejection(enginePkg.createEngine(wrong, storage("wrong")));
      equal(failure.code, "ERR_AUTHLETE_CONFIG", "code");
      match(failure.message, /^clients\[0\]\.dpop_bound_access_tokens: /, "message");
      const engine = await start("wrong-parameter");
      const refused = await rejection(
        code(engine, { redirect_uri: "https://evil.example/s3cret-value" }),
      );
      equal(refused.code, "ERR_AUTHLETE_REQUEST_INVALID", "code");
      match(refused.message, /^redirect_uri: /, "message");
      ok(!`${failure.stack}${refused.stack}`.includes("s3cret-value"), "no value in the errors");
    },

    async "an engine that could not be started gives its caller the reason, and the OAuth client nothing"() {
      const secret = "s3cret-value";
      const wrong = {
        ...config,
        clients: [{ ...config.clients[0], client_secret: undefined, secret }],
      };
      const engine = await enginePkg
        .createEngine(wrong, storage("failed"))
        .catch(enginePkg.failedEngine);
      const reason = "clients[0].secret: unknown (did you mean client_secret?)";

      const fetch = (url, init) => engine.fetch(new Request(url, init));
      const authlete = new AuthleteClient({
        serviceId: "1",
        bearer: "b",
        serverURL: "http://localhost",
        fetch,
      });
      const failure = await rejection(pkg.authToken(authlete, { parameters: "" }));
      deepEqual(
        [failure.code, failure.status, failure.resultCode],
        ["ERR_AUTHLETE_HTTP_STATUS", 500, "A001101"],
        "failure",
      );
      equal(
        failure.resultMessage,
        `[A001101] The engine could not be started: ${reason}`,
        "resultMessage",
      );
      for (const method of [
        "issueAuthorizationCode",
        "checkAuthorization",
        "introspect",
        "revoke",
        "jwks",
        "metadata",
      ]) {
        equal((await rejection(engine[method]("x"))).message, reason, method);
      }
      const response = await tokens(engine, { grant_type: "client_credentials" });
      equal(response.status, 503, "status");
      ok(!(await response.text()).includes("clients"), "the client learns nothing");

      // Anything else that was thrown may quote the configuration.
      const other = await enginePkg
        .failedEngine(new SyntaxError(secret))
        .fetch(new Request("http://localhost"));
      equal(
        (await other.json()).resultMessage,
        "[A001101] The engine could not be started: SyntaxError",
        "resultMessage",
      );
    },

    async "a refusal tells the operator what became of a code, but the client's answer is always the same"() {
      let now = 1_790_000_000_000;
      const events = [];
      const engine = await start("refusals", { now: () => now });
      const [used, late] = [await code(engine), await code(engine)];
      await redeem(engine, used);
      const told = [];
      const heard = async (value) => {
        const fetch = (url, init) => engine.fetch(new Request(url, init));
        const { serviceId, bearer } = config.service;
        const authlete = new AuthleteClient({
          serviceId,
          bearer,
          serverURL: "http://localhost",
          fetch,
          onEvent: (event) => events.push(event.resultCode),
        });
        told.push(await (await redeem(engine, value, { authlete })).text());
      };
      await heard(used);
      await heard("unknown");
      now += 60_000;
      await heard(late);
      deepEqual(events, ["A050397", "A050305", "A050396"], "result codes");
      equal(new Set(told).size, 1, "answers");
    },

    async "an engine shows no secret"() {
      const engine = await start("secrets");
      ok(
        !`${JSON.stringify(engine)}${Object.entries(engine)}${engine}`.includes("secret"),
        "no secret",
      );
    },

    async "a redemption that comes second leaves no token behind, not even one that the host chose"() {
      const engine = await start("loser");
      const value = await code(engine);
      const { subtle } = crypto;
      const waiting = [];
      // Neither is written before both have been read and signed.
      subtle.sign = async (...parameters) => {
        const signature = await SubtleCrypto.prototype.sign.apply(subtle, parameters);
        await new Promise((resolve) => {
          waiting.push(resolve);
          if (waiting.length === 2) for (const go of waiting) go();
        });
        return signature;
      };
      let responses;
      try {
        responses = await Promise.all(
          ["chosen-1", "chosen-2"].map((accessToken) =>
            redeem(engine, value, { tokenRequest: { accessToken } }),
          ),
        );
      } finally {
        delete subtle.sign;
      }
      const statuses = responses.map(({ status }) => status);
      deepEqual([...statuses].sort(), [200, 400], "statuses");
      for (const [i, token] of ["chosen-1", "chosen-2"].entries()) {
        equal(
          (await engine.introspect(token)).active,
          statuses[i] === 200,
          `active after ${statuses[i]}`,
        );
      }
    },

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
      await error(await broken.answer, 503, "temporarily_unavailable");
      // Another call in that instance; its promise settles when nothing waits for it any more.
      await error(await other.answer, 503, "temporarily_unavailable");
      other.go();
      await pause(5);
      deepEqual(events, Array(2).fill({ type: "trap", operation: "engine.fetch" }), "events");
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
      heard({ type: "platform_failed", failure: "clock", operation: "fetch", error: "RangeError" });
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
        [/expires_at <=/, "store_expire", 200],
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
      equal((await rejection(engine.introspect("x"))).status, 500, "status");
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

    async "more calls at once than several instances take all get their own answers"() {
      const engine = await start("crowd");
      const all = Array.from({ length: 1_000 }, (_, index) => index);
      const responses = await Promise.all(
        all.map(() => tokens(engine, { grant_type: "client_credentials", scope: "read" })),
      );
      deepEqual(
        responses.map(({ status }) => status),
        all.map(() => 200),
        "statuses",
      );
      const given = await Promise.all(responses.map((response) => response.json()));
      equal(
        new Set(given.map(({ access_token }) => access_token)).size,
        all.length,
        "access tokens",
      );
    },
  };
}
