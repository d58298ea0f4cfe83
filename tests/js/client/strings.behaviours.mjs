// Strings that are difficult to pass into WebAssembly and back: those with lone surrogates, and
// very long ones.
import { equal, match, ok, rejection, thrown } from "../support/assert.mjs";
import { json, upstream } from "../support/upstream.mjs";
import { tokenRequest } from "../endpoint/token-request.mjs";
import { watchMemory } from "../support/wasm-memory.mjs";

const HALF = "\ud800";
const REPLACED = "\ufffd";

export function behaviours({ pkg }) {
  const { AuthleteClient, AuthleteError, authToken, handleTokenRequest, idtokenReissue } = pkg;
  const client = (fetch, more) =>
    new AuthleteClient({ serviceId: "1", bearer: "b", fetch, ...more });
  const answering = (text, more) => client(async () => json(text), more);
  const typed = (error, code) => {
    ok(error instanceof AuthleteError, `an AuthleteError, and not ${error}`);
    equal(error.code, code, "code");
    return error;
  };
  const body = async (response) => `${response.status} ${await response.text()}`;

  return {
    "a lone surrogate in an option is a configuration error": async () => {
      for (const [options, name] of [
        [{ serviceId: HALF }, "serviceId"],
        [{ bearer: HALF }, "bearer"],
        [{ headers: { "x-a": HALF } }, "headers.x-a"],
        [{ headers: { [HALF]: "a" } }, "headers"],
        [{ [HALF]: 1 }, HALF],
      ]) {
        const error = typed(
          thrown(() => new AuthleteClient({ serviceId: "1", bearer: "b", ...options })),
          "ERR_AUTHLETE_CONFIG",
        );
        ok(error.message.startsWith(`${name}: `), error.message);
      }
      const { fetch, calls } = upstream({ action: "OK" });
      typed(
        await rejection(authToken(client(fetch, { bearer: () => HALF }), { parameters: "" })),
        "ERR_AUTHLETE_CONFIG",
      );
      for (const options of [
        { realm: HALF },
        { tokenEndpoint: `https://as.example/${HALF}` },
        { cors: [`https://${HALF}.example`] },
      ]) {
        typed(
          await rejection(
            handleTokenRequest(tokenRequest(), { authlete: client(fetch), ...options }),
          ),
          "ERR_AUTHLETE_CONFIG",
        );
      }
      equal(calls.length, 0, "calls");
    },

    "a lone surrogate in a request's value is sent as JSON requires, and in a name it is refused":
      async () => {
        const { fetch, calls } = upstream({ action: "OK" });
        await authToken(client(fetch), {
          parameters: HALF,
          clientId: HALF,
          properties: [{ key: HALF, value: `a${HALF}b` }],
        });
        await idtokenReissue(client(fetch), {
          accessToken: HALF,
          refreshToken: HALF,
          claims: HALF,
        });
        equal(calls[0].body.properties[0].value, `a${HALF}b`, "a property");
        equal(calls[1].body.claims, HALF, "claims");
        match(calls[1].init.body, /"accessToken":"\\ud800"/);
        const error = typed(
          await rejection(authToken(client(fetch), { parameters: "", [HALF]: 1 })),
          "ERR_AUTHLETE_REQUEST_INVALID",
        );
        equal(error.message, `authToken: ${REPLACED}: unknown member`, "message");
      },

    "a lone surrogate in an answer is kept, and does no harm": async () => {
      const half = "\\ud800";
      const answer = await authToken(
        answering(
          `{"action":"${half}","subject":"${half}","${half}":"${half}","ticket":null,"clientId":9007199254740993}`,
        ),
        {
          parameters: "",
        },
      );
      equal(answer.action, HALF, "action");
      equal(answer[HALF] ?? answer[REPLACED], answer.subject, "a member of that name");
      equal(answer.clientId, "9007199254740993", "clientId");
      const failed = await rejection(
        authToken(
          client(async () =>
            json(`{"resultCode":"${half}","resultMessage":"${half}"}`, { status: 400 }),
          ),
          { parameters: "" },
        ),
      );
      equal(typed(failed, "ERR_AUTHLETE_HTTP_STATUS").resultMessage, REPLACED, "resultMessage");
    },

    "a lone surrogate at the token endpoint is replaced, as UTF-8 can't express it": async () => {
      const answered = async (text, request = tokenRequest()) =>
        body(await handleTokenRequest(request, { authlete: answering(text) }));
      equal(
        await answered('{"action":"OK","responseContent":"{\\"a\\":\\"\\ud800\\"}"}'),
        `200 {"a":"${REPLACED}"}`,
        "response content",
      );
      equal(
        await answered('{"action":"OK","responseContent":"{\\"a\\":\\"\\\\ud800\\"}"}'),
        '200 {"a":"\\ud800"}',
        "an escape in it is kept",
      );
      equal(
        await answered('{"action":"\\ud800","responseContent":"{}"}'),
        '500 {"error":"server_error"}',
        "action",
      );
      equal(
        await answered('{"action":"BAD_REQUEST","responseContent":"{}","dpopNonce":"\\ud800"}'),
        '500 {"error":"server_error"}',
        "nonce",
      );
      const good = '{"action":"OK","responseContent":"{}"}';
      equal(
        await answered(good, { ...duck(), url: `https://as.example/token?${HALF}` }),
        "200 {}",
        "URL",
      );
      match(await answered(good, { ...duck(), headers: { get: () => HALF } }), /^400 /);
      match(await answered(good, { ...duck(), method: HALF }), /^405 /);
    },

    "a lone surrogate in a hook's subject is sent as JSON requires": async () => {
      const { fetch, calls } = upstream(
        () => json('{"action":"PASSWORD","ticket":"t","username":"\\ud800","password":"\\udc00"}'),
        {
          action: "OK",
          responseContent: "{}",
        },
      );
      const given = [];
      const authenticateUser = (username, password) => {
        given.push(username, password);
        return HALF;
      };
      equal(
        await body(
          await handleTokenRequest(tokenRequest(), { authlete: client(fetch), authenticateUser }),
        ),
        "200 {}",
        "answer",
      );
      equal(given.join("|"), "\ud800|\udc00", "credentials");
      equal(calls[1].body.subject, HALF, "subject");
    },

    "a request member of 64 MiB is sent without a copy in WebAssembly": async () => {
      const { pages } = await watchMemory(pkg);
      const before = pages();
      const text = "x".repeat(64 << 20);
      const lengths = [];
      const authlete = client(async (_url, init) => {
        lengths.push(init.body.length);
        return json({ action: "OK" });
      });
      equal((await authToken(authlete, { parameters: text })).action, "OK", "action");
      await authToken(authlete, {
        parameters: "",
        clientId: text,
        properties: [{ key: "k", value: text }],
      });
      ok(lengths[0] > text.length && lengths[1] > 2 * text.length, "all of it is sent");
      equal(pages(), before, "pages of memory");
    },

    "a member's name of 64 MiB is refused without a copy in WebAssembly": async () => {
      const { pages } = await watchMemory(pkg);
      const before = pages();
      const name = "x".repeat(64 << 20);
      const { fetch, calls } = upstream({ action: "OK" });
      for (const request of [
        { [name]: 1 },
        { cimdOptions: { [name]: 1 } },
        { properties: [{ key: "k", value: "v", [name]: 1 }] },
      ]) {
        const { message } = typed(
          await rejection(authToken(client(fetch), { parameters: "", ...request })),
          "ERR_AUTHLETE_REQUEST_INVALID",
        );
        ok(message.endsWith("xxx: unknown member") && message.length < 200, "message");
      }
      equal(calls.length, 0, "calls");
      equal(pages(), before, "pages of memory");
    },

    "an answer of 64 MiB is refused without a copy in WebAssembly": async () => {
      const { pages } = await watchMemory(pkg);
      const before = pages();
      const chunk = new Uint8Array(1 << 20).fill(32);
      for (const headers of [{}, { "content-length": String(64 << 20) }]) {
        let left = 64;
        const stream = () =>
          new ReadableStream({
            pull: (controller) => (left-- > 0 ? controller.enqueue(chunk) : controller.close()),
          });
        const authlete = client(
          async () =>
            new Response(stream(), { headers: { "content-type": "application/json", ...headers } }),
        );
        typed(
          await rejection(authToken(authlete, { parameters: "" })),
          "ERR_AUTHLETE_RESPONSE_INVALID",
        );
        ok(left > 60, "no more is read than needed");
      }
      equal(pages(), before, "pages of memory");
    },
  };
}

const duck = () => ({
  url: "https://as.example/token",
  method: "POST",
  headers: new Headers({ "content-type": "application/x-www-form-urlencoded" }),
  body: new Response("a=b").body,
});
