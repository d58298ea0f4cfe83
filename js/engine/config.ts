// The engine's configuration: one JSON document. Rust checks it (`src/engine/config`): a member that is unknown, with the name that was likely meant, or not
// supported, is an error naming its path.

/** The whole configuration of the embedded engine: JSON, so `undefined` means the same as leaving a member out. */
export interface EngineConfig {
  /** The authorization server. */
  readonly service: ServiceConfig;
  /** The registered OAuth clients. */
  readonly clients?: readonly ClientConfig[] | undefined;
  /** The private keys that sign ID tokens (RFC 7517). Left out, keys are generated once and kept in the storage. */
  readonly jwks?: SigningJwkSet | undefined;
  /** Not the engine's: accepted, so that a demonstration can keep its users in the same document. */
  readonly users?: unknown;
}

/** A grant type (RFC 6749 §4), by the name of Authlete's constant. */
export type EngineGrantType = "AUTHORIZATION_CODE" | "REFRESH_TOKEN" | "CLIENT_CREDENTIALS" | "PASSWORD";

/**
 * The service: named and defaulted as Authlete's service properties. Durations are seconds. The endpoints are those of its metadata (RFC 8414 §2): `https:` or
 * `http:` URLs without user information, dot segments and fragment.
 */
export interface ServiceConfig {
  /** The service ID, which stands in the paths of the API. */
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
  /** The lifetime of access tokens in seconds (`expires_in`, RFC 6749 §5.1). Default 3 600. */
  readonly accessTokenDuration?: number | undefined;
  /** The lifetime of refresh tokens in seconds. Default 864 000. */
  readonly refreshTokenDuration?: number | undefined;
  /** The lifetime of ID tokens in seconds (`exp`, OpenID Connect Core 1.0 §2). Default 300. */
  readonly idTokenDuration?: number | undefined;
  /** The lifetime of authorization codes in seconds. Default 60 (RFC 6749 §4.1.2 recommends 600 at the most). */
  readonly authorizationCodeDuration?: number | undefined;
  /** Whether a refresh token stays the same when it is used. Default `false`: it is replaced, and the use of an old one ends the grant (RFC 9700 §4.14.2). */
  readonly refreshTokenKept?: boolean | undefined;
  /** Whether every client must use PKCE (RFC 7636). Public clients must in any case. Default `false`. */
  readonly pkceRequired?: boolean | undefined;
  /** Whether PKCE must use `S256` (RFC 7636 §4.2). Default `true`. */
  readonly pkceS256Required?: boolean | undefined;
  /** Whether a refresh may bring a new ID token: the action `ID_TOKEN_REISSUABLE` (OpenID Connect Core 1.0 §12.2). Default `true`. */
  readonly idTokenReissuable?: boolean | undefined;
  /**
   * How far the clocks of clients may be off, in seconds: as much earlier and later the times in a client assertion are accepted (RFC 7519 §4.1.4). Default 0.
   */
  readonly allowableClockSkew?: number | undefined;
  /**
   * Whether the `aud` of a client assertion must be the issuer, as a string. Default `false`: the token endpoint (RFC 7523 §3) and an array of one are accepted, too.
   */
  readonly clientAssertionAudRestrictedToIssuer?: boolean | undefined;
  /** Must be `false`: DPoP is not supported yet. */
  readonly dpopNonceRequired?: false | undefined;
  /** The grant types that clients may use; a client that has another one is an error. Default: authorization code, refresh token, client credentials. */
  readonly supportedGrantTypes?: readonly EngineGrantType[] | undefined;
  /** The scopes that there are (RFC 6749 §3.3). Default: `openid`, `profile`, and what the clients name. */
  readonly supportedScopes?: readonly string[] | undefined;
}

/**
 * A client, by the names of RFC 7591 §2, OpenID Connect Dynamic Client Registration 1.0 §2 and other registered client metadata. What has no meaning at the token
 * endpoint is accepted and left alone; a switch for what the engine does not have must be off; anything else is an error.
 */
