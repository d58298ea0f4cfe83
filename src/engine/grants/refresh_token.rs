//! The refresh token grant (RFC 6749 §6) with rotation and detection of reuse (RFC 9700 §4.14.2).

use super::{Decision, GrantHandler, GrantRequest};
use crate::api::GrantType;
use crate::engine::context::{Context, Live, Lookup, to_text};
use crate::engine::hash::storage_key;
use crate::engine::issue::{Issue, Origin, Refresh, Tokens};
use crate::engine::platform::{RecordKind, Unavailable, Write};
use crate::engine::records::{Grant, RefreshToken, Renewal};
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

/// How long a replaced refresh token brings the same tokens again, where that is switched on;
/// milliseconds.
const WINDOW: u64 = 60_000;

/// Checks the refresh token and the requested scope.
fn decide<'a>(
    context: &Context<'_>,
    request: &'a GrantRequest<'_>,
) -> Result<Decision<'a>, Refusal> {
    let presented = request.form.need("refresh_token", result_code::REFRESH_TOKEN_MISSING)?;
    let Found { token, grant } = find(context, request, presented)?;
    if token.data.used {
        return again(context, request, presented, token, grant);
    }
    let service = &context.config.service;
    let scopes = scopes(context, request, &token.data)?;
    let resources = request.granted_resources(context.config, &grant.data)?;
    let mut spent = ended(&token.data);
    let mut origin = None;
    // Whoever finds the refresh token of a public client can use it: that must not last (RFC 9700
    // §4.14.2).
    let refresh = if service.refresh_token_kept && !request.caller.client.is_public() {
        Refresh::Kept(presented.to_owned(), Box::new(token))
    } else {
        // A token that the host chooses can't be made again.
        if service.refresh_token_idempotent && request.options.access_token.is_none() {
            let made = Origin {
                presented: presented.to_owned(),
                salt: context.random_token()?,
                key: token.key.clone(),
            };
            spent.push(renewal(context, &made, &scopes, &resources)?);
            origin = Some(made);
        }
        // If the access token gets fewer scopes, the refresh token still keeps its own
        // (RFC 6749 §6).
        let (granted, expires_at) = (token.data.scopes.clone(), token.expires_at);
        spent.push(replaced(token)?);
        Refresh::Replacing(granted, expires_at)
    };
    Ok(Decision::Issue(Box::new(Issue {
        grant_id: grant.key,
        resources,
        continues: Some((grant.text, grant.expires_at)),
        scopes,
        refresh,
        spent,
        origin,
        reissuable: service.id_token_reissuable,
        code: result_code::REFRESHED,
        conflict: result_code::REFRESH_TOKEN_UNKNOWN,
        ..Issue::new(&request.caller, &request.options, grant.data)
    })))
}

/// What becomes of a token that was replaced. A moment after that, its client may not have got the
/// answer, or asks several times at once. Otherwise two parties have the token, and nobody can tell
/// which of them is the client: the grant ends.
fn again<'a>(
    context: &Context<'_>,
    request: &GrantRequest<'_>,
    presented: &str,
    token: Live<RefreshToken>,
    grant: Live<Grant>,
) -> Result<Decision<'a>, Refusal> {
    let idempotent = context.config.service.refresh_token_idempotent;
    let told = |refusal| Refusal { previous_refresh_token_used: idempotent, ..refusal };
    let renewal = if idempotent {
        context.live::<Renewal>(RecordKind::Renewal, token.key.clone())?
    } else {
        None
    };
    let Some(Live { data: renewal, .. }) = renewal else {
        return Err(told(Refusal::revoking(result_code::REFRESH_TOKEN_USED, grant.key)));
    };
    let scopes = scopes(context, request, &token.data).ok();
    let resources = request.granted_resources(context.config, &grant.data).ok();
    if scopes.as_ref() != Some(&renewal.scopes) || resources.as_ref() != Some(&renewal.resources) {
        return Err(told(result_code::RENEWAL_DIFFERS.into()));
    }
    let origin = Origin { presented: presented.to_owned(), salt: renewal.salt, key: token.key };
    let tokens = made_before(context, &origin, grant.data)?;
    let tokens = tokens.ok_or_else(|| told(result_code::REFRESH_TOKEN_USED.into()))?;
    let reissuable = context.config.service.id_token_reissuable && tokens.is_for_a_user();
    let mut response = tokens.response(result_code::REFRESHED, reissuable)?;
    response.previous_refresh_token_used = Some(true);
    Ok(Decision::Answer(Box::new(response), Vec::new()))
}

/// The tokens that came of an origin, if both are still good.
fn made_before(
    context: &Context<'_>,
    origin: &Origin,
    grant: Grant,
) -> Result<Option<Tokens>, Unavailable> {
    let (Some(access), Some(refresh)) = (origin.access_token(), origin.refresh_token()) else {
        return Err(Unavailable);
    };
    let access_record = context.live_credential(RecordKind::AccessToken, &access)?;
    let refresh_record = context.live_credential(RecordKind::RefreshToken, &refresh)?;
    let (Some(access_record), Some(refresh_record)) = (access_record, refresh_record) else {
        return Ok(None);
    };
    let tokens = Tokens::stored(context, (access, access_record), (refresh, refresh_record), grant);
    Ok(Some(tokens))
}

/// What ends with the use of a refresh token: the access token that came with it, and the
/// possibility to make both again.
fn ended(token: &RefreshToken) -> Vec<Write> {
    let access_token = (RecordKind::AccessToken, &token.access_token);
    let renewal = (RecordKind::Renewal, &token.renewal);
    let delete = |(kind, key): (RecordKind, &Option<String>)| {
        key.clone().map(|key| Write::Delete { kind, key })
    };
    [access_token, renewal].into_iter().filter_map(delete).collect()
}

/// The record from which, with the presented token, the new tokens can be made again.
fn renewal(
    context: &Context<'_>,
    origin: &Origin,
    scopes: &[String],
    resources: &[String],
) -> Result<Write, Unavailable> {
    let (scopes, resources) = (scopes.to_vec(), resources.to_vec());
    Ok(Write::Insert {
        kind: RecordKind::Renewal,
        key: origin.key.clone(),
        value: to_text(&Renewal { salt: origin.salt.clone(), scopes, resources })?,
        expires_at: context.now.saturating_add(WINDOW),
    })
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
