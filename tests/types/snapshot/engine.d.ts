// What `authlete-token/engine` exports, as users' compilers read it. Written by `npm run declarations`.

export {
    Fetch,
    EngineAnswer,
    EngineExchange,
    AuthleteErrorDetails,
    AuthleteError,
    EventDetails,
    TrapEvent,
    AuthleteErrorCode,
} from "authlete-token";

/**
 * What the user authorized at the authorization endpoint (RFC 6749 §4.1.1). An empty string is the
 * same as leaving the member out (RFC 6749 §3.1).
 */
export interface AuthorizationCodeParams {
    /** The client that sent the authorization request: its ID or its alias. */
    readonly client_id: string;
    /**
     * The user: the `sub` of the ID token (OpenID Connect Core 1.0 §2). 1 to 255 printable ASCII
     * characters.
     */
    readonly subject: string;
    /** The granted scopes (RFC 6749 §3.3), separated by spaces. */
    readonly scope?: string | undefined;
    /**
     * The redirect URI as it was sent in the authorization request (RFC 6749 §4.1.3); leave it out if
     * none was sent.
     */
    readonly redirect_uri?: string | undefined;
    /** The `nonce` claim of the ID token (OpenID Connect Core §3.1.2.1). */
    readonly nonce?: string | undefined;
    /** The PKCE code challenge (RFC 7636 §4.3). Public clients must have one. */
    readonly code_challenge?: string | undefined;
    /**
     * How the code challenge was made (RFC 7636 §4.3). Default `plain`, which the service must allow.
     */
    readonly code_challenge_method?: "S256" | "plain" | (string & {}) | undefined;
    /** Additional claims of the ID token (OpenID Connect Core 1.0 §5.1). */
    readonly claims?: Readonly<Record<string, unknown>> | undefined;
    /** The authentication context class that was reached (OpenID Connect Core 1.0 §2). */
    readonly acr?: string | undefined;
    /** When the user logged in, in seconds since the Unix epoch (OpenID Connect Core 1.0 §2). */
    readonly auth_time?: number | undefined;
    /**
     * The servers that the tokens are for (RFC 8707 §2): absolute URIs without a fragment, 16 at
     * most, all of which the client may have. A token request may ask for a part of them. Left out:
     * for any that a token request names.
     */
    readonly resource?: string | readonly string[] | undefined;
    /** Rich authorization details (RFC 9396). Not supported yet: setting it is an error. */
    readonly authorization_details?: unknown;
    /**
     * The thumbprint of a DPoP key (RFC 9449 §10): only a token request with a proof of that key
     * redeems the code.
     */
    readonly dpop_jkt?: string | undefined;
}

/** The result of a check of an authorization request: `accepted` says which. */
export type AuthorizationCheck = AcceptedAuthorization | RefusedAuthorization;

/** An authorization request that is in order: the user may be asked for consent. */
export interface AcceptedAuthorization {
    /** The request is in order. */
    readonly accepted: true;
    /** Who asks. */
    readonly client: RequestingClient;
    /**
     * Where the answer goes: the redirect URI of the request, or the client's only one (RFC 6749
     * §3.1.2.3).
     */
    readonly redirect_uri: string;
    /** To be returned with the answer as it is (RFC 6749 §4.1.2). */
    readonly state?: string;
    /**
     * The requested scopes that the service knows (RFC 6749 §3.3), all of which the client may have.
     * Others are ignored (OpenID Connect Core 1.0 §3.1.2.1).
     */
    readonly scopes: string[];
    /** The servers that the tokens are to be for (RFC 8707); empty for tokens bound to none. */
    readonly resources: string[];
    /**
     * What the user is to be asked, such as `login` or `consent` (OpenID Connect Core 1.0 §3.1.2.1).
     * `none` is the only one then: no page may be shown.
     */
    readonly prompt: string[];
    /**
     * How long ago the login may be, in seconds (OpenID Connect Core 1.0 §3.1.2.1): as the request
     * says it, else the client's `default_max_age`.
     */
    readonly max_age?: number;
    /** Who is expected to log in (OpenID Connect Core 1.0 §3.1.2.1). Anybody may have written it. */
    readonly login_hint?: string;
    /**
     * The only user for whom the request may be answered: the `sub` of its `id_token_hint` (OpenID
     * Connect Core 1.0 §3.1.2.2). For another user, answer `login_required`.
     */
    readonly subject?: string;
    /**
     * The preferred authentication contexts, best first (OpenID Connect Core 1.0 §3.1.2.1): those of
     * the request, else the client's `default_acr_values`.
     */
    readonly acr_values?: string[];
    /**
     * What {@link Engine.issueAuthorizationCode} takes, beside the user: `{ ...checked.code, subject,
     * auth_time, claims }`. To grant fewer scopes or resources, replace `scope` or `resource`; if the
     * user allows none of the resources, refuse (`access_denied`), since an empty `resource` makes
     * tokens that are bound to none.
     */
    readonly code: CheckedCodeParams;
}

/** The members of {@link AuthorizationCodeParams} that the authorization request gives. */
export interface CheckedCodeParams {
    /** The client ID, as the request has it. */
    readonly client_id: string;
    /** The scopes to be granted, separated by spaces; absent when there are none. */
    readonly scope?: string;
    /** The redirect URI, if the request has one (RFC 6749 §4.1.3). */
    readonly redirect_uri?: string;
    /** The `nonce` claim of the ID token (OpenID Connect Core 1.0 §3.1.2.1). */
    readonly nonce?: string;
    /** The PKCE code challenge (RFC 7636 §4.3). */
    readonly code_challenge?: string;
    /** How the code challenge was made (RFC 7636 §4.3). */
    readonly code_challenge_method?: string;
    /** The resources (RFC 8707); absent when there are none. */
    readonly resource?: string[];
    /** The thumbprint of the DPoP key that must redeem the code, if the request names one. */
    readonly dpop_jkt?: string;
}

/** The client of an authorization request. */
export interface RequestingClient {
    /** The client ID, as the request has it: the ID or the alias. */
    readonly client_id: string;
    /** The name of its registration, for people (RFC 7591 §2). */
    readonly client_name?: string;
}

/** An authorization request that is wrong. */
export interface RefusedAuthorization {
    /** The request is wrong. */
    readonly accepted: false;
    /**
     * The `error` for the client: of RFC 6749 §4.1.2.1, OpenID Connect Core 1.0 §3.1.2.6, RFC 8707
     * (`invalid_target`) or RFC 9396 (`invalid_authorization_details`).
     */
    readonly error: string;
    /**
     * What is wrong, with the name of the parameter and without values of the request: fit for
     * `error_description`.
     */
    readonly message: string;
    /**
     * Where the user may be sent back to, with the error. Absent when the client or its redirect URI
     * is in doubt, or the request can't be read: then show a page, and redirect nowhere (RFC 6749
     * §4.1.2.1).
     */
    readonly redirect_uri?: string;
    /** The `state` to be returned with the error; only together with `redirect_uri`. */
    readonly state?: string;
}

/** What the authorization endpoint returns (RFC 6749 §4.1.2). */
export interface IssuedCode {
    /** The authorization code. It can be used once. */
    readonly code: string;
}

/**
 * The state of an access token (RFC 7662 §2.2): `active` says whether it is an active access token.
 */
export type Introspection = ActiveToken | InactiveToken;

/** An active access token (RFC 7662 §2.2): issued by this engine, not expired and not revoked. */
export interface ActiveToken {
    /** The token is active. */
    readonly active: true;
    /** The scopes, separated by spaces; absent when there are none. */
    readonly scope?: string;
    /** The client ID that the token was requested with. */
    readonly client_id: string;
    /** The user; absent for client credentials. */
    readonly sub?: string;
    /** How the token is used: `Bearer` (RFC 6750), or `DPoP` for one that is bound to a key. */
    readonly token_type: string;
    /**
     * What the token is bound to (RFC 7800 §3.1): a resource server must refuse it from a sender who
     * does not prove to have that ({@link Engine.verifyAccess}). Absent when it is bound to nothing.
     */
    readonly cnf?: TokenConfirmation;
    /**
     * The resources that the token is for (RFC 8707); absent when it is bound to none. A resource
     * server must refuse a token that is for others.
     */
    readonly aud?: string | string[];
    /** The issuer identifier of the service. */
    readonly iss: string;
    /** When the token expires, in seconds since the Unix epoch. */
    readonly exp: number;
    /** When the token was issued, in seconds since the Unix epoch. */
    readonly iat: number;
}

