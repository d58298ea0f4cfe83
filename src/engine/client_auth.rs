//! Client authentication (RFC 6749 §2.3): which client a token request comes from, and whether that is true.

use super::config::{AuthMethod, Config};
use super::crypto::{Digest, same, sha256};
use super::request::{Caller, Parameters};
use super::result_code::{self, ResultCode};
use crate::api::TokenRequest;

/// The client of the request. An unknown client and a wrong secret take the same path and get the same answer.
pub(super) fn authenticate<'a>(
    config: &'a Config,
    request: &TokenRequest,
    parameters: &Parameters,
) -> Result<Caller<'a>, &'static ResultCode> {
    one_method(request, parameters)?;
    supported_method(request, parameters)?;
    let id = one_client_id(request, parameters)?;
    let (method, secret) = presented(request, parameters);
    let client = config.client(id);
    let secret_fits = fits(client.and_then(|client| client.secret), secret);
    match client {
        Some(client) if client.auth_method == method && (client.is_public() || secret_fits) => {
            at_its_place(method, request, parameters)?;
            Ok(Caller { client, id: id.to_owned() })
        }
        // Only a client that knows its secret learns more than that it failed.
        Some(client) if secret_fits && client.auth_method != method => Err(result_code::CLIENT_WRONG_PLACE),
        _ => Err(result_code::CLIENT_INVALID),
    }
}

/// A request authenticates its client by one method at most (RFC 6749 §2.3).
fn one_method(request: &TokenRequest, parameters: &Parameters) -> Result<(), &'static ResultCode> {
    let assertion = parameters.get("client_assertion").is_some();
    if assertion != parameters.get("client_assertion_type").is_some() {
        return Err(result_code::ASSERTION_INCOMPLETE);
    }
    let methods = [
        request.client_secret.is_some(),
        parameters.get("client_secret").is_some(),
        assertion,
        has_attestation(request),
    ];
    if methods.into_iter().filter(|used| *used).count() > 1 {
        return Err(result_code::CLIENT_METHODS_MIXED);
    }
    Ok(())
}

/// A credential of a method that the engine does not have is refused: ignoring it would let the client in without it.
fn supported_method(request: &TokenRequest, parameters: &Parameters) -> Result<(), &'static ResultCode> {
    let certificate = request.client_certificate.is_some() || request.client_certificate_path.is_some();
    if certificate || has_attestation(request) || parameters.get("client_assertion").is_some() {
        return Err(result_code::CLIENT_METHOD_UNSUPPORTED);
    }
    Ok(())
}

fn has_attestation(request: &TokenRequest) -> bool {
    request.oauth_client_attestation.is_some() || request.oauth_client_attestation_pop.is_some()
}

/// The identifier from header and body, which may both be there if they are the same.
fn one_client_id<'a>(request: &'a TokenRequest, parameters: &'a Parameters) -> Result<&'a str, &'static ResultCode> {
    match (request.client_id.as_deref(), parameters.get("client_id")) {
        (Some(header), Some(body)) if header != body => Err(result_code::CLIENT_IDS_DIFFER),
        (Some(id), _) | (None, Some(id)) => Ok(id),
        (None, None) if request.client_secret.is_some() || parameters.get("client_secret").is_some() => {
            Err(result_code::CLIENT_INVALID)
        }
        (None, None) => Err(result_code::CLIENT_ID_MISSING),
    }
}

/// The method that the request uses, and the secret that came with it.
fn presented<'a>(request: &'a TokenRequest, parameters: &'a Parameters) -> (AuthMethod, Option<&'a str>) {
    match (request.client_secret.as_deref(), parameters.get("client_secret")) {
        (Some(secret), _) => (AuthMethod::ClientSecretBasic, Some(secret)),
        (None, Some(secret)) => (AuthMethod::ClientSecretPost, Some(secret)),
        (None, None) => (AuthMethod::None, None),
    }
}

/// Compares digests in constant time, also when there is nothing to compare with.
fn fits(registered: Option<Digest>, presented: Option<&str>) -> bool {
    let equal = same(&registered.unwrap_or_default(), &sha256(presented.unwrap_or_default().as_bytes()));
    equal && registered.is_some() && presented.is_some()
}

/// The identifier stands beside the secret: both in the header, or both in the body.
fn at_its_place(
    method: AuthMethod,
    request: &TokenRequest,
    parameters: &Parameters,
) -> Result<(), &'static ResultCode> {
    let there = match method {
        AuthMethod::ClientSecretBasic => request.client_id.is_some(),
        AuthMethod::ClientSecretPost => parameters.get("client_id").is_some(),
        AuthMethod::None => true,
    };
    if there { Ok(()) } else { Err(result_code::CLIENT_WRONG_PLACE) }
}
