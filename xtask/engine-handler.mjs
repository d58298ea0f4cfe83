// Node's HTTP in front of `engine.fetch`, and one route of its own that stands in for an
// authorization endpoint.
import { createHash, timingSafeEqual } from "node:crypto";

/** Far above any request of the four APIs. */
const maxBodyBytes = 1_048_576;

/** A request listener for node:http. */
export function engineHandler(engine, bearer) {
  return async (incoming, outgoing) => {
    let answer;
    try {
      answer = await respond(engine, bearer, incoming);
    } catch {
      answer = problem(500, "A001101", "The engine could not answer this request.");
    }
    const body = Buffer.from(await answer.arrayBuffer());
    const headers = Object.fromEntries(answer.headers);
    // If a body was not read to its end, the connection can't be used again.
    if (!incoming.complete) headers.connection = "close";
    outgoing.writeHead(answer.status, headers).end(incoming.method === "HEAD" ? undefined : body);
  };
}

async function respond(engine, bearer, incoming) {
  const body = await read(incoming);
  if (body === undefined)
    return problem(413, "A001298", `The request body exceeds ${maxBodyBytes} bytes.`);
  let request;
  try {
    request = webRequest(incoming, body);
  } catch {
    // A target or a Host that is not a URL, or a method that a `Request` can't have (TRACE).
    return problem(400, "A001299", "The request's method, target or Host header can't be used.");
  }
  if (new URL(request.url).pathname === "/dev/authorization-code")
    return authorizationCode(engine, bearer, request);
  return engine.fetch(request);
}

function webRequest(incoming, body) {
  const bodiless = incoming.method === "GET" || incoming.method === "HEAD";
  // Not `new URL(path, base)`: a path that begins with `//` would be read as a host.
  const url = incoming.url.startsWith("/")
    ? `http://${incoming.headers.host ?? "localhost"}${incoming.url}`
    : incoming.url;
  return new Request(url, {
    method: incoming.method,
    headers: Object.entries(incoming.headersDistinct).flatMap(([name, values]) =>
      values.map((value) => [name, value]),
    ),
    ...(bodiless ? {} : { body }),
  });
}

/**
 * `POST /dev/authorization-code`: the members of `issueAuthorizationCode` as JSON, answered with
 * `{ "code": … }`.
 */
async function authorizationCode(engine, bearer, request) {
  if (!sameText(request.headers.get("authorization") ?? "", `Bearer ${bearer}`)) {
    return problem(
      401,
      "A001291",
      "The Authorization header has no valid bearer token of this service.",
      { "www-authenticate": "Bearer" },
    );
  }
  if (request.method !== "POST") {
    return problem(405, "A001294", "The API must be called with POST.", { allow: "POST" });
  }
  let parameters;
  try {
    parameters = await request.json();
  } catch {
    return problem(
      400,
      "A001296",
      "The request body is not a JSON object, which /dev/authorization-code expects.",
    );
  }
  try {
    return Response.json(await engine.issueAuthorizationCode(parameters));
  } catch (error) {
    if (error?.code !== "ERR_AUTHLETE_REQUEST_INVALID") throw error;
    return problem(400, "A001297", error.message);
  }
}

/** The body, or undefined if it is longer than `maxBodyBytes`. */
async function read(incoming) {
  const chunks = [];
  let length = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    length += chunk.length;
    if (length > maxBodyBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** An error in the shape of Authlete's API. */
function problem(status, resultCode, text, headers = {}) {
  return Response.json(
    { resultCode, resultMessage: `[${resultCode}] ${text}` },
    { status, headers },
  );
}

/** Compares in a time that does not depend on where two texts differ. */
function sameText(left, right) {
  const digest = (text) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
