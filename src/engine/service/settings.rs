//! The service: the settings of the authorization server, by Authlete's names.

use super::attester_keys::AttesterJwks;
use super::certificates::RootCertificate;
use super::macros::{config, reader};
use super::reader::Object;
use super::url::{Issuer, Url};
use super::values::{Flag, GrantConstant, Resource, Scope, Seconds, Tolerance};
use crate::api::GrantType;
use crate::engine::hash::{Digest, sha256};
use crate::error::Error;

config! {
    /// The service, with the names and defaults of Authlete's service properties. Durations are
    /// seconds. The endpoints are those of its metadata (RFC 8414 §2): `https:` or `http:` URLs
    /// without user information, dot segments and fragment.
    pub(crate) struct ServiceSettings as "ServiceConfig", read(object, grants) {
        fields {
            /// The service ID, which is part of the API's paths.
            "serviceId" id: ServiceId;
            /// The access token that calls of the API must carry (RFC 6750 §2.1).
            "bearer" bearer: Bearer;
            /// The issuer identifier (RFC 8414 §2): an `https:` or `http:` URL, perhaps with a
            /// path, without user information, dot segments, query and fragment.
            "issuer" issuer: Issuer;
            /// The URL of the token endpoint (RFC 6749 §3.2). Default: issuer + `/token`.
            "tokenEndpoint" token_endpoint: Url = below(&issuer, "/token");
            /// The URL of the authorization endpoint (RFC 6749 §3.1). Default: issuer +
            /// `/authorize`.
            "authorizationEndpoint" authorization_endpoint: Url = below(&issuer, "/authorize");
            /// The URL of the public signing keys (RFC 7517 §5). Default: issuer + `/jwks`.
            "jwksUri" jwks_uri: Url = below(&issuer, "/jwks");
            /// The URL of the UserInfo endpoint (OpenID Connect Core 1.0 §5.3). Default: issuer +
            /// `/userinfo`.
            "userInfoEndpoint" user_info_endpoint: Url = below(&issuer, "/userinfo");
            /// The URL of the introspection endpoint (RFC 7662 §2). Default: issuer +
            /// `/introspect`.
            "introspectionEndpoint" introspection_endpoint: Url = below(&issuer, "/introspect");
            /// The URL of the revocation endpoint (RFC 7009 §2). Default: issuer + `/revoke`.
            "revocationEndpoint" revocation_endpoint: Url = below(&issuer, "/revoke");
            /// The lifetime of access tokens in seconds (`expires_in`, RFC 6749 §5.1).
            "accessTokenDuration" access_token_duration: Seconds = 3600;
            /// The lifetime of refresh tokens in seconds.
            "refreshTokenDuration" refresh_token_duration: Seconds = 864_000;
            /// The lifetime of ID tokens in seconds (`exp`, OpenID Connect Core 1.0 §2).
            "idTokenDuration" id_token_duration: Seconds = 300;
            /// The lifetime of authorization codes in seconds. RFC 6749 §4.1.2 recommends 600 at
            /// the most.
            "authorizationCodeDuration" authorization_code_duration: Seconds = 60;
            /// Whether a refresh token stays the same when it is used. Otherwise, and for public
            /// clients always, it is replaced, and the use of one that was replaced, however long
            /// ago, ends the grant (RFC 9700 §4.14.2). In any case a refresh ends the access token
            /// of the refresh before: a login has one access token at a time.
            "refreshTokenKept" refresh_token_kept: Flag = false;
            /// Whether a refresh token that was just replaced brings the same new tokens once more,
            /// for 60 seconds or until the new refresh token is used: an answer may have been lost,
            /// and a client may ask several times at once. It must ask for the same scopes and
            /// resources, in whatever order; other ones are refused. Whoever has stolen the old
            /// token can do so, too. It has no effect on a refresh for which the host chooses the
            /// access token: that one can't be made again.
            "refreshTokenIdempotent" refresh_token_idempotent: Flag = false;
            /// Whether a refresh token that takes the place of another one expires when that one
            /// would have expired, so that the user must log in again after `refreshTokenDuration`.
            /// Otherwise it has the whole duration. One that the API call asks for comes first.
            "refreshTokenDurationKept" refresh_token_duration_kept: Flag = false;
            /// Whether each use of a refresh token that stays the same starts its lifetime anew, so
            /// that it expires only if it is not used for that long. It has an effect only with
            /// `refreshTokenKept`.
            "refreshTokenDurationReset" refresh_token_duration_reset: Flag = false;
            /// Whether an access token never outlives the refresh token beside it: it then expires
            /// with it, even if the API call asks for longer. An access token without a refresh
            /// token is not affected.
            "tokenExpirationLinked" token_expiration_linked: Flag = false;
            /// Whether a client has tokens from only one login of a user: each new access token
            /// ends the older ones of the same client and user, and their refresh tokens. On
            /// another device the user is then logged out of the client. A login from before this
            /// was switched on counts from its next refresh on. A client that acts for itself is
            /// not affected.
            "singleAccessTokenPerSubject" single_access_token_per_subject: Flag = false;
            /// Whether every client must use PKCE (RFC 7636). Public clients must in any case.
            "pkceRequired" pkce_required: Flag = false;
            /// Whether PKCE must use `S256` (RFC 7636 §4.2).
            "pkceS256Required" pkce_s256_required: Flag = true;
            /// Whether a refresh may bring a new ID token: the action `ID_TOKEN_REISSUABLE` (OpenID
            /// Connect Core 1.0 §12.2).
            "idTokenReissuable" id_token_reissuable: Flag = true;
            /// How far the clocks of clients may be off, in seconds: the times in a client
            /// assertion, in a client attestation, in the proof beside it and in a DPoP proof may
            /// be earlier or later by as much (RFC 7519 §4.1.4). Even without it, the proofs may be
            /// 300 seconds old, or 60 early, and an assertion may be 10 seconds early.
            "allowableClockSkew" allowable_clock_skew: Tolerance = 0;
            /// Whether the `aud` of a client assertion must be the issuer, as a string. Otherwise
            /// the token endpoint (RFC 7523 §3), the endpoint that is called, and an array of one
            /// are accepted, too.
            "clientAssertionAudRestrictedToIssuer" assertion_for_issuer_only: Flag = false;
            /// The public keys (RFC 7517) of those who may attest to instances of any client with
            /// `attest_jwt_client_auth` that has no `client_attester_jwks` of its own. A member of
            /// the engine's own; Authlete has none like it.
            "clientAttesterJwks" attester_keys: Option<AttesterJwks>;
            /// The certification authorities, in PEM, that vouch for attesters with the
            /// certificates in an attestation's `x5c` (RFC 7515 §4.1.6, RFC 5280 §6): five at most,
            /// each issued by the next, none with an extended key usage that leaves out client
            /// authentication. There are no others: the engine knows no authorities by itself. They
            /// have an effect with `clientAttesterRootsEnabled`.
            "clientAttesterRoots" attester_roots: Vec<RootCertificate> = Vec::new();
            /// Whether `x5c` counts, for clients without `client_attester_jwks`. An attestation
            /// that has one is then judged by nothing else.
            "clientAttesterRootsEnabled" attester_roots_enabled: Flag = false;
            /// Whether attesters need certificates of `clientAttesterRoots`. Then there must be
            /// neither `clientAttesterJwks` nor `client_attester_jwks`.
            "clientAttesterRootsOnly" attester_roots_only: Flag = false;
            /// The URL at which clients get challenges (OAuth 2.0 Attestation-Based Client
            /// Authentication, draft 08, §7). If it is set, the proof beside a client attestation
            /// must have such a `challenge`: without one, the answer is
            /// `use_attestation_challenge`, and has one. Your server answers there with what
            /// `attestationChallenge` gives.
            "challengeEndpoint" challenge_endpoint: Option<Url>;
            /// How long a challenge is good at least, in seconds; at most twice as long. All
            /// clients that ask for one within so many seconds get the same.
            "attestationChallengeTimeWindow" challenge_window: Seconds = 300;
            /// Whether the certificate of a client with `tls_client_auth` must lead to one of
            /// `trustedRootCertificates` over `clientCertificatePath` (RFC 8705 §2.1, RFC 5280
            /// §6). Then the client shows at most five certificates, each issued by the next.
            /// Without it, only what terminates the TLS connection has checked who issued it. That
            /// it is valid now is checked in any case.
            "mutualTlsValidatePkiCertChain" validates_certificates: Flag = false;
            /// The certification authorities that may issue certificates of clients, in PEM. They
            /// are needed for `mutualTlsValidatePkiCertChain`, which must be there with them, and
            /// have no effect where it is `false`.
            "trustedRootCertificates" trusted_roots: Vec<RootCertificate> = Vec::new();
            /// Whether access tokens are bound to the certificate of their client, if its
            /// `tls_client_certificate_bound_access_tokens` says so, too (RFC 8705 §3).
            "tlsClientCertificateBoundAccessTokens" binds_to_certificates: Flag = false;
            /// Whether DPoP proofs must have a nonce of the engine (RFC 9449 §8): without one, or
            /// with one that is too old, the answer is the error `use_dpop_nonce` and a nonce in
            /// the header `DPoP-Nonce`. A request without a proof needs none.
            "dpopNonceRequired" dpop_nonce_required: Flag = false;
            /// For how long a DPoP nonce is given to clients, in seconds. It is accepted until the
            /// one after it is no longer given: for once to twice as long. All clients get the
            /// same.
            "dpopNonceDuration" dpop_nonce_duration: Seconds = 300;
            /// The grant types that clients may use; it is an error if a client has another one.
            /// Default: authorization code, refresh token, client credentials.
            "supportedGrantTypes" grant_types: Vec<GrantConstant> = grants.iter().copied().filter(|entry| entry.by_default).collect();
            /// The supported scopes (RFC 6749 §3.3). Default: `openid`, `profile`, and what the
            /// clients name.
            "supportedScopes" named_scopes: Option<Vec<Scope>>;
            /// The resources that tokens may be for (RFC 8707 §2): absolute URIs without a
            /// fragment. Tokens carry the spelling of this list. Any resource when left out. A
            /// request that names no resource still gets a token that is bound to none.
            "supportedResources" resources: Option<Vec<Resource>>;
        }
        also {
            /// Whether the configuration names no grant types.
            default_grant_types: bool = object.take("supportedGrantTypes").is_none();
        }
        then {
            check_roots(object, validates_certificates, trusted_roots.is_empty());
            check_attester_roots(
                object,
                attester_roots_enabled && attester_roots.is_empty(),
                attester_roots_only && !attester_roots_enabled,
                attester_roots_only && attester_keys.is_some(),
            );
        }
        rules {
            // Roots of attesters are there if they are to be used, and keys only if they count.
            r#"{
                "if": {
                    "properties": { "clientAttesterRootsEnabled": { "const": true } },
                    "required": ["clientAttesterRootsEnabled"]
                },
                "then": {
                    "properties": { "clientAttesterRoots": { "type": "array", "minItems": 1 } },
                    "required": ["clientAttesterRoots"]
                },
                "else": { "properties": { "clientAttesterRootsOnly": { "enum": [false, null] } } }
            }"#;
            r#"{
                "if": {
                    "properties": { "clientAttesterRootsOnly": { "const": true } },
                    "required": ["clientAttesterRootsOnly"]
                },
                "then": { "properties": { "clientAttesterJwks": { "type": "null" } } }
            }"#;
            r#"{
                "if": {
                    "properties": { "trustedRootCertificates": { "type": "array", "minItems": 1 } },
                    "required": ["trustedRootCertificates"]
                },
                "then": {
                    "properties": { "mutualTlsValidatePkiCertChain": { "type": "boolean" } },
                    "required": ["mutualTlsValidatePkiCertChain"]
                }
            }"#;
            r#"{
                "if": {
                    "properties": { "mutualTlsValidatePkiCertChain": { "const": true } },
                    "required": ["mutualTlsValidatePkiCertChain"]
                },
                "then": {
                    "properties": { "trustedRootCertificates": { "type": "array", "minItems": 1 } },
                    "required": ["trustedRootCertificates"]
                }
            }"#;
        }
    }
}

