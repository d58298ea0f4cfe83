//! The resource owner password credentials grant (RFC 6749 §4.3): the host checks the password, in between there is a ticket.

use crate::engine::Unavailable;
use crate::engine::config::{Client, Config, GrantType};
use crate::engine::context::{Context, Live, Lookup, to_text};
use crate::engine::crypto::storage_key;
use crate::engine::properties::merge;
use crate::engine::records::{Grant, Ticket};
use crate::engine::request::Call;
use crate::engine::result_code::{self, Refusal};
use crate::engine::store::{Kind, Write};

/// How long the host may take; seconds.
const LIFETIME: u64 = 300;

/// What the host needs to decide.
pub(in crate::engine) struct Pending {
    pub(in crate::engine) ticket: String,
    pub(in crate::engine) username: String,
    pub(in crate::engine) password: String,
    pub(in crate::engine) scopes: Vec<String>,
}

/// Checks the request as far as it can be checked without knowing users, and writes a ticket.
pub(in crate::engine) fn begin(context: &Context<'_>, call: &Call<'_>) -> Result<Pending, Refusal> {
    let username = call.parameters.need("username", result_code::USERNAME_MISSING)?.to_owned();
    let password = call.parameters.need("password", result_code::PASSWORD_MISSING)?.to_owned();
    let scopes = call.allowed_scopes(context.config)?;
    let grant = Grant { properties: merge(&[], call.options.properties)?, ..Grant::of(&call.caller) };
    let ticket = context.random_token()?;
    let write = Write::Insert {
        kind: Kind::Ticket,
        key: storage_key(&ticket),
        value: to_text(&Ticket { grant, scopes: scopes.clone(), used: false })?,
        expires_at: context.after(LIFETIME),
    };
    context.create(write)?;
    Ok(Pending { ticket, username, password, scopes })
}

/// The ticket, if it is still good.
pub(in crate::engine) fn find(context: &Context<'_>, ticket: &str) -> Result<Live<Ticket>, Refusal> {
    match context.look_up::<Ticket>(Kind::Ticket, storage_key(ticket))? {
        Lookup::Live(live) if live.data.used => Err(result_code::TICKET_USED.into()),
        Lookup::Live(live) => Ok(live),
        Lookup::Expired(ticket) if ticket.used => Err(result_code::TICKET_USED.into()),
        Lookup::Expired(_) => Err(result_code::TICKET_EXPIRED.into()),
        Lookup::Unknown => Err(result_code::TICKET_UNKNOWN.into()),
    }
}

/// The client of a ticket, if it may still use this grant type.
pub(in crate::engine) fn client_of<'a>(config: &'a Config, ticket: &Ticket) -> Option<&'a Client> {
    let client = config.client_by_number(ticket.grant.client)?;
    (config.service.supports(GrantType::Password) && client.may_use(GrantType::Password)).then_some(client)
}

/// The end of a ticket. It makes the step fail if another one was first.
pub(in crate::engine) fn spent(ticket: Live<Ticket>) -> Result<Write, Unavailable> {
    let value = to_text(&Ticket { used: true, ..ticket.data })?;
    let (key, expected, expires_at) = (ticket.key, ticket.text, ticket.expires_at);
    Ok(Write::Replace { kind: Kind::Ticket, key, expected, value, expires_at })
}
