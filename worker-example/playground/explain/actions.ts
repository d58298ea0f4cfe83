// What the actions of the four APIs mean, and what the endpoint then does, by Authlete's API
// reference.
import type {
  IdtokenReissueResponse,
  TokenFailResponse,
  TokenIssueResponse,
  TokenResponse,
} from "authlete-token";

/** An action without a text is a type error. */
interface Actions {
  readonly "/auth/token": Record<TokenResponse["action"], string>;
  readonly "/auth/token/issue": Record<TokenIssueResponse["action"], string>;
  readonly "/auth/token/fail": Record<TokenFailResponse["action"], string>;
  readonly "/idtoken/reissue": Record<IdtokenReissueResponse["action"], string>;
}

/** By the API's path, then by the action. */
export const actions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "/auth/token": {
    OK: "The request is in order, and the answer has the tokens. The endpoint sends the API’s responseContent on, with status 200.",
    BAD_REQUEST:
      "The request is refused. The endpoint sends the API’s responseContent on, with status 400.",
    INVALID_CLIENT:
      "The client has not proved who it is. The endpoint sends the API’s responseContent on, with status 401. (A page of this server that sent no Authorization header gets 400.)",
    INTERNAL_SERVER_ERROR:
      "The service could not decide. The endpoint sends the API’s responseContent on, with status 500.",
    PASSWORD:
      "Nothing is decided yet: the endpoint has to say whether user name and password are right. It asks its hook authenticateUser (a function that you write), then calls /auth/token/issue or /auth/token/fail with the ticket, which stands for this request.",
    TOKEN_EXCHANGE:
      "The client wants to exchange a token (RFC 8693). The endpoint’s hook tokenExchange (a function that you write) makes the answer.",
    JWT_BEARER:
      "The client shows an assertion as a grant (RFC 7523 §2.1). The endpoint’s hook jwtBearer (a function that you write) makes the answer.",
    NATIVE_SSO:
      "An app shows the login of another app of its maker. The endpoint’s hook nativeSso (a function that you write) makes the answer.",
    ID_TOKEN_REISSUABLE:
      "The answer has the tokens, and a new ID token may come with them. The endpoint asks its hook reissueIdToken (a function that you write) what it should contain, then calls /idtoken/reissue.",
  },
  "/auth/token/issue": {
    OK: "The tokens were made. The endpoint sends the API’s responseContent on, with status 200.",
    INTERNAL_SERVER_ERROR:
      "No tokens could be made. The endpoint sends the API’s responseContent on, with status 500.",
  },
  "/auth/token/fail": {
    BAD_REQUEST:
      "The ticket is used up, and the request is refused. The endpoint sends the API’s responseContent on, with status 400.",
    INTERNAL_SERVER_ERROR:
      "The request is refused because the endpoint could not decide. It sends the API’s responseContent on, with status 500.",
  },
  "/idtoken/reissue": {
    OK: "There is a new ID token. The endpoint sends it on with the other tokens (the API’s responseContent), with status 200.",
    CALLER_ERROR:
      "The call has a mistake. The endpoint answers 200 with the tokens that were made before, without an ID token.",
    INTERNAL_SERVER_ERROR:
      "There is no new ID token. The endpoint answers 200 with the tokens that were made before.",
  },
} satisfies Actions;
