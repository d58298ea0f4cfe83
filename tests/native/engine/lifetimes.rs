//! How long tokens live when they are refreshed: `refreshTokenDurationKept`,
//! `refreshTokenDurationReset`, `tokenExpirationLinked`.

use super::harness::*;
use serde_json::{Value, json};

/// The lifetime of a refresh token: 10 days.
const REFRESH: u64 = 864_000;
/// The lifetime of an access token.
const ACCESS: u64 = 3_600;

/// A server with these switches of the service on.
fn with(switches: &[&str]) -> Server {
    let mut config = config();
    for switch in switches {
        config["service"][*switch] = true.into();
    }
    start(&config)
}

/// A refresh for which the host asks for lifetimes in seconds.
fn refresh_for(server: &Server, token: &str, access: u64, refresh: u64) -> Value {
    let parameters = format!("grant_type=refresh_token&refresh_token={token}");
    let mut call = token_call(WEB, &parameters);
    merge(&mut call, json!({ "accessTokenDuration": access, "refreshTokenDuration": refresh }));
    ok(server.api("/auth/token", &call))
}

/// Asserts when both tokens of an answer expire: in seconds from the login on, and as what is left.
fn assert_left(server: &Server, answer: &Value, after: u64, access: u64, refresh: u64) {
    let left = [("accessToken", access), ("refreshToken", refresh)];
    for (token, left) in left {
        assert_eq!(answer[format!("{token}ExpiresAt")], NOW + (after + left) * 1_000, "{answer}");
        assert_eq!(answer[format!("{token}Duration")], left, "{answer}");
    }
    assert_eq!(content(answer)["expires_in"], access);
    assert!(server.is_active(text(answer, "accessToken")));
}

#[test]
fn a_new_refresh_token_has_the_whole_duration_unless_the_service_wants_otherwise() {
    for switches in [&[][..], &["refreshTokenDurationReset"], &["tokenExpirationLinked"]] {
        let server = with(switches);
        let login = server.login(WEB, "web");
        server.advance(1_000_000);
        let answer = ok(server.refresh(WEB, text(&login, "refresh_token")));
        assert_left(&server, &answer, 1_000, ACCESS, REFRESH);
    }
}

#[test]
fn with_the_duration_kept_a_new_refresh_token_expires_when_the_first_one_would_have() {
    for (by, client) in [(WEB, "web"), (SPA, "spa")] {
        // Public clients get a new token even where others keep theirs.
        for kept in [false, true] {
            let mut switches = vec!["refreshTokenDurationKept"];
            switches.extend((kept && client == "spa").then_some("refreshTokenKept"));
            let server = with(&switches);
            let mut token = text(&server.login(by, client), "refresh_token").to_owned();
            for after in [200_000, 400_000, 863_000] {
                server.advance(after * 1_000 - (server.now() - NOW));
                let answer = ok(server.refresh(by, &token));
                assert_ne!(answer["refreshToken"], token);
                assert_left(&server, &answer, after, ACCESS, REFRESH - after);
                token = text(&answer, "refreshToken").to_owned();
            }
            server.advance(1_000_000);
            let late = server.refresh(by, &token);
            assert_no_good(&late, "A053302");
            assert_eq!(late["resultCode"], "A053391", "it has expired");
        }
    }
}

#[test]
fn a_duration_that_the_host_asks_for_comes_before_one_that_is_kept() {
    let server = with(&["refreshTokenDurationKept"]);
    let login = server.login(WEB, "web");
    server.advance(500_000);
    let answer = refresh_for(&server, text(&login, "refresh_token"), 60, 7_000_000);
    assert_left(&server, &answer, 500, 60, 7_000_000);
    let answer = refresh_for(&server, text(&answer, "refreshToken"), 0, 0);
    assert_left(&server, &answer, 500, ACCESS, 7_000_000);
}

#[test]
fn what_is_left_of_a_kept_duration_is_rounded_up_to_a_second() {
    let server = with(&["refreshTokenDurationKept", "tokenExpirationLinked"]);
    let login = server.login(WEB, "web");
    server.advance(REFRESH * 1_000 - 1);
    let answer = ok(server.refresh(WEB, text(&login, "refresh_token")));
    assert_eq!(answer["refreshTokenExpiresAt"], NOW + REFRESH * 1_000);
    assert_eq!(
        (&answer["refreshTokenDuration"], &content(&answer)["expires_in"]),
        (&json!(1), &json!(1))
    );
}

