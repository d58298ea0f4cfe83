//! The authorization code grant (RFC 6749 §4.1.3) with PKCE (RFC 7636).

use super::{Decision, GrantHandler, GrantRequest};
use crate::api::GrantType;
use crate::engine::context::{Context, Live, Lookup};
use crate::engine::family;
use crate::engine::issue::{Issue, Refresh};
use crate::engine::pkce::is_verifier;
use crate::engine::platform::Check;
use crate::engine::records::{ChallengeMethod, Code, Family};
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
    let presented = request.form.need("code", result_code::CODE_MISSING);
    let presented = context.part(Check::AuthorizationCode, presented)?;
    let found = find(context, request, presented);
    let (live, code) = context.part(Check::AuthorizationCode, found)?;
    if let Some(used_at) = code.used_at {
        return Err(replayed(context, request, live.key, &code, used_at));
    }
    context.passed(Check::AuthorizationCode, "");
    if code.dpop_jkt.is_some() {
        let is_bound_so = code.dpop_jkt == request.confirmation.jkt;
        let code = result_code::CODE_BOUND;
        context.require_as(Check::SenderBinding, "dpop_key", is_bound_so, code)?;
    }
    context.check(Check::RedirectUri, check_redirect_uri(request, &code))?;
    let method = code.challenge.as_ref().map_or("not_used", |challenge| challenge.method.as_str());
    context.check_as(Check::Pkce, method, check_verifier(context, request, &code))?;
    issue(context, request, live, code)
}

/// The code, used or not, and its grant, if both are the client's.
fn find(
    context: &Context<'_>,
    request: &GrantRequest<'_>,
    presented: &str,
) -> Result<(Live<Box<Family>>, Code), Refusal> {
    // For another client the code is unknown: its grant is not changed.
    let own = |family: &Family| family.grant.client == request.caller.client.number;
    match family::of_code(context, presented)? {
        Lookup::Live(mut live) if own(&live.data) => {
            let code = live.data.code.take().ok_or(result_code::CODE_UNKNOWN)?;
            Ok((live, code))
        }
        Lookup::Expired(family) if own(&family) => {
            let is_used = family.access_token.is_some();
            let code = if is_used { result_code::CODE_USED } else { result_code::CODE_EXPIRED };
            Err(code.into())
        }
        _ => Err(result_code::CODE_UNKNOWN.into()),
    }
}

fn issue<'a>(
    context: &Context<'_>,
    request: &'a GrantRequest<'_>,
    mut live: Live<Box<Family>>,
    code: Code,
) -> Result<Decision<'a>, Refusal> {
    let Code { mut scopes, nonce, claims, hash, challenge, .. } = code;
    scopes.retain(|scope| context.config.allows_scope(request.caller.client, scope));
    live.data.code = Some(Code {
        hash,
        challenge,
        used_at: Some(context.now),
        scopes: Vec::new(),
        redirect_uri: None,
        dpop_jkt: None,
        nonce: None,
        claims: Map::new(),
    });
    let grant = live.data.grant.clone();
    let resources = request.granted_resources(context, &grant)?;
    Ok(Decision::Issue(Box::new(Issue {
        grant_id: live.key.clone(),
        refresh: Refresh::New(scopes.clone()),
        scopes,
        resources,
        id_token: Some((nonce, claims)),
        continues: Some(live),
        code: result_code::CODE_REDEEMED,
        conflict: result_code::CODE_USED,
        ..request.issue(grant)
    })))
}

/// A code can be redeemed once; a second time means that it leaked, and revokes the tokens of the
/// first (RFC 6749 §4.1.2).
fn replayed(
    context: &Context<'_>,
    request: &GrantRequest<'_>,
    grant: String,
    code: &Code,
    used_at: u64,
) -> Refusal {
    let shown = code.challenge.is_some() && check_verifier(context, request, code).is_ok();
    let race = shown && context.now.saturating_sub(used_at) < RACE;
    let detail = if race { "" } else { "revoked" };
    let code = context.refused(Check::AuthorizationCode, result_code::CODE_USED, detail);
    if race { code.into() } else { Refusal::revoking(code, grant) }
}

/// The used code of a grant that goes on: once nobody can race with it any more, its hash is all
/// that is kept.
pub(super) fn kept(context: &Context<'_>, code: Code) -> Code {
    let used_at = code.used_at.unwrap_or_default();
    let challenge = code.challenge.filter(|_| context.now.saturating_sub(used_at) < RACE);
    Code { challenge, ..code }
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
