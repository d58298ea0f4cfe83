//! `/auth/token/issue`: issues the tokens of a token request that `/auth/token` answered with
//! `PASSWORD`.

use super::common;
use super::operation::Operation;
use super::schema::{model, open_enum};
use super::{AuthzDetails, Pair, Property, Service};
use crate::error::Error;
use crate::http::{HttpRequest, HttpResponse};
use crate::prelude::*;

/// The operation.
pub(crate) const OPERATION: Operation = Operation {
    name: "authTokenIssue",
    path: "/auth/token/issue",
    request: TokenIssueRequest::SCHEMA,
    response: TokenIssueResponse::SCHEMA,
    #[cfg(not(target_arch = "wasm32"))]
    members_by_action: &[
        ("OK", &["responseContent"]),
        ("INTERNAL_SERVER_ERROR", &["responseContent"]),
    ],
};

/// Builds the HTTP request. Unset members are left out.
///
/// # Errors
/// [`ErrorCode::RequestInvalid`](crate::ErrorCode::RequestInvalid) if the request can't be written
/// as JSON.
pub fn encode(service: &Service, request: &TokenIssueRequest) -> Result<HttpRequest, Error> {
    common::encode(service, &OPERATION, request)
}

/// Reads Authlete's answer.
///
/// # Errors
/// [`ErrorCode::HttpStatus`](crate::ErrorCode::HttpStatus) for a status other than 200,
/// [`ErrorCode::ResponseInvalid`](crate::ErrorCode::ResponseInvalid) for a 200 that is not an
/// answer of this API.
pub fn decode(response: &HttpResponse) -> Result<TokenIssueResponse, Error> {
    common::decode(&OPERATION, response)
}

open_enum! {
    /// What the token endpoint has to do next.
    TokenIssueResponseAction {
        /// The call was wrong, or Authlete failed: answer 500 with `responseContent`.
        InternalServerError = "INTERNAL_SERVER_ERROR",
        /// Tokens were issued: answer 200 with `responseContent`.
        Ok = "OK",
    }
}

model! {
    /// The request of `/auth/token/issue`.
    ///
    /// See
    /// [Authlete, `/auth/token/issue`](https://docs.authlete.com/en/shared/latest#post-/api/-serviceId-/auth/token/issue).
    request TokenIssueRequest {
        /// The ticket of the `/auth/token` answer. It can be used once.
        "ticket" ticket: String,
        /// The unique identifier of the user whose credentials were checked.
        "subject" subject: String,
        /// Extra properties for the access token, up to 65 535 bytes as Authlete stores them.
        "properties" properties: Option<Vec<Property>>,
        /// The text of a JSON object whose members go into a JWT access token.
        "jwtAtClaims" jwt_at_claims: Option<String>,
        /// The access token to issue instead of a generated one; it must be hard to guess
        /// (RFC 6749 §10.10). Since Authlete 2.2.27.
        "accessToken" access_token: Option<String>,
        /// The lifetime of the access token in seconds, in place of the service's; ignored unless
        /// positive. Since Authlete 2.2.41, 2.3.5 and 3.0.
        "accessTokenDuration" access_token_duration: Option<i64>,
        /// The lifetime of the refresh token in seconds, in place of the service's; ignored unless
        /// positive. Since Authlete 2.3.20 and 3.0.
        "refreshTokenDuration" refresh_token_duration: Option<i64>,
    }
}

model! {
    /// The answer of `/auth/token/issue`. It holds secrets: never pass it on to the OAuth client,
    /// and never log it.
    ///
    /// See
    /// [Authlete, `/auth/token/issue`](https://docs.authlete.com/en/shared/latest#post-/api/-serviceId-/auth/token/issue).
    response TokenIssueResponse {
        /// Authlete's result code, such as `A054001`; for logs, not for the OAuth client.
        "resultCode" result_code: Option<String>,
        /// An explanation of the result code for people.
        "resultMessage" result_message: Option<String>,
        /// What the token endpoint has to do next.
        "action" action: Option<TokenIssueResponseAction>,
        /// The JSON text for the OAuth client (RFC 6749 §5.1, §5.2), to be relayed as it is.
        "responseContent" response_content: Option<String>,
        /// The new access token (RFC 6749 §1.4) in its opaque form.
        "accessToken" access_token: Option<String>,
        /// When the access token expires, in milliseconds since the Unix epoch.
        "accessTokenExpiresAt" access_token_expires_at: Option<i64>,
        /// The lifetime of the access token in seconds (`expires_in`, RFC 6749 §5.1).
        "accessTokenDuration" access_token_duration: Option<i64>,
        /// The new refresh token (RFC 6749 §1.5).
        "refreshToken" refresh_token: Option<String>,
        /// When the refresh token expires, in milliseconds since the Unix epoch; 0 if there is
        /// none.
        "refreshTokenExpiresAt" refresh_token_expires_at: Option<i64>,
        /// The lifetime of the refresh token in seconds.
        "refreshTokenDuration" refresh_token_duration: Option<i64>,
        /// The numeric ID of the client. A string of digits where a number would round.
        "clientId" client_id: Option<i64> as NumericId,
        /// The alias of the client: a second client ID that Authlete knows.
        "clientIdAlias" client_id_alias: Option<String>,
        /// Whether the token request named the client by its alias.
        "clientIdAliasUsed" client_id_alias_used: Option<bool>,
        /// The subject of the access token: the `subject` of the request.
        "subject" subject: Option<String>,
        /// The scopes of the access token (RFC 6749 §3.3).
        "scopes" scopes: Option<Vec<String>>,
        /// The extra properties of the access token, the hidden ones included.
        "properties" properties: Option<Vec<Property>>,
        /// The access token in JWT form, if the service issues that too.
        "jwtAccessToken" jwt_access_token: Option<String>,
        /// The resources that the access token is for (RFC 8707 §2).
        "accessTokenResources" access_token_resources: Option<Vec<String>>,
        /// The rich authorization details of the token (RFC 9396).
        "authorizationDetails" authorization_details: Option<AuthzDetails>,
        /// The attributes of the service, as set at Authlete.
        "serviceAttributes" service_attributes: Option<Vec<Pair>>,
        /// The attributes of the client, as set at Authlete.
        "clientAttributes" client_attributes: Option<Vec<Pair>>,
        /// The entity ID of the client, a URI (OpenID Federation 1.0). Since Authlete 2.3.
        "clientEntityId" client_entity_id: Option<String>,
        /// Whether the token request named the client by its entity ID. Since Authlete 2.3.
        "clientEntityIdUsed" client_entity_id_used: Option<bool>,
        /// The scopes of the refresh token (RFC 6749 §6). Since Authlete 3.0.
        "refreshTokenScopes" refresh_token_scopes: Option<Vec<String>>,
        /// The URL of the document that described the client (OAuth Client ID Metadata Document).
        /// Since Authlete 3.0.22.
        "metadataDocumentLocation" metadata_document_location: Option<String>,
        /// Whether the client was found through a document at its client ID (OAuth Client ID
        /// Metadata Document). Since Authlete 3.0.22.
        "metadataDocumentUsed" metadata_document_used: Option<bool>,
    }
}
