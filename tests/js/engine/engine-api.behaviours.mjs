// What must hold of the embedded engine over each of its stores: Authlete's API, and what the
// operator learns.
import { deepEqual, equal, match, ok, rejection } from "../support/assert.mjs";
import { config, engineKit, redirectUri } from "./engine-kit.mjs";

export function behaviours({ pkg, enginePkg, storage }) {
  const { AuthleteClient } = pkg;
  const { start, tokens, code, redeem } = engineKit({ pkg, enginePkg, storage });
  return {
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
            require_auth_time: true,
            redirect_uris: [redirectUri],
          },
        ],
      };
      const failure = await rejection(enginePkg.createEngine(wrong, storage("wrong")));
      equal(failure.code, "ERR_AUTHLETE_CONFIG", "code");
      match(failure.message, /^clients\[0\]\.require_auth_time: /, "message");
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
        "expire",
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

    async "a number that JSON does not have is an error that names its path, and does not count as left out"() {
      for (const number of [Number.NaN, Number.POSITIVE_INFINITY]) {
        const service = { ...config.service, accessTokenDuration: number };
        const clients = [{ ...config.clients[0], default_max_age: number }];
        for (const [wrong, path] of [
          [{ ...config, service }, "service.accessTokenDuration"],
          [{ ...config, clients }, "clients[0].default_max_age"],
        ]) {
          const failure = await rejection(enginePkg.createEngine(wrong, storage("numbers")));
          deepEqual(
            [failure.code, failure.message],
            ["ERR_AUTHLETE_CONFIG", `${path}: not a finite number`],
            "failure",
          );
        }
        const engine = await start("numbers");
        const failure = await rejection(code(engine, { auth_time: number }));
        deepEqual(
          [failure.code, failure.message],
          ["ERR_AUTHLETE_REQUEST_INVALID", "auth_time: not a finite number"],
          "failure",
        );
      }
    },

    async "an engine shows no secret"() {
      const engine = await start("secrets");
      ok(
        !`${JSON.stringify(engine)}${Object.entries(engine)}${engine}`.includes("secret"),
        "no secret",
      );
    },
  };
}
