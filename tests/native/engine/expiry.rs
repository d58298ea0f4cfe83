//! How expired records leave the store: with some of the requests, or when the host asks for it.

use super::harness::*;
use authlete_token::engine::{
    Expired, PlatformFailure::StoreExpire, RecordKind, Store as _, Write,
};
use authlete_token::{Error, ErrorCode};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

const HOUR: u64 = 3_600_000;

fn request_token(server: &Server) {
    ok(server.token(WEB, "grant_type=client_credentials"));
}

/// A server whose requests leave expired records alone.
fn without_sweep() -> Server {
    let server = server();
    Server { engine: server.engine.without_sweep(), ..server }
}

/// Adds records that expire in an hour.
fn fill(server: &Server, count: usize) {
    let insert = |key: usize| Write::Insert {
        kind: RecordKind::ChosenAccessToken,
        key: format!("filler-{key}"),
        value: "{}".into(),
        expires_at: server.now() + HOUR,
    };
    let writes: Vec<_> = (0..count).map(insert).collect();
    assert_eq!(server.store.commit(&writes, server.now()), Ok(true));
}

/// Counts the sweeps from now on.
fn sweeps(server: &Server) -> Arc<AtomicUsize> {
    let counted = Arc::new(AtomicUsize::new(0));
    let count = counted.clone();
    *server.switches.plan.lock().unwrap() = Some(Box::new(move |step| {
        count.fetch_add(usize::from(step == Step::Expire), SeqCst);
        Fate::Works
    }));
    counted
}

#[test]
fn under_steady_requests_the_store_holds_little_more_than_what_lives() {
    let server = server();
    request_token(&server);
    let each = server.store.len();
    // A token lives for an hour.
    for n in 0..2_000 {
        server.advance(HOUR / 40);
        request_token(&server);
        assert!(server.store.len() <= 40 * each + 64, "{} after {n}", server.store.len());
    }
}

#[test]
fn a_backlog_of_expired_records_shrinks_with_every_few_requests() {
    let server = server();
    request_token(&server);
    fill(&server, 2_000);
    server.advance(HOUR);
    let backlog = || server.store.dump().matches("filler-").count();
    for most in [1_750, 1_500, 1_250, 1_000, 750, 500, 250, 0] {
        for _ in 0..40 {
            request_token(&server);
        }
        assert!(backlog() <= most, "{} are left, not {most}", backlog());
    }
}

#[test]
fn one_request_of_many_sweeps() {
    let server = server();
    let counted = sweeps(&server);
    for _ in 0..320 {
        request_token(&server);
    }
    let counted = counted.load(SeqCst);
    assert!((5..=40).contains(&counted), "{counted} sweeps");
}

#[test]
fn an_engine_that_lives_for_one_request_only_sweeps_too() {
    let server = server();
    fill(&server, 100);
    server.advance(HOUR);
    let server = server.reconfigured(&config());
    request_token(&server);
    assert!(server.store.len() < 10);
}

#[test]
fn a_request_that_writes_nothing_does_not_sweep() {
    let server = server();
    let counted = sweeps(&server);
    server.refresh(WEB, "unknown");
    server.introspect("unknown");
    assert_eq!(counted.load(SeqCst), 0);
}

#[test]
fn without_sweep_no_request_removes_anything() {
    let server = without_sweep();
    let counted = sweeps(&server);
    for n in 1..200 {
        request_token(&server);
        server.advance(2 * HOUR);
        assert!(server.store.len() >= n);
    }
    assert_eq!(counted.load(SeqCst), 0);
}

#[test]
fn expire_removes_everything_that_has_expired_and_nothing_else_10_000_records_at_once() {
    for server in [server(), without_sweep()] {
        fill(&server, 10_001);
        server.advance(HOUR - 1);
        assert_eq!(server.engine.expire(), Ok(Expired { removed: 0, more: false }));
        let login = server.login(WEB, "web");
        let before = server.store.len();
        server.advance(1);
        assert_eq!(server.engine.expire(), Ok(Expired { removed: 10_000, more: true }));
        assert_eq!(server.store.len(), before - 10_000);
        assert_eq!(server.engine.expire(), Ok(Expired { removed: 1, more: false }));
        assert_eq!(server.engine.expire(), Ok(Expired { removed: 0, more: false }));
        assert!(server.is_active(text(&login, "access_token")));
        ok(server.refresh(WEB, text(&login, "refresh_token")));
    }
}

#[test]
fn expire_fails_with_the_store_and_the_host_hears_it() {
    let server = server();
    fill(&server, 1);
    server.advance(HOUR);
    server.switches.no_expire.store(true, SeqCst);
    let Error { code, status, .. } = server.engine.expire().unwrap_err();
    assert_eq!((code, status), (ErrorCode::HttpStatus, Some(500)));
    assert_eq!(*server.switches.failures.lock().unwrap(), [(StoreExpire, "expire")]);
    server.switches.no_expire.store(false, SeqCst);
    assert_eq!(server.engine.expire(), Ok(Expired { removed: 1, more: false }));
}
