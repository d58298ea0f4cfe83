//! Refresh tokens: new ones, and those that are kept.

use super::{Issue, Origin, positive};
use crate::api::GrantType;
use crate::engine::context::{Context, Live, to_text};
use crate::engine::hash::storage_key;
use crate::engine::platform::{RecordKind, Unavailable, Write};
use crate::engine::records::RefreshToken;

/// Which refresh token the client gets.
pub(crate) enum Refresh {
    /// There is none.
    No,
    /// A new one with these scopes, if the client may use refresh tokens.
    New(Vec<String>),
    /// A new one with these scopes takes the place of one that would expire at this moment
    /// (milliseconds since the epoch).
    Replacing(Vec<String>, u64),
    /// This one, which the request presented, is kept.
    Kept(String, Box<Live<RefreshToken>>),
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

/// The refresh token of an answer, if it has one, and the write of its record.
#[derive(Default)]
pub(super) struct Refreshed {
    pub(super) part: Option<RefreshPart>,
    pub(super) write: Option<Write>,
}

impl Issue<'_> {
    /// The refresh token beside an access token.
    pub(super) fn refresh_token(
        &mut self,
        context: &Context<'_>,
        access_token: &str,
    ) -> Result<Refreshed, Unavailable> {
        let access_token = Some(storage_key(access_token));
        let service = &context.config.service;
        let (scopes, inherited) = match std::mem::replace(&mut self.refresh, Refresh::No) {
            Refresh::No => return Ok(Refreshed::default()),
            Refresh::Kept(token, live) => return self.kept(context, token, *live, access_token),
            Refresh::Replacing(scopes, until) if service.refresh_token_duration_kept => {
                (scopes, Some(until))
            }
            Refresh::New(scopes) | Refresh::Replacing(scopes, _) => (scopes, None),
        };
        if !service.supports(&GrantType::RefreshToken)
            || !self.caller.client.may_use(&GrantType::RefreshToken)
        {
            return Ok(Refreshed::default());
        }
        let (duration, expires_at) = match (self.asked(), inherited) {
            (None, Some(until)) => (context.seconds_until(until), until),
            (asked, _) => {
                let duration = asked.unwrap_or(service.refresh_token_duration);
                (duration, context.after(duration))
            }
        };
        let token = self.fresh_token(context, Origin::refresh_token)?;
        let record = RefreshToken {
            grant: self.grant_id.clone(),
            scopes: scopes.clone(),
            duration,
            used: false,
            access_token,
            renewal: self.origin.as_ref().map(|origin| origin.key.clone()),
        };
        let (kind, key, value) = (RecordKind::RefreshToken, storage_key(&token), to_text(&record)?);
        Ok(Refreshed {
            part: Some(RefreshPart { token, expires_at, duration, scopes }),
            write: Some(Write::Insert { kind, key, value, expires_at }),
        })
    }

    /// The same refresh token, beside another access token. Its life may start again.
    fn kept(
        &self,
        context: &Context<'_>,
        token: String,
        live: Live<RefreshToken>,
        access_token: Option<String>,
    ) -> Result<Refreshed, Unavailable> {
        let Live { key, data, text: expected, expires_at } = live;
        let (duration, expires_at) = if context.config.service.refresh_token_duration_reset {
            let duration = self.asked().unwrap_or(data.duration);
            (duration, context.after(duration))
        } else {
            (data.duration, expires_at)
        };
        let scopes = data.scopes.clone();
        let value = to_text(&RefreshToken { access_token, renewal: None, duration, ..data })?;
        let kind = RecordKind::RefreshToken;
        Ok(Refreshed {
            part: Some(RefreshPart { token, expires_at, duration, scopes }),
            write: Some(Write::Replace { kind, key, expected, value, expires_at }),
        })
    }

    /// The lifetime that the host asked for; seconds.
    fn asked(&self) -> Option<u64> {
        positive(self.options.refresh_token_duration)
    }
}
