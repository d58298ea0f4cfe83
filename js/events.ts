// What `onEvent` hears, of the client and of the token endpoint.

import type { AuthleteErrorCode } from "./errors.js";

/** The name of one of the four operations. */
export type OperationName = "authToken" | "authTokenFail" | "authTokenIssue" | "idtokenReissue";

/**
 * Something worth one line in a log, or a span. It holds no secret: no token, ticket, credential, body or header.
 * What `onEvent` throws is ignored.
 */
export type AuthleteEvent =
  /** One HTTP exchange with Authlete ended, well or not. */
  | {
      readonly type: "exchange";
      readonly operation: OperationName;
      /** Which attempt this was, from 1. */
      readonly attempt: number;
      /** Milliseconds from sending to the end of the body. */
      readonly durationMs: number;
      /** The HTTP status, when there was an answer. */
      readonly status?: number;
      /** Authlete's action, when there was a usable answer. */
      readonly action?: string;
      /** Authlete's result code. */
      readonly resultCode?: string;
      /** Why the exchange failed. */
      readonly code?: AuthleteErrorCode;
    }
  /** The token endpoint refused a request by itself. Authlete's refusals are the `action` of an `exchange`. */
  | {
      readonly type: "refused";
      /** The HTTP status of the refusal. */
      readonly status: number;
      /** The error code of the answer (RFC 6749 §5.2). */
      readonly error: string;
    }
  /** A hook threw, took too long, or gave something unusable. */
  | {
      readonly type: "hook_failed";
      /** The option's name, such as `authenticateUser`. */
      readonly hook: string;
    }
  /** There is no new ID token; the client got the tokens that were issued. */
  | {
      readonly type: "reissue_failed";
      /** Why. With `upstream_failed`, `code` and perhaps `status` say more. */
      readonly reason: "declined" | "hook_failed" | "INTERNAL_SERVER_ERROR" | "CALLER_ERROR" | "upstream_failed";
      readonly code?: AuthleteErrorCode;
      readonly status?: number;
    }
  /** Authlete could not be asked, or gave nothing that the endpoint can act on. */
  | {
      readonly type: "upstream_failed";
      readonly operation: OperationName;
      readonly code: AuthleteErrorCode;
      readonly status?: number;
    }
  /** A WebAssembly trap ended the call. */
  | { readonly type: "trap"; readonly operation: string };
