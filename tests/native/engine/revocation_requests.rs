//! The revocation endpoint (RFC 7009): what a client can end, and what it can't.

use super::assertions::*;
use super::endpoint_requests::*;
use super::harness::*;
use authlete_token::http::HttpRequest;
use serde_json::json;
use std::sync::atomic::Ordering::SeqCst;

fn by_assertion(assertion: &str, token: &str) -> HttpRequest {
    let parameters = format!("token={token}");
    let call = assertion_call(assertion, &parameters);
    form_request(To::Revocation, By(None, ""), text(&call, "parameters"))
}

#[test]
fn every_client_can_end_its_own_grants_by_either_token_and_nothing_else() {
    for (by, client) in [(WEB, "web"), (POST, "post"), (SPA, "spa"), (NUMBER, "2004")] {
        for name in ["access_token", "refresh_token"] {
            let server = start(&config_with_resource_server());
            let (login, other) = (server.login(by, client), server.login(by, client));
            assert_done(&server.revoked(by, text(&login, name)));
            assert!(!server.is_active(text(&login, "access_token")));
            let refresh = server.refresh(by, text(&login, "refresh_token"));
            assert_no_good(&refresh, "A053302");
            assert!(server.is_active(text(&other, "access_token")));
            assert_done(&server.revoked(by, text(&login, name)));
        }
    }
}

#[test]
fn a_refresh_token_that_was_replaced_still_ends_its_grant() {
    let server = server();
    let login = server.login(WEB, "web");
    let fresh = content(&ok(server.refresh(WEB, text(&login, "refresh_token"))));
    assert_done(&server.revoked(WEB, text(&login, "refresh_token")));
    assert!(!server.is_active(text(&fresh, "access_token")));
    assert_no_good(&server.refresh(WEB, text(&fresh, "refresh_token")), "A053302");
}

#[test]
fn an_unknown_or_expired_token_is_answered_like_a_revoked_one() {
    let server = server();
    let login = server.login(WEB, "web");
    assert_done(&server.revoked(WEB, "unknown"));
    assert_done(&server.revoked(WEB, "unknown&token_type_hint=unheard_of"));
    server.advance(3_600_000);
    assert_done(&server.revoked(WEB, text(&login, "access_token")));
    ok(server.refresh(WEB, text(&login, "refresh_token")));
}

#[test]
fn a_hint_about_the_wrong_type_does_not_keep_a_token_from_being_found() {
    for (name, hint) in [("access_token", "refresh_token"), ("refresh_token", "access_token")] {
        let server = server();
        let login = server.login(WEB, "web");
        let token = format!("{}&token_type_hint={hint}", text(&login, name));
        assert_done(&server.revoked(WEB, &token));
        assert!(!server.is_active(text(&login, "access_token")));
    }
}

#[test]
fn the_tokens_of_another_client_are_refused_and_stay_valid() {
    let server = server();
    let login = server.login(WEB, "web");
    for by in [POST, SPA, NUMBER] {
        for name in ["access_token", "refresh_token"] {
            let response = server.revoked(by, text(&login, name));
            assert_error(&response, 400, "invalid_grant", "A145303");
        }
    }
    assert!(server.is_active(text(&login, "access_token")));
    ok(server.refresh(WEB, text(&login, "refresh_token")));
}

#[test]
fn a_code_is_no_token_and_can_still_be_redeemed() {
    let server = server();
    let code = server.code("web", json!({}));
    assert_done(&server.revoked(WEB, &code));
    ok(server.redeem(WEB, &code));
}

#[test]
fn who_does_not_authenticate_revokes_nothing() {
    let server = server();
    let login = server.login(WEB, "web");
    let token = text(&login, "access_token");
    for by in
        [By(Some(("web", "wrong")), ""), By(None, "client_id=web"), By(None, "client_id=nobody")]
    {
        assert_error(&server.revoked(by, token), 401, "invalid_client", "A157395");
    }
    assert_error(&server.revoked(By(None, ""), token), 400, "invalid_request", "A157393");
    assert!(server.is_active(token));
}

#[test]
fn an_assertion_revokes_once_and_its_mark_is_written_with_the_revocation() {
    let server = start(&config_with_resource_server());
    let code = server.code("jwt", json!({}));
    let signed = |jti: &str, audience: &str| {
        Assertion::new().claims(json!({ "jti": jti, "aud": audience })).signed()
    };
    let tokens = content(&ok(server.assert_with(&signed("login", ISSUER), &redemption(&code))));
    let token = text(&tokens, "access_token");
    let assertion = signed("revoke", "https://as.example.com/revoke");
    let request = by_assertion(&assertion, token);

    // Neither is written if the store fails.
    server.switches.no_commit.store(true, SeqCst);
    let failed = server.asked(To::Revocation, &request);
    assert_error(&failed, 500, "server_error", "A001101");
    server.switches.no_commit.store(false, SeqCst);
    assert!(server.is_active(token));

    assert_done(&server.asked(To::Revocation, &request));
    assert!(!server.is_active(token));
    let replayed = server.asked(To::Revocation, &request);
    assert_error(&replayed, 401, "invalid_client", "A157395");
}

#[test]
fn a_replayed_assertion_revokes_nothing() {
    let server = start(&config_with_resource_server());
    let used = Assertion::new().signed();
    ok(server.assert(&used));
    let login = server.code("jwt", json!({}));
    let fresh = Assertion::new().claims(json!({ "jti": "fresh" })).signed();
    let tokens = content(&ok(server.assert_with(&fresh, &redemption(&login))));
    let token = text(&tokens, "access_token");
    let refused = server.asked(To::Revocation, &by_assertion(&used, token));
    assert_error(&refused, 401, "invalid_client", "A157395");
    assert!(server.is_active(token));
}

#[test]
fn an_assertion_is_used_up_by_a_refused_revocation() {
    let server = start(&config_with_resource_server());
    let login = server.login(WEB, "web");
    let assertion = Assertion::new().signed();
    let request = by_assertion(&assertion, text(&login, "access_token"));
    let refused = server.asked(To::Revocation, &request);
    assert_error(&refused, 400, "invalid_grant", "A145303");
    assert_not_authenticated(&server.assert(&assertion), "A157398");
}
