//! What every store must do: the same sentences for each of them
//! (`tests/js/engine/stores.behaviours.mjs` has them for those in JavaScript).

use super::platform::{Switches, TestStore};
use authlete_token::engine::{MemoryStore, Record, RecordKind, Store, Unavailable, Write};
use serde_json::json;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Barrier};

/// Each behaviour as a test of each store.
macro_rules! every_store {
    ($($sentence:ident)*) => {
        mod memory_store {
            $(#[test]
            fn $sentence() {
                super::$sentence(&super::MemoryStore::new());
            })*
        }
        mod store_of_the_tests {
            $(#[test]
            fn $sentence() {
                super::$sentence(&super::TestStore(Default::default(), Default::default()));
            })*
        }
    };
}

every_store! {
    a_record_comes_back_unchanged_whatever_its_texts_and_its_expiry
    records_of_another_kind_or_key_are_others
    an_insert_takes_the_place_of_an_expired_record_and_of_no_other
    a_replacement_needs_a_live_record_with_the_expected_value
    a_record_is_consumed_once_and_only_while_it_is_alive
    a_deletion_removes_any_record_and_misses_none
    a_step_whose_condition_does_not_hold_changes_nothing
    of_the_conditions_of_a_step_each_one_alone_makes_it_fail
    writes_to_one_record_in_one_step_build_on_each_other
    a_step_without_writes_holds
    only_expired_records_are_removed_and_counted
    no_more_records_are_removed_at_once_than_allowed
}

const KIND: RecordKind = RecordKind::Grant;
const LATEST: u64 = 8_640_000_000_000_000;

fn insert(key: &str, value: &str, expires_at: u64) -> Write {
    Write::Insert { kind: KIND, key: key.into(), value: value.into(), expires_at }
}

fn replace(key: &str, expected: &str, value: &str, expires_at: u64) -> Write {
    Write::Replace {
        kind: KIND,
        key: key.into(),
        expected: expected.into(),
        value: value.into(),
        expires_at,
    }
}

fn consume(key: &str) -> Write {
    Write::Consume { kind: KIND, key: key.into() }
}

fn delete(key: &str) -> Write {
    Write::Delete { kind: KIND, key: key.into() }
}

/// Value and expiry of a record.
fn found(store: &dyn Store, key: &str) -> Option<(String, u64)> {
    store.get(KIND, key).unwrap().map(|Record { value, expires_at }| (value, expires_at))
}

fn record(value: &str, expires_at: u64) -> Option<(String, u64)> {
    Some((value.to_owned(), expires_at))
}

fn applies(store: &dyn Store, now: u64, writes: &[Write]) {
    assert_eq!(store.commit(writes, now), Ok(true));
}

fn fails(store: &dyn Store, now: u64, writes: &[Write]) {
    assert_eq!(store.commit(writes, now), Ok(false));
}

fn a_record_comes_back_unchanged_whatever_its_texts_and_its_expiry(store: &dyn Store) {
    let large = "ä".repeat(1_000_000);
    let (long, odd) = ("k".repeat(1_024), "'\"\\ %_?1:\u{1}\u{2028}\u{e000}😀e\u{301}");
    for (key, value, expires_at) in [
        ("k", "{}", 1),
        ("", "", LATEST),
        (odd, odd, 0),
        (&long, &large, LATEST - 1),
        ("a b", " v\n", 1 << 40),
    ] {
        assert_eq!(found(store, key), None);
        applies(store, 0, &[insert(key, value, expires_at)]);
        assert_eq!(found(store, key), record(value, expires_at));
    }
}

fn records_of_another_kind_or_key_are_others(store: &dyn Store) {
    applies(
        store,
        0,
        &[insert("k", "lower", 10), insert("K", "upper", 10), insert("é", "composed", 10)],
    );
    applies(
        store,
        0,
        &[insert("e\u{301}", "decomposed", 10), insert("1", "text", 10), insert("01", "other", 10)],
    );
    for (key, value) in [
        ("k", "lower"),
        ("K", "upper"),
        ("é", "composed"),
        ("e\u{301}", "decomposed"),
        ("1", "text"),
    ] {
        assert_eq!(found(store, key), record(value, 10));
    }
    assert!(store.get(RecordKind::Ticket, "k").unwrap().is_none());
    let other = Write::Consume { kind: RecordKind::Ticket, key: "k".into() };
    fails(store, 0, &[other]);
    applies(store, 0, &[Write::Delete { kind: RecordKind::Ticket, key: "k".into() }]);
    assert_eq!(found(store, "k"), record("lower", 10));
}

