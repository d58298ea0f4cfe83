// The client: an immutable, validated configuration. What a call needs of it crosses to Rust as
// `ClientSettings`.

import { configError } from "./errors.js";
import type { AuthleteEvent, EventDetails } from "./events.js";
import {
  type CallOptionsMember,
  type ClientSettingsMember,
  OWN_HEADERS,
} from "./generated/contract.js";
import {
  callable,
  expectGiven,
  expectObject,
  expectOptions,
  guarded,
  MAX_MILLISECONDS,
  number,
} from "./options.js";

/**
 * A `fetch`: the runtime's own, or one that stands in for it (a service binding, a Durable Object
 * stub, a test's).
 */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * When an operation is tried again. Codes, refresh tokens and tickets are single-use, so a request
 * that Authlete may have processed never is.
 */
export interface RetryOptions {
  /**
   * How often an operation is tried at the most, the first time included. Default 1: never again.
   */
  readonly attempts: number;
  /**
   * The longest delay that is waited out, in milliseconds; an answer that names a longer one, or
   * one beyond the call's deadline, is final. Default 5 000.
   */
  readonly maxDelayMs?: number | undefined;
}

/**
 * The options of an {@link AuthleteClient}. Where one may be left out, `undefined` means the same.
 */
export interface AuthleteClientOptions {
  /**
   * The ID of your service at Authlete, such as `"715948317"`: one segment of the path of each
   * call.
   */
  readonly serviceId: string;
  /**
   * The access token for Authlete's API (a service access token or an organization token;
   * RFC 6750 §2.1), or a function that gives it, for secrets that rotate. The function is asked
   * once a call. It belongs on a server: never into a page.
   */
  readonly bearer: string | (() => string | Promise<string>);
  /**
   * Where Authlete is: the cluster of your service. `https:`, or `http:` on loopback: `localhost`,
   * every name under it (`http://authlete.localhost:8789`), 127.0.0.0/8 and `[::1]`. A name under
   * `localhost` trusts the resolver not to lead it elsewhere (RFC 6761 §6.3). Trusted
   * configuration: never take it from a request. Default `https://us.authlete.com`.
   */
  readonly serverURL?: string | undefined;
  /**
   * Used in place of the runtime's `fetch`. The `body` of its answers may be a web stream, or any
   * other async iterable of bytes (as with node-fetch); an answer without either is read by
   * `arrayBuffer()`.
   */
  readonly fetch?: Fetch | undefined;
  /**
   * One deadline for each call, in milliseconds: over `bearer()`, all attempts, their waits and the
   * body. Default 10 000.
   */
  readonly timeoutMs?: number | undefined;
  /**
   * The largest answer that is read, in bytes after decompression. Default 1 048 576. Where a
   * `fetch` of yours gives answers that have nothing but `arrayBuffer()`, a `Content-Length` over
   * it is refused before, and any other answer judged after it has been read.
   */
  readonly maxResponseBytes?: number | undefined;
  /** When to try again. Default: never. */
  readonly retry?: RetryOptions | undefined;
  /**
   * Headers to send with every call. `authorization`, `accept` and `content-type` can't be set
   * here.
   */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Hears of every HTTP exchange, and of traps. In a request of `handleTokenRequest` that has an
   * `onEvent` of its own, that one hears of them in this one's place; without, this one hears all
   * that happens there. The event fits into a log; the details, which may hold secrets, do not.
   * What it throws is ignored.
   */
  readonly onEvent?: ((event: AuthleteEvent, details: EventDetails) => void) | undefined;
}

