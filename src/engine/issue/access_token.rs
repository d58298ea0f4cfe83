//! Access tokens: opaque ones, random or chosen by the host.

use super::{Issue, Origin, RefreshPart, positive};
use crate::engine::context::{Context, to_text};
use crate::engine::hash::storage_key;
use crate::engine::platform::{RecordKind, Unavailable, Write};
use crate::engine::records::AccessToken;
use crate::engine::result_code::{self, Refusal};

/// The longest access token that a host may choose, in bytes.
const LONGEST: usize = 4096;

/// A new access token and its record.
pub(super) struct AccessPart {
    pub(super) token: String,
    /// Milliseconds since the epoch.
    pub(super) expires_at: u64,
    /// Seconds.
    pub(super) duration: u64,
    pub(super) write: Write,
}

impl Issue<'_> {
    /// A new access token. What is known about it is settled later.
    pub(super) fn access_token(&self, context: &Context<'_>) -> Result<String, Refusal> {
        match self.options.access_token {
            Some(chosen) => unused(context, chosen),
            None => Ok(self.fresh_token(context, Origin::access_token)?),
        }
    }

    /// The access token with its lifetime, which may depend on the refresh token beside it.
    pub(super) fn access_part(
        &self,
        context: &Context<'_>,
        token: String,
        refresh: Option<&RefreshPart>,
    ) -> Result<AccessPart, Unavailable> {
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
        let (grant, scopes) = (self.grant_id.clone(), self.scopes.clone());
        let resources = self.resources.clone();
        let record = AccessToken { grant, scopes, issued_at: context.now_seconds(), resources };
        let (kind, key, value) = (RecordKind::AccessToken, storage_key(&token), to_text(&record)?);
        Ok(AccessPart {
            token,
            expires_at,
            duration,
            write: Write::Insert { kind, key, value, expires_at },
        })
    }
}

/// The token that the host has chosen, if it is well-formed and not in use.
fn unused(context: &Context<'_>, chosen: &str) -> Result<String, Refusal> {
    let usable = chosen.len() <= LONGEST && chosen.bytes().all(|b| b.is_ascii_graphic());
    if !usable {
        return Err(result_code::ACCESS_TOKEN_UNUSABLE.into());
    }
    if context.exists(RecordKind::AccessToken, &storage_key(chosen))? {
        return Err(result_code::ACCESS_TOKEN_EXISTS.into());
    }
    Ok(chosen.to_owned())
}
