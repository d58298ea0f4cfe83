//! Refresh tokens: new ones, and those that are kept.

use super::{Issue, positive};
use crate::api::GrantType;
use crate::engine::context::{Context, to_text};
use crate::engine::hash::storage_key;
use crate::engine::platform::{RecordKind, Unavailable, Write};
use crate::engine::records::RefreshToken;

/// Which refresh token the client gets.
pub(crate) enum Refresh {
    /// There is none.
    No,
    /// A new one with these scopes, if the client may use refresh tokens.
    New(Vec<String>),
    /// The one that the request presented is kept.
    Kept(RefreshPart),
}

/// The refresh token of an answer.
pub(crate) struct RefreshPart {
    pub(crate) token: String,
    /// Milliseconds since the epoch.
    pub(crate) expires_at: u64,
    /// Seconds.
    pub(crate) duration: u64,
    pub(crate) scopes: Vec<String>,
}

/// The refresh token of an answer, if it has one, and the record of it, if it is new.
#[derive(Default)]
pub(super) struct Refreshed {
    pub(super) part: Option<RefreshPart>,
    pub(super) write: Option<Write>,
}

impl Issue<'_> {
    pub(super) fn refresh_token(
        &mut self,
        context: &Context<'_>,
    ) -> Result<Refreshed, Unavailable> {
        let service = &context.config.service;
        let scopes = match std::mem::replace(&mut self.refresh, Refresh::No) {
            Refresh::No => return Ok(Refreshed::default()),
            Refresh::Kept(part) => return Ok(Refreshed { part: Some(part), write: None }),
            Refresh::New(scopes) => scopes,
        };
        if !service.supports(&GrantType::RefreshToken)
            || !self.caller.client.may_use(&GrantType::RefreshToken)
        {
            return Ok(Refreshed::default());
        }
        let duration =
            positive(self.options.refresh_token_duration).unwrap_or(service.refresh_token_duration);
        let token = context.random_token()?;
        let expires_at = context.after(duration);
        let record = RefreshToken {
            grant: self.grant_id.clone(),
            scopes: scopes.clone(),
            duration,
            used: false,
        };
        let (kind, key, value) = (RecordKind::RefreshToken, storage_key(&token), to_text(&record)?);
        Ok(Refreshed {
            part: Some(RefreshPart { token, expires_at, duration, scopes }),
            write: Some(Write::Insert { kind, key, value, expires_at }),
        })
    }
}