#[test]
fn with_the_duration_reset_each_use_of_a_kept_refresh_token_starts_its_life_again() {
    let server = with(&["refreshTokenKept", "refreshTokenDurationReset"]);
    let mut call = token_call(WEB, &redemption(&server.code("web", json!({}))));
    call["refreshTokenDuration"] = 1_000_000.into();
    let login = ok(server.api("/auth/token", &call));
    let token = text(&login, "refreshToken");
    for after in [900_000, 1_800_000, 2_700_000] {
        server.advance(900_000_000);
        let answer = ok(server.refresh(WEB, token));
        assert_eq!(answer["refreshToken"], token);
        // It has the lifetime that it was issued with, not the service's.
        assert_left(&server, &answer, after, ACCESS, 1_000_000);
    }
    let answer = refresh_for(&server, token, 60, 5_000);
    assert_left(&server, &answer, 2_700_000, 60, 5_000);
    server.advance(5_000_000);
    assert_no_good(&server.refresh(WEB, token), "A053302");
}

#[test]
fn the_life_of_a_kept_refresh_token_is_its_own_whatever_the_host_asks_for_later() {
    let server = with(&["refreshTokenKept", "refreshTokenDurationKept"]);
    let login = server.login(WEB, "web");
    server.advance(1_000_000);
    let answer = refresh_for(&server, text(&login, "refresh_token"), 0, 5);
    assert_eq!(answer["refreshTokenExpiresAt"], NOW + REFRESH * 1_000);
    assert_eq!(answer["refreshTokenDuration"], REFRESH);
}

#[test]
fn a_linked_access_token_never_outlives_its_refresh_token() {
    let server = with(&["tokenExpirationLinked", "refreshTokenDurationKept"]);
    // Durations that the host asks for, at the first issue.
    let mut call = token_call(WEB, &redemption(&server.code("web", json!({}))));
    merge(&mut call, json!({ "accessTokenDuration": 5_000, "refreshTokenDuration": 1_000 }));
    let answer = ok(server.api("/auth/token", &call));
    assert_left(&server, &answer, 0, 1_000, 1_000);
    // What is left, at a refresh.
    server.advance(400_000);
    let answer = refresh_for(&server, text(&answer, "refreshToken"), 5_000, 0);
    assert_left(&server, &answer, 400, 600, 600);
    server.advance(600_000);
    assert!(!server.is_active(text(&answer, "accessToken")));
    // A shorter access token stays as it is.
    let other = server.login(WEB, "web");
    assert_eq!(other["expires_in"], ACCESS);
}

#[test]
fn a_linked_access_token_of_a_kept_refresh_token_ends_with_it_or_lives_on_with_its_reset() {
    for (switch, access) in [("pkceRequired", 100), ("refreshTokenDurationReset", ACCESS)] {
        let server = with(&["tokenExpirationLinked", "refreshTokenKept", switch]);
        let login = server.login(WEB, "web");
        server.advance((REFRESH - 100) * 1_000);
        let answer = ok(server.refresh(WEB, text(&login, "refresh_token")));
        assert_eq!(
            (&answer["accessTokenDuration"], &content(&answer)["expires_in"]),
            (&json!(access), &json!(access))
        );
        assert_eq!(answer["accessTokenExpiresAt"], server.now() + access * 1_000);
    }
}

#[test]
fn tokens_of_a_password_are_linked_too_and_an_access_token_alone_is_not() {
    let server = with(&["tokenExpirationLinked"]);
    let pending = server.token(WEB, "grant_type=password&username=a&password=b");
    let lifetimes = json!({ "ticket": pending["ticket"], "subject": "user-1",
        "accessTokenDuration": 900, "refreshTokenDuration": 60 });
    let answer = ok(server.api("/auth/token/issue", &lifetimes));
    assert_left(&server, &answer, 0, 60, 60);
    let mut call = token_call(WEB, "grant_type=client_credentials");
    merge(&mut call, json!({ "accessTokenDuration": 900, "refreshTokenDuration": 60 }));
    let alone = ok(server.api("/auth/token", &call));
    assert_eq!(content(&alone)["expires_in"], 900);
}

#[test]
fn a_renewal_that_is_made_again_has_the_same_lifetimes() {
    let server =
        with(&["refreshTokenIdempotent", "refreshTokenDurationKept", "tokenExpirationLinked"]);
    let login = server.login(WEB, "web");
    server.advance((REFRESH - 1_000) * 1_000);
    let first = ok(server.refresh(WEB, text(&login, "refresh_token")));
    assert_left(&server, &first, REFRESH - 1_000, 1_000, 1_000);
    server.advance(30_000);
    let again = ok(server.refresh(WEB, text(&login, "refresh_token")));
    for same in ["accessToken", "refreshToken", "accessTokenExpiresAt", "refreshTokenExpiresAt"] {
        assert_eq!(again[same], first[same], "{same}");
    }
    assert_eq!(content(&again)["expires_in"], 970);
}
