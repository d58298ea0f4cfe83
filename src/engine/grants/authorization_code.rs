//! The authorization code grant (RFC 6749 §4.1.3) with PKCE (RFC 7636).

use super::{Decision, GrantHandler, GrantRequest};
use crate::api::GrantType;
use crate::engine::context::{Context, Live, Lookup, to_text};
use crate::engine::family;
use crate::engine::hash::storage_key;
use crate::engine::issue::{Issue, Refresh};
use crate::engine::pkce::is_verifier;
use crate::engine::platform::{RecordKind, Unavailable, Write};
use crate::engine::records::{ChallengeMethod, Code, Family, Grant};
use crate::engine::result_code::{self, Refusal, ResultCode};
use crate::engine::service::GrantEntry;
use serde_json::Map;

pub(super) static HANDLER: GrantHandler = GrantHandler {
    entry: GrantEntry {
        name: "authorization_code",
        constant: GrantType::AuthorizationCode,
        parameters: &["code", "redirect_uri", "code_verifier"],
        by_default: true,
        for_users: true,
    },
    decide: |context, request| Box::pin(async move { decide(context, request) }),
};

/// A repeated request within this time and with the right verifier comes from a client that races
/// with itself, not from a thief; milliseconds. Without PKCE the two can't be distinguished.
const RACE: u64 = 10_000;

/// Checks the code and everything it is bound to.
fn decide<'a>(
    context: &Context<'_>,
    request: &'a GrantRequest<'_>,
) -> Result<Decision<'a>, Refusal> {
    let code = request.form.need("code", result_code::CODE_MISSING)?;
    let key = storage_key(code);
    let live = match context.look_up::<Code>(RecordKind::Code, key.clone())? {
        Lookup::Live(live) => live,
        Lookup::Expired(code) => return Err(gone(context, request, key, Some(code))?),
        Lookup::Unknown => return Err(gone(context, request, key, None)?),
    };
    // For another client the code is unknown: neither the code nor its grant is changed.
    if live.data.grant.client != request.caller.client.number {
        return Err(result_code::CODE_UNKNOWN.into());
    }
    if let Some(used_at) = live.data.used_at {
        return Err(replayed(context, request, live, used_at));
    }
    check_redirect_uri(request, &live.data)?;
    check_verifier(context, request, &live.data)?;
    issue(context, request, live)
}

fn issue<'a>(
    context: &Context<'_>,
    request: &'a GrantRequest<'_>,
    live: Live<Code>,
) -> Result<Decision<'a>, Refusal> {
    let Code { grant, mut scopes, nonce, claims, .. } = live.data.clone();
    scopes.retain(|scope| context.config.allows_scope(request.caller.client, scope));
    // The grant has an identifier from its code, so a replayed code is noticed for as long as there is
    // something to revoke.
    let mark = Code { nonce: None, claims: Map::new(), used_at: Some(context.now), ..live.data };
    Ok(Decision::Issue(Box::new(Issue {
        grant_id: family::id_of_code(&live.key),
        spent: vec![Write::Replace {
            kind: RecordKind::Code,
            key: live.key,
            expected: live.text,
            value: to_text(&mark)?,
            expires_at: context.now.saturating_add(RACE),
        }],
        refresh: Refresh::New(scopes.clone()),
        scopes,
        resources: request.granted_resources(context.config, &grant)?,
        id_token: Some((nonce, claims)),
        code: result_code::CODE_REDEEMED,
        conflict: result_code::CODE_USED,
        ..Issue::new(&request.caller, &request.options, grant)
    })))
}

/// A code can be redeemed once; a second time means that it leaked, and revokes the tokens of the
/// first (RFC 6749 §4.1.2).
fn replayed(
    context: &Context<'_>,
    request: &GrantRequest<'_>,
    code: Live<Code>,
    used_at: u64,
) -> Refusal {
    let shown =
        code.data.challenge.is_some() && check_verifier(context, request, &code.data).is_ok();
    let race = shown && context.now.saturating_sub(used_at) < RACE;
    if race {
        result_code::CODE_USED.into()
    } else {
        Refusal::revoking(result_code::CODE_USED, family::id_of_code(&code.key))
    }
}

/// The refusal for a code that is no longer alive. The record of a redeemed code is removed soon,
/// but its grant stays as long as any of its tokens: then the grant is revoked.
fn gone(
    context: &Context<'_>,
    request: &GrantRequest<'_>,
    key: String,
    code: Option<Code>,
) -> Result<Refusal, Unavailable> {
    let own = |grant: &Grant| grant.client == request.caller.client.number;
    let used = match context.look_up::<Family>(RecordKind::Grant, family::id_of_code(&key))? {
        Lookup::Live(family) if own(&family.data.grant) => {
            return Ok(Refusal::revoking(result_code::CODE_USED, family.key));
        }
        Lookup::Expired(family) => own(&family.grant),
        Lookup::Live(_) | Lookup::Unknown => false,
    };
    let code = match code.filter(|code| own(&code.grant)) {
        Some(code) if code.used_at.is_none() && !used => result_code::CODE_EXPIRED,
        None if !used => result_code::CODE_UNKNOWN,
        _ => result_code::CODE_USED,
    };
    Ok(code.into())
}

/// The redirect URI is repeated byte for byte (RFC 6749 §4.1.3). PKCE gives the same protection, so
/// with it the parameter may be left out (OAuth 2.1 §10.2).
fn check_redirect_uri(request: &GrantRequest<'_>, code: &Code) -> Result<(), &'static ResultCode> {
    let client = request.caller.client;
    let wrong = Err(result_code::REDIRECT_URI_WRONG);
    match (request.form.get("redirect_uri"), &code.redirect_uri) {
        (_, Some(bound)) if !client.may_redirect_to(bound) => wrong,
        (Some(presented), Some(bound)) if presented != bound => wrong,
        (Some(presented), None) if client.only_redirect_uri() != Some(presented) => wrong,
        (None, Some(_)) if code.challenge.is_none() => Err(result_code::REDIRECT_URI_MISSING),
        _ => Ok(()),
    }
}

/// The verifier must fit the challenge, and neither may be there without the other (RFC 7636 §4.6,
/// RFC 9700 §4.8.2).
fn check_verifier(
    context: &Context<'_>,
    request: &GrantRequest<'_>,
    code: &Code,
) -> Result<(), &'static ResultCode> {
    let service = &context.config.service;
    let Some(challenge) = &code.challenge else {
        return match request.form.get("code_verifier") {
            Some(_) => Err(result_code::VERIFIER_UNEXPECTED),
            None if request.caller.client.is_public() || service.pkce_required => {
                Err(result_code::CHALLENGE_MISSING)
            }
            None => Ok(()),
        };
    };
    if challenge.method == ChallengeMethod::Plain && service.pkce_s256_required {
        return Err(result_code::CHALLENGE_MISSING);
    }
    let verifier = request.form.get("code_verifier").ok_or(result_code::VERIFIER_MISSING)?;
    if !is_verifier(verifier) {
        return Err(result_code::VERIFIER_MALFORMED);
    }
    if challenge.is_met_by(verifier) { Ok(()) } else { Err(result_code::VERIFIER_WRONG) }
}