/** What an access token is bound to (RFC 7800 §3.1). */
export interface TokenConfirmation {
    /** The thumbprint of the key of DPoP proofs (RFC 9449 §6.1). */
    readonly jkt?: string;
    /** The thumbprint of the client's certificate (RFC 8705 §3.1). */
    readonly "x5t#S256"?: string;
}

/** What a request to a protected resource shows. */
export interface AccessParams {
    /** The access token: what follows the scheme in the header `Authorization`. */
    readonly token: string;
    /** The scheme of the header `Authorization`, in any case; only `Bearer` and `DPoP` are known. */
    readonly scheme: string;
    /**
     * The header `DPoP` as it came (RFC 9449 §7.1), with `headers.get("dpop")`: several of them are
     * refused. Only the scheme `DPoP` uses it.
     */
    readonly dpop?: string | null | undefined;
    /** The method of the request, which the proof must name. */
    readonly htm: string;
    /**
     * The public URL of the resource, which the proof must name; absolute. Query and fragment do not
     * matter. Take scheme and host from your configuration: `request.url` may have those of the
     * header `Host`, and then a proof for another server, which that one has received, is accepted.
     */
    readonly htu: string;
    /**
     * Whether the proof must have a nonce (RFC 9449 §9). Default: the service's `dpopNonceRequired`,
     * which can't be switched off here.
     */
    readonly dpopNonceRequired?: boolean | null | undefined;
    /**
     * The client's certificate of the TLS connection, in PEM (RFC 8705 §3). A token that is bound to
     * a certificate is refused without that one.
     */
    readonly clientCertificate?: string | null | undefined;
}

/** Whether a request may use its access token: `accepted` says so. */
export type AccessVerdict = AcceptedAccess | RefusedAccess;

/** A request that may use its access token. */
export interface AcceptedAccess {
    /** The request may use the token. */
    readonly accepted: true;
    /** What is known about the token, as {@link Engine.introspect} says it. */
    readonly token: ActiveToken;
    /** The header `DPoP-Nonce` of the response (RFC 9449 §9), when nonces are required. */
    readonly dpopNonce?: string;
}

/** A request that may not use its access token: answer it with status 401. */
export interface RefusedAccess {
    /** The request may not use the token. */
    readonly accepted: false;
    /**
     * The error: the token is not good, or not for this sender (RFC 6750 §3.1); the proof is not good
     * (RFC 9449 §7.1); the proof must have the nonce of this response (RFC 9449 §9).
     */
    readonly error: "invalid_token" | "invalid_dpop_proof" | "use_dpop_nonce";
    /** What is wrong, without values of the request: the `error_description` of the challenge. */
    readonly message: string;
    /** The header `WWW-Authenticate` of the response. */
    readonly challenge: string;
    /** The header `DPoP-Nonce` of the response (RFC 9449 §9), when nonces are required. */
    readonly dpopNonce?: string;
}

/** The result of `engine.expire()`. */
export interface ExpireResult {
    /** How many records were removed. */
    readonly removed: number;
    /** Whether more may be left, since the call stopped at its limit: call it again soon. */
    readonly more: boolean;
}

/** Public signing keys as a JWK set (RFC 7517 §5). */
export interface PublicJwkSet {
    /** The keys. */
    readonly keys: PublicJwk[];
}

/** A public signing key as a JWK (RFC 7517 §4). */
export interface PublicJwk {
    /** The key ID, which ID tokens refer to (RFC 7517 §4.5). */
    readonly kid: string;
    /** The signature algorithm (RFC 7517 §4.4). */
    readonly alg: "ES256" | "RS256";
    /** The key type (RFC 7517 §4.1). */
    readonly kty: "EC" | "RSA";
    /** The public parameters of the key (RFC 7518 §6), in base64url, and other members. */
    readonly [member: string]: unknown;
}

/** The authorization server metadata (RFC 8414 §2, OpenID Connect Discovery 1.0 §3). */
export interface ServerMetadata {
    /** The issuer identifier. */
    readonly issuer: string;
    /** The URL of the authorization endpoint (RFC 6749 §3.1). */
    readonly authorization_endpoint: string;
    /** The URL of the token endpoint (RFC 6749 §3.2). */
    readonly token_endpoint: string;
    /** The URL of the UserInfo endpoint (OpenID Connect Core 1.0 §5.3). */
    readonly userinfo_endpoint: string;
    /** The URL of the public signing keys (RFC 7517 §5). */
    readonly jwks_uri: string;
    /** The URL of the introspection endpoint (RFC 7662 §2). */
    readonly introspection_endpoint: string;
    /** The URL of the revocation endpoint (RFC 7009 §2). */
    readonly revocation_endpoint: string;
    /** All other metadata (RFC 8414 §2). */
    readonly [member: string]: unknown;
}

/** The answer of the challenge endpoint (Attestation-Based Client Authentication, draft 08, §7). */
export interface AttestationChallenge {
    /** What the `challenge` claim of a proof of possession must be. Opaque. */
    readonly attestation_challenge: string;
}

/** Anything but an active access token: unknown, expired, revoked, or a refresh token. */
export interface InactiveToken {
    /** The token is not an active access token. */
    readonly active: false;
}

/**
 * An event of the engine worth a log line: `switch` on `type`. It holds no secrets: no token,
 * credential, key or record. Anything that `onEvent` throws is ignored.
 */
export type EngineEvent = PlatformFailedEvent | TrapEvent;

/**
 * Something that the engine depends on failed: the storage, the random source, the cryptography,
 * the clock, or the server of a client's `jwks_uri`. The call was answered with 500, or rejected.
 * A `store_expire` failure after a request does not affect the answer; after `fetch` and `key_set`,
 * keys from an earlier fetch are used for up to a day, and without any the answer is 503.
 */
export interface PlatformFailedEvent {
    /** Identifies this kind of event. */
    readonly type: "platform_failed";
    /**
     * What could not be done: read a record; understand a record; write a step; remove expired
     * records; get random bytes (or they were not random); sign or verify; find a key that may sign
     * the client's ID tokens now (see `nbf` and `exp` of the `jwks`); fetch the keys of a client from
     * its `jwks_uri` (the details say why); understand them as a JWK set; read the clock (`now`).
     */
    readonly failure: "store_read" | "store_record" | "store_commit" | "store_expire" | "random" | "crypto" | "signing_key" | "fetch" | "key_set" | "clock";
    /**
     * What the engine was asked for: an operation (`authToken` …), or one of the engine's own
     * functions (`createEngine`, `introspect` …).
     */
    readonly operation: string;
    /**
     * The name of the type of what the platform threw, such as `TypeError`; absent when nothing was
     * thrown.
     */
    readonly error?: string;
}

/**
 * The options of {@link createEngine}. Setting one to `undefined` is the same as leaving it out.
 */
export interface EngineOptions {
    /**
     * Where the engine keeps its state: `ctx.storage` of a Durable Object with SQLite (or only its
     * `sql`), another SQLite database, or your own store. Each step is written completely or not at
     * all, and is durable before the answer is given. If left out, the state is kept in memory and
     * lost when the process ends.
     */
    readonly storage?: DurableObjectStorageLike | SqlStorageLike | EngineStore | undefined;
    /**
     * Returns the current time, in milliseconds since the Unix epoch. Default: `Date.now`, looked up
     * at each call, so that fake timers (Vitest, Jest) apply to the engine too.
     */
    readonly now?: (() => number) | undefined;
    /**
     * Whether requests remove what has expired. If so, about every tenth one removes some of it, more
     * than was written since the last time. Set it to `false` if you call {@link Engine.expire}
     * regularly: then no request does, and without those calls the storage grows forever. Default:
     * `true`.
     */
    readonly sweep?: boolean | undefined;
    /**
     * Used instead of the runtime's `fetch`, which is looked up at each call, for the keys of clients
     * with `jwks_uri`. Nothing else is fetched, and only addresses from the configuration. It is
     * called with a URL and `method`, `headers`, `redirect: "manual"` and `signal`; the answer's
     * status must be 200. The requests carry no credentials.
     *
     * While the keys of a client can't be fetched and none are known, its requests are answered with
     * 503: by `handleTokenRequest` with the error `temporarily_unavailable`, and to an
     * `AuthleteClient` as `ERR_AUTHLETE_HTTP_STATUS`.
     */
    readonly fetch?: Fetch | undefined;
    /**
     * Called when the storage, the cryptography, a fetch, the random source or the clock fails, and
     * when WebAssembly traps; what was thrown is in the second argument. Anything that `onEvent`
     * throws is ignored.
     */
    readonly onEvent?: ((event: EngineEvent, details: EventDetails) => void) | undefined;
    /**
     * Called once for each call of the engine, when it ends and before its promise is fulfilled, with
     * what the engine has checked, in order: for development, demos and support. With the engine as
     * the option `engine` of an `AuthleteClient`, that is directly before the `exchange` event of the
     * same call. Anything that `onTrace` throws is ignored. Without it, nothing is noted.
     *
     * A trace holds no secret: no token, code, credential or value of a request. But a refusal has
     * the result code for the operator, which may say more than an OAuth client may learn.
     * @example
     * const engine = await createEngine(config, {
     *   onTrace({ operation, checks }) {
     *     const refused = checks.filter(({ outcome }) => outcome === "refused");
     *     console.log(operation, checks.length, refused.at(-1)?.resultMessage ?? "");
     *   },
     * });
     */
    readonly onTrace?: ((trace: EngineTrace) => void) | undefined;
}

