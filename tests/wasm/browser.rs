//! The pure rooms compiled to wasm32, in a browser.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

extern crate alloc;

// The files of the boundary that the tests compile by themselves name them so.
use authlete_token::contract;
#[cfg(feature = "engine")]
use authlete_token::engine;

mod common;
// The files of the boundary that the tests compile by themselves begin with it.
#[path = "../../src/prelude.rs"]
mod prelude;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
