//! The authorization code grant.

use super::harness::*;
use serde_json::{Value, json};

fn without_pkce() -> Value {
    json!({ "code_challenge": null, "code_challenge_method": null })
}

fn plain_redemption(code: &str) -> String {
    redemption(code).replace(&format!("&code_verifier={VERIFIER}"), "")
}

fn assert_unknown_code(answer: &Value) {
    assert_no_good(answer, "A050305");
}

#[test]
fn a_missing_unknown_malformed_or_expired_code_is_refused() {
    let server = server();
    let answer = server.token(WEB, "grant_type=authorization_code");
    assert_refused(&answer, "BAD_REQUEST", "invalid_request", "A050301");
    for unknown in ["x", "%00%0d%0a", "%F0%9F%98%80", "../../etc/passwd"] {
        assert_unknown_code(&server.redeem(WEB, unknown));
    }
    let code = server.code("web", json!({}));
    server.advance(60_000);
    assert_unknown_code(&server.redeem(WEB, &code));
}

#[test]
fn a_code_is_good_until_its_last_millisecond() {
    let server = server();
    let code = server.code("web", json!({}));
    server.advance(59_999);
    ok(server.redeem(WEB, &code));
}

#[test]
fn another_client_can_neither_use_nor_spend_nor_revoke_a_code() {
    let server = server();
    let code = server.code("web", json!({}));
    assert_unknown_code(&server.redeem(POST, &code));
    let tokens = ok(server.redeem(WEB, &code));
    server.advance(20_000);
    assert_unknown_code(&server.redeem(POST, &code));
    assert!(server.is_active(text(&tokens, "accessToken")));
}

#[test]
fn a_later_second_use_revokes_everything_that_came_from_the_code() {
    let server = server();
    let code = server.code("web", json!({}));
    let first = ok(server.redeem(WEB, &code));
    let second = ok(server.refresh(WEB, text(&first, "refreshToken")));
    server.advance(10_000);
    assert_unknown_code(&server.redeem(WEB, &code));
    for tokens in [&first, &second] {
        assert!(!server.is_active(text(tokens, "accessToken")));
    }
    assert_eq!(server.refresh(WEB, text(&second, "refreshToken"))["action"], "BAD_REQUEST");
}

#[test]
fn a_second_use_is_noticed_long_after_the_code_would_have_expired() {
    let server = server();
    let code = server.code("web", json!({}));
    let tokens = ok(server.redeem(WEB, &code));
    server.advance(3_000_000);
    assert_unknown_code(&server.redeem(WEB, &code));
    assert!(!server.is_active(text(&tokens, "accessToken")));
}

#[test]
fn a_retry_within_ten_seconds_gets_nothing_and_revokes_nothing() {
    let server = server();
    let code = server.code("spa", json!({}));
    let tokens = ok(server.redeem(SPA, &code));
    server.advance(9_999);
    assert_unknown_code(&server.redeem(SPA, &code));
    assert!(server.is_active(text(&tokens, "accessToken")));
}

#[test]
fn a_quick_second_use_with_another_verifier_revokes() {
    for other in [redemption("CODE").replace(VERIFIER, &"x".repeat(43)), plain_redemption("CODE")] {
        let server = server();
        let code = server.code("spa", json!({}));
        let tokens = ok(server.redeem(SPA, &code));
        assert_unknown_code(&server.token(SPA, &other.replace("CODE", &code)));
        assert!(!server.is_active(text(&tokens, "accessToken")));
    }
}

#[test]
fn a_quick_second_use_without_pkce_revokes() {
    let server = server();
    let code = server.code("web", json!({ "code_challenge": null, "code_challenge_method": null }));
    let tokens = ok(server.token(WEB, &plain_redemption(&code)));
    assert_unknown_code(&server.token(WEB, &plain_redemption(&code)));
    assert!(!server.is_active(text(&tokens, "accessToken")));
    assert_eq!(server.refresh(WEB, text(&tokens, "refreshToken"))["action"], "BAD_REQUEST");
}

#[test]
fn the_redirect_uri_must_be_the_same_byte_for_byte() {
    let server = server();
    let code = server.code("web", json!({}));
    for other in [
        "https%3A%2F%2Fapp.example.com%2Fcallback%2F",
        "https%3A%2F%2Fapp.example.com%2FCallback",
        "https%3A%2F%2Fapp.example.com%3A443%2Fcallback",
        "https%3A%2F%2Fapp.example.com%2Fcallback%3Fa%3D1",
    ] {
        let parameters = format!(
            "grant_type=authorization_code&code={code}&redirect_uri={other}&code_verifier={VERIFIER}"
        );
        assert_refused(&server.token(WEB, &parameters), "BAD_REQUEST", "invalid_grant", "A050392");
    }
    ok(server.redeem(WEB, &code));
}

#[test]
fn the_redirect_uri_may_be_left_out_only_with_pkce() {
    let server = server();
    let left_out = |code: &str| format!("grant_type=authorization_code&code={code}");
    let bound = server.code("web", json!({}));
    ok(server.token(WEB, &format!("{}&code_verifier={VERIFIER}", left_out(&bound))));
    let unbound = server.code("web", without_pkce());
    assert_refused(
        &server.token(WEB, &left_out(&unbound)),
        "BAD_REQUEST",
        "invalid_request",
        "A050391",
    );
    ok(server.token(WEB, &plain_redemption(&unbound)));
}

