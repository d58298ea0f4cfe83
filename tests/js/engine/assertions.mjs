// Assertions of clients (RFC 7523 §2.2), signed with WebCrypto.
export const algorithms = {
  ES256: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  RS256: {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
  PS256: {
    name: "RSA-PSS",
    hash: "SHA-256",
    saltLength: 32,
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
  EdDSA: { name: "Ed25519" },
};

export const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/**
 * A client's key pair. Its public key is registered as the platform exports it, with all extra
 * members.
 */
export async function keyPair(alg) {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithms[alg], true, [
    "sign",
    "verify",
  ]);
  const jwk = async (key) => ({ ...(await crypto.subtle.exportKey("jwk", key)), kid: alg });
  return {
    alg,
    privateKey,
    jwk: await jwk(publicKey),
    privateJwk: { ...(await jwk(privateKey)), alg },
  };
}

/** A JWS in compact form. */
export async function signed({ alg, privateKey }, header, claims) {
  const input = [header, claims]
    .map((part) => base64url(new TextEncoder().encode(JSON.stringify(part))))
    .join(".");
  const signature = await crypto.subtle.sign(
    algorithms[alg],
    privateKey,
    new TextEncoder().encode(input),
  );
  return `${input}.${base64url(new Uint8Array(signature))}`;
}

/** An assertion of the client `service`, with other claims. */
export async function assertionOf(pair, more = {}) {
  const { alg } = pair;
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: "service",
    sub: "service",
    aud: "https://as.example",
    jti: crypto.randomUUID(),
    iat: now,
    exp: now + 60,
    ...more,
  };
  return signed(pair, { alg, kid: alg, typ: "JWT" }, claims);
}
