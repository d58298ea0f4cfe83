//! The refresh token grant (RFC 6749 §6) with rotation and detection of reuse (RFC 9700 §4.14.2).

use super::{Decision, GrantHandler, GrantRequest};
use crate::api::GrantType;
use crate::engine::context::{Context, Live, Lookup, to_text};
use crate::engine::hash::storage_key;
use crate::engine::issue::{Issue, Refresh, RefreshPart};
use crate::engine::platform::{RecordKind, Unavailable, Write};
use crate::engine::records::{Grant, RefreshToken};
use crate::engine::result_code::{self, Refusal};
use crate::engine::service::GrantEntry;

pub(super) static HANDLER: GrantHandler = GrantHandler {
    entry: GrantEntry {
        name: "refresh_token",
        constant: GrantType::RefreshToken,
        parameters: &["refresh_token"],
        by_default: true,
        for_users: false,
    },
    decide: |context, request| Box::pin(async move { decide(context, request) }),
};

/// Checks the refresh token and the requested scope.
fn decide<'a>(
    context: &Context<'_>,
    request: &'a GrantRequest<'_>,
) -> Result<Decision<'a>, Refusal> {
    let presented = request.form.need("refresh_token", result_code::REFRESH_TOKEN_MISSING)?;
    let Found { token, grant } = find(context, request, presented)?;
    if token.data.used {
        // Two parties have the token, and nobody can tell which of them is the client.
        let refusal = Refusal::revoking(result_code::REFRESH_TOKEN_USED, grant.key);
        return Err(Refusal { previous_refresh_token_used: true, ..refusal });
    }
    let scopes = scopes(context, request, &token.data)?;
    let RefreshToken { scopes: granted, duration, .. } = token.data.clone();
    let (refresh, spent) = if context.config.service.refresh_token_kept {
        let expires_at = token.expires_at;
        (
            Refresh::Kept(RefreshPart {
                token: presented.to_owned(),
                expires_at,
                duration,
                scopes: granted,
            }),
            None,
        )
    } else {
        // If the access token gets fewer scopes, the refresh token still keeps its own
        // (RFC 6749 §6).
        (Refresh::New(granted), Some(replaced(token)?))
    };
    Ok(Decision::Issue(Box::new(Issue {
        grant_id: grant.key,
        resources: request.granted_resources(&grant.data)?,
        continues: Some((grant.text, grant.expires_at)),
        scopes,
        refresh,
        spent,
        reissuable: context.config.service.id_token_reissuable,
        code: result_code::REFRESHED,
        conflict: result_code::REFRESH_TOKEN_UNKNOWN,
        ..Issue::new(&request.caller, &request.options, grant.data)
    })))
}

/// A live refresh token and its grant.
struct Found {
    token: Live<RefreshToken>,
    grant: Live<Grant>,
}

/// The token, if it is one of the client's. The token of another client counts as unknown, and is
/// not changed.
fn find(context: &Context<'_>, request: &GrantRequest<'_>, token: &str) -> Result<Found, Refusal> {
    let unknown = result_code::REFRESH_TOKEN_UNKNOWN;
    let own = |grant: &Grant| grant.client == request.caller.client.number;
    match context.look_up::<RefreshToken>(RecordKind::RefreshToken, storage_key(token))? {
        Lookup::Live(token) => {
            let grant = context.live::<Grant>(RecordKind::Grant, token.data.grant.clone())?;
            let grant = grant.filter(|grant| own(&grant.data)).ok_or(unknown)?;
            Ok(Found { token, grant })
        }
        // The grant says whose token it was; it may have expired, too.
        Lookup::Expired(token) => match context.look_up::<Grant>(RecordKind::Grant, token.grant)? {
            Lookup::Live(Live { data: grant, .. }) | Lookup::Expired(grant) if own(&grant) => {
                Err(result_code::REFRESH_TOKEN_EXPIRED.into())
            }
            _ => Err(unknown.into()),
        },
        Lookup::Unknown => Err(unknown.into()),
    }
}

/// The scopes of the access token: the requested part of the granted ones, as far as the client may
/// still have them.
fn scopes(
    context: &Context<'_>,
    request: &GrantRequest<'_>,
    token: &RefreshToken,
) -> Result<Vec<String>, Refusal> {
    let mut scopes = request.scopes()?;
    if scopes.iter().any(|scope| !token.scopes.contains(scope)) {
        return Err(result_code::REFRESH_SCOPE_WIDER.into());
    }
    if scopes.is_empty() {
        scopes.clone_from(&token.scopes);
    }
    scopes.retain(|scope| context.config.allows_scope(request.caller.client, scope));
    Ok(scopes)
}

/// Marks a token that a new one replaces. Its record stays, so that a second use is noticed.
fn replaced(live: Live<RefreshToken>) -> Result<Write, Unavailable> {
    let value = to_text(&RefreshToken { used: true, ..live.data })?;
    let (key, expected, expires_at) = (live.key, live.text, live.expires_at);
    Ok(Write::Replace { kind: RecordKind::RefreshToken, key, expected, value, expires_at })
}