/** The options of one call. Where one may be left out, `undefined` means the same. */
export interface CallOptions {
  /** Ends the call, which then rejects with `ERR_AUTHLETE_ABORTED`. */
  readonly signal?: AbortSignal | undefined;
  /** The deadline of this call, in milliseconds, in place of the client's. */
  readonly timeoutMs?: number | undefined;
  /**
   * Headers to send with this call, over the client's. `authorization`, `accept` and `content-type`
   * can't be set here.
   */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What a call needs of a client: what Rust reads of it, and what `js/exchange.ts` does. */
export interface ClientSettings extends Readonly<Record<ClientSettingsMember, unknown>> {
  readonly prefix: string;
  readonly authorization: string | undefined;
  readonly bearer: (() => unknown) | undefined;
  readonly fetch: Fetch | undefined;
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  readonly attempts: number;
  readonly maxDelayMs: number;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly onEvent: ((event: AuthleteEvent, details: EventDetails) => void) | undefined;
  /** Where Rust keeps the headers that it has made for every call. */
  readyHeaders: undefined;
}

const CLIENT_OPTIONS = [
  "serviceId",
  "bearer",
  "serverURL",
  "fetch",
  "timeoutMs",
  "maxResponseBytes",
  "retry",
  "headers",
  "onEvent",
];
const CALL_OPTIONS: readonly CallOptionsMember[] = ["signal", "timeoutMs", "headers"];
const RETRY_OPTIONS = ["attempts", "maxDelayMs"];

/**
 * The settings of a client; an error for anything else. Not public: the settings hold the bearer.
 */
export let settingsOf: (client: unknown) => ClientSettings;

/**
 * Where Authlete is and how to ask it: an immutable configuration that the four operations and
 * `handleTokenRequest` take. It holds no connection and may live in module scope.
 *
 * @throws {AuthleteError} `ERR_AUTHLETE_CONFIG` for an option that is missing or unusable; the
 * message names it and not its value.
 * @example
 * const authlete = new AuthleteClient({ serviceId: env.AUTHLETE_SERVICE_ID, bearer: env.AUTHLETE_BEARER });
 */
export class AuthleteClient {
  readonly #settings: ClientSettings;

  /**
   * Checks the options. Nothing is sent.
   *
   * @throws {AuthleteError} `ERR_AUTHLETE_CONFIG` for an option that is missing, unusable or
   * unknown.
   * @example
   * const authlete = new AuthleteClient({ serviceId: env.AUTHLETE_SERVICE_ID, bearer: env.AUTHLETE_BEARER });
   */
  constructor(options: AuthleteClientOptions) {
    this.#settings = guarded("options", () => settingsFrom(options));
  }

