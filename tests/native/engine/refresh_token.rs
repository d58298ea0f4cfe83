//! The refresh token grant.

use super::harness::*;
use serde_json::{Value, json};

fn assert_unknown(answer: &Value) {
    assert_no_good(answer, "A053302");
}

#[test]
fn a_refresh_gives_new_tokens_for_the_whole_scope() {
    let server = server();
    let login = server.login(SPA, "spa");
    let answer = ok(server.refresh(SPA, text(&login, "refresh_token")));
    let fresh = content(&answer);
    assert_ne!(fresh["access_token"], login["access_token"]);
    assert_ne!(fresh["refresh_token"], login["refresh_token"]);
    assert_eq!(fresh["scope"], "openid orders.read");
    assert!(fresh.get("id_token").is_none());
    assert_eq!(
        (&answer["grantType"], &answer["subject"]),
        (&json!("REFRESH_TOKEN"), &json!("user-1"))
    );
    assert!(server.is_active(text(&fresh, "access_token")));
    assert!(!server.is_active(text(&login, "access_token")), "it ends with its refresh token");
}

#[test]
fn a_replaced_refresh_token_is_refused_and_takes_its_family_along() {
    let server = server();
    let login = server.login(SPA, "spa");
    let second = content(&ok(server.refresh(SPA, text(&login, "refresh_token"))));
    let third = content(&ok(server.refresh(SPA, text(&second, "refresh_token"))));
    let reuse = server.refresh(SPA, text(&login, "refresh_token"));
    assert_unknown(&reuse);
    assert!(reuse.get("previousRefreshTokenUsed").is_none(), "the service is not idempotent");
    assert_unknown(&server.refresh(SPA, text(&third, "refresh_token")));
    for tokens in [&login, &second, &third] {
        assert!(!server.is_active(text(tokens, "access_token")));
    }
}

#[test]
fn another_login_of_the_same_user_is_not_touched_by_a_reuse() {
    let server = server();
    let (stolen, other) = (server.login(SPA, "spa"), server.login(SPA, "spa"));
    ok(server.refresh(SPA, text(&stolen, "refresh_token")));
    assert_unknown(&server.refresh(SPA, text(&stolen, "refresh_token")));
    ok(server.refresh(SPA, text(&other, "refresh_token")));
}

#[test]
fn a_missing_unknown_or_expired_refresh_token_is_refused() {
    let server = server();
    let answer = server.token(WEB, "grant_type=refresh_token");
    assert_refused(&answer, "BAD_REQUEST", "invalid_request", "A053301");
    assert_unknown(&server.refresh(WEB, "unknown"));
    let login = server.login(WEB, "web");
    server.advance(864_000_000);
    assert_unknown(&server.refresh(WEB, text(&login, "refresh_token")));
}

#[test]
fn codes_access_tokens_and_refresh_tokens_are_not_taken_for_each_other() {
    let server = server();
    let login = server.login(WEB, "web");
    let code = server.code("web", json!({}));
    assert_unknown(&server.refresh(WEB, text(&login, "access_token")));
    assert_unknown(&server.refresh(WEB, &code));
    for token in ["access_token", "refresh_token"] {
        assert_eq!(server.redeem(WEB, text(&login, token))["resultCode"], "A050305");
    }
    assert!(!server.is_active(text(&login, "refresh_token")) && !server.is_active(&code));
}

#[test]
fn another_client_can_neither_use_nor_spend_nor_revoke_a_refresh_token() {
    let server = server();
    let login = server.login(WEB, "web");
    assert_unknown(&server.refresh(POST, text(&login, "refresh_token")));
    let fresh = content(&ok(server.refresh(WEB, text(&login, "refresh_token"))));
    let reuse = server.refresh(POST, text(&login, "refresh_token"));
    assert_unknown(&reuse);
    assert!(reuse.get("previousRefreshTokenUsed").is_none());
    ok(server.refresh(WEB, text(&fresh, "refresh_token")));
}

