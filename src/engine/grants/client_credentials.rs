//! The client credentials grant (RFC 6749 §4.4): the client acts for itself.

use crate::engine::context::Context;
use crate::engine::plan::{Issue, Plan, Refresh};
use crate::engine::records::Grant;
use crate::engine::request::Call;
use crate::engine::result_code::{self, Refusal};
use crate::engine::scope::has_openid;

/// Checks the client and the scope. There is no user: no subject, no ID token, no refresh token.
pub(in crate::engine) fn plan(context: &Context<'_>, call: &Call<'_>) -> Result<Plan, Refusal> {
    if call.caller.client.is_public() {
        return Err(result_code::CLIENT_PUBLIC.into());
    }
    let scopes = call.allowed_scopes(context.config)?;
    if has_openid(&scopes) {
        return Err(result_code::OPENID_WITHOUT_USER.into());
    }
    let issue = Issue {
        caller: &call.caller,
        options: &call.options,
        grant: Grant::of(&call.caller),
        grant_id: context.random_token()?,
        continues: None,
        scopes,
        refresh: Refresh::No,
        id_token: None,
    };
    // Nothing is spent, so only an access token that the host chose twice at the same time can be in the way.
    issue.plan(context, result_code::ACCESS_TOKEN_EXISTS)
}
