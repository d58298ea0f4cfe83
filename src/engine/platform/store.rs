//! What the engine remembers, as one small synchronous interface: opaque records, read one by one
//! and written in atomic steps.
//!
//! Codes and tokens are stored as hashes, so that a dump of the store holds no usable one.
//! Generated signing keys are stored as they are: anybody who can read them can sign. So is the
//! secret behind challenges and nonces: anybody who can read it can make those.

use super::Unavailable;
use serde::Serialize;

/// The expiry of records that never expire: the last moment that a store can hold, and the last
/// millisecond of a JavaScript `Date`.
pub(crate) const NEVER: u64 = 8_640_000_000_000_000;

/// What a record is about. Together with the key it identifies the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// Which grant an access token belongs to that the host has chosen, by the token's hash. Codes
    /// and other tokens begin with the identifier of their grant.
    ChosenAccessToken,
    /// A ticket of the password grant, by its hash.
    Ticket,
    /// A grant with the hashes of its code and tokens, by its identifier. Without it, all tokens
    /// that came from one authorization are invalid.
    Grant,
    /// Which grant a client has for a user, where it may have only one, by the hash of client and
    /// user.
    CurrentGrant,
    /// How the tokens of a renewal are made again while its answer may have been lost, by the hash
    /// of the refresh token that they replace.
    Renewal,
    /// A private signing key that was generated, as a JWK (RFC 7517), by its algorithm.
    SigningKey,
    /// The secret behind the challenges and nonces that a service hands out, which are stored
    /// nowhere themselves. There is one for each service that has handed one out.
    WindowSecret,
    /// The `jti` of a client assertion that was used (RFC 7523 §3), by the hash of the client and
    /// the `jti`: until the assertion expires, no other assertion of the client may have it.
    AssertionId,
    /// The public keys of a client that were fetched from its `jwks_uri`, by the hash of the client
    /// and that address.
    ClientKeys,
    /// The `jti` of a client attestation's proof of possession that was used, by the hash of the
    /// key and the `jti`: as long as the proof could be used again.
    AttestationProofId,
    /// A DPoP proof that was used (RFC 9449 §11.1), by the hash of its key's thumbprint, its URL
    /// and its `jti`: until it is too old, no other one may be the same.
    DpopProof,
}

impl RecordKind {
    /// The name of the kind, as a store writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            RecordKind::ChosenAccessToken => "chosen_access_token",
            RecordKind::Ticket => "ticket",
            RecordKind::Grant => "grant",
            RecordKind::CurrentGrant => "current_grant",
            RecordKind::Renewal => "renewal",
            RecordKind::SigningKey => "signing_key",
            RecordKind::WindowSecret => "window_secret",
            RecordKind::AssertionId => "assertion_id",
            RecordKind::ClientKeys => "client_keys",
            RecordKind::AttestationProofId => "attestation_proof_id",
            RecordKind::DpopProof => "dpop_proof",
        }
    }
}

/// A stored record.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// JSON text. The store gives it back unchanged.
    pub value: String,
    /// From this moment on the record has expired; milliseconds since the Unix epoch, at most
    /// 8.64e15.
    pub expires_at: u64,
}

/// One change of an atomic step. As JSON:
/// `{"op":"insert","kind":"grant","key":"…","value":"…","expires_at":1767225600000}`.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Write {
    /// Adds a record, and replaces one that has expired. The step fails if there is one that has
    /// not expired.
    Insert {
        /// What the record is about.
        kind: RecordKind,
        /// Its key.
        key: String,
        /// Its JSON text.
        value: String,
        /// When it expires; milliseconds since the Unix epoch.
        expires_at: u64,
    },
    /// Gives a record another value and expiry. The step fails unless there is one that has not
    /// expired and whose value is `expected`.
    Replace {
        /// What the record is about.
        kind: RecordKind,
        /// Its key.
        key: String,
        /// The value that the decision for this step was based on.
        expected: String,
        /// The new JSON text.
        value: String,
        /// When it expires; milliseconds since the Unix epoch.
        expires_at: u64,
    },
    /// Removes a record. The step fails unless there is one that has not expired.
    Consume {
        /// What the record is about.
        kind: RecordKind,
        /// Its key.
        key: String,
    },
    /// Removes a record, expired or not. It does not matter if there is none.
    Delete {
        /// What the record is about.
        kind: RecordKind,
        /// Its key.
        key: String,
    },
}

impl Write {
    /// What it does, and to what kind of record, as its JSON has it.
    pub(crate) const fn op_and_kind(&self) -> [&'static str; 2] {
        let (op, kind) = match self {
            Write::Insert { kind, .. } => ("insert", kind),
            Write::Replace { kind, .. } => ("replace", kind),
            Write::Consume { kind, .. } => ("consume", kind),
            Write::Delete { kind, .. } => ("delete", kind),
        };
        [op, kind.as_str()]
    }
}

/// Where the engine keeps its state.
///
/// - A record is identified by its kind and its key together. Kinds consist of lower-case letters
///   and `_`. Keys and values are opaque text of any Unicode characters except U+0000, which a
///   store returns unchanged. Most values are below 1,000 bytes; keys of 1,024 bytes and values of
///   2,000,000 bytes must fit (in UTF-8).
/// - Moments are whole milliseconds since the Unix epoch, from 0 to 8.64e15, by the engine's own
///   clock: a store never uses another clock. A record has expired when its `expires_at` is at or
///   before the moment in question.
/// - A record stays until a write or `expire` removes it; it is there for the next read at once.
/// - A store that can't do what it is asked to do returns an error, and must have changed nothing.
///   The call that needed it then ends with 500, nothing is issued, and
///   [`Host::failed`](super::Host::failed) is called.
pub trait Store {
    /// The record, expired or not.
    ///
    /// # Errors
    /// [`Unavailable`] if the store can't be read.
    fn get(&self, kind: RecordKind, key: &str) -> Result<Option<Record>, Unavailable>;

    /// Applies the writes of one step at the moment `now_ms`: all of them, durably, and `true`; or
    /// none of them, and `false`, if the condition of one does not hold.
    ///
    /// The writes apply in order: each condition is checked against the records as the writes
    /// before it have left them, and a record that has expired at `now_ms` counts as none. No other
    /// step may come in between. A step has no more than 20 writes.
    ///
    /// # Errors
    /// [`Unavailable`] if the store can't be written. None of the writes may have been applied
    /// then.
    fn commit(&self, writes: &[Write], now_ms: u64) -> Result<bool, Unavailable>;

    /// Removes records that have expired at `now_ms`, and no others: `limit` of them, or all if
    /// there are fewer. Returns how many it removed.
    ///
    /// # Errors
    /// [`Unavailable`] if the store can't be written.
    fn expire(&self, now_ms: u64, limit: usize) -> Result<usize, Unavailable>;
}