export interface ClientConfig {
  /** The client ID (RFC 6749 §2.2). A decimal number is Authlete's numeric client ID; anything else is its alias. */
  readonly client_id: string;
  /** The numeric client ID of a client with an alias; generated from the alias when left out. */
  readonly authlete_client_id?: string | number | undefined;
  /** The client secret (RFC 6749 §2.3.1); a public client has none, and neither has one with `private_key_jwt`. */
  readonly client_secret?: string | undefined;
  /**
   * How the client authenticates (RFC 7591 §2), and no other way. Default `client_secret_basic`. With `private_key_jwt` (RFC 7523, OpenID Connect Core 1.0 §9)
   * it signs a JWT for each request: `iss` and `sub` are its ID, `aud` is the issuer or the token endpoint, `exp` is within 24 hours, and `jti` is used once.
   */
  readonly token_endpoint_auth_method?: "none" | "client_secret_basic" | "client_secret_post" | "private_key_jwt" | undefined;
  /**
   * The only signature algorithm of the client's assertions (OpenID Connect Dynamic Client Registration 1.0 §2). Default: any of these that a key in `jwks` fits.
   * `EdDSA` and `Ed25519` (RFC 9864) are the same.
   */
  readonly token_endpoint_auth_signing_alg?: "ES256" | "RS256" | "PS256" | "EdDSA" | "Ed25519" | undefined;
  /** The grant types that the client may use (RFC 7591 §2), all of which the service must have. Default `authorization_code`. */
  readonly grant_types?: readonly ("authorization_code" | "refresh_token" | "client_credentials" | "password")[] | undefined;
  /** Where users may be sent back to (RFC 6749 §3.1.2). Compared byte for byte; on 127.0.0.1 and [::1] any port (RFC 8252 §7.3). */
  readonly redirect_uris?: readonly string[] | undefined;
  /** The scopes that the client may have (RFC 6749 §3.3), separated by spaces; all of the service's when left out. */
  readonly scope?: string | undefined;
  /** The signature algorithm of the client's ID tokens (OpenID Connect Dynamic Client Registration 1.0 §2). Default `RS256`. */
  readonly id_token_signed_response_alg?: "ES256" | "RS256" | undefined;
  /** What the client gets as the user's identifier (OpenID Connect Core 1.0 §8). Pairwise identifiers are not supported yet. */
  readonly subject_type?: "public" | undefined;
  /** When the client secret expires (RFC 7591 §3.2.1). Must be 0, never: expiry is not supported yet. */
  readonly client_secret_expires_at?: 0 | undefined;
  /** Whether the client's access tokens are bound to a DPoP key (RFC 9449 §5.2). Must be `false`: not supported yet. */
  readonly dpop_bound_access_tokens?: false | undefined;
  /** Whether the client's access tokens are bound to its certificate (RFC 8705 §3.4). Must be `false`: not supported yet. */
  readonly tls_client_certificate_bound_access_tokens?: false | undefined;
  /** Whether authorization requests must be pushed (RFC 9126 §6). Must be `false`: not supported yet. */
  readonly require_pushed_authorization_requests?: false | undefined;
  /** Whether authorization requests must be signed (RFC 9101 §10.5). Must be `false`: not supported yet. */
  readonly require_signed_request_object?: false | undefined;
  /** Whether ID tokens must have `auth_time` (OpenID Connect Dynamic Client Registration 1.0 §2). Must be `false`: not supported yet. */
  readonly require_auth_time?: false | undefined;
  /** The client's name, for people (RFC 7591 §2). */
  readonly client_name?: string | undefined;
  /** The client's name in another language, such as `client_name#ja` (RFC 7591 §2.2). */
  readonly [client_name: `client_name#${string}`]: string | undefined;
  /** The client's home page (RFC 7591 §2). */
  readonly client_uri?: string | undefined;
  /** The client's home page in another language (RFC 7591 §2.2). */
  readonly [client_uri: `client_uri#${string}`]: string | undefined;
  /** The client's logo (RFC 7591 §2). */
  readonly logo_uri?: string | undefined;
  /** The client's logo in another language (RFC 7591 §2.2). */
  readonly [logo_uri: `logo_uri#${string}`]: string | undefined;
  /** The client's terms of service (RFC 7591 §2). */
  readonly tos_uri?: string | undefined;
  /** The client's terms of service in another language (RFC 7591 §2.2). */
  readonly [tos_uri: `tos_uri#${string}`]: string | undefined;
  /** The client's privacy policy (RFC 7591 §2). */
  readonly policy_uri?: string | undefined;
  /** The client's privacy policy in another language (RFC 7591 §2.2). */
  readonly [policy_uri: `policy_uri#${string}`]: string | undefined;
  /** How to reach who is responsible for the client (RFC 7591 §2). */
  readonly contacts?: readonly string[] | undefined;
  /** The response types that the client uses at the authorization endpoint (RFC 7591 §2). */
  readonly response_types?: readonly string[] | undefined;
  /** What kind of application the client is (OpenID Connect Dynamic Client Registration 1.0 §2). */
  readonly application_type?: "web" | "native" | undefined;
  /** The ID of the client's software (RFC 7591 §2). */
  readonly software_id?: string | undefined;
  /** The version of the client's software (RFC 7591 §2). */
  readonly software_version?: string | undefined;
  /** A JWT that vouches for the metadata (RFC 7591 §2.3). It is not looked at. */
  readonly software_statement?: string | undefined;
  /** When the client was registered, in seconds since the Unix epoch (RFC 7591 §3.2.1). */
  readonly client_id_issued_at?: number | undefined;
  /** The URL of the client's public keys (RFC 7591 §2). It is not read: a client with `private_key_jwt` has its keys in `jwks`. */
  readonly jwks_uri?: string | undefined;
  /** The client's public keys (RFC 7591 §2), which a client with `private_key_jwt` must have. Any other client's are left alone. */
  readonly jwks?:
    | {
        /**
         * The keys, as JWKs (RFC 7517 §4): EC on P-256, RSA of 2 048 to 8 192 bits with the exponent 65537, OKP on Ed25519. Others are passed over. A private key is an
         * error.
         */
        readonly keys: readonly object[];
      }
    | undefined;
  /** How long a login may be ago, in seconds, at the authorization endpoint (OpenID Connect Dynamic Client Registration 1.0 §2). */
  readonly default_max_age?: number | undefined;
  /** The authentication context classes to ask for at the authorization endpoint (OpenID Connect Dynamic Client Registration 1.0 §2). */
  readonly default_acr_values?: readonly string[] | undefined;
  /** Where a login may be started by others (OpenID Connect Dynamic Client Registration 1.0 §2). */
  readonly initiate_login_uri?: string | undefined;
  /** Where the client's request objects may come from (OpenID Connect Dynamic Client Registration 1.0 §2). */
  readonly request_uris?: readonly string[] | undefined;
  /** Where users may be sent back to after a logout (OpenID Connect RP-Initiated Logout 1.0 §3.1). */
  readonly post_logout_redirect_uris?: readonly string[] | undefined;
  /** Where the client hears of logouts (OpenID Connect Back-Channel Logout 1.0 §2.2). */
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
  /** The keys: one for each algorithm that a client asks for. */
  readonly keys: readonly SigningJwk[];
}

