//! The keys of a client with `jwks_uri`: when they are fetched, and how long they are kept.
//!
//! They are kept in the store, so that all instances of an engine share them. A request that sets
//! out to fetch them says so there first: so only one of many at the same time fetches, and a
//! stranger who sends assertions in a client's name can't make the engine call the client's server
//! more often than once a minute.

use crate::engine::context::{Context, Live, to_text};
use crate::engine::hash::storage_key;
use crate::engine::jose::{self, PublicJwk};
use crate::engine::platform::{PlatformFailure, RecordKind, Unavailable, Write};
use crate::engine::records::{FetchedKeys, FetchedSet};
use crate::engine::result_code::{self, Refusal};
use crate::engine::service::Client;
use serde_json::{Map, Value};

const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const DAY: u64 = 24 * 60 * MINUTE;
/// How long a set is used before somebody looks for a newer one, if its server does not say it; and
/// the limits for what the server says.
const FRESH: u64 = 10 * MINUTE;
const FRESHNESS: (u64, u64) = (MINUTE, DAY);
/// How long a set is used if it can't be fetched again.
const KEPT: u64 = DAY;
/// How long a request may be under way. After that, and after a failure, the next one may fetch, if
/// nothing is known.
const LEASE: u64 = 10 * SECOND;
/// How often a request looks whether another one has fetched the set. The platform pauses for 100
/// milliseconds in between, and fetches for five seconds at most.
const LOOKS: usize = 60;

/// The keys of one client with `jwks_uri`.
pub(super) struct RemoteKeys<'a> {
    context: &'a Context<'a>,
    uri: &'a str,
    /// The key of their record.
    key: String,
}

/// A set of keys.
pub(super) struct Fetched {
    pub(super) keys: Vec<PublicJwk>,
    fetched_at: u64,
}

/// What a request does about a record.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    Use,
    Fetch,
    /// Another request is fetching.
    Wait,
    /// There is nothing, or nothing newer, and it is too early to try again.
    Leave,
}

/// What became of an attempt to fetch.
enum Attempt {
    Done(FetchedSet),
    Failed,
    /// Another request was first.
    Overtaken,
}

impl<'a> RemoteKeys<'a> {
    pub(super) fn of(context: &'a Context<'a>, client: &Client, uri: &'a str) -> Self {
        let key = storage_key(&format!("{} {uri}", client.number));
        RemoteKeys { context, uri, key }
    }

    /// The keys as they are known, or else as they are now. Without any, nobody can tell whether
    /// the client is who it says: that is not the client's fault.
    pub(super) async fn known(&self) -> Result<Fetched, Refusal> {
        self.look(None).await?.ok_or_else(|| result_code::CLIENT_KEYS_UNAVAILABLE.into())
    }

    /// Keys that are newer than these, if there are any.
    pub(super) async fn newer(&self, than: &Fetched) -> Result<Option<Fetched>, Refusal> {
        self.look(Some(than.fetched_at)).await
    }

    /// The keys; or, if those that were fetched at the moment `seen` do not help, newer ones.
    async fn look(&self, seen: Option<u64>) -> Result<Option<Fetched>, Refusal> {
        for _ in 0..LOOKS {
            let found: Option<Live<FetchedKeys>> =
                self.context.live(RecordKind::ClientKeys, self.key.clone())?;
            let next = next(found.as_ref().map(|live| &live.data), self.context.now, seen);
            match next {
                Next::Use => return Ok(found.and_then(|live| live.data.set).map(usable)),
                Next::Leave => return Ok(None),
                Next::Wait => self.context.pause().await,
                Next::Fetch => {
                    let old = found.as_ref().and_then(|live| live.data.set.clone());
                    match self.attempt(found).await? {
                        Attempt::Done(set) => return Ok(Some(usable(set))),
                        // Old keys are better than none, but not newer than themselves.
                        Attempt::Failed => {
                            return Ok(old.filter(|_| seen.is_none()).map(usable));
                        }
                        Attempt::Overtaken => {}
                    }
                }
            }
        }
        Ok(None)
    }

    /// Fetches the set, if no other request sets out at the same time.
    async fn attempt(&self, found: Option<Live<FetchedKeys>>) -> Result<Attempt, Unavailable> {
        let now = self.context.now;
        let (before, set) = found.map_or((None, None), |live| (Some(live.text), live.data.set));
        let mut record = FetchedKeys { set, tried_at: now, under_way: true };
        let Some(lease) = self.write(before, &record)? else { return Ok(Attempt::Overtaken) };
        let fetched = match self.context.fetch(self.uri).await {
            Ok(document) => match keys_of(&document.text) {
                Some(keys) => {
                    let fresh = freshness(document.cache_control.as_deref());
                    Some(FetchedSet { keys, fetched_at: now, fresh_until: now + fresh })
                }
                None => {
                    self.context.failed(PlatformFailure::KeySet);
                    None
                }
            },
            Err(Unavailable) => None,
        };
        record.under_way = false;
        if fetched.is_some() {
            record.set.clone_from(&fetched);
        }
        // If another request has given this one up, and fetched, its set stays.
        self.write(Some(lease), &record)?;
        Ok(fetched.map_or(Attempt::Failed, Attempt::Done))
    }

    /// Writes the record and gives its text, if it is still as it was before.
    fn write(
        &self,
        before: Option<String>,
        record: &FetchedKeys,
    ) -> Result<Option<String>, Unavailable> {
        let (since, kept) =
            record.set.as_ref().map_or((record.tried_at, LEASE), |set| (set.fetched_at, KEPT));
        let expires_at = since.saturating_add(kept);
        let (kind, key, value) = (RecordKind::ClientKeys, self.key.clone(), to_text(record)?);
        let text = value.clone();
        let write = match before {
            Some(expected) => Write::Replace { kind, key, expected, value, expires_at },
            None => Write::Insert { kind, key, value, expires_at },
        };
        Ok(self.context.commit(vec![write])?.then_some(text))
    }
}

