//! `refreshTokenIdempotent`: a refresh whose answer was lost, or that several requests ask for at
//! once, brings the same tokens again.

use super::harness::*;
use authlete_token::engine::RecordKind;
use serde_json::{Value, json};
use std::sync::atomic::Ordering::SeqCst;

/// How long it lasts, in milliseconds.
const WINDOW: u64 = 60_000;

fn idempotent() -> Server {
    let mut config = config();
    config["service"]["refreshTokenIdempotent"] = true.into();
    start(&config)
}

fn refresh(server: &Server, by: By, token: &str, more: &str) -> Value {
    server.token(by, &format!("grant_type=refresh_token&refresh_token={token}{more}"))
}

/// Asserts that reuse was noticed: the family is dead, and the answer says why.
fn assert_reuse(server: &Server, by: By, token: &str) {
    let answer = refresh(server, by, token, "");
    assert_no_good(&answer, "A053302");
    assert_eq!(answer["previousRefreshTokenUsed"], true);
}

#[test]
fn a_lost_answer_is_given_again_with_the_same_tokens_and_what_is_left_of_their_time() {
    for (by, client) in [(WEB, "web"), (SPA, "spa")] {
        let server = idempotent();
        let old = server.login(by, client);
        let first = ok(refresh(&server, by, text(&old, "refresh_token"), ""));
        assert!(first.get("previousRefreshTokenUsed").is_none());
        server.advance(20_000);
        let again = ok(refresh(&server, by, text(&old, "refresh_token"), ""));
        assert_eq!(again["previousRefreshTokenUsed"], true);
        for same in [
            "accessToken",
            "refreshToken",
            "accessTokenExpiresAt",
            "refreshTokenExpiresAt",
            "scopes",
            "subject",
            "action",
            "resultCode",
        ] {
            assert_eq!(again[same], first[same], "{same}");
        }
        assert_eq!(content(&again)["expires_in"], 3580);
        assert_eq!(content(&again)["refresh_token"], first["refreshToken"]);
        assert!(server.is_active(text(&again, "accessToken")));
        assert!(!server.is_active(text(&old, "access_token")));
        ok(refresh(&server, by, text(&again, "refreshToken"), ""));
    }
}

#[test]
fn five_requests_at_once_all_get_the_tokens_of_the_first() {
    let server = idempotent();
    let old = server.login(WEB, "web");
    let body = token_call(
        WEB,
        &format!("grant_type=refresh_token&refresh_token={}", text(&old, "refresh_token")),
    );
    let sent = (0..5).map(|_| server.send("/auth/token", body.to_string())).collect();
    let answers: Vec<Value> = wait_for_all(sent)
        .iter()
        .map(|answer| serde_json::from_slice(&answer.body).unwrap())
        .collect();
    for answer in &answers {
        assert_eq!(ok(answer.clone())["refreshToken"], answers[0]["refreshToken"]);
    }
    ok(refresh(&server, WEB, text(&answers[4], "refreshToken"), ""));
}

#[test]
fn the_first_use_of_the_new_refresh_token_ends_it() {
    let server = idempotent();
    let old = server.login(WEB, "web");
    let second = ok(refresh(&server, WEB, text(&old, "refresh_token"), ""));
    let third = ok(refresh(&server, WEB, text(&second, "refreshToken"), ""));
    assert_reuse(&server, WEB, text(&old, "refresh_token"));
    assert_no_good(&refresh(&server, WEB, text(&third, "refreshToken"), ""), "A053302");
    assert!(!server.is_active(text(&third, "accessToken")));
}

#[test]
fn after_a_minute_it_is_reuse_and_the_family_dies() {
    let server = idempotent();
    let old = server.login(WEB, "web");
    let second = ok(refresh(&server, WEB, text(&old, "refresh_token"), ""));
    server.advance(WINDOW - 1);
    ok(refresh(&server, WEB, text(&old, "refresh_token"), ""));
    server.advance(1);
    assert_reuse(&server, WEB, text(&old, "refresh_token"));
    assert_no_good(&refresh(&server, WEB, text(&second, "refreshToken"), ""), "A053302");
}

#[test]
fn other_scopes_or_resources_are_refused_and_end_nothing() {
    let server = idempotent();
    let resources = json!({ "resource": ["https://a.example", "https://b.example"] });
    let old = content(&ok(server.redeem(WEB, &server.code("web", resources))));
    let token = text(&old, "refresh_token");
    let first =
        ok(refresh(&server, WEB, token, "&scope=orders.read&resource=https%3A%2F%2Fa.example"));
    for other in [
        "",
        "&scope=orders.read",
        "&scope=orders.read&resource=https%3A%2F%2Fb.example",
        "&scope=openid&resource=https%3A%2F%2Fa.example",
        "&scope=admin&resource=https%3A%2F%2Fa.example",
    ] {
        assert_no_good(&refresh(&server, WEB, token, other), "A053302");
    }
    let again = refresh(&server, WEB, token, "&scope=orders.read&resource=https%3A%2F%2Fa.example");
    assert_eq!(ok(again)["refreshToken"], first["refreshToken"]);
    ok(refresh(&server, WEB, text(&first, "refreshToken"), ""));
}

