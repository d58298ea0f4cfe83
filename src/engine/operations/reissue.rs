//! `/idtoken/reissue`: a new ID token for refreshed tokens (OpenID Connect Core §12.2). Nothing is
//! consumed.

use super::Refusable;
use crate::api::{
    IdTokenAudType, IdtokenReissueRequest, IdtokenReissueResponse,
    IdtokenReissueResponseAction as Action,
};
use crate::engine::context::Context;
use crate::engine::family::{self, RefreshTokenState};
use crate::engine::hash::storage_key;
use crate::engine::issue::{IdToken, Tokens};
use crate::engine::jose;
use crate::engine::platform::Check;
use crate::engine::records::{AccessToken, Family, Grant, RefreshToken, is_subject};
use crate::engine::result_code::{self, Outcome, Refusal};
use crate::engine::scope::has_openid;
use crate::engine::service::Client;
use serde_json::{Map, Value};

impl Refusable for IdtokenReissueResponse {
    fn refused(Refusal { code, .. }: Refusal) -> Self {
        let caller = code.outcome == Outcome::CallerError;
        IdtokenReissueResponse {
            action: Some(if caller { Action::CallerError } else { Action::InternalServerError }),
            result_code: Some(code.code.to_owned()),
            result_message: Some(code.message()),
            // With a caller error there is no content for the OAuth client: it already has its
            // tokens.
            response_content: (!caller).then(|| code.content()),
            ..Default::default()
        }
    }
}

/// The tokens of one grant, all alive.
struct Found<'a> {
    access_token: AccessToken,
    refresh_token: RefreshToken,
    grant: Grant,
    client: &'a Client,
}

/// Checks that the tokens belong together, and signs.
pub(crate) async fn reissue(
    context: &Context<'_>,
    request: &IdtokenReissueRequest,
) -> Result<IdtokenReissueResponse, Refusal> {
    let on = context.config.service.id_token_reissuable;
    let on = if on { Ok(()) } else { Err(result_code::REISSUE_OFF) };
    context.part(Check::IdTokenReissue, on)?;
    let found = context.check(Check::TokenFamily, find(context, request))?;
    let id_token = context.check(Check::IdTokenReissue, id_token(request, &found))?;
    let id_token = id_token.sign(context).await?;
    let Found { access_token, refresh_token, grant, .. } = found;
    let access_token = (request.access_token.clone(), access_token);
    let refresh_token = (request.refresh_token.clone(), refresh_token);
    let stored = Tokens::stored(context, access_token, refresh_token, grant);
    let tokens = Tokens { id_token: Some(id_token), ..stored };
    let code = result_code::REISSUED;
    Ok(IdtokenReissueResponse {
        action: Some(Action::Ok),
        result_code: Some(code.code.to_owned()),
        result_message: Some(code.message()),
        response_content: Some(tokens.content()?),
        id_token: tokens.id_token,
        ..Default::default()
    })
}

fn find<'a>(context: &Context<'a>, request: &IdtokenReissueRequest) -> Result<Found<'a>, Refusal> {
    let family = match family::of_refresh_token(context, &request.refresh_token)? {
        RefreshTokenState::Good(family) => family.data,
        RefreshTokenState::Replaced(_) => return Err(result_code::REISSUE_USED.into()),
        RefreshTokenState::Expired(_) => return Err(result_code::REISSUE_EXPIRED.into()),
        RefreshTokenState::Unknown => return Err(result_code::REISSUE_TOKENS.into()),
    };
    let Family { grant, access_token, refresh_token, .. } = *family;
    let is_last = |last: &AccessToken| last.hash == storage_key(&request.access_token);
    let access_token = access_token.filter(is_last).ok_or(result_code::REISSUE_TOKENS)?;
    if access_token.expires_at <= context.now {
        return Err(result_code::REISSUE_EXPIRED.into());
    }
    let refresh_token = refresh_token.ok_or(result_code::REISSUE_TOKENS)?;
    let client =
        context.config.client_by_number(grant.client).ok_or(result_code::REISSUE_TOKENS)?;
    Ok(Found { access_token, refresh_token, grant, client })
}

fn id_token<'a>(
    request: &'a IdtokenReissueRequest,
    found: &'a Found<'_>,
) -> Result<IdToken<'a>, Refusal> {
    let own = found.grant.subject.as_deref().filter(|_| has_openid(&found.access_token.scopes));
    let subject = request
        .sub
        .as_deref()
        .or(own)
        .filter(|_| own.is_some())
        .ok_or(result_code::REISSUE_SCOPE)?;
    if !is_subject(subject) {
        return Err(result_code::SUBJECT_UNUSABLE.into());
    }
    Ok(IdToken {
        client: found.client,
        grant: &found.grant,
        subject,
        access_token: &request.access_token,
        nonce: None,
        claims: object(request.claims.as_deref())?,
        header: object(request.idt_header_params.as_deref())?,
        single_audience: match request.id_token_aud_type {
            None | Some(IdTokenAudType::Array) => false,
            Some(IdTokenAudType::String) => true,
            Some(_) => return Err(result_code::REISSUE_AUD_TYPE.into()),
        },
    })
}

/// Reads the text of a JSON object. Without a text the object is empty.
fn object(text: Option<&str>) -> Result<Map<String, Value>, Refusal> {
    let Some(text) = text else { return Ok(Map::new()) };
    jose::members(text).ok_or_else(|| result_code::REISSUE_JSON.into())
}
