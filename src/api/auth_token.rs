//! `/auth/token`: Authlete reads a token request, and says what the token endpoint has to do next.

use super::common;
use super::operation::Operation;
use super::schema::{model, open_enum};
use super::{
    AuthzDetails, CimdOptions, ClientAuthMethod, GrantType, Pair, Property, Service, TokenInfo,
    TokenType,
};
use crate::error::Error;
use crate::http::{HttpRequest, HttpResponse};
use crate::prelude::*;

/// The operation.
pub(crate) const OPERATION: Operation = Operation {
    name: "authToken",
    path: "/auth/token",
    request: TokenRequest::SCHEMA,
    response: TokenResponse::SCHEMA,
    // With `ID_TOKEN_REISSUABLE` and `NATIVE_SSO`, Authlete's description of what to do next uses
    // the tokens and the session too, but its description of the members promises them with `OK`
    // only.
    #[cfg(not(target_arch = "wasm32"))]
    members_by_action: &[
        ("OK", &["responseContent"]),
        ("BAD_REQUEST", &["responseContent"]),
        ("INVALID_CLIENT", &["responseContent"]),
        ("INTERNAL_SERVER_ERROR", &["responseContent"]),
        ("PASSWORD", &["ticket", "username", "password"]),
        ("TOKEN_EXCHANGE", &["subjectToken", "subjectTokenType"]),
        ("JWT_BEARER", &["assertion"]),
        ("ID_TOKEN_REISSUABLE", &["responseContent", "subject"]),
        ("NATIVE_SSO", &[]),
    ],
};

/// Builds the HTTP request. Unset members are left out.
///
/// # Errors
/// [`ErrorCode::RequestInvalid`](crate::ErrorCode::RequestInvalid) if the request can't be written
/// as JSON.
pub fn encode(service: &Service, request: &TokenRequest) -> Result<HttpRequest, Error> {
    common::encode(service, &OPERATION, request)
}

/// Reads Authlete's answer. A refusal of the token request, such as `BAD_REQUEST`, is an answer
/// too.
///
/// # Errors
/// [`ErrorCode::HttpStatus`](crate::ErrorCode::HttpStatus) for a status other than 200,
/// [`ErrorCode::ResponseInvalid`](crate::ErrorCode::ResponseInvalid) for a 200 that is not an
/// answer of this API.
pub fn decode(response: &HttpResponse) -> Result<TokenResponse, Error> {
    common::decode(&OPERATION, response)
}

open_enum! {
    /// What the token endpoint has to do next.
    TokenResponseAction {
        /// The call was wrong, or Authlete failed: answer 500 with `responseContent`.
        InternalServerError = "INTERNAL_SERVER_ERROR",
        /// Client authentication failed: answer 401 with `WWW-Authenticate` and `responseContent`.
        InvalidClient = "INVALID_CLIENT",
        /// The token request is wrong: answer 400 with `responseContent`.
        BadRequest = "BAD_REQUEST",
        /// Check `username` and `password`, then call `/auth/token/issue` or `/auth/token/fail`
        /// with `ticket`.
        Password = "PASSWORD",
        /// Tokens were issued: answer 200 with `responseContent`.
        Ok = "OK",
        /// A token exchange (RFC 8693) that Authlete checked in part: check the rest, and make the
        /// answer.
        TokenExchange = "TOKEN_EXCHANGE",
        /// A JWT bearer grant (RFC 7523 §2.1): verify the signature of `assertion`, and make the
        /// answer.
        JwtBearer = "JWT_BEARER",
        /// Tokens were issued by a refresh token: call `/idtoken/reissue`, or answer as for `OK`.
        /// Since Authlete 2.3.8.
        IdTokenReissuable = "ID_TOKEN_REISSUABLE",
        /// A Native SSO request: check `sessionId` and `deviceSecret`, and call `/nativesso`. Since
        /// Authlete 3.0.
        NativeSso = "NATIVE_SSO",
    }
}

