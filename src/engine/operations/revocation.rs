//! Revocation (RFC 7009).

use crate::engine::client::Caller;
use crate::engine::context::{Conclusion, Context};
use crate::engine::platform::{RecordKind, Unavailable, Write};
use crate::engine::records::{AccessToken, Grant, RefreshToken};
use crate::engine::result_code::{self, Refusal};

/// Ends the grant of an access token or a refresh token, and with it all of its tokens.
pub(crate) fn revoke(context: &Context<'_>, token: &str) -> Result<(), Unavailable> {
    match grant_of(context, token)? {
        Some(grant) => context.commit(vec![end(grant)]).map(|_| ()),
        None => Ok(()),
    }
}

/// The same for a client, which may revoke its own tokens only. One that is no longer valid needs
/// no revocation (RFC 7009 §2.2).
pub(crate) fn revoke_for(
    context: &Context<'_>,
    caller: &Caller<'_>,
    token: &str,
) -> Result<Conclusion<String>, Refusal> {
    let found = match grant_of(context, token)? {
        Some(key) => context.live::<Grant>(RecordKind::Grant, key)?,
        None => None,
    };
    if found.as_ref().is_some_and(|grant| grant.data.client != caller.client.number) {
        return Err(result_code::REVOCATION_FOREIGN.into());
    }
    let writes = found.map(|grant| end(grant.key)).into_iter().collect();
    Ok(Conclusion { answer: String::new(), writes, conflict: None })
}

/// The key of the grant of a token that has not expired. A refresh token that was replaced names
/// its grant, too.
fn grant_of(context: &Context<'_>, token: &str) -> Result<Option<String>, Unavailable> {
    let access: Option<_> =
        context.live_credential::<AccessToken>(RecordKind::AccessToken, token)?;
    if let Some(access) = access {
        return Ok(Some(access.data.grant));
    }
    let refresh = context.live_credential::<RefreshToken>(RecordKind::RefreshToken, token)?;
    Ok(refresh.map(|refresh| refresh.data.grant))
}

fn end(grant: String) -> Write {
    Write::Delete { kind: RecordKind::Grant, key: grant }
}
