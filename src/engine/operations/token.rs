//! `/auth/token`: a token request, from its first byte to its tokens.

use super::Answer;
use crate::api::{TokenRequest, TokenResponse, TokenResponseAction};
use crate::engine::client_auth;
use crate::engine::config::{Client, Config, GrantType};
use crate::engine::context::Context;
use crate::engine::grants::{authorization_code, client_credentials, password, refresh_token};
use crate::engine::host::Signer;
use crate::engine::properties::to_wire;
use crate::engine::request::{Call, Caller, Options, Parameters, integer};
use crate::engine::result_code::{self, Refusal, ResultCode};
use crate::engine::scope::has_openid;
use crate::engine::tokens::Tokens;

impl Answer for TokenResponse {
    fn refused(Refusal { code, previous_refresh_token_used }: Refusal) -> Self {
        TokenResponse {
            response_content: Some(code.content()),
            previous_refresh_token_used: previous_refresh_token_used.then_some(true),
            ..head(code.action(), code)
        }
    }
}

/// What is known of a request, whether or not it succeeds.
#[derive(Default)]
struct Known<'a> {
    grant_type: Option<GrantType>,
    caller: Option<Caller<'a>>,
}

/// Answers a token request.
pub(in crate::engine) async fn token(
    context: &Context<'_>,
    signer: &impl Signer,
    request: &TokenRequest,
) -> TokenResponse {
    let mut known = Known::default();
    let response = process(context, signer, request, &mut known).await.unwrap_or_else(TokenResponse::refused);
    let Known { grant_type, caller } = known;
    TokenResponse {
        grant_type: grant_type.map(GrantType::constant),
        client_id: caller.as_ref().and_then(Caller::number),
        client_id_alias: caller.as_ref().and_then(|caller| caller.client.alias.clone()),
        client_id_alias_used: caller.as_ref().map(Caller::alias_used),
        client_auth_method: caller.map(|caller| caller.client.auth_method.constant()),
        ..response
    }
}

/// The checks, in order: the request's form, the client, the grant type, and then what the grant type asks for.
async fn process<'a>(
    context: &Context<'a>,
    signer: &impl Signer,
    request: &TokenRequest,
    known: &mut Known<'a>,
) -> Result<TokenResponse, Refusal> {
    let parameters = Parameters::read(&request.parameters)?;
    let name = parameters.need("grant_type", result_code::GRANT_TYPE_MISSING)?;
    known.grant_type = GrantType::by_oauth_name(name);
    let caller = client_auth::authenticate(context.config, request, &parameters)?;
    known.caller = Some(caller.clone());
    refuse_unsupported(request, &parameters)?;
    let grant_type = allowed_grant_type(context.config, known.grant_type, caller.client)?;
    let call = Call { parameters, caller, options: Options::from(request) };
    let (plan, code) = match grant_type {
        GrantType::AuthorizationCode => (authorization_code::plan(context, &call)?, result_code::CODE_REDEEMED),
        GrantType::RefreshToken => (refresh_token::plan(context, &call)?, result_code::REFRESHED),
        GrantType::ClientCredentials => {
            (client_credentials::plan(context, &call)?, result_code::CLIENT_CREDENTIALS_ISSUED)
        }
        GrantType::Password => return Ok(pending(password::begin(context, &call)?)),
    };
    let tokens = plan.carry_out(context, signer).await?;
    let reissuable = grant_type == GrantType::RefreshToken && id_token_reissuable(context.config, &tokens);
    issued(code, tokens, reissuable)
}

/// What the engine can't honour is refused, since tokens without it would be worth less, or more, than was asked for.
fn refuse_unsupported(request: &TokenRequest, parameters: &Parameters) -> Result<(), &'static ResultCode> {
    if request.dpop.is_some() {
        return Err(result_code::DPOP_UNSUPPORTED);
    }
    if parameters.get("resource").is_some() {
        return Err(result_code::RESOURCE_NOT_GRANTED);
    }
    if parameters.get("authorization_details").is_some() {
        return Err(result_code::DETAILS_NOT_GRANTED);
    }
    Ok(())
}

/// The grant type, if the engine, the service and the client all have it.
fn allowed_grant_type(
    config: &Config,
    grant_type: Option<GrantType>,
    client: &Client,
) -> Result<GrantType, &'static ResultCode> {
    let supported = grant_type.filter(|grant_type| config.service.supports(*grant_type));
    let grant_type = supported.ok_or(result_code::GRANT_TYPE_UNSUPPORTED)?;
    if client.may_use(grant_type) { Ok(grant_type) } else { Err(result_code::GRANT_TYPE_NOT_ALLOWED) }
}

/// Whether the host may ask for a new ID token now (Authlete: `idTokenReissuable`).
fn id_token_reissuable(config: &Config, tokens: &Tokens) -> bool {
    config.service.id_token_reissuable && has_openid(&tokens.scopes) && tokens.subject.is_some()
}

fn issued(code: &ResultCode, tokens: Tokens, reissuable: bool) -> Result<TokenResponse, Refusal> {
    let action = if reissuable { TokenResponseAction::IdTokenReissuable } else { TokenResponseAction::Ok };
    let mut response = TokenResponse {
        response_content: Some(tokens.content()?),
        access_token: Some(tokens.access_token),
        access_token_expires_at: integer(tokens.access_token_expires_at),
        access_token_duration: integer(tokens.access_token_duration),
        id_token: tokens.id_token,
        subject: tokens.subject,
        scopes: (!tokens.scopes.is_empty()).then_some(tokens.scopes),
        properties: to_wire(&tokens.properties),
        requested_id_token_claims: (reissuable && !tokens.claim_names.is_empty()).then_some(tokens.claim_names),
        ..head(action, code)
    };
    if let Some(refresh) = tokens.refresh {
        response.refresh_token = Some(refresh.token);
        response.refresh_token_expires_at = integer(refresh.expires_at);
        response.refresh_token_duration = integer(refresh.duration);
        response.refresh_token_scopes = (!refresh.scopes.is_empty()).then_some(refresh.scopes);
    }
    Ok(response)
}

fn pending(pending: password::Pending) -> TokenResponse {
    TokenResponse {
        ticket: Some(pending.ticket),
        username: Some(pending.username),
        password: Some(pending.password),
        scopes: (!pending.scopes.is_empty()).then_some(pending.scopes),
        ..head(TokenResponseAction::Password, result_code::PASSWORD_VALID)
    }
}

fn head(action: TokenResponseAction, code: &ResultCode) -> TokenResponse {
    TokenResponse {
        action: Some(action),
        result_code: Some(code.code.to_owned()),
        result_message: Some(code.message()),
        ..Default::default()
    }
}
