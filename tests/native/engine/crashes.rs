//! The platform fails, or the process is killed, at each step of each request in turn: no token is
//! lost that was given out, and none is doubled.

use super::assertions::*;
use super::harness::*;
use super::interruptions::*;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

/// Tokens were issued, they are all good, and they are the only ones.
fn issued(server: &Server, answer: &Value) {
    let tokens = content(&ok(answer.clone()));
    assert_eq!(living(server), (1, 1));
    assert!(server.is_active(text(&tokens, "access_token")));
    ok(server.refresh(WEB, text(&tokens, "refresh_token")));
    assert_eq!(living(server), (1, 1));
}

fn code(server: &Server) -> Request {
    Request::token(&redemption(&server.code("web", json!({}))), None)
}

fn asserted(jti: &str, parameters: &str) -> Value {
    let assertion = Assertion::new().claims(json!({ "jti": jti })).signed();
    assertion_call(&assertion, parameters)
}

/// The code was used: whoever repeats it gets nothing, and after the moment in which a client may
/// race with itself, the tokens that nobody has got end, too.
fn code_lost(server: &Server, request: &Request) {
    assert_eq!(living(server), (1, 1));
    assert_no_good(&request.send(server), "A050305");
    server.advance(20_000);
    assert_no_good(&request.send(server), "A050305");
    assert_eq!(living(server), (0, 0));
}

fn refresh(server: &Server) -> Request {
    let login = login(server, WEB, "web");
    let parameters =
        format!("grant_type=refresh_token&refresh_token={}", text(&login, "refresh_token"));
    Request::token(&parameters, Some(login))
}

/// The repetition is taken for a reuse: the client must ask its user again, and two living sets of
/// tokens there never are.
fn refresh_lost(server: &Server, request: &Request) {
    assert_eq!(living(server), (1, 1));
    assert_no_good(&request.send(server), "A053302");
    assert_eq!(living(server), (0, 0));
}

/// The repetition brings tokens, as if nothing had happened.
fn repeated(server: &Server, request: &Request) {
    let held = request.held.as_ref().unwrap();
    assert!(!server.is_active(text(held, "access_token")));
    assert_eq!(living(server), (1, 1));
    issued(server, &request.send(server));
}

fn password_issue(server: &Server) -> Request {
    let pending = server.token(WEB, "grant_type=password&username=a&password=b&scope=openid");
    let body = json!({ "ticket": pending["ticket"], "subject": "user-1" });
    Request { path: "/auth/token/issue", body, held: None, repetition: None }
}

/// The ticket was used, and its tokens are there once.
fn ticket_lost(server: &Server, request: &Request) {
    assert_refused(&request.send(server), "INTERNAL_SERVER_ERROR", "server_error", "A049209");
    assert_eq!(living(server), (1, 1));
}

#[test]
fn a_code_brings_tokens_once_wherever_its_request_is_cut_short() {
    play(&Scene { on: &[], request: code, done: issued, lost: code_lost });
}

#[test]
fn a_refresh_brings_tokens_once_wherever_it_is_cut_short() {
    for on in [&[][..], &["singleAccessTokenPerSubject", "refreshTokenDurationKept"]] {
        play(&Scene { on, request: refresh, done: issued, lost: refresh_lost });
    }
}

#[test]
fn a_kept_refresh_token_stays_good_wherever_a_refresh_is_cut_short() {
    for on in [&["refreshTokenKept"][..], &["refreshTokenKept", "refreshTokenDurationReset"]] {
        play(&Scene { on, request: refresh, done: issued, lost: repeated });
    }
}

#[test]
fn an_idempotent_refresh_brings_its_tokens_in_the_end_wherever_it_is_cut_short() {
    let lost = |server: &Server, request: &Request| {
        let once = ok(request.send(server));
        let twice = ok(request.send(server));
        assert_eq!(once["previousRefreshTokenUsed"], true);
        for same in ["accessToken", "refreshToken"] {
            assert_eq!(twice[same], once[same]);
        }
        repeated(server, request);
    };
    play(&Scene { on: &["refreshTokenIdempotent"], request: refresh, done: issued, lost });
}

