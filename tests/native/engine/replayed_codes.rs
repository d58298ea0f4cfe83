//! A code that is used again: that revokes all tokens from the first use, as long as any of them is
//! alive (RFC 6749 §4.1.2).

use super::harness::*;
use authlete_token::engine::Store;

use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

const DAY: u64 = 86_400_000;

fn assert_unknown_code(answer: &Value) {
    assert_no_good(answer, "A050305");
}

/// Asserts that neither token is accepted any more.
fn assert_ended(server: &Server, by: By, tokens: &Value) {
    assert!(!server.is_active(text(tokens, "access_token")));
    assert_no_good(&server.refresh(by, text(tokens, "refresh_token")), "A053302");
}

/// Removes everything that has expired.
fn sweep(server: &Server) {
    server.store.expire(server.switches.now.load(SeqCst), usize::MAX).unwrap();
}

#[test]
fn a_code_that_is_replayed_after_its_first_tokens_expired_ends_what_a_refresh_has_kept_alive() {
    for swept in [false, true] {
        let server = server();
        let code = server.code("web", json!({}));
        let first = content(&ok(server.redeem(WEB, &code)));
        server.advance(9 * DAY);
        let second = content(&ok(server.refresh(WEB, text(&first, "refresh_token"))));
        server.advance(2 * DAY);
        if swept {
            sweep(&server);
        }
        assert_unknown_code(&server.redeem(WEB, &code));
        assert_ended(&server, WEB, &second);
    }
}

#[test]
fn a_code_is_remembered_through_a_year_of_refreshes() {
    let server = server();
    let code = server.code("spa", json!({}));
    let mut tokens = content(&ok(server.redeem(SPA, &code)));
    for _ in 0..41 {
        server.advance(9 * DAY);
        sweep(&server);
        tokens = content(&ok(server.refresh(SPA, text(&tokens, "refresh_token"))));
    }
    assert_unknown_code(&server.redeem(SPA, &code));
    assert_ended(&server, SPA, &tokens);
}

#[test]
fn a_code_is_remembered_for_as_long_as_an_access_token_that_outlives_every_refresh_token() {
    let server = server();
    let code = server.code("web", json!({}));
    let first = content(&ok(server.redeem(WEB, &code)));
    let refresh =
        format!("grant_type=refresh_token&refresh_token={}", text(&first, "refresh_token"));
    let mut call = token_call(WEB, &refresh);
    call["accessTokenDuration"] = (100 * DAY / 1000).into();
    let second = ok(server.api("/auth/token", &call));
    server.advance(99 * DAY);
    sweep(&server);
    assert!(server.is_active(text(&second, "accessToken")));
    assert_unknown_code(&server.redeem(WEB, &code));
    assert!(!server.is_active(text(&second, "accessToken")));
}

#[test]
fn a_code_is_remembered_where_refresh_tokens_are_kept_and_where_there_are_none() {
    let mut kept = config();
    kept["service"]["refreshTokenKept"] = true.into();
    let server = start(&kept);
    let code = server.code("web", json!({}));
    let tokens = content(&ok(server.redeem(WEB, &code)));
    server.advance(9 * DAY);
    let fresh = content(&ok(server.refresh(WEB, text(&tokens, "refresh_token"))));
    sweep(&server);
    assert_unknown_code(&server.redeem(WEB, &code));
    assert_ended(&server, WEB, &fresh);

    let mut none = config();
    none["clients"][0]["grant_types"] = json!(["authorization_code"]);
    let server = start(&none);
    let code = server.code("web", json!({}));
    let tokens = content(&ok(server.redeem(WEB, &code)));
    server.advance(3_599_000);
    sweep(&server);
    assert_unknown_code(&server.redeem(WEB, &code));
    assert!(!server.is_active(text(&tokens, "access_token")));
}

