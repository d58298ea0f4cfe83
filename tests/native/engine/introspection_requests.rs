//! The introspection endpoint (RFC 7662): who may ask, and what they learn.

use super::assertions::*;
use super::endpoint_requests::*;
use super::harness::*;
use authlete_token::engine::{Config, Unread};
use serde_json::{Value, json};
use std::sync::atomic::Ordering::SeqCst;

fn inactive() -> Value {
    json!({ "active": false })
}

fn start_with_resource_server() -> Server {
    start(&config_with_resource_server())
}

/// An introspection request of the client `jwt`.
fn by_assertion(assertion: &str, token: &str) -> authlete_token::http::HttpRequest {
    let parameters = format!("token={token}");
    let call = assertion_call(assertion, &parameters);
    form_request(To::Introspection, By(None, ""), text(&call, "parameters"))
}

#[test]
fn a_protected_resource_sees_the_tokens_that_are_for_it_and_only_its_own_identifiers() {
    let server = start_with_resource_server();
    let token = server.login_for(json!([MCP, API]));
    let mut expected = json!({
        "active": true, "scope": "openid orders.read", "client_id": "web", "sub": "user-1", "token_type": "Bearer",
        "aud": MCP, "iss": ISSUER, "iat": NOW / 1000, "exp": NOW / 1000 + 3600,
    });
    assert_eq!(server.state(RESOURCE_SERVER, text(&token, "access_token")), expected);
    // Its own spelling, which it knows, and several if the token is for several of them.
    let spelled = server.login_for(json!(["HTTPS://MCP.example.com/mcp", API, "urn:example:mcp"]));
    expected["aud"] = json!([MCP, "urn:example:mcp"]);
    assert_eq!(server.state(RESOURCE_SERVER, text(&spelled, "access_token")), expected);
    assert_eq!(
        server.introspect(text(&token, "access_token"))["aud"],
        json!([MCP, API]),
        "the host sees all of them"
    );
}

#[test]
fn a_token_for_other_resources_is_not_active_and_one_for_none_is_without_aud() {
    let server = start_with_resource_server();
    for other in [API, "https://mcp.example.com/mcp/", "https://mcp.example.com/MCP", "urn:example"]
    {
        let token = server.login_for(json!(other));
        assert_eq!(server.state(RESOURCE_SERVER, text(&token, "access_token")), inactive());
        assert!(server.is_active(text(&token, "access_token")));
    }
    let unbound = server.login(WEB, "web");
    let state = server.state(RESOURCE_SERVER, text(&unbound, "access_token"));
    assert_eq!((&state["active"], state.get("aud")), (&json!(true), None));
}

