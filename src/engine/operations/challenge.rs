//! The challenge endpoint of attestation-based client authentication
//! (draft-ietf-oauth-attestation-based-client-auth-08 §7).

use crate::engine::client::challenges;
use crate::engine::context::Context;
use crate::engine::jose::{object_of, text_of};
use crate::error::{Error, ErrorCode};

/// The body of its answer.
pub(crate) fn attestation_challenge(context: &Context<'_>) -> Result<String, Error> {
    let challenges = challenges(context)?.ok_or_else(|| {
        let problem = "missing; without it, no challenge is asked for";
        Error::new(ErrorCode::Config, format!("service.challengeEndpoint: {problem}"))
    })?;
    Ok(text_of(&object_of([("attestation_challenge", challenges.current.into())])))
}
