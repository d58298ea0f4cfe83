// Requests that are not of the runtime's own class, URLs and headers that pretend to be others, and
// what users do with the Response.
import { deepEqual, equal, match, ok, rejection } from "../support/assert.mjs";
import { hasResponseBody } from "../support/features.mjs";
import { upstream } from "../support/upstream.mjs";
import { bodyMembers, checkedAnswer, checkedError, tokenRequest } from "./token-request.mjs";

const content = '{"access_token":"x"}';
const form = { "content-type": "application/x-www-form-urlencoded" };

export function behaviours({ pkg }) {
  const { AuthleteClient, handleTokenRequest } = pkg;
  const handled = async (request, more = {}) => {
    const authlete = upstream({ action: "OK", responseContent: content });
    const client = new AuthleteClient({ serviceId: "1", bearer: "b", fetch: authlete.fetch });
    return {
      response: await handleTokenRequest(request, { authlete: client, ...more }),
      calls: authlete.calls,
    };
  };
  /** A request of another implementation, without a common prototype. */
  const foreign = (more = {}) => ({
    method: "POST",
    url: "https://as.example/token",
    headers: { get: (name) => form[name.toLowerCase()] ?? null },
    ...bodyMembers("a=b"),
    ...more,
  });

  return {
    "a request of another implementation is accepted": async () => {
      const { response, calls } = await handled(foreign());
      await checkedAnswer(response, 200);
      deepEqual(calls[0].body, { parameters: "a=b" }, "request");
      for (const more of [
        { signal: null },
        { signal: undefined },
        { body: null },
        { bodyUsed: undefined },
      ]) {
        await checkedAnswer((await handled(foreign(more))).response, 200);
      }
      const framed = { get: (name) => ({ ...form, "content-length": "3" })[name] ?? null };
      await checkedAnswer((await handled(foreign({ headers: framed }))).response, 200);
    },

    "a subclass of Request, and a wrapped Request, is accepted": async () => {
      class Own extends Request {}
      await checkedAnswer((await handled(new Own(tokenRequest()))).response, 200);
      const inner = tokenRequest();
      const proxy = new Proxy(inner, {
        get: (target, name) => {
          const value = target[name];
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
      await checkedAnswer((await handled(proxy)).response, 200);
    },

    "a body that can't be read is refused, and Authlete is not asked": async () => {
      const locked = new ReadableStream();
      locked.getReader();
      // Such as a stream of Node, a string and a buffer.
      for (const body of [
        locked,
        { on() {}, pipe() {} },
        "a=b",
        new Uint8Array([97]),
        { getReader: () => ({ read: () => ({ value: "a=b" }) }) },
      ]) {
        const { response, calls } = await handled(foreign({ body, arrayBuffer: undefined }));
        await checkedError(response, 500, "server_error");
        equal(calls.length, 0, "calls");
      }
    },

    "headers that throw or don't give a string count as absent": async () => {
      const get = (odd) => (name) => form[name] ?? odd();
      const thrower = () => {
        throw new Error("x");
      };
      for (const odd of [thrower, () => 7, () => ({}), () => undefined, () => Symbol("x")]) {
        const { response, calls } = await handled(foreign({ headers: { get: get(odd) } }));
        await checkedAnswer(response, 200);
        deepEqual(calls[0].body, { parameters: "a=b" }, "request");
      }
    },

    "a signal that is not an AbortSignal is ignored": async () => {
      for (const signal of [{}, 7, "x", { aborted: false }])
        await checkedAnswer((await handled(foreign({ signal }))).response, 200);
    },

    "for an argument that is not a request the error says so": async () => {
      const getter = {
        get url() {
          throw new Error("x");
        },
      };
      for (const request of [
        foreign({ headers: undefined }),
        foreign({ headers: {} }),
        foreign({ url: new URL("https://as.example") }),
        foreign({ method: 1 }),
        getter,
      ]) {
        const error = await rejection(handled(request));
        equal(error.code, "ERR_AUTHLETE_CONFIG", "code");
        match(error.message, /^request: /);
      }
    },

    "a structured clone of a request is not accepted as a request": async () => {
      let clone;
      try {
        clone = structuredClone(tokenRequest());
      } catch (error) {
        equal(error.name, "DataCloneError", "error");
        return;
      }
      equal((await rejection(handled(clone))).code, "ERR_AUTHLETE_CONFIG", "code");
    },

    "no part of the request's URL reaches Authlete": async () => {
      const headers = { get: (name) => (name === "dpop" ? "a.b.c" : (form[name] ?? null)) };
      for (const url of [
        "https://user:pass@as.example/token",
        "https://as.example:8443/token",
        "https://evil.example/../token",
        "https://as.example//a//token?x=1#y",
        "https://as.example/%2e%2e/token;a=b",
        "https://[2001:db8::1]/token",
      ]) {
        const { response, calls } = await handled(foreign({ url, headers }), {
          tokenEndpoint: "https://as.example/oauth/token",
        });
        await checkedAnswer(response, 200);
        equal(calls[0].body.htu, "https://as.example/oauth/token", `htu for ${url}`);
        const unconfigured = await handled(foreign({ url, headers }));
        ok(!("htu" in unconfigured.calls[0].body), `without the option no htu is made of ${url}`);
      }
    },

    "scheme and host in a proxy's headers are ignored": async () => {
      const said = {
        "x-forwarded-proto": "https",
        "x-forwarded-host": "localhost",
        forwarded: "proto=https;host=localhost",
        host: "localhost",
        "x-forwarded-ssl": "on",
      };
      const headers = { get: (name) => form[name] ?? said[name] ?? null };
      for (const url of [
        "http://as.example/token",
        "http://localhost@as.example/token",
        "http://as.example/?localhost",
        "http://localhost.as.example/",
        "//localhost/token",
        "/token",
      ]) {
        const { response, calls } = await handled(foreign({ url, headers }));
        await checkedError(response, 400, "invalid_request");
        equal(calls.length, 0, "calls");
      }
    },

    "the answer is a Response like any other": async () => {
      const { response } = await handled(tokenRequest());
      const copy = response.clone();
      response.headers.set("x-own", "1");
      equal(response.headers.get("x-own"), "1", "a header of one's own");
      const wrapped = new Response(hasResponseBody() ? copy.body : await copy.arrayBuffer(), copy);
      equal(await wrapped.text(), content, "the copy's body");
      equal(wrapped.headers.get("cache-control"), "no-store", "the copy's headers");
      equal((await response.json()).access_token, "x", "body");
      ok(response.bodyUsed, "the body is used");
      ok((await rejection(response.text())) instanceof TypeError, "a body is read once");
    },
  };
}
