// The token endpoint: checks the types of its options and calls into WebAssembly. The rules are in
// Rust (`src/endpoint`).

import { type AuthleteClient, settingsOf } from "./client.js";
import {
  certificateSource,
  type CheckedSource,
  type ClientCertificateSource,
} from "./client-certificate.js";
import { AuthleteError, configError } from "./errors.js";
import type { AuthleteEvent, EventDetails } from "./events.js";
import {
  DEFAULT_MAX_REQUEST_BYTES,
  type EndpointOptionsMember,
  FLAG_ASK_FOR_REISSUE,
  FLAG_AUTHENTICATE_USER,
  FLAG_CORS,
  FLAG_CORS_LIST,
  FLAG_INSECURE,
  FLAG_JWT_BEARER,
  FLAG_NATIVE_SSO,
  FLAG_REISSUE,
  FLAG_REISSUE_OPTIONS,
  FLAG_TOKEN_EXCHANGE,
  PREFLIGHT_HEADERS,
  REQUEST_HEADERS,
} from "./generated/contract.js";
import type {
  IdtokenReissueRequest,
  TokenIssueRequest,
  TokenRequest,
  TokenResponseIdTokenReissuable,
  TokenResponseJwtBearer,
  TokenResponseNativeSso,
  TokenResponsePassword,
  TokenResponseTokenExchange,
} from "./generated/wire.js";
import { runtime } from "./instance.js";
import { localEndpoint } from "./local-engine.js";
import {
  callable,
  expectObject,
  expectOptions,
  guarded,
  MAX_MILLISECONDS,
  number,
} from "./options.js";
import { type Answer, type HookContext, header, tell } from "./boundary.js";
import { foreignRequest, type PlainRequest, type PlainResponse, plainResponse } from "./plain.js";

export type { HookContext } from "./boundary.js";

/** A value, or a promise of one. */
export type Awaitable<T> = T | PromiseLike<T>;

/**
 * What a reissued ID token should contain beyond Authlete's defaults. Take the values from
 * server-side data only, never from the client's request.
 */
export type ReissueOptions = Pick<
  IdtokenReissueRequest,
  "sub" | "claims" | "idtHeaderParams" | "idTokenAudType"
>;

/**
 * What your code may add to the `/auth/token` request. Values from the token request itself (`dpop`
 * and so on) override it.
 */
export type AddedTokenRequest = Omit<TokenRequest, "parameters" | "clientId" | "clientSecret">;

/**
 * The options of {@link handleTokenRequest}. Setting an optional one to `undefined` is the same as
 * leaving it out.
 *
 * Hooks may be synchronous or asynchronous. The `request` that a hook gets is a copy whose body can
 * be read, and the last argument of every hook holds the parsed parameters. If a hook throws, takes
 * longer than `hookTimeoutMs`, or returns something that its type does not allow, `onEvent`
 * receives a `hook_failed` event and the client gets a 500. If that hook is `reissueIdToken`, the
 * client gets its tokens without a new ID token instead.
 *
 * @see
 * [The hooks' contract](https://github.com/authlete-token/authlete-token/blob/main/docs/hooks.md)
 */
