//! Room 4: the boundary to JavaScript. It moves values across and drives the pure rooms; it decides
//! nothing about OAuth.
//!
//! `host` declares what JavaScript provides, `task` runs futures behind a fence against traps,
//! `wait` brings them news, `body` reads bodies up to a limit, `error` makes the `AuthleteError`.
//! `operations` and `engine` are the exports of the two artefacts.

// The generated glue is the unsafe part of this room. The exports are documented in `js/`, where
// users see them.
#![allow(unsafe_code, missing_docs, unreachable_pub)]

mod body;
#[cfg(feature = "engine")]
mod engine;
mod error;
mod host;
mod local;
mod memory;
#[cfg(feature = "operations")]
mod operations;
#[cfg(not(feature = "engine"))]
mod panic;
mod task;
mod wait;