/**
 * The embedded engine: Authlete's four token-endpoint APIs, answered locally.
 *
 * Every method that does not answer a `Request` may reject with an {@link AuthleteError}:
 * `ERR_AUTHLETE_HTTP_STATUS` with `status` 500 when the storage or the platform's cryptography
 * fails, `ERR_AUTHLETE_CONFIG` when `now` does not return a time, `ERR_AUTHLETE_WASM_TRAP` after a
 * trap.
 */
export interface Engine extends EngineExchange {
    /**
     * Answers an HTTP request to one of the four APIs as Authlete does. The promise is fulfilled for
     * every request, whatever it contains. An `AuthleteClient` needs no HTTP: give it the engine
     * itself, as its option `engine`.
     *
     * For an invalid code, refresh token or ticket, `resultCode` and `resultMessage` say whether it
     * has expired, has been used before, or is unknown; the answer for the OAuth client
     * (`responseContent`) is the same in all three cases. One that was revoked, that belongs to
     * another client, or that expired so long ago that its record has been removed, is also unknown.
     *
     * See [Authlete's API](https://docs.authlete.com/en/shared/latest).
     * @throws {AuthleteError} `ERR_AUTHLETE_REQUEST_INVALID` for an argument that is not a `Request`.
     */
    fetch(request: Request): Promise<Response>;
    /**
     * Answers one call of the four APIs without HTTP, for the option `engine` of an `AuthleteClient`:
     * a `POST` of JSON to `path`. The answer is that of {@link Engine.fetch}, and the promise is
     * fulfilled for every call, too. All arguments and results are plain data, so that a Durable
     * Object can pass this method on to its callers.
     * @param path The path, such as `/api/1/auth/token`.
     * @param authorization The `Authorization` header: `Bearer` and the bearer of the service.
     * @param body The JSON text of the request, 1 048 576 characters at most.
     * @throws {AuthleteError} `ERR_AUTHLETE_REQUEST_INVALID` for an argument that is not a string.
     * @example
     * // The class of the Durable Object. In the worker: new AuthleteClient({ serviceId, bearer, engine: stub })
     * exchange(path: string, authorization: string, body: string) {
     *   return this.engine.exchange(path, authorization, body);
     * }
     */
    exchange(path: string, authorization: string, body: string): Promise<EngineAnswer>;
    /**
     * Takes the place of the authorization endpoint: issues a code for what the user authorized (RFC
     * 6749 §4.1.2).
     * @throws {AuthleteError} `ERR_AUTHLETE_REQUEST_INVALID`, naming the parameter; see
     * {@link Engine} for the other errors.
     */
    issueAuthorizationCode(params: AuthorizationCodeParams): Promise<IssuedCode>;
    /**
     * Checks an authorization request (RFC 6749 §4.1.1, OpenID Connect Core 1.0 §3.1.2): the client
     * and its redirect URI, PKCE, scopes, resources, and what the engine does not support. A request
     * that is wrong is not an error of this method, but a {@link RefusedAuthorization}. Nothing is
     * written; {@link Engine.issueAuthorizationCode} checks again what the code depends on.
     * @param parameters The parameters as the browser sent them: the query of a GET, the form of a
     * POST (RFC 6749 §3.1), 65 536 bytes at most. A leading `?` is ignored.
     * @throws {AuthleteError} `ERR_AUTHLETE_REQUEST_INVALID` for an argument that is neither a string
     * nor a `URLSearchParams`; see {@link Engine} for the other errors.
     * @example
     * const checked = await engine.checkAuthorization(new URL(request.url).search);
     * if (!checked.accepted) return refuse(checked); // Without a redirect_uri: show a page.
     * // Log the user in, and ask for consent to `checked.scopes`. Then:
     * const { code } = await engine.issueAuthorizationCode({ ...checked.code, subject: "user-1" });
     */
    checkAuthorization(parameters: string | URLSearchParams): Promise<AuthorizationCheck>;
    /**
     * Returns the state of an access token (RFC 7662 §2.2). A protected resource that has the request
     * itself uses {@link Engine.verifyAccess}, which also checks what the token is bound to.
     * @throws {AuthleteError} `ERR_AUTHLETE_REQUEST_INVALID` for an argument that is not a string;
     * see {@link Engine} for the other errors.
     */
    introspect(token: string): Promise<Introspection>;
    /**
     * Checks a request to a protected resource, such as the UserInfo endpoint: whether its access
     * token is active, and whether its sender may use it (RFC 6750 §2.1). A token that is bound to a
     * DPoP key needs the scheme `DPoP` and a proof of that key for this request and this token (RFC
     * 9449 §7); any other one needs the scheme `Bearer`. A proof can be used once.
     *
     * Parameters and result are plain data, so that a Durable Object can pass this method on. It does
     * not judge scopes and resources: `token.scope` and `token.aud` say what the token is for.
     * @throws {AuthleteError} `ERR_AUTHLETE_REQUEST_INVALID`, naming the parameter; see
     * {@link Engine} for the other errors.
     * @example
     * const [, scheme, token] = /^(\S+) +(\S+)$/.exec(request.headers.get("authorization") ?? "") ?? [];
     * if (!scheme || !token) return new Response(null, { status: 401, headers: { "www-authenticate": "Bearer, DPoP" } });
     * const htu = ORIGIN + new URL(request.url).pathname; // Not the host of the request: its sender chooses that.
     * const verdict = await engine.verifyAccess({ token, scheme, dpop: request.headers.get("dpop"), htm: request.method, htu });
     * const headers = new Headers(verdict.dpopNonce ? { "dpop-nonce": verdict.dpopNonce } : {});
     * if (!verdict.accepted) {
     *   headers.set("www-authenticate", verdict.challenge);
     *   return new Response(null, { status: 401, headers });
     * }
     * return Response.json({ sub: verdict.token.sub }, { headers });
     */
    verifyAccess(params: AccessParams): Promise<AccessVerdict>;
    /**
     * Revokes a token and all other tokens of its grant (RFC 7009). An unknown token is not an error.
     * To end a login, revoke its refresh token: an access token that has expired, or that a refresh
     * has ended, ends nothing.
     * @throws {AuthleteError} `ERR_AUTHLETE_REQUEST_INVALID` for an argument that is not a string;
     * see {@link Engine} for the other errors.
     */
    revoke(token: string): Promise<void>;
    /**
     * Returns a challenge for the proofs beside client attestations: the answer of the challenge
     * endpoint (OAuth 2.0 Attestation-Based Client Authentication, draft 08, §7), which the service's
     * `challengeEndpoint` names. Answer a POST there with it, uncacheable. It is good for the
     * service's `attestationChallengeTimeWindow` at least, for any number of proofs.
     * @throws {AuthleteError} `ERR_AUTHLETE_CONFIG` if the service has no `challengeEndpoint`; see
     * {@link Engine} for the other errors.
     * @example
     * const challenge = await engine.attestationChallenge();
     * return Response.json(challenge, { headers: { "cache-control": "no-store" } });
     */
    attestationChallenge(): Promise<AttestationChallenge>;
    /**
     * Removes expired records from the storage: codes, tokens, and what belongs to them. They have no
     * effect any more, but take space. Meant for a Durable Object's `alarm()`, a scheduled job or a
     * timer, with the option `sweep: false`.
     *
     * A call removes 10,000 records at most, so that requests need not wait for long (some 50 ms);
     * `more` in the result says whether to call again soon. Calls at the same time do no harm.
     * @throws {AuthleteError} See {@link Engine}; when the storage fails, `onEvent` also receives a
     * `platform_failed` event with the failure `store_expire`.
     * @example
     * // In a Durable Object:
     * async alarm() {
     *   const { more } = await engine.expire();
     *   await this.ctx.storage.setAlarm(Date.now() + (more ? 0 : 3_600_000));
     * }
     */
    expire(): Promise<ExpireResult>;
    /** Returns the public signing keys (RFC 7517 §5). */
    jwks(): Promise<PublicJwkSet>;
    /** Returns the authorization server metadata (RFC 8414, OpenID Connect Discovery 1.0). */
    metadata(): Promise<ServerMetadata>;
    /**
     * Answers a request to the introspection endpoint (RFC 7662): a complete HTTP endpoint for
     * protected resources. The promise is fulfilled for every request, whatever it contains.
     *
     * Only clients with `resource_identifiers` may introspect, by their own authentication. The
     * answer is that of {@link Engine.introspect}, with two differences: a token for other resources
     * is not active, and `aud` has only the client's own identifiers. A token that is bound to no
     * resource is active, without `aud`, since OAuth clients that don't know RFC 8707 name none;
     * whether it is good enough is for the protected resource to decide.
     *
     * The endpoint must be reached over TLS (RFC 7662 §4), and the answers carry no CORS headers:
     * both are up to your server.
     * @throws {AuthleteError} `ERR_AUTHLETE_REQUEST_INVALID` for an argument that is not a `Request`.
     */
    handleIntrospectionRequest(request: Request): Promise<Response>;
    /**
     * Answers a request to the revocation endpoint (RFC 7009): a complete HTTP endpoint for OAuth
     * clients, public ones included. The promise is fulfilled for every request, whatever it
     * contains.
     *
     * A client may revoke its own tokens only: access tokens and refresh tokens, with all other
     * tokens of the same grant. The answer to a token that is no longer valid, or is unknown, is 200,
     * too; to one of another client, it is the error `invalid_grant`. To end a login, a client
     * revokes its refresh token: an access token that a refresh has ended ends nothing.
     *
     * The endpoint must be reached over TLS (RFC 7009 §2), and the answers carry no CORS headers:
     * both are up to your server.
     * @throws {AuthleteError} `ERR_AUTHLETE_REQUEST_INVALID` for an argument that is not a `Request`.
     */
    handleRevocationRequest(request: Request): Promise<Response>;
}

