// Helpers for requests and answers that all routes share.
import { base64url, cookiePath } from "./notations";

/** A JSON answer. */
export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: {
      "content-type": "application/json",
      "x-content-type-options": "nosniff",
      ...headers,
    },
  });
}

/** A text, usually one sentence, as plain text. */
export function sentence(
  status: number,
  text: string,
  headers: Record<string, string> = {},
): Response {
  return new Response(`${text}\n`, {
    status,
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      ...headers,
    },
  });
}

/** Redirects to `location` with GET, whatever the method of this request (RFC 9700 §4.12). */
export function seeOther(location: string, headers: Record<string, string> = {}): Response {
  return new Response(null, {
    status: 303,
    headers: {
      location,
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      ...headers,
    },
  });
}

/** Far above any form of this example. */
const maxFormBytes = 65_536;

/**
 * The whole body of a request, or null if it broke off: a client that sends slowly must not hold up
 * the engine's object, of which there is one. Of a body that is too long there is enough for the
 * engine to see that and to refuse it.
 */
export async function gatheredBody(request: Request): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return request.method === "POST" ? await readBytes(request) : new Uint8Array();
  } catch {
    return null;
  }
}

/** The request with its whole body, or null if that broke off. */
export async function gathered(request: Request): Promise<Request | null> {
  const body = await gatheredBody(request);
  if (body === null) return null;
  const { url, method, headers } = request;
  return new Request(url, { method, headers, body: method === "POST" ? body : null });
}

/** For a request that broke off: the client is gone. */
export function brokenOff(): Response {
  return new Response(null, { status: 400 });
}

/**
 * A body; of one that is longer than a form may be, `maxFormBytes` and one more. Rejects if it
 * breaks off.
 */
async function readBytes(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  const declared = Number(request.headers.get("content-length") ?? Number.NaN);
  // Chunk by chunk costs more, and is needed only where the length is unknown.
  if (declared <= maxFormBytes) return new Uint8Array(await request.arrayBuffer());
  const bytes = new Uint8Array(maxFormBytes + 1);
  if (declared > maxFormBytes) return bytes;
  // Firefox has no `Request.body`. There, the playground's page itself has made the request.
  const { body } = request as { body?: Request["body"] };
  if (body === undefined)
    return new Uint8Array(await request.arrayBuffer()).subarray(0, bytes.byteLength);
  const reader = body?.getReader();
  let length = 0;
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    const fitting = value.subarray(0, bytes.byteLength - length);
    bytes.set(fitting, length);
    length += fitting.byteLength;
    if (length === bytes.byteLength) {
      // Nobody waits for the rest of it.
      reader.cancel().catch(() => {});
      break;
    }
  }
  return bytes.subarray(0, length);
}

/** The fields of a submitted form; null if the body is not a form in UTF-8, or is too long. */
export async function readForm(request: Request): Promise<URLSearchParams | null> {
  const text = await readFormText(request);
  return text === null ? null : new URLSearchParams(text);
}

/** A submitted form as it was sent. */
export async function readFormText(request: Request): Promise<string | null> {
  const mediaType = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (mediaType !== "application/x-www-form-urlencoded") return null;
  try {
    const bytes = await readBytes(request);
    if (bytes.byteLength > maxFormBytes) return null;
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/**
 * Whether a request came over plain HTTP from another machine: secrets and tokens must not
 * (RFC 6750 §5.3, RFC 7009 §2, RFC 7662 §4). Loopback is as for the token endpoint.
 */
export function isInsecure(request: Request): boolean {
  const { protocol, hostname } = new URL(request.url);
  const loopback = /^(?:(?:[\w-]+\.)*localhost\.?|127(?:\.\d+){3}|\[::1\])$/;
  return protocol !== "https:" && !loopback.test(hostname);
}

/** Whether a request was sent to this machine's own address, as far as the worker can tell. */
export function isLocal(request: Request): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(new URL(request.url).hostname);
}

/** The value of a cookie. */
export function cookie(request: Request, name: string): string | undefined {
  for (const pair of (request.headers.get("cookie") ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/**
 * Answers the preflight for an address that every page may read. `*` means all request headers but
 * `Authorization` (Fetch §4.9).
 */
export function preflight(methods: readonly string[]): Response {
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-methods": methods.join(", "),
      "access-control-allow-headers": "Authorization, Content-Type, DPoP, *",
      "access-control-max-age": "3600",
    },
  });
}

/** A `Set-Cookie` value: scripts can't read the cookie, and other sites' forms don't send it. */
export function setCookie(
  request: Request,
  name: string,
  value: string,
  path: string,
  seconds: number,
): string {
  const secure = new URL(request.url).protocol === "https:" ? "; Secure" : "";
  return `${name}=${value}; Path=${cookiePath(path)}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
}

/** 256 random bits as text: a state, a nonce, a code verifier, a CSRF token. */
export function randomText(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}
