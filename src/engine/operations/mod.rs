//! What the engine does, one file each: the four APIs, which take a request and give its response,
//! and what the authorization server's other endpoints need.

mod access;
mod challenge;
mod fail;
mod introspection;
mod issue;
mod metadata;
mod reissue;
mod revocation;
mod token;

pub(crate) use access::verify_access;
pub(crate) use challenge::attestation_challenge;
pub(crate) use fail::fail;
pub(crate) use introspection::{introspect, introspect_for};
pub(crate) use issue::issue;
pub(crate) use metadata::{jwks, metadata};
pub(crate) use reissue::reissue;
pub(crate) use revocation::{revoke, revoke_for};
pub(crate) use token::token;

use crate::engine::result_code::Refusal;
use serde::Serialize;

/// A response of an API that can be a refusal.
pub(crate) trait Refusable: Serialize {
    /// The response for a refusal.
    fn refused(refusal: Refusal) -> Self;
}
