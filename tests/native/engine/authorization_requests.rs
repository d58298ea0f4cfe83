//! The step that checks an authorization request, and what the code that comes of it is good for.

use super::harness::*;
use super::signatures::base64url;
use serde_json::{Value, json};

const API: &str = "https://api.example.com";
/// A native app's redirect URI, with a port that it could not know in advance.
pub const LOOPBACK: &str = "http://127.0.0.1:51004/cb";

pub fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The query of a good request of web, with parameters replaced; `null` removes one.
pub fn query(more: Value) -> String {
    let mut parameters = json!({
        "response_type": "code", "client_id": "web", "redirect_uri": CALLBACK, "state": "a state & more",
        "scope": "openid orders.read", "code_challenge": CHALLENGE, "code_challenge_method": "S256",
    });
    merge(&mut parameters, more);
    let pairs = parameters.as_object().unwrap().iter();
    let pairs: Vec<_> =
        pairs.map(|(name, value)| format!("{name}={}", encoded(value.as_str().unwrap()))).collect();
    pairs.join("&")
}

pub fn check(server: &Server, parameters: &str) -> Value {
    let checked: Value =
        serde_json::from_str(&server.engine.check_authorization(parameters)).unwrap();
    assert!(!checked.as_object().unwrap().values().any(Value::is_null), "{checked}");
    checked
}

pub fn accepted(server: &Server, more: Value) -> Value {
    let checked = check(server, &query(more));
    assert_eq!(checked["accepted"], true, "{checked}");
    checked
}

/// A refusal: its error and its message.
pub fn refused(server: &Server, parameters: &str) -> (Value, String, String) {
    let checked = check(server, parameters);
    assert_eq!(checked["accepted"], false, "{parameters}: {checked}");
    let message = text(&checked, "message").to_owned();
    // The characters of RFC 6749 §4.1.2.1.
    assert!(
        message.bytes().all(|b| matches!(b, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e)),
        "{message}"
    );
    (checked.clone(), text(&checked, "error").to_owned(), message)
}

/// The user may be sent back, with this error and the state.
pub fn assert_returned(server: &Server, parameters: &str, error: &str, message: &str) {
    let expected = json!({
        "accepted": false, "error": error, "message": message, "redirect_uri": CALLBACK, "state": "a state & more",
    });
    assert_eq!(check(server, parameters), expected, "{parameters}");
    refused(server, parameters);
}

/// The user must not be sent anywhere.
pub fn assert_stays(server: &Server, parameters: &str, message: &str) {
    let expected = json!({ "accepted": false, "error": "invalid_request", "message": message });
    assert_eq!(check(server, parameters), expected, "{parameters}");
}

#[test]
fn a_request_that_is_in_order_says_who_asks_for_what_and_gives_what_the_code_needs() {
    let mut config = config();
    config["clients"][0]["client_name"] = "Web application".into();
    let server = start(&config);
    let checked = accepted(
        &server,
        json!({
            "nonce": "n-1", "prompt": "login consent login", "max_age": "0", "login_hint": "alice@example.com",
            "acr_values": "gold silver", "resource": API, "response_mode": "query", "unknown": "x",
        }),
    );
    assert_eq!(
        checked,
        json!({
            "accepted": true,
            "client": { "client_id": "web", "client_name": "Web application" },
            "redirect_uri": CALLBACK,
            "state": "a state & more",
            "scopes": ["openid", "orders.read"],
            "resources": [API],
            "prompt": ["login", "consent"],
            "max_age": 0,
            "login_hint": "alice@example.com",
            "acr_values": ["gold", "silver"],
            "code": {
                "client_id": "web", "scope": "openid orders.read", "redirect_uri": CALLBACK, "nonce": "n-1",
                "code_challenge": CHALLENGE, "code_challenge_method": "S256", "resource": [API],
            },
        })
    );
}

#[test]
fn a_request_with_the_least_gives_no_member_without_a_value() {
    let mut config = config();
    config["clients"][0]["client_name"] = "".into();
    let server = start(&config);
    let least = json!({
        "accepted": true, "client": { "client_id": "1001" }, "redirect_uri": CALLBACK, "scopes": [], "resources": [],
        "prompt": [], "code": { "client_id": "1001" },
    });
    assert_eq!(check(&server, "response_type=code&client_id=1001"), least);
    // An empty parameter counts as left out (RFC 6749 §3.1).
    let empty = "response_type=code&client_id=1001&redirect_uri=&state=&scope=&nonce=&prompt=&max_age=&login_hint=&acr_values=\
        &code_challenge=&code_challenge_method=&resource=&resource=&request=&authorization_details=&dpop_jkt=&response_mode=";
    assert_eq!(check(&server, empty), least);
    assert_eq!(
        check(&server, "?response_type=code&client_id=1001"),
        least,
        "a leading question mark"
    );
    assert!(server.store.is_empty());
}

#[test]
fn what_a_request_does_not_say_is_what_the_client_has_registered() {
    let mut config = config();
    merge(
        &mut config["clients"][0],
        json!({ "default_max_age": 600, "default_acr_values": ["gold", "silver"] }),
    );
    let server = start(&config);
    let registered = accepted(&server, json!({}));
    assert_eq!(registered["max_age"], 600);
    assert_eq!(registered["acr_values"], json!(["gold", "silver"]));
    let asked = accepted(&server, json!({ "max_age": "0", "acr_values": "bronze" }));
    assert_eq!(asked["max_age"], 0);
    assert_eq!(asked["acr_values"], json!(["bronze"]));
}

