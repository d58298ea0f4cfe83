// The option `clientCertificate`: where the endpoint finds the TLS client certificate of a request.
// The rules are in Rust (`src/endpoint/certificate.rs`).

import { header } from "./boundary.js";
import { configError } from "./errors.js";
import { REQUEST_HEADERS, TLS_CLIENT_AUTH } from "./generated/contract.js";
import { expectOptions } from "./options.js";

/**
 * Where the TLS client certificate of a request is: in what Cloudflare says about the connection
 * (`"cloudflare"`), or in a header that a proxy in front of the endpoint sets.
 *
 * With `"cloudflare"`, a certificate counts if `request.cf.tlsClientAuth` says that it was
 * presented (`certPresented`), verified (`certVerified` is `"SUCCESS"`) and not revoked
 * (`certRevoked`); any other is treated as if there were none. Self-signed certificates therefore
 * don't count.
 *
 * @see
 * [Cloudflare: Client certificate variables](https://developers.cloudflare.com/ssl/client-certificates/client-certificate-variables/)
 * @see [RFC 8705](https://www.rfc-editor.org/rfc/rfc8705)
 */
export type ClientCertificateSource =
  | "cloudflare"
  | Rfc9440CertificateSource
  | PemCertificateSource;

/**
 * Headers of RFC 9440. Only for a server that clients can reach through the proxy alone, and behind
 * a proxy that removes or replaces these headers in every request (RFC 9440 §4): otherwise anyone
 * can pretend to be any client.
 */
export interface Rfc9440CertificateSource {
  /** A byte sequence: the base64 of the DER between colons. */
  readonly format: "rfc9440";
  /** The name of the header with the client's own certificate, usually `Client-Cert`. */
  readonly header: string;
  /**
   * The name of the header with the other certificates of its chain, usually `Client-Cert-Chain`.
   * Without it, no chain is passed on. The proxy must remove or replace it as well.
   */
  readonly chainHeader?: string | undefined;
}

/**
 * A header with the client's certificate in PEM, and no other certificate. Only for a server that
 * clients can reach through the proxy alone, and behind a proxy that removes or replaces the header
 * in every request: otherwise anyone can pretend to be any client.
 */
export interface PemCertificateSource {
  /**
   * PEM as headers carry it: percent-encoded (nginx's `$ssl_client_escaped_cert`), with spaces or
   * tabs in the place of line breaks (Apache), or the base64 alone (HAProxy's `ssl_c_der,base64`).
   */
  readonly format: "pem";
  /** The name of the header, such as `X-Ssl-Cert`. */
  readonly header: string;
}

/** A checked source for `src/wasm/operations/head.rs`: its name, and what it shows of a request. */
export interface CheckedSource {
  readonly name: string;
  shown(request: Request): (string | undefined)[];
}

/** A header name (RFC 9110 §5.1). */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/;

/** Checks the option. */
export function certificateSource(option: unknown): CheckedSource | undefined {
  if (option === undefined) return undefined;
  if (option === "cloudflare") return { name: option, shown: tlsClientAuth };
  const path = "clientCertificate";
  if (typeof option !== "object" || option === null)
    throw configError(path, 'expected "cloudflare", or an object with format and header');
  const given = expectOptions(path, option, ["format", "header", "chainHeader"]);
  const { format, chainHeader } = given;
  if (format !== "rfc9440" && format !== "pem")
    throw configError(`${path}.format`, 'expected "rfc9440" or "pem"');
  const names = [headerName(`${path}.header`, given.header)];
  if (chainHeader !== undefined) {
    if (format !== "rfc9440")
      throw configError(`${path}.chainHeader`, 'only for the format "rfc9440"');
    names.push(headerName(`${path}.chainHeader`, chainHeader));
    if (names[0] === names[1]) throw configError(`${path}.chainHeader`, "the same as header");
  }
  return {
    name: format,
    shown: ({ headers }) => names.map((name) => header(headers, name)),
  };
}

/** The headers of any token request can't have a second meaning. */
function headerName(path: string, value: unknown): string {
  const name = typeof value === "string" ? value.toLowerCase() : "";
  if (!TOKEN.test(name) || REQUEST_HEADERS.includes(name))
    throw configError(path, "expected the name of a header that is for certificates only");
  return name;
}

function tlsClientAuth(request: Request): (string | undefined)[] {
  // Without it, the runtime is not Cloudflare's, or a plain request lacks it: no client could ever
  // show a certificate. Where it is `undefined`, as in some development servers, nothing is shown.
  if (!("cf" in request))
    throw configError("request.cf", 'missing: clientCertificate is "cloudflare"');
  const { tlsClientAuth } = Object(request.cf);
  const given = Object(tlsClientAuth) as Record<string, unknown>;
  return TLS_CLIENT_AUTH.map((name) => asText(given[name]));
}

/** Anything but a string or a boolean becomes a text that stands for nothing. */
function asText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" || typeof value === "boolean" ? String(value) : "?";
}