#[test]
fn without_a_redirect_uri_at_authorization_the_token_request_may_name_the_only_registered_one() {
    let server = server();
    ok(server.redeem(WEB, &server.code("web", json!({ "redirect_uri": null }))));
    let code = server.code("web", json!({ "redirect_uri": null }));
    let other = redemption(&code).replace("callback", "other");
    assert_refused(&server.token(WEB, &other), "BAD_REQUEST", "invalid_grant", "A050392");
    ok(server.token(
        WEB,
        &format!("grant_type=authorization_code&code={code}&code_verifier={VERIFIER}"),
    ));
}

#[test]
fn a_missing_malformed_or_wrong_verifier_is_refused_and_leaves_the_code_alive() {
    let server = server();
    let code = server.code("spa", json!({}));
    assert_refused(
        &server.token(SPA, &plain_redemption(&code)),
        "BAD_REQUEST",
        "invalid_grant",
        "A050312",
    );
    for malformed in [&VERIFIER[1..], &"x".repeat(129), &format!("{}%21", &VERIFIER[1..])] {
        let parameters = redemption(&code).replace(VERIFIER, malformed);
        assert_refused(&server.token(SPA, &parameters), "BAD_REQUEST", "invalid_grant", "A050393");
    }
    for wrong in [CHALLENGE, &"x".repeat(43)] {
        let parameters = redemption(&code).replace(VERIFIER, wrong);
        assert_refused(&server.token(SPA, &parameters), "BAD_REQUEST", "invalid_grant", "A050394");
    }
    ok(server.redeem(SPA, &code));
}

#[test]
fn a_verifier_for_a_code_without_challenge_is_refused() {
    let server = server();
    let code = server.code("web", without_pkce());
    assert_refused(&server.redeem(WEB, &code), "BAD_REQUEST", "invalid_grant", "A050317");
    ok(server.token(WEB, &plain_redemption(&code)));
}

#[test]
fn the_plain_method_works_only_where_s256_is_not_required() {
    let plain = json!({ "code_challenge": VERIFIER, "code_challenge_method": null });
    let mut config = config();
    config["service"]["pkceS256Required"] = false.into();
    let tolerant = start(&config);
    ok(tolerant.redeem(SPA, &tolerant.code("spa", plain.clone())));
    let code = tolerant.code("spa", plain);
    config["service"]["pkceS256Required"] = true.into();
    let answer = tolerant.reconfigured(&config).redeem(SPA, &code);
    assert_refused(&answer, "BAD_REQUEST", "invalid_grant", "A050395");
}

#[test]
fn a_client_that_became_public_needs_a_challenge_for_its_code_too() {
    let before = server();
    let code = before.code("web", without_pkce());
    let mut config = config();
    merge(
        &mut config["clients"][0],
        json!({ "token_endpoint_auth_method": "none", "client_secret": null }),
    );
    let answer =
        before.reconfigured(&config).token(By(None, "client_id=web"), &plain_redemption(&code));
    assert_refused(&answer, "BAD_REQUEST", "invalid_grant", "A050395");
}

#[test]
fn the_scope_parameter_has_no_meaning_here() {
    let server = server();
    let answer =
        server.token(WEB, &format!("{}&scope=admin", redemption(&server.code("web", json!({})))));
    assert_eq!(content(&ok(answer))["scope"], "openid orders.read");
}

#[test]
fn a_code_without_scope_gives_a_response_without_scope() {
    let server = server();
    let answer = ok(server.redeem(WEB, &server.code("web", json!({ "scope": null }))));
    assert!(answer.get("scopes").is_none() && content(&answer).get("scope").is_none());
    assert!(content(&answer).get("id_token").is_none());
}

#[test]
fn no_refresh_token_is_issued_to_a_client_that_may_not_use_it() {
    let mut config = config();
    config["clients"][0]["grant_types"] = json!(["authorization_code"]);
    let server = start(&config);
    let answer = ok(server.redeem(WEB, &server.code("web", json!({}))));
    assert!(
        answer.get("refreshToken").is_none() && content(&answer).get("refresh_token").is_none()
    );
}

#[test]
fn the_current_configuration_rules_over_codes_that_are_older() {
    let before = server();
    let changed = |change: fn(&mut Value)| {
        let code = before.code("web", json!({}));
        let mut config = config();
        change(&mut config);
        before.reconfigured(&config).redeem(WEB, &code)
    };
    let removed = changed(|config| drop(config["clients"].as_array_mut().unwrap().remove(0)));
    assert_refused(&removed, "INVALID_CLIENT", "invalid_client", "A157395");
    let rotated = changed(|config| config["clients"][0]["client_secret"] = "new".into());
    assert_refused(&rotated, "INVALID_CLIENT", "invalid_client", "A157395");
    let grant =
        changed(|config| config["clients"][0]["grant_types"] = json!(["client_credentials"]));
    assert_refused(&grant, "BAD_REQUEST", "unauthorized_client", "A049305");
    let uri = changed(|config| {
        config["clients"][0]["redirect_uris"] = json!(["https://app.example.com/new"])
    });
    assert_refused(&uri, "BAD_REQUEST", "invalid_grant", "A050392");
    let scope = changed(|config| config["clients"][0]["scope"] = "openid".into());
    assert_eq!(content(&ok(scope))["scope"], "openid");
}
