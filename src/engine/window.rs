//! Values that prove one thing: that this service handed them out, for one purpose, within the last
//! window of time. Nothing is stored for them but one secret, so anybody may ask for any number.
//!
//! They are nonces of DPoP proofs (RFC 9449 §8) and challenges of client attestations
//! (draft-ietf-oauth-attestation-based-client-auth-08 §7). All who ask in the same window get the
//! same value, so it does not make a proof single-use.

use super::context::{Context, to_text};
use super::hash::{base64url, from_base64url, hmac, same};
use super::platform::{NEVER, PlatformFailure, RecordKind, Unavailable, Write};

/// The key of the record with the service's secret.
const SECRET: &str = "secret";

/// What is handed out now for one purpose, and what was in the window before, which is accepted
/// too: so a value is good for one window at least, and for less than two.
pub(crate) struct HandedOut {
    pub(crate) current: String,
    previous: String,
}

impl HandedOut {
    /// For a purpose, in windows of so many seconds. Values of another purpose, service or length
    /// of window are never accepted.
    ///
    /// The first call of a service makes its secret and commits it.
    pub(crate) fn read(
        context: &Context<'_>,
        purpose: &str,
        seconds: u64,
    ) -> Result<Self, Unavailable> {
        let secret = secret(context)?;
        let window = context.now_seconds().checked_div(seconds).unwrap_or_default();
        let value = |window: u64| {
            let texts = [purpose.as_bytes(), b" ", &seconds.to_be_bytes(), &window.to_be_bytes()];
            hmac(&secret, &texts).map(|value| base64url(&value)).ok_or(Unavailable)
        };
        Ok(HandedOut { current: value(window)?, previous: value(window.saturating_sub(1))? })
    }

    /// Whether the value is one of these.
    pub(crate) fn includes(&self, value: &str) -> bool {
        [&self.current, &self.previous].iter().any(|known| same(known.as_bytes(), value.as_bytes()))
    }
}

/// The service's secret: the same in all engines that share a store, and after every restart.
fn secret(context: &Context<'_>) -> Result<Vec<u8>, Unavailable> {
    let stored = || context.live::<String>(RecordKind::WindowSecret, SECRET.to_owned());
    let text = match stored()? {
        Some(secret) => secret.data,
        None => {
            // Another request may have been faster: then its secret is used.
            context.commit(vec![Write::Insert {
                kind: RecordKind::WindowSecret,
                key: SECRET.to_owned(),
                value: to_text(&context.random_token()?)?,
                expires_at: NEVER,
            }])?;
            let lost = || context.failed(PlatformFailure::StoreRecord);
            stored()?.ok_or_else(lost)?.data
        }
    };
    let secret = from_base64url(&text).filter(|secret| secret.len() == 32);
    secret.ok_or_else(|| context.failed(PlatformFailure::StoreRecord))
}
