//! Access tokens: opaque ones, random or chosen by the host.

use super::{Issue, positive};
use crate::engine::context::{Context, to_text};
use crate::engine::family;
use crate::engine::hash::storage_key;
use crate::engine::platform::{Check, RecordKind, Unavailable, Write};
use crate::engine::records::{AccessToken, GrantId, RefreshToken};
use crate::engine::result_code::{self, Refusal};

/// The longest access token that a host may choose, in bytes.
const LONGEST: usize = 4096;

impl Issue<'_> {
    /// A new access token. What is known about it is settled later.
    pub(super) fn access_token(&self, context: &Context<'_>) -> Result<String, Refusal> {
        match self.options.access_token {
            Some(chosen) => context.check(Check::ChosenAccessToken, unused(context, chosen)),
            None => Ok(family::token(&self.grant_id, &self.secret(context, "access_token")?)),
        }
    }

    /// What is stored about the access token, and its lifetime in seconds, which may depend on the
    /// refresh token beside it.
    pub(super) fn access_record(
        &self,
        context: &Context<'_>,
        token: &str,
        refresh: Option<&RefreshToken>,
    ) -> (AccessToken, u64) {
        let service = &context.config.service;
        let asked = positive(self.options.access_token_duration);
        let mut duration = asked.unwrap_or(service.access_token_duration);
        let mut expires_at = context.after(duration);
        let linked = refresh
            .filter(|refresh| service.token_expiration_linked && refresh.expires_at < expires_at);
        if let Some(refresh) = linked {
            expires_at = refresh.expires_at;
            duration = context.seconds_until(expires_at);
        }
        let record = AccessToken {
            hash: storage_key(token),
            scopes: self.scopes.clone(),
            issued_at: context.now_seconds(),
            expires_at,
            resources: self.resources.clone(),
            cnf: self.confirmation.for_access_token(),
            chosen: self.options.access_token.is_some(),
        };
        (record, duration)
    }

    /// What leads from a chosen access token to its grant. The one before, which ends, may be
    /// chosen again.
    pub(super) fn chosen(
        &self,
        context: &Context<'_>,
        token: &AccessToken,
    ) -> Result<Vec<Write>, Unavailable> {
        let kind = RecordKind::ChosenAccessToken;
        let mut writes = Vec::new();
        let before = self.continues.as_ref().and_then(|before| before.data.access_token.as_ref());
        if let Some(before) = before.filter(|before| before.chosen) {
            // Once it has expired, it may have become that of another grant.
            let owner = context.live::<GrantId>(kind, before.hash.clone())?;
            if owner.is_some_and(|owner| owner.data.0 == self.grant_id) {
                writes.push(Write::Delete { kind, key: before.hash.clone() });
            }
        }
        if token.chosen {
            let (key, expires_at) = (token.hash.clone(), token.expires_at);
            let value = to_text(&GrantId(self.grant_id.clone()))?;
            // A record that is there belongs to a grant that has ended.
            writes.push(match context.live::<GrantId>(kind, key.clone())? {
                Some(ended) => {
                    Write::Replace { kind, key, expected: ended.text, value, expires_at }
                }
                None => Write::Insert { kind, key, value, expires_at },
            });
        }
        Ok(writes)
    }
}

/// The token that the host has chosen, if it is well-formed and not in use.
fn unused(context: &Context<'_>, chosen: &str) -> Result<String, Refusal> {
    let usable = chosen.len() <= LONGEST && chosen.bytes().all(|b| b.is_ascii_graphic());
    if !usable {
        return Err(result_code::ACCESS_TOKEN_UNUSABLE.into());
    }
    if family::of_access_token(context, chosen)?.is_some() {
        return Err(result_code::ACCESS_TOKEN_EXISTS.into());
    }
    Ok(chosen.to_owned())
}
