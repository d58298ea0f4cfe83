// What `authlete-token` exports, as users' compilers read it. Written by `npm run declarations`.

/** The last argument of every hook. Each call of a hook gets a new one. */
export interface HookContext {
    /**
     * The parameters of the token request as received, including every value of a repeated parameter,
     * and credentials. Authlete has not yet checked them when `tokenRequest` is called.
     */
    readonly parameters: URLSearchParams;
}

/**
 * Where the TLS client certificate of a request is: in what Cloudflare says about the connection
 * (`"cloudflare"`), or in a header that a proxy in front of the endpoint sets.
 *
 * With `"cloudflare"`, a certificate counts if `request.cf.tlsClientAuth` says that it was
 * presented (`certPresented`), verified (`certVerified` is `"SUCCESS"`) and not revoked
 * (`certRevoked`); any other is treated as if there were none. Self-signed certificates therefore
 * don't count.
 *
 * @see
 * [Cloudflare: Client certificate variables](https://developers.cloudflare.com/ssl/client-certificates/client-certificate-variables/)
 * @see [RFC 8705](https://www.rfc-editor.org/rfc/rfc8705)
 */
export type ClientCertificateSource = "cloudflare" | Rfc9440CertificateSource | PemCertificateSource;

/**
 * Headers of RFC 9440. Only for a server that clients can reach through the proxy alone, and behind
 * a proxy that removes or replaces these headers in every request (RFC 9440 §4): otherwise anyone
 * can pretend to be any client.
 */
export interface Rfc9440CertificateSource {
    /** A byte sequence: the base64 of the DER between colons. */
    readonly format: "rfc9440";
    /** The name of the header with the client's own certificate, usually `Client-Cert`. */
    readonly header: string;
    /**
     * The name of the header with the other certificates of its chain, usually `Client-Cert-Chain`.
     * Without it, no chain is passed on. The proxy must remove or replace it as well.
     */
    readonly chainHeader?: string | undefined;
}

/**
 * A header with the client's certificate in PEM, and no other certificate. Only for a server that
 * clients can reach through the proxy alone, and behind a proxy that removes or replaces the header
 * in every request: otherwise anyone can pretend to be any client.
 */
export interface PemCertificateSource {
    /**
     * PEM as headers carry it: percent-encoded (nginx's `$ssl_client_escaped_cert`), with spaces or
     * tabs in the place of line breaks (Apache), or the base64 alone (HAProxy's `ssl_c_der,base64`).
     */
    readonly format: "pem";
    /** The name of the header, such as `X-Ssl-Cert`. */
    readonly header: string;
}

/**
 * A `fetch` function: the runtime's own, or a replacement for it (a service binding, a Durable
 * Object stub, a test double).
 */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * What an embedded engine answered to one call of Authlete's API.
 */
export interface EngineAnswer {
    /** The HTTP status that Authlete's answer would have. */
    readonly status: number;
    /** The JSON text of the answer. */
    readonly body: string;
}

/**
 * Answers calls of Authlete's API without HTTP: an `Engine` of `authlete-token/engine`, or the stub
 * of a Durable Object whose class passes `exchange` on to one.
 */
export interface EngineExchange {
    /**
     * Answers one call.
     *
     * @param path The path of the call, such as `/api/1/auth/token`.
     * @param authorization The `Authorization` header: the bearer with its scheme (RFC 6750 §2.1).
     * @param body The JSON text of the request.
     */
    exchange(path: string, authorization: string, body: string): EngineAnswer | PromiseLike<EngineAnswer>;
}

/**
 * When an operation is retried: after HTTP status 429 or 503 with a delay named by Authlete, and
 * `idtokenReissue`, which consumes nothing, also after a connection failure. Codes, refresh tokens
 * and tickets are single-use, so any other request that Authlete may have processed is never
 * repeated.
 */
export interface RetryOptions {
    /**
     * How often an operation is attempted at most, including the first attempt. Default 1: no
     * retries.
     */
    readonly attempts: number;
    /**
     * The longest delay to wait before a retry, in milliseconds. If Authlete names a longer delay, or
     * one that ends after the call's deadline, the call is not retried. Default 5 000.
     */
    readonly maxDelayMs?: number | undefined;
}

/**
 * The options of an {@link AuthleteClient}. Setting an optional one to `undefined` is the same as
 * leaving it out.
 */
export interface AuthleteClientOptions {
    /**
     * The ID of your service at Authlete, such as `"715948317"`. It is one segment of the path of
     * every call.
     */
    readonly serviceId: string;
    /**
     * The access token for Authlete's API (a service access token or an organization token; RFC 6750
     * §2.1), or a function that returns it, for secrets that rotate; the function is called once per
     * call. Keep the token on a server, never in a web page.
     */
    readonly bearer: string | (() => string | Promise<string>);
    /**
     * The base URL of Authlete's API: the cluster of your service. It must be `https:`, or `http:`
     * with a loopback host: `localhost`, any name under it (`http://authlete.localhost:8789`),
     * 127.0.0.0/8 or `[::1]`. A name under `localhost` relies on the resolver to return a loopback
     * address (RFC 6761 §6.3). This is trusted configuration: never take it from a request. Default
     * `https://us.authlete.com`.
     */
    readonly serverURL?: string | undefined;
    /**
     * Used instead of the runtime's `fetch`. The `body` of its responses may be a web stream or any
     * other async iterable of bytes (as with node-fetch); a response with neither is read with
     * `arrayBuffer()`.
     */
    readonly fetch?: Fetch | undefined;
    /**
     * An embedded engine that answers instead of Authlete's service, without HTTP in between.
     * `serverURL`, `fetch` and `headers` can't be set beside it.
     */
    readonly engine?: EngineExchange | undefined;
    /**
     * The deadline of each call, in milliseconds. It covers `bearer()`, all attempts, the delays
     * between them, and reading the body. Default 10 000.
     */
    readonly timeoutMs?: number | undefined;
    /**
     * The largest response body to accept, in bytes after decompression. Default 1 048 576. If your
     * own `fetch` returns responses that can only be read with `arrayBuffer()`, one whose
     * `Content-Length` is larger is refused before it is read; any other is checked after it has been
     * read. In `handleTokenRequest`, an `engine` in the same program answers without a body, so that
     * there is no limit.
     */
    readonly maxResponseBytes?: number | undefined;
    /** When to retry. Default: never. */
    readonly retry?: RetryOptions | undefined;
    /**
     * Headers to send with every call. `authorization`, `accept` and `content-type` can't be set
     * here.
     */
    readonly headers?: Readonly<Record<string, string>> | undefined;
    /**
     * Called for every HTTP exchange and every WebAssembly trap. In `handleTokenRequest`, the
     * endpoint's own `onEvent` is called instead; if the endpoint has none, this one receives all of
     * its events. The event is safe to log; the details may hold secrets and are not. Anything it
     * throws is ignored.
     */
    readonly onEvent?: ((event: AuthleteEvent, details: EventDetails) => void) | undefined;
}

/** The options of one call. Setting one to `undefined` is the same as leaving it out. */
export interface CallOptions {
    /** Aborts the call, which then rejects with `ERR_AUTHLETE_ABORTED`. */
    readonly signal?: AbortSignal | undefined;
    /** The deadline of this call, in milliseconds, instead of the client's. */
    readonly timeoutMs?: number | undefined;
    /**
     * Headers to send with this call; they override the client's. `authorization`, `accept` and
     * `content-type` can't be set here, and no headers at all if the client has an `engine`.
     */
    readonly headers?: Readonly<Record<string, string>> | undefined;
}