#[test]
fn a_ticket_brings_tokens_once_wherever_its_request_is_cut_short() {
    play(&Scene { on: &[], request: password_issue, done: issued, lost: ticket_lost });
}

#[test]
fn a_login_ends_the_one_before_together_with_its_own_success_or_not_at_all() {
    let on = &["singleAccessTokenPerSubject"];
    let request = |server: &Server| {
        let held = login(server, WEB, "web");
        Request { held: Some(held), ..code(server) }
    };
    let lost = |server: &Server, request: &Request| {
        assert!(!server.is_active(text(request.held.as_ref().unwrap(), "access_token")));
        code_lost(server, request);
    };
    play(&Scene { on, request, done: issued, lost });
    let request = |server: &Server| {
        let held = login(server, WEB, "web");
        Request { held: Some(held), ..password_issue(server) }
    };
    play(&Scene { on, request, done: issued, lost: ticket_lost });
}

#[test]
fn a_code_that_comes_with_an_assertion_needs_at_most_a_new_assertion() {
    let request = |server: &Server| {
        let code = redemption(&server.code("jwt", json!({})));
        let repetition = Some(asserted("second", &code));
        Request { path: "/auth/token", body: asserted("first", &code), held: None, repetition }
    };
    let done = |server: &Server, answer: &Value| {
        assert!(server.is_active(text(&ok(answer.clone()), "accessToken")));
        assert_eq!(living(server), (1, 1));
    };
    let lost = |server: &Server, request: &Request| {
        let same = server.api(request.path, &request.body);
        assert_not_authenticated(&same, "A157398");
        assert_no_good(&request.send(server), "A050305");
        assert_eq!(living(server), (1, 1));
    };
    play(&Scene { on: &[], request, done, lost });
}

#[test]
fn a_client_without_a_user_and_a_password_just_ask_again() {
    let own = |_: &Server| Request::token("grant_type=client_credentials", None);
    let done = |server: &Server, answer: &Value| {
        assert!(server.is_active(text(&ok(answer.clone()), "accessToken")));
    };
    let lost = |server: &Server, request: &Request| {
        assert!(server.is_active(text(&ok(request.send(server)), "accessToken")));
    };
    play(&Scene { on: &[], request: own, done, lost });

    let ask = |_: &Server| Request::token("grant_type=password&username=a&password=b", None);
    let done = |server: &Server, answer: &Value| {
        let body = json!({ "ticket": answer["ticket"], "subject": "user-1" });
        issued(server, &server.api("/auth/token/issue", &body));
    };
    let lost =
        |server: &Server, request: &Request| assert_eq!(request.send(server)["action"], "PASSWORD");
    play(&Scene { on: &[], request: ask, done, lost });
}

#[test]
fn a_replay_ends_the_family_at_the_latest_when_it_is_repeated() {
    let ended = |server: &Server, answer: &Value| {
        let code = text(answer, "resultCode");
        assert_no_good(answer, if code == "A050397" { "A050305" } else { "A053302" });
        assert_eq!(living(server), (0, 0));
    };
    let lost = |server: &Server, request: &Request| {
        assert_eq!(living(server), (0, 0));
        assert_eq!(request.send(server)["action"], "BAD_REQUEST");
    };
    let reuse = |server: &Server| {
        let used = refresh(server);
        Request { held: Some(content(&ok(used.send(server)))), ..used }
    };
    play(&Scene { on: &[], request: reuse, done: ended, lost });
    let replay = |server: &Server| {
        let used = code(server);
        let held = Some(content(&ok(used.send(server))));
        server.advance(20_000);
        Request { held, ..used }
    };
    play(&Scene { on: &[], request: replay, done: ended, lost });
}

#[test]
fn records_that_are_garbage_mean_500_nothing_issued_and_nothing_lost() {
    for request in [code, refresh, password_issue] {
        let server = server();
        let request = request(&server);
        let stored = server.store.dump();
        let garbage: &AtomicBool = &server.switches.garbage;
        garbage.store(true, SeqCst);
        let answer = request.send(&server);
        assert_refused(&answer, "INTERNAL_SERVER_ERROR", "server_error", "A001101");
        garbage.store(false, SeqCst);
        assert_eq!(server.store.dump(), stored);
        issued(&server, &request.send(&server));
    }
}
