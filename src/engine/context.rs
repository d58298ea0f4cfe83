//! What every step of the engine works with: the configuration, the platform, and one moment in
//! time.

use crate::engine::checks::Notes;
use crate::engine::hash::{base64url, storage_key};
use crate::engine::jose::{Algorithm, MacAlgorithm, PublicJwk};
use crate::engine::platform::{
    Check, Crypto, Document, Fetch, Host, PlatformFailure, RecordKind, Store, Unavailable, Write,
};
use crate::engine::result_code::{Refusal, ResultCode};
use crate::engine::service::{Config, Keyring};
use crate::engine::stored::{FromStored, from_text};
use crate::engine::sweep::{self, Sweep};
use serde::Serialize;

/// How often a request is decided, if another one was first each time. Each of those succeeded, so
/// only a store that breaks its contract comes near this.
const ATTEMPTS: usize = 32;

/// The platform that an engine runs on.
#[derive(Clone, Copy)]
pub(crate) struct Platform<'a> {
    pub(crate) store: &'a dyn Store,
    pub(crate) crypto: &'a dyn Crypto,
    pub(crate) host: &'a dyn Host,
    pub(crate) fetch: &'a dyn Fetch,
}

/// The context of one request. The platform is reached through its methods only, so that the host
/// hears of every failure.
pub(crate) struct Context<'a> {
    pub(crate) config: &'a Config,
    pub(crate) keyring: &'a Keyring,
    /// When the request came; milliseconds since the epoch. All its checks use this moment.
    pub(crate) now: u64,
    platform: Platform<'a>,
    /// `None` if the host removes expired records itself.
    sweep: Option<&'a Sweep>,
    operation: &'static str,
    /// What `checks.rs` notes.
    pub(super) notes: Notes,
}

/// A credential or proof that must not be accepted a second time. It is used up even if the request
/// is refused.
pub(crate) struct Mark {
    pub(crate) write: Write,
    /// The refusal if another request has shown the same before.
    pub(crate) conflict: &'static ResultCode,
}

/// The result of a request: its answer, if its writes can be committed.
pub(crate) struct Conclusion<T> {
    pub(crate) answer: T,
    pub(crate) writes: Vec<Write>,
    /// The refusal if a condition of the writes no longer holds, since another request was first.
    /// `None` if the writes only insert under fresh random keys.
    pub(crate) conflict: Option<&'static ResultCode>,
}

/// A live record, with its stored text: a change is made only if the text is still the same.
pub(crate) struct Live<T> {
    pub(crate) key: String,
    pub(crate) data: T,
    pub(crate) text: String,
    /// Milliseconds since the epoch.
    pub(crate) expires_at: u64,
}

/// What is known about a credential. A record that has expired stays until it is cleaned up; after
/// that, nothing is known about it.
pub(crate) enum Lookup<T> {
    Live(Live<T>),
    Expired(T),
    Unknown,
}

impl<T> Lookup<T> {
    /// The live record, if there is one.
    pub(crate) fn live(self) -> Option<Live<T>> {
        match self {
            Lookup::Live(live) => Some(live),
            Lookup::Expired(_) | Lookup::Unknown => None,
        }
    }
}

impl<'a> Context<'a> {
    /// The context of a request that begins now. `operation` is its name for the host.
    pub(crate) fn begin(
        config: &'a Config,
        keyring: &'a Keyring,
        platform: Platform<'a>,
        sweep: Option<&'a Sweep>,
        operation: &'static str,
    ) -> Self {
        let (now, notes) = (platform.host.now_ms(), Notes::new(platform.host.wants_trace()));
        Context { config, keyring, now, platform, sweep, operation, notes }
    }

    /// Who hears of what, under which name for the request.
    pub(super) fn host(&self) -> (&'a dyn Host, &'static str) {
        (self.platform.host, self.operation)
    }

    /// Tells the host what failed.
    pub(crate) fn failed(&self, failure: PlatformFailure) -> Unavailable {
        self.note_failure(failure);
        self.platform.host.failed(failure, self.operation);
        Unavailable
    }

    /// Seconds since the epoch.
    pub(crate) fn now_seconds(&self) -> u64 {
        self.now / 1000
    }

    /// How far the clocks of clients may be off; milliseconds.
    pub(crate) fn skew(&self) -> u64 {
        self.config.service.allowable_clock_skew.saturating_mul(1000)
    }

    /// The time `seconds` from now; milliseconds since the epoch.
    pub(crate) fn after(&self, seconds: u64) -> u64 {
        self.now.saturating_add(seconds.saturating_mul(1000))
    }

