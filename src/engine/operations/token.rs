//! `/auth/token`: a token request, from its first byte to its tokens.

use super::Refusable;
use crate::api::{TokenRequest, TokenResponse};
use crate::engine::client::{self, Authenticated, Caller};
use crate::engine::context::{Conclusion, Context};
use crate::engine::grants::{self, Decision, GrantHandler, GrantRequest};
use crate::engine::issue::{Issue, Issued, Options};
use crate::engine::platform::Check;
use crate::engine::request::{Evidence, Form};
use crate::engine::result_code::{self, Outcome, Refusal, ResultCode};
use crate::engine::sender::{self, Sender};
use crate::engine::service::{Client, Config};

impl Refusable for TokenResponse {
    fn refused(refusal: Refusal) -> Self {
        let Refusal { code, previous_refresh_token_used, attestation_challenge, .. } = refusal;
        TokenResponse {
            attestation_challenge,
            response_content: Some(code.content()),
            previous_refresh_token_used: previous_refresh_token_used.then_some(true),
            ..code.response(code.action())
        }
    }
}

/// What is known of a request, whether or not it succeeds.
#[derive(Default)]
struct Known<'a> {
    grant: Option<&'static GrantHandler>,
    caller: Option<Caller<'a>>,
    /// The challenge for the client's next proof of possession.
    challenge: Option<String>,
    /// The nonce of the client's next DPoP proof.
    dpop_nonce: Option<String>,
}

/// Answers a token request. An error is one of the API itself: trouble that passes.
pub(crate) async fn token(
    context: &Context<'_>,
    request: &TokenRequest,
) -> Result<TokenResponse, &'static ResultCode> {
    let mut known = Known::default();
    let response = match process(context, request, &mut known).await {
        Err(Refusal { code, .. }) if code.outcome == Outcome::Unavailable => return Err(code),
        outcome => outcome.unwrap_or_else(TokenResponse::refused),
    };
    let Known { grant, caller, challenge, dpop_nonce } = known;
    Ok(TokenResponse {
        grant_type: grant.map(|grant| grant.entry.constant.clone()),
        client_id: caller.as_ref().and_then(Caller::number),
        client_id_alias: caller.as_ref().and_then(|caller| caller.client.alias.clone()),
        client_id_alias_used: caller.as_ref().map(Caller::alias_used),
        client_auth_method: caller.map(|caller| caller.client.auth_method.constant()),
        attestation_challenge: challenge.or(response.attestation_challenge),
        dpop_nonce,
        ..response
    })
}

/// The steps, in order: the request's form, the client, the decision of its grant type, and the one
/// commit.
async fn process<'a>(
    context: &Context<'a>,
    request: &TokenRequest,
    known: &mut Known<'a>,
) -> Result<TokenResponse, Refusal> {
    let form = Form::read(&request.parameters, &grants::is_parameter);
    let form = context.check(Check::Parameters, form)?;
    let name = form.need("grant_type", result_code::GRANT_TYPE_MISSING);
    let name = context.part(Check::GrantType, name)?;
    known.grant = grants::by_name(name);
    let evidence = Evidence::of(request, &form);
    let Authenticated { caller, mut marks, attested } =
        client::authenticate(context, &evidence, &context.config.service.token_endpoint).await?;
    known.caller = Some(caller.clone());
    known.challenge = attested.challenge;
    let Sender { mut confirmation, marks: proofs } =
        match sender::prove(context, &evidence, &caller, &mut known.dpop_nonce).await {
            Ok(sender) => sender,
            // The client sends the same again with a nonce, and perhaps with the same assertion.
            Err(refusal) if refusal.code == result_code::DPOP_NONCE => return Err(refusal),
            Err(refusal) => return context.finish(marks, Err(refusal)),
        };
    marks.extend(proofs);
    confirmation.instance = attested.instance;
    let request =
        GrantRequest { form: &form, caller, options: Options::from(request), confirmation };
    // If another request used the code or the token after it was checked here, the grant type says
    // what that means.
    context.conclude(marks, async || decide(context, known.grant, &request).await).await
}

/// Handles the request of an authenticated client.
async fn decide(
    context: &Context<'_>,
    grant: Option<&'static GrantHandler>,
    request: &GrantRequest<'_>,
) -> Result<Conclusion<TokenResponse>, Refusal> {
    context.part(Check::AuthorizationDetails, refuse_unsupported(request.form))?;
    let asked = context.part(Check::Resource, request.resources(context.config))?;
    if !asked.is_empty() {
        context.passed(Check::Resource, "");
    }
    let name = grant.map_or("", |grant| grant.entry.name);
    let grant = allowed(context.config, grant, request.caller.client);
    let grant = context.check_as(Check::GrantType, name, grant)?;
    let decision = (grant.decide)(context, request).await?;
    sender::check_bound(context, &request.caller, &request.confirmation)?;
    let mut step = match decision {
        Decision::Answer(response, writes) => {
            Conclusion { answer: *response, writes, conflict: None }
        }
        Decision::Issue(issue) => {
            let Issue { code, conflict, reissuable, .. } = *issue;
            let Issued { tokens, writes } = issue.make(context).await?;
            let reissuable = reissuable && tokens.is_for_a_user();
            let answer = tokens.response(code, reissuable)?;
            Conclusion { answer, writes, conflict: Some(conflict) }
        }
    };
    step.answer.resources = (!asked.is_empty()).then_some(asked);
    Ok(step)
}

/// Refuses what the engine does not support: if it were ignored, the tokens would allow less, or
/// more, than was asked for.
fn refuse_unsupported(form: &Form) -> Result<(), &'static ResultCode> {
    if form.get("authorization_details").is_some() {
        return Err(result_code::DETAILS_NOT_GRANTED);
    }
    Ok(())
}

/// The grant type, if the engine, the service and the client all have it.
fn allowed(
    config: &Config,
    grant: Option<&'static GrantHandler>,
    client: &Client,
) -> Result<&'static GrantHandler, &'static ResultCode> {
    let supported = grant.filter(|grant| config.service.supports(&grant.entry.constant));
    let grant = supported.ok_or(result_code::GRANT_TYPE_UNSUPPORTED)?;
    if client.may_use(&grant.entry.constant) {
        Ok(grant)
    } else {
        Err(result_code::GRANT_TYPE_NOT_ALLOWED)
    }
}