/**
 * Starts an embedded engine.
 *
 * It is for development, tests, demos and small self-contained deployments; at scale, the same code
 * runs against Authlete's service.
 *
 * @throws {AuthleteError} `ERR_AUTHLETE_CONFIG`, naming the path of the member that is missing,
 * wrong, unknown or not supported; `ERR_AUTHLETE_HTTP_STATUS` with `status` 500 when the storage or
 * the platform's cryptography fails; `ERR_AUTHLETE_NOT_INITIALIZED` when the WebAssembly module
 * can't be loaded.
 * @example
 * const config = { service: { serviceId: "1", bearer: "dev", issuer: "http://localhost:8787" }, clients: [] };
 * const engine = await createEngine(config); // The state is in memory, and is lost when the process ends.
 * // In a Durable Object with SQLite, the state is durable: `ctx.storage` is the object's storage.
 * const durable = await createEngine(config, { storage: ctx.storage });
 */
export declare function createEngine(config: EngineConfig, options?: EngineOptions): Promise<Engine>;

/**
 * Replaces an engine that could not be started, so that its callers learn why: `fetch` answers 500
 * as Authlete does, with the reason as `resultMessage`, which is then in the error that an
 * `AuthleteClient` rejects with; the other methods reject with the error itself. OAuth clients of
 * `handleTokenRequest` do not get the reason, and neither do those of the two other endpoints:
 * their answer is 500 with the error `server_error`.
 *
 * The reason is the message of an {@link AuthleteError}, which names members of the configuration
 * but no values; for any other error, it is the name of the error's type. Make this engine
 * available to your own `AuthleteClient` only: without an accepted configuration there is no bearer
 * to check, so `fetch` answers every caller.
 *
 * @throws Nothing itself; every method that does not answer a `Request` rejects with `error`.
 * @example
 * const engine = createEngine(config).catch(failedEngine);
 */
export declare function failedEngine(error: unknown): Engine;

/**
 * `ctx.storage.sql` of a Durable Object
 * ([its SQLite](https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/)),
 * limited to what the engine needs; or any other SQLite from version 3.24 on that is called
 * synchronously, and whose file no other process writes to.
 *
 * The engine creates one table in it, `authlete_token_records`, with an index. It can also use the
 * table that an earlier version has created.
 * @example
 * // Node.js 22.13 or later: the state is in a file, and survives the process.
 * const database = new DatabaseSync("engine.db"); // from node:sqlite
 * const sql: SqlStorageLike = {
 *   exec(query, ...bindings) {
 *     const rows = database.prepare(query).all(...bindings);
 *     return { toArray: () => rows };
 *   },
 * };
 * const engine = await createEngine(config, { storage: sql });
 */
export interface SqlStorageLike {
    /**
     * Runs one statement synchronously; the engine reads all rows of the result. If the statement
     * fails, it throws and has changed nothing.
     */
    exec(query: string, ...bindings: (string | number)[]): SqlCursorLike;
}

/** The rows that a statement returns. */
export interface SqlCursorLike {
    /** Returns all rows. */
    toArray(): Record<string, unknown>[];
}

/** `ctx.storage` of a Durable Object, limited to what the engine needs. */
export interface DurableObjectStorageLike {
    /** The SQLite database of the object. */
    readonly sql: SqlStorageLike;
}

/** A record: opaque text that expires. */
export interface StoredRecord {
    /** The text. The store returns it unchanged. */
    readonly value: string;
    /**
     * The moment from which the record has expired, in milliseconds since the Unix epoch; at most
     * 8.64e15.
     */
    readonly expires_at: number;
}

/**
 * One write of a step: an object that the store may keep. {@link EngineStore.commit} says how the
 * writes of a step are applied.
 */
export type StoreWrite = StoreInsert | StoreReplace | StoreConsume | StoreDelete;

/**
 * Adds a record, replacing one that has expired. The step fails if there is one that has not
 * expired.
 */
export interface StoreInsert extends StoredRecord {
    /** Identifies this kind of write. */
    readonly op: "insert";
    /** The kind of the record, such as `signing_key`. */
    readonly kind: string;
    /** The key of the record, unique within its kind. */
    readonly key: string;
}

/**
 * Replaces the value and expiry of a record. The step fails unless the record exists, has not
 * expired, and has the value `expected`.
 */
export interface StoreReplace extends StoredRecord {
    /** Identifies this kind of write. */
    readonly op: "replace";
    /** The kind of the record, such as `signing_key`. */
    readonly kind: string;
    /** The key of the record, unique within its kind. */
    readonly key: string;
    /** The value that the decision for this step was based on. */
    readonly expected: string;
}

/** Removes a record. The step fails unless the record exists and has not expired. */
export interface StoreConsume {
    /** Identifies this kind of write. */
    readonly op: "consume";
    /** The kind of the record, such as `signing_key`. */
    readonly kind: string;
    /** The key of the record, unique within its kind. */
    readonly key: string;
}

/** Removes a record, expired or not. If there is none, the step does not fail. */
export interface StoreDelete {
    /** Identifies this kind of write. */
    readonly op: "delete";
    /** The kind of the record, such as `signing_key`. */
    readonly kind: string;
    /** The key of the record, unique within its kind. */
    readonly key: string;
}

