//! `/idtoken/reissue`: a new ID token for refreshed tokens (OpenID Connect Core §12.2). Nothing is
//! consumed.

use super::Refusable;
use crate::api::{
    IdTokenAudType, IdtokenReissueRequest, IdtokenReissueResponse,
    IdtokenReissueResponseAction as Action,
};
use crate::engine::context::{Context, Live, Lookup};
use crate::engine::hash::storage_key;
use crate::engine::issue::{IdToken, Tokens};
use crate::engine::platform::RecordKind;
use crate::engine::records::{AccessToken, Grant, RefreshToken, is_subject};
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
struct Family<'a> {
    access_token: Live<AccessToken>,
    refresh_token: Live<RefreshToken>,
    grant: Grant,
    client: &'a Client,
}

/// Checks that the tokens belong together, and signs.
pub(crate) async fn reissue(
    context: &Context<'_>,
    request: &IdtokenReissueRequest,
) -> Result<IdtokenReissueResponse, Refusal> {
    if !context.config.service.id_token_reissuable {
        return Err(result_code::REISSUE_OFF.into());
    }
    let family = find(context, request)?;
    let id_token = id_token(request, &family)?.sign(context).await?;
    let Family { access_token, refresh_token, grant, .. } = family;
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

fn find<'a>(context: &Context<'a>, request: &IdtokenReissueRequest) -> Result<Family<'a>, Refusal> {
    let access_token = context
        .look_up::<AccessToken>(RecordKind::AccessToken, storage_key(&request.access_token))?;
    let refresh_token = context
        .look_up::<RefreshToken>(RecordKind::RefreshToken, storage_key(&request.refresh_token))?;
    let (access_token, refresh_token) = match (access_token, refresh_token) {
        (Lookup::Live(access_token), Lookup::Live(refresh_token)) => (access_token, refresh_token),
        (Lookup::Unknown, _) | (_, Lookup::Unknown) => {
            return Err(result_code::REISSUE_TOKENS.into());
        }
        _ => return Err(result_code::REISSUE_EXPIRED.into()),
    };
    if access_token.data.grant != refresh_token.data.grant {
        return Err(result_code::REISSUE_TOKENS.into());
    }
    if refresh_token.data.used {
        return Err(result_code::REISSUE_USED.into());
    }
    let grant = context.live::<Grant>(RecordKind::Grant, access_token.data.grant.clone())?;
    let grant = grant.ok_or(result_code::REISSUE_TOKENS)?.data;
    let client =
        context.config.client_by_number(grant.client).ok_or(result_code::REISSUE_TOKENS)?;
    Ok(Family { access_token, refresh_token, grant, client })
}

fn id_token<'a>(
    request: &'a IdtokenReissueRequest,
    family: &'a Family<'_>,
) -> Result<IdToken<'a>, Refusal> {
    let own =
        family.grant.subject.as_deref().filter(|_| has_openid(&family.access_token.data.scopes));
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
        client: family.client,
        grant: &family.grant,
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
    serde_json::from_str(text).map_err(|_| result_code::REISSUE_JSON.into())
}
