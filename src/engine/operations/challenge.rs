//! The challenge endpoint of attestation-based client authentication
//! (draft-ietf-oauth-attestation-based-client-auth-08 §7).

use crate::engine::client::challenges;
use crate::engine::context::Context;
use crate::engine::jose::text_of;
use crate::error::{Error, ErrorCode};
use serde_json::json;

/// The body of its answer.
pub(crate) fn attestation_challenge(context: &Context<'_>) -> Result<String, Error> {
    let challenges = challenges(context)?.ok_or_else(|| {
        let problem = "missing; without it, no challenge is asked for";
        Error::new(ErrorCode::Config, format!("service.challengeEndpoint: {problem}"))
    })?;
    Ok(text_of(&json!({ "attestation_challenge": challenges.current })))
}
