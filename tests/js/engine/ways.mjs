// The three ways from a client to an engine, and what an observer of a token request sees of them.
import { deepEqual, ok } from "../support/assert.mjs";
import { tokenRequest } from "../endpoint/token-request.mjs";
import { keyPair } from "./assertions.mjs";
import { config, engineKit, redirectUri } from "./engine-kit.mjs";

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
      .replaceAll(/(?<![\w-])(?:[\w-]{65}|[\w-]{43})(?![\w-])/g, "(random)")
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

/** Made once: a new RSA key takes long. */
let keys;
async function signingKeys() {
  keys ??= Promise.all(["ES256", "RS256"].map(keyPair));
  return { keys: (await keys).map(({ privateJwk }) => privateJwk) };
}

export const now = 1_790_000_000_000;
export const basic = (credentials) => ({ authorization: `Basic ${btoa(credentials)}` });
export const machine = { grant_type: "client_credentials" };
export const redeem = (code, more) => ({
  grant_type: "authorization_code",
  code,
  redirect_uri: redirectUri,
  code_verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
  ...more,
});
export const refresh = (refresh_token) => ({ grant_type: "refresh_token", refresh_token });

/** The statuses of all answers that were seen, as text. */
export const statuses = (seen) => seen.flatMap(({ status }) => status ?? []).join();

/** `traced`: what can be seen includes the engine's traces. */
export function wayKit({ pkg, enginePkg }, { traced = false } = {}) {
  const { AuthleteClient, handleTokenRequest } = pkg;
  const kit = engineKit({ pkg, enginePkg });

  /**
   * A new engine, and token requests to it over one way. All that can be seen of them is in `seen`.
   */
  async function begin(way, { of = config, ...options } = {}) {
    const seen = [];
    const engine = await enginePkg.createEngine(
      { ...of, jwks: await signingKeys() },
      {
        now: () => now,
        onEvent: ear(seen, "engine"),
        onTrace: traced ? (trace) => seen.push({ whose: "engine", trace }) : undefined,
        ...options,
      },
    );
    const { serviceId, bearer } = config.service;
    const client = (more) =>
      new AuthleteClient({ serviceId, bearer, ...ways[way](engine), ...more });
    /**
     * Sends a token request – its parameters, the text of its body, or a whole request –, and
     * returns the body of the answer. `init` are members of the request.
     */
    const ask = async (given, { headers, init, authlete = client(), ...options } = {}) => {
      const form = () => (typeof given === "string" ? given : String(new URLSearchParams(given)));
      const by = headers ?? basic("web-ES256:web-secret");
      const request =
        given.bodyUsed === undefined ? tokenRequest({ headers: by, body: form(), ...init }) : given;
      const response = await handleTokenRequest(request, {
        authlete,
        requestId: "r",
        onEvent: ear(seen, "endpoint"),
        ...watched(options, seen),
      });
      const answer = await answerOf(response);
      seen.push(answer);
      return answer.body === "" ? {} : JSON.parse(answer.body);
    };
    return { engine, seen, ask, client, code: (more) => kit.code(engine, more) };
  }

  /**
   * Runs a scenario – which gets what `begin` returns – over the three ways, and returns what was
   * seen, which must be the same. `options` gives those of each engine; `unify` takes out of a text
   * what may differ.
   */
  async function same(name, scenario, options = () => ({}), unify = (text) => text) {
    const seen = {};
    for (const way of Object.keys(ways)) {
      const begun = await begin(way, options());
      await scenario(begun);
      seen[way] = JSON.parse(unify(JSON.stringify(plain(begun.seen))));
    }
    for (const way of ["exchange", "direct"]) deepEqual(seen[way], seen.http, `${name} (${way})`);
    return seen.http;
  }

  return { begin, same };
}
