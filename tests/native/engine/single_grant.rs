//! `singleAccessTokenPerSubject`: a client has tokens from only one login of a user.

use super::harness::*;
use authlete_token::engine::{RecordKind, Store};
use serde_json::{Value, json};

/// Each client has one grant per user.
fn single_config() -> Value {
    let mut config = config();
    config["service"]["singleAccessTokenPerSubject"] = true.into();
    config
}

fn single() -> Server {
    start(&single_config())
}

/// The tokens of a login.
fn login(server: &Server, by: By, client: &str, subject: &str) -> Value {
    let code = server.code(client, json!({ "subject": subject }));
    content(&ok(server.redeem(by, &code)))
}

fn is_good(server: &Server, by: By, tokens: &Value) -> bool {
    let active = server.is_active(text(tokens, "access_token"));
    let answer = server.refresh(by, text(tokens, "refresh_token"));
    let fresh = answer["action"] != "BAD_REQUEST";
    if !fresh {
        assert_no_good(&answer, "A053302");
    }
    assert_eq!(active, fresh, "both tokens, or none: {answer}");
    active
}

#[test]
fn a_login_ends_the_one_before_of_the_same_user_at_the_same_client_and_no_other() {
    let server = single();
    let before = login(&server, WEB, "web", "user-1");
    let others = [
        (WEB, login(&server, WEB, "web", "user-2")),
        (WEB, login(&server, WEB, "web", "user-1 ")),
        (SPA, login(&server, SPA, "spa", "user-1")),
    ];
    let own = ok(server.token(WEB, "grant_type=client_credentials"));
    let after = login(&server, WEB, "web", "user-1");
    assert!(!is_good(&server, WEB, &before));
    assert!(is_good(&server, WEB, &after));
    for (by, tokens) in &others {
        assert!(is_good(&server, *by, tokens));
    }
    ok(server.token(WEB, "grant_type=client_credentials"));
    assert!(server.is_active(text(&own, "accessToken")), "it is nobody's");
}

#[test]
fn a_refresh_ends_nothing_but_what_it_always_ends() {
    let server = single();
    let mut tokens = login(&server, WEB, "web", "user-1");
    for _ in 0..3 {
        let next = content(&ok(server.refresh(WEB, text(&tokens, "refresh_token"))));
        assert!(!server.is_active(text(&tokens, "access_token")));
        tokens = next;
    }
    assert!(is_good(&server, WEB, &tokens));
}

#[test]
fn a_password_ends_the_login_before_as_a_code_does() {
    let server = single();
    let before = login(&server, WEB, "web", "user-1");
    let pending = server.token(WEB, "grant_type=password&username=a&password=b");
    assert!(server.is_active(text(&before, "access_token")), "the password is not checked yet");
    let body = json!({ "ticket": pending["ticket"], "subject": "user-1" });
    let after = content(&ok(server.api("/auth/token/issue", &body)));
    assert!(!is_good(&server, WEB, &before));
    assert!(is_good(&server, WEB, &after));
}

#[test]
fn one_client_alone_can_be_held_to_it() {
    let mut config = config();
    config["clients"][0]["authlete_single_access_token_per_subject"] = true.into();
    let server = start(&config);
    let (web, spa) = (login(&server, WEB, "web", "user-1"), login(&server, SPA, "spa", "user-1"));
    login(&server, WEB, "web", "user-1");
    login(&server, SPA, "spa", "user-1");
    assert!(!is_good(&server, WEB, &web));
    assert!(is_good(&server, SPA, &spa));
}

#[test]
fn a_login_is_known_for_as_long_as_refreshes_keep_it_alive() {
    let server = single();
    let mut tokens = login(&server, WEB, "web", "user-1");
    for _ in 0..5 {
        server.advance(800_000_000);
        server.store.expire(server.now(), usize::MAX).unwrap();
        tokens = content(&ok(server.refresh(WEB, text(&tokens, "refresh_token"))));
    }
    let after = login(&server, WEB, "web", "user-1");
    assert!(!is_good(&server, WEB, &tokens));
    assert!(is_good(&server, WEB, &after));
    // And no longer.
    server.advance(864_000_000);
    server.store.expire(server.now(), usize::MAX).unwrap();
    assert!(server.store.is_empty(), "{}", server.store.dump());
}

#[test]
fn a_login_is_known_for_as_long_as_the_host_has_asked_for() {
    let server = single();
    for token in ["accessTokenDuration", "refreshTokenDuration"] {
        let mut call = token_call(WEB, &redemption(&server.code("web", json!({}))));
        call[token] = 10_000_000.into();
        let before = ok(server.api("/auth/token", &call));
        server.advance(9_000_000_000);
        server.store.expire(server.now(), usize::MAX).unwrap();
        login(&server, WEB, "web", "user-1");
        assert!(!server.is_active(text(&before, "accessToken")));
        assert_no_good(&server.refresh(WEB, text(&before, "refreshToken")), "A053302");
    }
}

