//! Room 1: Authlete's four operations.
//!
//! Each has a module with its request and response types, `encode` (a request becomes an
//! [`HttpRequest`](crate::http::HttpRequest)) and `decode` (an
//! [`HttpResponse`](crate::http::HttpResponse) becomes a response, or an [`Error`](crate::Error)).
//! Nothing here does I/O: send the request and pass in the response. Use a deadline, don't follow
//! redirects, and don't repeat a call that Authlete may have processed: codes, refresh tokens and
//! tickets are single-use. [`Error::retry_after`](crate::Error::retry_after) is the delay, if an
//! answer names one.
//!
//! | module | API | when |
//! | --- | --- | --- |
//! | [`auth_token`] | `/auth/token` | for every token request |
//! | [`auth_token_issue`] | `/auth/token/issue` | after the action `PASSWORD`: the user's credentials were right |
//! | [`auth_token_fail`] | `/auth/token/fail` | after the action `PASSWORD`: they were not |
//! | [`idtoken_reissue`] | `/idtoken/reissue` | after the action `ID_TOKEN_REISSUABLE` |
//!
//! ```
//! use authlete_token::api::{Service, TokenRequest, TokenResponseAction, auth_token};
//! use authlete_token::http::HttpResponse;
//!
//! let service = Service::new("https://us.authlete.com", "715948317", "the-service-access-token")?;
//! let request = TokenRequest { parameters: "grant_type=authorization_code&code=a1b2".into(), ..TokenRequest::default() };
//! let request = auth_token::encode(&service, &request)?;
//! assert_eq!((request.method.as_str(), request.url.as_str()), ("POST", "https://us.authlete.com/api/715948317/auth/token"));
//!
//! // What your HTTP client brings back:
//! let response = HttpResponse {
//!     status: 200,
//!     headers: vec![("content-type".into(), "application/json".into())],
//!     body: br#"{"action":"BAD_REQUEST","responseContent":"{\"error\":\"invalid_grant\"}"}"#.to_vec(),
//! };
//! // A refusal is an answer, not an error.
//! let response = auth_token::decode(&response)?;
//! assert_eq!(response.action, Some(TokenResponseAction::BadRequest));
//! assert_eq!(response.response_content.as_deref(), Some(r#"{"error":"invalid_grant"}"#));
//! # Ok::<(), authlete_token::Error>(())
//! ```
//!
//! Members that this version does not know are in `extra`. Unknown values of an enum are its
//! variant `Other`: match with a `_` arm. The `Debug` output of requests and responses shows the
//! values of action and result code only.

pub mod auth_token;
pub mod auth_token_fail;
pub mod auth_token_issue;
// `model!` writes public types.
#[allow(unreachable_pub)]
pub(crate) mod common;
pub mod idtoken_reissue;
mod json;
pub(crate) mod numbers;
pub(crate) mod operation;
pub(crate) mod repeated;
pub(crate) mod retry;
pub(crate) mod schema;
mod service;
mod token_info;
mod types;
pub(crate) mod usable;

pub use auth_token::{TokenRequest, TokenResponse, TokenResponseAction};
pub use auth_token_fail::{
    TokenFailRequest, TokenFailRequestReason, TokenFailResponse, TokenFailResponseAction,
};
pub use auth_token_issue::{TokenIssueRequest, TokenIssueResponse, TokenIssueResponseAction};
#[cfg_attr(not(feature = "engine"), allow(unused_imports))]
pub(crate) use common::{ApiResult, ResultCodeText};
pub use idtoken_reissue::{
    IdTokenAudType, IdtokenReissueRequest, IdtokenReissueResponse, IdtokenReissueResponseAction,
};
pub(crate) use operation::Operation;
pub use service::Service;
pub use token_info::{AuthzDetailsOrElement, Scope, ScopeOrName, TaggedValue, TokenInfo};
pub use types::{
    AuthzDetails, AuthzDetailsElement, CimdOptions, ClientAuthMethod, GrantType, Pair, Property,
    TokenType,
};

/// The four operations.
pub(crate) const OPERATIONS: [&Operation; 4] = [
    &auth_token::OPERATION,
    &auth_token_fail::OPERATION,
    &auth_token_issue::OPERATION,
    &idtoken_reissue::OPERATION,
];
