// The exchange that every contender makes: one `/auth/token` call for an authorization code, and
// the `fetch` that stands in for the network.

/** Server, service and bearer of the call. */
export const service = {
  serverURL: "https://us.authlete.com",
  serviceId: "715948317",
  bearer: "bench-service-access-token",
};

/** The URL of the call. */
export const url = `${service.serverURL}/api/${service.serviceId}/auth/token`;

/** The headers of the call. */
export const headers = {
  authorization: `Bearer ${service.bearer}`,
  accept: "application/json",
  "content-type": "application/json",
};

/** The request: an authorization code with PKCE, from a client that authenticates with Basic. */
export const request = {
  parameters:
    "grant_type=authorization_code&code=kT9v0Lq2sWn7bXcYd4RfGhJm1PzAe8UoIi5VtQx3ByE&redirect_uri=https%3A%2F%2Fshop.example.com%2Fcb&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
  clientId: "4277838306",
  clientSecret: "s3cr3t:with:colons_AbC-123",
};

/**
 * A `fetch` that makes a `Request` and a `Response`, as every real one does, without a network in
 * between.
 */
export function stub({ text, bytes }, withLength = true) {
  const headers = { "content-type": "application/json;charset=utf-8" };
  if (withLength) headers["content-length"] = String(bytes);
  return async (input, init) => {
    new Request(input, init);
    return new Response(text, { headers });
  };
}

/** The same; `settle()` fails unless it has been called once, with the right request. */
export function watched(answer) {
  const answering = stub(answer);
  const seen = [];
  const fetch = async (input, init) => {
    const sent = new Request(input, init);
    seen.push(checkRequest(sent));
    // `settle` reports its failure.
    seen.at(-1).catch(() => {});
    return answering(url, {});
  };
  const settle = async () => {
    await Promise.all(seen);
    if (seen.length !== 1) throw new Error(`${seen.length} requests instead of one`);
  };
  return { fetch, settle };
}

/** Fails unless the result of a call is this answer. */
export function checkResult(result, answer) {
  for (const [name, value] of Object.entries(answer.value)) {
    // A contender may drop members that its own types do not know.
    if (name !== "type" && !same(result[name], value))
      throw new Error(`the result has another ${name}`);
  }
}

async function checkRequest(sent) {
  const expected = { method: "POST", url, ...headers };
  for (const [name, value] of Object.entries(expected)) {
    const found = sent[name] ?? sent.headers.get(name);
    if (found !== value) throw new Error(`the request has the ${name} ${found}`);
  }
  const body = await sent.json();
  if (!same(body, request)) throw new Error(`the request has the body ${JSON.stringify(body)}`);
}

/** Equality of JSON values, whatever the order of their members. */
function same(a, b) {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => same(a[name], b[name]));
}
