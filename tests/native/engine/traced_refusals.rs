//! What a host is told of calls that are refused without a token request, and that it is told
//! nothing of what a request holds.

use super::assertions::*;
use super::authorization_requests::{check, query};
use super::harness::*;
use super::proofs::*;
use super::traced::{assert_ends, assert_traced};
use authlete_token::engine::Unread;
use authlete_token::http::HttpRequest;
use serde_json::json;
use std::sync::atomic::Ordering::SeqCst;

#[test]
fn a_call_that_is_none_of_the_apis_is_refused_by_its_first_check() {
    let server = server();
    let sent = |request| {
        wait(server.engine.handle(&request));
        (server.last_trace().operation, server.checks())
    };
    let body = token_call(WEB, CREDENTIALS).to_string();
    let good = request("/auth/token", "application/json", body.clone());
    let mut wrong = good.clone();
    wrong.headers[0].1 = "Bearer wrong".into();
    assert_eq!(sent(wrong), ("authToken", vec!["call: A001291".into()]));
    let unknown = request("/auth/nothing", "application/json", body);
    assert_eq!(sent(unknown), ("unknown", vec!["call: A001293".into()]));
    let get = HttpRequest { method: "GET".into(), ..good.clone() };
    assert_eq!(sent(get), ("authToken", vec!["call: A001294".into()]));
    let broken = HttpRequest { body: b"{".to_vec(), ..good };
    assert_eq!(sent(broken), ("authToken", vec!["call: A001296".into()]));
    let member = request("/auth/token", "application/json", json!({ "clientId": {} }).to_string());
    assert_eq!(sent(member), ("authToken", vec!["call clientId: A001297".into()]));
    let message = server.last_trace().checks[0].result_message.clone().unwrap();
    assert_eq!(message, "[A001297] A member of the request has the wrong type: clientId");
    server.engine.refuse_unread(true);
    assert_eq!(server.checks(), ["call: A001298"]);
    for (unread, code) in [
        (Unread::TooLarge, "A145393"),
        (Unread::BrokenOff, "A145394"),
        (Unread::NotThere, "A001101"),
    ] {
        server.engine.refuse_unread_form(unread);
        assert_eq!(server.checks(), [format!("http_request: {code}")]);
    }
}

#[test]
fn a_failure_of_the_platform_is_named_once() {
    let server = server();
    server.switches.no_read.store(true, SeqCst);
    server.redeem(WEB, &"x".repeat(65));
    assert_ends(&server, &["grant_type authorization_code", "platform store_read: A001101"]);
    server.switches.no_read.store(false, SeqCst);
    server.switches.no_commit.store(true, SeqCst);
    server.token(WEB, CREDENTIALS);
    assert_ends(&server, &["access_token_issued Bearer", "platform store_commit: A001101"]);
}

