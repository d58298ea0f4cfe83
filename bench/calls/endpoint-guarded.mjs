// A hand-written token endpoint that gives the guarantees of `handleTokenRequest` for the requests
// measured here: what the rules cost without WebAssembly. Hooks, grants that need them, events and
// retries are left out; they cost these requests nothing.
import { headers, url } from "./exchange.mjs";
import { readAnswer, readBody, withDeadline } from "./guarantees.mjs";

/** A request that ends here, with this status and body. */
class Refusal extends Error {
  constructor(status, body) {
    super(body);
    this.status = status;
  }
}

const INVALID_REQUEST = '{"error":"invalid_request"}';
const INVALID_CLIENT = '{"error":"invalid_client"}';
const SERVER_ERROR = '{"error":"server_error"}';
const STATUS = { OK: 200, BAD_REQUEST: 400, INVALID_CLIENT: 401, INTERNAL_SERVER_ERROR: 500 };
const SENSITIVE = [
  "client_secret",
  "client_assertion",
  "code",
  "refresh_token",
  "password",
  "assertion",
  "subject_token",
];
const MAX_CREDENTIAL_BYTES = 16_384;

/** The endpoint over a `fetch`. */
export function guarded(fetch) {
  return async (incoming) => {
    try {
      const call = judge(incoming);
      call.parameters = await form(incoming);
      const answer = await withDeadline(async (signal) => {
        const init = {
          method: "POST",
          headers,
          body: JSON.stringify(call),
          signal,
          redirect: "manual",
        };
        return await readAnswer(await fetch(url, init));
      }, incoming.signal);
      return relay(answer);
    } catch (error) {
      return error instanceof Refusal
        ? reply(error.status, error.message)
        : reply(500, SERVER_ERROR);
    }
  };
}

/** What must hold before the body is read. */
function judge({ method, url, headers }) {
  if (method !== "POST") throw new Refusal(405, INVALID_REQUEST);
  const { protocol, hostname, search } = new URL(url);
  if (protocol !== "https:" && !["localhost", "127.0.0.1", "[::1]"].includes(hostname))
    throw new Refusal(400, INVALID_REQUEST);
  if (search !== "" && SENSITIVE.some((name) => new URLSearchParams(search).has(name)))
    throw new Refusal(400, INVALID_REQUEST);
  const type = headers.get("content-type") ?? "";
  if (!/^\s*application\/x-www-form-urlencoded\s*(?:;\s*charset="?utf-8"?\s*)?$/i.test(type))
    throw new Refusal(400, INVALID_REQUEST);
  const call = { parameters: "", ...basic(headers.get("authorization")) };
  const dpop = single(headers.get("dpop"));
  if (dpop !== undefined) Object.assign(call, { dpop, htm: "POST" });
  const attestation = single(headers.get("oauth-client-attestation"));
  if (attestation !== undefined) call.oauthClientAttestation = attestation;
  const proof = single(headers.get("oauth-client-attestation-pop"));
  if (proof !== undefined) call.oauthClientAttestationPop = proof;
  return call;
}

/** Basic credentials with form-encoded halves (RFC 6749 §2.3.1, RFC 7617). */
function basic(value) {
  if (value === null || value.trim() === "") return undefined;
  if (value.length > MAX_CREDENTIAL_BYTES) throw new Refusal(401, INVALID_CLIENT);
  const encoded = /^\s*basic +([A-Za-z0-9+/]+={0,2})\s*$/i.exec(value)?.[1];
  try {
    const [, id, secret] = /^([^:]+):(.*)$/s.exec(atob(encoded ?? "!"));
    const clientId = decoded(id);
    const clientSecret = decoded(secret);
    if (!/^[ -~]+$/.test(clientId) || !/^[ -~]*$/.test(clientSecret)) throw new Error("not ASCII");
    return { clientId, clientSecret };
  } catch {
    throw new Refusal(401, INVALID_CLIENT);
  }
}

/** Decodes a form-encoded text; throws if that is not UTF-8. */
function decoded(text) {
  return decodeURIComponent(text.replaceAll("+", " ").replace(/%(?![0-9A-Fa-f]{2})/g, "%25"));
}

/** A header with one JWT, or none: a comma means that two headers were joined. */
function single(value) {
  if (value === null) return undefined;
  if (value.length > MAX_CREDENTIAL_BYTES || !/^[!-+\--~]+$/.test(value))
    throw new Refusal(400, INVALID_REQUEST);
  return value;
}

/** The body, unchanged: a form whose values are UTF-8, of at most 64 KB. */
async function form(incoming) {
  try {
    const text = await readBody(incoming, 65_536);
    for (const pair of text.split("&")) decoded(pair);
    return text;
  } catch {
    throw new Refusal(400, INVALID_REQUEST);
  }
}

/**
 * The answer that follows from Authlete's: its content must be a JSON object, and header values may
 * have only characters that a header can hold.
 */
function relay({ action, responseContent, dpopNonce, attestationChallenge }) {
  const status = STATUS[action];
  if (status === undefined || typeof responseContent !== "string") return reply(500, SERVER_ERROR);
  const content = JSON.parse(responseContent);
  if (typeof content !== "object" || content === null || Array.isArray(content))
    return reply(500, SERVER_ERROR);
  const more = {};
  if (dpopNonce !== undefined) more["dpop-nonce"] = single(dpopNonce);
  if (attestationChallenge !== undefined)
    more["oauth-client-attestation-challenge"] = single(attestationChallenge);
  return reply(status, responseContent, more);
}

function reply(status, body, more) {
  const answered = {
    "cache-control": "no-store",
    pragma: "no-cache",
    "x-content-type-options": "nosniff",
    "access-control-allow-origin": "*",
    "access-control-expose-headers":
      "DPoP-Nonce, WWW-Authenticate, OAuth-Client-Attestation-Challenge, Retry-After",
    "content-type": "application/json",
    ...more,
  };
  if (status === 401) answered["www-authenticate"] = 'Basic realm="token"';
  if (status === 405) answered.allow = "POST, OPTIONS";
  return new Response(body, { status, headers: answered });
}
