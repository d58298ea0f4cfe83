// The engine's configuration: one JSON document. Rust checks it (`src/engine/config`); an unknown or unsupported member is an error naming its path.

/** The whole configuration of the embedded engine. */
export interface EngineConfig {
  /** The authorization server. */
  readonly service: ServiceConfig;
  /** The registered OAuth clients. */
  readonly clients?: readonly ClientConfig[];
  /** The private keys that sign ID tokens (RFC 7517). Left out, keys are generated once and kept in the storage. */
  readonly jwks?: { readonly keys: readonly SigningJwk[] };
  /** Not the engine's: accepted, so that a demonstration can keep its users in the same document. */
  readonly users?: unknown;
}

/** A grant type, by Authlete's constant. */
export type EngineGrantType = "AUTHORIZATION_CODE" | "REFRESH_TOKEN" | "CLIENT_CREDENTIALS" | "PASSWORD";

/** The service: named and defaulted as Authlete's service properties. Durations are seconds. */
export interface ServiceConfig {
  /** The service ID, which stands in the paths of the API. */
  readonly serviceId: string | number;
  /** The access token that calls of the API must carry. */
  readonly bearer: string;
  /** The issuer identifier (RFC 8414 §2): an `https:` or `http:` URL without query and fragment. */
  readonly issuer: string;
  /** Default: issuer + `/token`. */
  readonly tokenEndpoint?: string;
  /** Default: issuer + `/authorize`. */
  readonly authorizationEndpoint?: string;
  /** Default: issuer + `/jwks`. */
  readonly jwksUri?: string;
  /** Default: issuer + `/userinfo`. */
  readonly userInfoEndpoint?: string;
  /** Default 3 600. */
  readonly accessTokenDuration?: number;
  /** Default 864 000. */
  readonly refreshTokenDuration?: number;
  /** Default 300. */
  readonly idTokenDuration?: number;
  /** Default 60 (RFC 6749 §4.1.2 allows 600). */
  readonly authorizationCodeDuration?: number;
  /** Whether a refresh token stays the same when it is used. Default `false`: it is replaced, and the use of an old one ends the grant (RFC 9700 §4.14.2). */
  readonly refreshTokenKept?: boolean;
  /** Whether every client must use PKCE (RFC 7636). Public clients must in any case. Default `false`. */
  readonly pkceRequired?: boolean;
  /** Whether PKCE must use `S256`. Default `true`. */
  readonly pkceS256Required?: boolean;
  /** Whether a refresh may bring a new ID token (`ID_TOKEN_REISSUABLE`). Default `true`. */
  readonly idTokenReissuable?: boolean;
  /** Must be `false`: DPoP is not supported yet. */
  readonly dpopNonceRequired?: false;
  /** Default: authorization code, refresh token, client credentials. */
  readonly supportedGrantTypes?: readonly EngineGrantType[];
  /** Default: `openid`, `profile`, and what the clients name. */
  readonly supportedScopes?: readonly string[];
}

/** A client, by the names of RFC 7591 and OpenID Connect registration. Metadata without meaning at the token endpoint is accepted. */
export interface ClientConfig {
  /** A decimal number is Authlete's numeric client ID; anything else is its alias. */
  readonly client_id: string;
  /** The numeric client ID of a client with an alias; generated from the alias when left out. */
  readonly authlete_client_id?: string | number;
  /** The client secret; a public client has none. */
  readonly client_secret?: string;
  /** Default `client_secret_basic`. The method is enforced. */
  readonly token_endpoint_auth_method?: "none" | "client_secret_basic" | "client_secret_post";
  /** Default `authorization_code`. */
  readonly grant_types?: readonly ("authorization_code" | "refresh_token" | "client_credentials" | "password")[];
  /** Compared byte for byte; on 127.0.0.1 and [::1] any port (RFC 8252 §7.3). */
  readonly redirect_uris?: readonly string[];
  /** The scopes that the client may have, separated by spaces; all of the service's when left out. */
  readonly scope?: string;
  /** Default `RS256`. */
  readonly id_token_signed_response_alg?: "ES256" | "RS256";
  /** For people. */
  readonly client_name?: string;
  readonly [metadata: string]: unknown;
}

/** A private signing key: EC P-256 with `alg` ES256, or RSA of 2 048 bits or more with RS256. */
export interface SigningJwk {
  readonly kid: string;
  readonly alg: "ES256" | "RS256";
  readonly kty: "EC" | "RSA";
  readonly [member: string]: unknown;
}

/** What the user allowed at the authorization endpoint. */
export interface AuthorizationCodeParams {
  /** The client that asked. */
  readonly client_id: string;
  /** The user: 1 to 255 printable ASCII characters. */
  readonly subject: string;
  /** The granted scopes, separated by spaces. */
  readonly scope?: string;
  /** As it was sent in the authorization request; left out when it was not sent. */
  readonly redirect_uri?: string;
  /** Goes into the ID token (OpenID Connect Core §3.1.2.1). */
  readonly nonce?: string;
  /** PKCE (RFC 7636 §4.3). Public clients must have one. */
  readonly code_challenge?: string;
  /** Default `plain`, which the service must allow. */
  readonly code_challenge_method?: "S256" | "plain" | (string & {});
  /** More claims of the ID token. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** The authentication context class that was reached. */
  readonly acr?: string;
  /** When the user logged in, in seconds since the epoch. */
  readonly auth_time?: number;
  /** Not supported yet: an error. */
  readonly resource?: string | readonly string[];
  /** Not supported yet: an error. */
  readonly authorization_details?: unknown;
  /** Not supported yet: an error. */
  readonly dpop_jkt?: string;
}

/** What an access token is good for (RFC 7662 §2.2). Anything but a live access token is `{ active: false }`. */
export interface Introspection {
  readonly active: boolean;
  readonly scope?: string;
  readonly client_id?: string;
  /** Absent for client credentials. */
  readonly sub?: string;
  readonly token_type?: string;
  readonly iss?: string;
  /** Seconds since the epoch. */
  readonly exp?: number;
  /** Seconds since the epoch. */
  readonly iat?: number;
}