#[test]
fn another_client_that_replays_a_code_long_after_revokes_nothing() {
    let server = server();
    let code = server.code("web", json!({}));
    let first = content(&ok(server.redeem(WEB, &code)));
    server.advance(9 * DAY);
    let second = content(&ok(server.refresh(WEB, text(&first, "refresh_token"))));
    server.advance(2 * DAY);
    assert_unknown_code(&server.redeem(POST, &code));
    ok(server.refresh(WEB, text(&second, "refresh_token")));
}

#[test]
fn what_belonged_to_a_revoked_grant_is_unknown_whenever_it_is_used_again() {
    let server = server();
    let code = server.code("web", json!({}));
    let first = content(&ok(server.redeem(WEB, &code)));
    let second = content(&ok(server.refresh(WEB, text(&first, "refresh_token"))));
    server.engine.revoke(text(&second, "access_token")).unwrap();
    for wait in [0, 20_000, DAY, 9 * DAY, 30 * DAY] {
        server.advance(wait);
        assert_unknown_code(&server.redeem(WEB, &code));
        for tokens in [&first, &second] {
            assert_ended(&server, WEB, tokens);
            server.engine.revoke(text(tokens, "refresh_token")).unwrap();
        }
    }
}

#[test]
fn a_replay_that_can_not_be_looked_up_or_acted_upon_is_a_500_and_no_quiet_refusal() {
    let faults: [fn(&Switches) -> &AtomicBool; 2] =
        [|switches| &switches.no_read, |switches| &switches.no_commit];
    for fault in faults {
        let server = server();
        let code = server.code("web", json!({}));
        let tokens = content(&ok(server.redeem(WEB, &code)));
        server.advance(20_000);
        fault(&server.switches).store(true, SeqCst);
        assert_refused(
            &server.redeem(WEB, &code),
            "INTERNAL_SERVER_ERROR",
            "server_error",
            "A001101",
        );
        fault(&server.switches).store(false, SeqCst);
        assert_unknown_code(&server.redeem(WEB, &code));
        assert_ended(&server, WEB, &tokens);
    }
}

#[test]
fn the_rows_of_a_grant_stay_bounded_and_all_of_them_go_in_the_end() {
    let server = server();
    let mut tokens = server.login(WEB, "web");
    for _ in 0..100 {
        server.advance(DAY);
        tokens = content(&ok(server.refresh(WEB, text(&tokens, "refresh_token"))));
    }
    sweep(&server);
    // One grant with its tokens.
    assert_eq!(server.store.len(), 1, "{}", server.store.dump());
    server.advance(10 * DAY);
    sweep(&server);
    assert!(server.store.is_empty(), "{}", server.store.dump());
}

/// While the ID token of the first request is being signed, the second one reads a code that is
/// still good.
#[test]
fn of_two_requests_with_one_code_at_the_same_moment_the_second_is_a_replay() {
    for (pkce, survives) in [(true, true), (false, false)] {
        let server = server();
        let without = json!({ "code_challenge": null, "code_challenge_method": null });
        let code = server.code("web", if pkce { json!({}) } else { without });
        let all = redemption(&code);
        let verifier = format!("&code_verifier={VERIFIER}");
        let parameters = if pkce { all } else { all.replace(&verifier, "") };
        let body = token_call(WEB, &parameters).to_string();
        let sent = vec![
            server.send("/auth/token", body.clone()),
            server.send("/auth/token", body.clone()),
        ];
        let answers: Vec<Value> = wait_for_all(sent)
            .iter()
            .map(|answer| serde_json::from_slice(&answer.body).unwrap())
            .collect();
        let won: Vec<&Value> = answers.iter().filter(|answer| answer["action"] == "OK").collect();
        let lost = answers.iter().find(|answer| answer["action"] != "OK").unwrap();
        assert_unknown_code(lost);
        assert_eq!(lost["resultCode"], "A050397");
        // With the right verifier it is a client in a race with itself.
        assert_eq!(won.len(), 1);
        assert_eq!(server.is_active(text(won[0], "accessToken")), survives);
    }
}
