//! Room 1: Authlete's four operations.
//!
//! Each has a module with its request and response types, `encode` (a request becomes an [`HttpRequest`](crate::http::HttpRequest)) and `decode`
//! (an [`HttpResponse`](crate::http::HttpResponse) becomes a response, or an [`Error`](crate::Error)). Nothing here does I/O:
//! send the one and pass in the other.

pub mod auth_token;
pub mod auth_token_fail;
pub mod auth_token_issue;
mod common;
pub mod idtoken_reissue;
pub mod numbers;
mod retry;
pub mod schema;
mod service;
mod token_info;
mod types;

pub use auth_token::{TokenRequest, TokenResponse, TokenResponseAction};
pub use auth_token_fail::{TokenFailRequest, TokenFailRequestReason, TokenFailResponse, TokenFailResponseAction};
pub use auth_token_issue::{TokenIssueRequest, TokenIssueResponse, TokenIssueResponseAction};
pub use common::{
    ApiResult, Head, MembersByAction, Operation, ResultCode, classify, is_json, status_error, unusable_answer,
};
pub use idtoken_reissue::{
    IdTokenAudType, IdtokenReissueRequest, IdtokenReissueResponse, IdtokenReissueResponseAction,
};
pub use retry::retry_after;
pub use service::Service;
pub use token_info::{AuthzDetailsOrElement, Scope, ScopeOrName, TaggedValue, TokenInfo};
pub use types::{
    AuthzDetails, AuthzDetailsElement, CimdOptions, ClientAuthMethod, GrantType, Pair, Property, TokenType,
};

/// The four operations.
pub const OPERATIONS: [&Operation; 4] =
    [&auth_token::OPERATION, &auth_token_fail::OPERATION, &auth_token_issue::OPERATION, &idtoken_reissue::OPERATION];
