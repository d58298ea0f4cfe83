// The token endpoint: its hooks get the answer with their own action, and return what the endpoint
// can use.
import {
  type AuthleteClient,
  handleTokenRequest,
  type HookContext,
  type TokenEndpointOptions,
  type TokenResponse,
  type TokenResponseIdTokenReissuable,
  type TokenResponseJwtBearer,
  type TokenResponseNativeSso,
  type TokenResponsePassword,
  type TokenResponseTokenExchange,
} from "authlete-token";
import { exactly } from "./exactly.js";

declare const authlete: AuthleteClient;
declare const request: Request;
declare const optional: string | undefined;

exactly<Promise<Response>>()(handleTokenRequest(request, { authlete }));
handleTokenRequest(request, {
  authlete,
  authenticateUser: (username, password, response, context) => {
    exactly<HookContext>()(context);
    exactly<URLSearchParams>()(context.parameters);
    exactly<string>()(username);
    exactly<string>()(password);
    exactly<TokenResponsePassword>()(response);
    return null;
  },
  tokenExchange: (response, incoming, { parameters }) => {
    exactly<string[]>()(parameters.getAll("resource"));
    exactly<TokenResponseTokenExchange>()(response);
    exactly<Request>()(incoming);
    return Response.json({ token: response.subjectToken });
  },
  jwtBearer: async (response) => {
    exactly<TokenResponseJwtBearer>()(response);
    return new Response(response.assertion);
  },
  nativeSso: async (response) => {
    exactly<TokenResponseNativeSso>()(response);
    return new Response(null, { status: 400 });
  },
  reissueIdToken: async (response, { parameters }) => {
    exactly<TokenResponseIdTokenReissuable>()(response);
    exactly<URLSearchParams>()(parameters);
    return response.requestedIdTokenClaims === undefined
      ? null
      : { claims: JSON.stringify({ sub: response.subject }) };
  },
  tokenRequest: (incoming, { parameters }) => ({
    accessTokenDuration:
      incoming.headers.has("x-short") || parameters.has("short") ? 60 : undefined,
  }),
  requestId: optional,
});

// Hooks may be methods, take fewer parameters, take any answer, and return a value or a promise.
const users = {
  check: async (username: string) =>
    username === "alice" ? { subject: "user-1", properties: [{ key: "k", value: "v" }] } : null,
};
const any = (response: TokenResponse) => new Response(response.action);
const variants: TokenEndpointOptions[] = [
  { authlete, authenticateUser: users.check, tokenExchange: any, jwtBearer: any, nativeSso: any },
  { authlete, authenticateUser: (username) => username, reissueIdToken: false, cors: false },
  {
    authlete,
    reissueIdToken: { idTokenAudType: "string", claims: optional },
    cors: ["https://app.example"],
    tokenRequest: { dpopNonceRequired: true },
  },
  {
    authlete,
    reissueIdToken: () => null,
    tokenEndpoint: optional,
    realm: undefined,
    cors: "*",
    onEvent: undefined,
    hookTimeoutMs: 100,
  },
  { authlete, clientCertificate: "cloudflare" },
  { authlete, clientCertificate: { format: "pem", header: "X-Ssl-Cert" } },
  {
    authlete,
    clientCertificate: { format: "rfc9440", header: "Client-Cert", chainHeader: optional },
  },
];
for (const options of variants) handleTokenRequest(request, options);

// @ts-expect-error the client is missing
handleTokenRequest(request, {});
// @ts-expect-error the options are missing
handleTokenRequest(request);
// @ts-expect-error a URL is not a request
handleTokenRequest("https://as.example/token", { authlete });
// @ts-expect-error no such option
handleTokenRequest(request, { authlete, authenticate: () => null });
// @ts-expect-error a boolean is not enough: the endpoint needs the subject
handleTokenRequest(request, { authlete, authenticateUser: () => true });
handleTokenRequest(request, {
  authlete,
  // @ts-expect-error issue parameters have a subject
  authenticateUser: async () => ({ properties: [{ key: "k", value: "v" }] }),
});
// @ts-expect-error a token exchange is answered with a response
handleTokenRequest(request, { authlete, tokenExchange: () => ({ access_token: "a" }) });
// @ts-expect-error the parameters come only from the request
handleTokenRequest(request, { authlete, tokenRequest: { parameters: "" } });
// @ts-expect-error so does the client's ID
handleTokenRequest(request, { authlete, tokenRequest: { clientId: "1" } });
// @ts-expect-error the endpoint sets the tokens itself
handleTokenRequest(request, { authlete, reissueIdToken: { accessToken: "a" } });
// @ts-expect-error a header is named together with its format
handleTokenRequest(request, { authlete, clientCertificate: "Client-Cert" });
// @ts-expect-error no header has a default name
handleTokenRequest(request, { authlete, clientCertificate: { format: "rfc9440" } });
handleTokenRequest(request, {
  authlete,
  // @ts-expect-error a header in PEM has no chain
  clientCertificate: { format: "pem", header: "X-Ssl-Cert", chainHeader: "X-Ssl-Chain" },
});
// @ts-expect-error a request's ID is a string
handleTokenRequest(request, { authlete, requestId: 1 });
// @ts-expect-error a single origin is given as an array, too
handleTokenRequest(request, { authlete, cors: "https://app.example" });
