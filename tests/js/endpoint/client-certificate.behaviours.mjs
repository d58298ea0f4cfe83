// The option `clientCertificate`: from which source the TLS client certificate of a request comes.
import { deepEqual, equal, match, ok, rejection } from "../support/assert.mjs";
import { upstream } from "../support/upstream.mjs";
import { tokenRequest } from "./token-request.mjs";

const SECRET = "S3CRETmarker";
const issued = { action: "OK", responseContent: '{"access_token":"x"}' };
const pem = (base64) => `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
const own = { "client-cert": ":MAAA:", "client-cert-chain": ":MAAB:, :MAAC:" };
const passedOn = {
  clientCertificate: pem("MAAA"),
  clientCertificatePath: [pem("MAAB"), pem("MAAC")],
};
const rfc9440 = { format: "rfc9440", header: "Client-Cert", chainHeader: "Client-Cert-Chain" };
const inPem = { format: "pem", header: "X-Ssl-Cert" };
const verified = {
  certPresented: "1",
  certVerified: "SUCCESS",
  certRevoked: "0",
  certRFC9440: ":MAAA:",
  certRFC9440TooLarge: false,
  certChainRFC9440: ":MAAB:, :MAAC:",
  certChainRFC9440TooLarge: false,
};
/** A request with the `cf` of Cloudflare's, which no runtime lets anybody construct. */
const withCf = (tlsClientAuth, more) =>
  Object.defineProperty(tokenRequest(more), "cf", { value: { tlsClientAuth } });
const form = { "content-type": "application/x-www-form-urlencoded" };
const plain = (more = {}) => ({
  method: "POST",
  url: "https://as.example/token",
  headers: form,
  bytes: async () => new TextEncoder().encode("grant_type=client_credentials"),
  ...more,
});

export function behaviours({ pkg, enginePkg }) {
  const { AuthleteClient, AuthleteError, handlePlainTokenRequest, handleTokenRequest } = pkg;
  const setUp = (options) => {
    const authlete = upstream(issued);
    const events = [];
    const client = new AuthleteClient({ serviceId: "1", bearer: "b", fetch: authlete.fetch });
    const onEvent = (event) => events.push(event);
    return { options: { authlete: client, onEvent, ...options }, calls: authlete.calls, events };
  };
  const run = async (request, given) => {
    const { options, ...rest } = setUp(given);
    return { response: await handleTokenRequest(request, options), ...rest };
  };
  /** What Authlete gets, without the parameters. */
  const received = async (request, given) => {
    const { response, calls } = await run(request, given);
    equal(response.status, 200, "status");
    const { parameters, ...rest } = calls[0].body;
    equal(parameters, "grant_type=client_credentials", "parameters");
    return rest;
  };
  const refused = async (request, clientCertificate) => {
    const { response, calls, events } = await run(request, { clientCertificate });
    equal(response.status, 400, "status");
    equal((await response.json()).error, "invalid_request", "error");
    equal(calls.length, 0, "calls");
    const [{ type, detail }, ...more] = events;
    deepEqual([type, more.length], ["refused", 0], "events");
    return detail;
  };

  return {
    "a header that carries a certificate is ignored unless it is named": async () => {
      const headers = {
        ...own,
        "cf-client-cert-der-base64": "MAAA",
        "x-ssl-cert": pem("MAAA").trim().replaceAll("\n", " "),
        "x-ssl-client-cert": "MAAA",
        "x-client-cert": "MAAA",
        "x-forwarded-client-cert": `Cert="MAAA"`,
      };
      for (const [request, more] of [
        [tokenRequest({ headers }), {}],
        [tokenRequest({ headers }), { clientCertificate: undefined }],
        [withCf(verified, { headers }), {}],
        [withCf(undefined, { headers }), { clientCertificate: "cloudflare" }],
        [tokenRequest({ headers }), { clientCertificate: { ...inPem, header: "X-Own" } }],
        [
          tokenRequest({ headers }),
          { clientCertificate: { ...rfc9440, header: "X-Own", chainHeader: "X-Own-Chain" } },
        ],
      ])
        deepEqual(await received(request, more), {}, JSON.stringify(more));
      const { header, format } = rfc9440;
      deepEqual(
        await received(tokenRequest({ headers }), { clientCertificate: { header, format } }),
        { clientCertificate: pem("MAAA") },
        "with a chain that is not named",
      );
    },

    "the named headers become the certificate and its chain, in PEM": async () => {
      deepEqual(
        await received(tokenRequest({ headers: own }), { clientCertificate: rfc9440 }),
        passedOn,
        "RFC 9440",
      );
      const spaced = pem("MAAA").trim().replaceAll("\n", " ");
      for (const value of [spaced, encodeURIComponent(pem("MAAA")), "MAAA"])
        deepEqual(
          await received(tokenRequest({ headers: { "x-ssl-cert": value } }), {
            clientCertificate: inPem,
          }),
          { clientCertificate: pem("MAAA") },
          value,
        );
    },

    "a request without a certificate is passed on without one": async () => {
      for (const [headers, clientCertificate] of [
        [{}, rfc9440],
        [{ "client-cert": "", "client-cert-chain": "" }, rfc9440],
        [{}, inPem],
        [{ "x-ssl-cert": "(null)" }, inPem],
      ])
        deepEqual(await received(tokenRequest({ headers }), { clientCertificate }), {}, "members");
    },

    "a certificate that can't be read refuses the request": async () => {
      for (const [headers, clientCertificate, detail] of [
        [{ "client-cert": ":MAA" }, rfc9440, /malformed/],
        [{ "client-cert": ":MAAA:, :MAAB:" }, rfc9440, /several/],
        [{ ...own, "client-cert-chain": "MAAB" }, rfc9440, /chain/],
        [{ "client-cert-chain": ":MAAB:" }, rfc9440, /without the client's own/],
        [{ "client-cert": `:${"MAAA".repeat(4_097)}:` }, rfc9440, /more than 16384/],
        [{ "x-ssl-cert": SECRET }, inPem, /malformed/],
        [{ "x-ssl-cert": encodeURIComponent(pem("MAAA") + pem("MAAB")) }, inPem, /several/],
      ]) {
        const told = await refused(tokenRequest({ headers }), clientCertificate);
        match(told, detail, "detail");
        ok(!told.includes(SECRET), "no value is told");
      }
    },

    "Cloudflare's word decides whether its certificate counts": async () => {
      const clientCertificate = "cloudflare";
      deepEqual(await received(withCf(verified), { clientCertificate }), passedOn, "verified");
      const { certRevoked, certRFC9440TooLarge, certChainRFC9440TooLarge, ...older } = verified;
      deepEqual(await received(withCf(older), { clientCertificate }), passedOn, "without flags");
      for (const more of [
        { certPresented: "0" },
        { certPresented: 1 },
        { certPresented: true },
        { certVerified: "FAILED:self signed certificate" },
        { certVerified: "NONE" },
        { certVerified: true },
        { certVerified: undefined },
        { certRevoked: "1" },
        { certRevoked: true },
        { certRevoked: 0 },
        { certRevoked: {} },
      ])
        deepEqual(
          await received(withCf({ ...verified, ...more }), { clientCertificate }),
          {},
          JSON.stringify(more),
        );
      for (const none of [undefined, null, "x", [], {}])
        deepEqual(await received(withCf(none), { clientCertificate }), {}, `${none}`);
    },

    "a certificate that Cloudflare verified must come with its text": async () => {
      for (const [more, detail] of [
        [{ certRFC9440: "", certRFC9440TooLarge: true }, /too large/],
        [{ certChainRFC9440: "", certChainRFC9440TooLarge: true }, /too large/],
        [{ certRFC9440TooLarge: "true" }, /too large/],
        [{ certRFC9440: "" }, /left out/],
        [{ certRFC9440: undefined }, /left out/],
        [{ certRFC9440: 1 }, /malformed/],
        [{ certRFC9440: ":MAAA:\n:MAAB:" }, /malformed/],
        [{ certChainRFC9440: {} }, /chain/],
      ])
        match(
          await refused(withCf({ ...verified, ...more }), "cloudflare"),
          detail,
          JSON.stringify(more),
        );
    },

    "where there is no cf, a source that needs it rejects": async () => {
      const { options, calls } = setUp({ clientCertificate: "cloudflare" });
      const foreign = { ...plain(), arrayBuffer: plain().bytes, headers: new Headers(form) };
      for (const asked of [
        handleTokenRequest(foreign, options),
        handlePlainTokenRequest(plain(), options),
      ]) {
        const error = await rejection(asked);
        equal(error.code, "ERR_AUTHLETE_CONFIG", "code");
        match(error.message, /request\.cf/, "message");
      }
      equal(calls.length, 0, "calls");
      for (const cf of [undefined, {}])
        equal((await handlePlainTokenRequest(plain({ cf }), options)).status, 200, "status");
      equal("clientCertificate" in calls[0].body, false, "certificate");
    },

    "a plain request's certificate comes from its headers, or from the cf that is passed with it":
      async () => {
        const repeated = { "client-cert-chain": [":MAAB:", ":MAAC:"] };
        for (const [more, clientCertificate] of [
          [{ cf: { tlsClientAuth: verified } }, "cloudflare"],
          [{ headers: { ...form, "Client-Cert": ":MAAA:", ...repeated } }, rfc9440],
        ]) {
          const { options, calls } = setUp({ clientCertificate });
          equal((await handlePlainTokenRequest(plain(more), options)).status, 200, "status");
          const { parameters, ...rest } = calls[0].body;
          deepEqual(rest, passedOn, parameters);
        }
        const twice = { ...form, "client-cert": [":MAAA:", ":MAAA:"] };
        const { options, calls } = setUp({ clientCertificate: rfc9440 });
        const { status } = await handlePlainTokenRequest(plain({ headers: twice }), options);
        deepEqual([status, calls.length], [400, 0], "status and calls");
      },

    "tokenRequest may give a certificate only if no source is named": async () => {
      const added = { clientCertificate: pem("MAAA"), clientCertificatePath: [pem("MAAB")] };
      const shown = () => tokenRequest({ headers: { "client-cert": ":MAAC:" } });
      for (const given of [added, () => added])
        deepEqual(await received(shown(), { tokenRequest: given }), added, "without a source");
      const clientCertificate = rfc9440;
      for (const [name, value] of Object.entries(added)) {
        for (const request of [shown(), tokenRequest()]) {
          const given = { clientCertificate, tokenRequest: () => ({ [name]: value }) };
          const { response, calls, events } = await run(request, given);
          deepEqual([response.status, calls.length], [500, 0], "status and calls");
          const { type, hook, reason, path } = events[0];
          deepEqual(
            [type, hook, reason, path],
            ["hook_failed", "tokenRequest", "invalid_result", name],
            "event",
          );
        }
        const fixed = { clientCertificate, tokenRequest: { [name]: value } };
        const error = await rejection(run(shown(), fixed));
        equal(error.code, "ERR_AUTHLETE_CONFIG", "code");
        match(error.message, new RegExp(`tokenRequest\\.${name}`), "message");
      }
      deepEqual(
        await received(shown(), { clientCertificate, tokenRequest: { accessToken: "t" } }),
        { clientCertificate: pem("MAAC"), accessToken: "t" },
        "beside other members",
      );
    },

    "with an engine in the same program, the endpoint reads the named source, too": async () => {
      const engine = await enginePkg.createEngine({
        service: { serviceId: "1", bearer: "b", issuer: "https://as.example" },
        clients: [{ client_id: "c", client_secret: "s", grant_types: ["client_credentials"] }],
      });
      const authlete = new AuthleteClient({ serviceId: "1", bearer: "b", engine });
      const authorization = `Basic ${btoa("c:s")}`;
      for (const [certificate, status] of [
        [":MAA", 400],
        ["", 200],
      ]) {
        const request = tokenRequest({ headers: { authorization, "client-cert": certificate } });
        const events = [];
        const onEvent = (event) => events.push(event);
        const options = { authlete, clientCertificate: rfc9440, onEvent };
        equal((await handleTokenRequest(request, options)).status, status, certificate);
        if (status === 400) match(events[0].detail, /clientCertificate/, "detail");
      }
    },

    "preflights and wrong methods are answered whatever certificate there is": async () => {
      const headers = { "client-cert": ":MAA" };
      for (const [method, status] of [
        ["OPTIONS", 204],
        ["GET", 405],
      ]) {
        const request = tokenRequest({ method, headers, body: null });
        const { response } = await run(request, { clientCertificate: rfc9440 });
        equal(response.status, status, method);
      }
    },

    "an unusable clientCertificate rejects, and names what is wrong": async () => {
      const names = [undefined, null, "", "a b", "a:", "ü", 1, ["x"], "Authorization", "dpop"];
      for (const [clientCertificate, path] of [
        ...[null, true, 1, "", "Cloudflare", "Client-Cert", SECRET].map((value) => [value, ": "]),
        ...[[], {}, { header: "Client-Cert" }].map((value) => [value, ""]),
        ...["RFC9440", "der", null, ["pem"]].map((format) => [
          { format, header: "Client-Cert" },
          ".format: ",
        ]),
        ...names.flatMap((header) => [
          [{ format: "pem", header }, ".header: "],
          [{ format: "rfc9440", header }, ".header: "],
        ]),
        ...names.slice(1).map((chainHeader) => [{ ...rfc9440, chainHeader }, ".chainHeader: "]),
        [{ ...inPem, chainHeader: "X-Ssl-Chain" }, ".chainHeader: "],
        [{ ...rfc9440, chainHeader: "CLIENT-CERT" }, ".chainHeader: "],
        [{ ...inPem, chain: "X" }, ".chain: unknown option"],
        [{ ...inPem, Header: "X" }, ".Header: unknown option"],
      ]) {
        const error = await rejection(run(tokenRequest(), { clientCertificate }));
        ok(error instanceof AuthleteError, `an AuthleteError, and not ${error}`);
        equal(error.code, "ERR_AUTHLETE_CONFIG", "code");
        ok(error.message.includes(`clientCertificate${path}`), error.message);
        ok(!error.message.includes(SECRET), "no value is told");
      }
    },
  };
}
