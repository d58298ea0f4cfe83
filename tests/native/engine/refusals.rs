//! Why a credential is refused: the operator is told whether it has expired, was used, or is
//! unknown; the OAuth client is always told the same.

use super::harness::*;
use serde_json::{Value, json};
use std::sync::atomic::Ordering::SeqCst;

const DAY: u64 = 86_400_000;

fn sweep(server: &Server) {
    use authlete_token::engine::Store;
    server.store.expire(server.switches.now.load(SeqCst), usize::MAX).unwrap();
}

fn assert_grant_refused(answer: &Value, code: &str) {
    assert_refused(answer, "BAD_REQUEST", "invalid_grant", code);
}

#[test]
fn a_code_that_has_expired_was_used_or_is_unknown_is_told_apart_by_the_result_code_alone() {
    let server = server();
    let (late, used) = (server.code("web", json!({})), server.code("web", json!({})));
    let tokens = content(&ok(server.redeem(WEB, &used)));
    let answers = [server.redeem(WEB, &used), server.redeem(WEB, "unknown"), {
        server.advance(60_000);
        server.redeem(WEB, &late)
    }];
    for (answer, code) in answers.iter().zip(["A050397", "A050305", "A050396"]) {
        assert_grant_refused(answer, code);
        assert_eq!(answer["responseContent"], answers[1]["responseContent"]);
    }
    // Long after the record of the code is removed, the grant shows that it was used; when the
    // grant is removed too, nothing is known about the code.
    sweep(&server);
    assert_grant_refused(&server.redeem(WEB, &late), "A050305");
    assert!(server.is_active(text(&tokens, "access_token")));
    assert_grant_refused(&server.redeem(WEB, &used), "A050397");
    assert!(!server.is_active(text(&tokens, "access_token")));
    assert_grant_refused(&server.redeem(WEB, &used), "A050305");
}

#[test]
fn a_used_code_whose_tokens_have_all_expired_was_used_until_its_traces_are_swept_away() {
    let server = server();
    let code = server.code("web", json!({}));
    ok(server.redeem(WEB, &code));
    server.advance(20 * DAY);
    assert_grant_refused(&server.redeem(WEB, &code), "A050397");
    sweep(&server);
    assert_grant_refused(&server.redeem(WEB, &code), "A050305");
}

#[test]
fn a_refresh_token_that_has_expired_was_used_or_is_unknown_is_told_apart_by_the_result_code_alone()
{
    let server = server();
    let (late, old) = (server.login(WEB, "web"), server.login(WEB, "web"));
    let fresh = content(&ok(server.refresh(WEB, text(&old, "refresh_token"))));
    let answers = [
        server.refresh(WEB, text(&old, "refresh_token")),
        server.refresh(WEB, "unknown"),
        // Its grant has ended with the use of the old one.
        server.refresh(WEB, text(&fresh, "refresh_token")),
        {
            server.advance(10 * DAY);
            server.refresh(WEB, text(&late, "refresh_token"))
        },
    ];
    for (answer, code) in answers.iter().zip(["A053392", "A053302", "A053302", "A053391"]) {
        assert_grant_refused(answer, code);
        assert_eq!(answer["responseContent"], answers[1]["responseContent"]);
    }
    sweep(&server);
    assert_grant_refused(&server.refresh(WEB, text(&late, "refresh_token")), "A053302");
}

#[test]
fn what_belongs_to_another_client_is_unknown_to_it_whatever_has_become_of_it() {
    let server = server();
    let (late, used) = (server.code("web", json!({})), server.code("web", json!({})));
    let tokens = content(&ok(server.redeem(WEB, &used)));
    server.advance(60_000);
    for code in [&late, &used] {
        assert_grant_refused(&server.redeem(POST, code), "A050305");
    }
    server.advance(10 * DAY);
    assert_grant_refused(&server.refresh(POST, text(&tokens, "refresh_token")), "A053302");
}

#[test]
fn a_ticket_of_a_version_that_left_no_mark_is_still_good() {
    let server = server();
    let pending = server.token(WEB, "grant_type=password&username=a&password=b");
    assert!(!server.store.dump().contains("used"), "{}", server.store.dump());
    let body = json!({ "ticket": pending["ticket"], "subject": "user-1" });
    assert_eq!(server.api("/auth/token/issue", &body)["action"], "OK");
}
