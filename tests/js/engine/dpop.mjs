// DPoP proofs (RFC 9449 §4), signed with WebCrypto.
import { base64url, signed } from "./assertions.mjs";

/** SHA-256 in base64url. */
export async function hash(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return base64url(new Uint8Array(digest));
}

/** The public key alone, as clients put it into a proof. */
export function publicJwk({ jwk }) {
  const { kty, crv, x, y, n, e } = jwk;
  return JSON.parse(JSON.stringify({ kty, crv, x, y, n, e }));
}

/** The thumbprint of a key (RFC 7638 §3). */
export function thumbprint(pair) {
  const members = Object.entries(publicJwk(pair)).sort(([a], [b]) => (a < b ? -1 : 1));
  return hash(JSON.stringify(Object.fromEntries(members)));
}

/** A proof for the token endpoint, with other claims. */
export const proofOf = (pair, more = {}) =>
  signed(
    pair,
    { typ: "dpop+jwt", alg: pair.alg, jwk: publicJwk(pair) },
    {
      jti: crypto.randomUUID(),
      htm: "POST",
      htu: "https://as.example/token",
      iat: Math.floor(Date.now() / 1000),
      ...more,
    },
  );
