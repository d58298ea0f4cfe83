//! The four operations, one file each. They take a request of the API and give its response.

mod fail;
mod issue;
mod reissue;
mod token;

pub(super) use fail::fail;
pub(super) use issue::issue;
pub(super) use reissue::reissue;
pub(super) use token::token;

use super::result_code::Refusal;
use serde::Serialize;

/// A response that can say no.
pub(super) trait Answer: Serialize {
    /// The response for a refusal.
    fn refused(refusal: Refusal) -> Self;
}
