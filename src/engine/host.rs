//! What the engine takes from the platform it runs on: the time, randomness, and signatures; and what it tells it.

use super::Unavailable;
use serde::{Deserialize, Serialize};
use std::future::Future;

/// The clock, the random source, and who hears of the platform's failures.
pub trait Host {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn now_ms(&self) -> u64;

    /// Fills the buffer with cryptographically secure random bytes.
    ///
    /// # Errors
    /// [`Unavailable`] if there is no randomness. Nothing is issued then.
    fn fill_random(&self, bytes: &mut [u8]) -> Result<(), Unavailable>;

    /// Hears that the platform failed during a call of the engine's function `operation`, named as in the npm package (`authToken`,
    /// `introspect` …), which ends with status or action 500 for that; a failed clean-up alone changes no answer.
    ///
    /// It is told once for each failure, at once: before the engine asks the platform for anything else. So a platform that remembers
    /// why its last call failed can tell which failure this is about. Nothing here is a secret. By default nobody hears it.
    fn failed(&self, failure: PlatformFailure, operation: &'static str) {
        let _ = (failure, operation);
    }
}

/// What the platform failed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlatformFailure {
    /// [`Store::get`](super::Store::get) failed.
    StoreRead,
    /// The store gave a record that can't be read: it was damaged, or written by something else.
    StoreRecord,
    /// [`Store::commit`](super::Store::commit) failed.
    StoreCommit,
    /// [`Store::expire`](super::Store::expire) failed. The step before it is durable, and its answer is given.
    StoreExpire,
    /// [`Host::fill_random`] failed, or gave what it had given before.
    Random,
    /// [`Signer::sign`] failed, or there is no key for the client's algorithm.
    Signer,
}

impl PlatformFailure {
    /// The name of the failure, for a log.
    pub const fn as_str(self) -> &'static str {
        match self {
            PlatformFailure::StoreRead => "store_read",
            PlatformFailure::StoreRecord => "store_record",
            PlatformFailure::StoreCommit => "store_commit",
            PlatformFailure::StoreExpire => "store_expire",
            PlatformFailure::Random => "random",
            PlatformFailure::Signer => "signer",
        }
    }
}

/// A JWS algorithm that ID tokens can be signed with (RFC 7518 §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RS256,
}

impl Algorithm {
    /// The value of `alg`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Algorithm::ES256 => "ES256",
            Algorithm::RS256 => "RS256",
        }
    }

    /// The algorithm of an `alg` value.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "ES256" => Some(Algorithm::ES256),
            "RS256" => Some(Algorithm::RS256),
            _ => None,
        }
    }
}

/// The holder of the private keys.
pub trait Signer {
    /// The JWS signature over `input` (RFC 7515 §5.1) by the private key named `kid`: for ES256 the 64 bytes of R and S
    /// (RFC 7518 §3.4), for RS256 the RSA signature.
    ///
    /// # Errors
    /// The future gives [`Unavailable`] if the key is not there or can't be used. Nothing is issued then.
    fn sign(&self, alg: Algorithm, kid: &str, input: &[u8]) -> impl Future<Output = Result<Vec<u8>, Unavailable>>;
}
