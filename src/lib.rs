//! The map of the crate: five rooms, each with one concern. `ARCHITECTURE.md` has the picture.
//!
//! - [`api`]: Authlete's four operations – typed models, pure `encode` and `decode`.
//! - [`endpoint`]: an incoming token request becomes a finished response; sans-IO.
//! - [`engine`] (feature `engine`): the four APIs answered locally by OAuth logic.
//! - `wasm` (wasm32 only): the boundary to JavaScript.
//! - `js/`: the npm package's TypeScript.

pub mod api;
#[cfg(feature = "operations")]
pub mod endpoint;
#[cfg(feature = "engine")]
pub mod engine;
pub mod error;
pub mod form;
pub mod http;
#[cfg(target_arch = "wasm32")]
mod wasm;

pub use error::{Error, ErrorCode};