model! {
    /// The request of `/auth/token`: a token request (RFC 6749 §3.2) as it reached the token
    /// endpoint.
    ///
    /// See
    /// [Authlete, `/auth/token`](https://docs.authlete.com/en/shared/latest#post-/api/-serviceId-/auth/token).
    request TokenRequest {
        /// The body of the token request (`application/x-www-form-urlencoded`, RFC 6749 §3.2), byte
        /// for byte. It may be empty.
        "parameters" parameters: String,
        /// The client ID of the `Authorization: Basic` header (RFC 6749 §2.3.1): a number as text,
        /// an alias, an entity ID or a URL.
        "clientId" client_id: Option<String> as Id,
        /// The client secret of the `Authorization: Basic` header (RFC 6749 §2.3.1).
        "clientSecret" client_secret: Option<String>,
        /// The client's certificate of the mutual TLS connection (RFC 8705), in PEM.
        "clientCertificate" client_certificate: Option<String>,
        /// The other certificates of the client's chain, without the client's own, in PEM
        /// (RFC 8705).
        "clientCertificatePath" client_certificate_path: Option<Vec<String>>,
        /// Extra properties for the access token, up to 65 535 bytes as Authlete stores them. Those
        /// of the code or of the refresh token stay, unless the same key is given here.
        "properties" properties: Option<Vec<Property>>,
        /// The value of the `DPoP` header: a proof JWT (RFC 9449 §4).
        "dpop" dpop: Option<String>,
        /// The HTTP method that the DPoP proof must name (RFC 9449 §4.2); `POST` if left out.
        "htm" htm: Option<String>,
        /// The URL of the token endpoint that the DPoP proof must name (RFC 9449 §4.2); the
        /// service's `tokenEndpoint` if left out.
        "htu" htu: Option<String>,
        /// The access token to issue instead of a generated one; it must be hard to guess
        /// (RFC 6749 §10.10). Since Authlete 2.2.27.
        "accessToken" access_token: Option<String>,
        /// The text of a JSON object whose members go into a JWT access token; for the client
        /// credentials grant only. Since Authlete 2.3.
        "jwtAtClaims" jwt_at_claims: Option<String>,
        /// The value of the `OAuth-Client-Attestation` header: a JWT (OAuth 2.0 Attestation-Based
        /// Client Authentication). Since Authlete 3.0.
        "oauthClientAttestation" oauth_client_attestation: Option<String>,
        /// The value of the `OAuth-Client-Attestation-PoP` header: a JWT (OAuth 2.0
        /// Attestation-Based Client Authentication). Since Authlete 3.0.
        "oauthClientAttestationPop" oauth_client_attestation_pop: Option<String>,
        /// The lifetime of the access token in seconds, in place of the service's; ignored unless
        /// positive. Since Authlete 2.2.41, 2.3.5 and 3.0.
        "accessTokenDuration" access_token_duration: Option<i64>,
        /// The lifetime of the refresh token in seconds, in place of the service's; ignored unless
        /// positive. Since Authlete 2.3.20 and 3.0.
        "refreshTokenDuration" refresh_token_duration: Option<i64>,
        /// `true` demands a nonce in the DPoP proof of this call (RFC 9449 §8), even if the service
        /// does not. Since Authlete 3.0.
        "dpopNonceRequired" dpop_nonce_required: Option<bool>,
        /// How this call treats client ID metadata documents (OAuth Client ID Metadata Document).
        /// Since Authlete 3.0.22.
        "cimdOptions" cimd_options: Option<CimdOptions>,
    }
}

