//! The resource owner password credentials grant (RFC 6749 §4.3): the host checks the password, and
//! a ticket connects the two calls.

use super::{Decision, GrantHandler, GrantRequest};
use crate::api::{GrantType, TokenResponse, TokenResponseAction};
use crate::engine::context::{Context, Live, Lookup, to_text};
use crate::engine::hash::storage_key;
use crate::engine::issue::properties::merge;
use crate::engine::platform::{Check, RecordKind, Unavailable, Write};
use crate::engine::records::{Grant, Ticket};
use crate::engine::result_code::{self, Refusal};
use crate::engine::service::{Client, Config, GrantEntry};

pub(super) static HANDLER: GrantHandler = GrantHandler {
    entry: GrantEntry {
        name: "password",
        constant: GrantType::Password,
        parameters: &["username", "password"],
        by_default: false,
        for_users: true,
    },
    decide: |context, request| Box::pin(async move { decide(context, request) }),
};

/// How long the host may take; seconds.
const LIFETIME: u64 = 300;

/// Checks the request as far as it can be checked without knowing users, and hands out a ticket.
fn decide<'a>(
    context: &Context<'_>,
    request: &'a GrantRequest<'_>,
) -> Result<Decision<'a>, Refusal> {
    let username = request.form.need("username", result_code::USERNAME_MISSING);
    let username = context.part(Check::UserCredentials, username)?.to_owned();
    let password = request.form.need("password", result_code::PASSWORD_MISSING);
    let password = context.check(Check::UserCredentials, password)?.to_owned();
    let scopes = context.check(Check::Scope, request.allowed_scopes(context.config))?;
    let grant = Grant {
        properties: context.part(Check::Properties, merge(&[], request.options.properties))?,
        resources: request.resources(context.config)?,
        ..request.caller.grant()
    };
    let ticket = context.random_token()?;
    let write = Write::Insert {
        kind: RecordKind::Ticket,
        key: storage_key(&ticket),
        value: to_text(&Ticket {
            grant,
            scopes: scopes.clone(),
            cnf: request.confirmation.clone(),
            used: false,
        })?,
        expires_at: context.after(LIFETIME),
    };
    let response = TokenResponse {
        ticket: Some(ticket),
        username: Some(username),
        password: Some(password),
        scopes: (!scopes.is_empty()).then_some(scopes),
        ..result_code::PASSWORD_VALID.response(TokenResponseAction::Password)
    };
    Ok(Decision::Answer(Box::new(response), vec![write]))
}

/// The ticket, if it is still good.
pub(crate) fn find(context: &Context<'_>, ticket: &str) -> Result<Live<Ticket>, Refusal> {
    match context.look_up::<Ticket>(RecordKind::Ticket, storage_key(ticket))? {
        Lookup::Live(live) if live.data.used => Err(result_code::TICKET_USED.into()),
        Lookup::Live(live) => Ok(live),
        Lookup::Expired(ticket) if ticket.used => Err(result_code::TICKET_USED.into()),
        Lookup::Expired(_) => Err(result_code::TICKET_EXPIRED.into()),
        Lookup::Unknown => Err(result_code::TICKET_UNKNOWN.into()),
    }
}

/// The client of a ticket, if it may still use this grant type.
pub(crate) fn client_of<'a>(config: &'a Config, ticket: &Ticket) -> Option<&'a Client> {
    let client = config.client_by_number(ticket.grant.client)?;
    (config.service.supports(&GrantType::Password) && client.may_use(&GrantType::Password))
        .then_some(client)
}

/// Marks a ticket as used. The step fails if another request was first.
pub(crate) fn spent(ticket: Live<Ticket>) -> Result<Write, Unavailable> {
    let value = to_text(&Ticket { used: true, ..ticket.data })?;
    let (key, expected, expires_at) = (ticket.key, ticket.text, ticket.expires_at);
    Ok(Write::Replace { kind: RecordKind::Ticket, key, expected, value, expires_at })
}