#[test]
fn an_authorization_request_is_refused_with_the_parameter_and_what_is_wrong_with_it() {
    let server = server();
    check(&server, &query(json!({})));
    let passed = [
        "client",
        "redirect_uri",
        "parameters",
        "response_type",
        "grant_type",
        "scope",
        "pkce S256",
    ];
    assert_eq!(server.last_trace().operation, "checkAuthorization");
    assert_eq!(server.checks(), passed);
    for (more, last) in [
        (json!({ "client_id": null }), "client client_id missing: no"),
        (json!({ "client_id": "nobody" }), "client client_id no such client: no"),
        (
            json!({ "redirect_uri": "https://evil.example" }),
            "redirect_uri redirect_uri not registered for the client: no",
        ),
        (json!({ "response_type": "token" }), "response_type response_type must be code: no"),
        (
            json!({ "scope": "admin" }),
            "scope scope has a scope that the client may not request: no",
        ),
        (json!({ "prompt": "none login" }), "prompt prompt none must be alone: no"),
        (json!({ "max_age": "x" }), "prompt max_age expected a number of seconds: no"),
        (
            json!({ "id_token_hint": "x" }),
            "id_token_hint id_token_hint not an ID token of this issuer: no",
        ),
        (
            json!({ "resource": "x" }),
            "resource resource expected absolute URIs without a fragment, 16 at most: no",
        ),
        (json!({ "code_challenge": "x" }), "pkce code_challenge malformed: no"),
        (
            json!({ "dpop_jkt": "x" }),
            "dpop_jkt dpop_jkt expected a SHA-256 thumbprint in base64url: no",
        ),
    ] {
        check(&server, &query(more));
        assert_ends(&server, &[last]);
    }
    check(&server, &(query(json!({})) + "&scope=a"));
    assert_ends(&server, &["parameters scope given more than once: no"]);
    for (parameters, last) in [
        ("x", "parameters: no"),
        (r#"{"client_id":"web","subject":""}"#, "subject: no"),
        (r#"{"client_id":"web","subject":"u","nonce":1}"#, "parameters: no"),
        (r#"{"client_id":"nobody"}"#, "client client_id no such client: no"),
    ] {
        server.engine.issue_authorization_code(parameters).unwrap_err();
        assert_ends(&server, &[last]);
    }
}

/// The harness asserts the same of the calls of all other tests, for their own values.
#[test]
fn a_trace_holds_nothing_of_a_request_whether_or_not_that_succeeds() {
    let mut config = config_with_service(json!({
        "refreshTokenIdempotent": true, "idTokenReissuable": true,
    }));
    config["service"]["supportedScopes"] = json!(["openid", "profile", "orders.read", "XscopeX"]);
    config["clients"][0]["scope"] = "openid orders.read XscopeX".into();
    let server = start(&config);
    let code = server.code(
        "web",
        json!({ "subject": "XsubjectX", "nonce": "XnonceX", "scope": "openid XscopeX" }),
    );
    let tokens = ok(server.login_with(WEB, &code, &Proof::new(&server)));
    let refresh = text(&tokens, "refreshToken").to_owned();
    let asked =
        server.token(WEB, "grant_type=password&username=XuserX&password=XpassX&scope=XscopeX");
    let issue = json!({ "ticket": asked["ticket"], "subject": "XsubjectX", "accessToken": "XtokenX",
        "properties": [{ "key": "XkeyX", "value": "XvalueX" }] });
    ok(server.api("/auth/token/issue", &issue));
    server.api("/auth/token/issue", &issue);
    server.api("/auth/token/fail", &json!({ "ticket": "XticketX", "reason": "XreasonX" }));
    for _ in 0..2 {
        server.refresh(WEB, &refresh);
    }
    for wrong in ["scope=XscopeX+XotherX", "resource=XresourceX", "authorization_details=XdetailsX"]
    {
        server.token(WEB, &format!("{CREDENTIALS}&{wrong}"));
    }
    server.token(By(Some(("XclientX", "XsecretX")), ""), CREDENTIALS);
    server.token(WEB, "grant_type=XgrantX");
    server.assert("XassertionX");
    server.prove(WEB, CREDENTIALS, "XproofX");
    check(
        &server,
        &query(
            json!({ "state": "XstateX", "scope": "XscopeX", "login_hint": "XhintX", "prompt": "XpromptX" }),
        ),
    );
    server.engine.issue_authorization_code(r#"{"XmemberX":"XvalueX"}"#).unwrap_err();
    let shown = json!({ "token": "XtokenX", "scheme": "XschemeX", "htm": "XmethodX", "htu": "https://XhostX" });
    wait(server.engine.verify_access(&shown.to_string())).unwrap();
    let tokens = json!(["web-secret", code, tokens["accessToken"], refresh, asked["ticket"]]);
    for trace in server.all_traces() {
        assert!(!trace.to_json().contains('X'), "{trace:?}");
        assert_traced(&trace, &tokens);
    }
}
