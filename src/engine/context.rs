//! What every step of the engine works with: the configuration, the platform, and one moment in time.

use super::config::Config;
use super::crypto::storage_key;
use super::keys::PublicKey;
use super::store::{Kind, Store, Write};
use super::{Host, Unavailable};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// How many expired records one step removes at most.
const CLEANUP: usize = 16;

/// The surroundings of one request.
pub(super) struct Context<'a> {
    pub(super) config: &'a Config,
    pub(super) keys: &'a [PublicKey],
    pub(super) store: &'a dyn Store,
    pub(super) host: &'a dyn Host,
    /// When the request came; milliseconds since the epoch. All its checks use this moment.
    pub(super) now: u64,
}

/// A record that is alive, with the text that a change of it is conditional on.
pub(super) struct Live<T> {
    pub(super) key: String,
    pub(super) data: T,
    pub(super) text: String,
    /// Milliseconds since the epoch.
    pub(super) expires_at: u64,
}

impl Context<'_> {
    /// Seconds since the epoch.
    pub(super) fn now_seconds(&self) -> u64 {
        self.now / 1000
    }

    /// The moment that many seconds from now; milliseconds since the epoch.
    pub(super) fn after(&self, seconds: u64) -> u64 {
        self.now.saturating_add(seconds.saturating_mul(1000))
    }

    /// The record, unless there is none or it has expired. A record that can't be read is a failure of the store.
    pub(super) fn live<T: DeserializeOwned>(&self, kind: Kind, key: String) -> Result<Option<Live<T>>, Unavailable> {
        let Some(record) = self.store.get(kind, &key)?.filter(|record| self.now < record.expires_at) else {
            return Ok(None);
        };
        let data = serde_json::from_str(&record.value).map_err(|_| Unavailable)?;
        Ok(Some(Live { key, data, text: record.value, expires_at: record.expires_at }))
    }

    /// The record of a code, token or ticket.
    pub(super) fn live_credential<T: DeserializeOwned>(
        &self,
        kind: Kind,
        credential: &str,
    ) -> Result<Option<Live<T>>, Unavailable> {
        self.live(kind, storage_key(credential))
    }

    /// Commits a step, and clears away some of what has expired.
    pub(super) fn commit(&self, writes: &[Write]) -> Result<bool, Unavailable> {
        let done = self.store.commit(writes)?;
        if done {
            // The step is durable: a failing cleanup must not take the answer away from the client.
            let _ = self.store.expire(self.now, CLEANUP);
        }
        Ok(done)
    }

    /// Ends a grant, and with it all of its tokens.
    pub(super) fn revoke_grant(&self, id: &str) -> Result<(), Unavailable> {
        self.commit(&[Write::Delete { kind: Kind::Grant, key: id.to_owned() }]).map(|_| ())
    }
}

/// The JSON text of a record.
pub(super) fn to_text(record: &impl Serialize) -> Result<String, Unavailable> {
    serde_json::to_string(record).map_err(|_| Unavailable)
}
