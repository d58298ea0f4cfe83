// The guarantees of this package's transport, in plain JavaScript: what they cost without
// WebAssembly. What a guarantee needs only for messages and answers that are not measured here
// ends with an error: to keep integers that a number would round, to read bodies of other
// implementations of the Fetch standard, and to say what is wrong.

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A body that has more bytes than allowed. */
export class TooLarge extends Error {}

/**
 * Runs an exchange under one deadline of ten seconds, which leaves no timer behind; `ended` also
 * ends it. Both hold whether or not what the exchange waits for heeds its signal.
 */
export function withDeadline(exchange, ended) {
  return new Promise((resolve, reject) => {
    if (ended?.aborted) throw new Error("aborted");
    const controller = new AbortController();
    const end = () => {
      reject(new Error("too late, or aborted"));
      controller.abort();
    };
    const timer = setTimeout(end, 10_000);
    ended?.addEventListener("abort", end);
    const settle = (done) => (value) => {
      clearTimeout(timer);
      ended?.removeEventListener("abort", end);
      done(value);
    };
    exchange(controller.signal).then(settle(resolve), settle(reject));
  });
}

/** In workerd each chunk is expensive; elsewhere, chunks are cheaper than the whole. */
const wholeIsCheaper = globalThis.navigator?.userAgent === "Cloudflare-Workers";

/** The text of a message's body, in strict UTF-8: never more than `most` bytes are read. */
export async function readBody(message, most) {
  if (message.bodyUsed) throw new Error("the body is used");
  const isFramed =
    wholeIsCheaper &&
    Number(message.headers.get("content-length") ?? Number.NaN) <= most &&
    message.headers.get("content-encoding") === null;
  const bytes = isFramed
    ? new Uint8Array(await message.arrayBuffer())
    : await readChunks(message.body, most);
  if (bytes.byteLength > most) throw new TooLarge();
  return decoder.decode(bytes);
}

/** The most empty chunks that a body may have: an endless run of them may never let a timer run. */
const MOST_EMPTY = 10_000;

async function readChunks(body, most) {
  if (body === null) return new Uint8Array();
  if (body.locked) throw new Error("the body is locked");
  const reader = body.getReader();
  const chunks = [];
  let total = 0;
  let empty = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return chunks.length === 1 ? chunks[0] : joined(chunks, total);
    total += value.byteLength;
    if (!(value instanceof Uint8Array) || total > most || empty > MOST_EMPTY) {
      reader.cancel().catch(() => {});
      throw total > most ? new TooLarge() : new Error("not bytes");
    }
    if (value.byteLength > 0) chunks.push(value);
    else empty += 1;
  }
}

function joined(chunks, total) {
  const all = new Uint8Array(total);
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return all;
}

/** The members of a request that are strings. */
const TEXTS = new Set([
  ...["parameters", "clientId", "clientSecret", "clientCertificate", "dpop", "htm", "htu"],
  ...["accessToken", "jwtAtClaims", "oauthClientAttestation", "oauthClientAttestationPop"],
]);

/** The JSON of a copy of a request, whose members must be known and of the right type. */
export function writeRequest(request) {
  const copy = { ...request };
  for (const name of Object.keys(copy)) {
    if (!TEXTS.has(name) || typeof copy[name] !== "string") throw new Error(`${name} is unusable`);
  }
  if (copy.parameters === undefined) throw new Error("parameters is missing");
  return JSON.stringify(copy);
}

/** Members that decide what happens: each must be a string and occur only once. */
const DECISIVE = ["action", "responseContent", "ticket", "dpopNonce", "attestationChallenge"];

const MOST_LEVELS = 127;

/**
 * Authlete's answer: a 200 of JSON in UTF-8, of at most a megabyte, nested up to a limit, with no
 * `null` and no number that was rounded at any depth, and without a deciding member that occurs
 * twice.
 */
export async function readAnswer(response) {
  const type = response.headers.get("content-type");
  if (response.status !== 200 || !/^\s*application\/(?:json|[^;]*\+json)\s*(?:;|$)/i.test(type))
    throw new Error("no answer");
  const text = await readBody(response, 1_048_576);
  const answer = JSON.parse(text);
  if (typeof answer !== "object" || answer === null || Array.isArray(answer))
    throw new Error("not an object");
  checkValues(answer);
  for (const name of DECISIVE) {
    const value = answer[name];
    if (value === undefined && name !== "action") continue;
    const quoted = `"${name}"`;
    if (typeof value !== "string" || text.indexOf(quoted, text.indexOf(quoted) + 1) >= 0)
      throw new Error(`${name} is not a string, or occurs twice`);
  }
  return answer;
}

/** Not recursive: a text may be nested as deeply as it is long. */
function checkValues(answer) {
  let objects = [answer];
  for (let level = 0; objects.length > 0; level += 1) {
    if (level === MOST_LEVELS) throw new Error("nested too deeply");
    const inner = [];
    for (const object of objects) {
      for (const value of Array.isArray(object) ? object : Object.values(object)) {
        if (typeof value === "object" && value !== null) inner.push(value);
        else if (value === null || (typeof value === "number" && isRounded(value)))
          throw new Error("a null, or a number that was rounded");
      }
    }
    objects = inner;
  }
}

function isRounded(value) {
  return !Number.isSafeInteger(value) && (Number.isInteger(value) || !Number.isFinite(value));
}