#[test]
fn a_wider_or_malformed_scope_is_refused_and_the_token_stays_good() {
    let server = server();
    let login = server.login(WEB, "web");
    let refresh =
        format!("grant_type=refresh_token&refresh_token={}", text(&login, "refresh_token"));
    for wider in ["openid+admin", "profile", "OpenID"] {
        let answer = server.token(WEB, &format!("{refresh}&scope={wider}"));
        assert_refused(&answer, "BAD_REQUEST", "invalid_scope", "A053303");
    }
    for malformed in ["a%22b", "a%5Cb", "%00", "a%0Ab", "%E2%80%A8"] {
        let answer = server.token(WEB, &format!("{refresh}&scope={malformed}"));
        assert_refused(&answer, "BAD_REQUEST", "invalid_scope", "A049306");
    }
    assert_eq!(server.refresh(By(Some(("web", "wrong")), ""), "x")["action"], "INVALID_CLIENT");
    ok(server.token(WEB, &refresh));
}

#[test]
fn a_narrower_access_token_does_not_narrow_the_refresh_token() {
    let server = server();
    let login = server.login(WEB, "web");
    let narrow = format!(
        "grant_type=refresh_token&refresh_token={}&scope=orders.read",
        text(&login, "refresh_token")
    );
    let answer = ok(server.token(WEB, &narrow));
    assert_eq!(answer["scopes"], json!(["orders.read"]));
    assert_eq!(answer["refreshTokenScopes"], json!(["openid", "orders.read"]));
    assert_eq!(content(&answer)["scope"], "orders.read");
    let wide = ok(server.refresh(WEB, text(&answer, "refreshToken")));
    assert_eq!(wide["scopes"], json!(["openid", "orders.read"]));
}

#[test]
fn a_kept_refresh_token_stays_the_same_with_its_expiry() {
    let mut config = config();
    config["service"]["refreshTokenKept"] = true.into();
    let server = start(&config);
    let login = server.login(WEB, "web");
    server.advance(1_000_000);
    let mut last = Some(text(&login, "access_token").to_owned());
    for _ in 0..3 {
        let answer = ok(server.refresh(WEB, text(&login, "refresh_token")));
        assert_eq!(answer["refreshToken"], login["refresh_token"]);
        assert_eq!(answer["refreshTokenExpiresAt"], NOW + 864_000_000);
        assert!(server.is_active(text(&answer, "accessToken")));
        let before = last.replace(text(&answer, "accessToken").to_owned());
        assert!(before.is_none_or(|token| !server.is_active(&token)), "one at a time");
    }
    // Whoever finds that of a public client could use it for ever (RFC 9700 §4.14.2).
    let public = server.login(SPA, "spa");
    let answer = ok(server.refresh(SPA, text(&public, "refresh_token")));
    assert_ne!(answer["refreshToken"], public["refresh_token"]);
}

#[test]
fn tokens_outlive_the_first_refresh_token_that_they_came_from() {
    let server = server();
    let mut tokens = server.login(WEB, "web");
    for _ in 0..4 {
        server.advance(800_000_000);
        tokens = content(&ok(server.refresh(WEB, text(&tokens, "refresh_token"))));
    }
    assert!(server.is_active(text(&tokens, "access_token")));
}

#[test]
fn the_current_configuration_rules_over_refresh_tokens_that_are_older() {
    let before = server();
    let changed = |change: fn(&mut Value)| {
        let login = before.login(WEB, "web");
        let mut config = config();
        change(&mut config);
        before.reconfigured(&config).refresh(WEB, text(&login, "refresh_token"))
    };
    let off = changed(|config| {
        config["service"]["supportedGrantTypes"] = json!(["AUTHORIZATION_CODE"]);
        limit_grants(config, &["authorization_code"]);
    });
    assert_refused(&off, "BAD_REQUEST", "unsupported_grant_type", "A049304");
    let scope = changed(|config| config["clients"][0]["scope"] = "orders.read".into());
    assert_eq!((&scope["action"], &scope["scopes"]), (&json!("OK"), &json!(["orders.read"])));
}

