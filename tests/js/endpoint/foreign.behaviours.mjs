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

    "line breaks in what another implementation says change nothing but the value that they are in":
      async () => {
        const all = {
          ...form,
          authorization: `Basic ${btoa("c:s")}`,
          dpop: "a.b.c",
          "oauth-client-attestation": "d.e.f",
          "oauth-client-attestation-pop": "g.h.i",
        };
        const members = { clientId: "c", clientSecret: "s", dpop: "a.b.c" };
        members.oauthClientAttestation = "d.e.f";
        members.oauthClientAttestationPop = "g.h.i";
        const sent = async (headers, more) => {
          const get = (name) => headers[name] ?? null;
          const { calls, response } = await handled(foreign({ headers: { get }, ...more }));
          return { ...calls[0]?.body, status: response.status };
        };
        const whole = { ...(await sent(all)), status: 200 };
        deepEqual(whole, { parameters: "a=b", htm: "POST", ...members, status: 200 }, "request");
        for (const lines of ["\n", "\r\n", "\n=x", "\n\n=x\n=y", "\r", "\u2028"]) {
          for (const [name, member] of [
            ["dpop", "dpop"],
            ["oauth-client-attestation", "oauthClientAttestation"],
            ["oauth-client-attestation-pop", "oauthClientAttestationPop"],
          ]) {
            const { [member]: value, ...others } = await sent({ ...all, [name]: `v${lines}w` });
            const { [member]: _, ...expected } = whole;
            if (others.status === 200) {
              deepEqual(others, expected, "the other values");
              match(value, /^v.+w$/su, member);
              ok(!value.includes("\n"), "no line break");
            } else deepEqual(others, { status: 400 }, "a refusal");
          }
          const basic = await sent({ ...all, authorization: `${all.authorization}${lines}x` });
          deepEqual(basic, { status: 401 }, "malformed credentials");
          const type = await sent({
            ...all,
            "content-type": `text/plain${lines}${form["content-type"]}`,
          });
          deepEqual(type, { status: 400 }, "another media type");
          for (const name of ["origin", "sec-fetch-site", "content-length"])
            deepEqual(await sent({ ...all, [name]: `1${lines}2` }), whole, name);
          deepEqual(await sent(all, { method: `POST${lines}GET` }), { status: 405 }, "a method");
          const url = `https://as.example/token${lines}http://evil.example/`;
          ok([200, 400].includes((await sent(all, { url })).status), "a URL");
        }
      },

    "headers are found whatever the case of their names": async () => {
      const names = {
        "Content-TYPE": form["content-type"],
        AUTHORIZATION: `Basic ${btoa("c:s")}`,
        DPoP: "a.b.c",
        "OAuth-Client-Attestation": "d.e.f",
        "oAuth-cLient-attestation-PoP": "g.h.i",
      };
      const headers = new Headers(names);
      for (const request of [
        foreign({ headers }),
        new Request("https://as.example/token", { method: "POST", headers: names, body: "a=b" }),
      ]) {
        const { calls } = await handled(request);
        deepEqual(
          calls[0].body,
          {
            parameters: "a=b",
            clientId: "c",
            clientSecret: "s",
            dpop: "a.b.c",
            htm: "POST",
            oauthClientAttestation: "d.e.f",
            oauthClientAttestationPop: "g.h.i",
          },
          "request",
        );
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
