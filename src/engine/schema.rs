//! The configuration as data: what the TypeScript types and the JSON Schema of the npm package are
//! written from. Not in WebAssembly.

pub use super::service::{Presence, Row, Shape, Table};

/// The outermost object of the configuration document.
pub const CONFIGURATION: &Table = super::service::TABLE;

/// The grant types of the engine: the name in OAuth, and the one in Authlete's API.
pub fn grant_types() -> Vec<(&'static str, &'static str)> {
    super::grants::entries()
        .into_iter()
        .map(|entry| (entry.name, entry.constant.as_str()))
        .collect()
}
