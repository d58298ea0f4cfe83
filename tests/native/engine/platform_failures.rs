//! What the host is told when the platform fails.

use super::harness::*;
use authlete_token::engine::PlatformFailure::{
    self, Crypto, Fetch, KeySet, Random, SigningKey, StoreCommit, StoreExpire, StoreRead,
    StoreRecord,
};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

fn heard(server: &Server) -> Vec<(PlatformFailure, &'static str)> {
    std::mem::take(&mut *server.switches.failures.lock().unwrap())
}

/// The same while something fails.
fn failing(
    server: &Server,
    fault: fn(&Switches) -> &AtomicBool,
    call: &(&str, Value),
) -> Vec<PlatformFailure> {
    assert_eq!(heard(server), []);
    fault(&server.switches).store(true, SeqCst);
    let heard = failed(server, call);
    fault(&server.switches).store(false, SeqCst);
    heard
}

/// The failures that the host is told of during one API call, which is answered with the server's
/// error.
fn failed(server: &Server, (path, body): &(&str, Value)) -> Vec<PlatformFailure> {
    let operation = match *path {
        "/auth/token" => "authToken",
        "/auth/token/issue" => "authTokenIssue",
        "/auth/token/fail" => "authTokenFail",
        _ => "idtokenReissue",
    };
    let answer = server.api(path, body);
    assert_refused(&answer, "INTERNAL_SERVER_ERROR", "server_error", "A001101");
    let heard = heard(server);
    assert!(heard.iter().all(|(_, name)| *name == operation), "{heard:?}");
    heard.into_iter().map(|(failure, _)| failure).collect()
}

#[test]
fn the_host_hears_once_which_part_failed_during_which_operation() {
    let server = server();
    let login = content(&ok(server.redeem(WEB, &server.code("web", json!({})))));
    let pending = server.token(WEB, "grant_type=password&username=a&password=b&scope=openid");
    let redeem = ("/auth/token", token_call(WEB, &redemption(&server.code("web", json!({})))));
    let refresh =
        format!("grant_type=refresh_token&refresh_token={}", text(&login, "refresh_token"));
    let refresh = ("/auth/token", token_call(WEB, &refresh));
    let credentials = ("/auth/token", token_call(WEB, "grant_type=client_credentials"));
    let password = ("/auth/token", token_call(WEB, "grant_type=password&username=a&password=b"));
    let issue = ("/auth/token/issue", json!({ "ticket": pending["ticket"], "subject": "user-1" }));
    let fail = ("/auth/token/fail", json!({ "ticket": pending["ticket"], "reason": "UNKNOWN" }));
    let tokens =
        json!({ "accessToken": login["access_token"], "refreshToken": login["refresh_token"] });
    let reissue = ("/idtoken/reissue", tokens);

    for call in [&redeem, &refresh, &issue, &fail, &reissue] {
        assert_eq!(failing(&server, |switches| &switches.no_read, call), [StoreRead], "{call:?}");
        assert_eq!(failing(&server, |switches| &switches.garbage, call), [StoreRecord], "{call:?}");
    }
    for call in [&redeem, &refresh, &credentials, &password, &issue, &fail] {
        assert_eq!(
            failing(&server, |switches| &switches.no_commit, call),
            [StoreCommit],
            "{call:?}"
        );
    }
    for call in [&redeem, &refresh, &credentials, &password, &issue] {
        assert_eq!(failing(&server, |switches| &switches.no_random, call), [Random], "{call:?}");
    }
    for call in [&redeem, &issue, &reissue] {
        assert_eq!(failing(&server, |switches| &switches.no_signature, call), [Crypto], "{call:?}");
    }
    let mut chosen = credentials;
    chosen.1["accessToken"] = "chosen".into();
    assert_eq!(failing(&server, |switches| &switches.no_read, &chosen), [StoreRead]);
}

#[test]
fn the_host_hears_of_a_cleanup_that_fails_although_the_tokens_are_issued() {
    let server = server();
    let code = server.code("web", json!({}));
    // The first request of an engine removes what has expired.
    let server = server.reconfigured(&config());
    server.switches.no_expire.store(true, SeqCst);
    ok(server.redeem(WEB, &code));
    assert_eq!(heard(&server), [(StoreExpire, "authToken")]);
}

