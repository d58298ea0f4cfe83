//! Native tests of the pure rooms, replayed over the recorded exchanges in `tests/fixtures`.
// A failing test panics; clippy's exemption for tests does not reach their helpers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub
)]

mod api;
mod endpoint;
#[cfg(feature = "engine")]
mod engine;
mod fixtures;
mod loopback;
