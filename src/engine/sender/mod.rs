//! Proof of possession: what the sender of a request has proved to have, and its tokens are bound
//! to.

pub(crate) mod dpop;
mod htu;
mod tls;

pub(crate) use tls::check_bound;

use crate::engine::client::Caller;
use crate::engine::context::{Context, Mark};
use crate::engine::platform::Check;
use crate::engine::records::Confirmation;
use crate::engine::request::Evidence;
use crate::engine::result_code::{self, Refusal};
use dpop::{Expected, Proof};

/// What the sender of a request has proved.
#[derive(Default)]
pub(crate) struct Sender {
    pub(crate) confirmation: Confirmation,
    /// What must not be accepted a second time.
    pub(crate) marks: Vec<Mark>,
}

/// The sender of a request of an authenticated client. `nonce` becomes the one for the client's
/// next proof, if there is one, whether or not this request is refused.
pub(crate) async fn prove(
    context: &Context<'_>,
    evidence: &Evidence<'_>,
    caller: &Caller<'_>,
    nonce: &mut Option<String>,
) -> Result<Sender, Refusal> {
    let mut sender = Sender::default();
    // Before the proof, which is used up once it is verified.
    let thumbprint = tls::thumbprint(context, evidence, caller);
    sender.confirmation.x5t = context.part(Check::CertificateBinding, thumbprint)?;
    match evidence.dpop {
        Some(proof) => {
            let service = &context.config.service;
            let expected = Expected {
                htm: evidence.htm.unwrap_or("POST"),
                htu: evidence.htu.unwrap_or(&service.token_endpoint),
                access_token: None,
                nonce_required: evidence.dpop_nonce_required || service.dpop_nonce_required,
            };
            // In a box, so that requests without a proof don't carry its future with them.
            let verified = Box::pin(dpop::verify(context, proof, &expected, nonce)).await?;
            let Proof { thumbprint, mark } = verified;
            sender.confirmation.jkt = Some(thumbprint);
            sender.marks.push(mark);
        }
        // RFC 9449 §5.2.
        None if caller.client.dpop_bound => {
            let code = result_code::DPOP_PROOF_MISSING;
            return Err(context.refused(Check::DpopProof, code, "").into());
        }
        None => {}
    }
    Ok(sender)
}