#[test]
fn the_host_hears_of_a_replayed_code_or_token_that_can_not_be_acted_upon() {
    let server = server();
    let code = server.code("web", json!({}));
    let login = content(&ok(server.redeem(WEB, &code)));
    let refresh =
        format!("grant_type=refresh_token&refresh_token={}", text(&login, "refresh_token"));
    ok(server.token(WEB, &refresh));
    server.advance(20_000);
    for parameters in [redemption(&code), refresh] {
        let call = ("/auth/token", token_call(WEB, &parameters));
        assert_eq!(failing(&server, |switches| &switches.no_commit, &call), [StoreCommit]);
    }
}

#[test]
fn the_host_hears_of_failures_outside_the_apis_by_the_name_of_the_function() {
    let server = server();
    let login = server.login(WEB, "web");
    let code = json!({ "client_id": "web", "subject": "user-1" }).to_string();
    server.switches.no_random.store(true, SeqCst);
    server.engine.issue_authorization_code(&code).unwrap_err();
    server.switches.no_random.store(false, SeqCst);
    server.switches.no_commit.store(true, SeqCst);
    server.engine.issue_authorization_code(&code).unwrap_err();
    server.engine.revoke(text(&login, "access_token")).unwrap_err();
    server.switches.no_read.store(true, SeqCst);
    server.engine.introspect(text(&login, "access_token")).unwrap_err();
    let expected = [
        (Random, "issueAuthorizationCode"),
        (StoreCommit, "issueAuthorizationCode"),
        (StoreCommit, "revoke"),
        (StoreRead, "introspect"),
    ];
    assert_eq!(heard(&server), expected);
}

#[test]
fn a_random_source_that_repeats_itself_is_a_failure_of_the_random_source() {
    let server = server();
    let password = ("/auth/token", token_call(WEB, "grant_type=password&username=a&password=b"));
    let code = json!({ "client_id": "web", "subject": "user-1" }).to_string();
    server.api(password.0, &password.1);
    server.engine.issue_authorization_code(&code).unwrap();
    let again = || server.switches.random.store(0, SeqCst);
    again();
    assert_eq!(failed(&server, &password), [Random]);
    server.engine.issue_authorization_code(&code).unwrap_err();
    assert_eq!(heard(&server), [(Random, "issueAuthorizationCode")]);
}

#[test]
fn the_host_hears_that_no_key_signs_for_a_client_whose_older_tokens_are_still_good() {
    let before = server();
    let login = before.login(WEB, "web");
    let mut config = config();
    // Without a grant type that gives ID tokens, the engine starts without a key.
    let changes =
        json!({ "grant_types": ["refresh_token"], "id_token_signed_response_alg": "RS256" });
    merge(&mut config["clients"][0], changes);
    let tokens =
        json!({ "accessToken": login["access_token"], "refreshToken": login["refresh_token"] });
    let call = ("/idtoken/reissue", tokens);
    assert_eq!(failed(&before.reconfigured(&config), &call), [SigningKey]);
}

#[test]
fn a_host_hears_nothing_of_requests_that_are_only_refused() {
    let server = server();
    server.token(WEB, "grant_type=refresh_token&refresh_token=unknown");
    server.token(By(Some(("web", "wrong")), ""), "grant_type=client_credentials");
    server.api("/auth/token/issue", &json!({ "ticket": "unknown", "subject": "user-1" }));
    assert_eq!(wait(server.send("/auth/unknown", "{}".into())).status, 404);
    assert_eq!(heard(&server), []);
}

#[test]
fn each_failure_has_a_name_of_its_own_for_a_log() {
    let all = [
        StoreRead,
        StoreRecord,
        StoreCommit,
        StoreExpire,
        Random,
        Crypto,
        SigningKey,
        Fetch,
        KeySet,
    ];
    let names = [
        "store_read",
        "store_record",
        "store_commit",
        "store_expire",
        "random",
        "crypto",
        "signing_key",
        "fetch",
        "key_set",
    ];
    assert_eq!(all.map(PlatformFailure::as_str), names);
}
