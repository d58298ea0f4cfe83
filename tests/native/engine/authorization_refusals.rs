//! Authorization requests that are refused, and whether the user may be sent back to the client.

use super::authorization_requests::*;
use super::harness::*;
use serde_json::{Value, json};

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
            json!({ "dpop_jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4" }),
            "invalid_request",
            "dpop_jkt: expected a SHA-256 thumbprint in base64url",
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
