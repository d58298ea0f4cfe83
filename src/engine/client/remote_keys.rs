//! The keys of a client with `jwks_uri`: when they are fetched, and how long they are kept.
//!
//! They are kept in the store, so that all instances of an engine share them. A request that sets
//! out to fetch them says so there first: so only one of many at the same time fetches, and a
//! stranger who sends assertions in a client's name can't make the engine call the client's server
//! more often than once a minute.

use crate::engine::context::{Context, Live, to_text};
use crate::engine::hash::storage_key;
use crate::engine::jose::{self, PublicJwk};
use crate::engine::platform::{Check, PlatformFailure, RecordKind, Unavailable, Write};
use crate::engine::records::FetchedKeys;
use crate::engine::result_code::{self, Refusal};
use crate::engine::service::Client;
use crate::text::{cut, digits, is_digits, pieces};
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

impl<'a> RemoteKeys<'a> {
    pub(super) fn of(context: &'a Context<'a>, client: &Client, uri: &'a str) -> Self {
        let key = storage_key(&format!("{} {uri}", client.number));
        RemoteKeys { context, uri, key }
    }

    /// The keys as they are known, or else as they are now. Without any, nobody can tell whether
    /// the client is who it says: that is not the client's fault.
    pub(super) async fn known(&self) -> Result<Fetched, Refusal> {
        let known = self.look(None).await?;
        let known = known.ok_or(result_code::CLIENT_KEYS_UNAVAILABLE);
        Ok(self.context.part(Check::ClientKeys, known)?)
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
            let (before, record) = match found {
                Some(Live { text, data, .. }) => (Some(text), data),
                None => (None, FetchedKeys::default()),
            };
            match next(&record, self.context.now, seen) {
                Next::Use => return Ok(self.noted("stored", usable(&record))),
                Next::Leave => return Ok(None),
                Next::Wait => self.context.pause().await,
                Next::Fetch => {
                    if let Some(record) = self.attempt(before, record).await? {
                        // After a failure these are the old keys, which are better than none, but
                        // not newer than themselves.
                        let helps = seen != Some(record.fetched_at);
                        let how = if record.fetched_at == self.context.now {
                            "fetched"
                        } else {
                            "stored"
                        };
                        return Ok(self.noted(how, usable(&record).filter(|_| helps)));
                    }
                }
            }
        }
        Ok(None)
    }

    /// Notes where keys come from.
    fn noted(&self, how: &'static str, keys: Option<Fetched>) -> Option<Fetched> {
        keys.inspect(|_| self.context.passed(Check::ClientKeys, how))
    }

    /// Fetches the set; the record is what is known after that. `None` if another request has set
    /// out at the same time.
    async fn attempt(
        &self,
        before: Option<String>,
        mut record: FetchedKeys,
    ) -> Result<Option<FetchedKeys>, Unavailable> {
        let now = self.context.now;
        (record.tried_at, record.under_way) = (now, true);
        let Some(lease) = self.write(before, &record)? else { return Ok(None) };
        if let Ok(document) = self.context.fetch(self.uri).await {
            match set_of(&document.text) {
                Some(set) => {
                    let fresh = freshness(document.cache_control.as_deref());
                    record.set = jose::text_of(&Value::Object(set));
                    (record.fetched_at, record.fresh_until) = (now, now.saturating_add(fresh));
                }
                None => drop(self.context.failed(PlatformFailure::KeySet)),
            }
        }
        record.under_way = false;
        // If another request has given this one up, and fetched, its set stays.
        self.write(Some(lease), &record)?;
        Ok(Some(record))
    }

    /// Writes the record and gives its text, if it is still as it was before.
    fn write(
        &self,
        before: Option<String>,
        record: &FetchedKeys,
    ) -> Result<Option<String>, Unavailable> {
        let text = to_text(record)?;
        let (since, kept) = if record.set.is_empty() {
            (record.tried_at, LEASE)
        } else {
            (record.fetched_at, KEPT)
        };
        let expires_at = since.saturating_add(kept);
        let (kind, key, value) = (RecordKind::ClientKeys, self.key.clone(), text.clone());
        let write = match before {
            Some(expected) => Write::Replace { kind, key, expected, value, expires_at },
            None => Write::Insert { kind, key, value, expires_at },
        };
        Ok(self.context.commit(vec![write])?.then_some(text))
    }
}

