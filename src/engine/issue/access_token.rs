//! Access tokens: opaque ones, random or chosen by the host.

use super::{Issue, Origin, positive};
use crate::engine::context::{Context, to_text};
use crate::engine::hash::storage_key;
use crate::engine::platform::{RecordKind, Write};
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
    pub(super) fn access_token(&self, context: &Context<'_>) -> Result<AccessPart, Refusal> {
        let asked = positive(self.options.access_token_duration);
        let duration = asked.unwrap_or(context.config.service.access_token_duration);
        let expires_at = context.after(duration);
        let token = match self.options.access_token {
            Some(chosen) => unused(context, chosen)?,
            None => self.fresh_token(context, Origin::access_token)?,
        };
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
