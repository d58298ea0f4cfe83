//! What the rest of the engine has to know of a grant type: its names, and what it means for
//! services and clients. `grants` fills it in.

use crate::api::GrantType;

/// A grant type of the engine.
pub(crate) struct GrantEntry {
    /// The value of the `grant_type` parameter.
    pub(crate) name: &'static str,
    /// Authlete's constant.
    pub(crate) constant: GrantType,
    /// The parameters of its token request that mean something, beside those of every request.
    pub(crate) parameters: &'static [&'static str],
    /// Whether a service that names no grant types has it.
    pub(crate) by_default: bool,
    /// Whether a user stands behind it, so that an ID token may come of it.
    pub(crate) for_users: bool,
}