/// What a request does about a record that has not expired. `seen` is the moment at which the set
/// was fetched that does not help.
fn next(record: Option<&FetchedKeys>, now: u64, seen: Option<u64>) -> Next {
    let Some(FetchedKeys { set, tried_at, under_way }) = record else { return Next::Fetch };
    let waits = *under_way && now < tried_at.saturating_add(LEASE);
    let early = now < tried_at.saturating_add(MINUTE);
    match (set, seen) {
        (Some(set), Some(seen)) if set.fetched_at != seen => Next::Use,
        (Some(set), None) if now < set.fresh_until || early => Next::Use,
        (Some(_), None) => Next::Fetch,
        (None, _) | (_, Some(_)) if waits => Next::Wait,
        (Some(_), Some(_)) if !early => Next::Fetch,
        _ => Next::Leave,
    }
}

/// The keys of a JWK set (RFC 7517 §5) that verify signatures. Others are skipped, and so is one
/// that is malformed, or private: the rest of the set must not suffer from it.
fn keys_of(text: &str) -> Option<Vec<Map<String, Value>>> {
    let mut set = jose::object(text.as_bytes())?;
    let Some(Value::Array(keys)) = set.remove("keys") else { return None };
    let usable = |key| match key {
        Value::Object(jwk) if matches!(PublicJwk::read(&jwk), Ok(Some(_))) => Some(jwk),
        _ => None,
    };
    Some(keys.into_iter().filter_map(usable).collect())
}

fn usable(set: FetchedSet) -> Fetched {
    let keys = set.keys.iter().filter_map(|jwk| PublicJwk::read(jwk).ok()?).collect();
    Fetched { keys, fetched_at: set.fetched_at }
}

/// For how long the `Cache-Control` header (RFC 9111 §5.2.2) allows to use an answer; milliseconds.
fn freshness(cache_control: Option<&str>) -> u64 {
    let (least, most) = FRESHNESS;
    let mut fresh = FRESH;
    for directive in cache_control.unwrap_or_default().split(',') {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        let name = name.trim();
        if name.eq_ignore_ascii_case("no-store") || name.eq_ignore_ascii_case("no-cache") {
            return least;
        }
        if name.eq_ignore_ascii_case("max-age") {
            let seconds: u64 = value.trim().trim_matches('"').parse().unwrap_or(0);
            fresh = seconds.saturating_mul(SECOND).clamp(least, most);
        }
    }
    fresh
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(set: Option<(u64, u64)>, tried_at: u64, under_way: bool) -> FetchedKeys {
        let set = set.map(|(fetched_at, fresh_until)| FetchedSet {
            keys: Vec::new(),
            fetched_at,
            fresh_until,
        });
        FetchedKeys { set, tried_at, under_way }
    }

    #[test]
    fn a_set_is_fetched_when_it_is_unknown_old_or_of_no_help_and_by_one_request_at_a_time() {
        let now = DAY;
        let fresh = (now - 5 * MINUTE, now + 5 * MINUTE);
        let old = (now - 15 * MINUTE, now - 5 * MINUTE);
        let helpless = |(fetched_at, _): (u64, u64)| Some(fetched_at);
        for (set, tried_at, under_way, seen, expected) in [
            (None, now, true, None, Next::Wait),
            (None, now + 5, true, None, Next::Wait),
            (None, now, false, None, Next::Leave),
            (Some(fresh), now - 5 * MINUTE, false, None, Next::Use),
            (Some(old), now - 15 * MINUTE, false, None, Next::Fetch),
            (Some(old), now - MINUTE + 1, false, None, Next::Use),
            (Some(old), now, true, None, Next::Use),
            (Some(fresh), now - 5 * MINUTE, false, helpless(fresh), Next::Fetch),
            (Some(fresh), now - MINUTE + 1, false, helpless(fresh), Next::Leave),
            (Some(fresh), now - MINUTE, false, helpless(fresh), Next::Fetch),
            (Some(fresh), now, true, helpless(fresh), Next::Wait),
            (Some(fresh), now - LEASE, true, helpless(fresh), Next::Leave),
            (Some(fresh), now, false, helpless(old), Next::Use),
        ] {
            let case = (set, now - tried_at.min(now), under_way, seen);
            assert_eq!(
                next(Some(&record(set, tried_at, under_way)), now, seen),
                expected,
                "{case:?}"
            );
        }
        assert_eq!(next(None, now, None), Next::Fetch);
    }

    #[test]
    fn an_answer_says_how_long_it_is_fresh_from_a_minute_to_a_day() {
        for (header, expected) in [
            (None, FRESH),
            (Some(""), FRESH),
            (Some("public"), FRESH),
            (Some("max-age=300"), 5 * MINUTE),
            (Some("public, Max-Age=3600, must-revalidate"), 60 * MINUTE),
            (Some("max-age=\"120\""), 2 * MINUTE),
            (Some("max-age=0"), MINUTE),
            (Some("max-age=1e9"), MINUTE),
            (Some("max-age=99999999999999999999"), MINUTE),
            (Some("max-age=31536000"), DAY),
            (Some("max-age=3600, no-store"), MINUTE),
            (Some("no-cache"), MINUTE),
        ] {
            assert_eq!(freshness(header), expected, "{header:?}");
        }
    }
}
