// What `onEvent` hears, of the client and of the token endpoint.

import type { AuthleteErrorCode } from "./errors.js";
import type { HookName, OperationName } from "./generated/contract.js";

export type { HookName, OperationName } from "./generated/contract.js";

/**
 * Something worth one line in a log, or a span: `switch` on `type`. It holds no secret: no token,
 * ticket, credential or body; of a refused request at most the method, the media type, and the
 * scheme and host of the URL. What may hold more comes beside it, as {@link EventDetails}. What
 * `onEvent` throws is ignored.
 */
export type AuthleteEvent =
  | ExchangeEvent
  | RefusedEvent
  | HookFailedEvent
  | ReissueFailedEvent
  | UpstreamFailedEvent
  | TrapEvent;

/**
 * The second argument of `onEvent`: what an event leaves out, since it may hold secrets. An error
 * of a hook may quote a password or a token, and Authlete's words a parameter of the request. Log
 * it only where those may read it who may read your service's credentials: never where clients,
 * other tenants or third parties do.
 */
export interface EventDetails {
  /**
   * With a failed `exchange`, and with the `upstream_failed` or `reissue_failed` that follows, the
   * `AuthleteError`; with `hook_failed`, what the hook threw; with the engine's `platform_failed`,
   * what the platform threw; with `trap`, what WebAssembly threw.
   */
  readonly error?: unknown;
  /** What `fetch` or the function `bearer` threw, where that is why the call failed. */
  readonly cause?: unknown;
  /** Authlete's explanation of the result code. */
  readonly resultMessage?: string;
}

/** One HTTP exchange with Authlete ended, well or not. */
export interface ExchangeEvent {
  /** Tells this event from the others. */
  readonly type: "exchange";
  /**
   * Which request of `handleTokenRequest` it belongs to: its option `requestId`, or a random one.
   * Absent outside of one.
   */
  readonly requestId?: string;
  /** Which operation was called. */
  readonly operation: OperationName;
  /** Which attempt this was, from 1. */
  readonly attempt: number;
  /** Milliseconds from sending to the end of the body. */
  readonly durationMs: number;
  /** The HTTP status (RFC 9110 §15), when there was an answer. */
  readonly status?: number;
  /** Authlete's action, when there was a usable answer. */
  readonly action?: string;
  /** Authlete's result code, such as `A050001`, when the answer has one. */
  readonly resultCode?: string;
  /** The error code that Authlete has for the OAuth client (RFC 6749 §5.2), when it refuses. */
  readonly error?: string;
  /** Why the exchange failed; absent when it went well. */
  readonly code?: AuthleteErrorCode;
}

/**
 * The token endpoint refused a request by itself. Authlete's refusals are the `action` of an
 * `exchange`.
 */
export interface RefusedEvent {
  /** Tells this event from the others. */
  readonly type: "refused";
  /**
   * Which request of `handleTokenRequest` it belongs to: its option `requestId`, or a random one.
   * Absent outside of one.
   */
  readonly requestId?: string;
  /** The HTTP status of the refusal. */
  readonly status: number;
  /** The error code of the answer (RFC 6749 §5.2). */
  readonly error: string;
  /**
   * What it is about in words, for the operator: the method, the URL's scheme and host, the media
   * type, the header or parameter that is wrong, the hook that is missing, the option to look at.
   * The client is told less.
   */
  readonly detail: string;
}

/**
 * A hook of the token endpoint threw, took too long, or gave something unusable. After a failed
 * `reissueIdToken`, a `reissue_failed` event follows.
 */
export interface HookFailedEvent {
  /** Tells this event from the others. */
  readonly type: "hook_failed";
  /**
   * Which request of `handleTokenRequest` it belongs to: its option `requestId`, or a random one.
   * Absent outside of one.
   */
  readonly requestId?: string;
  /** The option's name, such as `authenticateUser`. */
  readonly hook: HookName;
  /**
   * Why: it threw or rejected, gave nothing within `hookTimeoutMs`, or gave something else than its
   * type says.
   */
  readonly reason: "threw" | "timed_out" | "invalid_result";
  /**
   * With `invalid_result`, where in the result: `properties[0].key`, or the name of a member that
   * is unknown. Absent when the result as a whole is wrong, and when the name has other characters
   * than `A-Z a-z 0-9 _`: a hook may have made names of its data.
   */
  readonly path?: string;
  /** The same in words, without a value: what was expected, or the type of what was thrown. */
  readonly detail: string;
}

/** The token endpoint got no new ID token; the client got the tokens that were issued. */
export interface ReissueFailedEvent {
  /** Tells this event from the others. */
  readonly type: "reissue_failed";
  /**
   * Which request of `handleTokenRequest` it belongs to: its option `requestId`, or a random one.
   * Absent outside of one.
   */
  readonly requestId?: string;
  /**
   * Why: the hook declined or failed, Authlete's action, or no usable answer (then `code` and
   * perhaps `status` say more).
   */
  readonly reason:
    | "declined"
    | "hook_failed"
    | "INTERNAL_SERVER_ERROR"
    | "CALLER_ERROR"
    | "upstream_failed";
  /** How the call failed, with `upstream_failed`. */
  readonly code?: AuthleteErrorCode;
  /** The HTTP status of Authlete's answer, with `upstream_failed` and a status other than 200. */
  readonly status?: number;
  /** Authlete's result code, when the answer has one. */
  readonly resultCode?: string;
  /** What happened and what to look at, in words for the operator, with `upstream_failed`. */
  readonly detail?: string;
}

/** The token endpoint could not ask Authlete, or got nothing that it can act on. */
export interface UpstreamFailedEvent {
  /** Tells this event from the others. */
  readonly type: "upstream_failed";
  /**
   * Which request of `handleTokenRequest` it belongs to: its option `requestId`, or a random one.
   * Absent outside of one.
   */
  readonly requestId?: string;
  /** Which operation was called. */
  readonly operation: OperationName;
  /** How the call failed. */
  readonly code: AuthleteErrorCode;
  /** The HTTP status of Authlete's answer, when it was another than 200. */
  readonly status?: number;
  /** Authlete's result code, such as `A001202`, when the answer has one. */
  readonly resultCode?: string;
  /**
   * What happened and what to look at, in words for the operator: an option of the client, the
   * network, a function of yours.
   */
  readonly detail: string;
}

/**
 * A WebAssembly trap ended the call, which rejects with `ERR_AUTHLETE_WASM_TRAP` or, at the token
 * endpoint and the engine's `fetch`, is answered with 500.
 */
export interface TrapEvent {
  /** Tells this event from the others. */
  readonly type: "trap";
  /**
   * Which request of `handleTokenRequest` it belongs to: its option `requestId`, or a random one.
   * Absent outside of one.
   */
  readonly requestId?: string;
  /**
   * The function that was called: an operation, `handleTokenRequest`, or one of the engine's
   * (`engine.fetch` …).
   */
  readonly operation: string;
}
