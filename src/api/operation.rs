//! What distinguishes the four operations.

use super::schema::Schema;

/// One of Authlete's APIs.
#[derive(Debug)]
pub struct Operation {
    /// The name of the JavaScript function, also used in error messages.
    pub name: &'static str,
    /// The path after `/api/{serviceId}`.
    pub path: &'static str,
    /// The request type.
    pub request: &'static Schema,
    /// The response type.
    pub response: &'static Schema,
    /// The members that Authlete documents as always there, by action. The TypeScript types narrow
    /// by it.
    #[cfg(not(target_arch = "wasm32"))]
    pub members_by_action: MembersByAction,
}

/// For each action, the members that are documented as always there: an action and member names.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) type MembersByAction = &'static [(&'static str, &'static [&'static str])];
