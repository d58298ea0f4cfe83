//! Public clients, and client secrets in the header or the body (RFC 6749 §2.3.1).

use super::Caller;
use crate::engine::context::Context;
use crate::engine::hash::{Digest, same, sha256};
use crate::engine::platform::Check;
use crate::engine::request::Evidence;
use crate::engine::result_code::{self, ResultCode};
use crate::engine::service::AuthMethod;

/// The client of a request with a secret, or with no credential at all. An unknown client and a
/// wrong secret take the same path and get the same answer.
pub(super) fn authenticate<'a>(
    context: &Context<'a>,
    evidence: &Evidence<'_>,
    id: &str,
) -> Result<Caller<'a>, &'static ResultCode> {
    let (method, secret) = presented(evidence);
    let client = context.config.client(id);
    let secret_fits = fits(client.and_then(|client| client.secret), secret);
    let refusal = match client {
        Some(client) if client.auth_method == method && (client.is_public() || secret_fits) => {
            match at_its_place(method, evidence) {
                Ok(()) => return Ok(Caller { client, id: id.to_owned() }),
                Err(refusal) => refusal,
            }
        }
        // Only a client that knows its secret learns more than that it failed.
        Some(client) if secret_fits && client.auth_method != method => {
            result_code::CLIENT_WRONG_PLACE
        }
        _ => result_code::CLIENT_INVALID,
    };
    Err(context.refused(Check::ClientAuthentication, refusal, method.oauth_name()))
}

/// The method that the request uses, and the secret that came with it.
fn presented<'a>(evidence: &Evidence<'a>) -> (AuthMethod, Option<&'a str>) {
    match (evidence.header_secret, evidence.form_secret) {
        (Some(secret), _) => (AuthMethod::ClientSecretBasic, Some(secret)),
        (None, Some(secret)) => (AuthMethod::ClientSecretPost, Some(secret)),
        (None, None) => (AuthMethod::None, None),
    }
}

/// Compares digests in constant time, also when there is nothing to compare with.
fn fits(registered: Option<Digest>, presented: Option<&str>) -> bool {
    let equal =
        same(&registered.unwrap_or_default(), &sha256(presented.unwrap_or_default().as_bytes()));
    equal && registered.is_some() && presented.is_some()
}

/// The client ID and the secret must be in the same place: both in the header, or both in the body.
fn at_its_place(method: AuthMethod, evidence: &Evidence<'_>) -> Result<(), &'static ResultCode> {
    let there = match method {
        AuthMethod::ClientSecretBasic => evidence.header_id.is_some(),
        AuthMethod::ClientSecretPost => evidence.form_id.is_some(),
        AuthMethod::None => true,
        _ => false,
    };
    if there { Ok(()) } else { Err(result_code::CLIENT_WRONG_PLACE) }
}
