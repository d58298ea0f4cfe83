// Reads the body of a request or response with a size cap.

/** Reads a message's body: the bytes, or `null` when there are more than `max`. */
export type ReadBody = (message: Request | Response, max: number) => Promise<Uint8Array | ArrayBuffer | null>;

/**
 * As a whole where HTTP vouches for the length of a body that nothing unpacks, else chunk by chunk. For workerd, where each chunk is dear; elsewhere
 * the chunks are cheaper than the whole.
 */
export async function readFramed(message: Request | Response, max: number): Promise<Uint8Array | ArrayBuffer | null> {
  if (!isFramed(message, max)) return readChunks(message, max);
  const bytes = await message.arrayBuffer();
  // An injected `fetch` may say anything about its length.
  return bytes.byteLength > max ? null : bytes;
}

function isFramed(message: Request | Response, max: number): boolean {
  try {
    const length: unknown = message.headers.get("content-length");
    const framed = typeof length === "string" && /^\d+$/.test(length) && Number(length) <= max && message.headers.get("content-encoding") === null;
    return framed && typeof message.arrayBuffer === "function";
  } catch {
    return false; // Headers of another implementation may throw anything; the body is another matter.
  }
}

/** Chunk by chunk; what is beyond the cap is cancelled. */
export async function readChunks(message: Request | Response, max: number): Promise<Uint8Array | null> {
  const reader = (message.body as ReadableStream<ArrayBufferView> | null)?.getReader();
  if (reader === undefined) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let total = 0;
  while (total <= max) {
    const { done, value } = await reader.read();
    if (done) return chunks.length === 1 ? (chunks[0] as Uint8Array) : joined(chunks, total);
    if (!ArrayBuffer.isView(value)) throw new TypeError("a chunk of the body is not bytes");
    // One from another realm (a frame, a test runner's sandbox) is no instance of this one's class.
    chunks.push(value instanceof Uint8Array ? value : new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    total += value.byteLength;
  }
  // Nobody waits for it, and what it comes to is nobody's business.
  reader.cancel().catch(() => {});
  return null;
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