/**
 * Where the engine keeps its state. Implement this interface to use your own store, and pass that
 * as `storage`.
 *
 * - A record is identified by its kind and its key together. Kinds consist of lower-case letters
 *   and `_`. Keys and values are opaque text of any Unicode characters except U+0000, which a store
 *   returns unchanged. Most values are below 1,000 bytes; keys of 1,024 bytes and values of
 *   2,000,000 bytes must fit (in UTF-8).
 * - Moments are whole milliseconds since the Unix epoch, from 0 to 8.64e15, by the engine's own
 *   clock: a store never uses another clock. A record has expired when its `expires_at` is at or
 *   before the moment in question.
 * - A record stays until a write or `expire` removes it; it is there for the next read at once.
 * - If a store can't do what it is asked to do, it throws anything, and has changed nothing. The
 *   call that needed it then ends with 500, and nothing is issued; `onEvent` receives a
 *   `platform_failed` event, and what was thrown.
 *
 * Every method is synchronous. A store that returns a Promise is refused: while the Promise is
 * pending, another request could use the same code.
 *
 * A token request reads one record as a rule, and commits one step, most often of one write: what
 * can check and write a few records in one transaction can be a store. Only some options of a
 * service, client assertions and DPoP proofs need a record or two more.
 *
 * Codes and tokens are stored as hashes, so that a dump of the store contains no usable ones.
 * Generated signing keys are stored as they are: anyone who can read them can sign. So is the
 * secret behind DPoP nonces: anyone who can read it can make those.
 * @example
 * // Your own store: this one keeps its records in a Map.
 * class MapStore implements EngineStore {
 *   #records = new Map<string, StoredRecord>();
 *
 *   get(kind: string, key: string) {
 *     return this.#records.get(`${kind} ${key}`);
 *   }
 *
 *   commit(writes: readonly StoreWrite[], now: number) {
 *     // Changes a copy, which replaces the records only if every condition holds. (With a database: begin a transaction, and roll it back if a condition fails.)
 *     const records = new Map(this.#records);
 *     for (const write of writes) {
 *       const id = `${write.kind} ${write.key}`;
 *       const found = records.get(id);
 *       const live = found !== undefined && found.expires_at > now ? found : undefined;
 *       if (write.op === "insert" && live !== undefined) return false;
 *       if (write.op === "replace" && live?.value !== write.expected) return false;
 *       if (write.op === "consume" && live === undefined) return false;
 *       if (write.op === "insert" || write.op === "replace") records.set(id, { value: write.value, expires_at: write.expires_at });
 *       else records.delete(id);
 *     }
 *     this.#records = records;
 *     return true;
 *   }
 *
 *   expire(now: number, limit: number) {
 *     const expired = [...this.#records].filter(([, record]) => record.expires_at <= now).slice(0, limit);
 *     for (const [id] of expired) this.#records.delete(id);
 *     return expired.length;
 *   }
 * }
 * const engine = await createEngine(config, { storage: new MapStore() });
 */
export interface EngineStore {
    /**
     * Returns the record, expired or not; `undefined` or `null` if there is none. Any other result is
     * reported as a `platform_failed` event with the failure `store_record`.
     * @throws Anything, if the store can't be read.
     */
    get(kind: string, key: string): StoredRecord | null | undefined;
    /**
     * Applies the writes of one step at the moment `now`: either all of them, durably, and returns
     * `true`; or, if the condition of one does not hold, none of them, and returns `false`.
     *
     * The writes are applied in order: each condition is checked against the records as changed by
     * the writes before it, and a record that has expired at `now` counts as absent. No other step
     * may run in between. A step has at most 20 writes.
     * @throws Anything, if the store can't be written. In that case, none of the writes may have been
     * applied.
     */
    commit(writes: readonly StoreWrite[], now: number): boolean;
    /**
     * Removes records that have expired at `now`, and no others: `limit` of them, or all if there are
     * fewer. Returns how many it removed; a store in which steps only mark what they remove also
     * counts what it then deletes here. It is called by {@link Engine.expire}, and after some steps
     * (see {@link EngineOptions.sweep}), whose answers do not depend on it.
     * @throws Anything, if the store can't be written.
     */
    expire(now: number, limit: number): number;
}

/** What the engine has checked to answer one call. It holds no secrets. */
export interface EngineTrace {
    /**
     * What the engine was asked for: an operation (`authToken`, `authTokenIssue`, `authTokenFail`,
     * `idtokenReissue`), or one of the engine's own functions (`introspect`, `verifyAccess`,
     * `handleRevocationRequest` …); `unknown` for a request that names no operation, or that could
     * not be read so far.
     */
    readonly operation: string;
    /**
     * The checks, in the order in which they were made. There are none for `jwks`, `metadata` and
     * other functions that check nothing. If another request was first, `commit` is refused, and what
     * is decided again is checked again.
     */
    readonly checks: readonly EngineCheck[];
}

/** A check of the engine, and how it ended. */
export interface EngineCheck {
    /** What was checked. What a request gives no reason to check is left out. */
    readonly name: EngineCheckName;
    /** How it ended. If a call is refused, it is for the last check that is `refused`. */
    readonly outcome: "passed" | "refused";
    /** More about it, in fixed words, as {@link EngineCheckName} says. */
    readonly detail?: string;
    /**
     * The result code of the refusal, for the operator: the OAuth client may be told another one.
     * Absent where the refusal has none, as in an authorization request.
     */
    readonly resultCode?: string;
    /** The sentence of that result code, with the code before it. */
    readonly resultMessage?: string;
}

/** A grant type (RFC 6749 §4), by the name of Authlete's constant. */
export type EngineGrantType = "AUTHORIZATION_CODE" | "REFRESH_TOKEN" | "CLIENT_CREDENTIALS" | "PASSWORD";

/** The whole configuration of the embedded engine: JSON, so `undefined` means the same as leaving a member out. */
export interface EngineConfig {
    /** The authorization server. */
    readonly service: ServiceConfig;
    /** The registered OAuth clients. */
    readonly clients?: readonly ClientConfig[] | undefined;
    /**
     * The private keys that sign ID tokens (RFC 7517). Left out, keys are generated once and kept in the storage.
     *
     * A key can take over from another without a moment in which an ID token can't be verified. Add the new key with an `nbf` that lies as far in the future as
     * clients keep the key set, and give the old key that moment as its `exp`. The new key is published at once, and signs from then on. The old key stays
     * published until its last ID token has expired; then it can be taken out.
     */
    readonly jwks?: SigningJwkSet | undefined;
    /** Ignored by the engine: it is accepted so that a demonstration can keep its users in the same document. */
    readonly users?: unknown;
    /** Where editors find the JSON Schema of the document, which is the file `engine.schema.json` of the package. The engine ignores it. */
    readonly $schema?: string | undefined;
}

/**
 * The service, with the names and defaults of Authlete's service properties. Durations are seconds. The endpoints are those of its metadata (RFC 8414 §2):
 * `https:` or `http:` URLs without user information, dot segments and fragment.
 */
