//! Room 2: the token endpoint (RFC 6749 §3.2). An incoming token request becomes a finished response; sans-IO.
//!
//! The driver owns the network, the clock, the hooks and their values. This room decides:
//!
//! 1. [`open`] judges what stands before the body: method, URL, headers. It gives a [`Reply`], or a [`Pending`] request.
//! 2. [`Pending::body`] judges the body. It gives a [`Reply`], or an [`Exchange`] and its first call, `/auth/token`.
//! 3. [`Exchange::resume`] takes what came of a [`Step`] as an [`Event`], and gives the next one, until a step is an answer.
//!
//! `request` holds 1 and 2, `exchange` holds 3, `action` the table of Authlete's actions, `step` the vocabulary. `authorization`, `cors`
//! and `url` read one thing each, `respond` makes every answer, `settings` holds the options.

mod action;
mod authorization;
mod cors;
mod exchange;
mod request;
mod respond;
mod settings;
mod step;
mod url;

pub use exchange::Exchange;
pub use request::{Pending, open};
pub use respond::Reply;
pub use settings::{Cors, Hooks, Reissue, Settings};
pub use step::{Answer, Call, Event, Failure, Hook, Notice, Operation, ReissueFailure, Step, TokenCall, Turn};
