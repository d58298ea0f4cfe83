// The certificate that a client shows in mutual TLS (RFC 8705), and where this worker finds it,
// which does not end the TLS connection itself.
import type { ClientCertificateSource } from "authlete-token";
import { type Env, isDemo } from "./config";

/**
 * Where the certificates are: with `CLIENT_CERTIFICATE=cloudflare` in what Cloudflare says about
 * the connection, in the demo in the headers of RFC 9440, which nothing in front of it removes.
 * Otherwise nowhere: a header that anybody can send proves nothing.
 */
export function certificateSource(env: Env): ClientCertificateSource | undefined {
  if (env.CLIENT_CERTIFICATE === "cloudflare") return "cloudflare";
  if (!isDemo(env)) return undefined;
  return { format: "rfc9440", header: "Client-Cert", chainHeader: "Client-Cert-Chain" };
}

/** What Cloudflare says about a connection: `cf` of the worker's requests, which others lack. */
interface Connection {
  readonly cf?: { readonly tlsClientAuth?: Readonly<Record<string, string>> };
}

/** What Cloudflare says about the client's certificate, for the token endpoint in the object. */
export function shownToCloudflare(request: Request): object {
  return { tlsClientAuth: (request as Connection).cf?.tlsClientAuth };
}

/** The client's certificate as PEM, for `/userinfo`; null without one that counts. */
export function certificateOf(request: Request, env: Env): string | null {
  const source = certificateSource(env);
  if (source === undefined) return null;
  return pemOf(source === "cloudflare" ? verified(request) : request.headers.get("client-cert"));
}

/** A certificate counts if Cloudflare has verified it, as for the token endpoint. */
function verified(request: Request): string | undefined {
  const { certPresented, certVerified, certRevoked, certRFC9440 } =
    (request as Connection).cf?.tlsClientAuth ?? {};
  return certPresented === "1" && certVerified === "SUCCESS" && certRevoked === "0"
    ? certRFC9440
    : undefined;
}

/** The PEM of a certificate in the notation of RFC 9440 §2.2; null if it is not in that. */
function pemOf(value: string | null | undefined): string | null {
  const base64 = /^:([A-Za-z0-9+/]+={0,2}):$/.exec(value ?? "")?.[1];
  if (base64 === undefined) return null;
  const lines = base64.match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

/** The value of `Client-Cert` for a certificate in PEM (RFC 9440 §2.2). */
export function certificateHeader(pem: string): string {
  return `:${pem.replace(/-----[^-]+-----|\s/g, "")}:`;
}