fn an_insert_takes_the_place_of_an_expired_record_and_of_no_other(store: &dyn Store) {
    applies(store, 0, &[insert("k", "old", 10)]);
    fails(store, 9, &[insert("k", "new", 20)]);
    assert_eq!(found(store, "k"), record("old", 10));
    applies(store, 10, &[insert("k", "new", 20)]);
    assert_eq!(found(store, "k"), record("new", 20));
    // What remains of the old record must not remove the new one.
    store.expire(10, 10).unwrap();
    assert_eq!(found(store, "k"), record("new", 20));
}

fn a_replacement_needs_a_live_record_with_the_expected_value(store: &dyn Store) {
    fails(store, 0, &[replace("k", "old", "new", 20)]);
    applies(store, 0, &[insert("k", "old", 10)]);
    for (now, expected) in [(0, "Old"), (0, ""), (0, "new"), (10, "old")] {
        fails(store, now, &[replace("k", expected, "new", 20)]);
        assert_eq!(found(store, "k"), record("old", 10));
    }
    applies(store, 9, &[replace("k", "old", "new", 5)]);
    assert_eq!(found(store, "k"), record("new", 5));
}

fn a_record_is_consumed_once_and_only_while_it_is_alive(store: &dyn Store) {
    applies(store, 0, &[insert("k", "v", 10)]);
    fails(store, 10, &[consume("k")]);
    assert_eq!(found(store, "k"), record("v", 10));
    applies(store, 9, &[consume("k")]);
    assert_eq!(found(store, "k"), None);
    fails(store, 9, &[consume("k")]);
    applies(store, 9, &[insert("k", "again", 10)]);
}

fn a_deletion_removes_any_record_and_misses_none(store: &dyn Store) {
    applies(store, 0, &[insert("live", "v", 10), insert("expired", "v", 1)]);
    applies(store, 5, &[delete("live"), delete("expired"), delete("nothing")]);
    for key in ["live", "expired", "nothing"] {
        assert_eq!(found(store, key), None);
    }
    applies(store, 5, &[insert("live", "again", 10)]);
    assert_eq!(found(store, "live"), record("again", 10));
}

fn a_step_whose_condition_does_not_hold_changes_nothing(store: &dyn Store) {
    applies(store, 0, &[insert("a", "v", 10), insert("b", "v", 10)]);
    for last in [insert("a", "x", 20), replace("c", "v", "x", 20), consume("d")] {
        let changes = [insert("c", "x", 20), replace("a", "v", "x", 20), consume("b"), delete("b")];
        fails(store, 0, &[&changes[..], &[last]].concat());
        for (key, expected) in [("a", record("v", 10)), ("b", record("v", 10)), ("c", None)] {
            assert_eq!(found(store, key), expected, "{key}");
        }
    }
}

fn of_the_conditions_of_a_step_each_one_alone_makes_it_fail(store: &dyn Store) {
    applies(store, 0, &[insert("a", "v", 10), insert("b", "v", 10), insert("expired", "v", 1)]);
    let records = |expected: [Option<(String, u64)>; 5]| {
        assert_eq!(["a", "b", "expired", "none", "more"].map(|key| found(store, key)), expected);
    };
    for wrong in [
        insert("a", "x", 20),
        replace("b", "other", "x", 20),
        replace("expired", "v", "x", 20),
        replace("none", "v", "x", 20),
        consume("expired"),
        consume("none"),
    ] {
        fails(store, 5, std::slice::from_ref(&wrong));
        fails(store, 5, &[insert("more", "x", 20), wrong.clone(), delete("none")]);
        fails(store, 5, &[wrong, delete("none"), insert("more", "x", 20)]);
        records([record("v", 10), record("v", 10), record("v", 1), None, None]);
    }
    let good = [insert("expired", "x", 20), replace("a", "v", "x", 20), consume("b")];
    applies(store, 5, &[&good[..], &[insert("more", "x", 20), delete("none")]].concat());
    records([record("x", 20), None, record("x", 20), None, record("x", 20)]);
}

fn writes_to_one_record_in_one_step_build_on_each_other(store: &dyn Store) {
    fails(store, 0, &[insert("k", "1", 10), insert("k", "2", 10)]);
    assert_eq!(found(store, "k"), None);
    // A record that has expired when it is written does not exist for the write after it.
    applies(store, 10, &[insert("k", "1", 10), insert("k", "2", 20)]);
    applies(store, 10, &[replace("k", "2", "3", 20), replace("k", "3", "4", 20)]);
    assert_eq!(found(store, "k"), record("4", 20));
    fails(store, 10, &[replace("k", "4", "5", 20), replace("k", "4", "6", 20)]);
    fails(store, 10, &[consume("k"), consume("k")]);
    fails(store, 10, &[delete("k"), replace("k", "4", "5", 20)]);
    assert_eq!(found(store, "k"), record("4", 20));
    applies(store, 10, &[consume("k"), insert("k", "5", 20), insert("m", "1", 20), delete("m")]);
    assert_eq!((found(store, "k"), found(store, "m")), (record("5", 20), None));
    applies(store, 10, &[delete("k"), insert("k", "6", 20), consume("k")]);
    assert_eq!(found(store, "k"), None);
}