export interface ServiceConfig {
    /** The service ID, which is part of the API's paths. */
    readonly serviceId: string | number;
    /** The access token that calls of the API must carry (RFC 6750 §2.1). */
    readonly bearer: string;
    /** The issuer identifier (RFC 8414 §2): an `https:` or `http:` URL, perhaps with a path, without user information, dot segments, query and fragment. */
    readonly issuer: string;
    /** The URL of the token endpoint (RFC 6749 §3.2). Default: issuer + `/token`. */
    readonly tokenEndpoint?: string | undefined;
    /** The URL of the authorization endpoint (RFC 6749 §3.1). Default: issuer + `/authorize`. */
    readonly authorizationEndpoint?: string | undefined;
    /** The URL of the public signing keys (RFC 7517 §5). Default: issuer + `/jwks`. */
    readonly jwksUri?: string | undefined;
    /** The URL of the UserInfo endpoint (OpenID Connect Core 1.0 §5.3). Default: issuer + `/userinfo`. */
    readonly userInfoEndpoint?: string | undefined;
    /** The URL of the introspection endpoint (RFC 7662 §2). Default: issuer + `/introspect`. */
    readonly introspectionEndpoint?: string | undefined;
    /** The URL of the revocation endpoint (RFC 7009 §2). Default: issuer + `/revoke`. */
    readonly revocationEndpoint?: string | undefined;
    /** The lifetime of access tokens in seconds (`expires_in`, RFC 6749 §5.1). Default `3600`. */
    readonly accessTokenDuration?: number | undefined;
    /** The lifetime of refresh tokens in seconds. Default `864000`. */
    readonly refreshTokenDuration?: number | undefined;
    /** The lifetime of ID tokens in seconds (`exp`, OpenID Connect Core 1.0 §2). Default `300`. */
    readonly idTokenDuration?: number | undefined;
    /** The lifetime of authorization codes in seconds. RFC 6749 §4.1.2 recommends 600 at the most. Default `60`. */
    readonly authorizationCodeDuration?: number | undefined;
    /** Whether a refresh token stays the same when it is used. Otherwise, and for public clients always, it is replaced, and the use of one that was replaced, however long ago, ends the grant (RFC 9700 §4.14.2). In any case a refresh ends the access token of the refresh before: a login has one access token at a time. Default `false`. */
    readonly refreshTokenKept?: boolean | undefined;
    /** Whether a refresh token that was just replaced brings the same new tokens once more, for 60 seconds or until the new refresh token is used: an answer may have been lost, and a client may ask several times at once. It must ask for the same scopes and resources, in whatever order; other ones are refused. Whoever has stolen the old token can do so, too. It has no effect on a refresh for which the host chooses the access token: that one can't be made again. Default `false`. */
    readonly refreshTokenIdempotent?: boolean | undefined;
    /** Whether a refresh token that takes the place of another one expires when that one would have expired, so that the user must log in again after `refreshTokenDuration`. Otherwise it has the whole duration. One that the API call asks for comes first. Default `false`. */
    readonly refreshTokenDurationKept?: boolean | undefined;
    /** Whether each use of a refresh token that stays the same starts its lifetime anew, so that it expires only if it is not used for that long. It has an effect only with `refreshTokenKept`. Default `false`. */
    readonly refreshTokenDurationReset?: boolean | undefined;
    /** Whether an access token never outlives the refresh token beside it: it then expires with it, even if the API call asks for longer. An access token without a refresh token is not affected. Default `false`. */
    readonly tokenExpirationLinked?: boolean | undefined;
    /** Whether a client has tokens from only one login of a user: each new access token ends the older ones of the same client and user, and their refresh tokens. On another device the user is then logged out of the client. A login from before this was switched on counts from its next refresh on. A client that acts for itself is not affected. Default `false`. */
    readonly singleAccessTokenPerSubject?: boolean | undefined;
    /** Whether every client must use PKCE (RFC 7636). Public clients must in any case. Default `false`. */
    readonly pkceRequired?: boolean | undefined;
    /** Whether PKCE must use `S256` (RFC 7636 §4.2). Default `true`. */
    readonly pkceS256Required?: boolean | undefined;
    /** Whether a refresh may bring a new ID token: the action `ID_TOKEN_REISSUABLE` (OpenID Connect Core 1.0 §12.2). Default `true`. */
    readonly idTokenReissuable?: boolean | undefined;
    /** How far the clocks of clients may be off, in seconds: the times in a client assertion, in a client attestation, in the proof beside it and in a DPoP proof may be earlier or later by as much (RFC 7519 §4.1.4). Even without it, the proofs may be 300 seconds old, or 60 early, and an assertion may be 10 seconds early. Default `0`. */
    readonly allowableClockSkew?: number | undefined;
    /** Whether the `aud` of a client assertion must be the issuer, as a string. Otherwise the token endpoint (RFC 7523 §3), the endpoint that is called, and an array of one are accepted, too. Default `false`. */
    readonly clientAssertionAudRestrictedToIssuer?: boolean | undefined;
    /** The public keys (RFC 7517) of those who may attest to instances of any client with `attest_jwt_client_auth` that has no `client_attester_jwks` of its own. A member of the engine's own; Authlete has none like it. */
    readonly clientAttesterJwks?: {
        /**
         * The keys, as JWKs (RFC 7517 §4), of the types and sizes that client assertions may have.
         * Others are skipped. A private key is an error.
         */
        readonly keys: readonly object[];
    } | undefined;
    /** The certification authorities, in PEM, that vouch for attesters with the certificates in an attestation's `x5c` (RFC 7515 §4.1.6, RFC 5280 §6): five at most, each issued by the next, none with an extended key usage that leaves out client authentication. There are no others: the engine knows no authorities by itself. They have an effect with `clientAttesterRootsEnabled`. */
    readonly clientAttesterRoots?: readonly string[] | undefined;
    /** Whether `x5c` counts, for clients without `client_attester_jwks`. An attestation that has one is then judged by nothing else. Default `false`. */
    readonly clientAttesterRootsEnabled?: boolean | undefined;
    /** Whether attesters need certificates of `clientAttesterRoots`. Then there must be neither `clientAttesterJwks` nor `client_attester_jwks`. Default `false`. */
    readonly clientAttesterRootsOnly?: boolean | undefined;
    /** The URL at which clients get challenges (OAuth 2.0 Attestation-Based Client Authentication, draft 08, §7). If it is set, the proof beside a client attestation must have such a `challenge`: without one, the answer is `use_attestation_challenge`, and has one. Your server answers there with what `attestationChallenge` gives. */
    readonly challengeEndpoint?: string | undefined;
    /** How long a challenge is good at least, in seconds; at most twice as long. All clients that ask for one within so many seconds get the same. Default `300`. */
    readonly attestationChallengeTimeWindow?: number | undefined;
    /** Whether the certificate of a client with `tls_client_auth` must lead to one of `trustedRootCertificates` over `clientCertificatePath` (RFC 8705 §2.1, RFC 5280 §6). Then the client shows at most five certificates, each issued by the next. Without it, only what terminates the TLS connection has checked who issued it. That it is valid now is checked in any case. Default `false`. */
    readonly mutualTlsValidatePkiCertChain?: boolean | undefined;
    /** The certification authorities that may issue certificates of clients, in PEM. They are needed for `mutualTlsValidatePkiCertChain`, which must be there with them, and have no effect where it is `false`. */
    readonly trustedRootCertificates?: readonly string[] | undefined;
    /** Whether access tokens are bound to the certificate of their client, if its `tls_client_certificate_bound_access_tokens` says so, too (RFC 8705 §3). Default `false`. */
    readonly tlsClientCertificateBoundAccessTokens?: boolean | undefined;
    /** Whether DPoP proofs must have a nonce of the engine (RFC 9449 §8): without one, or with one that is too old, the answer is the error `use_dpop_nonce` and a nonce in the header `DPoP-Nonce`. A request without a proof needs none. Default `false`. */
    readonly dpopNonceRequired?: boolean | undefined;
    /** For how long a DPoP nonce is given to clients, in seconds. It is accepted until the one after it is no longer given: for once to twice as long. All clients get the same. Default `300`. */
    readonly dpopNonceDuration?: number | undefined;
    /** The grant types that clients may use; it is an error if a client has another one. Default: authorization code, refresh token, client credentials. */
    readonly supportedGrantTypes?: readonly EngineGrantType[] | undefined;
    /** The supported scopes (RFC 6749 §3.3). Default: `openid`, `profile`, and what the clients name. */
    readonly supportedScopes?: readonly string[] | undefined;
    /** The resources that tokens may be for (RFC 8707 §2): absolute URIs without a fragment. Tokens carry the spelling of this list. Any resource when left out. A request that names no resource still gets a token that is bound to none. */
    readonly supportedResources?: readonly string[] | undefined;
}

/**
 * A client, by the names of RFC 7591 §2, OpenID Connect Dynamic Client Registration 1.0 §2 and other registered client metadata. Members without a meaning at
 * the token endpoint are accepted and ignored; switches for features that the engine does not have must be off; any other member is an error.
 */
