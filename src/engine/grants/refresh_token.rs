//! The refresh token grant (RFC 6749 §6) with rotation and detection of reuse (RFC 9700 §4.14.2).

use super::{Decision, GrantHandler, GrantRequest, authorization_code};
use crate::api::GrantType;
use crate::engine::context::{Context, Live, to_text};
use crate::engine::family::{self, RefreshTokenState};
use crate::engine::hash::storage_key;
use crate::engine::issue::{Issue, Origin, Refresh, Tokens};
use crate::engine::platform::{Check, RecordKind, Unavailable, Write};
use crate::engine::records::{AccessToken, Family, Grant, RefreshToken, Renewal};
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
    let presented = request.form.need("refresh_token", result_code::REFRESH_TOKEN_MISSING);
    let presented = context.part(Check::RefreshToken, presented)?;
    let found = context.part(Check::RefreshToken, find(context, request, presented))?;
    let state = if matches!(found, Found::Good(..)) { "" } else { "replaced" };
    context.passed(Check::RefreshToken, state);
    // Who can't prove to have the key learns nothing, and ends nothing: unless the presented token
    // is from before the key, so that a thief can't bind a stolen token to a key of his own.
    let last = match &found {
        Found::Good(_, last) => Some(last),
        Found::Replaced(_, last) => Some(last).filter(|last| !last.bound_later),
    };
    if let Some(last) = last.filter(|last| !last.cnf.is_none()) {
        let proved = last.cnf.is_met_by(&request.confirmation);
        let code = result_code::REFRESH_TOKEN_BOUND;
        context.require_as(Check::SenderBinding, last.cnf.binds_to(), proved, code)?;
    }
    let (mut family, token) = match found {
        Found::Good(family, token) => (family, token),
        Found::Replaced(family, last) => return again(context, request, presented, family, last),
    };
    let service = &context.config.service;
    let scopes = context.check(Check::Scope, scopes(context, request, &token))?;
    let resources = request.granted_resources(context, &family.data.grant)?;
    // The possibility to make the presented token again ends with its use.
    let ended = token.renewal.clone().map(|key| Write::Delete { kind: RecordKind::Renewal, key });
    let mut spent = Vec::from_iter(ended);
    let mut origin = None;
    // Whoever finds the refresh token of a public client can use it: that must not last (RFC 9700
    // §4.14.2).
    let refresh = if service.refresh_token_kept && !request.caller.client.is_public() {
        Refresh::Kept(presented.to_owned(), token)
    } else {
        // A token that the host chooses can't be made again.
        if service.refresh_token_idempotent && request.options.access_token.is_none() {
            let made = Origin {
                presented: presented.to_owned(),
                salt: context.random_token()?,
                key: storage_key(presented),
            };
            spent.push(renewal(context, &made, &scopes, &resources)?);
            origin = Some(made);
        }
        // If the access token gets fewer scopes, the refresh token still keeps its own
        // (RFC 6749 §6).
        Refresh::Replacing(token)
    };
    family.data.code = family.data.code.map(|code| authorization_code::kept(context, code));
    let grant = family.data.grant.clone();
    Ok(Decision::Issue(Box::new(Issue {
        grant_id: family.key.clone(),
        resources,
        continues: Some(family),
        scopes,
        refresh,
        spent,
        origin,
        reissuable: service.id_token_reissuable,
        code: result_code::REFRESHED,
        conflict: result_code::REFRESH_TOKEN_UNKNOWN,
        ..request.issue(grant)
    })))
}

/// What becomes of a token that was replaced; `last` is the one that is good now. A moment after
/// that, its client may not have got the answer, or asks several times at once. Otherwise two
/// parties have the token, and nobody can tell which of them is the client: the grant ends.
fn again<'a>(
    context: &Context<'_>,
    request: &GrantRequest<'_>,
    presented: &str,
    family: Live<Box<Family>>,
    last: RefreshToken,
) -> Result<Decision<'a>, Refusal> {
    let idempotent = context.config.service.refresh_token_idempotent;
    let told = |refusal| Refusal { previous_refresh_token_used: idempotent, ..refusal };
    let renewal = if idempotent {
        context.live_credential::<Renewal>(RecordKind::Renewal, presented)?
    } else {
        None
    };
    let Some(Live { key, data: renewal, .. }) = renewal else {
        let code = result_code::REFRESH_TOKEN_USED;
        context.refused(Check::RefreshTokenReuse, code, "revoked");
        return Err(told(Refusal::revoking(code, family.key)));
    };
    let scopes = scopes(context, request, &last).ok();
    let resources = request.granted_resources(context, &family.data.grant).ok();
    // Without the key of the first request, its access token is of no use.
    let proved = request.confirmation.for_access_token();
    let is_bound_so = |last: &AccessToken| last.cnf == proved;
    let asks_the_same = are_the_same(scopes, &renewal.scopes)
        && are_the_same(resources, &renewal.resources)
        && family.data.access_token.as_ref().is_none_or(is_bound_so);
    if !asks_the_same {
        let code = result_code::RENEWAL_DIFFERS;
        return Err(told(context.refused(Check::RefreshTokenReuse, code, "").into()));
    }
    let origin = Origin { presented: presented.to_owned(), salt: renewal.salt, key };
    let tokens = made_before(context, &origin, family, last)?;
    let tokens = tokens.ok_or(result_code::REFRESH_TOKEN_USED);
    let tokens =
        context.part(Check::RefreshTokenReuse, tokens).map_err(|code| told(code.into()))?;
    context.passed(Check::RefreshTokenReuse, "same_tokens_again");
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
    origin: &Origin,
    family: Live<Box<Family>>,
    last: RefreshToken,
) -> Result<Option<Tokens>, Unavailable> {
    let access = origin.access_token(&family.key).ok_or(Unavailable)?;
    let refresh = origin.refresh_token(&family.key, &last.mark).ok_or(Unavailable)?;
    let Family { grant, access_token, .. } = *family.data;
    let access_token = access_token.filter(|last| last.hash == storage_key(&access));
    let is_good = last.hash == storage_key(&refresh) && last.expires_at > context.now;
    let Some(access_token) = access_token.filter(|_| is_good) else { return Ok(None) };
    Ok(Some(Tokens::stored(context, (access, access_token), (refresh, last), grant)))
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

/// A refresh token of the client.
enum Found {
    /// It is good.
    Good(Live<Box<Family>>, RefreshToken),
    /// The other one has replaced it.
    Replaced(Live<Box<Family>>, RefreshToken),
}

/// The token, if it is one of the client's. The token of another client counts as unknown, and is
/// not changed.
fn find(context: &Context<'_>, request: &GrantRequest<'_>, token: &str) -> Result<Found, Refusal> {
    let unknown = result_code::REFRESH_TOKEN_UNKNOWN;
    let own = |grant: &Grant| grant.client == request.caller.client.number;
    let (mut family, found): (_, fn(_, _) -> _) = match family::of_refresh_token(context, token)? {
        RefreshTokenState::Good(family) => (family, Found::Good),
        RefreshTokenState::Replaced(family) => (family, Found::Replaced),
        RefreshTokenState::Expired(family) if own(&family.grant) => {
            return Err(result_code::REFRESH_TOKEN_EXPIRED.into());
        }
        RefreshTokenState::Expired(_) | RefreshTokenState::Unknown => return Err(unknown.into()),
    };
    let last = family.data.refresh_token.take().filter(|_| own(&family.data.grant));
    Ok(found(family, last.ok_or(unknown)?))
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
