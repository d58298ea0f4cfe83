//! The pure rooms compiled to wasm32, in Node.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

extern crate alloc;

// The boundary's files that the tests compile separately use these names.
use authlete_token::contract;
#[cfg(feature = "engine")]
use authlete_token::engine;

mod common;
// The boundary's files that the tests compile separately import it.
#[path = "../../src/prelude.rs"]
mod prelude;
