//! Races, and what is in the store. (What fails, or is killed, on the way: `crashes.rs`.)

use super::harness::*;
use serde_json::{Value, json};
use std::sync::atomic::Ordering::SeqCst;

fn assert_one_success(answers: &[Value], unknown: &str) {
    let (good, bad): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer["action"] == "OK");
    assert_eq!(good.len(), 1, "{answers:?}");
    for answer in bad {
        assert_no_good(answer, unknown);
    }
    assert!(answers.len() > 1);
}

#[test]
fn one_code_redeemed_twenty_times_at_once_gives_tokens_once_and_they_stay_good() {
    let server = server();
    let body = token_call(SPA, &redemption(&server.code("spa", json!({})))).to_string();
    let responses =
        wait_for_all((0..20).map(|_| server.send("/auth/token", body.clone())).collect());
    let answers: Vec<Value> =
        responses.iter().map(|response| serde_json::from_slice(&response.body).unwrap()).collect();
    assert_one_success(&answers, "A050305");
    let winner = answers.iter().find(|answer| answer["action"] == "OK").unwrap();
    assert!(server.is_active(text(winner, "accessToken")));
}

#[test]
fn one_code_redeemed_by_twenty_threads_gives_tokens_once() {
    let server = server();
    let code = server.code("spa", json!({}));
    let answers: Vec<Value> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..20).map(|_| scope.spawn(|| server.redeem(SPA, &code))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_one_success(&answers, "A050305");
}

