//! The refresh token grant (RFC 6749 §6) with rotation and detection of reuse (RFC 9700 §4.14.2).

use crate::engine::Unavailable;
use crate::engine::context::{Context, Live, Lookup, to_text};
use crate::engine::crypto::storage_key;
use crate::engine::plan::{Issue, Plan, Refresh};
use crate::engine::records::{Grant, RefreshToken};
use crate::engine::request::Call;
use crate::engine::result_code::{self, Refusal};
use crate::engine::store::{Kind, Write};
use crate::engine::tokens::RefreshPart;

/// Checks the refresh token and the requested scope.
pub(in crate::engine) fn plan(context: &Context<'_>, call: &Call<'_>) -> Result<Plan, Refusal> {
    let token = call.parameters.need("refresh_token", result_code::REFRESH_TOKEN_MISSING)?;
    let Found { token: live, grant } = find(context, call, token)?;
    if live.data.used {
        // Two parties have the token, and nobody can tell which of them is the client.
        context.revoke_grant(&grant.key)?;
        return Err(Refusal { code: result_code::REFRESH_TOKEN_USED, previous_refresh_token_used: true });
    }
    let scopes = scopes(context, call, &live.data)?;
    let kept = context.config.service.refresh_token_kept;
    let RefreshToken { scopes: granted, duration, .. } = live.data.clone();
    let refresh = if kept {
        let expires_at = live.expires_at;
        Refresh::Kept(RefreshPart { token: token.to_owned(), expires_at, duration, scopes: granted })
    } else {
        // A narrower access token leaves the refresh token as wide as it was (RFC 6749 §6).
        Refresh::New(granted)
    };
    let issue = Issue {
        caller: &call.caller,
        options: &call.options,
        grant: grant.data.clone(),
        grant_id: grant.key.clone(),
        continues: Some((grant.text, grant.expires_at)),
        scopes,
        refresh,
        id_token: None,
    };
    let mut plan = issue.plan(context, result_code::REFRESH_TOKEN_UNKNOWN)?;
    if !kept {
        plan.spend(replaced(live)?);
    }
    Ok(plan)
}

/// A living refresh token and its grant.
struct Found {
    token: Live<RefreshToken>,
    grant: Live<Grant>,
}

/// The token, if it is one of the client's. The token of another client is no token: nothing happens to it.
fn find(context: &Context<'_>, call: &Call<'_>, token: &str) -> Result<Found, Refusal> {
    let unknown = result_code::REFRESH_TOKEN_UNKNOWN;
    let own = |grant: &Grant| grant.client == call.caller.client.number;
    match context.look_up::<RefreshToken>(Kind::RefreshToken, storage_key(token))? {
        Lookup::Live(token) => {
            let grant = context.live::<Grant>(Kind::Grant, token.data.grant.clone())?;
            let grant = grant.filter(|grant| own(&grant.data)).ok_or(unknown)?;
            Ok(Found { token, grant })
        }
        // Whose it was, the grant tells, which may have expired with it.
        Lookup::Expired(token) => match context.look_up::<Grant>(Kind::Grant, token.grant)? {
            Lookup::Live(Live { data: grant, .. }) | Lookup::Expired(grant) if own(&grant) => {
                Err(result_code::REFRESH_TOKEN_EXPIRED.into())
            }
            _ => Err(unknown.into()),
        },
        Lookup::Unknown => Err(unknown.into()),
    }
}

/// The scopes of the access token: the requested part of the granted ones, as far as the client may still have them.
fn scopes(context: &Context<'_>, call: &Call<'_>, token: &RefreshToken) -> Result<Vec<String>, Refusal> {
    let mut scopes = call.scopes()?;
    if scopes.iter().any(|scope| !token.scopes.contains(scope)) {
        return Err(result_code::REFRESH_SCOPE_WIDER.into());
    }
    if scopes.is_empty() {
        scopes.clone_from(&token.scopes);
    }
    scopes.retain(|scope| context.config.allows_scope(call.caller.client, scope));
    Ok(scopes)
}

/// The mark on a token that a new one replaces. It stays, so that a second use is noticed.
fn replaced(live: Live<RefreshToken>) -> Result<Write, Unavailable> {
    let value = to_text(&RefreshToken { used: true, ..live.data })?;
    let (key, expected, expires_at) = (live.key, live.text, live.expires_at);
    Ok(Write::Replace { kind: Kind::RefreshToken, key, expected, value, expires_at })
}
