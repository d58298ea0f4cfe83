// The one error class of the package.

/** What went wrong, as a closed set. Messages may change between versions; codes do not. */
export type AuthleteErrorCode =
  /** An option of the client, the endpoint or the engine is missing or unusable. */
  | "ERR_AUTHLETE_CONFIG"
  /** The request object has a missing, mistyped or unknown member; the message names its path. Nothing was sent. */
  | "ERR_AUTHLETE_REQUEST_INVALID"
  /** No HTTP answer arrived: refused, reset, DNS, TLS. */
  | "ERR_AUTHLETE_CONNECTION"
  /** The deadline (`timeoutMs`) passed. */
  | "ERR_AUTHLETE_TIMEOUT"
  /** The caller's `AbortSignal` fired. */
  | "ERR_AUTHLETE_ABORTED"
  /** Authlete answered with an HTTP status other than 200: see `status`, `resultCode`, `resultMessage`, `retryAfter`. */
  | "ERR_AUTHLETE_HTTP_STATUS"
  /** Authlete answered 200 with something that is not an answer of this API. */
  | "ERR_AUTHLETE_RESPONSE_INVALID"
  /** The WebAssembly instance trapped. The next call runs on a fresh one. */
  | "ERR_AUTHLETE_WASM_TRAP"
  /** The slim entry was used before `initializeWasm`. */
  | "ERR_AUTHLETE_NOT_INITIALIZED";

/** The optional members of an {@link AuthleteError}. */
export interface AuthleteErrorDetails {
  readonly operation?: string | undefined;
  readonly status?: number | undefined;
  readonly resultCode?: string | undefined;
  readonly resultMessage?: string | undefined;
  readonly retryAfter?: number | undefined;
  readonly headers?: Headers | undefined;
  readonly cause?: unknown;
}

/**
 * What every function of this package rejects with, and `new AuthleteClient` throws.
 *
 * It carries no secret: nothing of the request, and of Authlete's answer only what is listed here. An OAuth refusal
 * (`action: "BAD_REQUEST"` and so on) is an answer and no error.
 */
export class AuthleteError extends Error {
  override readonly name = "AuthleteError";
  /** What went wrong. The stable part of the error: `switch` on it. */
  readonly code: AuthleteErrorCode;
  /** The operation that failed, such as `authToken`. */
  declare readonly operation?: string;
  /** The HTTP status of Authlete's answer, with `ERR_AUTHLETE_HTTP_STATUS`; 0 for a redirect in a browser. */
  declare readonly status?: number;
  /** Authlete's result code, such as `A001202`. For logs: do not branch on it. */
  declare readonly resultCode?: string;
  /** Authlete's explanation of the result code. For logs, not for OAuth clients. */
  declare readonly resultMessage?: string;
  /** Seconds after which Authlete wants to be asked again. */
  declare readonly retryAfter?: number;
  /** The headers of Authlete's answer. */
  declare readonly headers?: Headers;

  constructor(code: AuthleteErrorCode, message: string, details: AuthleteErrorDetails = {}) {
    super(message);
    this.code = code;
    const { cause, headers, ...rest } = details;
    for (const [name, value] of Object.entries(rest)) {
      if (value !== undefined) Object.defineProperty(this, name, { value, enumerable: true });
    }
    // Not enumerable: neither belongs into a log line by accident.
    if (headers !== undefined) Object.defineProperty(this, "headers", { value: headers });
    if (cause !== undefined) Object.defineProperty(this, "cause", { value: cause });
  }
}

/** The error for an option that is missing or unusable. `path` names it; the value is never part of the message. */
export function configError(path: string, problem: string): AuthleteError {
  return new AuthleteError("ERR_AUTHLETE_CONFIG", `${path}: ${problem}`);
}

/** The error for a call before the module was given. */
export function notInitialized(): AuthleteError {
  return new AuthleteError(
    "ERR_AUTHLETE_NOT_INITIALIZED",
    "authlete-token/slim has no WebAssembly module yet: call initializeWasm(module) first, or import authlete-token, which loads it by itself",
  );
}
