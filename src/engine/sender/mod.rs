//! Proof of possession: what the sender of a request has proved to have, and its tokens are bound
//! to.

use crate::engine::client::Caller;
use crate::engine::context::{Context, Mark};
use crate::engine::records::Confirmation;
use crate::engine::request::Evidence;
use crate::engine::result_code::{self, Refusal};

/// What the sender of a request has proved.
#[derive(Default)]
pub(crate) struct Sender {
    pub(crate) confirmation: Confirmation,
    /// What must not be accepted a second time.
    pub(crate) marks: Vec<Mark>,
}

/// The sender of a request of an authenticated client.
pub(crate) async fn prove(
    _context: &Context<'_>,
    evidence: &Evidence<'_>,
    _caller: &Caller<'_>,
) -> Result<Sender, Refusal> {
    if evidence.dpop.is_some() {
        return Err(result_code::DPOP_UNSUPPORTED.into());
    }
    Ok(Sender::default())
}