#[test]
fn one_refresh_token_used_by_ten_threads_gives_tokens_once() {
    let mut config = config();
    config["service"]["idTokenReissuable"] = false.into();
    let server = start(&config);
    let login = server.login(SPA, "spa");
    let answers: Vec<Value> = std::thread::scope(|scope| {
        let refresh = || server.refresh(SPA, text(&login, "refresh_token"));
        let threads: Vec<_> = (0..10).map(|_| scope.spawn(refresh)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_one_success(&answers, "A053302");
    // The others have shown a token that was used: nobody can tell whether a thief was among them.
    let winner = answers.iter().find(|answer| answer["action"] == "OK").unwrap();
    assert!(!server.is_active(text(winner, "accessToken")));
    assert_no_good(&server.refresh(SPA, text(winner, "refreshToken")), "A053302");
}

#[test]
fn one_refresh_token_used_by_ten_threads_gives_them_all_the_same_tokens_where_that_is_wanted() {
    let mut config = config();
    config["service"]["refreshTokenIdempotent"] = true.into();
    let server = start(&config);
    let login = server.login(SPA, "spa");
    let answers: Vec<Value> = std::thread::scope(|scope| {
        let refresh = || ok(server.refresh(SPA, text(&login, "refresh_token")));
        let threads: Vec<_> = (0..10).map(|_| scope.spawn(refresh)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for answer in &answers {
        for same in ["accessToken", "refreshToken"] {
            assert_eq!(answer[same], answers[0][same]);
        }
    }
    ok(server.refresh(SPA, text(&answers[0], "refreshToken")));
}

#[test]
fn a_store_that_refuses_a_step_without_need_costs_nothing_and_never_doubles_tokens() {
    // As often as it may happen, and always.
    for refused in [1, 31, u64::MAX] {
        for switch in ["pkceRequired", "refreshTokenIdempotent", "refreshTokenKept"] {
            let mut config = config();
            config["service"][switch] = true.into();
            let server = start(&config);
            let code = server.code("web", json!({ "scope": "orders.read" }));
            let mut requests = vec![redemption(&code)];
            for _ in 0..2 {
                let before = server.store.dump();
                server.switches.refused_commits.store(refused, SeqCst);
                let answer = server.token(WEB, &requests[0]);
                server.switches.refused_commits.store(0, SeqCst);
                let answer = if refused == u64::MAX {
                    let code = text(&answer, "resultCode");
                    assert_no_good(&answer, if code == "A050397" { "A050305" } else { "A053302" });
                    assert_eq!(server.store.dump(), before);
                    ok(server.token(WEB, &requests[0]))
                } else {
                    ok(answer)
                };
                assert!(server.is_active(text(&answer, "accessToken")));
                let token = text(&answer, "refreshToken");
                requests = vec![format!("grant_type=refresh_token&refresh_token={token}")];
            }
        }
    }
}

#[test]
fn ten_thousand_guesses_at_a_code_all_get_the_same_answer_and_change_nothing() {
    let server = server();
    let code = server.code("spa", json!({ "scope": "orders.read" }));
    let before = server.store.dump();
    let told = server.redeem(SPA, "guess")["responseContent"].clone();
    for guess in 0..10_000_u64 {
        // As long as a code, and many of them with its beginning.
        let digits = format!("{:016x}", guess.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let answer = server.redeem(SPA, &format!("{}{digits}", &code[..27]));
        assert_eq!(
            (&answer["action"], &answer["resultCode"]),
            (&json!("BAD_REQUEST"), &json!("A050305"))
        );
        assert_eq!(answer["responseContent"], told);
    }
    assert_eq!(server.store.dump(), before);
    ok(server.redeem(SPA, &code));
}

#[test]
fn of_calls_at_once_with_one_ticket_only_one_wins() {
    let issue = ("/auth/token/issue", json!({ "subject": "user-1" }));
    let fail = ("/auth/token/fail", json!({ "reason": "UNKNOWN" }));
    for calls in [[&issue, &issue], [&issue, &fail], [&fail, &issue]] {
        let server = server();
        let pending = server.token(WEB, "grant_type=password&username=a&password=b&scope=openid");
        let send = |(path, body): &(&'static str, Value)| {
            let mut body = body.clone();
            merge(&mut body, json!({ "ticket": pending["ticket"] }));
            server.send(path, body.to_string())
        };
        let responses = wait_for_all(calls.map(send).into());
        let actions = responses
            .iter()
            .map(|response| serde_json::from_slice::<Value>(&response.body).unwrap());
        let losers = actions.filter(|answer| answer["resultCode"] == "A049209").count();
        assert_eq!(losers, 1);
    }
}

#[test]
fn a_platform_that_fails_outside_the_apis_is_an_error_with_status_500() {
    let server = server();
    let login = server.login(WEB, "web");
    server.switches.no_read.store(true, SeqCst);
    server.switches.no_commit.store(true, SeqCst);
    let code = json!({ "client_id": "web", "subject": "user-1" }).to_string();
    let errors = [
        server.engine.issue_authorization_code(&code).unwrap_err(),
        server.engine.introspect(text(&login, "access_token")).unwrap_err(),
        server.engine.revoke(text(&login, "access_token")).unwrap_err(),
    ];
    for error in errors {
        assert_eq!((error.code.as_str(), error.status), ("ERR_AUTHLETE_HTTP_STATUS", Some(500)));
        assert_eq!(error.result_code.as_deref(), Some("A001101"));
    }
}

#[test]
fn the_store_holds_no_code_token_ticket_secret_or_password() {
    let server = server();
    let code = server.code("web", json!({}));
    let login = content(&ok(server.redeem(WEB, &code)));
    let fresh = content(&ok(server.refresh(WEB, text(&login, "refresh_token"))));
    let pending = server.token(WEB, "grant_type=password&username=alice&password=wonderland");
    let own = ok(server.token(POST, "grant_type=client_credentials"));
    let mut secrets = vec![code.as_str(), text(&pending, "ticket"), text(&own, "accessToken")];
    secrets.extend(
        ["access_token", "refresh_token"]
            .iter()
            .flat_map(|name| [text(&login, name), text(&fresh, name)]),
    );
    secrets.extend([
        text(&login, "id_token"),
        "web-secret",
        "post-secret",
        "wonderland",
        VERIFIER,
        BEARER,
    ]);
    let dump = server.store.dump();
    // Two grants with their codes and tokens, and the ticket.
    assert_eq!(dump.lines().count(), 3);
    for secret in secrets {
        assert!(!dump.contains(secret));
    }
}

#[test]
fn what_has_expired_is_cleared_away_by_later_requests() {
    let server = server();
    for _ in 0..100 {
        server.code("web", json!({}));
    }
    server.advance(1_000_000_000);
    for _ in 0..32 {
        ok(server.token(WEB, "grant_type=client_credentials"));
    }
    // Each request leaves one record: a grant with its access token.
    assert_eq!(server.store.len(), 32);
}

#[test]
fn a_clock_that_goes_backwards_neither_panics_nor_revives_a_used_code() {
    let server = server();
    let code = server.code("web", json!({}));
    ok(server.redeem(WEB, &code));
    server.switches.now.store(1_000, SeqCst);
    assert_eq!(server.redeem(WEB, &code)["resultCode"], "A050397");
}
