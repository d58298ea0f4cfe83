// What `onEvent` hears, of the client and of the token endpoint.

import type { AuthleteErrorCode } from "./errors.js";

/** The name of one of the four operations. */
export type OperationName = "authToken" | "authTokenFail" | "authTokenIssue" | "idtokenReissue";

/** The name of an option of `handleTokenRequest` that the endpoint calls. */
export type HookName = "tokenRequest" | "authenticateUser" | "tokenExchange" | "jwtBearer" | "nativeSso" | "reissueIdToken";

/**
 * Something worth one line in a log, or a span: `switch` on `type`. It holds no secret: no token, ticket, credential, body or header.
 * What `onEvent` throws is ignored.
 */
export type AuthleteEvent = ExchangeEvent | RefusedEvent | HookFailedEvent | ReissueFailedEvent | UpstreamFailedEvent | TrapEvent;

/** One HTTP exchange with Authlete ended, well or not. The client tells it. */
export interface ExchangeEvent {
  /** Tells this event from the others. */
  readonly type: "exchange";
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
  /** Why the exchange failed; absent when it went well. */
  readonly code?: AuthleteErrorCode;
}

/** The token endpoint refused a request by itself. Authlete's refusals are the `action` of an `exchange`. */
export interface RefusedEvent {
  /** Tells this event from the others. */
  readonly type: "refused";
  /** The HTTP status of the refusal. */
  readonly status: number;
  /** The error code of the answer (RFC 6749 §5.2). */
  readonly error: string;
  /**
   * More about it in words, for the operator: which option to look at, or what the program did. Nothing of the request is in it, and the client is not told. It comes
   * with an `http:` URL that is not a loopback one (`allowInsecureRequests`), and with a request whose body the endpoint can't read: something else has, or it is not made of bytes.
   */
  readonly detail?: string;
}

/** A hook of the token endpoint threw, took too long, or gave something unusable. */
export interface HookFailedEvent {
  /** Tells this event from the others. */
  readonly type: "hook_failed";
  /** The option's name, such as `authenticateUser`. */
  readonly hook: HookName;
}

/** The token endpoint got no new ID token; the client got the tokens that were issued. */
export interface ReissueFailedEvent {
  /** Tells this event from the others. */
  readonly type: "reissue_failed";
  /** Why: the hook declined or failed, Authlete's action, or no usable answer (then `code` and perhaps `status` say more). */
  readonly reason: "declined" | "hook_failed" | "INTERNAL_SERVER_ERROR" | "CALLER_ERROR" | "upstream_failed";
  /** How the call failed, with `upstream_failed`. */
  readonly code?: AuthleteErrorCode;
  /** The HTTP status of Authlete's answer, with `upstream_failed` and a status other than 200. */
  readonly status?: number;
}

/** The token endpoint could not ask Authlete, or got nothing that it can act on. */
export interface UpstreamFailedEvent {
  /** Tells this event from the others. */
  readonly type: "upstream_failed";
  /** Which operation was called. */
  readonly operation: OperationName;
  /** How the call failed. */
  readonly code: AuthleteErrorCode;
  /** The HTTP status of Authlete's answer, when it was another than 200. */
  readonly status?: number;
}

/** A WebAssembly trap ended the call, which rejects with `ERR_AUTHLETE_WASM_TRAP` or, at the token endpoint and the engine's `fetch`, is answered with 500. */
export interface TrapEvent {
  /** Tells this event from the others. */
  readonly type: "trap";
  /** The function that was called: an operation, `handleTokenRequest`, or one of the engine's (`engine.fetch` …). */
  readonly operation: string;
}
