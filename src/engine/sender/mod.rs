//! Proof of possession: what the sender of a request has proved to have, and its tokens are bound
//! to.

mod tls;

pub(crate) use tls::check_bound;

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
    context: &Context<'_>,
    evidence: &Evidence<'_>,
    caller: &Caller<'_>,
) -> Result<Sender, Refusal> {
    if evidence.dpop.is_some() {
        return Err(result_code::DPOP_UNSUPPORTED.into());
    }
    let x5t = tls::thumbprint(context, evidence, caller)?;
    Ok(Sender { confirmation: Confirmation { x5t, ..Confirmation::default() }, marks: Vec::new() })
}