export interface TokenEndpointOptions {
  /** The client for Authlete, or for the embedded engine. */
  readonly authlete: AuthleteClient;
  /**
   * Checks a user's credentials, for the resource owner password credentials grant (RFC 6749 §4.3).
   * Returns the subject, or issue parameters that include one; `null` refuses. Limiting password
   * guessing is up to you. Without this hook, the grant is answered with `unsupported_grant_type`.
   */
  readonly authenticateUser?:
    | ((
        username: string,
        password: string,
        response: TokenResponsePassword,
        context: HookContext,
      ) => Awaitable<string | Omit<TokenIssueRequest, "ticket"> | null>)
    | undefined;
  /**
   * Answers a token exchange (RFC 8693). Authlete has not verified the signature of a JWT from
   * another issuer. Without this hook, the grant is answered with `unsupported_grant_type`.
   */
  readonly tokenExchange?:
    | ((
        response: TokenResponseTokenExchange,
        request: Request,
        context: HookContext,
      ) => Awaitable<Response>)
    | undefined;
  /**
   * Answers the JWT bearer grant (RFC 7523 §2.1). Authlete has not verified the assertion's
   * signature. Without this hook, the grant is answered with `unsupported_grant_type`.
   */
  readonly jwtBearer?:
    | ((
        response: TokenResponseJwtBearer,
        request: Request,
        context: HookContext,
      ) => Awaitable<Response>)
    | undefined;
  /**
   * Answers a Native SSO request (OpenID Connect Native SSO for Mobile Apps 1.0). Checking the
   * session and the device secret is up to you. Without this hook, the request is answered with
   * `invalid_grant`.
   */
  readonly nativeSso?:
    | ((
        response: TokenResponseNativeSso,
        request: Request,
        context: HookContext,
      ) => Awaitable<Response>)
    | undefined;
  /**
   * What to do when Authlete allows a new ID token for a refresh token request. `true`: reissue
   * with Authlete's defaults; `false`: answer without one; otherwise the claims, header and
   * audience type to use, or a function that returns them (`null` declines). If the reissue fails,
   * the client still gets its other tokens, and `onEvent` receives the reason. Default `true`
   * (OpenID Connect Core 1.0 §12.2).
   */
  readonly reissueIdToken?:
    | boolean
    | ReissueOptions
    | ((
        response: TokenResponseIdTokenReissuable,
        context: HookContext,
      ) => Awaitable<ReissueOptions | null>)
    | undefined;
  /**
   * Additional members of the `/auth/token` request, or a function that returns them: properties,
   * durations, `jwtAtClaims`, `cimdOptions` and so on; never `parameters`, `clientId` or
   * `clientSecret`.
   */
  readonly tokenRequest?:
    | AddedTokenRequest
    | ((request: Request, context: HookContext) => Awaitable<AddedTokenRequest>)
    | undefined;
  /**
   * Where the TLS client certificate of a request is (RFC 8705), for clients that authenticate with
   * it and for tokens that are bound to it. It becomes `clientCertificate` and
   * `clientCertificatePath` of the `/auth/token` request, which `tokenRequest` must then not set. A
   * request with a certificate that can't be read gets `invalid_request`. Default: nowhere; no
   * header is read.
   *
   * A header is believed as it is: name one only if clients can't reach the endpoint but through a
   * proxy that removes or replaces it in every request (RFC 9440 §4). Checking that the certificate
   * is valid and that its chain is trusted is up to what ends the TLS connection, unless your
   * service does it (`mutualTlsValidatePkiCertChain`).
   */
  readonly clientCertificate?: ClientCertificateSource | undefined;
  /**
   * The public URL of this endpoint, which DPoP proofs must name (RFC 9449 §4.3). If left out,
   * Authlete uses the one in the settings of your service.
   */
  readonly tokenEndpoint?: string | undefined;
  /**
   * The realm of the `WWW-Authenticate` challenge (RFC 7617 §2). A page of the endpoint's own
   * origin that sends no `Authorization` header gets `invalid_client` with status 400 and no
   * challenge (RFC 6749 §5.2), because a challenge would make the browser ask the user for a
   * password. Default `"token"`.
   */
  readonly realm?: string | undefined;
  /**
   * Which web origins may read the responses (the Fetch standard's CORS protocol): any (`"*"`), the
   * listed ones, or none (`false`). Their pages may send any request header. The endpoint uses no
   * cookies. Default `"*"`.
   */
  readonly cors?: "*" | readonly string[] | false | undefined;
  /**
   * The largest request body to accept, in bytes. Default 65 536. Where requests have no body
   * stream (in Firefox, and in some other implementations of the Fetch standard), a larger body
   * without a `Content-Length` is refused only after it has been read.
   */
  readonly maxRequestBytes?: number | undefined;
  /**
   * Accept requests with `http:` URLs whose host is not loopback (`localhost`, every name under it,
   * 127.0.0.0/8, `[::1]`). Set it behind a proxy that terminates TLS, or a development server that
   * rewrites the URL. Default `false`.
   */
  readonly allowInsecureRequests?: boolean | undefined;
  /** How long a hook may take, in milliseconds. Default 10 000. */
  readonly hookTimeoutMs?: number | undefined;
  /**
   * The ID of the request in its events, such as a trace ID: 1 to 128 printable ASCII characters.
   * It is used nowhere else. Any other value rejects with `ERR_AUTHLETE_CONFIG`, so don't pass on
   * an unchecked header that clients can set. Default: a random ID for each request.
   */
  readonly requestId?: string | undefined;
  /**
   * Called once for everything that happens in the request, in order: exchanges with Authlete,
   * refusals, failed hooks, failed reissues, upstream failures, traps. It replaces the client's
   * `onEvent` for this request; without it, the client's is called. The event is safe to log; the
   * details may hold secrets and are not. Anything it throws is ignored.
   */
  readonly onEvent?: ((event: AuthleteEvent, details: EventDetails) => void) | undefined;
}

