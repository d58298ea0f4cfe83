// Fetches documents for the engine: the key sets of clients with `jwks_uri`. When that is done, and
// what is made of them, is decided in `src/engine/client/remote_keys.rs`.

import { readChunks } from "../body.js";
import type { Fetch } from "../client.js";
import { headOf, keepText } from "../exchange.js";
import {
  PROBLEM_NO_RESPONSE,
  PROBLEM_TOO_LARGE,
  PROBLEM_UNREADABLE,
} from "../generated/contract.js";

/** A document that was fetched. */
export interface FetchedDocument {
  readonly text: string;
  /** The header of that name. */
  readonly cacheControl: string | undefined;
}

/** The longest document, in bytes. */
const MOST_BYTES = 65_536;

/** How long a document may take, in milliseconds. */
const TIMEOUT_MS = 5_000;

/**
 * Fetches a document. Rejects with what `fetch` has thrown, or with an error that says why the
 * answer is of no use.
 */
export async function fetchDocument(
  injected: Fetch | undefined,
  url: string,
): Promise<FetchedDocument> {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  // Not only by the signal, which an injected function may ignore.
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`${url}: no complete answer within 5 seconds`)),
      TIMEOUT_MS,
    );
  });
  try {
    return await Promise.race([read(injected, url, controller.signal), late]);
  } finally {
    clearTimeout(timer);
    // Ends what is left of an exchange that is too late, or of no use.
    controller.abort();
  }
}

async function read(
  injected: Fetch | undefined,
  url: string,
  signal: AbortSignal,
): Promise<FetchedDocument> {
  // As in `exchange.ts`: workerd refuses `redirect: "error"`, and every runtime takes these.
  const init = {
    method: "GET",
    headers: { accept: "application/json, application/jwk-set+json" },
    redirect: "manual",
    signal,
  } as const;
  // Not called as a method.
  const response = await (injected === undefined ? fetch(url, init) : injected(url, init));
  const head = headOf(response);
  if (head.problem === PROBLEM_NO_RESPONSE) throw new TypeError(`${url}: fetch gave no Response`);
  // Browsers and others hide the status of a redirect.
  if (head.status !== 200)
    throw new Error(`${url}: the answer's status is ${head.status}, not 200`);
  let bytes: Uint8Array | number = PROBLEM_UNREADABLE;
  try {
    bytes = await readChunks(response, MOST_BYTES);
  } catch {} // It broke off.
  keepText(head, bytes);
  const { text, problem } = head;
  if (problem === PROBLEM_TOO_LARGE)
    throw new Error(`${url}: the answer has more than ${MOST_BYTES} bytes`);
  if (text === undefined) throw new Error(`${url}: the answer could not be read as UTF-8`);
  return { text, cacheControl: response.headers.get("cache-control") ?? undefined };
}