/**
 * Where Authlete's API is and how to call it: an immutable configuration for the four operations
 * and `handleTokenRequest`. It holds no connection, so it may live in module scope.
 *
 * @throws {AuthleteError} `ERR_AUTHLETE_CONFIG` for an option that is missing, unusable or unknown;
 * the message names the option, never its value.
 * @example
 * const authlete = new AuthleteClient({ serviceId: env.AUTHLETE_SERVICE_ID, bearer: env.AUTHLETE_BEARER });
 */
export declare class AuthleteClient {
    #private;
    /**
     * Checks the options. Nothing is sent.
     *
     * @throws {AuthleteError} `ERR_AUTHLETE_CONFIG` for an option that is missing, unusable or
     * unknown.
     * @example
     * const authlete = new AuthleteClient({ serviceId: env.AUTHLETE_SERVICE_ID, bearer: env.AUTHLETE_BEARER });
     */
    constructor(options: AuthleteClientOptions);
}

/** A value, or a promise of one. */
export type Awaitable<T> = T | PromiseLike<T>;

/**
 * What a reissued ID token should contain beyond Authlete's defaults. Take the values from
 * server-side data only, never from the client's request.
 */
export type ReissueOptions = Pick<IdtokenReissueRequest, "sub" | "claims" | "idtHeaderParams" | "idTokenAudType">;

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
    readonly authenticateUser?: ((username: string, password: string, response: TokenResponsePassword, context: HookContext) => Awaitable<string | Omit<TokenIssueRequest, "ticket"> | null>) | undefined;
    /**
     * Answers a token exchange (RFC 8693). Authlete has not verified the signature of a JWT from
     * another issuer. Without this hook, the grant is answered with `unsupported_grant_type`.
     */
    readonly tokenExchange?: ((response: TokenResponseTokenExchange, request: Request, context: HookContext) => Awaitable<Response>) | undefined;
    /**
     * Answers the JWT bearer grant (RFC 7523 §2.1). Authlete has not verified the assertion's
     * signature. Without this hook, the grant is answered with `unsupported_grant_type`.
     */
    readonly jwtBearer?: ((response: TokenResponseJwtBearer, request: Request, context: HookContext) => Awaitable<Response>) | undefined;
    /**
     * Answers a Native SSO request (OpenID Connect Native SSO for Mobile Apps 1.0). Checking the
     * session and the device secret is up to you. Without this hook, the request is answered with
     * `invalid_grant`.
     */
    readonly nativeSso?: ((response: TokenResponseNativeSso, request: Request, context: HookContext) => Awaitable<Response>) | undefined;
    /**
     * What to do when Authlete allows a new ID token for a refresh token request. `true`: reissue
     * with Authlete's defaults; `false`: answer without one; otherwise the claims, header and
     * audience type to use, or a function that returns them (`null` declines). If the reissue fails,
     * the client still gets its other tokens, and `onEvent` receives the reason. Default `true`
     * (OpenID Connect Core 1.0 §12.2).
     */
    readonly reissueIdToken?: boolean | ReissueOptions | ((response: TokenResponseIdTokenReissuable, context: HookContext) => Awaitable<ReissueOptions | null>) | undefined;
    /**
     * Additional members of the `/auth/token` request, or a function that returns them: properties,
     * durations, `jwtAtClaims`, `cimdOptions` and so on; never `parameters`, `clientId` or
     * `clientSecret`.
     */
    readonly tokenRequest?: AddedTokenRequest | ((request: Request, context: HookContext) => Awaitable<AddedTokenRequest>) | undefined;
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
export declare function handleTokenRequest(request: Request, options: TokenEndpointOptions): Promise<Response>;

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
export declare function handlePlainTokenRequest(request: PlainRequest, options: TokenEndpointOptions): Promise<PlainResponse>;

/**
 * The optional members of an {@link AuthleteError}, for code that constructs one: a test, or a
 * custom client.
 */
export interface AuthleteErrorDetails {
    /** The operation that failed, such as `authToken`. */
    readonly operation?: string | undefined;
    /** The HTTP status of Authlete's answer. */
    readonly status?: number | undefined;
    /** Authlete's result code, such as `A001202`. */
    readonly resultCode?: string | undefined;
    /** Authlete's explanation of the result code. */
    readonly resultMessage?: string | undefined;
    /** How many seconds to wait before calling Authlete again (RFC 9110 §10.2.3). */
    readonly retryAfter?: number | undefined;
    /** The headers of Authlete's answer. */
    readonly headers?: Headers | undefined;
    /**
     * What the underlying operation threw: the runtime's `fetch`, loading the WebAssembly module, or
     * the storage given to the engine.
     */
    readonly cause?: unknown;
}

/**
 * The error that every function of this package rejects with, and that `new AuthleteClient` throws.
 *
 * It carries no secrets: nothing from the request, and from Authlete's answer only the members
 * listed here. An OAuth refusal (`action: "BAD_REQUEST"` and so on) is an answer, not an error.
 */
export declare class AuthleteError extends Error {
    /**
     * `"AuthleteError"`. Identifies the error where two copies of this package make `instanceof`
     * fail.
     */
    readonly name = "AuthleteError";
    /** What went wrong. The stable part of the error: `switch` on it. */
    readonly code: AuthleteErrorCode;
    /** The operation that failed, such as `authToken`. */
    readonly operation?: string;
    /**
     * The HTTP status of Authlete's answer, with `ERR_AUTHLETE_HTTP_STATUS`; 0 for a redirect in a
     * browser.
     */
    readonly status?: number;
    /** Authlete's result code, such as `A001202`. For logs: do not branch on it. */
    readonly resultCode?: string;
    /** Authlete's explanation of the result code. For logs, not for OAuth clients. */
    readonly resultMessage?: string;
    /**
     * How many seconds to wait before calling Authlete again: its `Retry-After` (RFC 9110 §10.2.3),
     * or the time until its rate limit resets.
     */
    readonly retryAfter?: number;
    /** The headers of Authlete's answer, never those of the request. Not enumerable. */
    readonly headers?: Headers;
    /** Called by this package; public for tests and custom clients that need an error. */
    constructor(code: AuthleteErrorCode, message: string, details?: AuthleteErrorDetails);
}

/**
 * An event worth a log line or a trace span: `switch` on `type`. It holds no secrets: no token,
 * ticket, credential or body, and of a refused request at most the method, the media type, and the
 * scheme and host of the URL. Anything that may hold secrets is passed separately, as
 * {@link EventDetails}. Anything that `onEvent` throws is ignored.
 */
export type AuthleteEvent = ExchangeEvent | RefusedEvent | HookFailedEvent | ReissueFailedEvent | UpstreamFailedEvent | TrapEvent;

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
    readonly reason: "declined" | "hook_failed" | "INTERNAL_SERVER_ERROR" | "CALLER_ERROR" | "upstream_failed";
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
export declare function authToken(authlete: AuthleteClient, request: TokenRequest, options?: CallOptions): Promise<TokenResponse>;

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
export declare function authTokenFail(authlete: AuthleteClient, request: TokenFailRequest, options?: CallOptions): Promise<TokenFailResponse>;

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
export declare function authTokenIssue(authlete: AuthleteClient, request: TokenIssueRequest, options?: CallOptions): Promise<TokenIssueResponse>;

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
export declare function idtokenReissue(authlete: AuthleteClient, request: IdtokenReissueRequest, options?: CallOptions): Promise<IdtokenReissueResponse>;

