//! What the engine remembers, as one small synchronous interface: opaque records, read one by one and written in atomic steps.
//!
//! Keys are hashes or random identifiers and values are JSON text, so that a dump of the store holds no usable credential.

use super::Unavailable;
use serde::Serialize;

/// What a record is about. Together with the key it identifies the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An authorization code, by its hash.
    Code,
    /// An access token, by its hash.
    AccessToken,
    /// A refresh token, by its hash.
    RefreshToken,
    /// A ticket of the password grant, by its hash.
    Ticket,
    /// A grant, by its identifier: the hash of the code that it came from, else a random one. All tokens that came from one authorization
    /// name it, and die with it.
    Grant,
}

impl Kind {
    /// The name of the kind, as a store writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Code => "code",
            Kind::AccessToken => "access_token",
            Kind::RefreshToken => "refresh_token",
            Kind::Ticket => "ticket",
            Kind::Grant => "grant",
        }
    }
}

/// A stored record.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// JSON text. The store gives it back unchanged.
    pub value: String,
    /// From this moment on the record may be removed; milliseconds since the epoch.
    pub expires_at: u64,
}

/// One change of an atomic step. As JSON: `{"op":"insert","kind":"code","key":"…","value":"…","expires_at":1767225600000}`.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Write {
    /// Adds a record. The step fails if there is one.
    Insert {
        /// What the record is about.
        kind: Kind,
        /// Its key.
        key: String,
        /// Its JSON text.
        value: String,
        /// When it may be removed.
        expires_at: u64,
    },
    /// Replaces value and expiry of a record. The step fails unless the record exists and its value is `expected`.
    Replace {
        /// What the record is about.
        kind: Kind,
        /// Its key.
        key: String,
        /// The value that the decision for this step was based on.
        expected: String,
        /// The new JSON text.
        value: String,
        /// When it may be removed.
        expires_at: u64,
    },
    /// Removes a record that must be there. The step fails if it is not.
    Consume {
        /// What the record is about.
        kind: Kind,
        /// Its key.
        key: String,
    },
    /// Removes a record, if it is there.
    Delete {
        /// What the record is about.
        kind: Kind,
        /// Its key.
        key: String,
    },
}

/// Durable memory of the engine.
///
/// A store keeps records for at least as long as `expires_at` says. The engine never relies on their removal.
pub trait Store {
    /// The record, expired or not.
    ///
    /// # Errors
    /// [`Unavailable`] if the store can't be read. Nothing is issued then.
    fn get(&self, kind: Kind, key: &str) -> Result<Option<Record>, Unavailable>;

    /// Applies all writes of one step in one transaction, in order, and makes them durable; or applies none of them.
    /// `false` if the condition of one of them does not hold.
    ///
    /// # Errors
    /// [`Unavailable`] if the store can't be written. Nothing is issued then.
    fn commit(&self, writes: &[Write]) -> Result<bool, Unavailable>;

    /// Removes up to `limit` records that expired at or before `now_ms`. Called after a step; a failure of it has no effect on the answer.
    ///
    /// # Errors
    /// [`Unavailable`] if the store can't be written.
    fn expire(&self, now_ms: u64, limit: usize) -> Result<(), Unavailable>;
}