    /// The whole seconds until a moment (milliseconds since the epoch), rounded up.
    pub(crate) fn seconds_until(&self, moment: u64) -> u64 {
        moment.saturating_sub(self.now).div_ceil(1000)
    }

    /// The record, unless there is none or it has expired. A record that can't be read is a failure
    /// of the store.
    pub(crate) fn live<T: FromStored>(
        &self,
        kind: RecordKind,
        key: String,
    ) -> Result<Option<Live<T>>, Unavailable> {
        self.look_up(kind, key).map(Lookup::live)
    }

    /// The record, expired or not. One that has expired and can't be read counts as none.
    pub(crate) fn look_up<T: FromStored>(
        &self,
        kind: RecordKind,
        key: String,
    ) -> Result<Lookup<T>, Unavailable> {
        let found = self.platform.store.get(kind, &self.config.record_key(&key));
        let found = found.map_err(|Unavailable| self.failed(PlatformFailure::StoreRead))?;
        let Some(record) = found else { return Ok(Lookup::Unknown) };
        let data = from_text(&record.value);
        if record.expires_at <= self.now {
            return Ok(data.map_or(Lookup::Unknown, Lookup::Expired));
        }
        let data = data.ok_or_else(|| self.failed(PlatformFailure::StoreRecord))?;
        Ok(Lookup::Live(Live { key, data, text: record.value, expires_at: record.expires_at }))
    }

    /// The record of a code, token or ticket.
    pub(crate) fn live_credential<T: FromStored>(
        &self,
        kind: RecordKind,
        credential: &str,
    ) -> Result<Option<Live<T>>, Unavailable> {
        self.live(kind, storage_key(credential))
    }

    /// The mark that makes something single-use until a moment (milliseconds since the epoch). It
    /// is identified by these texts, none of which has a space but the last. If two requests get
    /// here with the same, the store lets one of them through.
    pub(crate) fn mark(
        &self,
        kind: RecordKind,
        texts: &[&str],
        expires_at: u64,
        conflict: &'static ResultCode,
    ) -> Result<Mark, Refusal> {
        let key = storage_key(&texts.join(" "));
        let is_unused = self.live::<()>(kind, key.clone())?.is_none();
        self.require_as(Check::SingleUse, kind.as_str(), is_unused, conflict)?;
        let value = "{}".to_owned();
        Ok(Mark { write: Write::Insert { kind, key, value, expires_at }, conflict })
    }

    /// Decides a request, and ends it with its one commit. If another request was first, it is
    /// decided again: what it is based on may still be good.
    pub(crate) async fn conclude<T>(
        &self,
        mut marks: Vec<Mark>,
        mut decide: impl AsyncFnMut() -> Result<Conclusion<T>, Refusal>,
    ) -> Result<T, Refusal> {
        let mut repetitions = 1..ATTEMPTS;
        loop {
            // Awaited in one place: the code behind it is large, and there once for each place.
            let step = decide().await;
            let outcome = self.finish(std::mem::take(&mut marks), step);
            let is_overtaken = matches!(outcome, Err(Refusal { overtaken: true, .. }));
            if !is_overtaken || repetitions.next().is_none() {
                return outcome;
            }
        }
    }

    /// Ends a request with its one commit: what authenticated its client, and all that it changes.
    /// A refused request writes what its refusal has to write.
    pub(crate) fn finish<T>(
        &self,
        marks: Vec<Mark>,
        step: Result<Conclusion<T>, Refusal>,
    ) -> Result<T, Refusal> {
        let (outcome, changes, conflict) = match step {
            Ok(Conclusion { answer, writes, conflict }) => (Ok(answer), writes, conflict),
            Err(mut refusal) => {
                let writes = std::mem::take(&mut refusal.writes);
                let code = refusal.code;
                (Err(refusal), writes, Some(code))
            }
        };
        let mut writes: Vec<Write> = marks.iter().map(|mark| mark.write.clone()).collect();
        writes.extend(changes);
        if writes.is_empty() || self.commit_or(writes, conflict)? {
            return outcome;
        }
        // Another request was first. What this one has shown is used up all the same.
        let mut used = None;
        for Mark { write, conflict } in marks {
            let [_, kind] = write.op_and_kind();
            if !self.commit(vec![write])? {
                used = used.or(Some((conflict, kind)));
            }
        }
        if let Some((used, kind)) = used {
            return Err(self.refused(Check::SingleUse, used, kind).into());
        }
        outcome?;
        let conflict = conflict.ok_or_else(|| self.failed(PlatformFailure::Random))?;
        Err(Refusal { overtaken: true, ..conflict.into() })
    }