/** A token request for `handlePlainTokenRequest`. */
export interface PlainRequest {
    /** The method, in upper case. */
    readonly method: string;
    /** The absolute URL. Of its host, only whether it is loopback matters. */
    readonly url: string;
    /**
     * The headers by their names, with every value of each: a second `Authorization` must not get
     * lost. Node's `headersDistinct` is like that. Names may be in any case.
     */
    readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
    /**
     * With `clientCertificate: "cloudflare"` only, and then required: the `cf` of the worker's
     * request, or an object with its `tlsClientAuth`. Never anything that a client has sent.
     */
    readonly cf?: object | undefined;
    /** Whether something else has read the body. Default `false`. */
    readonly bodyUsed?: boolean | undefined;
    /** Fires when the client disconnects. Without it, the request is handled to its end. */
    readonly signal?: AbortSignal | undefined;
    /**
     * Returns the bytes of the body. Of one that is longer than `maxRequestBytes`, a byte more than
     * that is enough. Rejects if the body breaks off.
     */
    bytes(): Promise<Uint8Array>;
}

/** The response to a {@link PlainRequest}. */
export interface PlainResponse {
    /** The HTTP status code. */
    status: number;
    /** The headers, by their names in lower case. Only a hook's `set-cookie` has several values. */
    headers: Record<string, string | string[]>;
    /** The body, empty if there is none. It is bytes if a hook made the response. */
    body: string | Uint8Array;
}

/**
 * What went wrong, as a closed set. Messages may change between versions; codes do not.
 *
 * - `ERR_AUTHLETE_CONFIG`: An option of the client, the endpoint or the engine is missing or unusable.
 * - `ERR_AUTHLETE_REQUEST_INVALID`: The request object has a missing, mistyped or unknown member; the message names its path. Nothing was sent.
 * - `ERR_AUTHLETE_CONNECTION`: No complete HTTP answer arrived: refused, reset, DNS, TLS, a body that broke off.
 * - `ERR_AUTHLETE_TIMEOUT`: The deadline (`timeoutMs`) passed.
 * - `ERR_AUTHLETE_ABORTED`: The caller's `AbortSignal` fired.
 * - `ERR_AUTHLETE_HTTP_STATUS`: Authlete answered with an HTTP status other than 200: see `status`, `resultCode`, `resultMessage`, `retryAfter`.
 * - `ERR_AUTHLETE_RESPONSE_INVALID`: Authlete answered 200 with something that is not an answer of this API, or a `fetch` of yours gave a `Response` that can't be read.
 * - `ERR_AUTHLETE_WASM_TRAP`: The WebAssembly instance trapped. The next call runs on a fresh one.
 * - `ERR_AUTHLETE_NOT_INITIALIZED`: There is no WebAssembly module: a slim entry was used before its `initializeWasm`, the file could not be loaded, compiled or instantiated (`cause` is what the runtime threw), or the runtime has no WebAssembly. Nothing was sent; the next call tries again.
 */
export type AuthleteErrorCode = "ERR_AUTHLETE_CONFIG" | "ERR_AUTHLETE_REQUEST_INVALID" | "ERR_AUTHLETE_CONNECTION" | "ERR_AUTHLETE_TIMEOUT" | "ERR_AUTHLETE_ABORTED" | "ERR_AUTHLETE_HTTP_STATUS" | "ERR_AUTHLETE_RESPONSE_INVALID" | "ERR_AUTHLETE_WASM_TRAP" | "ERR_AUTHLETE_NOT_INITIALIZED";

/** The name of one of the four operations. */
export type OperationName = "authToken" | "authTokenFail" | "authTokenIssue" | "idtokenReissue";

/** The name of an option of `handleTokenRequest` that the endpoint calls. */
export type HookName = "tokenRequest" | "authenticateUser" | "tokenExchange" | "jwtBearer" | "nativeSso" | "reissueIdToken";

/**
 * The request of `/auth/token`: a token request (RFC 6749 §3.2) as it reached the token
 * endpoint.
 *
 * See
 * [Authlete, `/auth/token`](https://docs.authlete.com/en/shared/latest#post-/api/-serviceId-/auth/token).
 */
export interface TokenRequest {
    /**
     * The body of the token request (`application/x-www-form-urlencoded`, RFC 6749 §3.2), byte
     * for byte. It may be empty.
     */
    parameters: string;
    /**
     * The client ID of the `Authorization: Basic` header (RFC 6749 §2.3.1): a number as text,
     * an alias, an entity ID or a URL.
     */
    clientId?: number | bigint | string | undefined;
    /** The client secret of the `Authorization: Basic` header (RFC 6749 §2.3.1). */
    clientSecret?: string | undefined;
    /** The client's certificate of the mutual TLS connection (RFC 8705), in PEM. */
    clientCertificate?: string | undefined;
    /**
     * The other certificates of the client's chain, without the client's own, in PEM
     * (RFC 8705).
     */
    clientCertificatePath?: string[] | undefined;
    /**
     * Extra properties for the access token, up to 65 535 bytes as Authlete stores them. Those
     * of the code or of the refresh token stay, unless the same key is given here.
     */
    properties?: Property[] | undefined;
    /** The value of the `DPoP` header: a proof JWT (RFC 9449 §4). */
    dpop?: string | undefined;
    /** The HTTP method that the DPoP proof must name (RFC 9449 §4.2); `POST` if left out. */
    htm?: string | undefined;
    /**
     * The URL of the token endpoint that the DPoP proof must name (RFC 9449 §4.2); the
     * service's `tokenEndpoint` if left out.
     */
    htu?: string | undefined;
    /**
     * The access token to issue instead of a generated one; it must be hard to guess
     * (RFC 6749 §10.10). Since Authlete 2.2.27.
     */
    accessToken?: string | undefined;
    /**
     * The text of a JSON object whose members go into a JWT access token; for the client
     * credentials grant only. Since Authlete 2.3.
     */
    jwtAtClaims?: string | undefined;
    /**
     * The value of the `OAuth-Client-Attestation` header: a JWT (OAuth 2.0 Attestation-Based
     * Client Authentication). Since Authlete 3.0.
     */
    oauthClientAttestation?: string | undefined;
    /**
     * The value of the `OAuth-Client-Attestation-PoP` header: a JWT (OAuth 2.0
     * Attestation-Based Client Authentication). Since Authlete 3.0.
     */
    oauthClientAttestationPop?: string | undefined;
    /**
     * The lifetime of the access token in seconds, in place of the service's; ignored unless
     * positive. Since Authlete 2.2.41, 2.3.5 and 3.0.
     */
    accessTokenDuration?: number | undefined;
    /**
     * The lifetime of the refresh token in seconds, in place of the service's; ignored unless
     * positive. Since Authlete 2.3.20 and 3.0.
     */
    refreshTokenDuration?: number | undefined;
    /**
     * `true` demands a nonce in the DPoP proof of this call (RFC 9449 §8), even if the service
     * does not. Since Authlete 3.0.
     */
    dpopNonceRequired?: boolean | undefined;
    /**
     * How this call treats client ID metadata documents (OAuth Client ID Metadata Document).
     * Since Authlete 3.0.22.
     */
    cimdOptions?: CimdOptions | undefined;
}