model! {
    /// The answer of `/auth/token`. It holds secrets: never pass it on to the OAuth client, and
    /// never log it.
    ///
    /// See
    /// [Authlete, `/auth/token`](https://docs.authlete.com/en/shared/latest#post-/api/-serviceId-/auth/token).
    response TokenResponse {
        /// Authlete's result code, such as `A050001`; for logs, not for the OAuth client.
        "resultCode" result_code: Option<String>,
        /// An explanation of the result code for people.
        "resultMessage" result_message: Option<String>,
        /// What the token endpoint has to do next.
        "action" action: Option<TokenResponseAction>,
        /// The JSON text for the OAuth client (RFC 6749 §5.1, §5.2), to be relayed as it is. Absent
        /// for `PASSWORD`, `TOKEN_EXCHANGE` and `JWT_BEARER`.
        "responseContent" response_content: Option<String>,
        /// The `username` parameter (RFC 6749 §4.3.2); for `PASSWORD` only.
        "username" username: Option<String>,
        /// The `password` parameter (RFC 6749 §4.3.2) in clear text; for `PASSWORD` only. Never log
        /// it.
        "password" password: Option<String>,
        /// The ticket for `/auth/token/issue` or `/auth/token/fail`, for one use; for `PASSWORD`
        /// only.
        "ticket" ticket: Option<String>,
        /// The new access token (RFC 6749 §1.4) in its opaque form.
        "accessToken" access_token: Option<String>,
        /// When the access token expires, in milliseconds since the Unix epoch.
        "accessTokenExpiresAt" access_token_expires_at: Option<i64>,
        /// The lifetime of the access token in seconds (`expires_in`, RFC 6749 §5.1).
        "accessTokenDuration" access_token_duration: Option<i64>,
        /// The refresh token (RFC 6749 §1.5): new or kept.
        "refreshToken" refresh_token: Option<String>,
        /// When the refresh token expires, in milliseconds since the Unix epoch; 0 if there is
        /// none.
        "refreshTokenExpiresAt" refresh_token_expires_at: Option<i64>,
        /// The lifetime of the refresh token in seconds.
        "refreshTokenDuration" refresh_token_duration: Option<i64>,
        /// The new ID token (OpenID Connect Core 1.0 §2).
        "idToken" id_token: Option<String>,
        /// The grant type of the token request.
        "grantType" grant_type: Option<GrantType>,
        /// The numeric ID of the client; 0 if no client was identified. A string of digits where a
        /// number would round.
        "clientId" client_id: Option<i64> as NumericId,
        /// The alias of the client at the time of the request: a second client ID that Authlete
        /// knows.
        "clientIdAlias" client_id_alias: Option<String>,
        /// Whether the request named the client by its alias.
        "clientIdAliasUsed" client_id_alias_used: Option<bool>,
        /// The subject of the access token: the unique identifier of the user. Absent for the
        /// client credentials grant.
        "subject" subject: Option<String>,
        /// The scopes of the access token (RFC 6749 §3.3); for `TOKEN_EXCHANGE` and `JWT_BEARER`,
        /// the requested ones.
        "scopes" scopes: Option<Vec<String>>,
        /// The extra properties of the access token, the hidden ones included.
        "properties" properties: Option<Vec<Property>>,
        /// The access token in JWT form, if the service issues that too.
        "jwtAccessToken" jwt_access_token: Option<String>,
        /// The `resource` parameters of the request (RFC 8707 §2).
        "resources" resources: Option<Vec<String>>,
        /// The resources that the access token is for (RFC 8707 §2).
        "accessTokenResources" access_token_resources: Option<Vec<String>>,
        /// Rich authorization details (RFC 9396): for `PASSWORD` the requested ones, else those of
        /// the token.
        "authorizationDetails" authorization_details: Option<AuthzDetails>,
        /// The text of a JSON object with claims (`nonce`, `s_hash` …) that the ID token of
        /// `NATIVE_SSO` must have. Since Authlete 3.0.
        "additionalClaims" additional_claims: Option<String>,
        /// The attributes of the service, as set at Authlete.
        "serviceAttributes" service_attributes: Option<Vec<Pair>>,
        /// The attributes of the client, as set at Authlete.
        "clientAttributes" client_attributes: Option<Vec<Pair>>,
        /// The client authentication method that applies to the token endpoint.
        "clientAuthMethod" client_auth_method: Option<ClientAuthMethod>,
        /// The `grant_id` of the token response (Grant Management for OAuth 2.0).
        "grantId" grant_id: Option<String>,
        /// The `audience` parameters of a token exchange (RFC 8693 §2.1). Since Authlete 2.3.
        "audiences" audiences: Option<Vec<String>>,
        /// The `requested_token_type` of a token exchange (RFC 8693 §2.1). Since Authlete 2.3.
        "requestedTokenType" requested_token_type: Option<TokenType>,
        /// The `subject_token` of a token exchange (RFC 8693 §2.1). Since Authlete 2.3.
        "subjectToken" subject_token: Option<String>,
        /// The `subject_token_type` of a token exchange (RFC 8693 §2.1). Since Authlete 2.3.
        "subjectTokenType" subject_token_type: Option<TokenType>,
        /// What is known about the subject token, if it is an access token or a refresh token of
        /// this service. Since Authlete 2.3.
        "subjectTokenInfo" subject_token_info: Option<TokenInfo>,
        /// The `actor_token` of a token exchange (RFC 8693 §2.1). Since Authlete 2.3.
        "actorToken" actor_token: Option<String>,
        /// The `actor_token_type` of a token exchange (RFC 8693 §2.1). Since Authlete 2.3.
        "actorTokenType" actor_token_type: Option<TokenType>,
        /// What is known about the actor token, if it is an access token or a refresh token of this
        /// service. Since Authlete 2.3.
        "actorTokenInfo" actor_token_info: Option<TokenInfo>,
        /// The `assertion` of a JWT bearer grant (RFC 7523 §2.1). Its signature has *not* been
        /// verified. Since Authlete 2.3.
        "assertion" assertion: Option<String>,
        /// Whether the request used a refresh token that was already replaced. With `OK`, the same
        /// new token was returned again; with `BAD_REQUEST`, its grace time is over: a sign of a
        /// stolen token (RFC 9700 §4.14.2). Since Authlete 2.3.
        "previousRefreshTokenUsed" previous_refresh_token_used: Option<bool>,
        /// The entity ID of the client, a URI (OpenID Federation 1.0). Since Authlete 2.3.
        "clientEntityId" client_entity_id: Option<String>,
        /// Whether the request named the client by its entity ID. Since Authlete 2.3.
        "clientEntityIdUsed" client_entity_id_used: Option<bool>,
        /// The lifetime of `cnonce` in seconds. Since Authlete 3.0.
        "cnonceDuration" cnonce_duration: Option<i64>,
        /// The nonce for the `DPoP-Nonce` header of the token response (RFC 9449 §8), whatever the
        /// action. Since Authlete 3.0.
        "dpopNonce" dpop_nonce: Option<String>,
        /// The `c_nonce` for the proof of a credential request (OpenID for Verifiable Credential
        /// Issuance). Since Authlete 3.0.
        "cnonce" cnonce: Option<String>,
        /// When `cnonce` expires, in milliseconds since the Unix epoch. Since Authlete 3.0.
        "cnonceExpiresAt" cnonce_expires_at: Option<i64>,
        /// The names of the claims that the authorization request wanted in the ID token (OpenID
        /// Connect Core 1.0 §5.5). Since Authlete 3.0.
        "requestedIdTokenClaims" requested_id_token_claims: Option<Vec<String>>,
        /// The scopes of the refresh token (RFC 6749 §6). Since Authlete 3.0.
        "refreshTokenScopes" refresh_token_scopes: Option<Vec<String>>,
        /// The user's authentication session, for `NATIVE_SSO`; refuse unless it is there and still
        /// alive (OpenID Connect Native SSO for Mobile Apps 1.0). Since Authlete 3.0.
        "sessionId" session_id: Option<String>,
        /// The device secret that a Native SSO request presented (OpenID Connect Native SSO for
        /// Mobile Apps 1.0). Since Authlete 3.0.
        "deviceSecret" device_secret: Option<String>,
        /// The `ds_hash` claim of the subject token of a Native SSO token exchange (OpenID Connect
        /// Native SSO for Mobile Apps 1.0). Since Authlete 3.0.
        "deviceSecretHash" device_secret_hash: Option<String>,
        /// The URL of the document that described the client (OAuth Client ID Metadata Document).
        /// Since Authlete 3.0.22.
        "metadataDocumentLocation" metadata_document_location: Option<String>,
        /// Whether the client was found through a document at its client ID (OAuth Client ID
        /// Metadata Document). Since Authlete 3.0.22.
        "metadataDocumentUsed" metadata_document_used: Option<bool>,
        /// The challenge for the `OAuth-Client-Attestation-Challenge` header of the token response,
        /// whatever the action (OAuth 2.0 Attestation-Based Client Authentication). Since Authlete
        /// 3.0.28.
        "attestationChallenge" attestation_challenge: Option<String>,
    }
}
