//! `/idtoken/reissue`: makes a new ID token after a refresh that `/auth/token` answered with
//! `ID_TOKEN_REISSUABLE`.

use super::Service;
use super::common;
use super::operation::Operation;
use super::schema::{model, open_enum};
use crate::error::Error;
use crate::http::{HttpRequest, HttpResponse};
use crate::prelude::*;

/// The operation.
pub(crate) const OPERATION: Operation = Operation {
    name: "idtokenReissue",
    path: "/idtoken/reissue",
    request: IdtokenReissueRequest::SCHEMA,
    response: IdtokenReissueResponse::SCHEMA,
    #[cfg(not(target_arch = "wasm32"))]
    members_by_action: &[
        ("OK", &["responseContent"]),
        ("INTERNAL_SERVER_ERROR", &["responseContent"]),
        ("CALLER_ERROR", &[]),
    ],
};

/// Builds the HTTP request. Unset members are left out.
///
/// # Errors
/// [`ErrorCode::RequestInvalid`](crate::ErrorCode::RequestInvalid) if the request can't be written
/// as JSON.
pub fn encode(service: &Service, request: &IdtokenReissueRequest) -> Result<HttpRequest, Error> {
    common::encode(service, &OPERATION, request)
}

/// Reads Authlete's answer.
///
/// # Errors
/// [`ErrorCode::HttpStatus`](crate::ErrorCode::HttpStatus) for a status other than 200,
/// [`ErrorCode::ResponseInvalid`](crate::ErrorCode::ResponseInvalid) for a 200 that is not an
/// answer of this API.
pub fn decode(response: &HttpResponse) -> Result<IdtokenReissueResponse, Error> {
    common::decode(&OPERATION, response)
}

open_enum! {
    /// The shape of the `aud` claim of an ID token.
    IdTokenAudType {
        /// An array of strings, even for one audience.
        Array = "array",
        /// A string.
        String = "string",
    }
}

open_enum! {
    /// What the token endpoint has to do next.
    IdtokenReissueResponseAction {
        /// The ID token was reissued: answer 200 with `responseContent`.
        Ok = "OK",
        /// Authlete failed. The tokens of the `/auth/token` answer are still valid: answer 200 with
        /// that `responseContent`.
        InternalServerError = "INTERNAL_SERVER_ERROR",
        /// The call was wrong. The tokens of the `/auth/token` answer are still valid: answer 200
        /// with that `responseContent`.
        CallerError = "CALLER_ERROR",
    }
}

model! {
    /// The request of `/idtoken/reissue`. All but the two tokens comes from server-side data only,
    /// never from the token request.
    ///
    /// See
    /// [Authlete, `/idtoken/reissue`](https://docs.authlete.com/en/shared/latest#post-/api/-serviceId-/idtoken/reissue).
    request IdtokenReissueRequest {
        /// The access token: `jwtAccessToken` of the `/auth/token` answer if it is there, else its
        /// `accessToken`.
        "accessToken" access_token: String,
        /// The refresh token: `refreshToken` of the `/auth/token` answer.
        "refreshToken" refresh_token: String,
        /// The value of the `sub` claim (OpenID Connect Core 1.0 §2); the subject of the access
        /// token if left out.
        "sub" sub: Option<String>,
        /// The text of a JSON object with more claims for the ID token (OpenID Connect Core
        /// 1.0 §5.1).
        "claims" claims: Option<String>,
        /// The text of a JSON object with more header parameters for the ID token (RFC 7515 §4).
        "idtHeaderParams" idt_header_params: Option<String>,
        /// The shape of the `aud` claim (RFC 7519 §4.1.3); `array` if left out, even if the service
        /// is set to `string`.
        "idTokenAudType" id_token_aud_type: Option<IdTokenAudType>,
    }
}

model! {
    /// The answer of `/idtoken/reissue`. It holds secrets: never pass it on to the OAuth client,
    /// and never log it.
    ///
    /// See
    /// [Authlete, `/idtoken/reissue`](https://docs.authlete.com/en/shared/latest#post-/api/-serviceId-/idtoken/reissue).
    response IdtokenReissueResponse {
        /// Authlete's result code; for logs, not for the OAuth client.
        "resultCode" result_code: Option<String>,
        /// An explanation of the result code for people.
        "resultMessage" result_message: Option<String>,
        /// What the token endpoint has to do next.
        "action" action: Option<IdtokenReissueResponseAction>,
        /// The JSON text for the OAuth client, to be relayed as it is. With `OK`: the new ID token,
        /// the access token and the refresh token (OpenID Connect Core 1.0 §12.2).
        "responseContent" response_content: Option<String>,
        /// The new ID token (OpenID Connect Core 1.0 §2).
        "idToken" id_token: Option<String>,
    }
}