fn a_step_without_writes_holds(store: &dyn Store) {
    applies(store, 0, &[]);
}

fn only_expired_records_are_removed_and_counted(store: &dyn Store) {
    let key = |i: u64| format!("key-{i}");
    for i in 0..40 {
        applies(store, 0, &[insert(&key(i), "v", if i % 2 == 0 { LATEST } else { i })]);
    }
    applies(
        store,
        0,
        &[
            replace(&key(1), "v", "later", LATEST),
            replace(&key(0), "v", "sooner", 5),
            delete(&key(3)),
        ],
    );
    // 5, 7 … 19, and the one that now expires sooner.
    assert_eq!([(); 3].map(|()| store.expire(19, 6).unwrap()), [6, 3, 0]);
    let gone = |i: u64| i == 0 || (i % 2 == 1 && i != 1 && i <= 19);
    for i in 0..40 {
        assert_eq!(found(store, &key(i)).is_none(), gone(i), "{i}");
    }
}

fn no_more_records_are_removed_at_once_than_allowed(store: &dyn Store) {
    for i in 0..9 {
        applies(store, 0, &[insert(&i.to_string(), "v", 1)]);
    }
    assert_eq!(store.expire(1, 0), Ok(0));
    assert_eq!(store.expire(0, 4), Ok(0), "none has expired yet");
    for (removed, left) in [(4, 5), (4, 1), (1, 0), (0, 0)] {
        assert_eq!(store.expire(1, 4), Ok(removed));
        assert_eq!((0..9).filter(|i| found(store, &i.to_string()).is_some()).count(), left);
    }
}

#[test]
fn of_many_threads_that_consume_one_record_one_gets_it() {
    let store = MemoryStore::new();
    for round in 0..50 {
        applies(&store, 0, &[insert("k", "v", 10)]);
        let start = Barrier::new(4);
        let take = || {
            start.wait();
            store.commit(
                &[
                    consume("k"),
                    insert(&format!("{round}-{:?}", std::thread::current().id()), "v", 10),
                ],
                0,
            )
        };
        let won = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(take)).collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap().unwrap())
                .filter(|won| *won)
                .count()
        });
        assert_eq!((won, store.len()), (1, round + 1));
    }
}

#[test]
fn a_store_that_can_not_write_has_changed_nothing() {
    let switches = Arc::new(Switches::default());
    let store = TestStore(Arc::new(MemoryStore::new()), switches.clone());
    applies(&store, 0, &[insert("k", "v", 1)]);
    switches.no_commit.store(true, SeqCst);
    assert_eq!(store.commit(&[consume("k")], 0), Err(Unavailable));
    switches.no_expire.store(true, SeqCst);
    assert_eq!(store.expire(1, 1), Err(Unavailable));
    assert_eq!(found(&store, "k"), record("v", 1));
}

#[test]
fn a_write_reads_as_the_documented_json() {
    let common = json!({ "kind": "chosen_access_token", "key": "k" });
    let kind = RecordKind::ChosenAccessToken;
    let (key, value, expected) = (|| "k".to_owned(), || "{}".to_owned(), || "[]".to_owned());
    for (write, rest) in [
        (
            Write::Insert { kind, key: key(), value: value(), expires_at: 7 },
            json!({ "op": "insert", "value": "{}", "expires_at": 7 }),
        ),
        (
            Write::Replace {
                kind,
                key: key(),
                expected: expected(),
                value: value(),
                expires_at: 7,
            },
            json!({ "op": "replace", "expected": "[]", "value": "{}", "expires_at": 7 }),
        ),
        (Write::Consume { kind, key: key() }, json!({ "op": "consume" })),
        (Write::Delete { kind, key: key() }, json!({ "op": "delete" })),
    ] {
        let mut expected = common.clone();
        super::harness::merge(&mut expected, rest);
        assert_eq!(serde_json::to_value(&write).unwrap(), expected);
    }
}

#[test]
fn a_kind_has_one_name_in_writes_and_in_reads() {
    use RecordKind::{
        AssertionId, AttestationProofId, ChosenAccessToken, CurrentGrant, DpopProof, Grant,
        Renewal, SigningKey, Ticket, WindowSecret,
    };
    let kinds = [
        ChosenAccessToken,
        Ticket,
        Grant,
        CurrentGrant,
        Renewal,
        SigningKey,
        WindowSecret,
        AssertionId,
        AttestationProofId,
        DpopProof,
    ];
    for kind in kinds {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        assert!(kind.as_str().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
    }
}