/** A private signing key as a JWK (RFC 7517 §4): EC P-256 with `alg` ES256, or RSA of 2 048 bits or more with RS256. */
export interface SigningJwk {
  /** The key ID, which the ID tokens name (RFC 7517 §4.5). */
  readonly kid: string;
  /** The signature algorithm (RFC 7517 §4.4). */
  readonly alg: "ES256" | "RS256";
  /** The key type (RFC 7517 §4.1). */
  readonly kty: "EC" | "RSA";
  /** The numbers of the key (RFC 7518 §6), in base64url. */
  readonly [member: string]: unknown;
}

/** What the user allowed at the authorization endpoint (RFC 6749 §4.1.1). An empty string counts as left out (RFC 6749 §3.1). */
export interface AuthorizationCodeParams {
  /** The client that asked, by its ID or its alias. */
  readonly client_id: string;
  /** The user: the `sub` of the ID token (OpenID Connect Core 1.0 §2). 1 to 255 printable ASCII characters. */
  readonly subject: string;
  /** The granted scopes (RFC 6749 §3.3), separated by spaces. */
  readonly scope?: string | undefined;
  /** The redirect URI as it was sent in the authorization request (RFC 6749 §4.1.3); left out when it was not sent. */
  readonly redirect_uri?: string | undefined;
  /** Goes into the ID token (OpenID Connect Core §3.1.2.1). */
  readonly nonce?: string | undefined;
  /** PKCE (RFC 7636 §4.3). Public clients must have one. */
  readonly code_challenge?: string | undefined;
  /** How the code challenge was made (RFC 7636 §4.3). Default `plain`, which the service must allow. */
  readonly code_challenge_method?: "S256" | "plain" | (string & {}) | undefined;
  /** More claims of the ID token (OpenID Connect Core 1.0 §5.1). */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  /** The authentication context class that was reached (OpenID Connect Core 1.0 §2). */
  readonly acr?: string | undefined;
  /** When the user logged in, in seconds since the Unix epoch (OpenID Connect Core 1.0 §2). */
  readonly auth_time?: number | undefined;
  /** Resource indicators (RFC 8707). Not supported yet: an error. */
  readonly resource?: string | readonly string[] | undefined;
  /** Rich authorization details (RFC 9396). Not supported yet: an error. */
  readonly authorization_details?: unknown;
  /** The thumbprint of a DPoP key (RFC 9449 §10). Not supported yet: an error. */
  readonly dpop_jkt?: string | undefined;
}