#[test]
fn another_client_and_a_revoked_grant_get_nothing() {
    let server = idempotent();
    let old = server.login(WEB, "web");
    let first = ok(refresh(&server, WEB, text(&old, "refresh_token"), ""));
    assert_no_good(&refresh(&server, POST, text(&old, "refresh_token"), ""), "A053302");
    ok(refresh(&server, WEB, text(&old, "refresh_token"), ""));
    server.engine.revoke(text(&first, "accessToken")).unwrap();
    assert_no_good(&refresh(&server, WEB, text(&old, "refresh_token"), ""), "A053302");
}

#[test]
fn what_is_stored_makes_no_token_and_goes_with_the_first_use_or_the_minute() {
    let server = idempotent();
    let old = server.login(WEB, "web");
    let first = ok(refresh(&server, WEB, text(&old, "refresh_token"), ""));
    let renewals = || {
        let dump = server.store.dump();
        for secret in
            [text(&old, "refresh_token"), text(&first, "refreshToken"), text(&first, "accessToken")]
        {
            assert!(!dump.contains(secret));
        }
        dump.lines().filter(|line| line.starts_with(RecordKind::Renewal.as_str())).count()
    };
    assert_eq!(renewals(), 1);
    let second = ok(refresh(&server, WEB, text(&first, "refreshToken"), ""));
    assert_eq!(renewals(), 1, "the one before went with the first use");
    server.advance(WINDOW);
    ok(refresh(&server, WEB, text(&second, "refreshToken"), ""));
    assert_eq!(renewals(), 1, "swept away, and one for the last");
}

#[test]
fn the_answer_that_a_failing_store_has_cost_comes_with_the_repetition() {
    let server = idempotent();
    let old = server.login(WEB, "web");
    server.switches.no_commit.store(true, SeqCst);
    assert_eq!(
        refresh(&server, WEB, text(&old, "refresh_token"), "")["action"],
        "INTERNAL_SERVER_ERROR"
    );
    server.switches.no_commit.store(false, SeqCst);
    let first = ok(refresh(&server, WEB, text(&old, "refresh_token"), ""));
    assert!(first.get("previousRefreshTokenUsed").is_none());
    // A repetition only reads.
    server.switches.no_commit.store(true, SeqCst);
    let again = ok(refresh(&server, WEB, text(&old, "refresh_token"), ""));
    assert_eq!(again["accessToken"], first["accessToken"]);
}

#[test]
fn an_access_token_that_the_host_chose_can_not_be_made_again() {
    let server = idempotent();
    let old = server.login(WEB, "web");
    let mut call = token_call(
        WEB,
        &format!("grant_type=refresh_token&refresh_token={}", text(&old, "refresh_token")),
    );
    call["accessToken"] = "chosen-by-the-host".into();
    ok(server.api("/auth/token", &call));
    assert_reuse(&server, WEB, text(&old, "refresh_token"));
}

#[test]
fn the_order_of_scopes_and_resources_makes_no_other_request() {
    const A: &str = "&resource=https%3A%2F%2Fa.example";
    const B: &str = "&resource=https%3A%2F%2Fb.example";
    let server = idempotent();
    let code =
        server.code("web", json!({ "resource": ["https://a.example", "https://b.example"] }));
    let login = ok(server.redeem(WEB, &code));
    let old = text(&login, "refreshToken");
    let mut scopes: Vec<&str> =
        login["scopes"].as_array().unwrap().iter().map(|scope| scope.as_str().unwrap()).collect();
    assert!(scopes.len() > 1);
    let first = ok(refresh(&server, WEB, old, ""));
    scopes.reverse();
    let reversed = format!("&scope={}", scopes.join("+"));
    for same in [reversed.as_str(), &format!("{B}{A}"), &format!("{A}{B}{reversed}")] {
        assert_eq!(ok(refresh(&server, WEB, old, same))["accessToken"], first["accessToken"]);
    }
    assert_no_good(&refresh(&server, WEB, old, B), "A053393");
    assert_no_good(&refresh(&server, WEB, old, &format!("&scope={}", scopes[0])), "A053393");
}

#[test]
fn a_renewal_outlives_a_short_access_token_and_the_old_refresh_token() {
    for (access, refresh_duration) in [(10, 864_000), (3600, 30)] {
        let mut config = config();
        config["service"]["refreshTokenIdempotent"] = true.into();
        config["service"]["accessTokenDuration"] = access.into();
        config["service"]["refreshTokenDuration"] = refresh_duration.into();
        let server = start(&config);
        let old = server.login(WEB, "web");
        server.advance(20_000);
        let first = ok(refresh(&server, WEB, text(&old, "refresh_token"), ""));
        server.advance(15_000);
        let again = ok(refresh(&server, WEB, text(&old, "refresh_token"), ""));
        assert_eq!(again["refreshToken"], first["refreshToken"]);
        assert_eq!(again["accessToken"], first["accessToken"]);
        let left = if access == 10 { 0 } else { 3585 };
        assert_eq!(content(&again)["expires_in"], left);
        assert_eq!(server.is_active(text(&again, "accessToken")), left > 0);
        ok(refresh(&server, WEB, text(&again, "refreshToken"), ""));
    }
}
