//! Tokens that can be made again: for a while after a renewal, whoever has the replaced refresh
//! token gets the same ones. Nothing that is stored is enough for that.

use super::Issue;
use crate::engine::context::Context;
use crate::engine::family::{self, Secret};
use crate::engine::hash::hmac;
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
    /// The access token of the grant with this identifier.
    pub(crate) fn access_token(&self, id: &str) -> Option<String> {
        self.secret("access_token").map(|secret| family::token(id, &secret))
    }

    /// The refresh token of the grant with this identifier and mark.
    pub(crate) fn refresh_token(&self, id: &str, mark: &str) -> Option<String> {
        self.secret("refresh_token").and_then(|secret| family::refresh_token(id, mark, &secret))
    }

    /// 256 bits that nobody can tell from random ones without the presented token.
    fn secret(&self, what: &str) -> Option<Secret> {
        let texts = [what.as_bytes(), b"\0", self.salt.as_bytes()];
        hmac(self.presented.as_bytes(), &texts)
    }
}

impl Issue<'_> {
    /// What a new token is made from: it comes from the origin, or else is random.
    pub(super) fn secret(&self, context: &Context<'_>, what: &str) -> Result<Secret, Unavailable> {
        match &self.origin {
            Some(origin) => origin.secret(what).ok_or(Unavailable),
            None => context.random_bytes(),
        }
    }
}