/**
 * A complete token endpoint (RFC 6749 §3.2): a web `Request` in, a finished `Response` out.
 *
 * It checks method, media type, size and client authentication syntax, calls `/auth/token`, does
 * what Authlete's `action` says – calling your hooks, and `/auth/token/issue`, `/auth/token/fail`
 * or `/idtoken/reissue` – and answers with the right status and headers, CORS included.
 *
 * @returns A response in every case: an OAuth error for the client's mistakes; 503
 * `temporarily_unavailable` for temporary upstream failures – a refused or lost connection, a
 * timeout, an incomplete response, HTTP status 408, 429 or any 5xx –, with `Retry-After` if
 * Authlete named a delay; otherwise 500 `server_error`. The 503 and 500 responses give no further
 * details.
 * @throws {AuthleteError} For programming mistakes only: `ERR_AUTHLETE_CONFIG` for an unusable
 * option, and `ERR_AUTHLETE_NOT_INITIALIZED` from `authlete-token/slim` before `initializeWasm`. If
 * the WebAssembly module can't be loaded, the response is a 500, and `onEvent` receives an
 * `upstream_failed` event with that code.
 * @example
 * export default {
 *   fetch: (request, env) => handleTokenRequest(request, {
 *     authlete: new AuthleteClient({ serviceId: env.AUTHLETE_SERVICE_ID, bearer: env.AUTHLETE_BEARER }),
 *   }),
 * };
 * @see
 * [Authlete: /auth/token](https://docs.authlete.com/en/shared/latest#post-/api/-serviceId-/auth/token)
 * @see [RFC 6749 §3.2](https://www.rfc-editor.org/rfc/rfc6749#section-3.2)
 */
export async function handleTokenRequest(
  request: Request,
  options: TokenEndpointOptions,
): Promise<Response> {
  const answer = await answered(request, options);
  if (!isOwn(answer)) return answer;
  const { status, headers, body } = answer;
  return new Response(body === "" ? null : body, { status, headers });
}

/**
 * The same as {@link handleTokenRequest}, for servers without the classes of the Fetch standard:
 * Node's own HTTP server, Express, Lambda. With the embedded engine, those classes take a fifth of
 * the processor time of a request. Its events are the same, those of `handleTokenRequest`.
 *
 * A hook's `Response` is read as a whole, within `hookTimeoutMs`. The headers that describe how its
 * own connection carried it (`content-length`, `content-encoding`, `transfer-encoding`,
 * `connection` and the like) are left out: the bytes are decoded, and the server that sends them
 * says how.
 *
 * @throws {AuthleteError} As {@link handleTokenRequest}, and `ERR_AUTHLETE_CONFIG` for a request
 * that is not one. If the body of a hook's `Response` breaks off, rejects with what reading it
 * threw; with `ERR_AUTHLETE_TIMEOUT` if it does not end in time, and with `ERR_AUTHLETE_ABORTED` if
 * the request's signal fires.
 * @example
 * // With Express: bytesOf(incoming) returns a promise of the bytes that arrive, and nothing else
 * // (no `express.urlencoded()`) may read them.
 * const answer = await handlePlainTokenRequest(
 *   {
 *     method: incoming.method,
 *     url: `https://as.example.com${incoming.originalUrl}`,
 *     headers: incoming.headersDistinct,
 *     bodyUsed: incoming.readableDidRead,
 *     bytes: () => bytesOf(incoming),
 *   },
 *   { authlete },
 * );
 * outgoing.writeHead(answer.status, answer.headers).end(answer.body);
 * @example
 * // AWS Lambda behind an API Gateway, with `event.multiValueHeaders`.
 * const { status, headers, body } = await handlePlainTokenRequest(
 *   {
 *     method: event.httpMethod,
 *     url: "https://as.example.com/token",
 *     headers: event.multiValueHeaders,
 *     bytes: async () => Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8"),
 *   },
 *   { authlete },
 * );
 * const multiValueHeaders = Object.fromEntries(
 *   Object.entries(headers).map(([name, value]) => [name, [value].flat()]),
 * );
 * return {
 *   statusCode: status,
 *   multiValueHeaders,
 *   body: Buffer.from(body).toString("base64"),
 *   isBase64Encoded: true,
 * };
 */