/** What the authorization endpoint gives (RFC 6749 §4.1.2). */
export interface IssuedCode {
  /** The authorization code. It can be used once. */
  readonly code: string;
}

/** What an access token is good for (RFC 7662 §2.2): `active` tells whether it is a live access token. */
export type Introspection = ActiveToken | InactiveToken;

/** A live access token (RFC 7662 §2.2). */
export interface ActiveToken {
  /** The token is live. */
  readonly active: true;
  /** The scopes, separated by spaces; absent when there are none. */
  readonly scope?: string;
  /** The client ID that the token was requested with. */
  readonly client_id: string;
  /** The user; absent for client credentials. */
  readonly sub?: string;
  /** How the token is used, such as `Bearer` (RFC 6750). */
  readonly token_type: string;
  /** The issuer identifier of the service. */
  readonly iss: string;
  /** When the token expires, in seconds since the Unix epoch. */
  readonly exp: number;
  /** When the token was issued, in seconds since the Unix epoch. */
  readonly iat: number;
}

/** Public signing keys as a JWK set (RFC 7517 §5). */
export interface PublicJwkSet {
  /** The keys. */
  readonly keys: PublicJwk[];
}

/** A public signing key as a JWK (RFC 7517 §4). */
export interface PublicJwk {
  /** The key ID, which the ID tokens name (RFC 7517 §4.5). */
  readonly kid: string;
  /** The signature algorithm (RFC 7517 §4.4). */
  readonly alg: "ES256" | "RS256";
  /** The key type (RFC 7517 §4.1). */
  readonly kty: "EC" | "RSA";
  /** The public numbers of the key (RFC 7518 §6), in base64url, and other members. */
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
  /** Everything else (RFC 8414 §2). */
  readonly [member: string]: unknown;
}

/** Anything but a live access token: unknown, expired, revoked, or a refresh token. */
export interface InactiveToken {
  /** The token is good for nothing. */
  readonly active: false;
}
