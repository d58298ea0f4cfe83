// The three ways from a client to an engine, and what an observer of a token request sees of them.
import { ok } from "../support/assert.mjs";

/** For each way, the options of the client that say how to reach the engine. */
export const ways = {
  http: (engine) => ({
    serverURL: "http://localhost",
    fetch: (url, init) => engine.fetch(new Request(url, init)),
  }),
  // As the stub of a Durable Object: an object that is not the engine.
  exchange: (engine) => ({ engine: { exchange: (...values) => engine.exchange(...values) } }),
  direct: (engine) => ({ engine }),
};

const jwt = /\b(eyJ[\w-]+)\.([\w-]+)\.[\w-]+/g;
const decoded = (part) => atob(part.replaceAll("-", "+").replaceAll("_", "/"));

/**
 * What has been observed, as plain data in which nothing is random: of a JWT its header and claims
 * are left, of codes, tokens, tickets and hashes only that they are there.
 */
export function plain(seen) {
  return JSON.parse(
    JSON.stringify(seen, (_, value) => (value === undefined ? "(undefined)" : value))
      .replaceAll(jwt, (_, header, claims) =>
        `${decoded(header)}.${decoded(claims)}`.replaceAll(/[\\"]/g, "'"),
      )
      // `kid` and codes, tokens and tickets; `at_hash`.
      .replaceAll(/(?<![\w-])[\w-]{43}(?![\w-])/g, "(random)")
      .replaceAll(/('at_hash':)'[\w-]{22}'/g, "$1(hash)"),
  );
}

/** An error with all that users read of it. Only an answer over HTTP has headers. */
function errorOf(error) {
  if (!(error instanceof Error)) return error;
  const { name, code, message, status, operation, retryAfter, resultCode, resultMessage, cause } =
    error;
  return {
    name,
    code,
    message,
    status,
    operation,
    retryAfter,
    resultCode,
    resultMessage,
    cause: errorOf(cause),
  };
}

/** An `onEvent` that records events and details into `seen`; `whose` it is. */
export function ear(seen, whose) {
  return ({ durationMs, ...event }, { error, ...details }) => {
    if (event.type === "exchange") ok(durationMs >= 0, "durationMs");
    seen.push({
      whose,
      event,
      details: { ...details, ...(error !== undefined && { error: errorOf(error) }) },
    });
  };
}

/** An answer of the endpoint. Its headers in the order in which they are listed. */
export async function answerOf(response) {
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  };
}

/** Hooks that record into `seen` what they get, and then do what `hooks` do. */
export function watched(hooks, seen) {
  const spied = Object.entries(hooks).map(([name, hook]) => [
    name,
    typeof hook !== "function"
      ? hook
      : async (...values) => {
          seen.push({ hook: name, values: await Promise.all(values.map(given)) });
          return hook(...values);
        },
  ]);
  return Object.fromEntries(spied);
}

/** What a hook got: text, an answer of the engine, the request, or the context. */
async function given(value) {
  if (value instanceof Request) {
    const { method, url, headers } = value;
    return { method, url, headers: [...headers], body: await value.clone().text() };
  }
  if (!(value?.parameters instanceof URLSearchParams)) return value;
  return { ...value, parameters: [...value.parameters] };
}
