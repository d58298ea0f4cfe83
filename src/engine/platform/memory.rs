//! A store in memory, for native use and tests.

use super::Unavailable;
use super::{Kind, Record, Store, Write};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A [`Store`] that lives as long as its value. It may be shared between threads.
#[derive(Default)]
pub struct MemoryStore {
    tables: Mutex<Tables>,
}

type Id = (Kind, String);

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

    // A thread that panicked elsewhere left the tables whole: every step checks first and then only inserts and removes.
    fn lock(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn get(&self, kind: Kind, key: &str) -> Result<Option<Record>, Unavailable> {
        Ok(self.lock().records.get(&(kind, key.to_owned())).cloned())
    }

    fn commit(&self, writes: &[Write]) -> Result<bool, Unavailable> {
        let mut tables = self.lock();
        // Writes of one step are about different records, so all conditions can be checked before anything changes.
        if !writes.iter().all(|write| tables.allows(write)) {
            return Ok(false);
        }
        for write in writes {
            tables.apply(write);
        }
        Ok(true)
    }

    fn expire(&self, now_ms: u64, limit: usize) -> Result<(), Unavailable> {
        let mut tables = self.lock();
        for _ in 0..limit {
            match tables.by_expiry.first() {
                Some((expires_at, id)) if *expires_at <= now_ms => {
                    let id = id.clone();
                    tables.remove(&id);
                }
                _ => break,
            }
        }
        Ok(())
    }
}

impl Tables {
    fn allows(&self, write: &Write) -> bool {
        match write {
            Write::Insert { kind, key, .. } => !self.records.contains_key(&(*kind, key.clone())),
            Write::Replace { kind, key, expected, .. } => {
                self.records.get(&(*kind, key.clone())).is_some_and(|record| record.value == *expected)
            }
            Write::Consume { kind, key } => self.records.contains_key(&(*kind, key.clone())),
            Write::Delete { .. } => true,
        }
    }

    fn apply(&mut self, write: &Write) {
        match write {
            Write::Insert { kind, key, value, expires_at } | Write::Replace { kind, key, value, expires_at, .. } => {
                let id = (*kind, key.clone());
                self.remove(&id);
                self.by_expiry.insert((*expires_at, id.clone()));
                self.records.insert(id, Record { value: value.clone(), expires_at: *expires_at });
            }
            Write::Consume { kind, key } | Write::Delete { kind, key } => self.remove(&(*kind, key.clone())),
        }
    }

    fn remove(&mut self, id: &Id) {
        if let Some(record) = self.records.remove(id) {
            self.by_expiry.remove(&(record.expires_at, id.clone()));
        }
    }
}
