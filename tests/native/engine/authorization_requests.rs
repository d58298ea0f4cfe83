//! The step that checks an authorization request, and what the code that comes of it is good for.

use super::harness::*;
use serde_json::{Value, json};

const API: &str = "https://api.example.com";
/// A native app's redirect URI, with a port that it could not know in advance.
const LOOPBACK: &str = "http://127.0.0.1:51004/cb";

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The query of a good request of web, with parameters replaced; `null` removes one.
fn query(more: Value) -> String {
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

fn check(server: &Server, parameters: &str) -> Value {
    let checked: Value =
        serde_json::from_str(&server.engine.check_authorization(parameters)).unwrap();
    assert!(!checked.as_object().unwrap().values().any(Value::is_null), "{checked}");
    checked
}

fn accepted(server: &Server, more: Value) -> Value {
    let checked = check(server, &query(more));
    assert_eq!(checked["accepted"], true, "{checked}");
    checked
}

/// A refusal: its error and its message.
fn refused(server: &Server, parameters: &str) -> (Value, String, String) {
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
fn assert_returned(server: &Server, parameters: &str, error: &str, message: &str) {
    let expected = json!({
        "accepted": false, "error": error, "message": message, "redirect_uri": CALLBACK, "state": "a state & more",
    });
    assert_eq!(check(server, parameters), expected, "{parameters}");
    refused(server, parameters);
}

/// The user must not be sent anywhere.
fn assert_stays(server: &Server, parameters: &str, message: &str) {
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
fn a_client_or_redirect_uri_that_is_not_registered_is_never_redirected_to() {
    let mut config = config();
    config["clients"][0]["redirect_uris"] = json!([CALLBACK, "http://127.0.0.1/cb"]);
    let server = start(&config);
    for id in ["nobody", "WEB", "web ", "ｗｅｂ", "web\0", "__proto__", "01001", "evil\"\\<script>"]
    {
        assert_stays(&server, &query(json!({ "client_id": id })), "client_id: no such client");
    }
    for id in [Value::Null, "".into()] {
        assert_stays(&server, &query(json!({ "client_id": id })), "client_id: missing");
    }
    for uri in [
        "https://evil.example/callback",
        "https://app.example.com/callback/",
        "https://app.example.com/callback?x=1",
        "https://app.example.com/callback#x",
        "https://app.example.com/Callback",
        "https://APP.example.com/callback",
        "https://app.example.com:443/callback",
        "https://app.example.com@evil.example/callback",
        "http://app.example.com/callback",
        "//app.example.com/callback",
        "/callback",
        "javascript:alert(1)",
        "http://127.0.0.1:80@evil.example/cb",
        "http://localhost:80/cb",
        "http://127.0.0.1:80/other",
    ] {
        assert_stays(
            &server,
            &query(json!({ "redirect_uri": uri })),
            "redirect_uri: not registered for the client",
        );
    }
    assert_eq!(accepted(&server, json!({ "redirect_uri": LOOPBACK }))["redirect_uri"], LOOPBACK);
}

#[test]
fn a_repeated_parameter_is_refused_whatever_its_values_and_a_repeated_address_is_not_redirected_to()
{
    let server = server();
    let good = query(json!({}));
    for more in ["client_id=web", "client_id=", "client%5Fid=spa"] {
        assert_stays(&server, &format!("{good}&{more}"), "client_id: given more than once");
    }
    for more in
        [&format!("redirect_uri={}", encoded(CALLBACK)), "redirect_uri=https://evil.example"]
    {
        assert_stays(&server, &format!("{good}&{more}"), "redirect_uri: given more than once");
    }
    for name in [
        "response_type",
        "scope",
        "code_challenge",
        "code_challenge_method",
        "nonce",
        "prompt",
        "max_age",
        "login_hint",
        "acr_values",
        "response_mode",
        "request",
        "request_uri",
        "registration",
        "authorization_details",
        "dpop_jkt",
    ] {
        let message = format!("{name}: given more than once");
        assert_returned(&server, &format!("{good}&{name}=&{name}="), "invalid_request", &message);
    }
    let (answer, error, message) = refused(&server, &format!("{good}&state=another"));
    assert_eq!(
        (error.as_str(), message.as_str()),
        ("invalid_request", "state: given more than once")
    );
    assert_eq!((&answer["redirect_uri"], answer.get("state")), (&json!(CALLBACK), None));
    // Unknown parameters are ignored (RFC 6749 §3.1).
    assert_eq!(check(&server, &format!("{good}&x=1&x=2&=&&__proto__=1"))["accepted"], true);
}

#[test]
fn any_other_fault_goes_back_to_the_client_with_its_error_and_its_parameter() {
    let server = server();
    let many: Vec<String> = (0..17).map(|n| format!("&resource=https://{n}.example")).collect();
    let too_many = query(json!({})) + &many.concat();
    let resource = "resource: expected absolute URIs without a fragment, 16 at most";
    assert_returned(&server, &too_many, "invalid_target", resource);
    for (more, error, message) in [
        (
            json!({ "response_type": "token" }),
            "unsupported_response_type",
            "response_type: must be code",
        ),
        (
            json!({ "response_type": "code id_token" }),
            "unsupported_response_type",
            "response_type: must be code",
        ),
        (json!({ "response_type": "" }), "invalid_request", "response_type: missing"),
        (json!({ "response_mode": "fragment" }), "invalid_request", "response_mode: must be query"),
        (
            json!({ "response_mode": "form_post" }),
            "invalid_request",
            "response_mode: must be query",
        ),
        (json!({ "request": "e30.e30." }), "request_not_supported", "request: not supported"),
        (
            json!({ "request_uri": "https://evil.example/r" }),
            "request_uri_not_supported",
            "request_uri: not supported",
        ),
        (
            json!({ "registration": "{}" }),
            "registration_not_supported",
            "registration: not supported",
        ),
        (
            json!({ "authorization_details": "[{\"type\":\"a\"}]" }),
            "invalid_authorization_details",
            "authorization_details: not supported",
        ),
        (
            json!({ "dpop_jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" }),
            "invalid_request",
            "dpop_jkt: not supported",
        ),
        (
            json!({ "scope": "openid admin" }),
            "invalid_scope",
            "scope: has a scope that the client may not request",
        ),
        (
            json!({ "scope": "openid \"x\"" }),
            "invalid_scope",
            "scope: expected scope tokens separated by spaces",
        ),
        (json!({ "prompt": "none login" }), "invalid_request", "prompt: none must be alone"),
        (json!({ "max_age": "-1" }), "invalid_request", "max_age: expected a number of seconds"),
        (json!({ "max_age": "1.5" }), "invalid_request", "max_age: expected a number of seconds"),
        (
            json!({ "max_age": "99999999999999999999" }),
            "invalid_request",
            "max_age: expected a number of seconds",
        ),
        (json!({ "resource": "relative" }), "invalid_target", resource),
        (json!({ "resource": "https://api.example/#x" }), "invalid_target", resource),
        (json!({ "code_challenge": "short" }), "invalid_request", "code_challenge: malformed"),
        (
            json!({ "code_challenge_method": "plain" }),
            "invalid_request",
            "code_challenge_method: must be S256",
        ),
        (
            json!({ "code_challenge_method": "" }),
            "invalid_request",
            "code_challenge_method: must be S256",
        ),
        (
            json!({ "code_challenge_method": "S512" }),
            "invalid_request",
            "code_challenge_method: not supported",
        ),
        (
            json!({ "code_challenge": "" }),
            "invalid_request",
            "code_challenge_method: given without code_challenge",
        ),
    ] {
        assert_returned(&server, &query(more), error, message);
    }
    assert!(server.store.is_empty());
}

#[test]
fn clients_without_pkce_are_refused_if_they_are_public_or_the_service_wants_it() {
    let missing = "code_challenge: missing; the client must use PKCE";
    let without = |client: &str| {
        query(json!({ "client_id": client, "code_challenge": null, "code_challenge_method": null }))
    };
    let server = server();
    assert_returned(&server, &without("spa"), "invalid_request", missing);
    assert_eq!(check(&server, &without("web"))["accepted"], true);
    let mut config = config();
    config["service"]["pkceRequired"] = true.into();
    config["service"]["pkceS256Required"] = false.into();
    let server = start(&config);
    assert_returned(&server, &without("web"), "invalid_request", missing);
    let code = accepted(&server, json!({ "code_challenge_method": "plain" }))["code"].clone();
    assert_eq!(code["code_challenge_method"], "plain");
}

#[test]
fn a_client_or_a_service_without_the_grant_type_is_not_authorized() {
    let message = "client_id: the client may not use the authorization_code grant type";
    let mut client = config();
    client["clients"][0]["grant_types"] = json!(["client_credentials"]);
    assert_returned(&start(&client), &query(json!({})), "unauthorized_client", message);
    let mut service = config();
    service["service"]["supportedGrantTypes"] = json!(["CLIENT_CREDENTIALS"]);
    limit_grants(&mut service, &["client_credentials"]);
    assert_returned(&start(&service), &query(json!({})), "unauthorized_client", message);
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
fn a_request_that_can_not_be_read_or_is_too_long_is_refused_without_a_redirect() {
    let server = server();
    let good = query(json!({ "state": null }));
    for bad in ["&state=%ff", "&state=%", "&nonce=%c0%ae", "&resource=%zz"] {
        assert_stays(&server, &format!("{good}{bad}"), "a parameter is not form-encoded UTF-8");
    }
    assert_eq!(check(&server, &format!("{good}&unknown=%ff"))["accepted"], true);
    let padded = |length: usize| format!("{good}&state={}", "x".repeat(length - good.len() - 7));
    assert_eq!(check(&server, &padded(65_536))["accepted"], true);
    assert_stays(&server, &padded(65_537), "the request is too long");
    assert_stays(&server, "", "client_id: missing");
    assert_stays(&server, "{\"client_id\":\"web\"}", "client_id: missing");
}

#[test]
fn no_value_of_a_request_is_in_a_refusal_but_address_and_state() {
    let server = server();
    for name in [
        "client_id",
        "redirect_uri",
        "response_type",
        "response_mode",
        "scope",
        "prompt",
        "max_age",
        "resource",
        "code_challenge",
        "code_challenge_method",
        "request",
        "request_uri",
        "registration",
        "authorization_details",
        "dpop_jkt",
    ] {
        for value in ["evil\"\\\u{fc}\n", "evil evil2 none"] {
            let checked = check(&server, &query(json!({ name: value })));
            assert!(
                checked["accepted"] == true || !checked.to_string().contains("evil"),
                "{checked}"
            );
            if checked["accepted"] == false {
                refused(&server, &query(json!({ name: value })));
            }
        }
    }
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
