//! The refresh token grant (RFC 6749 §6) with rotation and detection of reuse (RFC 9700 §4.14.2).

use super::{Decision, GrantHandler, GrantRequest};
use crate::api::GrantType;
use crate::engine::context::{Context, Live, Lookup, to_text};
use crate::engine::hash::storage_key;
use crate::engine::issue::{Issue, Origin, Refresh, Tokens};
use crate::engine::platform::{RecordKind, Unavailable, Write};
use crate::engine::records::{AccessToken, Grant, RefreshToken, Renewal};
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
        spent.push(replaced(context, token)?);
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
    let asks_the_same =
        are_the_same(scopes, &renewal.scopes) && are_the_same(resources, &renewal.resources);
    if !asks_the_same {
        return Err(told(result_code::RENEWAL_DIFFERS.into()));
    }
    let tokens = made_before(context, presented, renewal, token, grant.data)?;
    let tokens = tokens.ok_or_else(|| told(result_code::REFRESH_TOKEN_USED.into()))?;
    let reissuable = context.config.service.id_token_reissuable
        && tokens.is_for_a_user()
        && tokens.access_token_expires_at > context.now;
    let mut response = tokens.response(result_code::REFRESHED, reissuable)?;
    response.previous_refresh_token_used = Some(true);
    Ok(Decision::Answer(Box::new(response), Vec::new()))
}

/// Whether a request asks for these scopes or resources, in whatever order (RFC 6749 §3.3).
fn are_the_same(asked: Option<Vec<String>>, before: &[String]) -> bool {
    asked.is_some_and(|asked| {
        asked.len() == before.len() && asked.iter().all(|one| before.contains(one))
    })
}

/// The tokens of a renewal, if its refresh token is still good. Its access token may have expired
/// already: with the refresh token, the client gets another one.
fn made_before(
    context: &Context<'_>,
    presented: &str,
    renewal: Renewal,
    replaced: Live<RefreshToken>,
    grant: Grant,
) -> Result<Option<Tokens>, Unavailable> {
    let Renewal { salt, scopes, resources } = renewal;
    let origin = Origin { presented: presented.to_owned(), salt, key: replaced.key };
    let (Some(access), Some(refresh)) = (origin.access_token(), origin.refresh_token()) else {
        return Err(Unavailable);
    };
    let Some(refresh_record) = context.live_credential(RecordKind::RefreshToken, &refresh)? else {
        return Ok(None);
    };
    let access_record = context.live_credential(RecordKind::AccessToken, &access)?;
    let expired = || Live {
        key: String::new(),
        data: AccessToken { grant: replaced.data.grant, scopes, issued_at: 0, resources },
        text: String::new(),
        expires_at: context.now,
    };
    let access_record = access_record.unwrap_or_else(expired);
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

/// Marks a token that a new one replaces. Its record stays for as long as the new one may be good
/// without being used, so that a second use is noticed.
fn replaced(context: &Context<'_>, live: Live<RefreshToken>) -> Result<Write, Unavailable> {
    let expires_at = live.expires_at.max(context.after(live.data.duration));
    let value = to_text(&RefreshToken { used: true, ..live.data })?;
    let (key, expected) = (live.key, live.text);
    Ok(Write::Replace { kind: RecordKind::RefreshToken, key, expected, value, expires_at })
}
