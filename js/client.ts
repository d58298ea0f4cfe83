// The client: an immutable, validated configuration. `ClientSettings` is the part of it that each
// call passes to Rust.

import { type AuthleteError, configError } from "./errors.js";
import type { AuthleteEvent, EventDetails } from "./events.js";
import {
  type CallOptionsMember,
  type ClientSettingsMember,
  OWN_HEADERS,
} from "./generated/contract.js";
import { sent } from "./exchange.js";
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
 * A `fetch` function: the runtime's own, or a replacement for it (a service binding, a Durable
 * Object stub, a test double).
 */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * What an embedded engine answered to one call of Authlete's API.
 */
export interface EngineAnswer {
  /** The HTTP status that Authlete's answer would have. */
  readonly status: number;
  /** The JSON text of the answer. */
  readonly body: string;
}

/**
 * Answers calls of Authlete's API without HTTP: an `Engine` of `authlete-token/engine`, or the stub
 * of a Durable Object whose class passes `exchange` on to one.
 */
export interface EngineExchange {
  /**
   * Answers one call.
   *
   * @param path The path of the call, such as `/api/1/auth/token`.
   * @param authorization The `Authorization` header: the bearer with its scheme (RFC 6750 §2.1).
   * @param body The JSON text of the request.
   */
  exchange(
    path: string,
    authorization: string,
    body: string,
  ): EngineAnswer | PromiseLike<EngineAnswer>;
}

/**
 * When an operation is retried: after HTTP status 429 or 503 with a delay named by Authlete, and
 * `idtokenReissue`, which consumes nothing, also after a connection failure. Codes, refresh tokens
 * and tickets are single-use, so any other request that Authlete may have processed is never
 * repeated.
 */
export interface RetryOptions {
  /**
   * How often an operation is attempted at most, including the first attempt. Default 1: no
   * retries.
   */
  readonly attempts: number;
  /**
   * The longest delay to wait before a retry, in milliseconds. If Authlete names a longer delay, or
   * one that ends after the call's deadline, the call is not retried. Default 5 000.
   */
  readonly maxDelayMs?: number | undefined;
}

/**
 * The options of an {@link AuthleteClient}. Setting an optional one to `undefined` is the same as
 * leaving it out.
 */
export interface AuthleteClientOptions {
  /**
   * The ID of your service at Authlete, such as `"715948317"`. It is one segment of the path of
   * every call.
   */
  readonly serviceId: string;
  /**
   * The access token for Authlete's API (a service access token or an organization token; RFC 6750
   * §2.1), or a function that returns it, for secrets that rotate; the function is called once per
   * call. Keep the token on a server, never in a web page.
   */
  readonly bearer: string | (() => string | Promise<string>);
  /**
   * The base URL of Authlete's API: the cluster of your service. It must be `https:`, or `http:`
   * with a loopback host: `localhost`, any name under it (`http://authlete.localhost:8789`),
   * 127.0.0.0/8 or `[::1]`. A name under `localhost` relies on the resolver to return a loopback
   * address (RFC 6761 §6.3). This is trusted configuration: never take it from a request. Default
   * `https://us.authlete.com`.
   */
  readonly serverURL?: string | undefined;
  /**
   * Used instead of the runtime's `fetch`. The `body` of its responses may be a web stream or any
   * other async iterable of bytes (as with node-fetch); a response with neither is read with
   * `arrayBuffer()`.
   */
  readonly fetch?: Fetch | undefined;
  /**
   * An embedded engine that answers instead of Authlete's service, without HTTP in between.
   * `serverURL`, `fetch` and `headers` can't be set beside it.
   */
  readonly engine?: EngineExchange | undefined;
  /**
   * The deadline of each call, in milliseconds. It covers `bearer()`, all attempts, the delays
   * between them, and reading the body. Default 10 000.
   */
  readonly timeoutMs?: number | undefined;
  /**
   * The largest response body to accept, in bytes after decompression. Default 1 048 576. If your
   * own `fetch` returns responses that can only be read with `arrayBuffer()`, one whose
   * `Content-Length` is larger is refused before it is read; any other is checked after it has been
   * read. In `handleTokenRequest`, an `engine` in the same program answers without a body, so that
   * there is no limit.
   */
  readonly maxResponseBytes?: number | undefined;
  /** When to retry. Default: never. */
  readonly retry?: RetryOptions | undefined;
  /**
   * Headers to send with every call. `authorization`, `accept` and `content-type` can't be set
   * here.
   */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Called for every HTTP exchange and every WebAssembly trap. In `handleTokenRequest`, the
   * endpoint's own `onEvent` is called instead; if the endpoint has none, this one receives all of
   * its events. The event is safe to log; the details may hold secrets and are not. Anything it
   * throws is ignored.
   */
  readonly onEvent?: ((event: AuthleteEvent, details: EventDetails) => void) | undefined;
}

