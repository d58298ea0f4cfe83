// The options of an AuthleteClient and of one call: what is refused, where calls go, and that no
// secret shows.
import { deepEqual, equal, match, ok, rejection, thrown } from "../support/assert.mjs";
import { json, upstream } from "../support/upstream.mjs";

const SECRET = "S3CRET-marker";

// [options, what the message must begin with]
const wrong = [
  [undefined, "options: missing"],
  [null, "options: expected an object"],
  ["x", "options:"],
  ...["serviceId", "bearer"].flatMap((name) => [
    [{ [name]: undefined }, `${name}: missing`],
    [{ [name]: null }, `${name}: missing`],
    [{ [name]: "" }, `${name}: empty`],
  ]),
  [{ serverURL: "" }, "serverURL: empty"],
  ...["Bearer ", "bearer\t"].map((scheme) => [
    { bearer: `${scheme}${SECRET}` },
    "bearer: begins with `Bearer `; give the token alone",
  ]),
  [{ serviceId: 715948317 }, "serviceId:"],
  ...[
    "",
    " ",
    ".",
    "..",
    "a/b",
    "../admin",
    "a\\b",
    "a%2fb",
    "%2e%2e",
    "a?x=",
    "a#b",
    "a b",
    "a\0b",
    "a\nb",
    "a\u2215b",
    "ü",
    "9".repeat(1_000_000),
  ].map((serviceId) => [{ serviceId }, "serviceId:"]),
  ...[
    undefined,
    null,
    1,
    "",
    " ",
    "a b",
    `${SECRET}\r\nx: y`,
    `${SECRET}ü`,
    `${SECRET} `,
    `${SECRET}\0`,
  ].map((bearer) => [{ bearer }, "bearer:"]),
  ...[
    1,
    "",
    "authlete.com",
    "//us.authlete.com",
    "/api",
    "http://us.authlete.com",
    "http://169.254.169.254",
    "http://127.0.0.1.example.com",
    "http://localhost.example.com",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:,x",
    "ftp://localhost",
    " https://us.authlete.com",
    "https://us.authlete.com ",
    `https://user:${SECRET}@us.authlete.com`,
    `https://${SECRET}@us.authlete.com`,
    "https://us.authlete.com?x=1",
    "https://us.authlete.com/?",
    "https://us.authlete.com#x",
    "https://us.authlete.com/#",
    "https://",
    "https://us.authlete.com:99999",
  ].map((serverURL) => [{ serverURL }, "serverURL:"]),
  ...[0, -1, 1.5, "1", Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, 1n].map((timeoutMs) => [
    { timeoutMs },
    "timeoutMs:",
  ]),
  ...[0, "x", 2 ** 40].map((maxResponseBytes) => [{ maxResponseBytes }, "maxResponseBytes:"]),
  ...[1, "x", null, []].map((retry) => [{ retry }, "retry:"]),
  ...[{ attempts: 0 }, { attempts: 1.5 }, { attempts: 101 }].map((retry) => [
    { retry },
    "retry.attempts:",
  ]),
  [{ retry: {} }, "retry.attempts: missing"],
  [{ retry: { attempts: 2, maxDelayMs: -1 } }, "retry.maxDelayMs:"],
  ...["x", 1, {}].flatMap((value) => [
    [{ fetch: value }, "fetch:"],
    [{ onEvent: value }, "onEvent:"],
  ]),
  ...["x", [["a", "b"]]].map((headers) => [{ headers }, "headers:"]),
  ...["Authorization", "ACCEPT", "content-type"].map((name) => [
    { headers: { [name]: SECRET } },
    `headers.${name.toLowerCase()}:`,
  ]),
  ...["", "a b", "ü", "a:b", "a\nb"].map((name) => [{ headers: { [name]: SECRET } }, "headers:"]),
  ...[1, null, `${SECRET}\r\ny: z`, `${SECRET}\0`, `${SECRET}ü`].map((value) => [
    { headers: { "x-trace": value } },
    "headers.x-trace:",
  ]),
  ...[new Headers({ "x-trace": SECRET }), new Map([["x-trace", SECRET]])].map((headers) => [
    { headers },
    "headers:",
  ]),
  ...["serviceID", "url", "timeout", "Bearer", "signal"].map((name) => [
    { [name]: SECRET },
    `${name}: unknown option`,
  ]),
  ...[
    ["serviceID", "serviceId"],
    ["service_id", "serviceId"],
    ["baerer", "bearer"],
    ["url", "serverURL"],
    ["timeout", "timeoutMs"],
    ["onEvents", "onEvent"],
  ].map(([name, meant]) => [
    { [name]: SECRET },
    `${name}: unknown option (did you mean ${meant}?)`,
  ]),
  [{ ["x".repeat(10_000)]: 1 }, `${"x".repeat(64)}: unknown option`],
  [
    { retry: { attempts: 2, maxDelay: 1 } },
    "retry.maxDelay: unknown option (did you mean maxDelayMs?)",
  ],
  ...[
    "serviceId",
    "bearer",
    "serverURL",
    "fetch",
    "timeoutMs",
    "maxResponseBytes",
    "retry",
    "headers",
    "onEvent",
  ].map((name) => [throwing(name), "options:"]),
  [{ headers: throwing("x-trace") }, "options:"],
  [{ retry: throwing("attempts") }, "options:"],
];

