//! Revocation (RFC 7009).

use crate::engine::client::Caller;
use crate::engine::context::{Conclusion, Context, Live};
use crate::engine::family::{self, RefreshTokenState};
use crate::engine::platform::{Check, RecordKind, Unavailable, Write};
use crate::engine::records::Family;
use crate::engine::result_code::{self, Refusal};

/// Ends the grant of an access token or a refresh token, and with it all of its tokens.
pub(crate) fn revoke(context: &Context<'_>, token: &str) -> Result<(), Unavailable> {
    let found = family_of(context, token)?;
    context.holds(Check::Token, found.is_some(), "");
    match found {
        Some(family) => context.commit(vec![end(family)]).map(|_| ()),
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
    let found = family_of(context, token)?;
    context.holds(Check::Token, found.is_some(), "");
    if let Some(family) = &found {
        let own = family.data.grant.client == caller.client.number;
        context.require(Check::TokenOwner, own, result_code::REVOCATION_FOREIGN)?;
    }
    let writes = found.map(end).into_iter().collect();
    Ok(Conclusion { answer: String::new(), writes, conflict: None })
}

/// The grant of a token that has not expired. A refresh token that was replaced names
/// its grant, too.
fn family_of(context: &Context<'_>, token: &str) -> Result<Option<Live<Box<Family>>>, Unavailable> {
    if let Some(family) = family::of_access_token(context, token)? {
        return Ok(Some(family));
    }
    Ok(match family::of_refresh_token(context, token)? {
        RefreshTokenState::Good(family) | RefreshTokenState::Replaced(family) => Some(family),
        RefreshTokenState::Expired(_) | RefreshTokenState::Unknown => None,
    })
}

fn end(family: Live<Box<Family>>) -> Write {
    Write::Delete { kind: RecordKind::Grant, key: family.key }
}
