//! The token endpoint of an OAuth 2 / OpenID Connect authorization server on
//! [Authlete](https://www.authlete.com), without I/O.
//!
//! This is the core of the npm package `authlete-token`, for Rust users too: HTTP messages in, HTTP
//! messages out. Network, clock and threads stay with you. Three rooms, each usable alone:
//!
//! - [`api`]: Authlete's four operations. `encode` makes the request to send, `decode` reads the
//!   answer.
//! - [`endpoint`] (feature `operations`, on by default): an incoming token request becomes a
//!   finished answer, by a state machine.
#![cfg_attr(
    feature = "engine",
    doc = "- [`engine`] (feature `engine`): the four APIs, answered locally."
)]
#![cfg_attr(
    not(feature = "engine"),
    doc = "- `engine` (feature `engine`): the four APIs, answered locally."
)]
//!
//! [`http`] has the messages, [`Error`] is the only error type. For `wasm32` there is a fourth,
//! private room: the boundary to JavaScript.
//!
//! # A token endpoint
//!
//! [`endpoint::open`] checks the head of a request and [`endpoint::Pending::body`] its body; then
//! [`endpoint::Handling::resume`] says, step by step, what to do, until a step is the answer. The
//! example uses the types of the crate `http`; any HTTP client can take the place of `authlete`:
//!
//! ```
//! use authlete_token::Error;
//! use authlete_token::api::*;
//! use authlete_token::endpoint::{self, ApiAnswer, ApiCall, CallFailure, EndpointSettings, Reply, Step, StepResult};
//! use authlete_token::http::{HttpRequest, HttpResponse};
//! use http::{Request, Response};
//! use serde::Serialize;
//!
//! struct TokenEndpoint<F> {
//!     settings: EndpointSettings,
//!     service: Service,
//!     authlete: F,
//! }
//!
//! impl<F: Fn(HttpRequest) -> Result<HttpResponse, Error>> TokenEndpoint<F> {
//!     /// Answers a token request. Its URI is absolute, as the client sees it.
//!     fn handle(&self, request: Request<Vec<u8>>) -> HttpResponse {
//!         self.answer(request).unwrap_or_else(|refused| refused.response)
//!     }
//!
//!     fn answer(&self, request: Request<Vec<u8>>) -> Result<HttpResponse, Reply> {
//!         let (head, body) = request.into_parts();
//!         let header = |name| {
//!             let values = head.headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
//!             Some(values.collect::<Vec<_>>().join(", ")).filter(|_| head.headers.contains_key(name))
//!         };
//!         let pending = endpoint::open(&self.settings, head.method.as_str(), &head.uri.to_string(), &header)?;
//!         let (mut handling, call) = pending.body(body)?;
//!
//!         let request = TokenRequest {
//!             parameters: call.parameters,
//!             client_id: call.client_id,
//!             client_secret: call.client_secret,
//!             dpop: call.dpop,
//!             htm: call.htm.map(str::to_owned),
//!             htu: call.htu,
//!             oauth_client_attestation: call.oauth_client_attestation,
//!             oauth_client_attestation_pop: call.oauth_client_attestation_pop,
//!             ..TokenRequest::default()
//!         };
//!         let mut result = self.ask(auth_token::encode(&self.service, &request), auth_token::decode);
//!         loop {
//!             let turn = handling.resume(result);
//!             result = match turn.step {
//!                 Step::Respond(response) => return Ok(response),
//!                 Step::Call(ApiCall::Fail { ticket, reason }) => {
//!                     let request = TokenFailRequest { ticket, reason: reason.into() };
//!                     self.ask(auth_token_fail::encode(&self.service, &request), auth_token_fail::decode)
//!                 }
//!                 Step::Call(ApiCall::Reissue { access_token, refresh_token }) => {
//!                     let request = IdtokenReissueRequest { access_token, refresh_token, ..Default::default() };
//!                     self.ask(idtoken_reissue::encode(&self.service, &request), idtoken_reissue::decode)
//!                 }
//!                 // These follow from hooks, and the settings below have none: `settings.hooks`.
//!                 Step::Hook(_) | Step::Relay { .. } | Step::Call(ApiCall::Issue { .. }) => StepResult::HookFailed,
//!             };
//!         }
//!     }
//!
//!     fn ask<T: Serialize>(&self, request: Result<HttpRequest, Error>, decode: fn(&HttpResponse) -> Result<T, Error>) -> StepResult {
//!         match request.and_then(&self.authlete).and_then(|response| decode(&response)) {
//!             Ok(response) => StepResult::Answer(answer(&serde_json::json!(response))),
//!             // Your HTTP client's own failures are `ErrorCode::Connection` or `ErrorCode::Timeout`.
//!             Err(Error { code, status, retry_after, .. }) => {
//!                 StepResult::CallFailed(CallFailure { code, status, retry_after, lasting: false })
//!             }
//!         }
//!     }
//! }
//!
//! fn answer(response: &serde_json::Value) -> ApiAnswer {
//!     let text = |name: &str| response[name].as_str().map(str::to_owned);
//!     let is_object = |text: &String| serde_json::from_str::<serde_json::Map<_, _>>(text).is_ok();
//!     ApiAnswer {
//!         action: text("action").unwrap_or_default(),
//!         response_content: text("responseContent").filter(is_object),
//!         ticket: text("ticket"),
//!         has_user_credentials: text("username").and(text("password")).is_some(),
//!         access_token: text("accessToken"),
//!         jwt_access_token: text("jwtAccessToken"),
//!         refresh_token: text("refreshToken"),
//!         dpop_nonce: text("dpopNonce"),
//!         attestation_challenge: text("attestationChallenge"),
//!     }
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let endpoint = TokenEndpoint {
//!     settings: EndpointSettings::default(),
//!     service: Service::new("https://us.authlete.com", "715948317", "the-service-access-token")?,
//!     // Instead of Authlete: it issues a token to anybody who knows the secret.
//!     authlete: |request: HttpRequest| {
//!         let call: TokenRequest = serde_json::from_slice(&request.body).expect("a request of /auth/token");
//!         let body = match call.client_secret.as_deref() {
//!             Some("s3cret") => r#"{"action":"OK","responseContent":"{\"access_token\":\"a1b2\",\"token_type\":\"Bearer\"}"}"#,
//!             _ => r#"{"action":"INVALID_CLIENT","responseContent":"{\"error\":\"invalid_client\"}"}"#,
//!         };
//!         let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
//!         Ok(HttpResponse { status: 200, headers, body: body.into() })
//!     },
//! };
//! let token_request = |authorization| {
//!     Request::post("https://as.example.com/token")
//!         .header("content-type", "application/x-www-form-urlencoded")
//!         .header("authorization", authorization)
//!         .body(b"grant_type=client_credentials".to_vec())
//! };
//!
//! let issued = web_response(endpoint.handle(token_request("Basic YXBwOnMzY3JldA==")?))?; // app:s3cret
//! assert_eq!(issued.status(), 200);
//! assert_eq!(issued.headers()["cache-control"], "no-store");
//! assert_eq!(issued.body(), br#"{"access_token":"a1b2","token_type":"Bearer"}"#);
//!
//! let refused = web_response(endpoint.handle(token_request("Basic YXBwOndyb25n")?))?; // app:wrong
//! assert_eq!(refused.status(), 401);
//! assert_eq!(refused.headers()["www-authenticate"], "Basic realm=\"token\"");
//! # Ok(())
//! # }
//!
//! fn web_response(response: HttpResponse) -> http::Result<Response<Vec<u8>>> {
//!     let builder = Response::builder().status(response.status);
//!     response.headers.iter().fold(builder, |builder, (name, value)| builder.header(name, value)).body(response.body)
//! }
//! ```

// The standard library's panics and thread-locals would be a tenth of the operations artefact.
#![cfg_attr(all(target_arch = "wasm32", feature = "boundary", not(feature = "engine")), no_std)]

extern crate alloc;

pub mod api;
#[cfg(any(feature = "operations", feature = "engine"))]
mod basic;
#[doc(hidden)]
pub mod contract;
#[cfg(feature = "operations")]
pub mod endpoint;
#[cfg(feature = "engine")]
pub mod engine;
pub mod error;
pub mod form;
pub mod http;
#[cfg(any(feature = "operations", feature = "engine", feature = "url"))]
mod loopback;
mod prelude;
mod text;
#[cfg(all(target_arch = "wasm32", feature = "boundary"))]
mod wasm;

pub use error::{Error, ErrorCode};
