// Errors and events: closed sets, so that a `switch` can be complete.
import {
  AuthleteClient,
  AuthleteError,
  type AuthleteErrorCode,
  type AuthleteEvent,
  authToken,
  type EventDetails,
  handleTokenRequest,
  type HookName,
  type OperationName,
} from "authlete-token";
import { exactly } from "./exactly.js";

declare const authlete: AuthleteClient;

export function sentence(code: AuthleteErrorCode): string {
  switch (code) {
    case "ERR_AUTHLETE_CONFIG":
    case "ERR_AUTHLETE_REQUEST_INVALID":
      return "ours";
    case "ERR_AUTHLETE_CONNECTION":
    case "ERR_AUTHLETE_TIMEOUT":
    case "ERR_AUTHLETE_ABORTED":
      return "no answer";
    case "ERR_AUTHLETE_HTTP_STATUS":
    case "ERR_AUTHLETE_RESPONSE_INVALID":
      return "Authlete's";
    case "ERR_AUTHLETE_WASM_TRAP":
    case "ERR_AUTHLETE_NOT_INITIALIZED":
      return "the package's";
    // No default: this function compiles only while the list is complete.
  }
}

export async function caught(): Promise<number> {
  try {
    await authToken(authlete, { parameters: "" });
  } catch (error) {
    if (!(error instanceof AuthleteError)) throw error;
    exactly<AuthleteErrorCode>()(error.code);
    exactly<"AuthleteError">()(error.name);
    exactly<string | undefined>()(error.operation);
    exactly<number | undefined>()(error.status);
    exactly<string | undefined>()(error.resultCode);
    exactly<Headers | undefined>()(error.headers);
    // @ts-expect-error no such code
    if (error.code === "ERR_AUTHLETE_HTTP") return 1;
    // @ts-expect-error the members of an error are read-only
    error.code = "ERR_AUTHLETE_TIMEOUT";
    return error.retryAfter ?? 0;
  }
  return 0;
}

// For tests of users' own code.
new AuthleteError("ERR_AUTHLETE_HTTP_STATUS", "authToken: Authlete answered with HTTP status 503", {
  operation: "authToken",
  status: 503,
  headers: undefined,
});
// @ts-expect-error no such code
new AuthleteError("ERR_SOMETHING", "…");

export function heard(event: AuthleteEvent): string {
  switch (event.type) {
    case "exchange":
      exactly<OperationName>()(event.operation);
      exactly<number>()(event.durationMs);
      exactly<number | undefined>()(event.status);
      exactly<AuthleteErrorCode | undefined>()(event.code);
      return `${event.operation} ${event.attempt} ${event.action}`;
    case "refused":
      exactly<number>()(event.status);
      exactly<string>()(event.detail);
      exactly<string | undefined>()(event.requestId);
      return event.error;
    case "hook_failed":
      exactly<HookName>()(event.hook);
      exactly<"threw" | "timed_out" | "invalid_result">()(event.reason);
      exactly<string | undefined>()(event.path);
      // @ts-expect-error the event of a hook has no operation
      return event.operation;
    case "reissue_failed":
      return event.reason === "upstream_failed" ? String(event.code) : event.reason;
    case "upstream_failed":
      exactly<AuthleteErrorCode>()(event.code);
      exactly<string | undefined>()(event.resultCode);
      return `${event.code} ${event.detail.toLowerCase()}`;
    case "trap":
      exactly<string>()(event.operation);
      return event.operation;
  }
}

export function alarmed(event: AuthleteEvent, details: EventDetails): unknown {
  exactly<unknown>()(details.error);
  exactly<unknown>()(details.cause);
  return event.type === "hook_failed" ? details.error : details.resultMessage?.toUpperCase();
}

// One function may be the `onEvent` of both, with or without the details.
new AuthleteClient({ serviceId: "1", bearer: "b", onEvent: alarmed });
handleTokenRequest(new Request("https://as.example/token"), { authlete, onEvent: alarmed });
handleTokenRequest(new Request("https://as.example/token"), { authlete, onEvent: heard });