    /// Commits a step, and now and then clears away some of what has expired.
    pub(crate) fn commit(&self, writes: Vec<Write>) -> Result<bool, Unavailable> {
        self.commit_or(writes, None)
    }

    /// The same for a step that is refused with this code if another request was first.
    fn commit_or(
        &self,
        mut writes: Vec<Write>,
        conflict: Option<&'static ResultCode>,
    ) -> Result<bool, Unavailable> {
        for write in &mut writes {
            let key = key_of(write);
            *key = self.config.record_key(key);
        }
        let store = self.platform.store;
        let done = store
            .commit(&writes, self.now)
            .map_err(|Unavailable| self.failed(PlatformFailure::StoreCommit))?;
        self.note_commit(&writes, done, conflict);
        if done && self.sweep.is_some_and(|sweep| sweep.is_due(writes.len())) {
            // The step is durable: a failing cleanup must not take the answer away from the client.
            let _ = self.expire(sweep::AT_ONCE);
        }
        Ok(done)
    }

    /// Removes up to `limit` expired records, and gives their number.
    pub(crate) fn expire(&self, limit: usize) -> Result<usize, Unavailable> {
        let removed = self.platform.store.expire(self.now, limit);
        removed.map_err(|Unavailable| self.failed(PlatformFailure::StoreExpire))
    }

    /// Commits the record of a fresh code or ticket. If its key exists already, the random source
    /// is at fault.
    pub(crate) fn create(&self, write: Write) -> Result<(), Unavailable> {
        if self.commit(vec![write])? { Ok(()) } else { Err(self.failed(PlatformFailure::Random)) }
    }

    /// A fresh ticket or salt: 256 random bits, 43 characters.
    pub(crate) fn random_token(&self) -> Result<String, Unavailable> {
        self.random_bytes::<32>().map(|bytes| base64url(&bytes))
    }

    /// Random bytes.
    pub(crate) fn random_bytes<const N: usize>(&self) -> Result<[u8; N], Unavailable> {
        let mut bytes = [0; N];
        self.platform
            .host
            .fill_random(&mut bytes)
            .map_err(|Unavailable| self.failed(PlatformFailure::Random))?;
        Ok(bytes)
    }

    /// Signs with a key of the service.
    pub(crate) async fn sign(
        &self,
        alg: Algorithm,
        kid: &str,
        input: &[u8],
    ) -> Result<Vec<u8>, Unavailable> {
        let signature = self.platform.crypto.sign(alg, kid, input).await;
        signature.map_err(|Unavailable| self.failed(PlatformFailure::Crypto))
    }

    /// Whether the signature of somebody else is valid. One of the wrong length is invalid and not
    /// given to the platform, since some platforms fail on it.
    pub(crate) async fn verify(
        &self,
        key: &PublicJwk,
        alg: Algorithm,
        input: &[u8],
        signature: &[u8],
    ) -> Result<bool, Unavailable> {
        if alg.signature_length().is_some_and(|length| signature.len() != length) {
            return Ok(false);
        }
        let verified = self.platform.crypto.verify(key, alg, input, signature).await;
        verified.map_err(|Unavailable| self.failed(PlatformFailure::Crypto))
    }

    /// Whether the MAC of somebody else is valid, with the same rule for its length.
    pub(crate) async fn verify_mac(
        &self,
        secret: &[u8],
        alg: MacAlgorithm,
        input: &[u8],
        mac: &[u8],
    ) -> Result<bool, Unavailable> {
        if mac.len() != alg.length() {
            return Ok(false);
        }
        let verified = self.platform.crypto.verify_mac(secret, alg, input, mac).await;
        verified.map_err(|Unavailable| self.failed(PlatformFailure::Crypto))
    }

    /// A document from the network.
    pub(crate) async fn fetch(&self, url: &str) -> Result<Document, Unavailable> {
        let fetched = self.platform.fetch.fetch(url).await;
        fetched.map_err(|Unavailable| self.failed(PlatformFailure::Fetch))
    }

    /// A moment in which another request may get further.
    pub(crate) async fn pause(&self) {
        self.platform.fetch.pause().await;
    }
}

fn key_of(write: &mut Write) -> &mut String {
    match write {
        Write::Insert { key, .. }
        | Write::Replace { key, .. }
        | Write::Consume { key, .. }
        | Write::Delete { key, .. } => key,
    }
}

/// The JSON text of a record.
pub(crate) fn to_text(record: &impl Serialize) -> Result<String, Unavailable> {
    serde_json::to_string(record).map_err(|_| Unavailable)
}
