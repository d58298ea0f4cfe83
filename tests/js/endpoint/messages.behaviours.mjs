// How the token endpoint checks incoming messages before it calls Authlete: method, URL, headers,
// body (RFC 6749 §3.2, §2.3.1; RFC 9449 §4.3).
import { deepEqual, equal, match, ok } from "../support/assert.mjs";
import { endless, never, upstream } from "../support/upstream.mjs";
import { checkedAnswer, checkedError, ownEvents, tokenRequest } from "./token-request.mjs";

const OK = { action: "OK", responseContent: '{"access_token":"x"}' };

export function behaviours({ pkg, fixtures }) {
  const { AuthleteClient, handleTokenRequest } = pkg;
  const endpoint = (more = {}, answer = OK) => {
    const authlete = upstream(answer);
    const options = {
      authlete: new AuthleteClient({ serviceId: "1", bearer: "b", fetch: authlete.fetch }),
      ...more,
    };
    return { calls: authlete.calls, handle: (request) => handleTokenRequest(request, options) };
  };
  /** Authlete must not be called. */
  const heard = async (request, more) => {
    const events = [];
    const { calls, handle } = endpoint({ onEvent: (event) => events.push(event), ...more });
    const response = await handle(request);
    equal(calls.length, 0, "calls");
    return { response, events: ownEvents(events) };
  };
  const refused = async (request, status, error, more) => {
    const { response, events } = await heard(request, more);
    await checkedError(response, status, error);
    ok(typeof events[0].detail === "string" && events[0].detail !== "", "detail");
    deepEqual(events, [{ type: "refused", status, error, detail: events[0].detail }], "events");
    return response;
  };
  const accepted = async (request, more) => {
    const { calls, handle } = endpoint(more);
    await checkedAnswer(await handle(request), 200);
    return calls[0].body;
  };

  return {
    "the body reaches Authlete byte for byte": async () => {
      const body =
        "grant_type=authorization_code&code=a%20b+c&resource=x&resource=y&&z=&%5F=1&=2;3&ü=%C3%BC&__proto__=p";
      deepEqual(await accepted(tokenRequest({ body })), { parameters: body }, "request");
    },

    "only POST is answered with tokens": async () => {
      for (const method of ["GET", "PUT", "DELETE", "PATCH", "TRACE", "BREW"]) {
        const response = await refused(
          tokenRequest({ method, headers: { "x-http-method-override": "POST" } }),
          405,
          "invalid_request",
        );
        equal(response.headers.get("allow"), "POST, OPTIONS", "allow");
      }
      const head = await endpoint().handle(tokenRequest({ method: "HEAD" }));
      equal(head.status, 405, "status");
      equal(await head.text(), "", "HEAD has no body");
    },

    "the media type must be that of a form in UTF-8": async () => {
      for (const type of [
        "application/x-www-form-urlencoded",
        'APPLICATION/X-WWW-FORM-URLENCODED;Charset="UTF-8"',
        "application/x-www-form-urlencoded ; charset=utf-8",
        "application/x-www-form-urlencoded;charset=utf8",
        "application/x-www-form-urlencoded; charset=us-ascii",
      ]) {
        await accepted(tokenRequest({ type }));
      }
      for (const type of [
        "application/json",
        "multipart/form-data; boundary=x",
        "text/plain",
        "application/json, application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded, application/json",
        "application/x-www-form-urlencoded; charset=utf-16le",
        "application/x-www-form-urlencoded; charset=iso-8859-1",
        "form",
      ]) {
        await refused(tokenRequest({ type }), 400, "invalid_request");
      }
      const untyped = tokenRequest({ type: null, body: new Uint8Array([97, 61, 98]) });
      await refused(untyped, 400, "invalid_request");
    },

    "http: is refused, except on loopback or if an option allows it": async () => {
      await refused(tokenRequest({ url: "http://as.example/token" }), 400, "invalid_request");
      await refused(
        tokenRequest({ url: "http://127.0.0.1.as.example/token" }),
        400,
        "invalid_request",
      );
      for (const url of [
        "http://localhost:8787/token",
        "http://127.0.0.1/token",
        "http://[::1]:1/token",
      ])
        await accepted(tokenRequest({ url }));
      await accepted(tokenRequest({ url: "http://as.example/token" }), {
        allowInsecureRequests: true,
      });
    },

    "credentials in the URL are refused, other queries are not read": async () => {
      for (const name of [
        "client_secret",
        "client_assertion",
        "code",
        "refresh_token",
        "password",
        "assertion",
        "subject_token",
        "c%6fde",
      ]) {
        await refused(
          tokenRequest({ url: `https://as.example/token?a=1&${name}=x` }),
          400,
          "invalid_request",
        );
      }
      deepEqual(
        await accepted(
          tokenRequest({ url: "https://as.example/token?grant_type=password&client_id=x" }),
        ),
        { parameters: "grant_type=client_credentials" },
        "request",
      );
    },

    "a body beyond the limit is refused and not read to its end": async () => {
      const { stream, state } = endless();
      await refused(tokenRequest({ body: stream }), 413, "invalid_request");
      ok(state.cancelled, "the stream is cancelled");
      ok(state.chunks < 12, `no more is read than needed, not ${state.chunks} chunks`);
      const announced = endless();
      await refused(
        tokenRequest({ body: announced.stream, headers: { "content-length": "10485760" } }),
        413,
        "invalid_request",
      );
      ok(announced.state.chunks < 3, "an announced length is enough to refuse");
      const body = `a=${"x".repeat(65_534)}`;
      equal((await accepted(tokenRequest({ body }))).parameters, body, "exactly the limit");
      await refused(tokenRequest({ body: `${body}x` }), 413, "invalid_request");
      await refused(tokenRequest({ body: "a=1234567" }), 413, "invalid_request", {
        maxRequestBytes: 8,
      });
    },

    "an empty body is passed on to Authlete": async () => {
      for (const body of ["", null])
        deepEqual(await accepted(tokenRequest({ body })), { parameters: "" }, "request");
    },

    "known parameters must be UTF-8": async () => {
      for (const value of ["%ff", "%c0%80", "%ed%a0%80", "%", "%g1", "%e2%82"]) {
        for (const name of ["code", "client_id", "grant_type", "scope"])
          await refused(tokenRequest({ body: `${name}=${value}` }), 400, "invalid_request");
        await accepted(tokenRequest({ body: `grant_type=x&unknown=${value}` }));
      }
      await refused(
        tokenRequest({ body: new Uint8Array([0x61, 0x3d, 0xff]) }),
        400,
        "invalid_request",
      );
    },

    "Basic credentials are form-decoded or used unchanged, and malformed ones are 401":
      async () => {
        const { vectors } = fixtures.find(({ name }) => name === "vectors.basicAuthorization").json;
        const more = [
          { authorization: "Basic ", status: 401 },
          { authorization: "Basic %%%", status: 401 },
          { authorization: "Basic a", status: 401 },
          { authorization: `Basic ${btoa("a:\u00ff")}`, status: 401 },
          { authorization: `Basic ${btoa(":x")}`, status: 401 },
          { authorization: `Basic ${btoa("a\n:x")}`, status: 401 },
          { authorization: "DPoP abc", status: 401 },
          { authorization: "Digest username=x", status: 401 },
          { authorization: `Basic ${btoa(`a:${"x".repeat(60_000)}`)}`, status: 401 },
        ];
        for (const { authorization, clientId, clientSecret, status } of [...vectors, ...more]) {
          const request = tokenRequest({
            body: "client_id=other&client_secret=other",
            headers: authorization === null ? {} : { authorization },
          });
          if (status === 401) {
            const response = await refused(request, 401, "invalid_client");
            equal(
              response.headers.get("www-authenticate"),
              'Basic realm="token"',
              "www-authenticate",
            );
          } else {
            const { parameters, ...sent } = await accepted(request);
            // A member that is `null` is left out, not sent as `null`.
            const expected = Object.entries({ clientId, clientSecret }).filter(
              ([, value]) => value !== null,
            );
            deepEqual(sent, Object.fromEntries(expected), `credentials of ${authorization}`);
          }
        }
      },

    "headers that may occur only once are refused if they were joined, or are empty": async () => {
      const basic = `Basic ${btoa("a:b")}`;
      await refused(
        tokenRequest({ headers: { authorization: `${basic}, ${basic}` } }),
        400,
        "invalid_request",
      );
      await refused(tokenRequest({ headers: { dpop: "a.b.c, a.b.c" } }), 400, "invalid_dpop_proof");
      await refused(
        tokenRequest({ headers: { dpop: "x".repeat(100_000) } }),
        400,
        "invalid_dpop_proof",
      );
      await refused(tokenRequest({ headers: { dpop: "" } }), 400, "invalid_dpop_proof");
      await refused(
        tokenRequest({ headers: { "oauth-client-attestation": "" } }),
        400,
        "invalid_request",
      );
      await refused(
        tokenRequest({ headers: { "oauth-client-attestation-pop": "" } }),
        400,
        "invalid_request",
      );
      await refused(
        tokenRequest({ headers: { "oauth-client-attestation": "a, b" } }),
        400,
        "invalid_request",
      );
      await refused(
        tokenRequest({ headers: { "oauth-client-attestation-pop": "a, b" } }),
        400,
        "invalid_request",
      );
    },

    "a proof goes to Authlete with the method and the configured URL, never the request's":
      async () => {
        const headers = {
          dpop: "a.b.c",
          "oauth-client-attestation": "d.e.f",
          "oauth-client-attestation-pop": "g.h.i",
          "x-forwarded-host": "evil.example",
          "x-forwarded-proto": "http",
        };
        const { parameters, ...sent } = await accepted(tokenRequest({ headers }), {
          tokenEndpoint: "https://as.example/oauth/token",
        });
        deepEqual(
          sent,
          {
            dpop: "a.b.c",
            htm: "POST",
            htu: "https://as.example/oauth/token",
            oauthClientAttestation: "d.e.f",
            oauthClientAttestationPop: "g.h.i",
          },
          "request",
        );
        const unconfigured = await accepted(tokenRequest({ headers: { dpop: "a.b.c" } }));
        ok(
          unconfigured.htm === "POST" && !("htu" in unconfigured),
          "without the option Authlete uses the service's own URL",
        );
        ok(
          !(
            "htm" in
            (await accepted(tokenRequest(), { tokenEndpoint: "https://as.example/oauth/token" }))
          ),
          "without a proof nothing of it is sent",
        );
      },

    "headers that a proxy may set are ignored": async () => {
      const headers = {
        "client-cert": ":AAAA:",
        "x-ssl-client-cert": "x",
        "cf-client-cert-der-base64": "x",
        "x-client-cert": "x",
      };
      deepEqual(Object.keys(await accepted(tokenRequest({ headers }))), ["parameters"], "request");
    },

    "a body that was already read is the server's mistake, and the event says so": async () => {
      const request = tokenRequest();
      await request.text();
      const { events, response } = await heard(request);
      await checkedError(response, 500, "server_error");
      match(events[0].detail, /body/);
      deepEqual(
        events,
        [{ type: "refused", status: 500, error: "server_error", detail: events[0].detail }],
        "events",
      );
    },

    "http: beyond loopback is refused, and the event names the option to check": async () => {
      const { events, response } = await heard(tokenRequest({ url: "http://auth.example/S3CRET" }));
      ok(
        !(await response.clone().text()).includes("allowInsecureRequests"),
        "the client is not told",
      );
      await checkedError(response, 400, "invalid_request");
      match(events[0].detail, /allowInsecureRequests/);
      ok(!events[0].detail.includes("S3CRET"), "nothing of the request");
      deepEqual(
        events,
        [{ type: "refused", status: 400, error: "invalid_request", detail: events[0].detail }],
        "events",
      );
    },

    "a body that breaks off is refused": async () => {
      const body = new ReadableStream({
        start: (controller) => controller.error(new Error("reset")),
      });
      await refused(tokenRequest({ body }), 400, "invalid_request");
    },

    "a request that is aborted ends the call, but is answered": async () => {
      const controller = new AbortController();
      let inner;
      const fetch = (_url, init) => {
        inner = init.signal;
        setTimeout(() => controller.abort(), 5);
        return never();
      };
      const authlete = new AuthleteClient({ serviceId: "1", bearer: "b", fetch });
      await checkedError(
        await handleTokenRequest(tokenRequest({ signal: controller.signal }), { authlete }),
        503,
        "temporarily_unavailable",
      );
      ok(inner.aborted, "the call of Authlete is aborted");
    },

    "a request that is aborted while its body is awaited is answered": async () => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 5);
      const request = {
        url: "https://as.example/token",
        method: "POST",
        headers: new Headers({ "content-type": "application/x-www-form-urlencoded" }),
        body: new ReadableStream({ pull: never }),
        bodyUsed: false,
        signal: controller.signal,
      };
      const { calls, handle } = endpoint();
      const response = await handle(request);
      match(String(response.status), /^[45]/);
      equal(calls.length, 0, "calls");
    },
  };
}