/**
 * What the token endpoint has to do next.
 *
 * - `INTERNAL_SERVER_ERROR`: The call was wrong, or Authlete failed: answer 500 with `responseContent`.
 * - `INVALID_CLIENT`: Client authentication failed: answer 401 with `WWW-Authenticate` and `responseContent`.
 * - `BAD_REQUEST`: The token request is wrong: answer 400 with `responseContent`.
 * - `PASSWORD`: Check `username` and `password`, then call `/auth/token/issue` or `/auth/token/fail` with `ticket`.
 * - `OK`: Tokens were issued: answer 200 with `responseContent`.
 * - `TOKEN_EXCHANGE`: A token exchange (RFC 8693) that Authlete checked in part: check the rest, and make the answer.
 * - `JWT_BEARER`: A JWT bearer grant (RFC 7523 §2.1): verify the signature of `assertion`, and make the answer.
 * - `ID_TOKEN_REISSUABLE`: Tokens were issued by a refresh token: call `/idtoken/reissue`, or answer as for `OK`. Since Authlete 2.3.8.
 * - `NATIVE_SSO`: A Native SSO request: check `sessionId` and `deviceSecret`, and call `/nativesso`. Since Authlete 3.0.
 *
 * A newer Authlete may answer with an action that is not listed here: keep a `default`.
 */
export type TokenResponseAction = "INTERNAL_SERVER_ERROR" | "INVALID_CLIENT" | "BAD_REQUEST" | "PASSWORD" | "OK" | "TOKEN_EXCHANGE" | "JWT_BEARER" | "ID_TOKEN_REISSUABLE" | "NATIVE_SSO";

/** What every `TokenResponse` may have, whatever the action. */
export interface TokenResponseBase {
    /** Authlete's result code, such as `A050001`; for logs, not for the OAuth client. */
    resultCode?: string;
    /** An explanation of the result code for people. */
    resultMessage?: string;
    /** What the token endpoint has to do next. */
    action: TokenResponseAction;
    /**
     * The JSON text for the OAuth client (RFC 6749 §5.1, §5.2), to be relayed as it is. Absent
     * for `PASSWORD`, `TOKEN_EXCHANGE` and `JWT_BEARER`.
     */
    responseContent?: string;
    /** The `username` parameter (RFC 6749 §4.3.2); for `PASSWORD` only. */
    username?: string;
    /**
     * The `password` parameter (RFC 6749 §4.3.2) in clear text; for `PASSWORD` only. Never log
     * it.
     */
    password?: string;
    /**
     * The ticket for `/auth/token/issue` or `/auth/token/fail`, for one use; for `PASSWORD`
     * only.
     */
    ticket?: string;
    /** The new access token (RFC 6749 §1.4) in its opaque form. */
    accessToken?: string;
    /** When the access token expires, in milliseconds since the Unix epoch. */
    accessTokenExpiresAt?: number;
    /** The lifetime of the access token in seconds (`expires_in`, RFC 6749 §5.1). */
    accessTokenDuration?: number;
    /** The refresh token (RFC 6749 §1.5): new or kept. */
    refreshToken?: string;
    /**
     * When the refresh token expires, in milliseconds since the Unix epoch; 0 if there is
     * none.
     */
    refreshTokenExpiresAt?: number;
    /** The lifetime of the refresh token in seconds. */
    refreshTokenDuration?: number;
    /** The new ID token (OpenID Connect Core 1.0 §2). */
    idToken?: string;
    /** The grant type of the token request. */
    grantType?: GrantType;
    /**
     * The numeric ID of the client; 0 if no client was identified. A string of digits where a
     * number would round.
     */
    clientId?: number | string;
    /**
     * The alias of the client at the time of the request: a second client ID that Authlete
     * knows.
     */
    clientIdAlias?: string;
    /** Whether the request named the client by its alias. */
    clientIdAliasUsed?: boolean;
    /**
     * The subject of the access token: the unique identifier of the user. Absent for the
     * client credentials grant.
     */
    subject?: string;
    /**
     * The scopes of the access token (RFC 6749 §3.3); for `TOKEN_EXCHANGE` and `JWT_BEARER`,
     * the requested ones.
     */
    scopes?: string[];
    /** The extra properties of the access token, the hidden ones included. */
    properties?: Property[];
    /** The access token in JWT form, if the service issues that too. */
    jwtAccessToken?: string;
    /** The `resource` parameters of the request (RFC 8707 §2). */
    resources?: string[];
    /** The resources that the access token is for (RFC 8707 §2). */
    accessTokenResources?: string[];
    /**
     * Rich authorization details (RFC 9396): for `PASSWORD` the requested ones, else those of
     * the token.
     */
    authorizationDetails?: AuthzDetails;
    /**
     * The text of a JSON object with claims (`nonce`, `s_hash` …) that the ID token of
     * `NATIVE_SSO` must have. Since Authlete 3.0.
     */
    additionalClaims?: string;
    /** The attributes of the service, as set at Authlete. */
    serviceAttributes?: Pair[];
    /** The attributes of the client, as set at Authlete. */
    clientAttributes?: Pair[];
    /** The client authentication method that applies to the token endpoint. */
    clientAuthMethod?: ClientAuthMethod;
    /** The `grant_id` of the token response (Grant Management for OAuth 2.0). */
    grantId?: string;
    /** The `audience` parameters of a token exchange (RFC 8693 §2.1). Since Authlete 2.3. */
    audiences?: string[];
    /** The `requested_token_type` of a token exchange (RFC 8693 §2.1). Since Authlete 2.3. */
    requestedTokenType?: TokenType;
    /** The `subject_token` of a token exchange (RFC 8693 §2.1). Since Authlete 2.3. */
    subjectToken?: string;
    /** The `subject_token_type` of a token exchange (RFC 8693 §2.1). Since Authlete 2.3. */
    subjectTokenType?: TokenType;
    /**
     * What is known about the subject token, if it is an access token or a refresh token of
     * this service. Since Authlete 2.3.
     */
    subjectTokenInfo?: TokenInfo;
    /** The `actor_token` of a token exchange (RFC 8693 §2.1). Since Authlete 2.3. */
    actorToken?: string;
    /** The `actor_token_type` of a token exchange (RFC 8693 §2.1). Since Authlete 2.3. */
    actorTokenType?: TokenType;
    /**
     * What is known about the actor token, if it is an access token or a refresh token of this
     * service. Since Authlete 2.3.
     */
    actorTokenInfo?: TokenInfo;
    /**
     * The `assertion` of a JWT bearer grant (RFC 7523 §2.1). Its signature has *not* been
     * verified. Since Authlete 2.3.
     */
    assertion?: string;
    /**
     * Whether the request used a refresh token that was already replaced. With `OK`, the same
     * new token was returned again; with `BAD_REQUEST`, its grace time is over: a sign of a
     * stolen token (RFC 9700 §4.14.2). Since Authlete 2.3.
     */
    previousRefreshTokenUsed?: boolean;
    /** The entity ID of the client, a URI (OpenID Federation 1.0). Since Authlete 2.3. */
    clientEntityId?: string;
    /** Whether the request named the client by its entity ID. Since Authlete 2.3. */
    clientEntityIdUsed?: boolean;
    /** The lifetime of `cnonce` in seconds. Since Authlete 3.0. */
    cnonceDuration?: number;
    /**
     * The nonce for the `DPoP-Nonce` header of the token response (RFC 9449 §8), whatever the
     * action. Since Authlete 3.0.
     */
    dpopNonce?: string;
    /**
     * The `c_nonce` for the proof of a credential request (OpenID for Verifiable Credential
     * Issuance). Since Authlete 3.0.
     */
    cnonce?: string;
    /** When `cnonce` expires, in milliseconds since the Unix epoch. Since Authlete 3.0. */
    cnonceExpiresAt?: number;
    /**
     * The names of the claims that the authorization request wanted in the ID token (OpenID
     * Connect Core 1.0 §5.5). Since Authlete 3.0.
     */
    requestedIdTokenClaims?: string[];
    /** The scopes of the refresh token (RFC 6749 §6). Since Authlete 3.0. */
    refreshTokenScopes?: string[];
    /**
     * The user's authentication session, for `NATIVE_SSO`; refuse unless it is there and still
     * alive (OpenID Connect Native SSO for Mobile Apps 1.0). Since Authlete 3.0.
     */
    sessionId?: string;
    /**
     * The device secret that a Native SSO request presented (OpenID Connect Native SSO for
     * Mobile Apps 1.0). Since Authlete 3.0.
     */
    deviceSecret?: string;
    /**
     * The `ds_hash` claim of the subject token of a Native SSO token exchange (OpenID Connect
     * Native SSO for Mobile Apps 1.0). Since Authlete 3.0.
     */
    deviceSecretHash?: string;
    /**
     * The URL of the document that described the client (OAuth Client ID Metadata Document).
     * Since Authlete 3.0.22.
     */
    metadataDocumentLocation?: string;
    /**
     * Whether the client was found through a document at its client ID (OAuth Client ID
     * Metadata Document). Since Authlete 3.0.22.
     */
    metadataDocumentUsed?: boolean;
    /**
     * The challenge for the `OAuth-Client-Attestation-Challenge` header of the token response,
     * whatever the action (OAuth 2.0 Attestation-Based Client Authentication). Since Authlete
     * 3.0.28.
     */
    attestationChallenge?: string;
}

