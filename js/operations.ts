// The four operations: typed wrappers around one export of the WebAssembly module.

import { type AuthleteClient, type CallOptions, callFrom, settingsOf } from "./client.js";
import { OPERATION_NAMES, type OperationName } from "./generated/contract.js";
import { runtime } from "./instance.js";
import type {
  IdtokenReissueRequest,
  IdtokenReissueResponse,
  TokenFailRequest,
  TokenFailResponse,
  TokenIssueRequest,
  TokenIssueResponse,
  TokenRequest,
  TokenResponse,
} from "./generated/wire.js";

function call<T>(
  operation: OperationName,
  authlete: AuthleteClient,
  request: unknown,
  options: CallOptions | undefined,
): Promise<T> {
  try {
    const settings = settingsOf(authlete);
    const { onEvent } = settings;
    return runtime.invoke(
      "operation",
      { operation, onEvent },
      OPERATION_NAMES.indexOf(operation),
      settings,
      request,
      callFrom(options, settings),
      onEvent,
    ) as Promise<T>;
  } catch (error) {
    return Promise.reject(error);
  }
}

/**
 * Passes a token request to Authlete, which says how to answer it:
 * `POST /api/{serviceId}/auth/token`.
 *
 * | `action` | what the token endpoint does next |
 * | --- | --- |
 * | `OK` | 200 with `responseContent` |
 * | `BAD_REQUEST` | 400 with `responseContent` |
 * | `INVALID_CLIENT` | 401 with `responseContent` and `WWW-Authenticate` |
 * | `INTERNAL_SERVER_ERROR` | 500 |
 * | `PASSWORD` | check `username` and `password`, then {@link authTokenIssue} or {@link authTokenFail} |
 * | `TOKEN_EXCHANGE`, `JWT_BEARER`, `NATIVE_SSO` | build the answer yourself |
 * | `ID_TOKEN_REISSUABLE` | {@link idtokenReissue}, or answer as for `OK` |
 *
 * `handleTokenRequest` does all of this. A code, refresh token or ticket is used up by the first
 * request that reaches Authlete, so don't repeat a request.
 *
 * @returns Authlete's answer. An OAuth refusal is an answer, too: the promise rejects only if there
 * is no usable answer.
 * @throws {AuthleteError} with any `code`.
 * @see
 * [Authlete: /auth/token](https://docs.authlete.com/en/shared/latest#post-/api/-serviceId-/auth/token)
 * @see [RFC 6749 §3.2](https://www.rfc-editor.org/rfc/rfc6749#section-3.2)
 */
export function authToken(
  authlete: AuthleteClient,
  request: TokenRequest,
  options?: CallOptions,
): Promise<TokenResponse> {
  return call("authToken", authlete, request, options);
}

/**
 * Refuses a token request after the action `PASSWORD`, and uses up its ticket:
 * `POST /api/{serviceId}/auth/token/fail`.
 *
 * @returns With `BAD_REQUEST`, answer 400 with `responseContent`; with `INTERNAL_SERVER_ERROR`,
 * 500.
 * @throws {AuthleteError} with any `code`.
 * @see
 * [Authlete: /auth/token/fail](https://docs.authlete.com/en/shared/latest#post-/api/-serviceId-/auth/token/fail)
 * @see [RFC 6749 §4.3](https://www.rfc-editor.org/rfc/rfc6749#section-4.3)
 */
export function authTokenFail(
  authlete: AuthleteClient,
  request: TokenFailRequest,
  options?: CallOptions,
): Promise<TokenFailResponse> {
  return call("authTokenFail", authlete, request, options);
}

/**
 * Issues tokens after the action `PASSWORD`, for the user whose credentials you verified:
 * `POST /api/{serviceId}/auth/token/issue`.
 *
 * @returns With `OK`, answer 200 with `responseContent`; with `INTERNAL_SERVER_ERROR`, 500.
 * @throws {AuthleteError} with any `code`.
 * @see
 * [Authlete: /auth/token/issue](https://docs.authlete.com/en/shared/latest#post-/api/-serviceId-/auth/token/issue)
 * @see [RFC 6749 §4.3](https://www.rfc-editor.org/rfc/rfc6749#section-4.3)
 */
export function authTokenIssue(
  authlete: AuthleteClient,
  request: TokenIssueRequest,
  options?: CallOptions,
): Promise<TokenIssueResponse> {
  return call("authTokenIssue", authlete, request, options);
}

/**
 * Gets a new ID token after the action `ID_TOKEN_REISSUABLE`:
 * `POST /api/{serviceId}/idtoken/reissue`.
 *
 * It consumes nothing. When it fails, the tokens of the `/auth/token` answer are still good: answer
 * 200 with that answer's `responseContent`.
 *
 * @returns With `OK`, answer 200 with `responseContent`; `CALLER_ERROR` means that this call was
 * wrong.
 * @throws {AuthleteError} with any `code`.
 * @see
 * [Authlete: /idtoken/reissue](https://docs.authlete.com/en/shared/latest#post-/api/-serviceId-/idtoken/reissue)
 * @see
 * [OpenID Connect Core 1.0 §12.2](https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse)
 */
export function idtokenReissue(
  authlete: AuthleteClient,
  request: IdtokenReissueRequest,
  options?: CallOptions,
): Promise<IdtokenReissueResponse> {
  return call("idtokenReissue", authlete, request, options);
}
