//! `/auth/token/fail`: ends a token request that `/auth/token` answered with `PASSWORD`, and gives
//! the error for the OAuth client.

use super::Service;
use super::common;
use super::operation::Operation;
use super::schema::{model, open_enum};
use crate::error::Error;
use crate::http::{HttpRequest, HttpResponse};
use crate::prelude::*;

/// The operation.
pub(crate) const OPERATION: Operation = Operation {
    name: "authTokenFail",
    path: "/auth/token/fail",
    request: TokenFailRequest::SCHEMA,
    response: TokenFailResponse::SCHEMA,
    #[cfg(not(target_arch = "wasm32"))]
    members_by_action: &[
        ("BAD_REQUEST", &["responseContent"]),
        ("INTERNAL_SERVER_ERROR", &["responseContent"]),
    ],
};

/// Builds the HTTP request.
///
/// # Errors
/// [`ErrorCode::RequestInvalid`](crate::ErrorCode::RequestInvalid) if the request can't be written
/// as JSON.
pub fn encode(service: &Service, request: &TokenFailRequest) -> Result<HttpRequest, Error> {
    common::encode(service, &OPERATION, request)
}

/// Reads Authlete's answer.
///
/// # Errors
/// [`ErrorCode::HttpStatus`](crate::ErrorCode::HttpStatus) for a status other than 200,
/// [`ErrorCode::ResponseInvalid`](crate::ErrorCode::ResponseInvalid) for a 200 that is not an
/// answer of this API.
pub fn decode(response: &HttpResponse) -> Result<TokenFailResponse, Error> {
    common::decode(&OPERATION, response)
}

open_enum! {
    /// Why a token request is refused.
    TokenFailRequestReason {
        /// Another reason: `server_error`.
        Unknown = "UNKNOWN",
        /// The username or the password is wrong: `invalid_request`.
        InvalidResourceOwnerCredentials = "INVALID_RESOURCE_OWNER_CREDENTIALS",
        /// A requested resource is unknown or not allowed: `invalid_target` (RFC 8707 §2).
        InvalidTarget = "INVALID_TARGET",
        /// The client is not accepted: `invalid_client`. Older Authlete versions don't know this
        /// reason.
        InvalidClient = "INVALID_CLIENT",
        /// The client may not use this grant: `unauthorized_client`. Older Authlete versions don't
        /// know this reason.
        UnauthorizedClient = "UNAUTHORIZED_CLIENT",
        /// A requested scope is not allowed: `invalid_scope`. Older Authlete versions don't know
        /// this reason.
        InvalidScope = "INVALID_SCOPE",
    }
}

#[expect(clippy::derivable_impls, reason = "`open_enum!` writes the derives")]
impl Default for TokenFailRequestReason {
    fn default() -> Self {
        Self::Unknown
    }
}

open_enum! {
    /// What the token endpoint has to do next.
    TokenFailResponseAction {
        /// The call was wrong, or Authlete failed: answer 500 with `responseContent`.
        InternalServerError = "INTERNAL_SERVER_ERROR",
        /// The token request is refused: answer 400 with `responseContent`.
        BadRequest = "BAD_REQUEST",
    }
}

model! {
    /// The request of `/auth/token/fail`.
    ///
    /// See
    /// [Authlete, `/auth/token/fail`](https://docs.authlete.com/en/shared/latest#post-/api/-serviceId-/auth/token/fail).
    request TokenFailRequest {
        /// The ticket of the `/auth/token` answer. It can be used once.
        "ticket" ticket: String,
        /// Why the token request is refused.
        "reason" reason: TokenFailRequestReason,
    }
}

model! {
    /// The answer of `/auth/token/fail`.
    ///
    /// See
    /// [Authlete, `/auth/token/fail`](https://docs.authlete.com/en/shared/latest#post-/api/-serviceId-/auth/token/fail).
    response TokenFailResponse {
        /// Authlete's result code, such as `A067301`; for logs, not for the OAuth client.
        "resultCode" result_code: Option<String>,
        /// An explanation of the result code for people.
        "resultMessage" result_message: Option<String>,
        /// What the token endpoint has to do next.
        "action" action: Option<TokenFailResponseAction>,
        /// The JSON error text for the OAuth client (RFC 6749 §5.2), to be relayed as it is.
        "responseContent" response_content: Option<String>,
    }
}
