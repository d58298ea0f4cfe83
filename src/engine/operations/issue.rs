//! `/auth/token/issue`: the host knows the user of a password request, and tokens are issued.

use super::Refusable;
use crate::api::{TokenIssueRequest, TokenIssueResponse, TokenIssueResponseAction};
use crate::engine::client::Caller;
use crate::engine::context::{Conclusion, Context};
use crate::engine::family;
use crate::engine::grants::password;
use crate::engine::issue::properties::to_wire;
use crate::engine::issue::{Issue, Issued, Options, Refresh, Tokens, integer};
use crate::engine::platform::Check;
use crate::engine::records::{Grant, is_subject};
use crate::engine::result_code::{self, Refusal};
use serde_json::Map;

impl Refusable for TokenIssueResponse {
    fn refused(Refusal { code, .. }: Refusal) -> Self {
        TokenIssueResponse {
            action: Some(TokenIssueResponseAction::InternalServerError),
            result_code: Some(code.code.to_owned()),
            result_message: Some(code.message()),
            response_content: Some(code.content()),
            ..Default::default()
        }
    }
}

/// Ends the ticket, and issues tokens for the subject.
pub(crate) async fn issue(
    context: &Context<'_>,
    request: &TokenIssueRequest,
) -> Result<TokenIssueResponse, Refusal> {
    let is_subject = is_subject(&request.subject);
    context.require(Check::Subject, is_subject, result_code::SUBJECT_UNUSABLE)?;
    context.conclude(Vec::new(), async || decide(context, request).await).await
}

async fn decide(
    context: &Context<'_>,
    request: &TokenIssueRequest,
) -> Result<Conclusion<TokenIssueResponse>, Refusal> {
    let ticket = context.part(Check::Ticket, password::find(context, &request.ticket))?;
    // The client may have been removed, or changed, since the ticket was made.
    let client = password::client_of(context.config, &ticket.data);
    let client = context.check(Check::Ticket, client.ok_or(result_code::TICKET_UNKNOWN))?;
    let caller = Caller { client, id: ticket.data.grant.client_id.clone() };
    let mut scopes = ticket.data.scopes.clone();
    scopes.retain(|scope| context.config.allows_scope(client, scope));
    let grant = Grant {
        subject: Some(request.subject.clone()),
        auth_time: Some(context.now_seconds()),
        ..ticket.data.grant.clone()
    };
    // As with the client: of what was asked for, nothing is left.
    let resources = context
        .config
        .remaining_resources(client, &grant.resources)
        .ok_or(result_code::TICKET_UNKNOWN);
    let resources = context.part(Check::GrantedResources, resources)?;
    let options = Options::from(request);
    let confirmation = ticket.data.cnf.clone();
    let issue = Issue {
        grant_id: family::new_id(context)?,
        refresh: Refresh::New(scopes.clone()),
        scopes,
        resources,
        id_token: Some((None, Map::new())),
        spent: vec![password::spent(ticket)?],
        ..Issue::new(&caller, &options, confirmation, grant)
    };
    let Issued { tokens, writes } = issue.make(context).await?;
    Ok(Conclusion {
        answer: response(&caller, tokens)?,
        writes,
        conflict: Some(result_code::TICKET_USED),
    })
}

fn response(caller: &Caller<'_>, tokens: Tokens) -> Result<TokenIssueResponse, Refusal> {
    let code = result_code::PASSWORD_ISSUED;
    let mut response = TokenIssueResponse {
        action: Some(TokenIssueResponseAction::Ok),
        result_code: Some(code.code.to_owned()),
        result_message: Some(code.message()),
        response_content: Some(tokens.content()?),
        access_token: Some(tokens.access_token),
        access_token_expires_at: integer(tokens.access_token_expires_at),
        access_token_duration: integer(tokens.access_token_duration),
        client_id: caller.number(),
        client_id_alias: caller.client.alias.clone(),
        client_id_alias_used: Some(caller.alias_used()),
        subject: tokens.subject,
        scopes: (!tokens.scopes.is_empty()).then_some(tokens.scopes),
        properties: to_wire(&tokens.properties),
        access_token_resources: (!tokens.resources.is_empty()).then_some(tokens.resources),
        ..Default::default()
    };
    if let Some(refresh) = tokens.refresh {
        response.refresh_token = Some(refresh.token);
        response.refresh_token_expires_at = integer(refresh.expires_at);
        response.refresh_token_duration = integer(refresh.duration);
        response.refresh_token_scopes = (!refresh.scopes.is_empty()).then_some(refresh.scopes);
    }
    Ok(response)
}
