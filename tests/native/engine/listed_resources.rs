//! The resources that a service and its clients list (`supportedResources`, `allowed_resources`).

use super::harness::*;
use serde_json::{Value, json};

const MCP: &str = "https://mcp.example.com/mcp";
const API: &str = "https://api.example.com";
const OTHER: &str = "https://other.example";

/// A service that supports two resources, of which web may have one.
fn listed() -> Value {
    let mut config = config();
    config["service"]["supportedResources"] = json!([MCP, API]);
    config["clients"][0]["allowed_resources"] = json!(["HTTPS://MCP.example.com/mcp"]);
    config
}

fn with(uri: &str) -> String {
    format!("&resource={}", uri.replace(':', "%3A").replace('/', "%2F"))
}

fn check(server: &Server, client: &str, resources: &str) -> Value {
    let request = format!(
        "response_type=code&client_id={client}&code_challenge={CHALLENGE}&code_challenge_method=S256{resources}"
    );
    serde_json::from_str(&server.engine.check_authorization(&request)).unwrap()
}

fn redeem(server: &Server, code: &str, more: &str) -> Value {
    server.token(WEB, &(redemption(code) + more))
}

fn refresh(server: &Server, token: &str, more: &str) -> Value {
    server.token(WEB, &format!("grant_type=refresh_token&refresh_token={token}{more}"))
}

#[test]
fn a_resource_that_is_not_listed_is_refused_at_the_authorization_step() {
    let server = start(&listed());
    for (client, uri) in
        [("web", API), ("web", OTHER), ("spa", OTHER), ("web", "https://mcp.example.com/mcp/")]
    {
        let refused = check(&server, client, &with(uri));
        assert_eq!(
            (&refused["error"], &refused["message"], &refused["redirect_uri"]),
            (
                &json!("invalid_target"),
                &json!("resource: has a resource that the client may not request"),
                &json!(CALLBACK)
            ),
        );
    }
    let mixed = check(&server, "spa", &(with(API) + &with(OTHER)));
    assert_eq!(mixed["error"], "invalid_target");
    assert_eq!(check(&server, "spa", &(with(API) + &with(MCP)))["resources"], json!([API, MCP]));
    assert_eq!(check(&server, "web", "")["resources"], json!([]), "none is always possible");
    let parameters = json!({ "client_id": "web", "subject": "user-1", "resource": API });
    let error = server.engine.issue_authorization_code(&parameters.to_string()).unwrap_err();
    assert_eq!(error.message, "resource: has a resource that the client may not request");
}

#[test]
fn tokens_carry_the_spelling_of_the_services_list_or_else_of_the_clients() {
    let asked = "HTTPS://mcp.EXAMPLE.com/mcp";
    let machine = format!("grant_type=client_credentials&scope=orders.read{}", with(asked));
    let mut config = listed();
    for spelling in [MCP, "HTTPS://MCP.example.com/mcp"] {
        let server = start(&config);
        let checked = check(&server, "web", &with(asked));
        assert_eq!(checked["resources"], json!([spelling]));
        assert_eq!(checked["code"]["resource"], json!([spelling]));
        let code = server.code("web", json!({ "resource": asked }));
        let login = ok(redeem(&server, &code, &with(asked)));
        let issued = ok(server.token(WEB, &machine));
        for answer in [&login, &issued] {
            assert_eq!(answer["accessTokenResources"], json!([spelling]));
            assert_eq!(server.introspect(text(answer, "accessToken"))["aud"], spelling);
        }
        config["service"]["supportedResources"] = Value::Null;
    }
}

