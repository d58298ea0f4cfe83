// The events that the client and the token endpoint pass to `onEvent`.

import type { AuthleteErrorCode } from "./errors.js";
import type { HookName, OperationName } from "./generated/contract.js";

export type { HookName, OperationName } from "./generated/contract.js";

/**
 * An event worth a log line or a trace span: `switch` on `type`. It holds no secrets: no token,
 * ticket, credential or body, and of a refused request at most the method, the media type, and the
 * scheme and host of the URL. Anything that may hold secrets is passed separately, as
 * {@link EventDetails}. Anything that `onEvent` throws is ignored.
 */
export type AuthleteEvent =
  | ExchangeEvent
  | RefusedEvent
  | HookFailedEvent
  | ReissueFailedEvent
  | UpstreamFailedEvent
  | TrapEvent;

/**
 * The second argument of `onEvent`: what an event leaves out because it may hold secrets. An error
 * thrown by a hook may quote a password or a token, and Authlete's explanation may quote a
 * parameter of the request. Log the details only where everyone who can read the log may also read
 * your service's credentials: never where clients, other tenants or third parties can read it.
 */
export interface EventDetails {
  /**
   * What failed. For a failed `exchange`, and for the `upstream_failed` or `reissue_failed` that
   * follows it: the `AuthleteError`. For `hook_failed`: what the hook threw. For the engine's
   * `platform_failed`: what the platform threw. For `trap`: what WebAssembly threw. For `refused`:
   * what reading the request's body threw, if it broke off.
   */
  readonly error?: unknown;
  /** What `fetch` or the `bearer` function threw, if that is why the call failed. */
  readonly cause?: unknown;
  /** Authlete's explanation of the result code. */
  readonly resultMessage?: string;
}

/** An HTTP exchange with Authlete ended, successfully or not. */
export interface ExchangeEvent {
  /** Identifies this kind of event. */
  readonly type: "exchange";
  /**
   * The request of `handleTokenRequest` that the event belongs to: the `requestId` option, or a
   * random ID. Absent outside `handleTokenRequest`.
   */
  readonly requestId?: string;
  /** Which operation was called. */
  readonly operation: OperationName;
  /** Which attempt this was, counted from 1. */
  readonly attempt: number;
  /** Milliseconds from sending the request to the end of the response body. */
  readonly durationMs: number;
  /** The HTTP status (RFC 9110 §15), when there was an answer. */
  readonly status?: number;
  /** Authlete's action, when there was a usable answer. */
  readonly action?: string;
  /** Authlete's result code, such as `A050001`, when the answer has one. */
  readonly resultCode?: string;
  /** The error code for the OAuth client (RFC 6749 §5.2), when Authlete refuses the request. */
  readonly error?: string;
  /** Why the exchange failed; absent when it succeeded. */
  readonly code?: AuthleteErrorCode;
}

/**
 * The token endpoint itself refused a request. A refusal by Authlete is the `action` of an
 * `exchange` event.
 */
export interface RefusedEvent {
  /** Identifies this kind of event. */
  readonly type: "refused";
  /**
   * The request of `handleTokenRequest` that the event belongs to: the `requestId` option, or a
   * random ID. Absent outside `handleTokenRequest`.
   */
  readonly requestId?: string;
  /** The HTTP status of the refusal. */
  readonly status: number;
  /** The error code of the answer (RFC 6749 §5.2). */
  readonly error: string;
  /**
   * An explanation for the operator: the method, the URL's scheme and host, the media type, the
   * header or parameter that is wrong, the hook that is missing, the option to check. The client
   * gets less information.
   */
  readonly detail: string;
}

/**
 * A hook of the token endpoint threw, took too long, or returned something unusable. After a failed
 * `reissueIdToken`, a `reissue_failed` event follows.
 */
export interface HookFailedEvent {
  /** Identifies this kind of event. */
  readonly type: "hook_failed";
  /**
   * The request of `handleTokenRequest` that the event belongs to: the `requestId` option, or a
   * random ID. Absent outside `handleTokenRequest`.
   */
  readonly requestId?: string;
  /** The option's name, such as `authenticateUser`. */
  readonly hook: HookName;
  /**
   * Why: it threw or rejected, did not finish within `hookTimeoutMs`, or returned something that
   * its type does not allow.
   */
  readonly reason: "threw" | "timed_out" | "invalid_result";
  /**
   * With `invalid_result`, the path to the wrong part of the result, such as `properties[0].key`,
   * or the name of an unknown member. Absent when the result as a whole is wrong, or when a name
   * has characters other than `A-Z a-z 0-9 _`: a hook may have used data as names.
   */
  readonly path?: string;
  /** An explanation without any values: what was expected, or the type of what was thrown. */
  readonly detail: string;
}

/** The token endpoint got no new ID token; the client still got the tokens that were issued. */
export interface ReissueFailedEvent {
  /** Identifies this kind of event. */
  readonly type: "reissue_failed";
  /**
   * The request of `handleTokenRequest` that the event belongs to: the `requestId` option, or a
   * random ID. Absent outside `handleTokenRequest`.
   */
  readonly requestId?: string;
  /**
   * Why: the hook declined or failed, Authlete's action, or there was no usable answer (see `code`
   * and `status`).
   */
  readonly reason:
    | "declined"
    | "hook_failed"
    | "INTERNAL_SERVER_ERROR"
    | "CALLER_ERROR"
    | "upstream_failed";
  /** With `upstream_failed`, how the call failed. */
  readonly code?: AuthleteErrorCode;
  /** With `upstream_failed`, the HTTP status of Authlete's answer, when it was not 200. */
  readonly status?: number;
  /** Authlete's result code, when the answer has one. */
  readonly resultCode?: string;
  /** With `upstream_failed`, an explanation for the operator: what happened and what to check. */
  readonly detail?: string;
}

/** The token endpoint could not call Authlete, or got no answer that it can act on. */
export interface UpstreamFailedEvent {
  /** Identifies this kind of event. */
  readonly type: "upstream_failed";
  /**
   * The request of `handleTokenRequest` that the event belongs to: the `requestId` option, or a
   * random ID. Absent outside `handleTokenRequest`.
   */
  readonly requestId?: string;
  /** Which operation was called. */
  readonly operation: OperationName;
  /** How the call failed. */
  readonly code: AuthleteErrorCode;
  /** The HTTP status of Authlete's answer, when it was not 200. */
  readonly status?: number;
  /** Authlete's result code, such as `A001202`, when the answer has one. */
  readonly resultCode?: string;
  /**
   * An explanation for the operator: what happened and what to check (a client option, the network,
   * one of your functions).
   */
  readonly detail: string;
}

/**
 * A WebAssembly trap ended the call, which rejects with `ERR_AUTHLETE_WASM_TRAP` or, at the token
 * endpoint and the engine's `fetch`, is answered with 500.
 */
export interface TrapEvent {
  /** Identifies this kind of event. */
  readonly type: "trap";
  /**
   * The request of `handleTokenRequest` that the event belongs to: the `requestId` option, or a
   * random ID. Absent outside `handleTokenRequest`.
   */
  readonly requestId?: string;
  /**
   * The function that was called: an operation, `handleTokenRequest`, or one of the engine's
   * (`engine.fetch` …).
   */
  readonly operation: string;
}
