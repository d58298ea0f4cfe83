//! Room 2: the token endpoint (RFC 6749 §3.2). An incoming token request becomes a finished
//! response; sans-IO.
//!
//! The driver owns the network, the clock, the hooks and their values. This room decides:
//!
//! 1. [`open`] checks what comes before the body: method, URL, headers. It gives a [`Reply`], or a
//!    [`Pending`] request.
//! 2. [`Pending::body`] checks the body. It gives a [`Reply`], or a [`Handling`] and its first
//!    call, `/auth/token`.
//! 3. [`Handling::resume`] takes the result of a [`Step`] as a [`StepResult`], and gives the next
//!    step, until a step is an answer.
//!
//! The [crate's first page](crate) shows a whole driver. A driver has to know:
//!
//! - The URL is absolute, as the client sees it: an `http:` one is refused unless its host is a
//!   loopback one (`localhost`, a name under it, 127.0.0.0/8, `[::1]`) or
//!   [`EndpointSettings::allow_insecure_requests`] is set. It never becomes the URL of a DPoP
//!   proof; that is [`EndpointSettings::token_endpoint`].
//! - Reading the body stops at one byte more than [`Pending::limit`]. For a body that broke off
//!   call [`Pending::broken`], and for one that is too long [`Pending::too_large`].
//! - If the operator has named a source of TLS client certificates, call
//!   [`Pending::certificate`] with what it shows. A header that nobody named may be forged.
//! - Each call is made once. [`CallFailure::code`] and [`CallFailure::status`] decide between 503
//!   `temporarily_unavailable`, for temporary trouble – no complete answer
//!   ([`ErrorCode::Connection`](crate::ErrorCode::Connection), `Timeout`, `Aborted`), 408, 429, any
//!   5xx –, and 500 `server_error`.
//! - [`Turn::notices`] and [`Reply::notice`] are for the operator's log. They hold no secret, and
//!   neither does any answer beyond what Authlete put there.
//! - [`EndpointSettings::check`] finds unusable options, once, before the first request.
//!
//! `request` holds 1 and 2, `handling` holds 3, `action` the table of Authlete's actions, `step`
//! the vocabulary. `authorization`, `certificate`, `cors` and `url` read one thing each, `respond`
//! makes every answer, `settings` holds the options.

mod action;
mod authorization;
mod certificate;
mod cors;
mod handling;
mod request;
mod respond;
mod settings;
mod step;
mod url;

pub use certificate::{Presented, TlsClientAuth};
pub use handling::Handling;
pub use request::{Pending, open};
pub use respond::Reply;
pub use settings::{Cors, EndpointSettings, Hooks, Reissue};
pub use step::{
    ApiAnswer, ApiCall, CallFailure, Hook, Notice, OperationName, ReissueFailure, Step, StepResult,
    TokenCall, Turn,
};