impl ServiceSettings {
    pub(crate) fn supports(&self, grant: &GrantType) -> bool {
        self.grant_types.iter().any(|entry| entry.constant == *grant)
    }
}

/// Without roots, no path could lead to one.
fn check_roots(object: &Object<'_>, validates: bool, without_roots: bool) -> Result<(), Error> {
    let name = "mutualTlsValidatePkiCertChain";
    if validates && without_roots {
        let problem = "missing for mutualTlsValidatePkiCertChain";
        return Err(object.error("trustedRootCertificates", problem));
    }
    // Who names roots expects that they are asked for.
    if !without_roots && object.take(name).is_none() {
        return Err(
            object.error(name, "missing, and trustedRootCertificates have no effect without it")
        );
    }
    Ok(())
}

/// Roots of attesters that are to be used are there, and so is whatever is said about them.
fn check_attester_roots(
    object: &Object<'_>,
    missing: bool,
    disabled: bool,
    other_keys: bool,
) -> Result<(), Error> {
    let (name, problem) = if missing {
        ("clientAttesterRoots", "missing for clientAttesterRootsEnabled")
    } else if disabled {
        ("clientAttesterRootsOnly", "clientAttesterRootsEnabled is not true")
    } else if other_keys {
        ("clientAttesterJwks", "must not be there with clientAttesterRootsOnly")
    } else {
        return Ok(());
    };
    Err(object.error(name, problem))
}

