//! The members of a client's registration, by the names of RFC 7591 and OpenID Connect Dynamic
//! Client Registration.

use super::assertion_keys::AssertionKeys;
use super::attester_keys::{AttesterJwks, check_attesters};
use super::certificates::{
    DnsName, EmailName, IpName, RegisteredCertificate, SubjectName, UriName,
};
use super::client_values::{
    AssertionAlgorithm, AuthMethodName, ClientId, ClientNumber, NeverExpires, PublicSubject,
    Secret, SigningAlgorithm, check_redirect_uris, check_resource_identifiers, check_secret,
    number_of,
};
use super::grant_entry::GrantEntry;
use super::macros::config;
use super::redirect_uri::RedirectUri;
use super::values::{FilledText, Flag, GrantName, Name, OffSwitch, Resource, ScopeList, Tolerance};
use crate::api::GrantType;
use crate::engine::hash::Digest;
use crate::engine::jose::Algorithm;

config! {
    /// A client, by the names of RFC 7591 §2, OpenID Connect Dynamic Client Registration 1.0 §2 and
    /// other registered client metadata. Members without a meaning at the token endpoint are
    /// accepted and ignored; switches for features that the engine does not have must be off; any
    /// other member is an error.
    pub(crate) struct Client as "ClientConfig", read(object, grants) {
        given {
            /// The client ID (RFC 6749 §2.2). A decimal number is Authlete's numeric client ID;
            /// anything else is its alias.
            "client_id" client_id: ClientId;
            /// The numeric client ID of a client with an alias; generated from the alias when left
            /// out.
            "authlete_client_id" given_number: Option<ClientNumber>;
            /// The client secret (RFC 6749 §2.3.1), for the three methods with a secret. With
            /// `client_secret_jwt` it has at least 32 bytes, or as many as the hash of
            /// `token_endpoint_auth_signing_alg` (RFC 7518 §3.2).
            "client_secret" given_secret: Option<Secret>;
            /// The only signature algorithm of the client's assertions (OpenID Connect Dynamic
            /// Client Registration 1.0 §2): HS256, HS384 or HS512 with `client_secret_jwt`, one of
            /// the others with `private_key_jwt`. Default: any for which the secret is long enough,
            /// or for which there is a key. `EdDSA` and `Ed25519` (RFC 9864) are the same.
            "token_endpoint_auth_signing_alg" assertion_alg: Option<AssertionAlgorithm>;
        }
        fields {
            /// The only way in which the client authenticates (RFC 7591 §2). Default
            /// `client_secret_basic`. With `private_key_jwt` and `client_secret_jwt` (RFC 7523,
            /// OpenID Connect Core 1.0 §9) it signs a JWT for each request, with its private key or
            /// its secret: `iss` and `sub` are its ID, `aud` is the issuer, the token endpoint or
            /// the endpoint that it calls, `exp` is within 24 hours, and `jti` is used once. With
            /// `attest_jwt_client_auth` (OAuth 2.0 Attestation-Based Client Authentication, draft
            /// 08), an attester vouches for the key of an instance of the client in a JWT (`sub` is
            /// the client's ID, `cnf.jwk` the key), and the instance signs another one for each
            /// request: `aud` is the issuer, `iat` is at most 300 seconds ago, and `jti` is used
            /// once. Its refresh tokens are good with the same key only. With `tls_client_auth` and
            /// `self_signed_tls_client_auth` (RFC 8705 §2) it needs a certificate,
            /// `clientCertificate` of the call of `/auth/token`, which must be valid now; the
            /// endpoints of introspection and revocation take none.
            "token_endpoint_auth_method" auth_method: AuthMethodName = super::AuthMethod::ClientSecretBasic;
            /// The grant types that the client may use (RFC 7591 §2), all of which the service must
            /// have. Default `authorization_code`.
            "grant_types" grant_types: Vec<GrantName> = authorization_code(grants);
            /// Where users may be sent back to (RFC 6749 §3.1.2). Compared byte for byte; on
            /// 127.0.0.1 and [::1] any port (RFC 8252 §7.3).
            "redirect_uris" redirect_uris: Vec<RedirectUri> = Vec::new();
            /// The scopes that the client may have (RFC 6749 §3.3), separated by spaces; all of the
            /// service's when left out.
            "scope" scopes: Option<ScopeList>;
            /// The resources that the client's tokens may be for (RFC 8707 §2), all of which must
            /// be in `supportedResources` if the service has that; any that the service supports
            /// when left out. A client that names no resource still gets tokens that are bound to
            /// none.
            "allowed_resources" resources: Option<Vec<Resource>>;
            /// The signature algorithm of the client's ID tokens (OpenID Connect Dynamic Client
            /// Registration 1.0 §2). Default `RS256`.
            "id_token_signed_response_alg" id_token_alg: SigningAlgorithm = Algorithm::RS256;
            /// Whether the client must send a DPoP proof with each token request, so that all its
            /// access tokens are bound to a key (RFC 9449 §5.2). A proof binds them in any case.
            "dpop_bound_access_tokens" dpop_bound: Flag = false;
            /// The resource identifiers (RFC 9728 §2, RFC 8707 §2) of a client that is a protected
            /// resource: absolute URIs without a fragment. It may introspect tokens (RFC 7662):
            /// those that are for one of these resources, and those that are bound to none. A
            /// public client can't have any.
            "resource_identifiers" resource_identifiers: Vec<Resource> = Vec::new();
            /// How long ago the login may be if an authorization request does not say it, in
            /// seconds (OpenID Connect Dynamic Client Registration 1.0 §2). `checkAuthorization`
            /// gives it as `max_age`.
            "default_max_age" default_max_age: Option<Tolerance>;
            /// The authentication contexts that are preferred if an authorization request names
            /// none, best first (OpenID Connect Dynamic Client Registration 1.0 §2).
            /// `checkAuthorization` gives them as `acr_values`.
            "default_acr_values" default_acr_values: Vec<FilledText> = Vec::new();
            /// The public keys (RFC 7517) of those who may attest to instances of the client, if it
            /// authenticates with `attest_jwt_client_auth`. Default: the service's
            /// `clientAttesterJwks`. A member of the engine's own, which is not registered.
            "client_attester_jwks" attester_keys: Option<AttesterJwks>;
            /// Whether this client has tokens from only one login of a user, as with the service's
            /// `singleAccessTokenPerSubject`, which holds for all clients.
            "authlete_single_access_token_per_subject" single_access_token_per_subject: Flag = false;
            /// Whether the client's access tokens are bound to its certificate, so that nobody can
            /// use them without it (RFC 8705 §3.4), and the refresh tokens of a public client, too.
            /// The service must have `tlsClientCertificateBoundAccessTokens`. A token request
            /// without a certificate is refused then, however the client authenticates.
            "tls_client_certificate_bound_access_tokens" binds_to_certificates: Flag = false;
        }
        also {
            /// What is known about the client's certificate; `None` for a client that
            /// authenticates without one.
            certificate: Option<RegisteredCertificate> = RegisteredCertificate::read(object, auth_method)?;
            /// Authlete's numeric client ID.
            number: u64 = number_of(object, &client_id, given_number)?;
            /// The registered `client_id`, if it is not the number.
            alias: Option<String> = Some(client_id).filter(|id| *id != number.to_string());
            /// SHA-256 of the client secret; `None` for a client that authenticates without one.
            secret: Option<Digest> = check_secret(object, auth_method, given_secret)?;
            /// What the client's assertions are verified with; `None` for a client that
            /// authenticates without them.
            assertion_keys: Option<AssertionKeys> = AssertionKeys::read(object, auth_method, assertion_alg)?;
            /// Whether the configuration names no grant types.
            default_grant_types: bool = object.take("grant_types").is_none();
        }
        checks {
            /// The subject of the certificate of a client with `tls_client_auth` (RFC 8705
            /// §2.1.2), as a text (RFC 4514), which begins with the last attribute of the
            /// certificate: `CN=app,O=Example,C=DE`. Compared without regard to case (ASCII) and to
            /// the number of spaces. Such a client needs exactly one of this and the four
            /// `tls_client_auth_san_…`; others must have none.
            "tls_client_auth_subject_dn": Option<SubjectName>;
            /// A DNS name that is in the certificate of a client with `tls_client_auth` (RFC 8705
            /// §2.1.2). A wildcard there means nothing.
            "tls_client_auth_san_dns": Option<DnsName>;
            /// A URI that is in the certificate of a client with `tls_client_auth` (RFC 8705
            /// §2.1.2), byte for byte.
            "tls_client_auth_san_uri": Option<UriName>;
            /// An IP address, in its usual text form, that is in the certificate of a client with
            /// `tls_client_auth` (RFC 8705 §2.1.2).
            "tls_client_auth_san_ip": Option<IpName>;
            /// An e-mail address that is in the certificate of a client with `tls_client_auth`
            /// (RFC 8705 §2.1.2).
            "tls_client_auth_san_email": Option<EmailName>;
            /// What the client gets as the user's identifier (OpenID Connect Core 1.0 §8). Pairwise
            /// identifiers are not supported yet.
            "subject_type": Option<PublicSubject>;
            /// When the client secret expires (RFC 7591 §3.2.1). Must be 0, never: expiry is not
            /// supported yet.
            "client_secret_expires_at": Option<NeverExpires>;
            /// Whether authorization requests must be pushed (RFC 9126 §6). Must be `false`: not
            /// supported yet.
            "require_pushed_authorization_requests": Option<OffSwitch>;
            /// Whether authorization requests must be signed (RFC 9101 §10.5). Must be `false`: not
            /// supported yet.
            "require_signed_request_object": Option<OffSwitch>;
            /// Whether ID tokens must have `auth_time` (OpenID Connect Dynamic Client Registration
            /// 1.0 §2). Must be `false`: not supported yet.
            "require_auth_time": Option<OffSwitch>;
        }
        then {
            check_redirect_uris(object, &grant_types, &redirect_uris);
            check_attesters(object, auth_method, attester_keys.as_ref());
            check_resource_identifiers(object, auth_method, &resource_identifiers);
        }
        named {
            /// The client's name, for people (RFC 7591 §2).
            "client_name" name: Option<Name>;
        }
        tagged {
            /// The client's home page (RFC 7591 §2).
            "client_uri";
            /// The client's logo (RFC 7591 §2).
            "logo_uri";
            /// The client's terms of service (RFC 7591 §2).
            "tos_uri";
            /// The client's privacy policy (RFC 7591 §2).
            "policy_uri";
        }
        ignores {
            /// How to reach the people who are responsible for the client (RFC 7591 §2).
            "contacts": "readonly string[]";
            /// The response types that the client uses at the authorization endpoint (RFC 7591 §2).
            "response_types": "readonly string[]";
            /// What kind of application the client is (OpenID Connect Dynamic Client Registration
            /// 1.0 §2).
            "application_type": r#""web" | "native""#;
            /// The ID of the client's software (RFC 7591 §2).
            "software_id": "string";
            /// The version of the client's software (RFC 7591 §2).
            "software_version": "string";
            /// A JWT that vouches for the metadata (RFC 7591 §2.3). The engine ignores it.
            "software_statement": "string";
            /// When the client was registered, in seconds since the Unix epoch (RFC 7591 §3.2.1).
            "client_id_issued_at": "number";
            /// Where the client's public keys are (RFC 7591 §2): `https:`, or `http:` on loopback.
            /// With `private_key_jwt` either this or `jwks` is required; the other methods don't
            /// read it. The keys are fetched with {@link EngineOptions.fetch} and kept in the
            /// storage: for the `max-age` of the answer within a minute and a day, or for ten
            /// minutes; if they can't be fetched again, for up to a day. An assertion that none of
            /// them fits makes the engine look for newer ones, once a minute at most. No redirect
            /// is followed, and only a set of up to 65,536 bytes that is there within five seconds
            /// is read. The address is trusted: don't let strangers choose it.
            "jwks_uri": "string";
            /// The client's public keys (RFC 7591 §2): required with `self_signed_tls_client_auth`;
            /// with `private_key_jwt` either these or `jwks_uri`; otherwise ignored.
            "jwks": "{
    /**
     * The keys, as JWKs (RFC 7517 §4): EC on P-256, P-384 and P-521, RSA of 2 048 to 8 192 bits
     * with the exponent 65537, OKP on Ed25519. Others are skipped. A private key is an error. With
     * `self_signed_tls_client_auth` (RFC 8705 §2.2), a certificate must have one of these keys or,
     * where a key has `x5c`, be the first certificate there.
     */
    readonly keys: readonly object[];
  }";
            /// The URL at which others can start a login (OpenID Connect Dynamic Client
            /// Registration 1.0 §2).
            "initiate_login_uri": "string";
            /// Where the client's request objects may come from (OpenID Connect Dynamic Client
            /// Registration 1.0 §2).
            "request_uris": "readonly string[]";
            /// Where users may be sent back to after a logout (OpenID Connect RP-Initiated Logout
            /// 1.0 §3.1).
            "post_logout_redirect_uris": "readonly string[]";
            /// The URL at which the client is told of logouts (OpenID Connect Back-Channel Logout
            /// 1.0 §2.2).
            "backchannel_logout_uri": "string";
            /// Whether logout tokens must name the session (OpenID Connect Back-Channel Logout
            /// 1.0 §2.2).
            "backchannel_logout_session_required": "boolean";
            /// The page of the client that ends its session (OpenID Connect Front-Channel Logout
            /// 1.0 §2).
            "frontchannel_logout_uri": "string";
            /// Whether that page is told the session (OpenID Connect Front-Channel Logout 1.0 §2).
            "frontchannel_logout_session_required": "boolean";
        }
        refuses {
            "sector_identifier_uri",
            "id_token_encrypted_response_alg",
            "id_token_encrypted_response_enc",
            "userinfo_signed_response_alg",
            "userinfo_encrypted_response_alg",
            "userinfo_encrypted_response_enc",
            "request_object_signing_alg",
            "request_object_encryption_alg",
            "request_object_encryption_enc",
            "authorization_signed_response_alg",
            "authorization_encrypted_response_alg",
            "authorization_encrypted_response_enc",
            "authorization_details_types",
            "backchannel_token_delivery_mode",
            "backchannel_client_notification_endpoint",
            "backchannel_authentication_request_signing_alg",
            "backchannel_user_code_parameter",
        }
        rules {
            // A client has a secret if, and only if, it authenticates with one.
            r#"{
                "if": {
                    "properties": { "token_endpoint_auth_method": { "enum": ["none", "private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth", "attest_jwt_client_auth"] } },
                    "required": ["token_endpoint_auth_method"]
                },
                "then": { "properties": { "client_secret": { "type": "null" } } },
                "else": { "properties": { "client_secret": { "type": "string" } }, "required": ["client_secret"] }
            }"#;
            // A client that signs with a private key has its public keys in one place.
            r#"{
                "if": {
                    "properties": { "token_endpoint_auth_method": { "const": "private_key_jwt" } },
                    "required": ["token_endpoint_auth_method"]
                },
                "then": {
                    "properties": { "token_endpoint_auth_signing_alg": { "not": { "enum": ["HS256", "HS384", "HS512"] } } },
                    "oneOf": [
                        {
                            "properties": {
                                "jwks": {
                                    "type": "object",
                                    "properties": { "keys": { "type": "array", "minItems": 1, "items": { "type": "object" } } },
                                    "required": ["keys"]
                                },
                                "jwks_uri": { "type": "null" }
                            },
                            "required": ["jwks"]
                        },
                        {
                            "properties": {
                                "jwks": { "type": "null" },
                                "jwks_uri": { "type": "string", "pattern": "^(?:https:|http://(?:(?:[A-Za-z0-9_-]+\\.)*localhost\\.?|127(?:\\.[0-9]+){3}|\\[::1\\])(?:[:/?]|$))" }
                            },
                            "required": ["jwks_uri"]
                        }
                    ]
                }
            }"#;
            // The secret is long enough for the algorithm.
            r#"{
                "if": {
                    "properties": { "token_endpoint_auth_method": { "const": "client_secret_jwt" } },
                    "required": ["token_endpoint_auth_method"]
                },
                "then": {
                    "properties": { "token_endpoint_auth_signing_alg": { "enum": ["HS256", "HS384", "HS512", null] }, "client_secret": { "minLength": 32 } },
                    "allOf": [
                        {
                            "if": { "properties": { "token_endpoint_auth_signing_alg": { "const": "HS384" } }, "required": ["token_endpoint_auth_signing_alg"] },
                            "then": { "properties": { "client_secret": { "minLength": 48 } } }
                        },
                        {
                            "if": { "properties": { "token_endpoint_auth_signing_alg": { "const": "HS512" } }, "required": ["token_endpoint_auth_signing_alg"] },
                            "then": { "properties": { "client_secret": { "minLength": 64 } } }
                        }
                    ]
                }
            }"#;
            // An algorithm of assertions is for clients that make some.
            r#"{
                "if": {
                    "not": {
                        "properties": { "token_endpoint_auth_method": { "enum": ["private_key_jwt", "client_secret_jwt"] } },
                        "required": ["token_endpoint_auth_method"]
                    }
                },
                "then": { "properties": { "token_endpoint_auth_signing_alg": { "type": "null" } } }
            }"#;
            // Attesters are for client attestations only.
            r#"{
                "if": {
                    "properties": { "token_endpoint_auth_method": { "not": { "const": "attest_jwt_client_auth" } } }
                },
                "then": { "properties": { "client_attester_jwks": { "type": "null" } } }
            }"#;
            // One name of the certificate is for `tls_client_auth` only.
            r#"{
                "if": {
                    "properties": { "token_endpoint_auth_method": { "const": "tls_client_auth" } },
                    "required": ["token_endpoint_auth_method"]
                },
                "then": {
                    "oneOf": [
                        { "properties": { "tls_client_auth_subject_dn": { "type": "string" } }, "required": ["tls_client_auth_subject_dn"] },
                        { "properties": { "tls_client_auth_san_dns": { "type": "string" } }, "required": ["tls_client_auth_san_dns"] },
                        { "properties": { "tls_client_auth_san_uri": { "type": "string" } }, "required": ["tls_client_auth_san_uri"] },
                        { "properties": { "tls_client_auth_san_ip": { "type": "string" } }, "required": ["tls_client_auth_san_ip"] },
                        { "properties": { "tls_client_auth_san_email": { "type": "string" } }, "required": ["tls_client_auth_san_email"] }
                    ]
                },
                "else": {
                    "properties": {
                        "tls_client_auth_subject_dn": { "type": "null" },
                        "tls_client_auth_san_dns": { "type": "null" },
                        "tls_client_auth_san_uri": { "type": "null" },
                        "tls_client_auth_san_ip": { "type": "null" },
                        "tls_client_auth_san_email": { "type": "null" }
                    }
                }
            }"#;
            // A self-signed certificate is known by its key.
            r#"{
                "if": {
                    "properties": { "token_endpoint_auth_method": { "const": "self_signed_tls_client_auth" } },
                    "required": ["token_endpoint_auth_method"]
                },
                "then": {
                    "properties": {
                        "jwks": {
                            "type": "object",
                            "properties": { "keys": { "type": "array", "minItems": 1, "items": { "type": "object" } } },
                            "required": ["keys"]
                        },
                        "jwks_uri": { "type": "null" }
                    },
                    "required": ["jwks"]
                }
            }"#;
            // A protected resource authenticates itself.
            r#"{
                "if": {
                    "properties": { "token_endpoint_auth_method": { "const": "none" } },
                    "required": ["token_endpoint_auth_method"]
                },
                "then": { "properties": { "resource_identifiers": { "maxItems": 0 } } }
            }"#;
            // The authorization code grant type, which is the default, needs a redirect URI.
            r#"{
                "if": { "properties": { "grant_types": { "not": { "type": "array", "not": { "contains": { "const": "authorization_code" } } } } } },
                "then": { "properties": { "redirect_uris": { "type": "array", "minItems": 1 } }, "required": ["redirect_uris"] }
            }"#;
        }
    }
}

/// The default of RFC 7591 §2.
fn authorization_code(grants: &[&'static GrantEntry]) -> Vec<&'static GrantEntry> {
    grants.iter().copied().filter(|entry| entry.constant == GrantType::AuthorizationCode).collect()
}
