// Reads the body of a request or response with a size cap, whatever kind of body this
// implementation of the Fetch standard gives.

import {
  PROBLEM_NO_WAY,
  PROBLEM_NOT_BYTES,
  PROBLEM_TOO_LARGE,
  PROBLEM_USED,
} from "./generated/contract.js";

type Message = Request | Response;

/**
 * Reads a message's body: the bytes, or the number that says why there are none. It rejects when
 * the body breaks off.
 */
export type ReadBody = (message: Message, max: number) => Promise<Uint8Array | number>;

/** What gives a body piece by piece: the reader of a stream, or what does the same. */
interface Source {
  read(): PromiseLike<{ done?: boolean | undefined; value?: unknown }>;
  cancel(): unknown;
}

/**
 * As a whole where HTTP vouches for the length of a body that nothing unpacks, else chunk by chunk.
 * For workerd, where each chunk is dear; elsewhere the chunks are cheaper than the whole.
 */
export async function readFramed(message: Message, max: number): Promise<Uint8Array | number> {
  if (!isFramed(message, max)) return readChunks(message, max);
  if (message.bodyUsed) return PROBLEM_USED;
  try {
    return await collect(wholeOf(message), max);
  } catch (error) {
    // Nothing has been read of it: somebody else holds it. (To look before would cost each call a
    // stream.)
    if (message.bodyUsed === false && isLocked(bodyOf(message))) return PROBLEM_USED;
    throw error;
  }
}

/** Chunk by chunk; what is beyond the cap is cancelled. */
export async function readChunks(message: Message, max: number): Promise<Uint8Array | number> {
  const body = bodyOf(message);
  if (body === null) return new Uint8Array();
  if (message.bodyUsed || isLocked(body)) return PROBLEM_USED;
  const source = sourceOf(body);
  if (source !== undefined) return collect(source, max);
  if (typeof message.arrayBuffer !== "function") return PROBLEM_NO_WAY;
  // There is no stopping halfway: what says itself that it is too large is not begun. Anything else
  // is judged when it is there.
  return lengthOf(message) > max ? PROBLEM_TOO_LARGE : collect(wholeOf(message), max);
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
    sourceOf(body) ?? (typeof response.arrayBuffer === "function" ? wholeOf(response) : undefined);
  if (source === undefined) return undefined;
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await source.read();
      if (done) return controller.close();
      const bytes = bytesOf(value);
      if (bytes === undefined) throw new TypeError("the body gives something other than bytes");
      controller.enqueue(bytes);
    },
    cancel: () => source.cancel() as undefined,
  });
}

/**
 * `null` says that there is no body. `undefined` says nothing: Firefox has no `Request.body`, and
 * stand-ins may have none at all.
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

/** The source of a body that is a stream, the web's or (as with node-fetch) an async iterable. */
function sourceOf(body: unknown): Source | undefined {
  const { getReader, [Symbol.asyncIterator]: iterate } = (body ?? {}) as Partial<
    ReadableStream & AsyncIterable<unknown>
  >;
  if (typeof getReader === "function") return (body as ReadableStream).getReader();
  if (typeof iterate !== "function") return undefined;
  const iterator = (body as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  return { read: () => iterator.next(), cancel: () => iterator.return?.() };
}

/** The body as one chunk. */
function wholeOf(message: Message): Source {
  let done = false;
  return {
    read: async () => {
      if (done) return { done };
      done = true;
      return { value: await message.arrayBuffer() };
    },
    cancel() {},
  };
}

/**
 * So many empty chunks are no body any more: they come without end, and may never let a timer have
 * its turn.
 */
const MOST_EMPTY = 10_000;

async function collect(source: Source, max: number): Promise<Uint8Array | number> {
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
    // Nobody waits for it, and what it comes to is nobody's business.
    Promise.resolve(source.cancel()).catch(() => {});
  } catch {}
  return problem;
}

/**
 * A view or a buffer, of whatever realm (a frame, a test runner's sandbox), as bytes. A string is
 * none: who decoded it may have replaced some.
 */
function bytesOf(value: unknown): Uint8Array | undefined {
  try {
    if (value instanceof Uint8Array) return value;
    // Its constructor throws on all else.
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
    // Headers that can't tell what packs the body have not said that nothing does.
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
 * What a message says of its own length, which an injected `fetch` may say anything about; not a
 * number when it says nothing.
 */
function lengthOf(message: Message): number {
  try {
    const length: unknown = message.headers.get("content-length");
    return typeof length === "string" && /^\d+$/.test(length) ? Number(length) : Number.NaN;
  } catch {
    return Number.NaN; // Headers of another implementation may throw anything; the body is another matter.
  }
}