export interface ClientConfig {
    /** The client ID (RFC 6749 §2.2). A decimal number is Authlete's numeric client ID; anything else is its alias. */
    readonly client_id: string;
    /** The numeric client ID of a client with an alias; generated from the alias when left out. */
    readonly authlete_client_id?: string | number | undefined;
    /** The client secret (RFC 6749 §2.3.1), for the three methods with a secret. With `client_secret_jwt` it has at least 32 bytes, or as many as the hash of `token_endpoint_auth_signing_alg` (RFC 7518 §3.2). */
    readonly client_secret?: string | undefined;
    /** The only signature algorithm of the client's assertions (OpenID Connect Dynamic Client Registration 1.0 §2): HS256, HS384 or HS512 with `client_secret_jwt`, one of the others with `private_key_jwt`. Default: any for which the secret is long enough, or for which there is a key. `EdDSA` and `Ed25519` (RFC 9864) are the same. */
    readonly token_endpoint_auth_signing_alg?: "ES256" | "ES384" | "ES512" | "RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" | "EdDSA" | "Ed25519" | "HS256" | "HS384" | "HS512" | undefined;
    /** The only way in which the client authenticates (RFC 7591 §2). Default `client_secret_basic`. With `private_key_jwt` and `client_secret_jwt` (RFC 7523, OpenID Connect Core 1.0 §9) it signs a JWT for each request, with its private key or its secret: `iss` and `sub` are its ID, `aud` is the issuer, the token endpoint or the endpoint that it calls, `exp` is within 24 hours, and `jti` is used once. With `attest_jwt_client_auth` (OAuth 2.0 Attestation-Based Client Authentication, draft 08), an attester vouches for the key of an instance of the client in a JWT (`sub` is the client's ID, `cnf.jwk` the key), and the instance signs another one for each request: `aud` is the issuer, `iat` is at most 300 seconds ago, and `jti` is used once. Its refresh tokens are good with the same key only. With `tls_client_auth` and `self_signed_tls_client_auth` (RFC 8705 §2) it needs a certificate, `clientCertificate` of the call of `/auth/token`, which must be valid now; the endpoints of introspection and revocation take none. */
    readonly token_endpoint_auth_method?: "client_secret_basic" | "client_secret_post" | "client_secret_jwt" | "private_key_jwt" | "tls_client_auth" | "self_signed_tls_client_auth" | "attest_jwt_client_auth" | "none" | undefined;
    /** The grant types that the client may use (RFC 7591 §2), all of which the service must have. Default `authorization_code`. */
    readonly grant_types?: readonly ("authorization_code" | "refresh_token" | "client_credentials" | "password")[] | undefined;
    /** Where users may be sent back to (RFC 6749 §3.1.2). Compared byte for byte; on 127.0.0.1 and [::1] any port (RFC 8252 §7.3). */
    readonly redirect_uris?: readonly string[] | undefined;
    /** The scopes that the client may have (RFC 6749 §3.3), separated by spaces; all of the service's when left out. */
    readonly scope?: string | undefined;
    /** The resources that the client's tokens may be for (RFC 8707 §2), all of which must be in `supportedResources` if the service has that; any that the service supports when left out. A client that names no resource still gets tokens that are bound to none. */
    readonly allowed_resources?: readonly string[] | undefined;
    /** The signature algorithm of the client's ID tokens (OpenID Connect Dynamic Client Registration 1.0 §2). Default `RS256`. */
    readonly id_token_signed_response_alg?: "ES256" | "RS256" | undefined;
    /** Whether the client must send a DPoP proof with each token request, so that all its access tokens are bound to a key (RFC 9449 §5.2). A proof binds them in any case. Default `false`. */
    readonly dpop_bound_access_tokens?: boolean | undefined;
    /** The resource identifiers (RFC 9728 §2, RFC 8707 §2) of a client that is a protected resource: absolute URIs without a fragment. It may introspect tokens (RFC 7662): those that are for one of these resources, and those that are bound to none. A public client can't have any. */
    readonly resource_identifiers?: readonly string[] | undefined;
    /** How long ago the login may be if an authorization request does not say it, in seconds (OpenID Connect Dynamic Client Registration 1.0 §2). `checkAuthorization` gives it as `max_age`. */
    readonly default_max_age?: number | undefined;
    /** The authentication contexts that are preferred if an authorization request names none, best first (OpenID Connect Dynamic Client Registration 1.0 §2). `checkAuthorization` gives them as `acr_values`. */
    readonly default_acr_values?: readonly string[] | undefined;
    /** The public keys (RFC 7517) of those who may attest to instances of the client, if it authenticates with `attest_jwt_client_auth`. Default: the service's `clientAttesterJwks`. A member of the engine's own, which is not registered. */
    readonly client_attester_jwks?: {
        /**
         * The keys, as JWKs (RFC 7517 §4), of the types and sizes that client assertions may have.
         * Others are skipped. A private key is an error.
         */
        readonly keys: readonly object[];
    } | undefined;
    /** Whether this client has tokens from only one login of a user, as with the service's `singleAccessTokenPerSubject`, which holds for all clients. Default `false`. */
    readonly authlete_single_access_token_per_subject?: boolean | undefined;
    /** Whether the client's access tokens are bound to its certificate, so that nobody can use them without it (RFC 8705 §3.4), and the refresh tokens of a public client, too. The service must have `tlsClientCertificateBoundAccessTokens`. A token request without a certificate is refused then, however the client authenticates. Default `false`. */
    readonly tls_client_certificate_bound_access_tokens?: boolean | undefined;
    /** The subject of the certificate of a client with `tls_client_auth` (RFC 8705 §2.1.2), as a text (RFC 4514), which begins with the last attribute of the certificate: `CN=app,O=Example,C=DE`. Compared without regard to case (ASCII) and to the number of spaces. Such a client needs exactly one of this and the four `tls_client_auth_san_…`; others must have none. */
    readonly tls_client_auth_subject_dn?: string | undefined;
    /** A DNS name that is in the certificate of a client with `tls_client_auth` (RFC 8705 §2.1.2). A wildcard there means nothing. */
    readonly tls_client_auth_san_dns?: string | undefined;
    /** A URI that is in the certificate of a client with `tls_client_auth` (RFC 8705 §2.1.2), byte for byte. */
    readonly tls_client_auth_san_uri?: string | undefined;
    /** An IP address, in its usual text form, that is in the certificate of a client with `tls_client_auth` (RFC 8705 §2.1.2). */
    readonly tls_client_auth_san_ip?: string | undefined;
    /** An e-mail address that is in the certificate of a client with `tls_client_auth` (RFC 8705 §2.1.2). */
    readonly tls_client_auth_san_email?: string | undefined;
    /** What the client gets as the user's identifier (OpenID Connect Core 1.0 §8). Pairwise identifiers are not supported yet. */
    readonly subject_type?: "public" | undefined;
    /** When the client secret expires (RFC 7591 §3.2.1). Must be 0, never: expiry is not supported yet. */
    readonly client_secret_expires_at?: 0 | undefined;
    /** Whether authorization requests must be pushed (RFC 9126 §6). Must be `false`: not supported yet. */
    readonly require_pushed_authorization_requests?: false | undefined;
    /** Whether authorization requests must be signed (RFC 9101 §10.5). Must be `false`: not supported yet. */
    readonly require_signed_request_object?: false | undefined;
    /** Whether ID tokens must have `auth_time` (OpenID Connect Dynamic Client Registration 1.0 §2). Must be `false`: not supported yet. */
    readonly require_auth_time?: false | undefined;
    /** The client's name, for people (RFC 7591 §2). */
    readonly client_name?: string | undefined;
    /** `client_name` in another language, such as `client_name#ja` (RFC 7591 §2.2). */
    readonly [client_name: `client_name#${string}`]: string | undefined;
    /** The client's home page (RFC 7591 §2). */
    readonly client_uri?: string | undefined;
    /** `client_uri` in another language, such as `client_uri#ja` (RFC 7591 §2.2). */
    readonly [client_uri: `client_uri#${string}`]: string | undefined;
    /** The client's logo (RFC 7591 §2). */
    readonly logo_uri?: string | undefined;
    /** `logo_uri` in another language, such as `logo_uri#ja` (RFC 7591 §2.2). */
    readonly [logo_uri: `logo_uri#${string}`]: string | undefined;
    /** The client's terms of service (RFC 7591 §2). */
    readonly tos_uri?: string | undefined;
    /** `tos_uri` in another language, such as `tos_uri#ja` (RFC 7591 §2.2). */
    readonly [tos_uri: `tos_uri#${string}`]: string | undefined;
    /** The client's privacy policy (RFC 7591 §2). */
    readonly policy_uri?: string | undefined;
    /** `policy_uri` in another language, such as `policy_uri#ja` (RFC 7591 §2.2). */
    readonly [policy_uri: `policy_uri#${string}`]: string | undefined;
    /** How to reach the people who are responsible for the client (RFC 7591 §2). */
    readonly contacts?: readonly string[] | undefined;
    /** The response types that the client uses at the authorization endpoint (RFC 7591 §2). */
    readonly response_types?: readonly string[] | undefined;
    /** What kind of application the client is (OpenID Connect Dynamic Client Registration 1.0 §2). */
    readonly application_type?: "web" | "native" | undefined;
    /** The ID of the client's software (RFC 7591 §2). */
    readonly software_id?: string | undefined;
    /** The version of the client's software (RFC 7591 §2). */
    readonly software_version?: string | undefined;
    /** A JWT that vouches for the metadata (RFC 7591 §2.3). The engine ignores it. */
    readonly software_statement?: string | undefined;
    /** When the client was registered, in seconds since the Unix epoch (RFC 7591 §3.2.1). */
    readonly client_id_issued_at?: number | undefined;
    /** Where the client's public keys are (RFC 7591 §2): `https:`, or `http:` on loopback. With `private_key_jwt` either this or `jwks` is required; the other methods don't read it. The keys are fetched with {@link EngineOptions.fetch} and kept in the storage: for the `max-age` of the answer within a minute and a day, or for ten minutes; if they can't be fetched again, for up to a day. An assertion that none of them fits makes the engine look for newer ones, once a minute at most. No redirect is followed, and only a set of up to 65,536 bytes that is there within five seconds is read. The address is trusted: don't let strangers choose it. */
    readonly jwks_uri?: string | undefined;
    /** The client's public keys (RFC 7591 §2): required with `self_signed_tls_client_auth`; with `private_key_jwt` either these or `jwks_uri`; otherwise ignored. */
    readonly jwks?: {
        /**
         * The keys, as JWKs (RFC 7517 §4): EC on P-256, P-384 and P-521, RSA of 2 048 to 8 192 bits
         * with the exponent 65537, OKP on Ed25519. Others are skipped. A private key is an error. With
         * `self_signed_tls_client_auth` (RFC 8705 §2.2), a certificate must have one of these keys or,
         * where a key has `x5c`, be the first certificate there.
         */
        readonly keys: readonly object[];
    } | undefined;
    /** The URL at which others can start a login (OpenID Connect Dynamic Client Registration 1.0 §2). */
    readonly initiate_login_uri?: string | undefined;
    /** Where the client's request objects may come from (OpenID Connect Dynamic Client Registration 1.0 §2). */
    readonly request_uris?: readonly string[] | undefined;
    /** Where users may be sent back to after a logout (OpenID Connect RP-Initiated Logout 1.0 §3.1). */
    readonly post_logout_redirect_uris?: readonly string[] | undefined;
    /** The URL at which the client is told of logouts (OpenID Connect Back-Channel Logout 1.0 §2.2). */
    readonly backchannel_logout_uri?: string | undefined;
    /** Whether logout tokens must name the session (OpenID Connect Back-Channel Logout 1.0 §2.2). */
    readonly backchannel_logout_session_required?: boolean | undefined;
    /** The page of the client that ends its session (OpenID Connect Front-Channel Logout 1.0 §2). */
    readonly frontchannel_logout_uri?: string | undefined;
    /** Whether that page is told the session (OpenID Connect Front-Channel Logout 1.0 §2). */
    readonly frontchannel_logout_session_required?: boolean | undefined;
}

