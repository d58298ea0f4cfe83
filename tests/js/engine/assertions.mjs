// Assertions of clients (RFC 7523 §2.2), signed with WebCrypto.
const rsa = (name, hash, saltLength) => ({
  name,
  hash,
  saltLength,
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
});
const sizes = ["256", "384", "512"];
/** What WebCrypto takes for each algorithm with a key pair. */
export const algorithms = {
  ES256: { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  ES384: { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" },
  ES512: { name: "ECDSA", namedCurve: "P-521", hash: "SHA-512" },
  ...Object.fromEntries(
    sizes.map((size) => [`RS${size}`, rsa("RSASSA-PKCS1-v1_5", `SHA-${size}`, 0)]),
  ),
  ...Object.fromEntries(
    sizes.map((size) => [`PS${size}`, rsa("RSA-PSS", `SHA-${size}`, Number(size) / 8)]),
  ),
  EdDSA: { name: "Ed25519" },
};
/** The same for those with a shared secret. */
export const macAlgorithms = Object.fromEntries(
  sizes.map((size) => [`HS${size}`, { name: "HMAC", hash: `SHA-${size}` }]),
);

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
    algorithms[alg] ?? macAlgorithms[alg],
    privateKey,
    new TextEncoder().encode(input),
  );
  return `${input}.${base64url(new Uint8Array(signature))}`;
}

/** What a client with a secret signs with. */
export async function sharedSecret(alg, secret) {
  const bytes = new TextEncoder().encode(secret);
  const usages = ["sign"];
  const algorithm = macAlgorithms[alg];
  return {
    alg,
    privateKey: await crypto.subtle.importKey("raw", bytes, algorithm, false, usages),
  };
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
