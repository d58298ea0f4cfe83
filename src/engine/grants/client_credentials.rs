//! The client credentials grant (RFC 6749 §4.4): the client acts for itself.

use super::{Decision, GrantHandler, GrantRequest};
use crate::api::GrantType;
use crate::engine::context::Context;
use crate::engine::family;
use crate::engine::issue::Issue;
use crate::engine::platform::Check;
use crate::engine::result_code::{self, Refusal, ResultCode};
use crate::engine::scope::has_openid;
use crate::engine::service::GrantEntry;

pub(super) static HANDLER: GrantHandler = GrantHandler {
    entry: GrantEntry {
        name: "client_credentials",
        constant: GrantType::ClientCredentials,
        parameters: &[],
        by_default: true,
        for_users: false,
    },
    decide: |context, request| Box::pin(async move { decide(context, request) }),
};

/// Checks the client and the scope. There is no user: no subject, no ID token, no refresh token.
fn decide<'a>(
    context: &Context<'_>,
    request: &'a GrantRequest<'_>,
) -> Result<Decision<'a>, Refusal> {
    let is_confidential = !request.caller.client.is_public();
    context.require(Check::ConfidentialClient, is_confidential, result_code::CLIENT_PUBLIC)?;
    let scopes = context.check(Check::Scope, scopes(context, request))?;
    Ok(Decision::Issue(Box::new(Issue {
        grant_id: family::new_id(context)?,
        scopes,
        resources: request.resources(context.config)?,
        code: result_code::CLIENT_CREDENTIALS_ISSUED,
        // Nothing is used up here, so the only possible conflict is an access token that the host
        // chose twice at the same time.
        conflict: result_code::ACCESS_TOKEN_EXISTS,
        ..request.issue(request.caller.grant())
    })))
}

fn scopes(
    context: &Context<'_>,
    request: &GrantRequest<'_>,
) -> Result<Vec<String>, &'static ResultCode> {
    let scopes = request.allowed_scopes(context.config)?;
    if has_openid(&scopes) { Err(result_code::OPENID_WITHOUT_USER) } else { Ok(scopes) }
}
