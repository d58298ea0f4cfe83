// The four operations: their parameters, and what the answer has for each action.
import {
  type AuthleteClient,
  type AuthzDetails,
  authToken,
  authTokenFail,
  authTokenIssue,
  idtokenReissue,
  type Property,
  type TokenRequest,
  type TokenResponse,
  type TokenResponsePassword,
  type TokenType,
} from "authlete-token";
import { exactly } from "./exactly.js";

declare const authlete: AuthleteClient;
declare const optional: string | undefined;

export function nextStep(response: TokenResponse): string {
  switch (response.action) {
    case "OK":
    case "BAD_REQUEST":
    case "INVALID_CLIENT":
    case "INTERNAL_SERVER_ERROR":
      exactly<string>()(response.responseContent);
      return response.responseContent;
    case "PASSWORD":
      exactly<string>()(response.ticket);
      exactly<string>()(response.username);
      exactly<string>()(response.password);
      exactly<TokenResponsePassword>()(response);
      return response.ticket;
    case "TOKEN_EXCHANGE":
      exactly<string>()(response.subjectToken);
      exactly<TokenType>()(response.subjectTokenType);
      return response.subjectToken;
    case "JWT_BEARER":
      exactly<string>()(response.assertion);
      return response.assertion;
    case "ID_TOKEN_REISSUABLE":
      exactly<string>()(response.responseContent);
      exactly<string>()(response.subject);
      // Authlete's documentation promises these with OK only.
      exactly<string | undefined>()(response.accessToken);
      exactly<string | undefined>()(response.refreshToken);
      return response.responseContent;
    case "NATIVE_SSO":
      exactly<string | undefined>()(response.sessionId);
      return response.sessionId ?? "";
    default:
      // All known actions are handled; a newer Authlete may still send another.
      exactly<never>()(response);
      return "";
  }
}

export async function right(): Promise<void> {
  const response = await authToken(authlete, { parameters: "grant_type=client_credentials" });
  exactly<TokenResponse>()(response);
  exactly<number | string | undefined>()(response.clientId);
  exactly<number | undefined>()(response.accessTokenExpiresAt);
  exactly<AuthzDetails | undefined>()(response.authorizationDetails);
  // @ts-expect-error outside of PASSWORD there may be no ticket
  const ticket: string = response.ticket;
  if (response.action === "PASSWORD")
    await authTokenIssue(authlete, { ticket: response.ticket, subject: "user-1" });
  if (response.grantType === "AUTHORIZATION_CODE" || response.grantType === "a grant type to come")
    exactly<Property[] | undefined>()(response.properties);

  const issued = await authTokenIssue(authlete, {
    ticket,
    subject: "user-1",
    properties: [{ key: "k", value: "v", hidden: true }],
  });
  exactly<"OK" | "INTERNAL_SERVER_ERROR">()(issued.action);
  exactly<string>()(issued.responseContent);
  exactly<string | undefined>()(issued.accessToken);
  const failed = await authTokenFail(authlete, {
    ticket,
    reason: "INVALID_RESOURCE_OWNER_CREDENTIALS",
  });
  exactly<"BAD_REQUEST" | "INTERNAL_SERVER_ERROR">()(failed.action);
  exactly<string>()(failed.responseContent);
  const reissued = await idtokenReissue(authlete, {
    accessToken: "a",
    refreshToken: "r",
    idTokenAudType: "string",
  });
  if (reissued.action === "CALLER_ERROR") exactly<string | undefined>()(reissued.responseContent);
  else exactly<string>()(reissued.responseContent);
}

// An ID is a number, a bigint or a string; optional members may be `undefined`.
const requests: TokenRequest[] = [
  { parameters: "", clientId: 1 },
  { parameters: "", clientId: 9_007_199_254_740_993n },
  { parameters: "", clientId: "alias", clientSecret: optional },
  {
    parameters: "",
    clientCertificatePath: ["…"],
    cimdOptions: { httpPermitted: true, queryPermitted: undefined },
    accessTokenDuration: 60,
  },
];
for (const request of requests) authToken(authlete, request);

// @ts-expect-error the parameters are missing
authToken(authlete, {});
// @ts-expect-error no such member
authToken(authlete, { parameters: "", client_id: "1" });
// @ts-expect-error no such member, deeper down
authToken(authlete, { parameters: "", cimdOptions: { httpAllowed: true } });
// @ts-expect-error the parameters are the body as a string
authToken(authlete, { parameters: new URLSearchParams() });
// @ts-expect-error a path is an array, even with one certificate
authToken(authlete, { parameters: "", clientCertificatePath: "…" });
// @ts-expect-error a duration is a number of seconds
authToken(authlete, { parameters: "", accessTokenDuration: "60" });
// @ts-expect-error null is not accepted
authToken(authlete, { parameters: "", clientId: null });
// @ts-expect-error the subject is missing
authTokenIssue(authlete, { ticket: "t" });
// @ts-expect-error the reason is missing
authTokenFail(authlete, { ticket: "t" });
// @ts-expect-error the refresh token is missing
idtokenReissue(authlete, { accessToken: "a" });
// @ts-expect-error the claims are the text of a JSON object
idtokenReissue(authlete, { accessToken: "a", refreshToken: "r", claims: { email: "…" } });

export function absentIsAbsent(response: TokenResponse): void {
  // @ts-expect-error a response never holds an explicit undefined
  response.ticket = undefined;
}