export async function handlePlainTokenRequest(
  request: PlainRequest,
  options: TokenEndpointOptions,
): Promise<PlainResponse> {
  const answer = await answered(
    guarded("request", () => foreignRequest(request)),
    options,
  );
  // A copy, since the caller may add headers of its own.
  if (isOwn(answer)) return { ...answer, headers: { ...answer.headers } };
  return plainResponse(answer, options.hookTimeoutMs ?? HOOK_TIMEOUT, request.signal);
}

/** Whether the endpoint has made the answer; if not, a hook has. */
function isOwn(answer: Answer | Response): answer is Answer {
  return typeof answer.body === "string";
}

async function answered(
  request: Request,
  options: TokenEndpointOptions,
): Promise<Answer | Response> {
  const checked = guarded("options", () => checkedOptions(options));
  const client = guarded("options", () => settingsOf(options.authlete));
  const onEvent = earOf(checked.onEvent ?? client.onEvent, checked.requestId);
  checked.onEvent = onEvent;
  const { head, signal } = headOf(request, checked.clientCertificate);
  const call = { operation: "handleTokenRequest", onEvent };
  const values = [request, head, signal, checked];
  const local = localEndpoint(client, checked.tokenRequest);
  try {
    const answer =
      local === undefined
        ? runtime.invoke("token_endpoint", call, client, ...values)
        : local(call, client, ...values);
    return (await answer) as Answer | Response;
  } catch (error) {
    const code = error instanceof AuthleteError ? error.code : undefined;
    // Programming mistakes are thrown to the caller; for anything else, the client gets an answer.
    if (code === "ERR_AUTHLETE_CONFIG" || !(local || runtime.provided)) throw error;
    if (code === "ERR_AUTHLETE_NOT_INITIALIZED" && onEvent !== undefined)
      tell(
        onEvent,
        {
          type: "upstream_failed",
          operation: "authToken",
          code,
          detail: (error as AuthleteError).message,
        },
        { error },
      );
    // A trap has been told. Anything else is a fault of ours, which must not be silent either.
    if (code === undefined && onEvent !== undefined)
      tell(onEvent, { type: "trap", operation: "handleTokenRequest" }, { error });
    return lastResort();
  }
}

type OnEvent = (event: AuthleteEvent, details: EventDetails) => void;

/**
 * An `onEvent` that adds the request's ID to each event. A random ID is made only when an event
 * first needs it.
 */
function earOf(onEvent: OnEvent | undefined, requestId: string | undefined): OnEvent | undefined {
  if (onEvent === undefined) return undefined;
  let id = requestId;
  return (event, details) => {
    id ??= randomId();
    return onEvent({ ...event, requestId: id }, details);
  };
}

/**
 * Distinguishes requests, and need not be secret. Pages in an insecure context have no
 * `randomUUID`.
 */
function randomId(): string {
  try {
    return crypto.randomUUID();
  } catch {
    return `${Math.random()}`.slice(2);
  }
}

/** The default of `hookTimeoutMs`. */
const HOOK_TIMEOUT = 10_000;

const OPTIONS = [
  "authlete",
  "authenticateUser",
  "tokenExchange",
  "jwtBearer",
  "nativeSso",
  "reissueIdToken",
  "tokenRequest",
  "clientCertificate",
  "tokenEndpoint",
  "realm",
  "cors",
  "maxRequestBytes",
  "allowInsecureRequests",
  "hookTimeoutMs",
  "requestId",
  "onEvent",
];

