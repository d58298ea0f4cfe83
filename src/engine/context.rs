//! What every step of the engine works with: the configuration, the platform, and one moment in time.

use super::config::Config;
use super::crypto::{base64url, storage_key};
use super::keys::PublicKey;
use super::store::{Kind, Store, Write};
use super::{Host, PlatformFailure, Unavailable};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// How many expired records one step removes at most.
const CLEANUP: usize = 16;

/// The surroundings of one request. The platform is reached through its methods only, so that the host hears of every failure.
pub(super) struct Context<'a> {
    pub(super) config: &'a Config,
    pub(super) keys: &'a [PublicKey],
    /// When the request came; milliseconds since the epoch. All its checks use this moment.
    pub(super) now: u64,
    store: &'a dyn Store,
    host: &'a dyn Host,
    operation: &'static str,
}

/// A record that is alive, with the text that a change of it is conditional on.
pub(super) struct Live<T> {
    pub(super) key: String,
    pub(super) data: T,
    pub(super) text: String,
    /// Milliseconds since the epoch.
    pub(super) expires_at: u64,
}

/// What is known of a credential. A record that has expired stays until it is swept away: from then on nothing is known of it.
pub(super) enum Lookup<T> {
    Live(Live<T>),
    Expired(T),
    Unknown,
}

impl<T> Lookup<T> {
    /// The record that is alive.
    pub(super) fn live(self) -> Option<Live<T>> {
        match self {
            Lookup::Live(live) => Some(live),
            Lookup::Expired(_) | Lookup::Unknown => None,
        }
    }
}

impl<'a> Context<'a> {
    /// The surroundings of a request that begins now. `operation` is what the host knows it by.
    pub(super) fn begin(
        config: &'a Config,
        keys: &'a [PublicKey],
        store: &'a dyn Store,
        host: &'a dyn Host,
        operation: &'static str,
    ) -> Self {
        Context { config, keys, now: host.now_ms(), store, host, operation }
    }
}

impl Context<'_> {
    /// Tells the host what failed.
    pub(super) fn failed(&self, failure: PlatformFailure) -> Unavailable {
        self.host.failed(failure, self.operation);
        Unavailable
    }

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
        self.look_up(kind, key).map(Lookup::live)
    }

    /// The record, expired or not. One that has expired and can't be read is as good as none.
    pub(super) fn look_up<T: DeserializeOwned>(&self, kind: Kind, key: String) -> Result<Lookup<T>, Unavailable> {
        let found = self.store.get(kind, &key).map_err(|Unavailable| self.failed(PlatformFailure::StoreRead))?;
        let Some(record) = found else { return Ok(Lookup::Unknown) };
        let data = serde_json::from_str(&record.value);
        if record.expires_at <= self.now {
            return Ok(data.map_or(Lookup::Unknown, Lookup::Expired));
        }
        let data = data.map_err(|_| self.failed(PlatformFailure::StoreRecord))?;
        Ok(Lookup::Live(Live { key, data, text: record.value, expires_at: record.expires_at }))
    }

    /// The record of a code, token or ticket.
    pub(super) fn live_credential<T: DeserializeOwned>(
        &self,
        kind: Kind,
        credential: &str,
    ) -> Result<Option<Live<T>>, Unavailable> {
        self.live(kind, storage_key(credential))
    }

    /// Whether there is a record, expired or not.
    pub(super) fn exists(&self, kind: Kind, key: &str) -> Result<bool, Unavailable> {
        let found = self.store.get(kind, key).map_err(|Unavailable| self.failed(PlatformFailure::StoreRead))?;
        Ok(found.is_some())
    }

    /// Commits a step, and clears away some of what has expired.
    pub(super) fn commit(&self, writes: &[Write]) -> Result<bool, Unavailable> {
        let done = self.store.commit(writes).map_err(|Unavailable| self.failed(PlatformFailure::StoreCommit))?;
        if done && self.store.expire(self.now, CLEANUP).is_err() {
            // The step is durable: a failing cleanup must not take the answer away from the client.
            let _ = self.failed(PlatformFailure::StoreExpire);
        }
        Ok(done)
    }

    /// Commits the record of a fresh code or ticket. That there is one by that key means that it is not random.
    pub(super) fn create(&self, write: Write) -> Result<(), Unavailable> {
        if self.commit(&[write])? { Ok(()) } else { Err(self.failed(PlatformFailure::Random)) }
    }

    /// A fresh code, token, ticket or identifier: 256 random bits, 43 characters.
    pub(super) fn random_token(&self) -> Result<String, Unavailable> {
        let mut bytes = [0; 32];
        self.host.fill_random(&mut bytes).map_err(|Unavailable| self.failed(PlatformFailure::Random))?;
        Ok(base64url(&bytes))
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