/** `INTERNAL_SERVER_ERROR`. The call was wrong, or Authlete failed: answer 500 with `responseContent`. */
export interface TokenResponseInternalServerError extends TokenResponseBase {
    /** Distinguishes this answer from the others of its union. */
    action: "INTERNAL_SERVER_ERROR";
    /**
     * The JSON text for the OAuth client (RFC 6749 §5.1, §5.2), to be relayed as it is. Absent
     * for `PASSWORD`, `TOKEN_EXCHANGE` and `JWT_BEARER`.
     */
    responseContent: string;
}

/** `INVALID_CLIENT`. Client authentication failed: answer 401 with `WWW-Authenticate` and `responseContent`. */
export interface TokenResponseInvalidClient extends TokenResponseBase {
    /** Distinguishes this answer from the others of its union. */
    action: "INVALID_CLIENT";
    /**
     * The JSON text for the OAuth client (RFC 6749 §5.1, §5.2), to be relayed as it is. Absent
     * for `PASSWORD`, `TOKEN_EXCHANGE` and `JWT_BEARER`.
     */
    responseContent: string;
}

/** `BAD_REQUEST`. The token request is wrong: answer 400 with `responseContent`. */
export interface TokenResponseBadRequest extends TokenResponseBase {
    /** Distinguishes this answer from the others of its union. */
    action: "BAD_REQUEST";
    /**
     * The JSON text for the OAuth client (RFC 6749 §5.1, §5.2), to be relayed as it is. Absent
     * for `PASSWORD`, `TOKEN_EXCHANGE` and `JWT_BEARER`.
     */
    responseContent: string;
}

/**
 * `PASSWORD`. Check `username` and `password`, then call `/auth/token/issue` or `/auth/token/fail`
 * with `ticket`.
 */
export interface TokenResponsePassword extends TokenResponseBase {
    /** Distinguishes this answer from the others of its union. */
    action: "PASSWORD";
    /**
     * The ticket for `/auth/token/issue` or `/auth/token/fail`, for one use; for `PASSWORD`
     * only.
     */
    ticket: string;
    /** The `username` parameter (RFC 6749 §4.3.2); for `PASSWORD` only. */
    username: string;
    /**
     * The `password` parameter (RFC 6749 §4.3.2) in clear text; for `PASSWORD` only. Never log
     * it.
     */
    password: string;
}

/** `OK`. Tokens were issued: answer 200 with `responseContent`. */
export interface TokenResponseOk extends TokenResponseBase {
    /** Distinguishes this answer from the others of its union. */
    action: "OK";
    /**
     * The JSON text for the OAuth client (RFC 6749 §5.1, §5.2), to be relayed as it is. Absent
     * for `PASSWORD`, `TOKEN_EXCHANGE` and `JWT_BEARER`.
     */
    responseContent: string;
}

/**
 * `TOKEN_EXCHANGE`. A token exchange (RFC 8693) that Authlete checked in part: check the rest, and make the
 * answer.
 */
export interface TokenResponseTokenExchange extends TokenResponseBase {
    /** Distinguishes this answer from the others of its union. */
    action: "TOKEN_EXCHANGE";
    /** The `subject_token` of a token exchange (RFC 8693 §2.1). Since Authlete 2.3. */
    subjectToken: string;
    /** The `subject_token_type` of a token exchange (RFC 8693 §2.1). Since Authlete 2.3. */
    subjectTokenType: TokenType;
}

/**
 * `JWT_BEARER`. A JWT bearer grant (RFC 7523 §2.1): verify the signature of `assertion`, and make the
 * answer.
 */
export interface TokenResponseJwtBearer extends TokenResponseBase {
    /** Distinguishes this answer from the others of its union. */
    action: "JWT_BEARER";
    /**
     * The `assertion` of a JWT bearer grant (RFC 7523 §2.1). Its signature has *not* been
     * verified. Since Authlete 2.3.
     */
    assertion: string;
}

/**
 * `ID_TOKEN_REISSUABLE`. Tokens were issued by a refresh token: call `/idtoken/reissue`, or answer as for `OK`.
 * Since Authlete 2.3.8.
 */
export interface TokenResponseIdTokenReissuable extends TokenResponseBase {
    /** Distinguishes this answer from the others of its union. */
    action: "ID_TOKEN_REISSUABLE";
    /**
     * The JSON text for the OAuth client (RFC 6749 §5.1, §5.2), to be relayed as it is. Absent
     * for `PASSWORD`, `TOKEN_EXCHANGE` and `JWT_BEARER`.
     */
    responseContent: string;
    /**
     * The subject of the access token: the unique identifier of the user. Absent for the
     * client credentials grant.
     */
    subject: string;
}

/**
 * `NATIVE_SSO`. A Native SSO request: check `sessionId` and `deviceSecret`, and call `/nativesso`. Since
 * Authlete 3.0.
 */
export interface TokenResponseNativeSso extends TokenResponseBase {
    /** Distinguishes this answer from the others of its union. */
    action: "NATIVE_SSO";
}

/**
 * The answer of `/auth/token`. It holds secrets: never pass it on to the OAuth client, and
 * never log it.
 *
 * See
 * [Authlete, `/auth/token`](https://docs.authlete.com/en/shared/latest#post-/api/-serviceId-/auth/token).
 *
 * `switch (response.action)` narrows this type to the members of one action.
 */
export type TokenResponse = TokenResponseInternalServerError | TokenResponseInvalidClient | TokenResponseBadRequest | TokenResponsePassword | TokenResponseOk | TokenResponseTokenExchange | TokenResponseJwtBearer | TokenResponseIdTokenReissuable | TokenResponseNativeSso;

/**
 * The request of `/auth/token/fail`.
 *
 * See
 * [Authlete, `/auth/token/fail`](https://docs.authlete.com/en/shared/latest#post-/api/-serviceId-/auth/token/fail).
 */