  static {
    settingsOf = (client) => {
      if (typeof client === "object" && client !== null && #settings in client)
        return client.#settings;
      expectGiven("authlete", client);
      throw configError("authlete", `expected an AuthleteClient${strangeness(client)}`);
    };
    // Two copies of this package can tell each other's clients by it.
    Object.defineProperty(AuthleteClient.prototype, Symbol.toStringTag, {
      value: "AuthleteClient",
      configurable: true,
    });
  }
}

/** What is known of something that passes for a client and has no settings. */
function strangeness(client: unknown): string {
  try {
    if (client instanceof AuthleteClient)
      return " itself, not a Proxy around it or an object made from it";
    if (Object.prototype.toString.call(client) !== "[object AuthleteClient]") return "";
    return " of the same copy of authlete-token: this one was made by another, as `npm ls authlete-token` or a bundle with two of them shows";
  } catch {
    return "";
  }
}

/** The options of a call, checked and copied. */
export function callFrom(options: CallOptions | undefined): CallOptions | undefined {
  if (options === undefined) return undefined;
  return guarded("options", () => {
    const { signal, timeoutMs, headers } = expectOptions("", options, CALL_OPTIONS);
    if (signal !== undefined && typeof (signal as AbortSignal)?.addEventListener !== "function")
      throw configError("signal", "expected an AbortSignal");
    return {
      ...(signal !== undefined && { signal }),
      ...(timeoutMs !== undefined && {
        timeoutMs: number("timeoutMs", timeoutMs, MAX_MILLISECONDS),
      }),
      ...(headers !== undefined && { headers: headersFrom("headers", headers) }),
    } as CallOptions;
  });
}

function settingsFrom(options: AuthleteClientOptions): ClientSettings {
  const given = expectOptions("", options, CLIENT_OPTIONS);
  const bearer = given.bearer;
  const rotating = typeof bearer === "function";
  expectGiven("bearer", bearer);
  if (typeof bearer === "string" && /^bearer\s/i.test(bearer))
    throw configError("bearer", "begins with `Bearer `; give the token alone");
  if (!rotating && (typeof bearer !== "string" || !/^[\x21-\x7e]+$/.test(bearer))) {
    throw configError("bearer", "expected a string of visible ASCII characters, or a function");
  }
  const retry =
    given.retry === undefined
      ? { attempts: 1 }
      : expectOptions("retry", given.retry, RETRY_OPTIONS);
  return {
    prefix: `${serverUrl(given.serverURL ?? "https://us.authlete.com")}/api/${segment(given.serviceId)}`,
    authorization: rotating ? undefined : `Bearer ${bearer}`,
    bearer: rotating ? (bearer as () => unknown) : undefined,
    fetch: callable<Fetch>("fetch", given.fetch),
    timeoutMs: number("timeoutMs", given.timeoutMs ?? 10_000, MAX_MILLISECONDS),
    maxResponseBytes: number(
      "maxResponseBytes",
      given.maxResponseBytes ?? 1_048_576,
      MAX_MILLISECONDS,
    ),
    attempts: number("retry.attempts", retry.attempts, 100),
    maxDelayMs: number("retry.maxDelayMs", retry.maxDelayMs ?? 5_000, MAX_MILLISECONDS),
    headers: given.headers === undefined ? undefined : headersFrom("headers", given.headers),
    onEvent: callable<(event: AuthleteEvent, details: EventDetails) => void>(
      "onEvent",
      given.onEvent,
    ),
    readyHeaders: undefined,
  };
}

function headersFrom(path: string, value: unknown): Readonly<Record<string, string>> {
  const given = expectObject(path, value);
  // `Headers` and `Map` have no members that could be read as names: they would be lost in silence.
  if (Symbol.iterator in given)
    throw configError(path, "expected a plain object of names and values");
  const headers: Record<string, string> = {};
  for (const [name, text] of Object.entries(given)) {
    const key = name.toLowerCase();
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(key))
      throw configError(path, "a name is no HTTP header name");
    if (OWN_HEADERS.includes(key))
      throw configError(`${path}.${key}`, "is set by the client itself");
    if (typeof text !== "string" || !/^[\t\x20-\x7e]*$/.test(text))
      throw configError(`${path}.${key}`, "expected a string of printable ASCII characters");
    headers[key] = text;
  }
  return Object.freeze(headers);
}

function serverUrl(value: unknown): string {
  const bad = (problem: string) => configError("serverURL", problem);
  expectGiven("serverURL", value);
  if (typeof value !== "string" || value !== value.trim()) throw bad("expected a URL as a string");
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    throw bad("is not an absolute URL");
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname)))
    throw bad("must be https: (http: on loopback only)");
  if (url.username !== "" || url.password !== "" || /[?#]/.test(value))
    throw bad("must have no user name, password, query or fragment");
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

/**
 * Whether the host name of a URL is a loopback one: `localhost` and every name under it
 * (RFC 6761 §6.3), 127.0.0.0/8, `[::1]`. The platform has written addresses in their usual form,
 * and names in small letters. The same rule is in `src/loopback.rs`.
 */
function isLoopback(hostname: string): boolean {
  return /^(?:(?:[\w-]+\.)*localhost\.?|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

/** The service id as exactly one path segment. */
function segment(value: unknown): string {
  expectGiven("serviceId", value);
  if (typeof value !== "string" || !/^[\x21-\x7e]{1,256}$/.test(value))
    throw configError("serviceId", "expected a string of 1 to 256 visible ASCII characters");
  if (/[/\\%?#]/.test(value) || value === "." || value === "..")
    throw configError("serviceId", "must be one path segment");
  return encodeURIComponent(value);
}
