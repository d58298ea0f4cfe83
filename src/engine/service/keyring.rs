//! The signing keys of an engine: which of them signs now, and which are published.

use super::signing_key::{PublicKey, check_public_keys};
use crate::engine::jose::Algorithm;
use crate::error::Error;
use serde_json::{Map, Value};

/// The public keys of an engine, and which of them is used when. Times are seconds since the epoch.
pub(crate) struct Keyring {
    keys: Vec<PublicKey>,
    /// How long the tokens that a key has signed are valid, in seconds.
    lifetime: u64,
}

impl Keyring {
    /// The keys of an engine whose signatures are valid for `lifetime` seconds.
    pub(crate) fn new(keys: Vec<PublicKey>, lifetime: u64) -> Result<Self, Error> {
        check_public_keys(&keys)?;
        Ok(Keyring { keys, lifetime })
    }

    /// Whether there is a key of the algorithm, whatever its times.
    pub(crate) fn has(&self, alg: Algorithm) -> bool {
        self.keys.iter().any(|key| key.alg == alg)
    }

    /// The key that signs with the algorithm now: the first listed of those that may.
    pub(crate) fn signing(&self, alg: Algorithm, now: u64) -> Option<&PublicKey> {
        self.keys.iter().find(|key| key.alg == alg && key.signs_at(now))
    }

    /// The public JWKs that clients need now: of keys that sign, that will sign, and that have
    /// signed tokens which may still be valid.
    pub(crate) fn published(&self, now: u64) -> impl Iterator<Item = &Map<String, Value>> {
        let needed = move |key: &&PublicKey| {
            key.expires.is_none_or(|end| now < end.saturating_add(self.lifetime))
        };
        self.keys.iter().filter(needed).map(|key| &key.members)
    }
}
