// Features that not every host has: behaviours ask for the feature, never for the host's name.

/**
 * Whether responses have their body as a stream. Without it a body can only be read whole.
 */
export const hasResponseBody = () => new Response("a").body !== undefined;

/** Whether a `Request` accepts a stream as its body. Firefox and WebKit turn it into a string. */
export function hasStreamedRequests() {
  let asked = false;
  const request = new Request("https://as.example/", {
    method: "POST",
    body: new ReadableStream(),
    get duplex() {
      asked = true;
      return "half";
    },
  });
  return asked && !request.headers.has("content-type");
}

/** What is known of each algorithm: making an RSA key takes a tenth of a second. */
const known = new Map();

/**
 * Whether WebCrypto has the algorithm of a key pair. The standard requires none: Ed25519 is missing
 * in browsers before 2025, for example.
 */
export async function hasAlgorithm(algorithm) {
  if (!known.has(algorithm)) {
    const made = crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);
    known.set(
      algorithm,
      await made.then(
        () => true,
        () => false,
      ),
    );
  }
  return known.get(algorithm);
}

/**
 * Permanently removes `body` from requests and responses: as in Firefox, whose requests don't have
 * it, and in stand-ins without it.
 */
export function removeBodies() {
  for (const { prototype } of [Request, Response]) {
    delete prototype.body;
    if ("body" in prototype)
      Object.defineProperty(prototype, "body", { configurable: true, value: undefined });
  }
  const left = [
    new Request("https://as.example/", { method: "POST", body: "a" }),
    new Response("a"),
  ].filter(({ body }) => body !== undefined);
  if (left.length > 0) throw new Error("a body is left");
}