export interface TokenFailRequest {
    /** The ticket of the `/auth/token` answer. It can be used once. */
    ticket: string;
    /** Why the token request is refused. */
    reason: TokenFailRequestReason;
}

/**
 * What the token endpoint has to do next.
 *
 * - `INTERNAL_SERVER_ERROR`: The call was wrong, or Authlete failed: answer 500 with `responseContent`.
 * - `BAD_REQUEST`: The token request is refused: answer 400 with `responseContent`.
 *
 * A newer Authlete may answer with an action that is not listed here: keep a `default`.
 */
export type TokenFailResponseAction = "INTERNAL_SERVER_ERROR" | "BAD_REQUEST";

/** What every `TokenFailResponse` may have, whatever the action. */
export interface TokenFailResponseBase {
    /** Authlete's result code, such as `A067301`; for logs, not for the OAuth client. */
    resultCode?: string;
    /** An explanation of the result code for people. */
    resultMessage?: string;
    /** What the token endpoint has to do next. */
    action: TokenFailResponseAction;
    /** The JSON error text for the OAuth client (RFC 6749 §5.2), to be relayed as it is. */
    responseContent?: string;
}

/** `INTERNAL_SERVER_ERROR`. The call was wrong, or Authlete failed: answer 500 with `responseContent`. */
export interface TokenFailResponseInternalServerError extends TokenFailResponseBase {
    /** Distinguishes this answer from the others of its union. */
    action: "INTERNAL_SERVER_ERROR";
    /** The JSON error text for the OAuth client (RFC 6749 §5.2), to be relayed as it is. */
    responseContent: string;
}

/** `BAD_REQUEST`. The token request is refused: answer 400 with `responseContent`. */
export interface TokenFailResponseBadRequest extends TokenFailResponseBase {
    /** Distinguishes this answer from the others of its union. */
    action: "BAD_REQUEST";
    /** The JSON error text for the OAuth client (RFC 6749 §5.2), to be relayed as it is. */
    responseContent: string;
}

/**
 * The answer of `/auth/token/fail`.
 *
 * See
 * [Authlete, `/auth/token/fail`](https://docs.authlete.com/en/shared/latest#post-/api/-serviceId-/auth/token/fail).
 *
 * `switch (response.action)` narrows this type to the members of one action.
 */
export type TokenFailResponse = TokenFailResponseInternalServerError | TokenFailResponseBadRequest;

/**
 * The request of `/auth/token/issue`.
 *
 * See
 * [Authlete, `/auth/token/issue`](https://docs.authlete.com/en/shared/latest#post-/api/-serviceId-/auth/token/issue).
 */
export interface TokenIssueRequest {
    /** The ticket of the `/auth/token` answer. It can be used once. */
    ticket: string;
    /** The unique identifier of the user whose credentials were checked. */
    subject: string;
    /** Extra properties for the access token, up to 65 535 bytes as Authlete stores them. */
    properties?: Property[] | undefined;
    /** The text of a JSON object whose members go into a JWT access token. */
    jwtAtClaims?: string | undefined;
    /**
     * The access token to issue instead of a generated one; it must be hard to guess
     * (RFC 6749 §10.10). Since Authlete 2.2.27.
     */
    accessToken?: string | undefined;
    /**
     * The lifetime of the access token in seconds, in place of the service's; ignored unless
     * positive. Since Authlete 2.2.41, 2.3.5 and 3.0.
     */
    accessTokenDuration?: number | undefined;
    /**
     * The lifetime of the refresh token in seconds, in place of the service's; ignored unless
     * positive. Since Authlete 2.3.20 and 3.0.
     */
    refreshTokenDuration?: number | undefined;
}

/**
 * What the token endpoint has to do next.
 *
 * - `INTERNAL_SERVER_ERROR`: The call was wrong, or Authlete failed: answer 500 with `responseContent`.
 * - `OK`: Tokens were issued: answer 200 with `responseContent`.
 *
 * A newer Authlete may answer with an action that is not listed here: keep a `default`.
 */
export type TokenIssueResponseAction = "INTERNAL_SERVER_ERROR" | "OK";

/** What every `TokenIssueResponse` may have, whatever the action. */
export interface TokenIssueResponseBase {
    /** Authlete's result code, such as `A054001`; for logs, not for the OAuth client. */
    resultCode?: string;
    /** An explanation of the result code for people. */
    resultMessage?: string;
    /** What the token endpoint has to do next. */
    action: TokenIssueResponseAction;
    /** The JSON text for the OAuth client (RFC 6749 §5.1, §5.2), to be relayed as it is. */
    responseContent?: string;
    /** The new access token (RFC 6749 §1.4) in its opaque form. */
    accessToken?: string;
    /** When the access token expires, in milliseconds since the Unix epoch. */
    accessTokenExpiresAt?: number;
    /** The lifetime of the access token in seconds (`expires_in`, RFC 6749 §5.1). */
    accessTokenDuration?: number;
    /** The new refresh token (RFC 6749 §1.5). */
    refreshToken?: string;
    /**
     * When the refresh token expires, in milliseconds since the Unix epoch; 0 if there is
     * none.
     */
    refreshTokenExpiresAt?: number;
    /** The lifetime of the refresh token in seconds. */
    refreshTokenDuration?: number;
    /** The numeric ID of the client. A string of digits where a number would round. */
    clientId?: number | string;
    /** The alias of the client: a second client ID that Authlete knows. */
    clientIdAlias?: string;
    /** Whether the token request named the client by its alias. */
    clientIdAliasUsed?: boolean;
    /** The subject of the access token: the `subject` of the request. */
    subject?: string;
    /** The scopes of the access token (RFC 6749 §3.3). */
    scopes?: string[];
    /** The extra properties of the access token, the hidden ones included. */
    properties?: Property[];
    /** The access token in JWT form, if the service issues that too. */
    jwtAccessToken?: string;
    /** The resources that the access token is for (RFC 8707 §2). */
    accessTokenResources?: string[];
    /** The rich authorization details of the token (RFC 9396). */
    authorizationDetails?: AuthzDetails;
    /** The attributes of the service, as set at Authlete. */
    serviceAttributes?: Pair[];
    /** The attributes of the client, as set at Authlete. */
    clientAttributes?: Pair[];
    /** The entity ID of the client, a URI (OpenID Federation 1.0). Since Authlete 2.3. */
    clientEntityId?: string;
    /** Whether the token request named the client by its entity ID. Since Authlete 2.3. */
    clientEntityIdUsed?: boolean;
    /** The scopes of the refresh token (RFC 6749 §6). Since Authlete 3.0. */
    refreshTokenScopes?: string[];
    /**
     * The URL of the document that described the client (OAuth Client ID Metadata Document).
     * Since Authlete 3.0.22.
     */
    metadataDocumentLocation?: string;
    /**
     * Whether the client was found through a document at its client ID (OAuth Client ID
     * Metadata Document). Since Authlete 3.0.22.
     */
    metadataDocumentUsed?: boolean;
}

/** `INTERNAL_SERVER_ERROR`. The call was wrong, or Authlete failed: answer 500 with `responseContent`. */
export interface TokenIssueResponseInternalServerError extends TokenIssueResponseBase {
    /** Distinguishes this answer from the others of its union. */
    action: "INTERNAL_SERVER_ERROR";
    /** The JSON text for the OAuth client (RFC 6749 §5.1, §5.2), to be relayed as it is. */
    responseContent: string;
}