/// Below the issuer, whose path may end in a slash or not.
fn below(issuer: &str, path: &str) -> String {
    format!("{}{path}", issuer.trim_end_matches('/'))
}

reader! {
    /// A service ID is one segment of the API's paths.
    ServiceId(member, _) -> String,
    Shape::Value {
        typescript: "string | number",
        schema: r#"{ "anyOf": [{ "type": "integer", "minimum": 0, "maximum": 18446744073709551615 }, { "type": "string", "pattern": "^(?!\\.{1,2}$)[A-Za-z0-9._~-]{1,255}$" }] }"#,
    },
    {
        let id = match member.value.as_u64() {
            Some(number) => number.to_string(),
            None => member.filled_text()?.to_owned(),
        };
        let segment = id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b)) && id != "." && id != ".." && id.len() <= 255;
        if segment { Ok(id) } else { Err(member.error("not a single path segment")) }
    }
}

reader! {
    /// A bearer token (RFC 6750 §2.1), of which only the digest is kept.
    Bearer(member, _) -> Digest,
    Shape::Value { typescript: "string", schema: r#"{ "type": "string", "pattern": "^[!-~]+$" }"# },
    {
        let bearer = member.filled_text()?;
        if bearer.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer ")) {
            return Err(member.error("begins with `Bearer `; give the token alone"));
        }
        let visible = bearer.bytes().all(|b| b.is_ascii_graphic());
        if visible { Ok(sha256(bearer.as_bytes())) } else { Err(member.error("has characters that a header can't carry")) }
    }
}