/** The checked options, in the form that Rust reads. */
function checkedOptions(options: TokenEndpointOptions) {
  const given = expectOptions("", options, OPTIONS);
  const {
    cors = "*",
    realm,
    tokenEndpoint,
    reissueIdToken = true,
    tokenRequest,
    allowInsecureRequests = false,
  } = given;
  const text = (path: string, value: unknown): string | undefined => {
    if (value !== undefined && typeof value !== "string")
      throw configError(path, "expected a string");
    return value;
  };
  if (
    cors !== "*" &&
    cors !== false &&
    !(Array.isArray(cors) && cors.every((origin) => typeof origin === "string"))
  ) {
    throw configError("cors", 'expected "*", an array of origins, or false');
  }
  if (typeof reissueIdToken !== "boolean" && typeof reissueIdToken !== "function")
    expectObject("reissueIdToken", reissueIdToken);
  if (tokenRequest !== undefined && typeof tokenRequest !== "function")
    expectObject("tokenRequest", tokenRequest);
  if (typeof allowInsecureRequests !== "boolean")
    throw configError("allowInsecureRequests", "expected a boolean");
  const authenticateUser = callable("authenticateUser", given.authenticateUser);
  const tokenExchange = callable("tokenExchange", given.tokenExchange);
  const jwtBearer = callable("jwtBearer", given.jwtBearer);
  const nativeSso = callable("nativeSso", given.nativeSso);
  return {
    flags:
      (authenticateUser ? FLAG_AUTHENTICATE_USER : 0) |
      (tokenExchange ? FLAG_TOKEN_EXCHANGE : 0) |
      (jwtBearer ? FLAG_JWT_BEARER : 0) |
      (nativeSso ? FLAG_NATIVE_SSO : 0) |
      (reissueIdToken ? FLAG_REISSUE : 0) |
      (typeof reissueIdToken === "function" ? FLAG_ASK_FOR_REISSUE : 0) |
      (typeof reissueIdToken === "object" ? FLAG_REISSUE_OPTIONS : 0) |
      (cors ? FLAG_CORS : 0) |
      (Array.isArray(cors) ? FLAG_CORS_LIST : 0) |
      (allowInsecureRequests ? FLAG_INSECURE : 0),
    authenticateUser,
    tokenExchange,
    jwtBearer,
    nativeSso,
    reissueIdToken,
    tokenRequest,
    clientCertificate: certificateSource(given.clientCertificate),
    tokenEndpoint: text("tokenEndpoint", tokenEndpoint),
    realm: text("realm", realm),
    cors,
    maxRequestBytes: number(
      "maxRequestBytes",
      given.maxRequestBytes ?? DEFAULT_MAX_REQUEST_BYTES,
      16_777_216,
    ),
    hookTimeoutMs: number("hookTimeoutMs", given.hookTimeoutMs ?? HOOK_TIMEOUT, MAX_MILLISECONDS),
    requestId: requestIdFrom(given.requestId),
    onEvent: callable<OnEvent>("onEvent", given.onEvent),
  } satisfies Record<EndpointOptionsMember | "requestId" | "clientCertificate", unknown>;
}

/** The ID appears in log lines, so it must not contain line breaks. */
function requestIdFrom(value: unknown): string | undefined {
  if (value !== undefined && (typeof value !== "string" || !/^[\x20-\x7e]{1,128}$/.test(value)))
    throw configError("requestId", "expected a string of 1 to 128 printable ASCII characters");
  return value;
}

/**
 * Reads everything of a request but its body. `head` is method, URL and headers in the form that
 * Rust reads (`src/wasm/operations/head.rs`).
 */
function headOf(request: Request, source: CheckedSource | undefined) {
  return guarded("request", () => {
    const { method, url, headers, bodyUsed, signal } = request;
    if (typeof method !== "string" || typeof url !== "string" || typeof headers?.get !== "function")
      throw configError("request", "expected a Request");
    // A request of another implementation may have no signal.
    const watched = typeof signal?.addEventListener === "function" ? signal : undefined;
    let head = `${oneLine(method)}\n${oneLine(url)}\n${bodyUsed ? "used" : ""}`;
    const put = (value: string | undefined) => {
      head += value === undefined ? "\n" : `\n=${oneLine(value)}`;
    };
    const add = (name: string) => put(header(headers, name));
    REQUEST_HEADERS.forEach(add);
    if (method === "OPTIONS") PREFLIGHT_HEADERS.forEach(add);
    else if (source !== undefined) {
      const shown = source.shown(request);
      head += `${"\n".repeat(PREFLIGHT_HEADERS.length + 1)}${source.name}`;
      shown.forEach(put);
    }
    return { head, signal: watched };
  });
}

/** Only the values of another implementation can have line breaks. */
function oneLine(text: string): string {
  return text.includes("\n") ? text.replaceAll("\n", " ") : text;
}

/**
 * The answer when there is no instance or a trap has ended the request, so that Rust can't make
 * one.
 */
function lastResort(): Answer {
  return {
    status: 500,
    headers: {
      "content-type": "application/json",
      "cache-control": "no-store",
      pragma: "no-cache",
      "x-content-type-options": "nosniff",
    },
    body: '{"error":"server_error"}',
  };
}
