//! Refresh tokens: new ones, and those that are kept.

use super::{Issue, positive};
use crate::api::GrantType;
use crate::engine::context::Context;
use crate::engine::family;
use crate::engine::hash::{base64url, storage_key};
use crate::engine::platform::{Check, Unavailable};
use crate::engine::records::{Confirmation, RefreshToken};

/// Which refresh token the client gets.
pub(crate) enum Refresh {
    /// There is none.
    No,
    /// A new one with these scopes, if the client may use refresh tokens.
    New(Vec<String>),
    /// A new one takes the place of this one.
    Replacing(RefreshToken),
    /// This one, which the request presented, is kept.
    Kept(String, RefreshToken),
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

impl From<(String, RefreshToken)> for RefreshPart {
    fn from((token, stored): (String, RefreshToken)) -> Self {
        let RefreshToken { expires_at, duration, scopes, .. } = stored;
        RefreshPart { token, expires_at, duration, scopes }
    }
}

impl Issue<'_> {
    /// The refresh token beside an access token, and what is stored about it.
    pub(super) fn refresh_token(
        &mut self,
        context: &Context<'_>,
    ) -> Result<Option<(String, RefreshToken)>, Unavailable> {
        let service = &context.config.service;
        let cnf = self.confirmation.for_refresh_token(self.caller.client.is_public());
        let mut bound_later = false;
        let (scopes, mark, inherited) = match std::mem::replace(&mut self.refresh, Refresh::No) {
            Refresh::No => return Ok(None),
            Refresh::Kept(token, stored) => {
                context.passed(Check::RefreshTokenIssued, "kept");
                return Ok(Some((token, self.kept(context, stored))));
            }
            Refresh::New(scopes) => (scopes, None, None),
            Refresh::Replacing(before) => {
                bound_later = before.bound_later || before.cnf != cnf;
                (before.scopes, Some(before.mark), Some(before.expires_at))
            }
        };
        if !service.supports(&GrantType::RefreshToken)
            || !self.caller.client.may_use(&GrantType::RefreshToken)
        {
            return Ok(None);
        }
        context.passed(Check::RefreshTokenIssued, if mark.is_some() { "replacing" } else { "new" });
        let inherited = inherited.filter(|_| service.refresh_token_duration_kept);
        let (duration, expires_at) = match (self.asked(), inherited) {
            (None, Some(until)) => (context.seconds_until(until), until),
            (asked, _) => {
                let duration = asked.unwrap_or(service.refresh_token_duration);
                (duration, context.after(duration))
            }
        };
        let mark = match mark {
            Some(mark) => mark,
            None => base64url(&context.random_bytes::<16>()?),
        };
        let secret = self.secret(context, "refresh_token")?;
        let token = family::refresh_token(&self.grant_id, &mark, &secret).ok_or(Unavailable)?;
        let stored = RefreshToken {
            hash: storage_key(&token),
            mark,
            scopes,
            duration,
            expires_at,
            bound_later: bound_later && !cnf.is_none(),
            cnf,
            renewal: self.origin.as_ref().map(|origin| origin.key.clone()),
        };
        Ok(Some((token, stored)))
    }

    /// The same refresh token, beside another access token. Its life may start again.
    fn kept(&self, context: &Context<'_>, stored: RefreshToken) -> RefreshToken {
        let (duration, expires_at) = if context.config.service.refresh_token_duration_reset {
            let duration = self.asked().unwrap_or(stored.duration);
            (duration, context.after(duration))
        } else {
            (stored.duration, stored.expires_at)
        };
        // Whoever uses it now has proved to be the instance that it is bound to, or is the first.
        let cnf = Confirmation { instance: self.confirmation.instance.clone(), ..stored.cnf };
        RefreshToken { renewal: None, duration, expires_at, cnf, ..stored }
    }

    /// The lifetime that the host asked for; seconds.
    fn asked(&self) -> Option<u64> {
        positive(self.options.refresh_token_duration)
    }
}
