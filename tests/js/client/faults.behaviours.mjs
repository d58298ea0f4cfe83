// Authlete's answer is missing or unusable: which error results, and what it contains.
import { equal, match, ok, rejection } from "../support/assert.mjs";
import { hasResponseBody } from "../support/features.mjs";
import { endless, json, recorded } from "../support/upstream.mjs";

const SECRET = "S3CRET-marker";

const thrower = () => {
  throw new Error(SECRET);
};

/** A proxy that throws on every use. */
function revoked() {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const unusable = {
  empty: "",
  blank: "  \n",
  truncated: '{"action":"OK","responseContent":"{',
  null: "null",
  array: '[{"action":"OK"}]',
  string: '"OK"',
  number: "1",
  "an object without an action": "{}",
  "a number as action": '{"action":1}',
  "null as action": '{"action":null}',
  "a byte order mark": '\ufeff{"action":"OK"}',
  NaN: '{"action":"OK","clientId":NaN}',
  "trailing garbage": '{"action":"OK"} x',
  "two values": '{"action":"OK"}{"action":"OK"}',
  "single quotes": "{'action':'OK'}",
  "a comment": '{"action":"OK"}//',
  "a number as responseContent": '{"action":"OK","responseContent":1}',
  "an object as responseContent": '{"action":"OK","responseContent":{"access_token":"x"}}',
  "a number as ticket": '{"action":"PASSWORD","ticket":1}',
  "an array as dpopNonce": '{"action":"OK","dpopNonce":["x"]}',
  "a boolean as attestationChallenge": '{"action":"OK","attestationChallenge":true}',
  "bad escapes": '{"action":"\\x4f"}',
  [SECRET]: SECRET,
};

export function behaviours({ pkg, named }) {
  const { AuthleteClient, AuthleteError, authToken } = pkg;
  const failing = async (fetch, more = {}) => {
    const error = await rejection(
      authToken(new AuthleteClient({ serviceId: "1", bearer: SECRET, fetch, ...more }), {
        parameters: `code=${SECRET}`,
      }),
    );
    ok(error instanceof AuthleteError, `an AuthleteError, and not ${error?.name}`);
    equal(error.operation, "authToken", "operation");
    equal(JSON.parse(JSON.stringify(error)).code, error.code, "code in JSON");
    for (const text of [error.message, error.stack, JSON.stringify(error)])
      ok(!text.includes(SECRET), "no secret is told");
    return error;
  };

  const notReadOn = async () => {
    const { stream, state } = endless();
    const error = await failing(
      async () => new Response(stream, { headers: { "content-type": "application/json" } }),
      { maxResponseBytes: 100_000 },
    );
    equal(error.code, "ERR_AUTHLETE_RESPONSE_INVALID", "code");
    match(error.message, /maxResponseBytes/);
    ok(state.cancelled, "the stream is cancelled");
    ok(state.chunks < 20, `no more is read than needed, not ${state.chunks} chunks`);
  };

  return {
    "a response that is not an answer of this API is refused": async () => {
      for (const [name, text] of Object.entries(unusable)) {
        const error = await failing(async () => json(text));
        equal(error.code, "ERR_AUTHLETE_RESPONSE_INVALID", name);
        equal(error.status, undefined, `${name}: status`);
      }
    },

    "an answer with a duplicate deciding member is refused": async () => {
      const twice = [
        '{"action":"OK","action":"BAD_REQUEST"}',
        '{"action":"OK","action":"OK"}',
        '{"action":"OK","responseContent":"{}","responseContent":"{\\"a\\":1}"}',
        '{"responseContent":"{}","action":"OK","responseContent":null}',
        '{"action":"PASSWORD","ticket":"a","subject":"x","ticket":"b"}',
      ];
      for (const text of twice)
        equal((await failing(async () => json(text))).code, "ERR_AUTHLETE_RESPONSE_INVALID", text);
    },

    "an answer whose strings and inner objects repeat a name is accepted": async () => {
      const once = [
        '{"action":"OK","later":{"action":"x","ticket":"y"},"list":[{"action":"x"}],"ticket":"t"}',
        '{"action":"OK","responseContent":"{\\"action\\":1,\\"action\\":2}","subject":",\\"action\\":"}',
        '{"subject":"action","action":"OK","username":"ticket"}',
      ];
      for (const text of once) {
        const client = new AuthleteClient({
          serviceId: "1",
          bearer: "b",
          fetch: async () => json(text),
        });
        equal((await authToken(client, { parameters: "" })).action, "OK", text);
      }
    },

    "bytes that are not UTF-8 are refused": async () => {
      const bytes = new Uint8Array([
        ...new TextEncoder().encode('{"action":"OK","subject":"'),
        0xff,
        0xc0,
        0x22,
        0x7d,
      ]);
      const error = await failing(
        async () => new Response(bytes, { headers: { "content-type": "application/json" } }),
      );
      equal(error.code, "ERR_AUTHLETE_RESPONSE_INVALID", "code");
    },

    "a 200 that is not JSON by its content type is refused, whatever its body": async () => {
      for (const type of [
        "text/html",
        "text/plain",
        "application/jwt",
        "application/x-www-form-urlencoded",
        "application/jsonp",
        "+json",
        "",
      ]) {
        const error = await failing(async () =>
          json({ action: "OK" }, { headers: { "content-type": type } }),
        );
        equal(error.code, "ERR_AUTHLETE_RESPONSE_INVALID", type);
        ok(error.headers instanceof Headers, "the answer's headers are there");
      }
    },

    "an HTTP error has Authlete's result code and message": async () => {
      for (const { json: fixture } of named("apiError.")) {
        const { status, body } = fixture.apiResponse;
        const error = await failing(async () => recorded(fixture.apiResponse));
        equal(error.code, "ERR_AUTHLETE_HTTP_STATUS", "code");
        equal(error.status, status, "status");
        equal(
          error.resultCode,
          typeof body === "object" ? String(body.resultCode) : undefined,
          "resultCode",
        );
        equal(
          error.resultMessage,
          typeof body === "object" ? body.resultMessage : undefined,
          "resultMessage",
        );
        equal(error.retryAfter, status === 429 ? 7 : undefined, "retryAfter");
        ok(error.headers instanceof Headers, "headers");
        ok(!Object.keys(error).includes("headers"), "headers are not enumerable");
      }
    },

    "any other HTTP status is an error, also with a good body": async () => {
      for (const status of [
        201, 202, 205, 301, 302, 303, 307, 308, 400, 401, 403, 404, 409, 418, 429, 500, 502, 503,
        504, 599,
      ]) {
        const body = status === 205 ? null : '{"action":"OK"}';
        const error = await failing(
          async () =>
            new Response(body, {
              status,
              headers: { "content-type": "application/json", location: "https://evil.example/" },
            }),
        );
        equal(error.code, "ERR_AUTHLETE_HTTP_STATUS", `code of ${status}`);
        equal(error.status, status, "status");
      }
      equal((await failing(async () => new Response(null, { status: 204 }))).status, 204, "status");
    },

    "an unusable body of an HTTP error is left out": async () => {
      for (const text of [
        "",
        "null",
        "[]",
        '"x"',
        "{",
        '{"resultCode":{},"resultMessage":7}',
        "\ufeff{}",
      ]) {
        const error = await failing(async () => json(text, { status: 500 }));
        equal(error.status, 500, "status");
        equal(error.resultCode, undefined, "resultCode");
        equal(error.resultMessage, undefined, "resultMessage");
      }
      // A body that can't be read in part can't be abandoned in the middle.
      const stream = hasResponseBody() ? endless().stream : "x";
      const error = await failing(
        async () =>
          new Response(stream, {
            status: 503,
            headers: { "content-type": "application/json", "retry-after": "3" },
          }),
      );
      equal(error.retryAfter, 3, "retryAfter beside a body that is no JSON");
    },

    "the delay is Retry-After, else the reset of a rate limit": async () => {
      const soon = new Date(Date.now() + 30_500).toUTCString();
      const told = [
        [{ "retry-after": "3", "ratelimit-reset": "9" }, 3],
        [{ "ratelimit-reset": "9", "x-ratelimit-reset": "8" }, 9],
        [{ "x-ratelimit-reset": "8" }, 8],
        [{ "retry-after": "-1" }, undefined],
        [{ "retry-after": "soon" }, undefined],
        [{ "retry-after": "1.5" }, undefined],
        [{}, undefined],
      ];
      for (const [headers, seconds] of told)
        equal(
          (await failing(async () => new Response("", { status: 429, headers }))).retryAfter,
          seconds,
          "retryAfter",
        );
      const { retryAfter } = await failing(
        async () => new Response("", { status: 503, headers: { "retry-after": soon } }),
      );
      ok(retryAfter >= 28 && retryAfter <= 31, `30 seconds from now, not ${retryAfter}`);
    },

    // A body that is read whole can't be stopped halfway.
    ...(hasResponseBody() && { "an answer beyond maxResponseBytes is not read on": notReadOn }),

    "an answer of exactly maxResponseBytes is read": async () => {
      const text = JSON.stringify({ action: "OK", subject: "ü".repeat(500) });
      const size = new TextEncoder().encode(text).length;
      const client = (maxResponseBytes, headers) =>
        new AuthleteClient({
          serviceId: "1",
          bearer: "b",
          maxResponseBytes,
          fetch: async () => json(text, { headers }),
        });
      for (const headers of [{}, { "content-length": String(size) }]) {
        equal((await authToken(client(size, headers), { parameters: "" })).action, "OK", "exactly");
        equal(
          (await rejection(authToken(client(size - 1, headers), { parameters: "" }))).code,
          "ERR_AUTHLETE_RESPONSE_INVALID",
          "one byte too many",
        );
      }
    },

    "a body that breaks off is a connection error, or with an error's status an HTTP status error":
      async () => {
        const broken = (status) => {
          let pulls = 0;
          const stream = new ReadableStream({
            pull: (controller) =>
              pulls++ === 0
                ? controller.enqueue(new TextEncoder().encode('{"action":"OK"'))
                : controller.error(new TypeError(SECRET)),
          });
          return new Response(stream, { status, headers: { "content-type": "application/json" } });
        };
        const error = await failing(async () => broken(200));
        equal(error.code, "ERR_AUTHLETE_CONNECTION", "code");
        equal(error.status, undefined, "status");
        equal((await failing(async () => broken(503))).status, 503, "status");
      },

    "a body that is not a stream of bytes is refused": async () => {
      const strings = new ReadableStream({
        start: (controller) => {
          controller.enqueue(SECRET);
          controller.close();
        },
      });
      const used = json({ action: "OK" });
      await used.text();
      const locked = json({ action: "OK" });
      // Without access to the stream, only reading all of it locks it.
      if (hasResponseBody()) locked.body.getReader();
      else await locked.text();
      const headers = new Headers({ "content-type": "application/json" });
      const answers = [
        () => ({ status: 200, headers, body: strings }),
        () => used,
        () => locked,
        () => ({ status: 200, headers, body: 7 }),
        () => ({ status: 200, headers, body: { getReader: () => ({ read: () => ({}) }) } }),
        () => ({ status: 200, headers }),
      ];
      for (const answer of answers)
        equal((await failing(async () => answer())).code, "ERR_AUTHLETE_RESPONSE_INVALID", "code");
    },

    "for a fetch that gives no Response the error says so": async () => {
      const getter = {
        get status() {
          throw new Error(SECRET);
        },
      };
      const proxy = new Proxy(
        {},
        {
          get: (_, name) => {
            if (name === "then") return undefined;
            throw new Error(SECRET);
          },
        },
      );
      for (const value of [
        undefined,
        null,
        200,
        "x",
        {},
        [],
        { status: "200" },
        { status: 200 },
        { status: 200, headers: 1 },
        { status: 200, headers: {} },
        getter,
        proxy,
        { status: 200, headers: { get: thrower } },
        { status: 200, headers: { get: () => Symbol("x") } },
        { then: (resolve) => resolve({ then: (again) => again(undefined) }) },
      ]) {
        const error = await failing(() => value);
        equal(error.code, "ERR_AUTHLETE_RESPONSE_INVALID", "code");
      }
    },

    "whatever an injected fetch throws is a connection error without a cause": async () => {
      const proxy = new Proxy(new Error(SECRET), {
        get: () => {
          throw new Error(SECRET);
        },
        getPrototypeOf: () => {
          throw new Error(SECRET);
        },
      });
      const values = [
        new Error(SECRET),
        new TypeError(SECRET),
        SECRET,
        undefined,
        null,
        7,
        Symbol(SECRET),
        10n,
        Object.freeze({ [SECRET]: 1 }),
        Object.create(null),
        proxy,
        {
          get cause() {
            throw new Error(SECRET);
          },
        },
        Object.freeze(new Error(SECRET)),
        Object.assign(new Error(SECRET), {
          name: SECRET,
          code: SECRET,
          cause: { code: { toString: thrower } },
        }),
        revoked(),
        class Evil extends Error {
          static name = `${SECRET} `;
        },
      ];
      for (const value of values) {
        for (const fetch of [
          () => {
            throw value;
          },
          () => Promise.reject(value),
        ]) {
          const error = await failing(fetch);
          equal(error.code, "ERR_AUTHLETE_CONNECTION", "code");
          equal(error.cause, undefined, "cause");
        }
      }
    },

    "an error names the type of what was thrown and nothing else": async () => {
      match(
        (
          await failing(() => {
            throw new RangeError(SECRET);
          })
        ).message,
        /\(RangeError\)$/,
      );
      match(
        (
          await failing(() => {
            throw SECRET;
          })
        ).message,
        /\(string\)$/,
      );
    },
  };
}