#[test]
fn logins_from_before_it_was_switched_on_count_from_their_next_refresh_on() {
    let before = server();
    let logins = [(); 3].map(|()| login(&before, WEB, "web", "user-1"));
    let server = before.reconfigured(&single_config());
    let first = content(&ok(server.refresh(WEB, text(&logins[0], "refresh_token"))));
    let second = content(&ok(server.refresh(WEB, text(&logins[1], "refresh_token"))));
    assert!(!is_good(&server, WEB, &first));
    assert!(is_good(&server, WEB, &second));
}

#[test]
fn a_revoked_or_replayed_login_does_not_stand_in_the_way_of_the_next() {
    let server = single();
    let revoked = login(&server, WEB, "web", "user-1");
    server.engine.revoke(text(&revoked, "refresh_token")).unwrap();
    let code = server.code("web", json!({}));
    let next = content(&ok(server.redeem(WEB, &code)));
    assert!(server.is_active(text(&next, "access_token")));
    let last = login(&server, WEB, "web", "user-1");
    // The code of a login that has ended ends nothing any more.
    server.advance(20_000);
    assert_no_good(&server.redeem(WEB, &code), "A050305");
    assert!(is_good(&server, WEB, &last));
}

#[test]
fn the_store_learns_no_more_about_the_user_than_a_hash() {
    let server = single();
    login(&server, WEB, "web", "somebody@example.com");
    let dump = server.store.dump();
    let kind = RecordKind::CurrentGrant.as_str();
    let line = dump.lines().find(|line| line.starts_with(kind)).unwrap();
    assert!(!line.contains("somebody"), "{line}");
}

#[test]
fn a_renewal_is_made_again_until_another_login_ends_it() {
    let mut config = single_config();
    config["service"]["refreshTokenIdempotent"] = true.into();
    let server = start(&config);
    let old = login(&server, WEB, "web", "user-1");
    let first = ok(server.refresh(WEB, text(&old, "refresh_token")));
    let again = ok(server.refresh(WEB, text(&old, "refresh_token")));
    assert_eq!(again["accessToken"], first["accessToken"]);
    let last = login(&server, WEB, "web", "user-1");
    assert_no_good(&server.refresh(WEB, text(&old, "refresh_token")), "A053302");
    assert!(!server.is_active(text(&first, "accessToken")));
    assert!(is_good(&server, WEB, &last));
}

/// The answers to different good codes that are redeemed at once leave one login.
fn assert_one_is_left(server: &Server, answers: &[Value]) {
    let tokens: Vec<Value> = answers.iter().map(|answer| content(&ok(answer.clone()))).collect();
    let active = tokens.iter().filter(|tokens| server.is_active(text(tokens, "access_token")));
    assert_eq!(active.count(), 1);
    assert_eq!(tokens.iter().filter(|tokens| is_good(server, WEB, tokens)).count(), 1);
}

#[test]
fn of_logins_at_once_every_code_is_good_and_one_login_is_left() {
    let server = single();
    login(&server, WEB, "web", "user-1");
    let bodies: Vec<String> = (0..10)
        .map(|_| token_call(WEB, &redemption(&server.code("web", json!({})))).to_string())
        .collect();
    let sent = bodies.into_iter().map(|body| server.send("/auth/token", body)).collect();
    let answers: Vec<Value> = wait_for_all(sent)
        .iter()
        .map(|answer| serde_json::from_slice(&answer.body).unwrap())
        .collect();
    assert_one_is_left(&server, &answers);
}

#[test]
fn of_logins_in_many_threads_every_code_is_good_and_one_login_is_left() {
    let server = single();
    let codes: Vec<String> = (0..20).map(|_| server.code("web", json!({}))).collect();
    let answers: Vec<Value> = std::thread::scope(|scope| {
        let redeem = |code: &String| server.redeem(WEB, code);
        let threads: Vec<_> = codes.iter().map(|code| scope.spawn(move || redeem(code))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_one_is_left(&server, &answers);
}

/// Between its last look at the store and its commit, other logins get in, again and again: that
/// takes several processes.
#[test]
fn a_login_that_is_overtaken_at_the_last_moment_is_decided_again_as_often_as_it_takes() {
    let server = single();
    let pending = server.token(WEB, "grant_type=password&username=a&password=b");
    let ticket = json!({ "ticket": pending["ticket"], "subject": "user-1" });
    let redemption = token_call(WEB, &redemption(&server.code("web", json!({}))));
    for (path, body) in [("/auth/token", redemption), ("/auth/token/issue", ticket)] {
        let rival = server.reconfigured(&single_config());
        let (sender, rivals) = std::sync::mpsc::channel();
        server.before_commits(10, move || sender.send(rival.login(WEB, "web")).unwrap());
        let overtaken = content(&ok(server.api(path, &body)));
        let rivals: Vec<Value> = rivals.try_iter().collect();
        assert_eq!(rivals.len(), 10);
        for rival in rivals {
            assert!(!server.is_active(text(&rival, "access_token")));
        }
        assert!(is_good(&server, WEB, &overtaken));
    }
}
