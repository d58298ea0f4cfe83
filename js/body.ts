// Reads the body of a request or response up to a size limit, whatever kind of body the
// implementation of the Fetch standard has.

import {
  PROBLEM_NO_WAY,
  PROBLEM_NOT_BYTES,
  PROBLEM_TOO_LARGE,
  PROBLEM_USED,
} from "./generated/contract.js";

type Message = Request | Response;

/**
 * Reads a message's body: the bytes, or the `PROBLEM_` number that says why there are none. Rejects
 * if the body breaks off.
 */
export type ReadBody = (message: Message, max: number) => Promise<Uint8Array | number>;

/** Gives a body chunk by chunk: the reader of a stream, or an equivalent. */
interface Source {
  read(): PromiseLike<{ done?: boolean | undefined; value?: unknown }>;
  cancel(): unknown;
}

/**
 * Reads a body as a whole if HTTP guarantees its length and it is not compressed, otherwise chunk
 * by chunk. For workerd, where each chunk is expensive; in other runtimes, chunks are cheaper than
 * the whole.
 */
export function readFramed(message: Message, max: number): Promise<Uint8Array | number> {
  return isFramed(message, max) ? readUnlocked(message, max) : readChunks(message, max);
}

async function readUnlocked(message: Message, max: number): Promise<Uint8Array | number> {
  if (message.bodyUsed) return PROBLEM_USED;
  try {
    return limited(await message.arrayBuffer(), max);
  } catch (error) {
    // Nothing has been read: something else has locked it. (Checking first would create a stream
    // for every call.)
    if (message.bodyUsed === false && isLocked(bodyOf(message))) return PROBLEM_USED;
    throw error;
  }
}

/** The most empty chunks that a body may have: an endless run of them may never let a timer run. */
const MOST_EMPTY = 10_000;

/** Reads a body chunk by chunk, and cancels it beyond the limit. */
// One function: another promise between the chunks and the caller costs a microsecond.
export async function readChunks(message: Message, max: number): Promise<Uint8Array | number> {
  const body = bodyOf(message);
  if (body === null) return new Uint8Array();
  if (message.bodyUsed || isLocked(body)) return PROBLEM_USED;
  const source = sourceOf(body);
  if (source === undefined) {
    if (typeof message.arrayBuffer !== "function") return PROBLEM_NO_WAY;
    // `arrayBuffer()` can't be stopped halfway, so a body with too large a Content-Length is not
    // read at all. Any other is checked once it has been read.
    return lengthOf(message) > max ? PROBLEM_TOO_LARGE : limited(await message.arrayBuffer(), max);
  }
  const chunks: Uint8Array[] = [];
  let total = 0;
  let empty = 0;
  let problem = PROBLEM_TOO_LARGE;
  while (total <= max) {
    const { done, value } = await source.read();
    if (done) return chunks.length === 1 ? (chunks[0] as Uint8Array) : joined(chunks, total);
    const bytes = bytesOf(value);
    if (bytes === undefined) {
      problem = PROBLEM_NOT_BYTES;
      break;
    }
    if (bytes.byteLength > 0) chunks.push(bytes);
    else if (++empty > MOST_EMPTY) {
      problem = PROBLEM_NOT_BYTES;
      break;
    }
    total += bytes.byteLength;
  }
  try {
    // Not awaited, and a failure to cancel does not matter.
    Promise.resolve(source.cancel()).catch(() => {});
  } catch {}
  return problem;
}

/** What a body gave as a whole, unless it is too large. */
function limited(whole: unknown, max: number): Uint8Array | number {
  const bytes = bytesOf(whole);
  if (bytes === undefined) return PROBLEM_NOT_BYTES;
  return bytes.byteLength > max ? PROBLEM_TOO_LARGE : bytes;
}

/**
 * The body for a copy of a response: `null` if it has none, `undefined` if there is no way to read
 * it.
 */
export function streamOf(response: Response): ReadableStream | null | undefined {
  const body = bodyOf(response);
  if (body === null || body instanceof ReadableStream) return body;
  // The statuses that have no body (the Fetch standard's null body statuses).
  if ([101, 204, 205, 304].includes(response.status)) return null;
  const source =
    sourceOf(body) ??
    (typeof response.arrayBuffer === "function" ? sourceOf(wholeOf(response)) : undefined);
  if (source === undefined) return undefined;
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await source.read();
      if (done) return controller.close();
      const bytes = bytesOf(value);
      if (bytes === undefined) throw new TypeError("the body contains something other than bytes");
      controller.enqueue(bytes);
    },
    cancel: () => source.cancel() as undefined,
  });
}

/**
 * `null` means that there is no body. `undefined` does not: Firefox has no `Request.body`, and
 * other implementations may lack `body` altogether.
 */
function bodyOf(message: Message): unknown {
  try {
    return message.body as unknown;
  } catch {
    return undefined;
  }
}

function isLocked(body: unknown): boolean {
  return (body as Partial<ReadableStream> | null | undefined)?.locked === true;
}

/** The source of a body that is a web stream or (as with node-fetch) an async iterable. */
function sourceOf(body: unknown): Source | undefined {
  if (typeof (body as Partial<ReadableStream> | undefined)?.getReader === "function")
    return (body as ReadableStream).getReader();
  const iterate = (body as Partial<AsyncIterable<unknown>> | undefined)?.[Symbol.asyncIterator];
  if (typeof iterate !== "function") return undefined;
  const iterator = (body as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  return { read: () => iterator.next(), cancel: () => iterator.return?.() };
}

/** The body as one chunk. */
async function* wholeOf(message: Message): AsyncGenerator<unknown> {
  yield await message.arrayBuffer();
}

/**
 * The bytes of a view or a buffer, from any realm (a frame, a test runner's sandbox). A string is
 * not accepted: decoding it may have replaced some bytes.
 */
function bytesOf(value: unknown): Uint8Array | undefined {
  try {
    // An empty one may be detached, which nobody can copy.
    if (value instanceof Uint8Array) return value.byteLength > 0 ? value : new Uint8Array();
    // The constructor throws for anything but a buffer.
    const { buffer, byteOffset, byteLength } = ArrayBuffer.isView(value)
      ? value
      : new DataView(value as ArrayBuffer);
    return new Uint8Array(buffer, byteOffset, byteLength);
  } catch {
    return undefined;
  }
}

function joined(chunks: readonly Uint8Array[], total: number): Uint8Array {
  const all = new Uint8Array(total);
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return all;
}

function isFramed(message: Message, max: number): boolean {
  try {
    // Only `null` says that the body is not compressed.
    return (
      lengthOf(message) <= max &&
      message.headers.get("content-encoding") === null &&
      typeof message.arrayBuffer === "function"
    );
  } catch {
    return false;
  }
}

/**
 * The length that a message declares, which need not be true with an injected `fetch`; NaN if it
 * declares none.
 */
function lengthOf(message: Message): number {
  try {
    const length: unknown = message.headers.get("content-length");
    return typeof length === "string" && /^\d+$/.test(length) ? Number(length) : Number.NaN;
  } catch {
    return Number.NaN; // Another implementation's headers may throw, and its body still be readable.
  }
}
