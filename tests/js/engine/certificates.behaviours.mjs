// What must hold of clients that show a certificate (RFC 8705), with paths that WebCrypto verifies.
import { deepEqual, equal } from "../support/assert.mjs";
import {
  alternativeNames,
  authority,
  certificateOf,
  clientAuth,
  extendedKeyUsage,
  keyOf,
  keyUsage,
  signers,
} from "../support/certificates.mjs";
import { hasAlgorithm } from "../support/features.mjs";
import { base64url } from "./assertions.mjs";

const issuer = "https://as.example";
const name = (common) => [["2.5.4.3", common]];
const credentials = "grant_type=client_credentials&client_id=app";

export function behaviours({ pkg, enginePkg }) {
  const { AuthleteClient, authToken, handleTokenRequest } = pkg;

  async function start(client, service = {}) {
    const engine = await enginePkg.createEngine({
      service: { serviceId: "1", bearer: "b", issuer, ...service },
      clients: [{ client_id: "app", grant_types: ["client_credentials"], ...client }],
    });
    return { engine, authlete: new AuthleteClient({ serviceId: "1", bearer: "b", engine }) };
  }

  /** The kinds of keys that this platform has. */
  async function types(...more) {
    const there = ["P-256", "P-384", "RSA 2048", ...more];
    for (const type of ["P-521", "Ed25519"])
      if (await hasAlgorithm(signers[type])) there.push(type);
    return there;
  }

  const ask = ({ authlete }, [first, ...rest], parameters = credentials) =>
    authToken(authlete, {
      parameters,
      clientCertificate: first?.pem,
      clientCertificatePath: rest.map(({ pem }) => pem),
    });

  /** A path of three certificates, all signed with the same kind of key. */
  async function path(type) {
    const [root, middle, own] = await Promise.all([keyOf(type), keyOf(type), keyOf(type)]);
    const top = await certificateOf({ key: root, subject: name("Root"), extensions: authority() });
    const issued = await certificateOf({
      key: middle,
      subject: name("Middle"),
      issuer: top,
      extensions: authority(0),
    });
    const leaf = await certificateOf({
      key: own,
      subject: name("App"),
      issuer: issued,
      extensions: [
        keyUsage(0),
        extendedKeyUsage(clientAuth),
        alternativeNames([2, "app.example.com"]),
      ],
    });
    return { top, middle: issued, leaf };
  }

  const trusting = ({ top }) => ({
    mutualTlsValidatePkiCertChain: true,
    trustedRootCertificates: [top.pem],
  });

  return {
    async "a client authenticates with a certificate of a trusted root, by each algorithm"() {
      for (const type of await types("RSA-PSS")) {
        const chain = await path(type);
        for (const member of [
          { tls_client_auth_subject_dn: "CN=app" },
          { tls_client_auth_san_dns: "app.example.com" },
        ]) {
          const client = { token_endpoint_auth_method: "tls_client_auth", ...member };
          const server = await start(client, trusting(chain));
          const { action, clientAuthMethod } = await ask(server, [chain.leaf, chain.middle]);
          deepEqual(
            { type, action, clientAuthMethod },
            { type, action: "OK", clientAuthMethod: "TLS_CLIENT_AUTH" },
            "answer",
          );
        }
      }
    },

    async "a path that is signed by somebody else lets nobody in"() {
      const [chain, other] = await Promise.all([path("P-256"), path("P-256")]);
      const client = {
        token_endpoint_auth_method: "tls_client_auth",
        tls_client_auth_subject_dn: "CN=App",
      };
      const server = await start(client, trusting(chain));
      // A point that is not on the curve, which only the platform can detect.
      const spki = [...chain.middle.key.spki.slice(0, -64), ...Array(64).fill(1)];
      const unusable = await certificateOf({
        key: { ...chain.middle.key, spki },
        subject: name("Middle"),
        issuer: chain.top,
        extensions: authority(),
      });
      for (const [shown, code] of [
        [[chain.leaf, other.middle], "A157345"],
        [[other.leaf, other.middle], "A157345"],
        [[other.leaf, other.middle, other.top], "A157345"],
        [[chain.leaf, unusable], "A157345"],
        [[chain.leaf], "A157339"],
        [[], "A157331"],
      ]) {
        const { action, resultCode, responseContent } = await ask(server, shown);
        deepEqual([action, resultCode], ["INVALID_CLIENT", code], "answer");
        equal(JSON.parse(responseContent).error, "invalid_client", "error");
        equal(responseContent.includes("A157395"), true, "what the client is told");
      }
      equal((await ask(server, [chain.leaf, chain.middle])).action, "OK", "action of a good one");
    },

    async "a client authenticates with a self-signed certificate of one of its keys"() {
      for (const type of await types()) {
        const [key, other] = await Promise.all([keyOf(type), keyOf(type)]);
        const own = await certificateOf({ key, subject: name("App") });
        const foreign = await certificateOf({ key: other, subject: name("App") });
        for (const more of [{}, { x5c: [own.base64] }]) {
          const server = await start({
            token_endpoint_auth_method: "self_signed_tls_client_auth",
            jwks: { keys: [{ ...key.jwk, ...more }] },
          });
          const { action, clientAuthMethod } = await ask(server, [own]);
          deepEqual(
            { type, action, clientAuthMethod },
            { type, action: "OK", clientAuthMethod: "SELF_SIGNED_TLS_CLIENT_AUTH" },
            "answer",
          );
          equal((await ask(server, [foreign])).resultCode, "A157336", "result code");
        }
      }
    },

    async "a client authenticates with the certificates that a proxy passes on in headers (RFC 9440)"() {
      const chain = await path("P-256");
      const { authlete } = await start(
        {
          token_endpoint_auth_method: "tls_client_auth",
          tls_client_auth_san_dns: "app.example.com",
        },
        trusting(chain),
      );
      const names = { header: "Client-Cert", chainHeader: "Client-Cert-Chain" };
      const named = { clientCertificate: { format: "rfc9440", ...names } };
      const answer = async (headers, options = named) => {
        const body = new URLSearchParams(credentials);
        const request = new Request(`${issuer}/token`, { method: "POST", headers, body });
        const response = await handleTokenRequest(request, { authlete, ...options });
        const { error, token_type: type } = await response.json();
        return [response.status, type ?? error];
      };
      const shown = ({ base64 }) => `:${base64}:`;
      const own = { "client-cert": shown(chain.leaf) };
      const good = { ...own, "client-cert-chain": shown(chain.middle) };
      const both = `${shown(chain.middle)}, ${shown(chain.top)}`;
      for (const headers of [good, { ...good, "client-cert-chain": both }])
        deepEqual(await answer(headers), [200, "Bearer"], "answer with the chain");

      const stranger = await certificateOf({ key: await keyOf(), subject: name("App") });
      for (const headers of [{}, own, { ...good, "client-cert": shown(stranger) }])
        deepEqual(await answer(headers), [401, "invalid_client"], "answer without a trusted path");
      // Headers that the option does not name may be the client's own.
      deepEqual(await answer(good, {}), [401, "invalid_client"], "answer without the option");
      const two = { ...good, "client-cert": `${shown(chain.leaf)}, ${shown(stranger)}` };
      deepEqual(await answer(two), [400, "invalid_request"], "answer to two certificates");
    },

    async "a token is bound to the certificate of its request where both switches are on"() {
      const certificate = await certificateOf({ key: await keyOf(), subject: name("App") });
      const server = await start(
        { client_secret: "s3cret", tls_client_certificate_bound_access_tokens: true },
        { tlsClientCertificateBoundAccessTokens: true },
      );
      const post = (tokenRequest) =>
        handleTokenRequest(
          new Request(`${issuer}/token`, {
            method: "POST",
            headers: { authorization: `Basic ${btoa("app:s3cret")}` },
            body: new URLSearchParams({ grant_type: "client_credentials" }),
          }),
          { authlete: server.authlete, tokenRequest },
        );
      const response = await post({ clientCertificate: certificate.pem });
      const { access_token: token, token_type: type } = await response.json();
      equal(type, "Bearer", "token type");
      const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(certificate.der));
      const thumbprint = base64url(new Uint8Array(digest));
      const { cnf } = await server.engine.introspect(token);
      deepEqual(cnf, { "x5t#S256": thumbprint }, "confirmation");
      const without = await post({});
      deepEqual(
        [without.status, (await without.json()).error],
        [400, "invalid_request"],
        "answer without a certificate",
      );
    },
  };
}
