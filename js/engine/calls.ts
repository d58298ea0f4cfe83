// The parameters and results of the engine's functions, apart from requests and responses.

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
