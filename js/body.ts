// Reads the body of a request or response with a size cap.

/** Reads a message's body: the bytes, or `null` when there are more than `max`. */
export type ReadBody = (message: Request | Response, max: number) => Promise<Uint8Array | ArrayBuffer | null>;

/**
 * As a whole where HTTP vouches for the length of a body that nothing unpacks, else chunk by chunk. For workerd, where each chunk is dear; elsewhere
 * the chunks are cheaper than the whole.
 */
export async function readFramed(message: Request | Response, max: number): Promise<Uint8Array | ArrayBuffer | null> {
  const { headers } = message;
  const length = headers.get("content-length");
  if (length === null || Number(length) > max || !/^\d+$/.test(length) || headers.get("content-encoding") !== null) return readChunks(message, max);
  const bytes = await message.arrayBuffer();
  // An injected `fetch` may say anything about its length.
  return bytes.byteLength > max ? null : bytes;
}

/** Chunk by chunk; what is beyond the cap is cancelled. */
export async function readChunks(message: Request | Response, max: number): Promise<Uint8Array | null> {
  const reader = (message.body as ReadableStream<Uint8Array> | null)?.getReader();
  if (reader === undefined) return new Uint8Array();
  const first = await next(reader);
  if (first === undefined) return new Uint8Array();
  let chunks: Uint8Array[] | undefined;
  let total = first.byteLength;
  while (total <= max) {
    const chunk = await next(reader);
    if (chunk === undefined) return chunks === undefined ? first : joined(chunks, total);
    chunks ??= [first];
    chunks.push(chunk);
    total += chunk.byteLength;
  }
  // Nobody waits for it, and what it comes to is nobody's business.
  reader.cancel().catch(() => {});
  return null;
}

async function next(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array | undefined> {
  const { done, value } = await reader.read();
  if (done) return undefined;
  if (!(value instanceof Uint8Array)) throw new TypeError("a chunk of the body is not bytes");
  return value;
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
