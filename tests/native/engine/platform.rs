//! The platform under test: a clock that tests move, a cryptography that is pending once before it
//! signs or verifies, a store that fails on demand.

use super::signatures::{mac, verifies};
use authlete_token::engine::{
    Algorithm, Boxed, Crypto, Document, Fetch, Host, MacAlgorithm, MemoryStore, PlatformFailure,
    PublicJwk, Record, RecordKind, Store, Trace, Unavailable, Write,
};
use base64ct::{Base64UrlUnpadded, Encoding};
use p256::ecdsa::signature::Signer as _;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread::{self, ThreadId};

/// What an engine asks its platform for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    Get,
    Commit,
    Expire,
    Random,
    Sign,
    Verify,
    Fetch,
}

/// What becomes of a step, and of the process.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    Works,
    Fails,
    /// It has its effect, and is reported as failed: the acknowledgement was lost.
    FailsAfterwards,
    /// The process is killed before it.
    DiesBefore,
    /// It has its effect, and then the process is killed.
    DiesAfter,
    /// It never ends, and the request is given up. Only for what takes time.
    Hangs,
}

/// The payload of the unwinding that ends a killed process.
pub struct Killed;

type Plan = Box<dyn FnMut(Step) -> Fate + Send>;

/// What tests change while an engine runs.
#[derive(Default)]
pub struct Switches {
    pub now: AtomicU64,
    pub random: AtomicU64,
    pub no_random: AtomicBool,
    pub no_signature: AtomicBool,
    pub no_verification: AtomicBool,
    /// How many signatures and MACs were verified.
    pub verifications: AtomicU64,
    /// What there is to fetch, by its URL; everything else can't be fetched.
    pub documents: Mutex<BTreeMap<String, Document>>,
    /// The URLs that were fetched.
    pub fetched: Mutex<Vec<String>>,
    pub no_read: AtomicBool,
    pub no_commit: AtomicBool,
    /// How many of the next steps are refused, as if another request had been first.
    pub refused_commits: AtomicU64,
    pub no_expire: AtomicBool,
    pub garbage: AtomicBool,
    /// Decides the fate of each step, except for those that happen while it decides.
    pub plan: Mutex<Option<Plan>>,
    /// The failures that the host was told of.
    pub failures: Mutex<Vec<(PlatformFailure, &'static str)>>,
    /// Whether the host does not want traces.
    pub untraced: AtomicBool,
    /// The traces that the host was given, with the threads of their calls.
    pub traces: Mutex<Vec<(ThreadId, Trace)>>,
}

impl Switches {
    fn fate(&self, step: Step) -> Fate {
        let Some(mut plan) = self.plan.lock().unwrap().take() else { return Fate::Works };
        let fate = plan(step);
        self.plan.lock().unwrap().get_or_insert(plan);
        fate
    }

    /// Takes a step that is done at once.
    fn take<T>(
        &self,
        step: Step,
        act: impl FnOnce() -> Result<T, Unavailable>,
    ) -> Result<T, Unavailable> {
        self.fate(step).befalls(act)
    }

    /// Takes a step that takes time.
    async fn wait(&self, step: Step) -> Result<(), Unavailable> {
        match self.fate(step) {
            Fate::Hangs => std::future::pending().await,
            fate => fate.befalls(|| Ok(())),
        }
    }
}

impl Fate {
    fn befalls<T>(self, act: impl FnOnce() -> Result<T, Unavailable>) -> Result<T, Unavailable> {
        // Unlike a panic, this is not reported.
        let die = || std::panic::resume_unwind(Box::new(Killed));
        match self {
            Fate::Works => act(),
            Fate::Fails => Err(Unavailable),
            Fate::FailsAfterwards => act().and(Err(Unavailable)),
            Fate::DiesBefore => die(),
            Fate::DiesAfter => act().and_then(|_| die()),
            Fate::Hangs => panic!("what takes no time can't hang"),
        }
    }
}

#[derive(Clone)]
pub struct TestHost(pub Arc<Switches>);

impl Host for TestHost {
    fn now_ms(&self) -> u64 {
        self.0.now.load(SeqCst)
    }

    fn fill_random(&self, bytes: &mut [u8]) -> Result<(), Unavailable> {
        self.0.take(Step::Random, || Ok(()))?;
        if self.0.no_random.load(SeqCst) {
            return Err(Unavailable);
        }
        for chunk in bytes.chunks_mut(8) {
            let seed = self
                .0
                .random
                .fetch_add(1, SeqCst)
                .wrapping_add(1)
                .wrapping_mul(0x9e37_79b9_7f4a_7c15);
            chunk.copy_from_slice(&(seed ^ seed >> 29).to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }

    fn failed(&self, failure: PlatformFailure, operation: &'static str) {
        self.0.failures.lock().unwrap().push((failure, operation));
    }

    fn wants_trace(&self) -> bool {
        !self.0.untraced.load(SeqCst)
    }

    fn trace(&self, trace: Trace) {
        self.0.traces.lock().unwrap().push((thread::current().id(), trace));
    }
}

/// The memory store behind faults. It is shared, so that it outlives an engine.
#[derive(Clone)]
pub struct TestStore(pub Arc<MemoryStore>, pub Arc<Switches>);

impl Store for TestStore {
    fn get(&self, kind: RecordKind, key: &str) -> Result<Option<Record>, Unavailable> {
        if self.1.no_read.load(SeqCst) {
            return Err(Unavailable);
        }
        let mut record = self.1.take(Step::Get, || self.0.get(kind, key))?;
        if let Some(record) = record.as_mut().filter(|_| self.1.garbage.load(SeqCst)) {
            record.value = r#"{"schema":"of another version"}"#.to_owned();
        }
        Ok(record)
    }

    fn commit(&self, writes: &[Write], now_ms: u64) -> Result<bool, Unavailable> {
        if self.1.no_commit.load(SeqCst) {
            return Err(Unavailable);
        }
        let refused = &self.1.refused_commits;
        if refused.try_update(SeqCst, SeqCst, |left| left.checked_sub(1)).is_ok() {
            return Ok(false);
        }
        self.1.take(Step::Commit, || self.0.commit(writes, now_ms))
    }

    fn expire(&self, now_ms: u64, limit: usize) -> Result<usize, Unavailable> {
        if self.1.no_expire.load(SeqCst) {
            return Err(Unavailable);
        }
        self.1.take(Step::Expire, || self.0.expire(now_ms, limit))
    }
}

pub struct TestCrypto(pub p256::ecdsa::SigningKey, pub Arc<Switches>);

impl Crypto for TestCrypto {
    fn sign<'a>(
        &'a self,
        alg: Algorithm,
        kid: &'a str,
        input: &'a [u8],
    ) -> Boxed<'a, Result<Vec<u8>, Unavailable>> {
        Box::pin(self.signature(alg, kid, input))
    }

