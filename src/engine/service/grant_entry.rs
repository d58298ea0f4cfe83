//! What the rest of the engine has to know of a grant type: its names, and what it means for
//! services and clients. `grants` fills it in.

use crate::api::GrantType;

/// A grant type of the engine.
pub(crate) struct GrantEntry {
    /// The value of the `grant_type` parameter.
    pub(crate) name: &'static str,
    /// Authlete's constant.
    pub(crate) constant: GrantType,
    /// The parameters of its token request, besides those of every token request.
    pub(crate) parameters: &'static [&'static str],
    /// Whether a service that names no grant types has it.
    pub(crate) by_default: bool,
    /// Whether it acts for a user, so that an ID token may be issued.
    pub(crate) for_users: bool,
}