/** The options of one call. Setting one to `undefined` is the same as leaving it out. */
export interface CallOptions {
  /** Aborts the call, which then rejects with `ERR_AUTHLETE_ABORTED`. */
  readonly signal?: AbortSignal | undefined;
  /** The deadline of this call, in milliseconds, instead of the client's. */
  readonly timeoutMs?: number | undefined;
  /**
   * Headers to send with this call; they override the client's. `authorization`, `accept` and
   * `content-type` can't be set here, and no headers at all if the client has an `engine`.
   */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** The part of a client that a call needs: what Rust and `js/exchange.ts` read. */
export interface ClientSettings extends Readonly<Record<ClientSettingsMember, unknown>> {
  readonly prefix: string;
  readonly authorization: string | undefined;
  readonly bearer: (() => unknown) | undefined;
  readonly fetch: Fetch | undefined;
  readonly engine: EngineExchange | undefined;
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  readonly attempts: number;
  readonly maxDelayMs: number;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly onEvent: ((event: AuthleteEvent, details: EventDetails) => void) | undefined;
  /**
   * The headers that are the same for every call, if the bearer is. An injected `fetch` sees them
   * and can't change them.
   */
  readonly readyHeaders: Readonly<Record<string, string>> | undefined;
}

const DEFAULT_SERVER = "https://us.authlete.com";
const CLIENT_OPTIONS = [
  "serviceId",
  "bearer",
  "serverURL",
  "fetch",
  "engine",
  "timeoutMs",
  "maxResponseBytes",
  "retry",
  "headers",
  "onEvent",
];
const CALL_OPTIONS: readonly CallOptionsMember[] = ["signal", "timeoutMs", "headers"];
const RETRY_OPTIONS = ["attempts", "maxDelayMs"];

/**
 * Returns the settings of a client, and throws for anything else. Not public: the settings hold the
 * bearer.
 */
export let settingsOf: (client: unknown) => ClientSettings;

/**
 * Where Authlete's API is and how to call it: an immutable configuration for the four operations
 * and `handleTokenRequest`. It holds no connection, so it may live in module scope.
 *
 * @throws {AuthleteError} `ERR_AUTHLETE_CONFIG` for an option that is missing, unusable or unknown;
 * the message names the option, never its value.
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
    // Lets two copies of this package recognize each other's clients.
    Object.defineProperty(AuthleteClient.prototype, Symbol.toStringTag, {
      value: "AuthleteClient",
      configurable: true,
    });
  }
}

/** What the error message adds about a value that looks like a client but has no settings. */
function strangeness(client: unknown): string {
  try {
    if (client instanceof AuthleteClient)
      return " itself, not a Proxy around it or an object made from it";
    if (Object.prototype.toString.call(client) !== "[object AuthleteClient]") return "";
    return " of the same copy of authlete-token: this one was made by another copy (`npm ls authlete-token` lists the installed copies; a bundle may contain two)";
  } catch {
    return "";
  }
}

/** The options of a call, checked and copied. */
export function callFrom(
  options: CallOptions | undefined,
  { engine }: ClientSettings,
): CallOptions | undefined {
  if (options === undefined) return undefined;
  return guarded("options", () => {
    const { signal, timeoutMs, headers } = expectOptions("", options, CALL_OPTIONS);
    if (engine !== undefined && headers !== undefined) throw idle("headers");
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
  const engine = engineFrom(given);
  const server =
    engine === undefined
      ? serverUrl(given.serverURL === undefined ? DEFAULT_SERVER : given.serverURL)
      : "";
  const headers = given.headers === undefined ? undefined : headersFrom("headers", given.headers);
  return {
    prefix: `${server}/api/${segment(given.serviceId)}`,
    authorization: rotating ? undefined : `Bearer ${bearer}`,
    bearer: rotating ? (bearer as () => unknown) : undefined,
    fetch: callable<Fetch>("fetch", given.fetch),
    engine,
    timeoutMs: number("timeoutMs", given.timeoutMs ?? 10_000, MAX_MILLISECONDS),
    maxResponseBytes: number(
      "maxResponseBytes",
      given.maxResponseBytes ?? 1_048_576,
      MAX_MILLISECONDS,
    ),
    attempts: number("retry.attempts", retry.attempts, 100),
    maxDelayMs: number("retry.maxDelayMs", retry.maxDelayMs ?? 5_000, MAX_MILLISECONDS),
    headers,
    onEvent: callable<(event: AuthleteEvent, details: EventDetails) => void>(
      "onEvent",
      given.onEvent,
    ),
    readyHeaders: rotating ? undefined : Object.freeze(sent(headers, `Bearer ${bearer}`)),
  };
}

/** The engine, alone: an option that says how to reach a server would have no effect beside it. */
function engineFrom(given: Record<string, unknown>): EngineExchange | undefined {
  const { engine } = given;
  if (engine === undefined) return undefined;
  const name = ["serverURL", "fetch", "headers"].find((name) => given[name] !== undefined);
  if (name !== undefined) throw idle(name);
  if (typeof (engine as Partial<EngineExchange> | null)?.exchange !== "function")
    throw configError("engine", "expected an object with the method exchange, such as an Engine");
  return engine as EngineExchange;
}

function idle(name: string): AuthleteError {
  return configError(name, "has no effect beside `engine`; set only one");
}

function headersFrom(path: string, value: unknown): Readonly<Record<string, string>> {
  const given = expectObject(path, value);
  // `Headers` and `Map` have no own members to read as header names: they would be silently
  // ignored.
  if (Symbol.iterator in given)
    throw configError(path, "expected a plain object of names and values");
  const headers: Record<string, string> = {};
  for (const [name, text] of Object.entries(given)) {
    const key = name.toLowerCase();
    if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(key))
      throw configError(path, "a name is not a valid HTTP header name");
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
  // Chromium escapes characters that a host can't have; the other parsers refuse them.
  if (url.hostname.includes("%")) throw bad("is not an absolute URL");
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname)))
    throw bad("must be https: (http: on loopback only)");
  if (url.username !== "" || url.password !== "" || /[?#]/.test(value))
    throw bad("must have no user name, password, query or fragment");
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

/**
 * Whether the host name of a URL is loopback: `localhost` and every name under it (RFC 6761 §6.3),
 * 127.0.0.0/8, `[::1]`. `URL` has already normalized addresses and converted names to lower case.
 * The same rule is in `src/loopback.rs`.
 */
function isLoopback(hostname: string): boolean {
  return /^(?:(?:[\w-]+\.)*localhost\.?|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

/** The service ID as exactly one path segment. */
function segment(value: unknown): string {
  expectGiven("serviceId", value);
  if (typeof value !== "string" || !/^[\x21-\x7e]{1,256}$/.test(value))
    throw configError("serviceId", "expected a string of 1 to 256 visible ASCII characters");
  if (/[/\\%?#]/.test(value) || value === "." || value === "..")
    throw configError("serviceId", "must be one path segment");
  return encodeURIComponent(value);
}
