//! A store in memory, for native use and tests.

use super::Unavailable;
use super::{Record, RecordKind, Store, Write};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A [`Store`] that lives as long as its value. It may be shared between threads.
#[derive(Default)]
pub struct MemoryStore {
    tables: Mutex<Tables>,
}

type Id = (RecordKind, String);

#[derive(Default)]
struct Tables {
    records: BTreeMap<Id, Record>,
    by_expiry: BTreeSet<(u64, Id)>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of records.
    pub fn len(&self) -> usize {
        self.lock().records.len()
    }

    /// Whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All records, for people: one line each, with kind, key, expiry and value.
    pub fn dump(&self) -> String {
        let line = |((kind, key), record): (&Id, &Record)| {
            format!("{} {key} {} {}\n", kind.as_str(), record.expires_at, record.value)
        };
        self.lock().records.iter().map(line).collect()
    }

    // If another thread panicked with the lock, the tables are still whole: a step checks
    // everything first, and then only inserts and removes.
    fn lock(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn get(&self, kind: RecordKind, key: &str) -> Result<Option<Record>, Unavailable> {
        Ok(self.lock().records.get(&(kind, key.to_owned())).cloned())
    }

    fn commit(&self, writes: &[Write], now_ms: u64) -> Result<bool, Unavailable> {
        let mut tables = self.lock();
        let Some(changed) = tables.judge(writes, now_ms) else { return Ok(false) };
        for (id, record) in changed {
            tables.put(id, record);
        }
        Ok(true)
    }

    fn expire(&self, now_ms: u64, limit: usize) -> Result<usize, Unavailable> {
        let mut tables = self.lock();
        for removed in 0..limit {
            match tables.by_expiry.first() {
                Some((expires_at, id)) if *expires_at <= now_ms => {
                    let id = id.clone();
                    tables.put(id, None);
                }
                _ => return Ok(removed),
            }
        }
        Ok(limit)
    }
}

impl Tables {
    /// The records that a step names, as they are after it; `None` if a condition does not hold.
    fn judge(&self, writes: &[Write], now_ms: u64) -> Option<BTreeMap<Id, Option<Record>>> {
        let mut changed: BTreeMap<Id, Option<Record>> = BTreeMap::new();
        for write in writes {
            let (Write::Insert { kind, key, .. }
            | Write::Replace { kind, key, .. }
            | Write::Consume { kind, key }
            | Write::Delete { kind, key }) = write;
            let id = (*kind, key.clone());
            let present = changed.get(&id).map_or_else(|| self.records.get(&id), Option::as_ref);
            let live = present.filter(|record| record.expires_at > now_ms);
            let (holds, after) = match write {
                Write::Insert { value, expires_at, .. } => {
                    (live.is_none(), Some((value, *expires_at)))
                }
                Write::Replace { expected, value, expires_at, .. } => (
                    live.is_some_and(|record| record.value == *expected),
                    Some((value, *expires_at)),
                ),
                Write::Consume { .. } => (live.is_some(), None),
                Write::Delete { .. } => (true, None),
            };
            if !holds {
                return None;
            }
            changed.insert(
                id,
                after.map(|(value, expires_at)| Record { value: value.clone(), expires_at }),
            );
        }
        Some(changed)
    }

    /// Replaces the record, or removes it for `None`.
    fn put(&mut self, id: Id, record: Option<Record>) {
        if let Some(before) = self.records.remove(&id) {
            self.by_expiry.remove(&(before.expires_at, id.clone()));
        }
        if let Some(record) = record {
            self.by_expiry.insert((record.expires_at, id.clone()));
            self.records.insert(id, record);
        }
    }
}
