// The one error class of the package.

import type { AuthleteErrorCode } from "./generated/contract.js";

export type { AuthleteErrorCode } from "./generated/contract.js";

/**
 * The optional members of an {@link AuthleteError}, for code that constructs one: a test, or a
 * custom client.
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
  /** How many seconds to wait before calling Authlete again (RFC 9110 §10.2.3). */
  readonly retryAfter?: number | undefined;
  /** The headers of Authlete's answer. */
  readonly headers?: Headers | undefined;
  /**
   * What the underlying operation threw: the runtime's `fetch`, loading the WebAssembly module, or
   * the storage given to the engine.
   */
  readonly cause?: unknown;
}

/**
 * The error that every function of this package rejects with, and that `new AuthleteClient` throws.
 *
 * It carries no secrets: nothing from the request, and from Authlete's answer only the members
 * listed here. An OAuth refusal (`action: "BAD_REQUEST"` and so on) is an answer, not an error.
 */
export class AuthleteError extends Error {
  /**
   * `"AuthleteError"`. Identifies the error where two copies of this package make `instanceof`
   * fail.
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
   * How many seconds to wait before calling Authlete again: its `Retry-After` (RFC 9110 §10.2.3),
   * or the time until its rate limit resets.
   */
  declare readonly retryAfter?: number;
  /** The headers of Authlete's answer, never those of the request. Not enumerable. */
  declare readonly headers?: Headers;

  /** Called by this package; public for tests and custom clients that need an error. */
  constructor(code: AuthleteErrorCode, message: string, details: AuthleteErrorDetails = {}) {
    super(message);
    this.code = code;
    const { cause, headers, ...rest } = details;
    for (const [name, value] of Object.entries(rest)) {
      if (value !== undefined) Object.defineProperty(this, name, { value, enumerable: true });
    }
    // Not enumerable, so that neither ends up in a log line by accident.
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