/** `OK`. Tokens were issued: answer 200 with `responseContent`. */
export interface TokenIssueResponseOk extends TokenIssueResponseBase {
    /** Distinguishes this answer from the others of its union. */
    action: "OK";
    /** The JSON text for the OAuth client (RFC 6749 §5.1, §5.2), to be relayed as it is. */
    responseContent: string;
}

/**
 * The answer of `/auth/token/issue`. It holds secrets: never pass it on to the OAuth client,
 * and never log it.
 *
 * See
 * [Authlete, `/auth/token/issue`](https://docs.authlete.com/en/shared/latest#post-/api/-serviceId-/auth/token/issue).
 *
 * `switch (response.action)` narrows this type to the members of one action.
 */
export type TokenIssueResponse = TokenIssueResponseInternalServerError | TokenIssueResponseOk;

/**
 * The request of `/idtoken/reissue`. All but the two tokens comes from server-side data only,
 * never from the token request.
 *
 * See
 * [Authlete, `/idtoken/reissue`](https://docs.authlete.com/en/shared/latest#post-/api/-serviceId-/idtoken/reissue).
 */
export interface IdtokenReissueRequest {
    /**
     * The access token: `jwtAccessToken` of the `/auth/token` answer if it is there, else its
     * `accessToken`.
     */
    accessToken: string;
    /** The refresh token: `refreshToken` of the `/auth/token` answer. */
    refreshToken: string;
    /**
     * The value of the `sub` claim (OpenID Connect Core 1.0 §2); the subject of the access
     * token if left out.
     */
    sub?: string | undefined;
    /**
     * The text of a JSON object with more claims for the ID token (OpenID Connect Core
     * 1.0 §5.1).
     */
    claims?: string | undefined;
    /** The text of a JSON object with more header parameters for the ID token (RFC 7515 §4). */
    idtHeaderParams?: string | undefined;
    /**
     * The shape of the `aud` claim (RFC 7519 §4.1.3); `array` if left out, even if the service
     * is set to `string`.
     */
    idTokenAudType?: IdTokenAudType | undefined;
}

/**
 * What the token endpoint has to do next.
 *
 * - `OK`: The ID token was reissued: answer 200 with `responseContent`.
 * - `INTERNAL_SERVER_ERROR`: Authlete failed. The tokens of the `/auth/token` answer are still valid: answer 200 with that `responseContent`.
 * - `CALLER_ERROR`: The call was wrong. The tokens of the `/auth/token` answer are still valid: answer 200 with that `responseContent`.
 *
 * A newer Authlete may answer with an action that is not listed here: keep a `default`.
 */
export type IdtokenReissueResponseAction = "OK" | "INTERNAL_SERVER_ERROR" | "CALLER_ERROR";

/** What every `IdtokenReissueResponse` may have, whatever the action. */
export interface IdtokenReissueResponseBase {
    /** Authlete's result code; for logs, not for the OAuth client. */
    resultCode?: string;
    /** An explanation of the result code for people. */
    resultMessage?: string;
    /** What the token endpoint has to do next. */
    action: IdtokenReissueResponseAction;
    /**
     * The JSON text for the OAuth client, to be relayed as it is. With `OK`: the new ID token,
     * the access token and the refresh token (OpenID Connect Core 1.0 §12.2).
     */
    responseContent?: string;
    /** The new ID token (OpenID Connect Core 1.0 §2). */
    idToken?: string;
}

/** `OK`. The ID token was reissued: answer 200 with `responseContent`. */
export interface IdtokenReissueResponseOk extends IdtokenReissueResponseBase {
    /** Distinguishes this answer from the others of its union. */
    action: "OK";
    /**
     * The JSON text for the OAuth client, to be relayed as it is. With `OK`: the new ID token,
     * the access token and the refresh token (OpenID Connect Core 1.0 §12.2).
     */
    responseContent: string;
}

/**
 * `INTERNAL_SERVER_ERROR`. Authlete failed. The tokens of the `/auth/token` answer are still valid: answer 200 with
 * that `responseContent`.
 */
export interface IdtokenReissueResponseInternalServerError extends IdtokenReissueResponseBase {
    /** Distinguishes this answer from the others of its union. */
    action: "INTERNAL_SERVER_ERROR";
    /**
     * The JSON text for the OAuth client, to be relayed as it is. With `OK`: the new ID token,
     * the access token and the refresh token (OpenID Connect Core 1.0 §12.2).
     */
    responseContent: string;
}

/**
 * `CALLER_ERROR`. The call was wrong. The tokens of the `/auth/token` answer are still valid: answer 200
 * with that `responseContent`.
 */
export interface IdtokenReissueResponseCallerError extends IdtokenReissueResponseBase {
    /** Distinguishes this answer from the others of its union. */
    action: "CALLER_ERROR";
}

/**
 * The answer of `/idtoken/reissue`. It holds secrets: never pass it on to the OAuth client,
 * and never log it.
 *
 * See
 * [Authlete, `/idtoken/reissue`](https://docs.authlete.com/en/shared/latest#post-/api/-serviceId-/idtoken/reissue).
 *
 * `switch (response.action)` narrows this type to the members of one action.
 */
export type IdtokenReissueResponse = IdtokenReissueResponseOk | IdtokenReissueResponseInternalServerError | IdtokenReissueResponseCallerError;

/**
 * Rich authorization details (RFC 9396), in Authlete's own form: an object around the array of
 * entries.
 */
export interface AuthzDetails {
    /** The entries of `authorization_details`, in order. */
    elements?: AuthzDetailsElement[];
}

/** One entry of `authorization_details` (RFC 9396 §2). */
export interface AuthzDetailsElement {
    /** The kind of authorization data. */
    type?: string;
    /** Where the resource servers are; usually URIs. */
    locations?: string[];
    /** What may be done at the resource. */
    actions?: string[];
    /** The kinds of data wanted from the resource; `datatypes` in the OAuth form of the entry. */
    dataTypes?: string[];
    /** A specific resource at the API. */
    identifier?: string;
    /** The kinds or levels of privilege wanted. */
    privileges?: string[];
    /** The text of a JSON object with all members beyond the predefined ones. */
    otherFields?: string;
}

/** How one call treats client ID metadata documents (OAuth Client ID Metadata Document). */
export interface CimdOptions {
    /** Fetch the client's metadata document every time, even if a fresh copy is cached. */
    alwaysRetrieved?: boolean | undefined;
    /** Accept `http:` client IDs; for development only. */
    httpPermitted?: boolean | undefined;
    /** Accept client IDs with a query component. */
    queryPermitted?: boolean | undefined;
}

/** An attribute of a service, a client or a scope, as set at Authlete. */
export interface Pair {
    /** The name of the attribute. */
    key?: string;
    /** The value of the attribute. */
    value?: string;
}

/**
 * An extra property of an access token: Authlete keeps it with the token, and puts it into the
 * token response.
 */
export interface Property {
    /**
     * The name of the property. Names that token responses use themselves (`access_token`,
     * `error` and so on; RFC 6749 §5) are ignored.
     */
    key?: string | undefined;
    /** The value of the property. */
    value?: string | undefined;
    /**
     * `true` keeps the property out of the token response that the OAuth client gets; it is
     * still stored with the token.
     */
    hidden?: boolean | undefined;
}