#[test]
fn a_token_that_is_no_active_access_token_is_inactive_and_nothing_else_is_said() {
    let server = start_with_resource_server();
    let login = server.login_for(json!(MCP));
    let (access, refresh) = (text(&login, "access_token"), text(&login, "refresh_token"));
    for unknown in ["unknown", refresh, &server.code("web", json!({})), "%3Cscript%3E", "a%0D%0Ab"]
    {
        assert_eq!(server.state(RESOURCE_SERVER, unknown), inactive());
    }
    server.engine.revoke(access).unwrap();
    assert_eq!(server.state(RESOURCE_SERVER, access), inactive());
    let expiring = server.login_for(json!(MCP));
    server.advance(3_600_000);
    let response = server.asked(
        To::Introspection,
        &form_request(
            To::Introspection,
            RESOURCE_SERVER,
            &format!("token={}", text(&expiring, "access_token")),
        ),
    );
    assert_eq!(response.body, br#"{"active":false}"#);
}

#[test]
fn a_hint_about_the_type_of_a_token_changes_nothing() {
    let server = start_with_resource_server();
    let login = server.login_for(json!(MCP));
    for hint in ["access_token", "refresh_token", "unheard_of", ""] {
        let token = format!("{}&token_type_hint={hint}", text(&login, "access_token"));
        assert_eq!(server.state(RESOURCE_SERVER, &token)["active"], true, "{hint}");
    }
}

#[test]
fn clients_that_are_no_protected_resources_may_not_introspect_and_public_ones_are_not_authenticated()
 {
    let server = start_with_resource_server();
    let token = server.login_for(json!(MCP));
    let token = format!("token={}", text(&token, "access_token"));
    for by in [WEB, POST, NUMBER] {
        let response =
            server.asked(To::Introspection, &form_request(To::Introspection, by, &token));
        assert_error(&response, 400, "unauthorized_client", "A145302");
    }
    let public = server.asked(To::Introspection, &form_request(To::Introspection, SPA, &token));
    assert_error(&public, 401, "invalid_client", "A157395");
    let unknown = By(None, "client_id=nobody");
    let unknown =
        server.asked(To::Introspection, &form_request(To::Introspection, unknown, &token));
    assert_eq!(public.body, unknown.body, "a public client is not told apart from none at all");
}

#[test]
fn a_protected_resource_needs_no_grant_type() {
    let server = start_with_resource_server();
    let refused = server.token(RESOURCE_SERVER, CREDENTIALS);
    assert_refused(&refused, "BAD_REQUEST", "unauthorized_client", "A049305");
}

#[test]
fn an_assertion_for_the_issuer_the_token_endpoint_or_this_endpoint_authenticates_once() {
    let server = start_with_resource_server();
    let token = server.login_for(json!(API));
    let token = text(&token, "access_token");
    for (i, audience) in
        [ISSUER, TOKEN_ENDPOINT, "https://as.example.com/introspect"].into_iter().enumerate()
    {
        let claims = json!({ "aud": audience, "jti": i.to_string() });
        let request = by_assertion(&Assertion::new().claims(claims).signed(), token);
        let first = server.asked(To::Introspection, &request);
        let state: Value = serde_json::from_slice(&first.body).unwrap();
        assert_eq!((first.status, &state["aud"]), (200, &json!(API)), "{audience}");
        let replayed = server.asked(To::Introspection, &request);
        assert_error(&replayed, 401, "invalid_client", "A157395");
    }
    let elsewhere = json!({ "aud": "https://as.example.com/revoke" });
    let request = by_assertion(&Assertion::new().claims(elsewhere).signed(), token);
    assert_error(&server.asked(To::Introspection, &request), 401, "invalid_client", "A157395");
    // One for this endpoint is no good at the token endpoint.
    let here = json!({ "aud": "https://as.example.com/introspect", "jti": "here" });
    assert_not_authenticated(&server.assert(&Assertion::new().claims(here).signed()), "A157356");
}

#[test]
fn a_service_that_restricts_assertions_to_its_issuer_does_so_here_too() {
    let mut config = config_with_resource_server();
    config["service"]["clientAssertionAudRestrictedToIssuer"] = true.into();
    let server = start(&config);
    for (audience, status) in [("https://as.example.com/introspect", 401), (ISSUER, 200)] {
        let assertion = Assertion::new().claims(json!({ "aud": audience })).signed();
        let response = server.asked(To::Introspection, &by_assertion(&assertion, "unknown"));
        assert_eq!(response.status, status, "{audience}");
    }
}

#[test]
fn an_assertion_is_used_up_even_if_its_client_may_not_introspect() {
    let mut config = config_with_resource_server();
    config["clients"][4]["resource_identifiers"] = json!([]);
    let server = start(&config);
    let assertion = Assertion::new().signed();
    let request = by_assertion(&assertion, "unknown");
    let refused = server.asked(To::Introspection, &request);
    assert_error(&refused, 400, "unauthorized_client", "A145302");
    assert_not_authenticated(&server.assert(&assertion), "A157398");
}

#[test]
fn of_requests_with_one_assertion_at_the_same_time_one_is_answered() {
    let server = start_with_resource_server();
    let request = by_assertion(&Assertion::new().signed(), "unknown");
    let answers =
        wait_for_all((0..4).map(|_| server.answer(To::Introspection, &request)).collect());
    let answered = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(answered, 1);
    for lost in answers.iter().filter(|answer| answer.status != 200) {
        assert_error(lost, 401, "invalid_client", "A157395");
    }
}

#[test]
fn a_failing_store_is_a_servers_error_and_no_inactive_token() {
    let server = start_with_resource_server();
    let login = server.login_for(json!(MCP));
    let token = format!("token={}", text(&login, "access_token"));
    server.switches.no_read.store(true, SeqCst);
    let request = form_request(To::Introspection, RESOURCE_SERVER, &token);
    let response = server.asked(To::Introspection, &request);
    assert_error(&response, 500, "server_error", "A001101");
    let heard = std::mem::take(&mut *server.switches.failures.lock().unwrap());
    assert!(heard.iter().all(|(_, name)| *name == "handleIntrospectionRequest"), "{heard:?}");
    assert_eq!(heard.len(), 1);
}

#[test]
fn a_body_that_could_not_be_read_gets_an_answer_that_says_whose_fault_it_is() {
    let server = start_with_resource_server();
    for (unread, status, error) in [
        (Unread::TooLarge, 413, "invalid_request"),
        (Unread::BrokenOff, 400, "invalid_request"),
        (Unread::NotThere, 500, "server_error"),
    ] {
        let response = server.engine.refuse_unread_form(unread);
        let body: Value = serde_json::from_slice(&response.body).unwrap();
        assert_eq!((response.status, text(&body, "error")), (status, error));
    }
}

#[test]
fn resource_identifiers_are_absolute_uris_of_clients_that_authenticate_themselves() {
    let config = |members: Value| {
        let mut config = config_with_resource_server();
        merge(&mut config["clients"][5], members);
        Config::parse(&config.to_string()).map(drop).map_err(|error| error.message)
    };
    assert_eq!(config(json!({ "resource_identifiers": [] })), Ok(()));
    for bad in ["", "mcp", "/mcp", "https://mcp.example.com/#a", "https://a b/"] {
        let problem = "clients[5].resource_identifiers[1]: not an absolute URI without a fragment, or longer than 2048 bytes";
        assert_eq!(config(json!({ "resource_identifiers": [MCP, bad] })), Err(problem.into()));
    }
    let public = json!({ "token_endpoint_auth_method": "none", "client_secret": null });
    let problem = "clients[5].resource_identifiers: a public client (token_endpoint_auth_method none) must not have any";
    assert_eq!(config(public), Err(problem.into()));
}
