// The option `engine`: what it accepts, and what becomes of the answers of `exchange`, which may be
// anyone's; and what an engine's own `exchange` answers.
import { deepEqual, equal, match, ok, rejection, thrown } from "../support/assert.mjs";
import { never } from "../support/upstream.mjs";

const SECRET = "S3CRET-marker";
const request = { parameters: "grant_type=client_credentials" };
const good = { status: 200, body: '{"action":"OK"}' };

export function behaviours({ pkg, enginePkg }) {
  const { AuthleteClient, authToken, handleTokenRequest } = pkg;
  const client = (exchange, more) =>
    new AuthleteClient({ serviceId: "1", bearer: "b", engine: { exchange }, ...more });
  const failure = (exchange, more) => rejection(authToken(client(exchange, more), request));
  const start = () =>
    enginePkg.createEngine({
      service: { serviceId: "1", bearer: "b", issuer: "https://as.example" },
      clients: [{ client_id: "c", client_secret: "s", grant_types: ["client_credentials"] }],
    });
  const asked = JSON.stringify({ ...request, clientId: "c", clientSecret: "s" });

  return {
    "an engine must have the method exchange, and nothing that says how to reach a server": () => {
      const refused = (options) => {
        const error = thrown(
          () => new AuthleteClient({ serviceId: "1", bearer: "b", ...options }),
          Object.keys(options).join(),
        );
        equal(error.code, "ERR_AUTHLETE_CONFIG", "code");
        ok(!`${error.stack}`.includes(SECRET), "no value in the error");
        return error.message;
      };
      for (const engine of [null, {}, [], "engine", "", 1, true, () => {}, { exchange: SECRET }])
        match(refused({ engine }), /^engine: expected an object with the method exchange/);
      const throwing = {
        get exchange() {
          throw new Error(SECRET);
        },
      };
      match(refused({ engine: throwing }), /^options: /);
      const engine = { exchange: () => good };
      for (const [name, value] of [
        ["serverURL", "http://localhost"],
        ["fetch", async () => new Response()],
        ["headers", { "x-trace": SECRET }],
        ["headers", {}],
        ["serverURL", "not a URL"],
      ])
        equal(
          refused({ engine, [name]: value }),
          `${name}: has no effect beside \`engine\`; set only one`,
          "message",
        );
      match(refused({ enigne: engine }), /^enigne: unknown option \(did you mean engine\?\)/);
    },

    "options that are undefined count as left out": async () => {
      const left = { serverURL: undefined, fetch: undefined, headers: undefined };
      equal(
        (
          await authToken(
            client(() => good, left),
            request,
          )
        ).action,
        "OK",
        "action",
      );
    },

    "headers of a call have no effect beside an engine, and are refused": async () => {
      let asked = 0;
      const counting = client(() => {
        asked += 1;
        return good;
      });
      const error = await rejection(authToken(counting, request, { headers: { "x-trace": "1" } }));
      equal(error.code, "ERR_AUTHLETE_CONFIG", "code");
      equal(error.message, "headers: has no effect beside `engine`; set only one", "message");
      equal(asked, 0, "calls");
      await authToken(counting, request, { headers: undefined, timeoutMs: 1_000 });
    },

    "exchange is called as a method, with path, Authorization header and JSON": async () => {
      const engine = {
        exchange(...values) {
          this.values = values;
          return good;
        },
      };
      const authlete = new AuthleteClient({ serviceId: "a:1", bearer: "b", engine });
      await authToken(authlete, request);
      const [path, authorization, body, ...more] = engine.values;
      deepEqual(
        [path, authorization, JSON.parse(body), more],
        ["/api/a%3A1/auth/token", "Bearer b", request, []],
        "arguments",
      );
      await pkg.idtokenReissue(authlete, { accessToken: "a", refreshToken: "r" });
      equal(engine.values[0], "/api/a%3A1/idtoken/reissue", "path");
    },

    "an answer may come at once, by a promise, or by any thenable": async () => {
      for (const exchange of [
        () => good,
        async () => good,
        () => ({ then: (resolve) => resolve(good) }),
        () => Object.freeze({ ...good, more: 1 }),
        () => Object.create(good),
      ])
        deepEqual(await authToken(client(exchange), request), { action: "OK" }, "answer");
    },

    "anything that is not an answer is refused, and the error says what was expected": async () => {
      for (const answer of [
        null,
        undefined,
        "200",
        200,
        {},
        [],
        { status: "200", body: "{}" },
        { status: 200 },
        { status: 200, body: 5 },
        { status: 200, body: null },
        { status: 200, body: { action: "OK" } },
        { body: "{}" },
        ...[0, -1, 99, 600, 1e9, 200.5, Number.NaN, Number.POSITIVE_INFINITY, 200n].map(
          (status) => ({
            status,
            body: good.body,
          }),
        ),
        new Response(good.body),
      ]) {
        for (const exchange of [() => answer, async () => answer]) {
          const error = await failure(exchange);
          equal(error.code, "ERR_AUTHLETE_RESPONSE_INVALID", "code");
          equal(
            error.message,
            "authToken: engine.exchange returned something other than { status: number, body: string }",
            "message",
          );
          equal(error.status, undefined, "status");
        }
      }
      for (const body of ["", "x", "[]", "null", "{}", `{"action":1}`])
        equal(
          (await failure(() => ({ status: 200, body }))).code,
          "ERR_AUTHLETE_RESPONSE_INVALID",
          body,
        );
    },

    "an HTTP error is one, with what the body says": async () => {
      const body = '{"resultCode":"A1","resultMessage":"[A1] m"}';
      for (const status of [201, 302, 400, 401, 403, 429, 500, 503, 599]) {
        const error = await failure(() => ({ status, body }));
        deepEqual(
          [error.code, error.status, error.resultCode, error.retryAfter, error.headers],
          ["ERR_AUTHLETE_HTTP_STATUS", status, "A1", undefined, undefined],
          "error",
        );
        equal((await failure(() => ({ status, body: "<" }))).status, status, "status");
      }
    },

    "what exchange throws is the cause in the event's details, and the error says no more than its type":
      async () => {
        const error = new RangeError(SECRET);
        const throwing = {
          get status() {
            throw error;
          },
        };
        for (const exchange of [
          () => {
            throw error;
          },
          () => Promise.reject(error),
          () => throwing,
          async () => throwing,
        ]) {
          const heard = [];
          const onEvent = (event, details) => heard.push({ event, details });
          const failed = await failure(exchange, { onEvent });
          equal(failed.code, "ERR_AUTHLETE_CONNECTION", "code");
          match(failed.message, /^authToken: no answer from Authlete \(RangeError\)/);
          ok(!`${failed.stack}${failed.cause}`.includes(SECRET), "no secret");
          equal(heard.length, 1, "events");
          equal(heard[0].details.cause, error, "cause");
        }
      },

    "an answer is no longer than maxResponseBytes, in bytes": async () => {
      const of = (text) => ({ status: 200, body: JSON.stringify({ action: "OK", subject: text }) });
      const size = (answer) => new TextEncoder().encode(answer.body).length;
      for (const text of ["x", "ü", "€", "😀"].map((char) => char.repeat(100))) {
        const answer = of(text);
        const exchange = () => answer;
        const fits = client(exchange, { maxResponseBytes: size(answer) });
        equal((await authToken(fits, request)).subject, text, "subject");
        const error = await failure(exchange, { maxResponseBytes: size(answer) - 1 });
        equal(error.code, "ERR_AUTHLETE_RESPONSE_INVALID", "code");
        match(error.message, /larger than maxResponseBytes/);
      }
    },

    "the deadline and the signal end a call whose answer does not come": async () => {
      equal((await failure(never, { timeoutMs: 10 })).code, "ERR_AUTHLETE_TIMEOUT", "code");
      const controller = new AbortController();
      const call = authToken(client(never), request, { signal: controller.signal });
      controller.abort();
      equal((await rejection(call)).code, "ERR_AUTHLETE_ABORTED", "code");
      const aborted = { signal: AbortSignal.abort() };
      let asked = false;
      const asking = client(() => {
        asked = true;
        return good;
      });
      equal((await rejection(authToken(asking, request, aborted))).code, "ERR_AUTHLETE_ABORTED");
      ok(!asked, "nothing was asked");
    },

    "an answer that comes after the deadline changes nothing": async () => {
      let answer;
      const slow = client(() => new Promise((resolve) => (answer = resolve)), { timeoutMs: 10 });
      equal((await rejection(authToken(slow, request))).code, "ERR_AUTHLETE_TIMEOUT", "code");
      const others = Promise.all(
        [1, 2, 3].map(() =>
          authToken(
            client(async () => good),
            request,
          ),
        ),
      );
      answer({ status: 200, body: '{"action":"BAD_REQUEST"}' });
      deepEqual(await others, Array(3).fill({ action: "OK" }), "answers of other calls");
    },

    "exchange may call back into the package": async () => {
      const inner = client(() => good);
      const outer = client(async () => {
        equal((await authToken(inner, request)).action, "OK", "action inside");
        return good;
      });
      equal((await authToken(outer, request)).action, "OK", "action");
    },

    "the token endpoint answers whatever exchange does": async () => {
      for (const [exchange, status] of [
        [() => null, 500],
        [() => ({ status: "200" }), 500],
        [() => Promise.reject(new Error(SECRET)), 503],
        [() => Promise.reject("no error"), 500],
        [never, 503],
      ]) {
        const form = new URLSearchParams(request.parameters);
        const response = await handleTokenRequest(
          new Request("https://as.example/token", { method: "POST", body: form }),
          { authlete: client(exchange, { timeoutMs: 10 }) },
        );
        equal(response.status, status, "status");
        ok(!(await response.text()).includes(SECRET), "no secret");
      }
    },

    "an engine's own exchange needs three strings": async () => {
      const engine = await start();
      const right = ["/api/1/auth/token", "Bearer b", asked];
      for (const [index, name] of ["path", "authorization", "body"].entries()) {
        for (const wrong of [
          undefined,
          null,
          1,
          {},
          ["x"],
          new String("x"),
          new URL("http://a/"),
        ]) {
          const error = await rejection(engine.exchange(...right.with(index, wrong)));
          deepEqual(
            [error.code, error.message],
            ["ERR_AUTHLETE_REQUEST_INVALID", `${name}: expected a string`],
            "error",
          );
        }
      }
      deepEqual(Object.keys(await engine.exchange(...right)).sort(), ["body", "status"], "answer");
    },

    "an engine's own exchange answers as its fetch does": async () => {
      const engine = await start();
      const bearer = "Bearer b";
      const path = "/api/1/auth/token";
      const long = (text, units) => `{"parameters":"${text.repeat(units)}"}`;
      for (const [at, authorization, body, status] of [
        [path, bearer, asked, 200],
        [path, "bearer b", asked, 200],
        [path, "Bearer other", asked, 401],
        [path, "Basic b", asked, 401],
        [path, "b", asked, 401],
        ["/api/2/auth/token", bearer, asked, 403],
        ["/api/2/auth/token", "Bearer other", asked, 401],
        ["/api/1/auth/nothing", bearer, asked, 404],
        ["/api/1/jwks", bearer, asked, 404],
        ["/introspect", bearer, asked, 404],
        ["/", bearer, asked, 404],
        [`${path}?x=y#z`, bearer, asked, 200],
        ["/api/1/auth/token/fail", bearer, "{}", 200],
        ["/api/1/auth/token/issue", bearer, '{"ticket":"t","subject":"s"}', 200],
        ["/api/1/idtoken/reissue", bearer, "{}", 200],
        [path, bearer, "", 400],
        [path, bearer, "{", 400],
        [path, bearer, "[]", 400],
        [path, bearer, '{"parameters":1}', 400],
        [path, bearer, "{}", 200],
        [path, bearer, long("x", 1_048_576 - 17), 200],
        [path, bearer, long("x", 1_048_577 - 17), 413],
        [path, bearer, long("€", 400_000), 413],
        // Lone surrogates, which UTF-8 does not have.
        [path, bearer, '{"parameters":"\ud800"}', 200],
      ]) {
        const answer = await engine.exchange(at, authorization, body);
        const response = await engine.fetch(
          new Request(`http://localhost${at}`, {
            method: "POST",
            headers: { authorization, "content-type": "application/json" },
            // Not the text: workerd's `Request` makes bytes of lone surrogates that are not UTF-8.
            body: new TextEncoder().encode(body),
          }),
        );
        const what = `${at} ${authorization} ${body.slice(0, 40)}`;
        equal(answer.status, status, what);
        equal(response.status, status, `${what} by fetch`);
        const plain = (text) =>
          text.replaceAll(/[\w-]{65}|[\w-]{43}/g, "(random)").replaceAll(/\d{13}/g, "(time)");
        equal(plain(answer.body), plain(await response.text()), `body of ${what}`);
      }
      // Without HTTP, a header that is missing is an empty one.
      for (const authorization of ["", " ", "Bearer", "Bearer "])
        equal((await engine.exchange(path, authorization, asked)).status, 401, authorization);
      for (const at of [
        "",
        "api/1/auth/token",
        "//api/1/auth/token",
        "/api/1",
        "\0",
        "http://[",
        "€",
      ])
        equal((await engine.exchange(at, bearer, asked)).status, 404, at);
    },
  };
}
