//! The authorization code grant (RFC 6749 §4.1.3) with PKCE (RFC 7636).

use crate::engine::Unavailable;
use crate::engine::context::{Context, Live, Lookup, to_text};
use crate::engine::crypto::storage_key;
use crate::engine::pkce::is_verifier;
use crate::engine::plan::{Issue, Plan, Refresh};
use crate::engine::records::{ChallengeMethod, Code, Grant, Used};
use crate::engine::request::Call;
use crate::engine::result_code::{self, Refusal, ResultCode};
use crate::engine::store::{Kind, Write};
use serde_json::Map;

/// A client that repeats its request this soon, and shows the right verifier, is in a race with itself and no thief; milliseconds. Without PKCE nobody can tell.
const RACE: u64 = 10_000;

/// Checks the code and everything it is bound to.
pub(in crate::engine) fn plan(context: &Context<'_>, call: &Call<'_>) -> Result<Plan, Refusal> {
    let code = call.parameters.need("code", result_code::CODE_MISSING)?;
    let key = storage_key(code);
    let live = match context.look_up::<Code>(Kind::Code, key.clone())? {
        Lookup::Live(live) => live,
        Lookup::Expired(code) => return Err(gone(context, call, key, Some(code))?.into()),
        Lookup::Unknown => return Err(gone(context, call, key, None)?.into()),
    };
    // A code in the hands of another client is no code: nothing happens to it, nor to its grant.
    if live.data.grant.client != call.caller.client.number {
        return Err(result_code::CODE_UNKNOWN.into());
    }
    if let Some(used) = &live.data.used {
        return Err(replayed(context, call, &live.data, used));
    }
    check_redirect_uri(call, &live.data)?;
    check_verifier(context, call, &live.data)?;
    issue(context, call, live)
}

fn issue(context: &Context<'_>, call: &Call<'_>, live: Live<Code>) -> Result<Plan, Refusal> {
    let Code { grant, mut scopes, nonce, claims, .. } = live.data.clone();
    scopes.retain(|scope| context.config.allows_scope(call.caller.client, scope));
    // The grant has the key of its code. So it is what a replayed code is noticed by, for as long as there is something to revoke.
    let grant_id = live.key.clone();
    let issue = Issue {
        caller: &call.caller,
        options: &call.options,
        grant,
        grant_id: grant_id.clone(),
        continues: None,
        refresh: Refresh::New(scopes.clone()),
        scopes,
        id_token: Some((nonce, claims)),
    };
    let mut plan = issue.plan(context, result_code::CODE_USED)?;
    let used =
        Code { nonce: None, claims: Map::new(), used: Some(Used { at: context.now, grant: grant_id }), ..live.data };
    let expires_at = context.now.saturating_add(RACE);
    plan.spend(Write::Replace {
        kind: Kind::Code,
        key: live.key,
        expected: live.text,
        value: to_text(&used)?,
        expires_at,
    });
    Ok(plan)
}

/// A code is good for one redemption; another one means that it leaked, and ends what came out of the first (RFC 6749 §4.1.2).
fn replayed(context: &Context<'_>, call: &Call<'_>, code: &Code, used: &Used) -> Refusal {
    let shown = code.challenge.is_some() && check_verifier(context, call, code).is_ok();
    let race = shown && context.now.saturating_sub(used.at) < RACE;
    let revoked = if race { Ok(()) } else { context.revoke_grant(&used.grant) };
    revoked.map_or_else(Refusal::from, |()| result_code::CODE_USED.into())
}

/// What is to be said of a code that is not alive. The mark on a redeemed one goes soon, but the grant that came out of it is still there, if any of
/// its tokens is: it ends.
fn gone(
    context: &Context<'_>,
    call: &Call<'_>,
    key: String,
    code: Option<Code>,
) -> Result<&'static ResultCode, Unavailable> {
    let own = |grant: &Grant| grant.client == call.caller.client.number;
    let used = match context.look_up::<Grant>(Kind::Grant, key)? {
        Lookup::Live(grant) if own(&grant.data) => {
            context.revoke_grant(&grant.key)?;
            true
        }
        Lookup::Expired(grant) => own(&grant),
        Lookup::Live(_) | Lookup::Unknown => false,
    };
    Ok(match code.filter(|code| own(&code.grant)) {
        Some(code) if code.used.is_none() && !used => result_code::CODE_EXPIRED,
        None if !used => result_code::CODE_UNKNOWN,
        _ => result_code::CODE_USED,
    })
}

/// The redirect URI is repeated byte for byte (RFC 6749 §4.1.3). PKCE does its work too, so with it the parameter may be left out
/// (OAuth 2.1 §10.2).
fn check_redirect_uri(call: &Call<'_>, code: &Code) -> Result<(), &'static ResultCode> {
    let client = call.caller.client;
    let wrong = Err(result_code::REDIRECT_URI_WRONG);
    match (call.parameters.get("redirect_uri"), &code.redirect_uri) {
        (_, Some(bound)) if !client.may_redirect_to(bound) => wrong,
        (Some(presented), Some(bound)) if presented != bound => wrong,
        (Some(presented), None) if client.only_redirect_uri() != Some(presented) => wrong,
        (None, Some(_)) if code.challenge.is_none() => Err(result_code::REDIRECT_URI_MISSING),
        _ => Ok(()),
    }
}

/// The verifier fits the challenge; there is none without the other (RFC 7636 §4.6, RFC 9700 §4.8.2).
fn check_verifier(context: &Context<'_>, call: &Call<'_>, code: &Code) -> Result<(), &'static ResultCode> {
    let service = &context.config.service;
    let Some(challenge) = &code.challenge else {
        return match call.parameters.get("code_verifier") {
            Some(_) => Err(result_code::VERIFIER_UNEXPECTED),
            None if call.caller.client.is_public() || service.pkce_required => Err(result_code::CHALLENGE_MISSING),
            None => Ok(()),
        };
    };
    if challenge.method == ChallengeMethod::Plain && service.pkce_s256_required {
        return Err(result_code::CHALLENGE_MISSING);
    }
    let verifier = call.parameters.get("code_verifier").ok_or(result_code::VERIFIER_MISSING)?;
    if !is_verifier(verifier) {
        return Err(result_code::VERIFIER_MALFORMED);
    }
    if challenge.is_met_by(verifier) { Ok(()) } else { Err(result_code::VERIFIER_WRONG) }
}