#[test]
fn a_resource_that_is_not_listed_is_refused_at_the_token_endpoint_and_costs_nothing() {
    let server = start(&listed());
    // A grant without resources is for any that is listed.
    let code = server.code("web", json!({}));
    let refused =
        |answer: Value| assert_refused(&answer, "BAD_REQUEST", "invalid_target", "A049308");
    for uri in [API, OTHER] {
        refused(redeem(&server, &code, &with(uri)));
        refused(redeem(&server, &code, &(with(MCP) + &with(uri))));
        refused(
            server.token(
                WEB,
                &format!("grant_type=client_credentials&scope=orders.read{}", with(uri)),
            ),
        );
        refused(
            server.token(WEB, &format!("grant_type=password&username=a&password=b{}", with(uri))),
        );
    }
    let login = ok(redeem(&server, &code, ""));
    assert!(login.get("accessTokenResources").is_none());
    let token = text(&login, "refreshToken");
    refused(refresh(&server, token, &with(API)));
    assert_eq!(ok(refresh(&server, token, &with(MCP)))["accessTokenResources"], json!([MCP]));
    ok(server
        .token(POST, &format!("grant_type=client_credentials&scope=orders.read{}", with(API))));
}

#[test]
fn a_grant_from_before_a_change_of_the_lists_gives_what_is_left_of_it_and_never_more() {
    let before = server();
    let code = before.code("web", json!({ "resource": [MCP, API] }));
    let other = before.code("web", json!({ "resource": [API] }));
    let login = ok(redeem(&before, &before.code("web", json!({ "resource": [API, MCP] })), ""));
    let lost = ok(redeem(&before, &before.code("web", json!({ "resource": API })), ""));
    let ticket = |uris: &[&str]| {
        let uris: String = uris.iter().map(|uri| with(uri)).collect();
        before.token(WEB, &format!("grant_type=password&username=a&password=b{uris}"))["ticket"]
            .clone()
    };
    let (kept, gone) = (ticket(&[API, MCP]), ticket(&[API]));

    let after = before.reconfigured(&listed());
    let refused =
        |answer: Value| assert_refused(&answer, "BAD_REQUEST", "invalid_target", "A049308");
    refused(redeem(&after, &code, &with(API)));
    assert_eq!(ok(redeem(&after, &code, ""))["accessTokenResources"], json!([MCP]));
    refused(redeem(&after, &other, ""));
    refused(refresh(&after, text(&lost, "refreshToken"), ""));
    assert_eq!(
        ok(refresh(&after, text(&login, "refreshToken"), ""))["accessTokenResources"],
        json!([MCP])
    );
    let issue = |ticket: &Value| {
        after.api("/auth/token/issue", &json!({ "ticket": ticket, "subject": "user-1" }))
    };
    assert_eq!(ok(issue(&kept))["accessTokenResources"], json!([MCP]));
    let answer = issue(&gone);
    assert_eq!(
        (&answer["action"], &answer["resultCode"]),
        (&json!("INTERNAL_SERVER_ERROR"), &json!("A049206"))
    );

    // The lists are undone: nothing was used up.
    ok(redeem(&before, &other, ""));
    ok(refresh(&before, text(&lost, "refreshToken"), ""));
}

#[test]
fn empty_lists_leave_tokens_that_are_bound_to_none() {
    let mut config = config();
    config["service"]["supportedResources"] = json!([]);
    let server = start(&config);
    assert_eq!(check(&server, "web", &with(MCP))["error"], "invalid_target");
    assert!(server.login(WEB, "web").get("access_token").is_some());
}

#[test]
fn a_client_lists_only_resources_that_its_service_supports() {
    let mut config = listed();
    config["clients"][0]["allowed_resources"] = json!([MCP, OTHER]);
    let error = authlete_token::engine::Config::parse(&config.to_string()).err().unwrap();
    assert_eq!(error.message, "clients[0].allowed_resources[1]: not in service.supportedResources");
    config["service"]["supportedResources"] = Value::Null;
    start(&config);
}

#[test]
fn a_protected_resource_is_one_that_tokens_may_be_for() {
    let mut config = listed();
    config["clients"][0]["resource_identifiers"] = json!([API, OTHER]);
    let error = authlete_token::engine::Config::parse(&config.to_string()).err().unwrap();
    assert_eq!(
        error.message,
        "clients[0].resource_identifiers[1]: not in service.supportedResources"
    );
    config["clients"][0]["resource_identifiers"] = json!([API]);
    start(&config);
}