/** A scope of the service (RFC 6749 §3.3). */
export interface Scope {
    /** The name of the scope. */
    name?: string;
    /** Whether the scope belongs to the default set. */
    defaultEntry?: boolean;
    /** The description of the scope. */
    description?: string;
    /** The descriptions of the scope by language. */
    descriptions?: TaggedValue[];
    /** The attributes of the scope. */
    attributes?: Pair[];
}

/** A text in one language. */
export interface TaggedValue {
    /** The language tag (BCP 47). */
    tag?: string;
    /** The text. */
    value?: string;
}

/**
 * What Authlete knows about the subject token or the actor token of a token exchange
 * (RFC 8693 §2.1).
 */
export interface TokenInfo {
    /**
     * The numeric ID of the client that the token was issued to. A string of digits where a
     * number would round.
     */
    clientId?: number | string;
    /** The alias of that client. */
    clientIdAlias?: string;
    /** Whether the alias was used when the token was created. */
    clientIdAliasUsed?: boolean;
    /**
     * The subject of the token: the unique identifier of the user. Absent from tokens of the
     * client credentials grant.
     */
    subject?: string;
    /** The scopes of the token: scope objects, or in older versions plain names. */
    scopes?: (Scope | string)[];
    /**
     * When the token expires, in *seconds* since the Unix epoch (all other times of this API
     * are milliseconds).
     */
    expiresAt?: number;
    /** The extra properties of the token. */
    properties?: Property[];
    /** The resources that the token is for (RFC 8707 §2). */
    resources?: string[];
    /**
     * The rich authorization details of the token: `{elements: […]}`, or in older versions a
     * bare element.
     */
    authorizationDetails?: AuthzDetails | AuthzDetailsElement;
    /** The entity ID of the client, a URI (OpenID Federation 1.0). Since Authlete 2.3. */
    clientEntityId?: string;
    /** Whether the entity ID was used as client identifier in the request. Since Authlete 2.3. */
    clientEntityIdUsed?: boolean;
    /**
     * The URL of the document that described the client (OAuth Client ID Metadata Document).
     * Since Authlete 3.0.22.
     */
    metadataDocumentLocation?: string;
    /**
     * Whether the client was found through a document at its client ID (OAuth Client ID
     * Metadata Document). Since Authlete 3.0.22.
     */
    metadataDocumentUsed?: boolean;
}

/**
 * A client authentication method at the token endpoint, by the name of Authlete's constant.
 *
 * - `NONE`: No client authentication: a public client.
 * - `CLIENT_SECRET_BASIC`: The client secret in the `Authorization` header (RFC 6749 §2.3.1).
 * - `CLIENT_SECRET_POST`: The client secret in the request body (RFC 6749 §2.3.1).
 * - `CLIENT_SECRET_JWT`: A JWT with a MAC made with the client secret (OpenID Connect Core §9).
 * - `PRIVATE_KEY_JWT`: A JWT signed with the client's private key (OpenID Connect Core §9).
 * - `TLS_CLIENT_AUTH`: Mutual TLS with a certificate of a trusted authority (RFC 8705 §2.1).
 * - `SELF_SIGNED_TLS_CLIENT_AUTH`: Mutual TLS with a registered self-signed certificate (RFC 8705 §2.2).
 * - `ATTEST_JWT_CLIENT_AUTH`: Attestation-based client authentication.
 * - `SPIFFE_JWT`: A SPIFFE JWT-SVID.
 *
 * The set is open: other values may come.
 */
export type ClientAuthMethod = "NONE" | "CLIENT_SECRET_BASIC" | "CLIENT_SECRET_POST" | "CLIENT_SECRET_JWT" | "PRIVATE_KEY_JWT" | "TLS_CLIENT_AUTH" | "SELF_SIGNED_TLS_CLIENT_AUTH" | "ATTEST_JWT_CLIENT_AUTH" | "SPIFFE_JWT" | (string & {});

/**
 * A grant type (RFC 6749 §4 and its extensions), by the name of Authlete's constant.
 *
 * - `AUTHORIZATION_CODE`: The authorization code flow (RFC 6749 §4.1).
 * - `IMPLICIT`: The implicit flow (RFC 6749 §4.2).
 * - `PASSWORD`: Resource owner password credentials (RFC 6749 §4.3).
 * - `CLIENT_CREDENTIALS`: Client credentials (RFC 6749 §4.4).
 * - `REFRESH_TOKEN`: A refresh token (RFC 6749 §6).
 * - `CIBA`: Client-initiated backchannel authentication (OpenID CIBA Core).
 * - `DEVICE_CODE`: The device flow (RFC 8628).
 * - `TOKEN_EXCHANGE`: Token exchange (RFC 8693).
 * - `JWT_BEARER`: A JWT as authorization grant (RFC 7523 §2.1).
 * - `PRE_AUTHORIZED_CODE`: A pre-authorized code (OpenID for Verifiable Credential Issuance).
 *
 * The set is open: other values may come.
 */
export type GrantType = "AUTHORIZATION_CODE" | "IMPLICIT" | "PASSWORD" | "CLIENT_CREDENTIALS" | "REFRESH_TOKEN" | "CIBA" | "DEVICE_CODE" | "TOKEN_EXCHANGE" | "JWT_BEARER" | "PRE_AUTHORIZED_CODE" | (string & {});

/**
 * The shape of the `aud` claim of an ID token.
 *
 * - `array`: An array of strings, even for one audience.
 * - `string`: A string.
 *
 * The set is open: other values may come.
 */
export type IdTokenAudType = "array" | "string" | (string & {});

/**
 * Why a token request is refused.
 *
 * - `UNKNOWN`: Another reason: `server_error`.
 * - `INVALID_RESOURCE_OWNER_CREDENTIALS`: The username or the password is wrong: `invalid_request`.
 * - `INVALID_TARGET`: A requested resource is unknown or not allowed: `invalid_target` (RFC 8707 §2).
 * - `INVALID_CLIENT`: The client is not accepted: `invalid_client`. Older Authlete versions don't know this reason.
 * - `UNAUTHORIZED_CLIENT`: The client may not use this grant: `unauthorized_client`. Older Authlete versions don't know this reason.
 * - `INVALID_SCOPE`: A requested scope is not allowed: `invalid_scope`. Older Authlete versions don't know this reason.
 *
 * The set is open: other values may come.
 */
export type TokenFailRequestReason = "UNKNOWN" | "INVALID_RESOURCE_OWNER_CREDENTIALS" | "INVALID_TARGET" | "INVALID_CLIENT" | "UNAUTHORIZED_CLIENT" | "INVALID_SCOPE" | (string & {});

/**
 * A token type of a token exchange (RFC 8693 §3), by the name of Authlete's constant. Older
 * versions may send the URN.
 *
 * - `JWT`: `urn:ietf:params:oauth:token-type:jwt`
 * - `ACCESS_TOKEN`: `urn:ietf:params:oauth:token-type:access_token`
 * - `REFRESH_TOKEN`: `urn:ietf:params:oauth:token-type:refresh_token`
 * - `ID_TOKEN`: `urn:ietf:params:oauth:token-type:id_token`
 * - `SAML1`: `urn:ietf:params:oauth:token-type:saml1`
 * - `SAML2`: `urn:ietf:params:oauth:token-type:saml2`
 * - `DEVICE_SECRET`: `urn:openid:params:token-type:device-secret`
 *
 * The set is open: other values may come.
 */
export type TokenType = "JWT" | "ACCESS_TOKEN" | "REFRESH_TOKEN" | "ID_TOKEN" | "SAML1" | "SAML2" | "DEVICE_SECRET" | (string & {});