#[test]
fn an_id_token_in_a_request_says_who_alone_may_be_answered_for() {
    let server = server();
    let hint = text(&server.login(WEB, "web"), "id_token").to_owned();
    assert_eq!(accepted(&server, json!({ "id_token_hint": hint }))["subject"], "user-1");
    // It may have expired.
    server.advance(86_400_000);
    assert_eq!(accepted(&server, json!({ "id_token_hint": hint }))["subject"], "user-1");
    assert!(accepted(&server, json!({})).get("subject").is_none());
    let foreign = format!("e30.{}.e30", base64url(br#"{"iss":"https://other.example","sub":"a"}"#));
    let nobody = format!("{}.{}.AA", base64url(br#"{"alg":"ES256"}"#), base64url(b"{}"));
    for wrong in ["garbage", "a.b.c", &foreign, &nobody] {
        assert_returned(
            &server,
            &query(json!({ "id_token_hint": wrong })),
            "invalid_request",
            "id_token_hint: not an ID token of this issuer",
        );
    }
}

#[test]
fn the_code_of_a_checked_request_is_issued_and_redeemed() {
    let server = server();
    for (client, by) in [("web", WEB), ("spa", SPA)] {
        let mut code = accepted(
            &server,
            json!({ "client_id": client, "nonce": "n-1", "resource": API }),
        )["code"]
            .clone();
        merge(&mut code, json!({ "subject": "user-1", "auth_time": 1_767_225_000 }));
        let code = server.engine.issue_authorization_code(&code.to_string()).unwrap();
        let answer = ok(server.redeem(by, &code));
        assert_eq!(answer["accessTokenResources"], json!([API]));
        assert_eq!(answer["scopes"], json!(["openid", "orders.read"]));
        assert_eq!(verified(&server, text(&answer, "idToken")).1["nonce"], "n-1");
    }
}

#[test]
fn a_request_without_a_redirect_uri_is_answered_at_the_only_one_and_the_code_says_that_none_was_sent()
 {
    let server = server();
    let plain = json!({ "redirect_uri": null, "scope": "orders.read" });
    let checked = accepted(&server, plain.clone());
    assert_eq!(checked["redirect_uri"], CALLBACK);
    assert!(checked["code"].get("redirect_uri").is_none());
    assert_returned(
        &server,
        &query(json!({ "redirect_uri": null })),
        "invalid_request",
        "redirect_uri: missing; OpenID Connect requires it",
    );
    let mut config = config();
    config["clients"][0]["redirect_uris"] = json!([CALLBACK, "https://app.example.com/two"]);
    let two = "redirect_uri: missing, and the client has more than one redirect URI";
    assert_stays(&start(&config), &query(plain.clone()), two);
    config["clients"][0]["redirect_uris"] = json!([]);
    config["clients"][0]["grant_types"] = json!(["client_credentials"]);
    let none = "redirect_uri: missing, and the client has no redirect URI";
    assert_stays(&start(&config), &query(plain), none);
}

#[test]
fn scopes_that_the_service_does_not_know_are_dropped() {
    let server = server();
    let checked =
        accepted(&server, json!({ "scope": "address openid nonsense openid orders.read" }));
    assert_eq!(checked["scopes"], json!(["openid", "orders.read"]));
    assert_eq!(checked["code"]["scope"], "openid orders.read");
    let nothing = accepted(&server, json!({ "scope": "nonsense" }));
    assert_eq!(nothing["scopes"], json!([]));
    assert!(nothing["code"].get("scope").is_none());
}

#[test]
fn an_mcp_client_may_ask_for_offline_access_with_consent() {
    let mut config = config();
    config["service"]["supportedScopes"] =
        json!(["openid", "profile", "orders.read", "offline_access"]);
    config["clients"][2]["scope"] = "openid profile orders.read offline_access".into();
    let server = start(&config);
    let request = json!({
        "client_id": "spa", "scope": "orders.read offline_access", "prompt": "consent", "resource": "HTTPS://MCP.example.com/mcp",
    });
    let checked = accepted(&server, request);
    assert_eq!(checked["scopes"], json!(["orders.read", "offline_access"]));
    assert_eq!(checked["prompt"], json!(["consent"]));
    assert_eq!(checked["resources"], json!(["HTTPS://MCP.example.com/mcp"]));
}

#[test]
fn what_changed_between_check_and_code_is_noticed() {
    let before = server();
    let mut code = accepted(&before, json!({ "resource": API }))["code"].clone();
    merge(&mut code, json!({ "subject": "user-1" }));
    type Change = fn(&mut Value);
    let changes: [(Change, &str); 6] = [
        (
            |config| drop(config["clients"].as_array_mut().unwrap().remove(0)),
            "client_id: no such client",
        ),
        (
            |config| config["clients"][0]["grant_types"] = json!(["client_credentials"]),
            "client_id: the client may not use the authorization_code grant type",
        ),
        (
            |config| config["clients"][0]["redirect_uris"] = json!(["https://app.example.com/new"]),
            "redirect_uri: not registered for the client",
        ),
        (
            |config| config["clients"][0]["scope"] = "openid".into(),
            "scope: has a scope that the client may not request",
        ),
        (
            |config| config["service"]["supportedResources"] = json!([]),
            "resource: has a resource that the client may not request",
        ),
        (
            |config| config["clients"][0]["allowed_resources"] = json!(["https://other.example"]),
            "resource: has a resource that the client may not request",
        ),
    ];
    for (change, message) in changes {
        let mut config = config();
        change(&mut config);
        let after = before.reconfigured(&config);
        let error = after.engine.issue_authorization_code(&code.to_string()).unwrap_err();
        assert_eq!(
            (error.code.as_str(), error.message.as_str()),
            ("ERR_AUTHLETE_REQUEST_INVALID", message)
        );
    }
    assert!(before.store.is_empty());
    assert!(before.engine.issue_authorization_code(&code.to_string()).is_ok());
}
