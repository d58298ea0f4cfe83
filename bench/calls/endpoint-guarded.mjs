// A hand-written token endpoint that gives the guarantees of `handleTokenRequest` for the requests
// measured here: what the rules cost without WebAssembly. What costs these requests nothing is left
// out: preflights, hooks, grants that need them, events, retries, and what the operator and the
// client are told of a failure. So is the check of the options, which are code here.
import { headers, url } from "./exchange.mjs";
import { readAnswer, readBody, TooLarge, withDeadline } from "./guarantees.mjs";

/** A request that ends here, with this status and body. */
class Refusal extends Error {
  constructor(status, body) {
    super(body);
    this.status = status;
  }
}

const INVALID_REQUEST = '{"error":"invalid_request"}';
const INVALID_PROOF = '{"error":"invalid_dpop_proof"}';
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
/** Parameters that Authlete or a hook may read, so their values must be UTF-8. */
const KNOWN = new Set([
  ...["grant_type", "scope", "client_id", "client_assertion_type", "redirect_uri", "username"],
  ...["code_verifier", "subject_token_type", "actor_token", "actor_token_type", "resource"],
  ...["requested_token_type", "audience", "authorization_details", "device_code", "auth_req_id"],
  ...["pre-authorized_code", "tx_code", "device_secret", ...SENSITIVE],
]);
const MAX_REQUEST_BYTES = 65_536;
const MAX_CREDENTIAL_BYTES = 16_384;

/** The endpoint over a `fetch`. When the client disconnects, it ends whatever it waits for. */
export function guarded(fetch) {
  return async (incoming) => {
    try {
      const call = judge(incoming);
      // The deadline includes the body, so that one timer and one listener are enough.
      const answer = await withDeadline(async (signal) => {
        call.parameters = await form(incoming);
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
  if (!isForm(headers.get("content-type") ?? "")) throw new Refusal(400, INVALID_REQUEST);
  if (Number(headers.get("content-length")) > MAX_REQUEST_BYTES)
    throw new Refusal(413, INVALID_REQUEST);
  const authorization = headers.get("authorization");
  const isChallenged = authorization !== null || headers.get("sec-fetch-site") !== "same-origin";
  const call = { parameters: "", ...basic(authorization, isChallenged ? 401 : 400) };
  const dpop = single(headers.get("dpop"), INVALID_PROOF);
  if (dpop !== undefined) Object.assign(call, { dpop, htm: "POST" });
  const attestation = single(headers.get("oauth-client-attestation"));
  if (attestation !== undefined) call.oauthClientAttestation = attestation;
  const proof = single(headers.get("oauth-client-attestation-pop"));
  if (proof !== undefined) call.oauthClientAttestationPop = proof;
  return call;
}

/** Whether a content type is that of a form in UTF-8. A comma means that two were joined. */
function isForm(type) {
  const [media, ...parameters] = type.split(";");
  return (
    !type.includes(",") &&
    media.trim().toLowerCase() === "application/x-www-form-urlencoded" &&
    parameters.every((parameter) => {
      const [, charset] = /^\s*charset\s*=\s*"?([^"]*?)"?\s*$/i.exec(parameter) ?? [];
      return charset === undefined || /^(?:utf-?8|us-ascii)$/i.test(charset);
    })
  );
}

/**
 * Basic credentials (RFC 6749 §2.3.1, RFC 7617). Their halves are form-encoded, unless they have
 * characters that no form encoder leaves.
 */
function basic(value, status) {
  if (value === null || value.trim() === "") return undefined;
  if (value.length > MAX_CREDENTIAL_BYTES) throw new Refusal(status, INVALID_CLIENT);
  if (value.includes(",")) throw new Refusal(400, INVALID_REQUEST);
  const encoded = /^\s*basic +([A-Za-z0-9+/]+={0,2})\s*$/i.exec(value)?.[1];
  try {
    const [, ...halves] = /^([^:]+):(.*)$/s.exec(atob(encoded ?? "!"));
    const isEncoded = halves.every((half) => /^(?:[\w*\-.~!'()+]|%[\dA-F]{2})*$/i.test(half));
    const [clientId, clientSecret] = isEncoded ? halves.map(decoded) : halves;
    if (!/^[ -~]+$/.test(clientId) || !/^[ -~]*$/.test(clientSecret)) throw new Error("not ASCII");
    return clientSecret === "" ? { clientId } : { clientId, clientSecret };
  } catch {
    throw new Refusal(status, INVALID_CLIENT);
  }
}

/** Decodes a form-encoded text; throws if that is not UTF-8. */
function decoded(text) {
  return decodeURIComponent(text.replaceAll("+", " "));
}

/** A header with one JWT, or none: a comma means that two headers were joined. */
function single(value, error = INVALID_REQUEST) {
  if (value === null) return undefined;
  if (value.length > MAX_CREDENTIAL_BYTES || !/^[!-+\--~]+$/.test(value))
    throw new Refusal(400, error);
  return value;
}

/** The body, unchanged: a form of at most 64 KB whose known values are UTF-8. */
async function form(incoming) {
  try {
    const text = await readBody(incoming, MAX_REQUEST_BYTES);
    for (const pair of text.split("&")) {
      const [name] = pair.split("=", 1);
      if (isKnown(name)) decoded(pair.slice(name.length + 1));
    }
    return text;
  } catch (error) {
    throw new Refusal(error instanceof TooLarge ? 413 : 400, INVALID_REQUEST);
  }
}

function isKnown(name) {
  try {
    return KNOWN.has(decoded(name));
  } catch {
    return false; // A name that can't be decoded can't be a known one.
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
