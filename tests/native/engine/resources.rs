//! Resource indicators (RFC 8707): bound at the authorization step, narrowed or inherited at the
//! token endpoint, seen by resource servers.

use super::harness::*;
use serde_json::{Value, json};

const MCP: &str = "https://mcp.example.com/mcp";
const API: &str = "https://api.example.com";
const CREDENTIALS: &str = "grant_type=client_credentials&scope=orders.read";

fn resource(uri: &str) -> String {
    format!("&resource={}", uri.replace(':', "%3A").replace('/', "%2F").replace('#', "%23"))
}

fn code_for(server: &Server, resource: &Value) -> String {
    server.code("web", json!({ "resource": resource }))
}

/// Redeems a code with these further parameters.
fn redeem(server: &Server, code: &str, more: &str) -> Value {
    server.token(WEB, &format!("{}{more}", redemption(code)))
}

fn refresh(server: &Server, token: &str, more: &str) -> Value {
    server.token(WEB, &format!("grant_type=refresh_token&refresh_token={token}{more}"))
}

fn audience(server: &Server, answer: &Value) -> Value {
    server.introspect(text(answer, "accessToken"))["aud"].clone()
}

#[test]
fn a_token_is_for_the_resources_of_its_grant_and_resource_servers_see_it() {
    let server = server();
    let one = ok(redeem(&server, &code_for(&server, &json!(MCP)), &resource(MCP)));
    assert_eq!(one["resources"], json!([MCP]));
    assert_eq!(one["accessTokenResources"], json!([MCP]));
    assert_eq!(audience(&server, &one), json!(MCP));

    let several = ok(redeem(&server, &code_for(&server, &json!([MCP, API, MCP])), ""));
    assert!(several.get("resources").is_none(), "none was requested");
    assert_eq!(several["accessTokenResources"], json!([MCP, API]));
    assert_eq!(audience(&server, &several), json!([MCP, API]));

    let none = ok(server.redeem(WEB, &server.code("web", json!({}))));
    assert!(none.get("accessTokenResources").is_none());
    assert!(server.introspect(text(&none, "accessToken")).get("aud").is_none());
}

#[test]
fn a_token_request_may_narrow_and_a_later_one_may_use_the_rest() {
    let server = server();
    let first = ok(redeem(&server, &code_for(&server, &json!([MCP, API])), &resource(API)));
    assert_eq!(first["accessTokenResources"], json!([API]));
    let second = ok(refresh(&server, text(&first, "refreshToken"), &resource(MCP)));
    assert_eq!(audience(&server, &second), json!(MCP));
    let third = ok(refresh(&server, text(&second, "refreshToken"), ""));
    assert_eq!(audience(&server, &third), json!([MCP, API]));
    // A grant without resources is for any.
    let any = ok(redeem(&server, &server.code("web", json!({})), &resource(API)));
    assert_eq!(audience(&server, &any), json!(API));
    let other = ok(refresh(&server, text(&any, "refreshToken"), &resource(MCP)));
    assert_eq!(audience(&server, &other), json!(MCP));
}

#[test]
fn a_resource_that_was_not_granted_is_refused_and_costs_neither_code_nor_refresh_token() {
    let server = server();
    let code = code_for(&server, &json!(MCP));
    for other in [API, "https://mcp.example.com/mcp/", "https://mcp.example.com/MCP"] {
        let refused = redeem(&server, &code, &(resource(MCP) + &resource(other)));
        assert_refused(&refused, "BAD_REQUEST", "invalid_target", "A049308");
    }
    // Scheme and host have no letter case, and the granted spelling stays.
    let login = ok(redeem(&server, &code, &resource("HTTPS://MCP.example.com/mcp")));
    assert_eq!(audience(&server, &login), json!(MCP));
    let token = text(&login, "refreshToken");
    let refused = refresh(&server, token, &resource(API));
    assert_refused(&refused, "BAD_REQUEST", "invalid_target", "A049308");
    ok(refresh(&server, token, &resource(MCP)));
}

#[test]
fn a_malformed_resource_is_refused_whatever_the_grant_type() {
    let server = server();
    let code = code_for(&server, &json!(MCP));
    for malformed in ["mcp", "/mcp", "https://mcp.example.com/#part", "https://mcp.example.com/a b"]
    {
        for request in [
            redemption(&code),
            CREDENTIALS.into(),
            "grant_type=password&username=a&password=b".into(),
        ] {
            let refused = server.token(WEB, &(request + &resource(malformed)));
            assert_refused(&refused, "BAD_REQUEST", "invalid_target", "A049310");
        }
    }
    ok(redeem(&server, &code, ""));
}

#[test]
fn client_credentials_and_passwords_take_the_resources_of_their_request() {
    let server = server();
    let machine =
        ok(server.token(WEB, &format!("{CREDENTIALS}{}{}", resource(MCP), resource(API))));
    assert_eq!(machine["accessTokenResources"], json!([MCP, API]));
    assert_eq!(audience(&server, &machine), json!([MCP, API]));

    let password =
        format!("grant_type=password&username=alice&password=wonderland{}", resource(MCP));
    let asked = server.token(WEB, &password);
    assert_eq!((&asked["action"], &asked["resources"]), (&json!("PASSWORD"), &json!([MCP])));
    let issue = json!({ "ticket": asked["ticket"], "subject": "user-1" });
    let issued = ok(server.api("/auth/token/issue", &issue));
    assert_eq!(issued["accessTokenResources"], json!([MCP]));
    let refreshed = ok(refresh(&server, text(&issued, "refreshToken"), ""));
    assert_eq!(audience(&server, &refreshed), json!(MCP));
}