/** Private signing keys as a JWK set (RFC 7517 §5). */
export interface SigningJwkSet {
    /** The keys: at least one for each algorithm that a client asks for. Of those that may sign at a moment, the first listed does. */
    readonly keys: readonly SigningJwk[];
}

/** A private signing key as a JWK (RFC 7517 §4): EC P-256 with `alg` ES256, or RSA of 2 048 bits or more with RS256. */
export interface SigningJwk {
    /** The key type (RFC 7517 §4.1). */
    readonly kty: "EC" | "RSA";
    /** The key ID, which the ID tokens name (RFC 7517 §4.5). */
    readonly kid: string;
    /** The signature algorithm (RFC 7517 §4.4). */
    readonly alg: "ES256" | "RS256";
    /** When the key begins to sign, in seconds since the Unix epoch. It is published before that, so that clients know it in time. Left out: at once. */
    readonly nbf?: number | undefined;
    /** When the key stops signing, in seconds since the Unix epoch. It stays published until the last ID token that it signed has expired. Left out: never. */
    readonly exp?: number | undefined;
    /** What the key is for (RFC 7517 §4.2). */
    readonly use?: "sig" | undefined;
    /** The numbers of the key (RFC 7518 §6), in base64url. */
    readonly [member: string]: unknown;
}

/**
 * The name of a check of the engine, and what its `detail` is, if it has one. A later version may have more of them.
 *
 * - `call`: The API call itself: its path and method, its bearer, the members of its JSON.
 * - `http_request`: The HTTP request to the introspection or revocation endpoint: method, content type, size, `Authorization` header.
 * - `parameters`: The parameters: readable, none repeated, and those that are needed are there.
 * - `grant_type`: The grant type: the engine and the service have it, and the client may use it. Its name.
 * - `authorization_details`: There are no `authorization_details`, which the engine does not support. Only ever refused.
 * - `client_authentication`: Which client it is, and that it has proved it. The method.
 * - `client_assertion`: The client assertion: its type, algorithm and claims.
 * - `client_assertion_signature`: The signature or MAC of the client assertion, by a key or the secret of its client. The algorithm.
 * - `client_keys`: The client's public keys at its `jwks_uri`: `stored`, or `fetched` just now.
 * - `client_attestation`: The client attestation: its type, algorithm, claims and times.
 * - `client_attestation_signature`: The signature of the client attestation, by an attester that is trusted. The algorithm.
 * - `client_attestation_proof`: The proof that the client instance has the key of its attestation: type, signature, audience and time.
 * - `client_attestation_challenge`: The challenge in that proof, which the server handed out a moment ago.
 * - `client_certificate`: The client's TLS certificate: readable, valid now, and the one that is registered.
 * - `certification_path`: The certificates lead to a trusted root.
 * - `confidential_client`: The client can keep a secret: a public one may not do this.
 * - `single_use`: What may be used once was not used before. The kind of its record in the store.
 * - `certificate_binding`: The client's tokens are bound to its certificate, and the request has a usable one.
 * - `dpop_proof`: The DPoP proof: its type, key, claims and signature. The algorithm.
 * - `dpop_nonce`: The nonce in the DPoP proof, which the server handed out a moment ago.
 * - `sender_binding`: A code or token that is bound is shown by the sender who has what it is bound to: `dpop_key`, `certificate`, `attested_instance`.
 * - `resource`: The resources: absolute URIs, which the client may request.
 * - `granted_resources`: The requested resources are among the granted ones, and the client may still have them.
 * - `scope`: The scopes: well-formed, and the client may request them; with a refresh token, they were granted.
 * - `authorization_code`: The authorization code: known, the client's own, not expired, and not used before. `revoked` if its second use ends the grant.
 * - `redirect_uri`: The redirect URI: registered, and that of the authorization request.
 * - `pkce`: PKCE: the `code_verifier` fits the `code_challenge`; in an authorization request, the challenge is well-formed. The method, or `not_used`.
 * - `refresh_token`: The refresh token: known, the client's own, and not expired. `replaced` if it was used before.
 * - `refresh_token_reuse`: What becomes of a refresh token that was used before: `same_tokens_again`, or `revoked` if that ends the grant.
 * - `user_credentials`: Username and password are there: whether they are right, only the host knows.
 * - `ticket`: The ticket between the calls of a password request: known, not expired, not used before.
 * - `reason`: The `reason` of `/auth/token/fail`, which the API knows.
 * - `subject`: The subject that the host names can be one.
 * - `properties`: The properties that the host adds are not too large. Only ever refused.
 * - `chosen_access_token`: The access token that the host has chosen: usable, and not in use.
 * - `access_token_issued`: An access token was made, which is valid once it is committed. Its type.
 * - `refresh_token_issued`: A refresh token was made, or the presented one stays: `new`, `replacing` or `kept`.
 * - `id_token_issued`: An ID token was made and signed. The algorithm.
 * - `id_token_reissue`: The service reissues ID tokens, and this one can be.
 * - `token_family`: The access token and the refresh token are live tokens of one grant.
 * - `access_token`: The access token is active: known, not expired, not revoked.
 * - `token_scheme`: The authentication scheme of a request fits its access token: `Bearer` or `DPoP`.
 * - `resource_identifiers`: The client is a protected resource, which may introspect.
 * - `audience`: The access token is for the protected resource that asks, or for `any`.
 * - `token`: The token to be revoked belongs to a live grant. That it does not is no error.
 * - `token_owner`: The token was issued to the client that wants to revoke it.
 * - `client`: The client of an authorization request is registered.
 * - `response_type`: Response type and mode are `code` and `query`, and nothing is asked for that the engine lacks.
 * - `prompt`: `prompt` and `max_age` are well-formed.
 * - `id_token_hint`: The `id_token_hint` is an ID token of this issuer.
 * - `dpop_jkt`: `dpop_jkt` is the thumbprint of a key.
 * - `commit`: A step was written completely, or not at all. What was written, such as `insert grant, delete renewal`. Refused: another request was first.
 * - `platform`: The platform failed: the name of the failure. Only ever refused.
 */
export type EngineCheckName = "call" | "http_request" | "parameters" | "grant_type" | "authorization_details" | "client_authentication" | "client_assertion" | "client_assertion_signature" | "client_keys" | "client_attestation" | "client_attestation_signature" | "client_attestation_proof" | "client_attestation_challenge" | "client_certificate" | "certification_path" | "confidential_client" | "single_use" | "certificate_binding" | "dpop_proof" | "dpop_nonce" | "sender_binding" | "resource" | "granted_resources" | "scope" | "authorization_code" | "redirect_uri" | "pkce" | "refresh_token" | "refresh_token_reuse" | "user_credentials" | "ticket" | "reason" | "subject" | "properties" | "chosen_access_token" | "access_token_issued" | "refresh_token_issued" | "id_token_issued" | "id_token_reissue" | "token_family" | "access_token" | "token_scheme" | "resource_identifiers" | "audience" | "token" | "token_owner" | "client" | "response_type" | "prompt" | "id_token_hint" | "dpop_jkt" | "commit" | "platform";
