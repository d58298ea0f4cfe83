// Clients that authenticate by certificates (RFC 8705), and the TLS servers that see these.
import { createHash, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as send } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alternativeNames, authority, certificateOf, keyOf } from "../support/certificates.mjs";

const commonName = "2.5.4.3";

/** A certificate of a new key, with the key in PEM (RFC 7468 §10). */
async function identity(name, more) {
  const key = await keyOf();
  const { pem: cert, ...certificate } = await certificateOf({
    key,
    subject: [[commonName, name]],
    ...more,
  });
  const der = Buffer.from(await crypto.subtle.exportKey("pkcs8", key.privateKey));
  const lines = der.toString("base64").match(/.{1,64}/g);
  const pem = ["-----BEGIN PRIVATE KEY-----", ...lines, "-----END PRIVATE KEY-----", ""];
  return { ...certificate, cert, key: pem.join("\n"), jwk: key.jwk, issuing: key };
}

/**
 * A client with a certificate: its registration, what it sends and fetches with, and the server in
 * front of which it comes: with `tls_client_auth`, one like a proxy that has verified the
 * certificate and puts it into a header; otherwise one that leaves that to the engine.
 */
export async function certificateOfClient(t, method) {
  const root = await identity("Authority", { extensions: authority() });
  const issuer = { subject: root.subject, key: root.issuing };
  const server = await identity("localhost", {
    issuer,
    serial: 2,
    extensions: [alternativeNames([2, "localhost"])],
  });
  const own = method === "self_signed_tls_client_auth";
  const client = await identity("client", own ? {} : { issuer, serial: 3 });
  const certificate = {
    ca: file(t, "ca", root.cert),
    cert: file(t, "cert", client.cert),
    key: file(t, "key", client.key),
    thumbprint: createHash("sha256")
      .update(new X509Certificate(client.cert).raw)
      .digest("base64url"),
  };
  return {
    certificate: { ...certificate, fetch: fetchWith({ ...client, ca: root.cert }) },
    metadata: {
      tls_client_certificate_bound_access_tokens: true,
      ...(own ? { jwks: { keys: [client.jwk] } } : { tls_client_auth_subject_dn: "CN=client" }),
    },
    service: { tlsClientCertificateBoundAccessTokens: true },
    tls: {
      cert: server.cert,
      key: server.key,
      ca: root.cert,
      requestCert: true,
      rejectUnauthorized: !own,
    },
    passedOn({ socket }) {
      const pem = socket.getPeerX509Certificate().toString();
      return own
        ? { options: { tokenRequest: () => ({ clientCertificate: pem }) } }
        : {
            headers: { "x-ssl-cert": [encodeURIComponent(pem)] },
            options: { clientCertificate: { format: "pem", header: "X-Ssl-Cert" } },
          };
    },
  };
}

/** The path of a file with this text, while the test runs. */
function file(t, name, text) {
  const folder = mkdtempSync(join(tmpdir(), "certificate-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, `${name}.pem`);
  writeFileSync(path, text);
  return path;
}

/** `fetch` over connections with a certificate, as far as these clients need it. */
function fetchWith({ cert, key, ca }) {
  return async (url, { method = "GET", headers = {}, body } = {}) => {
    const [incoming, bytes] = await new Promise((resolve, reject) => {
      const options = { cert, key, ca, agent: false, method, headers: { ...headers } };
      const outgoing = send(new URL(url), options, (incoming) =>
        incoming.toArray().then((chunks) => resolve([incoming, Buffer.concat(chunks)]), reject),
      );
      outgoing.on("error", reject).end(body?.toString());
    });
    const { statusCode: status, headers: fields } = incoming;
    return new Response(bytes.length > 0 ? bytes : null, { status, headers: fields });
  };
}
