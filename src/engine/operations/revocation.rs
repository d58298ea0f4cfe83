//! Revocation (RFC 7009).

use crate::engine::context::Context;
use crate::engine::platform::{RecordKind, Unavailable, Write};
use crate::engine::records::{AccessToken, RefreshToken};

/// Ends the grant of an access token or a refresh token, and with it all of its tokens.
pub(crate) fn revoke(context: &Context<'_>, token: &str) -> Result<(), Unavailable> {
    let access: Option<_> =
        context.live_credential::<AccessToken>(RecordKind::AccessToken, token)?;
    let grant = match access {
        Some(access) => access.data.grant,
        None => match context.live_credential::<RefreshToken>(RecordKind::RefreshToken, token)? {
            Some(refresh) => refresh.data.grant,
            None => return Ok(()),
        },
    };
    context.commit(vec![Write::Delete { kind: RecordKind::Grant, key: grant }]).map(|_| ())
}
