// Token requests and their answers as plain values, for servers without the classes of the Fetch
// standard.

import { streamOf } from "./body.js";
import { AuthleteError, configError } from "./errors.js";
import { expectObject } from "./options.js";

/** A token request for `handlePlainTokenRequest`. */
export interface PlainRequest {
  /** The method, in upper case. */
  readonly method: string;
  /** The absolute URL. Of its host, only whether it is loopback matters. */
  readonly url: string;
  /**
   * The headers by their names, with every value of each: a second `Authorization` must not get
   * lost. Node's `headersDistinct` is like that. Names may be in any case.
   */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /**
   * With `clientCertificate: "cloudflare"` only, and then required: the `cf` of the worker's
   * request, or an object with its `tlsClientAuth`. Never anything that a client has sent.
   */
  readonly cf?: object | undefined;
  /** Whether something else has read the body. Default `false`. */
  readonly bodyUsed?: boolean | undefined;
  /** Fires when the client disconnects. Without it, the request is handled to its end. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Returns the bytes of the body. Of one that is longer than `maxRequestBytes`, a byte more than
   * that is enough. Rejects if the body breaks off.
   */
  bytes(): Promise<Uint8Array>;
}

/** The response to a {@link PlainRequest}. */
export interface PlainResponse {
  /** The HTTP status code. */
  status: number;
  /** The headers, by their names in lower case. Only a hook's `set-cookie` has several values. */
  headers: Record<string, string | string[]>;
  /** The body, empty if there is none. It is bytes if a hook made the response. */
  body: string | Uint8Array;
}

/** A request as of another implementation of the Fetch standard. */
export function foreignRequest(request: PlainRequest): Request {
  const { method, url, bodyUsed, signal } = request;
  const headers = headersOf(expectObject("request.headers", request.headers));
  if (typeof request.bytes !== "function")
    throw configError("request.bytes", "expected a function");
  return {
    method,
    url,
    headers: {
      get: (name: string) => headers.get(name) ?? null,
      [Symbol.iterator]: () => headers.entries(),
    },
    bodyUsed,
    signal,
    ...("cf" in request && { cf: request.cf }),
    arrayBuffer: () => request.bytes(),
  } as unknown as Request;
}

/** What no header can have: anything but visible characters, spaces and tabs (RFC 9110 §5.5). */
const UNFIT = /[^\t\x20-\x7e\x80-\xff]/;

/** Every header by its name in lower case, its values joined as `Headers` joins them. */
function headersOf(given: Readonly<Record<string, unknown>>): Map<string, string> {
  // It has no members of its own: every header would be missed.
  if (typeof given.get === "function")
    throw configError("request.headers", "expected an object of names and values, not Headers");
  const headers = new Map<string, string>();
  for (const key of Object.keys(given)) {
    const values = given[key];
    if (values === undefined || values === null) continue;
    const name = key.toLowerCase();
    for (const value of Array.isArray(values) ? values : [values]) {
      if (typeof value !== "string" || UNFIT.test(value))
        throw configError(
          "request.headers",
          "expected strings, or arrays of strings, as HTTP headers can have them",
        );
      const before = headers.get(name);
      // RFC 9110 §5.3 and, of cookies, RFC 9113 §8.2.3.
      const joint = name === "cookie" ? "; " : ", ";
      headers.set(name, before === undefined ? value : before + joint + value);
    }
  }
  return headers;
}

/**
 * The headers of a message's connection, or of the form in which its body came (RFC 9110 §7.6.1,
 * §8.4, §8.6): none of them is true of a copy of the decoded body.
 */
const FRAMING = [
  "connection",
  "content-encoding",
  "content-length",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** A hook's response, read to its end. */
export async function plainResponse(
  response: Response,
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<PlainResponse> {
  const { status, headers } = response;
  const cookies = headers.getSetCookie();
  const fields = Object.fromEntries(headers);
  for (const name of FRAMING) delete fields[name];
  return {
    status,
    headers: { ...fields, ...(cookies.length > 0 && { "set-cookie": cookies }) },
    body: await collected(response, milliseconds, signal),
  };
}

/** A body, unless it does not end in time, or the client leaves: then it is cancelled. */
async function collected(
  response: Response,
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const body = streamOf(response);
  // A response that can't be read was refused before.
  if (!body) return new Uint8Array();
  const reader = body.getReader();
  let end: (code: "ERR_AUTHLETE_TIMEOUT" | "ERR_AUTHLETE_ABORTED", message: string) => void;
  const ended = new Promise<never>((_, reject) => {
    end = (code, message) => reject(new AuthleteError(code, message));
  });
  const gone = () =>
    end("ERR_AUTHLETE_ABORTED", "the client left before the end of a hook's Response");
  const timer = setTimeout(
    () =>
      end("ERR_AUTHLETE_TIMEOUT", "the body of a hook's Response took longer than hookTimeoutMs"),
    milliseconds,
  );
  signal?.addEventListener("abort", gone);
  if (signal?.aborted) gone();
  try {
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), ended]);
      if (done) return new Uint8Array(await new Blob(chunks).arrayBuffer());
      chunks.push(value);
    }
  } catch (error) {
    // Not awaited, and a failure to cancel does not matter.
    reader.cancel().catch(() => {});
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", gone);
  }
}
