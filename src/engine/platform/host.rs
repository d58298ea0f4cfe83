//! The clock, the random source, and who is told of the platform's failures and of the engine's
//! checks.

use super::{Trace, Unavailable};

/// The clock, the random source, and who is told of the platform's failures and of the engine's
/// checks.
pub trait Host {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn now_ms(&self) -> u64;

    /// Fills the buffer with cryptographically secure random bytes.
    ///
    /// # Errors
    /// [`Unavailable`] if there is no randomness. Nothing is issued then.
    fn fill_random(&self, bytes: &mut [u8]) -> Result<(), Unavailable>;

    /// Is called when the platform has failed during the engine's function `operation`, named as in
    /// the npm package (`authToken`, `introspect` …). That call then ends with status 500 or the
    /// action `INTERNAL_SERVER_ERROR`; only a failed clean-up after a request, and a failed fetch
    /// of keys that are known from an earlier one, do not change the answer.
    ///
    /// It is called once for each failure, before the engine asks the platform for anything else.
    /// So a platform that remembers why its last call failed can tell which failure this is about.
    /// Nothing here is a secret. The default implementation does nothing.
    fn failed(&self, failure: PlatformFailure, operation: &'static str) {
        let _ = (failure, operation);
    }

    /// Whether [`Host::trace`] wants to hear of the call that begins. The default implementation
    /// does not: then nothing is noted.
    fn wants_trace(&self) -> bool {
        false
    }

    /// Is called once for each call of the engine, when it ends, with what was checked; also for a
    /// call that fails, and for one whose future is dropped before. It must not panic. Nothing here
    /// is a secret. The default implementation does nothing.
    fn trace(&self, trace: Trace) {
        let _ = trace;
    }
}

/// What the platform failed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlatformFailure {
    /// [`Store::get`](crate::engine::Store::get) failed.
    StoreRead,
    /// The store gave a record that can't be read: it was damaged, or written by something else.
    StoreRecord,
    /// [`Store::commit`](crate::engine::Store::commit) failed.
    StoreCommit,
    /// [`Store::expire`](crate::engine::Store::expire) failed. After a request's step, which is
    /// durable then, the answer is given; [`Engine::expire`](crate::engine::Engine::expire) fails.
    StoreExpire,
    /// [`Host::fill_random`] failed, or gave what it had given before.
    Random,
    /// [`Crypto::sign`](super::Crypto::sign), [`Crypto::verify`](super::Crypto::verify) or
    /// [`Crypto::verify_mac`](super::Crypto::verify_mac) failed.
    Crypto,
    /// No key may sign the client's ID tokens now: there is none of its algorithm, or none whose
    /// `nbf` and `exp` allow it.
    SigningKey,
    /// [`Fetch::fetch`](super::Fetch::fetch) failed. Keys that were fetched before are used for a
    /// day; without them, the call ends with status 503.
    Fetch,
    /// What was fetched is not a JWK set (RFC 7517 §5). The same happens as after [`Self::Fetch`].
    KeySet,
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
            PlatformFailure::Crypto => "crypto",
            PlatformFailure::SigningKey => "signing_key",
            PlatformFailure::Fetch => "fetch",
            PlatformFailure::KeySet => "key_set",
        }
    }
}