/** An object that throws when this member is read. */
function throwing(name) {
  const get = () => {
    throw new Error(SECRET);
  };
  return Object.defineProperty({}, name, { get, enumerable: true });
}

export function behaviours({ pkg }) {
  const { AuthleteClient, AuthleteError, authToken } = pkg;
  const valid = { serviceId: "1", bearer: SECRET };
  const urlFor = async (options) => {
    const authlete = upstream({ action: "OK" });
    await authToken(new AuthleteClient({ ...valid, fetch: authlete.fetch, ...options }), {
      parameters: "",
    });
    return authlete.calls[0].url;
  };
  const headersFor = async (options, call) => {
    const authlete = upstream({ action: "OK" });
    await authToken(
      new AuthleteClient({ ...valid, fetch: authlete.fetch, ...options }),
      { parameters: "" },
      call,
    );
    return authlete.calls[0].headers;
  };

  return {
    "an unusable option throws at once, and the message names it but not its value": () => {
      for (const [options, path] of wrong) {
        const given =
          typeof options === "object" && options !== null
            ? Object.create(valid, Object.getOwnPropertyDescriptors(options))
            : options;
        const error = thrown(() => new AuthleteClient(given));
        ok(error instanceof AuthleteError, `${path} an AuthleteError`);
        equal(error.code, "ERR_AUTHLETE_CONFIG", path);
        ok(error.message.startsWith(path), `${error.message} – should begin with ${path}`);
        for (const text of [error.message, error.stack, JSON.stringify(error)])
          ok(!text.includes(SECRET), `${path} the value is not told`);
      }
    },

    "the server URL may have a path, a port and trailing slashes": async () => {
      const path = "/api/1/auth/token";
      equal(await urlFor({}), `https://us.authlete.com${path}`, "default");
      equal(
        await urlFor({ serverURL: "https://eu.authlete.com/" }),
        `https://eu.authlete.com${path}`,
        "slash",
      );
      equal(
        await urlFor({ serverURL: "https://proxy.example:8443/authlete//" }),
        `https://proxy.example:8443/authlete${path}`,
        "path",
      );
      equal(
        await urlFor({ serverURL: "HTTPS://US.Authlete.com:443" }),
        `https://us.authlete.com${path}`,
        "normal form",
      );
      for (const host of [
        "http://localhost:8789",
        "http://127.0.0.1:8789",
        "http://127.9.9.9",
        "http://[::1]:8789",
        "https://169.254.169.254",
        "https://bücher.example",
        "https://proxy.example:0",
      ]) {
        equal(await urlFor({ serverURL: host }), `${new URL(host).origin}${path}`, host);
      }
    },

    "the service ID is one path segment": async () => {
      equal(
        await urlFor({ serviceId: "a;b,c@d:e&f=g+h" }),
        "https://us.authlete.com/api/a%3Bb%2Cc%40d%3Ae%26f%3Dg%2Bh/auth/token",
        "url",
      );
      equal(
        await urlFor({ serviceId: "..." }),
        "https://us.authlete.com/api/.../auth/token",
        "url",
      );
    },

    "a client shows nothing of its options": () => {
      const client = new AuthleteClient({
        ...valid,
        headers: { "x-key": SECRET },
        serverURL: "https://tenant.example",
      });
      for (const text of [
        JSON.stringify(client),
        String(client),
        Object.entries(client).join(),
        Reflect.ownKeys(client).join(),
        JSON.stringify({ ...client }),
      ]) {
        ok(!text.includes(SECRET) && !text.includes("tenant"), "nothing shows");
      }
      try {
        equal(JSON.stringify(structuredClone(client)), "{}", "a clone");
      } catch (error) {
        equal(error.name, "DataCloneError", "a clone");
      }
    },

    "a client can't be changed after it was made": async () => {
      const options = { ...valid, headers: { "x-a": "1" }, retry: { attempts: 1 } };
      const authlete = upstream({ action: "OK" });
      options.fetch = authlete.fetch;
      const client = new AuthleteClient(options);
      Object.assign(options, { serviceId: "2", bearer: "other" });
      options.headers["x-a"] = "2";
      await authToken(client, { parameters: "" });
      equal(authlete.calls[0].url, "https://us.authlete.com/api/1/auth/token", "url");
      equal(authlete.calls[0].headers.authorization, `Bearer ${SECRET}`, "authorization");
      equal(authlete.calls[0].headers["x-a"], "1", "x-a");
    },

    "headers of a call override those of the client": async () => {
      const headers = await headersFor(
        { headers: { "X-Trace": "1", "x-tenant": "a\tb" } },
        { headers: { "x-trace": "2" } },
      );
      deepEqual(
        headers,
        {
          accept: "application/json",
          authorization: `Bearer ${SECRET}`,
          "content-type": "application/json",
          "x-tenant": "a\tb",
          "x-trace": "2",
        },
        "headers",
      );
    },

    "unusable options of a call reject, and nothing is sent": async () => {
      const calls = [
        [null, "options:"],
        ["x", "options:"],
        [{ timeoutMs: 0 }, "timeoutMs:"],
        [{ timeoutMs: "1" }, "timeoutMs:"],
        [{ signal: {} }, "signal:"],
        [{ signal: null }, "signal:"],
        [{ timeout: 1 }, "timeout: unknown option"],
        [{ Signal: SECRET }, "Signal: unknown option"],
        [{ headers: new Headers({ "x-a": SECRET }) }, "headers:"],
        [{ headers: { Authorization: SECRET } }, "headers.authorization:"],
        [{ headers: { "x-a": `${SECRET}\n` } }, "headers.x-a:"],
        ...["signal", "timeoutMs", "headers"].map((name) => [throwing(name), "options:"]),
      ];
      for (const [call, path] of calls) {
        const authlete = upstream({ action: "OK" });
        const error = await rejection(
          authToken(
            new AuthleteClient({ ...valid, fetch: authlete.fetch }),
            { parameters: "" },
            call,
          ),
        );
        equal(error.code, "ERR_AUTHLETE_CONFIG", path);
        ok(error.message.startsWith(path) && !error.stack.includes(SECRET), error.message);
        equal(authlete.calls.length, 0, "calls");
      }
    },

    "a bearer function is called for every call, synchronous or not": async () => {
      let count = 0;
      for (const bearer of [() => `token-${++count}`, async () => `token-${++count}`]) {
        const authlete = upstream({ action: "OK" });
        const client = new AuthleteClient({ ...valid, bearer, fetch: authlete.fetch });
        await authToken(client, { parameters: "" });
        await authToken(client, { parameters: "" });
        deepEqual(
          authlete.calls.map(({ headers }) => headers.authorization),
          [`Bearer token-${count - 1}`, `Bearer token-${count}`],
          "authorization",
        );
      }
    },

    "a bearer function that fails or gives no token is a configuration error, whose message has no secret":
      async () => {
        const thrower = (value) => () => {
          throw value;
        };
        const bearers = [
          thrower(new Error(SECRET)),
          thrower(SECRET),
          thrower(undefined),
          async () => thrower(new TypeError(SECRET))(),
          () => null,
          () => "",
          () => `${SECRET}\r\n`,
          () => `${SECRET} ü`,
          () => ({ toString: () => SECRET }),
          async () => 1,
          () => `Bearer ${SECRET}`,
        ];
        for (const bearer of bearers) {
          const authlete = upstream({ action: "OK" });
          const error = await rejection(
            authToken(new AuthleteClient({ ...valid, bearer, fetch: authlete.fetch }), {
              parameters: "",
            }),
          );
          equal(error.code, "ERR_AUTHLETE_CONFIG", "code");
          equal(error.cause, undefined, "cause");
          match(error.message, /^authToken: bearer /);
          ok(
            ![error.message, error.stack, JSON.stringify(error)].join().includes(SECRET),
            "the secret is not told",
          );
          equal(authlete.calls.length, 0, "calls");
        }
      },

    "an injected fetch gets no `this`, and its Response may be of any realm": async () => {
      let receiver = "unset";
      function fetch() {
        receiver = this;
        const { body, status } = json({ action: "OK" });
        return {
          status,
          body,
          headers: { get: (name) => (name === "content-type" ? "application/json" : null) },
        };
      }
      equal(
        (await authToken(new AuthleteClient({ ...valid, fetch }), { parameters: "" })).action,
        "OK",
        "action",
      );
      equal(receiver, undefined, "this");
    },
  };
}
