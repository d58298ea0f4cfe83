// The one error class of the package.

import type { AuthleteErrorCode } from "./generated/contract.js";

export type { AuthleteErrorCode } from "./generated/contract.js";

/**
 * The optional members of an {@link AuthleteError}, for those who make one: in tests, or for a
 * client of their own.
 */
export interface AuthleteErrorDetails {
  /** The operation that failed, such as `authToken`. */
  readonly operation?: string | undefined;
  /** The HTTP status of Authlete's answer. */
  readonly status?: number | undefined;
  /** Authlete's result code, such as `A001202`. */
  readonly resultCode?: string | undefined;
  /** Authlete's explanation of the result code. */
  readonly resultMessage?: string | undefined;
  /** Seconds after which Authlete wants to be asked again (RFC 9110 §10.2.3). */
  readonly retryAfter?: number | undefined;
  /** The headers of Authlete's answer. */
  readonly headers?: Headers | undefined;
  /**
   * What the runtime itself threw: its `fetch`, its loading of the WebAssembly module, or the
   * storage given to the engine.
   */
  readonly cause?: unknown;
}

/**
 * What every function of this package rejects with, and `new AuthleteClient` throws.
 *
 * It carries no secret: nothing of the request, and of Authlete's answer only what is listed here.
 * An OAuth refusal (`action: "BAD_REQUEST"` and so on) is an answer and no error.
 */
export class AuthleteError extends Error {
  /**
   * `"AuthleteError"`: tells it from other errors where two copies of this package make
   * `instanceof` fail.
   */
  override readonly name = "AuthleteError";
  /** What went wrong. The stable part of the error: `switch` on it. */
  readonly code: AuthleteErrorCode;
  /** The operation that failed, such as `authToken`. */
  declare readonly operation?: string;
  /**
   * The HTTP status of Authlete's answer, with `ERR_AUTHLETE_HTTP_STATUS`; 0 for a redirect in a
   * browser.
   */
  declare readonly status?: number;
  /** Authlete's result code, such as `A001202`. For logs: do not branch on it. */
  declare readonly resultCode?: string;
  /** Authlete's explanation of the result code. For logs, not for OAuth clients. */
  declare readonly resultMessage?: string;
  /**
   * Seconds after which Authlete wants to be asked again: its `Retry-After` (RFC 9110 §10.2.3), or
   * the reset of its rate limit.
   */
  declare readonly retryAfter?: number;
  /** The headers of Authlete's answer, never those of the request. Not enumerable. */
  declare readonly headers?: Headers;

  /** Made by this package; public for tests that need one. */
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

/**
 * The error for an option that is missing or unusable. `path` names it; the value is never part of
 * the message.
 */
export function configError(path: string, problem: string): AuthleteError {
  return new AuthleteError("ERR_AUTHLETE_CONFIG", `${path}: ${problem}`);
}

/** The error for a call that has no WebAssembly module: `problem` says why. */
export function notInitialized(problem: string, cause?: unknown): AuthleteError {
  return new AuthleteError("ERR_AUTHLETE_NOT_INITIALIZED", `the WebAssembly module ${problem}`, {
    cause,
  });
}