    fn verify<'a>(
        &'a self,
        key: &'a PublicJwk,
        alg: Algorithm,
        input: &'a [u8],
        signature: &'a [u8],
    ) -> Boxed<'a, Result<bool, Unavailable>> {
        Box::pin(async move {
            GiveWay(false).await;
            self.1.wait(Step::Verify).await?;
            self.1.verifications.fetch_add(1, SeqCst);
            if self.1.no_verification.load(SeqCst) {
                return Err(Unavailable);
            }
            Ok(verifies(&key.jwk(), alg, input, signature))
        })
    }

    fn verify_mac<'a>(
        &'a self,
        secret: &'a [u8],
        alg: MacAlgorithm,
        input: &'a [u8],
        given: &'a [u8],
    ) -> Boxed<'a, Result<bool, Unavailable>> {
        Box::pin(async move {
            GiveWay(false).await;
            self.1.wait(Step::Verify).await?;
            self.1.verifications.fetch_add(1, SeqCst);
            if self.1.no_verification.load(SeqCst) {
                return Err(Unavailable);
            }
            Ok(mac(alg, secret, input) == given)
        })
    }
}

impl TestCrypto {
    async fn signature(
        &self,
        alg: Algorithm,
        kid: &str,
        input: &[u8],
    ) -> Result<Vec<u8>, Unavailable> {
        GiveWay(false).await;
        self.1.wait(Step::Sign).await?;
        if self.1.no_signature.load(SeqCst) {
            return Err(Unavailable);
        }
        match alg {
            Algorithm::ES256 => {
                assert_eq!(kid, "ec-1");
                let signature: p256::ecdsa::Signature = self.0.sign(input);
                Ok(signature.to_bytes().to_vec())
            }
            // The tests only see which key was asked for.
            Algorithm::RS256 => Ok(format!("rsa:{kid}").into_bytes()),
            _ => panic!("no ID token is signed with {alg:?}"),
        }
    }
}

/// What there is to fetch. An answer takes a few turns to come.
pub struct TestFetch(pub Arc<Switches>);

impl Fetch for TestFetch {
    fn fetch<'a>(&'a self, url: &'a str) -> Boxed<'a, Result<Document, Unavailable>> {
        Box::pin(async move {
            self.0.fetched.lock().unwrap().push(url.to_owned());
            for _ in 0..5 {
                GiveWay(false).await;
            }
            self.0.wait(Step::Fetch).await?;
            self.0.documents.lock().unwrap().get(url).cloned().ok_or(Unavailable)
        })
    }

    fn pause(&self) -> Boxed<'_, ()> {
        Box::pin(GiveWay(false))
    }
}

/// Pending once, so that other requests get between a check and its commit.
struct GiveWay(bool);

impl Future for GiveWay {
    type Output = ();
    fn poll(mut self: std::pin::Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

/// Runs a future to its end.
pub fn wait<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}

/// Runs a future to its end, or to the point where it waits for something that does not come.
pub fn wait_until_it_hangs<F: Future>(future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    (0..100).find_map(|_| match future.as_mut().poll(&mut context) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    })
}

/// Runs futures side by side: each gets a turn until all are done.
pub fn wait_for_all<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut futures: Vec<_> = futures.into_iter().map(|future| (Box::pin(future), None)).collect();
    let mut context = Context::from_waker(Waker::noop());
    while futures.iter().any(|(_, output)| output.is_none()) {
        for (future, output) in futures.iter_mut().filter(|(_, output)| output.is_none()) {
            if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                *output = Some(value);
            }
        }
    }
    futures.into_iter().filter_map(|(_, output)| output).collect()
}

/// The private key of the test platform.
pub fn ec_key() -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap()
}

/// The private JWK of the test key.
pub fn ec_jwk() -> Value {
    let key = ec_key();
    let point = key.verifying_key().to_sec1_point(false);
    let text = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
    json!({ "kty": "EC", "crv": "P-256", "kid": "ec-1", "alg": "ES256", "use": "sig",
        "x": text(point.x().unwrap()), "y": text(point.y().unwrap()), "d": text(&key.to_bytes()) })
}

/// A private JWK of the right shape.
pub fn rsa_jwk() -> Value {
    let text = |length: usize| Base64UrlUnpadded::encode_string(&vec![0x99; length]);
    json!({ "kty": "RSA", "kid": "rsa-1", "alg": "RS256", "n": text(256), "e": "AQAB", "d": text(256),
        "p": text(128), "q": text(128), "dp": text(128), "dq": text(128), "qi": text(128) })
}
