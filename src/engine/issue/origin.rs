//! Tokens that can be made again: for a while after a renewal, whoever has the replaced refresh
//! token gets the same ones. Nothing that is stored is enough for that.

use super::Issue;
use crate::engine::context::Context;
use crate::engine::hash::{base64url, hmac};
use crate::engine::platform::Unavailable;

/// What the tokens of a renewal are made from.
pub(crate) struct Origin {
    /// The refresh token that is replaced.
    pub(crate) presented: String,
    /// Random, in base64url, and another one for each renewal.
    pub(crate) salt: String,
    /// The key of the renewal's record.
    pub(crate) key: String,
}

impl Origin {
    pub(crate) fn access_token(&self) -> Option<String> {
        self.token("access_token")
    }

    pub(crate) fn refresh_token(&self) -> Option<String> {
        self.token("refresh_token")
    }

    /// 256 bits that nobody can tell from random ones without the presented token.
    fn token(&self, what: &str) -> Option<String> {
        let texts = [what.as_bytes(), b"\0", self.salt.as_bytes()];
        hmac(self.presented.as_bytes(), &texts).map(|bytes| base64url(&bytes))
    }
}

impl Issue<'_> {
    /// A new token: made from the origin by `of`, or else random.
    pub(super) fn fresh_token(
        &self,
        context: &Context<'_>,
        of: impl FnOnce(&Origin) -> Option<String>,
    ) -> Result<String, Unavailable> {
        match &self.origin {
            Some(origin) => of(origin).ok_or(Unavailable),
            None => context.random_token(),
        }
    }
}
