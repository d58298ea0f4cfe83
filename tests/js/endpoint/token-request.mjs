// Requests to the token endpoint, and what each of its answers must have.
import { equal, ok } from "../support/assert.mjs";
import { hasResponseBody, hasStreamedRequests } from "../support/features.mjs";

/**
 * Headers that a browser's `Request` silently drops, and methods that some runtimes refuse; a
 * server gets both.
 */
const forbidden = /^(origin|access-control-request-.*|sec-fetch-.*|content-length)$/i;
const common = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];

/**
 * By default, a POST of a form. If the host's `Request` can't be like this, an object with the same
 * members.
 */
export function tokenRequest({
  url = "https://as.example/token",
  method = "POST",
  headers = {},
  body = "grant_type=client_credentials",
  type,
  signal,
} = {}) {
  const all = {
    ...(type !== null && { "content-type": type ?? "application/x-www-form-urlencoded" }),
    ...headers,
  };
  const streaming = body instanceof ReadableStream;
  if (
    Object.keys(all).some((name) => forbidden.test(name)) ||
    !common.includes(method) ||
    (streaming && !(hasStreamedRequests() && hasResponseBody()))
  ) {
    return {
      url,
      method,
      headers: new Headers(all),
      ...bodyMembers(body),
      signal: signal ?? new AbortController().signal,
    };
  }
  const bodiless = ["GET", "HEAD"].includes(method) || body === null;
  return new Request(url, {
    method,
    headers: all,
    ...(!bodiless && { body }),
    ...(streaming && { duplex: "half" }),
    ...(signal && { signal }),
  });
}

/**
 * The members of a foreign request that give its body: a stream or, if the host does not have
 * streams, all bytes at once.
 */
export function bodyMembers(body) {
  if (body === null || body instanceof ReadableStream) return { body, bodyUsed: false };
  const whole = new Response(body);
  return hasResponseBody()
    ? { body: whole.body, bodyUsed: false }
    : { arrayBuffer: () => whole.arrayBuffer(), bodyUsed: false };
}

/**
 * The endpoint's own events: without exchanges, and without the `requestId`, which all events of a
 * request have in common.
 */
export function ownEvents(events) {
  for (const { requestId } of events)
    ok(
      typeof requestId === "string" && requestId !== "" && requestId === events[0].requestId,
      "one requestId",
    );
  return events.filter(({ type }) => type !== "exchange").map(({ requestId, ...event }) => event);
}

/** Checks what must hold for every answer with a body, and returns that body, parsed. */
export async function checkedAnswer(response, status) {
  ok(response instanceof Response, "a Response");
  const text = await response.text();
  equal(response.status, status, `status (${text})`);
  equal(response.headers.get("cache-control"), "no-store", "cache-control");
  equal(response.headers.get("pragma"), "no-cache", "pragma");
  equal(response.headers.get("x-content-type-options"), "nosniff", "x-content-type-options");
  equal(response.headers.get("content-type"), "application/json", "content-type");
  for (const name of ["set-cookie", "location", "etag", "access-control-allow-credentials"])
    equal(response.headers.get(name), null, name);
  return JSON.parse(text);
}

/** An OAuth error answer (RFC 6749 §5.2). */
export async function checkedError(response, status, error) {
  const body = await checkedAnswer(response, status);
  equal(body.error, error, "error");
  ok(/^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/.test(body.error_description ?? ""), "error_description");
}