/// What a request does about a record. `seen` is the moment at which the set was fetched that does
/// not help.
fn next(record: &FetchedKeys, now: u64, seen: Option<u64>) -> Next {
    let tried_within = |time| now < record.tried_at.saturating_add(time);
    let known = !record.set.is_empty();
    match seen {
        Some(seen) if known && record.fetched_at != seen => return Next::Use,
        None if known && (now < record.fresh_until || tried_within(MINUTE)) => return Next::Use,
        None if known => return Next::Fetch,
        _ if record.under_way && tried_within(LEASE) => return Next::Wait,
        _ => {}
    }
    if tried_within(if known { MINUTE } else { LEASE }) { Next::Leave } else { Next::Fetch }
}

/// The part of a JWK set (RFC 7517 §5) that verifies signatures. Other keys are skipped, and so is
/// one that is malformed, or private: the rest of the set must not suffer from it.
fn set_of(text: &str) -> Option<Map<String, Value>> {
    let mut set = jose::object(text.as_bytes())?;
    let keys = set.get_mut("keys")?.as_array_mut()?;
    keys.retain(|jwk| key_of(jwk).is_some());
    set.retain(|name, _| name == "keys");
    Some(set)
}

fn key_of(jwk: &Value) -> Option<PublicJwk> {
    PublicJwk::read(jwk.as_object()?).ok()?
}

/// The keys of a record, if there is a set.
fn usable(record: &FetchedKeys) -> Option<Fetched> {
    let set = jose::object(record.set.as_bytes())?;
    let keys = set.get("keys")?.as_array()?.iter().filter_map(key_of).collect();
    Some(Fetched { keys, fetched_at: record.fetched_at })
}

/// For how long the `Cache-Control` header (RFC 9111 §5.2.2) allows to use an answer; milliseconds.
fn freshness(cache_control: Option<&str>) -> u64 {
    let (least, most) = FRESHNESS;
    let mut fresh = FRESH;
    for directive in pieces(cache_control.unwrap_or_default(), b',') {
        let (name, value) = cut(directive, b'=');
        let name = name.trim_ascii();
        if name.eq_ignore_ascii_case("no-store") || name.eq_ignore_ascii_case("no-cache") {
            return least;
        }
        if name.eq_ignore_ascii_case("max-age") {
            let value = value.unwrap_or_default().trim_ascii();
            // A number that is too large means the largest one (RFC 9111 §1.2.2).
            let largest = if is_digits(value) { u64::MAX } else { 0 };
            let seconds = digits(value).unwrap_or(largest);
            fresh = seconds.saturating_mul(SECOND).clamp(least, most);
        }
    }
    fresh
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(set: Option<(u64, u64)>, tried_at: u64, under_way: bool) -> FetchedKeys {
        let (fetched_at, fresh_until) = set.unwrap_or_default();
        let set = if set.is_some() { r#"{"keys":[]}"#.to_owned() } else { String::new() };
        FetchedKeys { set, fetched_at, fresh_until, tried_at, under_way }
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
            assert_eq!(next(&record(set, tried_at, under_way), now, seen), expected, "{case:?}");
        }
        assert_eq!(next(&FetchedKeys::default(), now, None), Next::Fetch);
    }

    #[test]
    fn an_answer_says_how_long_it_is_fresh_from_a_minute_to_a_day() {
        for (header, expected) in [
            (None, FRESH),
            (Some(""), FRESH),
            (Some("public"), FRESH),
            (Some("max-age=300"), 5 * MINUTE),
            (Some("public, Max-Age=3600, must-revalidate"), 60 * MINUTE),
            (Some("max-age"), MINUTE),
            (Some("max-age=\"120\""), MINUTE),
            (Some("max-age=0"), MINUTE),
            (Some("max-age=1e9"), MINUTE),
            (Some("max-age=99999999999999999999"), DAY),
            (Some("max-age=31536000"), DAY),
            (Some("max-age=3600, no-store"), MINUTE),
            (Some("no-cache"), MINUTE),
        ] {
            assert_eq!(freshness(header), expected, "{header:?}");
        }
    }
}
