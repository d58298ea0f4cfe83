// Requests and responses without the classes of the Fetch standard.
import { deepEqual, equal, match, ok, rejection } from "../support/assert.mjs";
import { never, upstream } from "../support/upstream.mjs";
import { tokenRequest } from "./token-request.mjs";

const content = '{"access_token":"ü"}';
const issued = { action: "OK", responseContent: content };
const form = { "content-type": "application/x-www-form-urlencoded" };
const bytes = (text) => async () => new TextEncoder().encode(text);

const plain = (more = {}) => ({
  method: "POST",
  url: "https://as.example/token",
  headers: form,
  bytes: bytes("grant_type=client_credentials"),
  ...more,
});

export function behaviours({ pkg, enginePkg }) {
  const { AuthleteClient, handlePlainTokenRequest, handleTokenRequest } = pkg;
  const options = (answer, more) => {
    const authlete = upstream(answer);
    const client = new AuthleteClient({ serviceId: "1", bearer: "b", fetch: authlete.fetch });
    const events = [];
    const onEvent = (event) => events.push(event);
    return { events, calls: authlete.calls, options: { authlete: client, onEvent, ...more } };
  };
  const handled = async (request, answer = issued, more = {}) => {
    const { options: given, ...rest } = options(answer, more);
    return { response: await handlePlainTokenRequest(request, given), ...rest };
  };

  return {
    "a plain request gets the answer that a Request gets, as plain values": async () => {
      const error = '{"error":"invalid_client"}';
      for (const [answer, more] of [
        [issued],
        [{ action: "INVALID_CLIENT", responseContent: error }],
        [{ action: "BAD_REQUEST", responseContent: error }],
        [{ action: "OK" }],
        [issued, { method: "GET" }],
        [issued, { method: "HEAD" }],
        [issued, { method: "OPTIONS" }],
        [issued, { url: "http://as.example/token" }],
        [issued, { headers: { ...form, dpop: "a,b" } }],
        [issued, { headers: { ...form, origin: "https://app.example" } }],
      ]) {
        const { response: given } = await handled(plain(more), answer);
        const { headers = {}, ...rest } = more ?? {};
        const request = tokenRequest({ ...rest, headers });
        const same = await handleTokenRequest(request, options(answer).options);
        equal(given.status, same.status, "status");
        equal(given.body, await same.text(), "body");
        deepEqual(given.headers, Object.fromEntries(same.headers), "headers");
      }
    },

    "a plain request for the engine gets its tokens": async () => {
      const engine = await enginePkg.createEngine({
        service: { serviceId: "1", bearer: "b", issuer: "https://as.example" },
        clients: [{ client_id: "c", client_secret: "s", grant_types: ["client_credentials"] }],
      });
      const authlete = new AuthleteClient({ serviceId: "1", bearer: "b", engine });
      const headers = { ...form, authorization: [`Basic ${btoa("c:s")}`] };
      const { status, body } = await handlePlainTokenRequest(plain({ headers }), { authlete });
      equal(status, 200, body);
      equal(JSON.parse(body).token_type, "Bearer", "token_type");
    },

    "every value of a plain request's header counts, and undefined is none": async () => {
      const good = `Basic ${btoa("c:s")}`;
      const { calls } = await handled(
        plain({ headers: { ...form, authorization: [good], dpop: undefined } }),
      );
      deepEqual(
        calls[0].body,
        { parameters: "grant_type=client_credentials", clientId: "c", clientSecret: "s" },
        "request",
      );
      for (const [name, value, error] of [
        ["authorization", good, "invalid_request"],
        ["dpop", "a.b.c", "invalid_dpop_proof"],
      ]) {
        const headers = { ...form, [name]: [value, value] };
        const { response, calls } = await handled(plain({ headers }));
        equal(response.status, 400, name);
        equal(JSON.parse(response.body).error, error, "error");
        equal(calls.length, 0, "calls");
      }
    },

    "a plain request's header names may be in any case, and no value of theirs is missed":
      async () => {
        const good = `Basic ${btoa("c:s")}`;
        const { "content-type": type } = form;
        const mixed = { "Content-Type": [type], AUTHORIZATION: good, dPoP: ["a.b.c"] };
        const { calls } = await handled(plain({ headers: mixed }));
        const { clientId, dpop } = calls[0].body;
        deepEqual([clientId, dpop], ["c", "a.b.c"], "clientId and dpop");
        const twice = { ...form, authorization: good, Authorization: `Basic ${btoa("d:s")}` };
        const { response } = await handled(plain({ headers: twice }));
        equal(response.status, 400, "status");
        let cookie;
        const tokenRequest = (request) => {
          cookie = request.headers.get("cookie");
          return {};
        };
        await handled(plain({ headers: { ...form, cookie: ["a=1", "b=2"] } }), issued, {
          tokenRequest,
        });
        // Browsers let no script set cookies.
        ok(cookie === "a=1; b=2" || cookie === null, cookie);
      },

    "the headers of a plain response are the caller's own": async () => {
      const { response: first } = await handled(plain());
      first.headers["x-own"] = "1";
      delete first.headers.pragma;
      const { response: second } = await handled(plain());
      equal(second.headers["x-own"], undefined, "x-own");
      equal(second.headers.pragma, "no-cache", "pragma");
    },

    "the body of a plain request is limited, may break off, and may be used already": async () => {
      for (const [more, status, detail] of [
        [{ bytes: bytes("a=12") }, 413, /longer than maxRequestBytes/],
        [{ bytes: () => Promise.reject(new Error("reset")) }, 400, /broke off/],
        [{ bytes: async () => "a=1" }, 500, /can't be read/],
        [{ bodyUsed: true }, 500, /has read the body/],
      ]) {
        const limit = { maxRequestBytes: 3 };
        const { response, calls, events } = await handled(plain(more), issued, limit);
        equal(response.status, status, `status of ${detail}`);
        match(events[0].detail, detail, "detail");
        equal(calls.length, 0, "calls");
      }
    },

    "the operator learns what reading the body of a request threw": async () => {
      const details = [];
      const onEvent = (_, { error }) => details.push(error);
      const thrown = new Error("reset");
      await handled(plain({ bytes: () => Promise.reject(thrown) }), issued, { onEvent });
      deepEqual(details, [thrown], "details");
    },

    "the signal of a plain request ends the call to Authlete": async () => {
      const gone = new AbortController();
      const { events } = await handled(plain({ signal: gone.signal }), (_, { signal }) => {
        setTimeout(() => gone.abort());
        return new Promise((_, reject) =>
          signal.addEventListener("abort", () => reject(signal.reason)),
        );
      });
      equal(events[0].code, "ERR_AUTHLETE_ABORTED", "code");
    },

    "hooks get a Request with everything that a plain request has": async () => {
      const headers = { ...form, "x-one": "1", "x-two": ["2", "3"], "x-none": undefined };
      let given;
      const tokenRequest = async (request) => {
        given = [request, await request.text()];
        return {};
      };
      const url = "https://as.example/token?x";
      // As a client may write it.
      const written = "https://AS.example:443/token?x";
      await handled(plain({ url: written, headers }), issued, { tokenRequest });
      const [request, text] = given;
      ok(request instanceof Request, "a Request");
      deepEqual([request.url, request.method], [url, "POST"], "URL and method");
      equal(text, "grant_type=client_credentials", "body");
      const found = ["x-one", "x-two", "x-none"].map((name) => request.headers.get(name));
      deepEqual(found, ["1", "2, 3", null], "headers");
    },

    "a hook's Response becomes bytes, and keeps each of its cookies": async () => {
      const headers = new Headers({ "x-own": "1" });
      for (const cookie of ["a=1", "b=2"]) headers.append("set-cookie", cookie);
      const body = new Uint8Array([0, 255, 10]);
      // Browsers let no script set cookies.
      const cookies = new Response(null, { headers }).headers.getSetCookie();
      const tokenExchange = () => new Response(body, { status: 202, headers });
      const { response } = await handled(plain(), { action: "TOKEN_EXCHANGE" }, { tokenExchange });
      equal(response.status, 202, "status");
      ok(response.body instanceof Uint8Array, "bytes");
      deepEqual([...response.body], [...body], "body");
      deepEqual(response.headers["set-cookie"] ?? [], cookies, "set-cookie");
      equal(response.headers["x-own"], "1", "x-own");
      equal(response.headers["cache-control"], "no-store", "cache-control");
    },

    "what a hook's Response says of its own connection is not passed on": async () => {
      const own = { "x-own": "1", "content-encoding": "gzip", "content-length": "63" };
      const headers = {
        ...own,
        "transfer-encoding": "chunked",
        connection: "x",
        "keep-alive": "y",
      };
      const tokenExchange = () => new Response("{}", { headers });
      const { response } = await handled(plain(), { action: "TOKEN_EXCHANGE" }, { tokenExchange });
      const names = Object.keys(response.headers).filter((name) => name in headers);
      deepEqual(names, ["x-own"], "headers");
    },

    "a hook's Response that does not end is given up in time, or when the client leaves":
      async () => {
        const gone = new AbortController();
        for (const [more, signal, code] of [
          [{ hookTimeoutMs: 50 }, undefined, "ERR_AUTHLETE_TIMEOUT"],
          [{}, gone.signal, "ERR_AUTHLETE_ABORTED"],
        ]) {
          let cancelled = false;
          const start = (controller) => controller.enqueue(new Uint8Array([1]));
          const body = () => new ReadableStream({ start, cancel: () => (cancelled = true) });
          const tokenExchange = () => new Response(body());
          const given = options({ action: "TOKEN_EXCHANGE" }, { tokenExchange, ...more });
          setTimeout(() => signal && gone.abort(), 50);
          const error = await rejection(handlePlainTokenRequest(plain({ signal }), given.options));
          equal(error.code, code, "code");
          await new Promise((resolve) => setTimeout(resolve, 10));
          // Without streams, a body can't be cancelled.
          ok(cancelled || !new Response("a").body, "cancelled");
        }
      },

    "if the body of a hook's Response breaks off, a plain request rejects": async () => {
      const tokenExchange = () =>
        new Response(
          new ReadableStream({ start: (controller) => controller.error(new Error("broken")) }),
        );
      const given = options({ action: "TOKEN_EXCHANGE" }, { tokenExchange });
      const error = await rejection(handlePlainTokenRequest(plain(), given.options));
      // The reason is told by the platform: Chromium and Firefox do not pass it on. Codes of
      // DOMExceptions are numbers.
      ok(error instanceof Error && typeof error.code !== "string", `${error}`);
    },

    "an unusable plain request is a configuration error, which names the member": async () => {
      const throwing = {
        ...plain(),
        get headers() {
          throw new Error("S3CRET");
        },
      };
      for (const [request, message] of [
        [undefined, /^request: /],
        [plain({ method: undefined }), /^request: /],
        [plain({ url: new URL("https://as.example/") }), /^request: /],
        [plain({ headers: undefined }), /^request\.headers: missing/],
        [plain({ headers: [] }), /^request\.headers: expected an object/],
        [plain({ headers: new Headers(form) }), /^request\.headers: .*not Headers/],
        [plain({ headers: { ...form, dpop: 1 } }), /^request\.headers: expected strings/],
        [plain({ headers: { ...form, dpop: "\u2603" } }), /^request\.headers: expected strings/],
        [plain({ headers: { ...form, dpop: [["a"]] } }), /^request\.headers: expected strings/],
        [plain({ bytes: undefined }), /^request\.bytes: expected a function/],
        [throwing, /^request: could not be read/],
      ]) {
        const given = options(never);
        const error = await rejection(handlePlainTokenRequest(request, given.options));
        equal(error.code, "ERR_AUTHLETE_CONFIG", "code");
        match(error.message, message);
        equal(given.calls.length, 0, "calls");
      }
    },
  };
}
