// What a host has and another one has not: behaviours ask for the feature, never for the host's
// name.

/**
 * Whether responses show their body as a stream. Without it a body comes as a whole, and nothing
 * can be read in part.
 */
export const hasResponseBody = () => new Response("a").body !== undefined;

/** Whether a `Request` takes a stream as its body. Firefox and WebKit make a string of it. */
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

/** Whether WebCrypto has Ed25519. Browsers before 2025 have none. */
export const hasEd25519 = () =>
  crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]).then(
    () => true,
    () => false,
  );

/**
 * Takes `body` away from requests and responses, for good: as in Firefox, whose requests have none,
 * and in stand-ins that have none at all.
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