#[test]
fn whatever_is_wrong_with_a_refresh_token_the_client_is_told_the_same_and_nothing_else() {
    for switch in ["pkceRequired", "refreshTokenKept", "refreshTokenIdempotent"] {
        let mut config = config();
        merge(&mut config["service"], json!({ "singleAccessTokenPerSubject": true, switch: true }));
        let server = start(&config);
        let refresh_token = |subject: &str| {
            let code = json!({ "subject": subject, "scope": "orders.read" });
            let login = ok(server.redeem(SPA, &server.code("spa", code)));
            text(&login, "refreshToken").to_owned()
        };
        let told = server.refresh(SPA, "unknown")["responseContent"].clone();
        let expired = refresh_token("user-1");
        server.advance(864_000_000);
        let revoked = refresh_token("user-2");
        server.engine.revoke(&revoked).unwrap();
        let ended = refresh_token("user-3");
        let current = refresh_token("user-3");
        let used = refresh_token("user-4");
        let next = text(&ok(server.refresh(SPA, &used)), "refreshToken").to_owned();
        let last = text(&ok(server.refresh(SPA, &next)), "refreshToken").to_owned();
        // The use of the old one ends the last one.
        for dead in
            [&expired, &revoked, &ended, &used, &last, "%00", &server.code("spa", json!({}))]
        {
            let answer = server.refresh(SPA, dead);
            assert_unknown(&answer);
            assert_eq!(answer["responseContent"], told);
        }
        let foreign = server.refresh(WEB, &current);
        assert_unknown(&foreign);
        assert_eq!(foreign["responseContent"], told);
        ok(server.refresh(SPA, &current));
    }
}

#[test]
fn a_key_that_changes_between_code_and_refresh_leaves_old_tokens_good_and_signs_the_next() {
    let change = NOW / 1000 + 30;
    let key = |kid: &str, times: Value| {
        let mut key = rsa_jwk();
        key["kid"] = kid.into();
        merge(&mut key, times);
        key
    };
    let mut config = config();
    config["clients"][0]["id_token_signed_response_alg"] = "RS256".into();
    config["jwks"]["keys"] = json!([
        key("old", json!({ "exp": change })),
        key("new", json!({ "nbf": change })),
        ec_jwk(),
    ]);
    let server = start(&config);
    let kid = |tokens: &Value| decoded(text(tokens, "id_token")).0["kid"].clone();
    let login = server.login(WEB, "web");
    let code = server.code("web", json!({}));
    assert_eq!(kid(&login), "old");
    server.advance(40_000);
    assert!(server.is_active(text(&login, "access_token")));
    assert!(server.engine.jwks().contains(r#""old""#), "what it has signed still verifies");
    assert_eq!(kid(&content(&ok(server.redeem(WEB, &code)))), "new");
    let fresh = ok(server.refresh(WEB, text(&login, "refresh_token")));
    let tokens =
        json!({ "accessToken": fresh["accessToken"], "refreshToken": fresh["refreshToken"] });
    let reissued = server.api("/idtoken/reissue", &tokens);
    assert_eq!(decoded(text(&reissued, "idToken")).0["kid"], "new");
}

/// Between its last look at the store and its commit, other refreshes get in: that takes several
/// processes.
#[test]
fn a_kept_refresh_token_is_good_for_everybody_who_uses_it_at_once() {
    let mut config = config();
    config["service"]["refreshTokenKept"] = true.into();
    let server = start(&config);
    let token = text(&server.login(WEB, "web"), "refresh_token").to_owned();
    let (rival, same) = (server.reconfigured(&config), token.clone());
    let (sender, rivals) = std::sync::mpsc::channel();
    server.before_commits(10, move || sender.send(ok(rival.refresh(WEB, &same))).unwrap());
    let overtaken = ok(server.refresh(WEB, &token));
    assert_eq!(rivals.try_iter().count(), 10);
    assert!(server.is_active(text(&overtaken, "accessToken")));
    ok(server.refresh(WEB, &token));
}

#[test]
fn a_thief_is_noticed_even_if_the_stolen_token_would_have_expired_by_then() {
    let day = 86_400_000;
    for (by, client) in [(WEB, "web"), (SPA, "spa")] {
        let server = server();
        let login = server.login(by, client);
        let stolen = text(&login, "refresh_token");
        server.advance(5 * day);
        let thief = ok(server.refresh(by, stolen));
        // The owner comes back when the token would not be good any more.
        server.advance(6 * day);
        assert_no_good(&server.refresh(by, stolen), "A053392");
        assert_no_good(&server.refresh(by, text(&thief, "refreshToken")), "A053302");
    }
}
