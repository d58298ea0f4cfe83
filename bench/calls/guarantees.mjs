// The guarantees of this package's transport, in plain JavaScript: what they cost without
// WebAssembly.

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Runs an exchange under one deadline of ten seconds, which leaves no timer behind; `ended` also
 * ends it.
 */
export async function withDeadline(exchange, ended) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, 10_000);
  ended?.addEventListener("abort", abort);
  try {
    return await exchange(controller.signal);
  } finally {
    clearTimeout(timer);
    ended?.removeEventListener("abort", abort);
  }
}

/**
 * The text of a message's body: its length is known before it is read, and it is strict UTF-8.
 * These contenders don't handle bodies without a length.
 */
export async function readBody(message, most) {
  const length = Number(message.headers.get("content-length") ?? Number.NaN);
  if (!(length <= most) || message.headers.get("content-encoding") !== null)
    throw new Error("too large, or of unknown length");
  return decoder.decode(await message.arrayBuffer());
}

/** Members that decide what happens: each must be a string and occur only once. */
const HEAD = ["action", "responseContent", "ticket", "dpopNonce", "attestationChallenge"];

/**
 * Authlete's answer: a 200 of JSON in UTF-8, of at most a megabyte, with no number that would be
 * rounded, and without a deciding member that occurs twice.
 */
export async function readAnswer(response) {
  if (
    response.status !== 200 ||
    !response.headers.get("content-type")?.startsWith("application/json")
  )
    throw new Error("no answer");
  const text = await readBody(response, 1_048_576);
  if (/[[:,]\s*(?:null|-?(?:\d{16}|\d[\d.]*[eE]))/.test(text))
    throw new Error("a null, or a number that would be rounded");
  const answer = JSON.parse(text);
  for (const name of HEAD) {
    const value = answer[name];
    if (value === undefined && name !== "action") continue;
    const quoted = `"${name}"`;
    if (typeof value !== "string" || text.indexOf(quoted, text.indexOf(quoted) + 1) >= 0)
      throw new Error(`${name} is not a string, or occurs twice`);
  }
  return answer;
}
