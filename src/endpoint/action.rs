//! The table of Authlete's actions: what each one means for the client, operation by operation.

use super::step::{Hook, ReissueFailure};
use crate::ErrorCode;

/// What follows from the action of `/auth/token`.
pub(super) enum Next {
    /// Answer with this status and the response content.
    Relay(u16),
    /// Ask the host who the user is.
    Authenticate,
    /// The host makes the answer.
    Delegate(Hook),
    /// Tokens were issued; a new ID token can be requested.
    Reissue,
}

/// What the operator is told about any other action.
pub(super) const UNKNOWN: &str =
    "the answer has an action that this version does not know, or none";

/// `/auth/token`. `None` for an action that this version does not know.
pub(super) fn token(action: &str) -> Option<Next> {
    Some(match action {
        "OK" => Next::Relay(200),
        "BAD_REQUEST" => Next::Relay(400),
        "INVALID_CLIENT" => Next::Relay(401),
        "INTERNAL_SERVER_ERROR" => Next::Relay(500),
        "PASSWORD" => Next::Authenticate,
        "TOKEN_EXCHANGE" => Next::Delegate(Hook::TokenExchange),
        "JWT_BEARER" => Next::Delegate(Hook::JwtBearer),
        "NATIVE_SSO" => Next::Delegate(Hook::NativeSso),
        "ID_TOKEN_REISSUABLE" => Next::Reissue,
        _ => return None,
    })
}

/// `/auth/token/issue`: the status of the answer.
pub(super) fn issue(action: &str) -> Option<u16> {
    match action {
        "OK" => Some(200),
        "INTERNAL_SERVER_ERROR" => Some(500),
        _ => None,
    }
}

/// `/auth/token/fail`: the status of the answer.
pub(super) fn fail(action: &str) -> Option<u16> {
    match action {
        "BAD_REQUEST" => Some(400),
        "INTERNAL_SERVER_ERROR" => Some(500),
        _ => None,
    }
}

/// `/idtoken/reissue`: `Ok` when there is a new ID token.
pub(super) fn reissue(action: &str) -> Result<(), ReissueFailure> {
    match action {
        "OK" => Ok(()),
        "INTERNAL_SERVER_ERROR" => Err(ReissueFailure::InternalServerError),
        "CALLER_ERROR" => Err(ReissueFailure::CallerError),
        _ => Err(ReissueFailure::Upstream {
            code: ErrorCode::ResponseInvalid,
            status: None,
            detail: UNKNOWN,
        }),
    }
}
