//! Client credentials, and the password grant with its ticket.

use super::harness::*;
use serde_json::{Value, json};

const PASSWORD: &str =
    "grant_type=password&username=alice&password=p%40ss+w%C3%B6rd&scope=openid+profile";

fn ticket(server: &Server) -> String {
    text(&server.token(WEB, PASSWORD), "ticket").to_owned()
}

fn issue(server: &Server, ticket: &str) -> Value {
    server.api("/auth/token/issue", &json!({ "ticket": ticket, "subject": "user-1" }))
}

fn fail(server: &Server, ticket: &str, reason: &str) -> Value {
    server.api("/auth/token/fail", &json!({ "ticket": ticket, "reason": reason }))
}

#[test]
fn client_credentials_give_an_access_token_for_the_client_alone() {
    let server = server();
    let answer = ok(server.token(POST, "grant_type=client_credentials&scope=orders.read"));
    assert_eq!(answer["grantType"], "CLIENT_CREDENTIALS");
    for absent in ["subject", "refreshToken", "idToken", "refreshTokenScopes"] {
        assert!(answer.get(absent).is_none(), "{absent}");
    }
    let mut content = content(&answer);
    merge(&mut content, json!({ "access_token": null }));
    assert_eq!(
        content,
        json!({ "token_type": "Bearer", "expires_in": 3600, "scope": "orders.read" })
    );
    let status = server.introspect(text(&answer, "accessToken"));
    assert_eq!((&status["active"], status.get("sub")), (&json!(true), None));
}

#[test]
fn client_credentials_are_for_confidential_clients_and_their_own_scopes() {
    let server = server();
    let answer = server.token(SPA, "grant_type=client_credentials");
    assert_refused(&answer, "BAD_REQUEST", "unauthorized_client", "A059301");
    let answer = server.token(WEB, "grant_type=client_credentials&scope=openid");
    assert_refused(&answer, "BAD_REQUEST", "invalid_scope", "A059302");
    for scope in ["admin", "unknown", "orders.read+offline_access"] {
        let answer = server.token(WEB, &format!("grant_type=client_credentials&scope={scope}"));
        assert_refused(&answer, "BAD_REQUEST", "invalid_scope", "A049307");
    }
}

#[test]
fn a_password_request_waits_for_the_hosts_verdict() {
    let server = server();
    let mut answer = server.token(WEB, PASSWORD);
    assert_eq!(text(&answer, "ticket").len(), 43);
    merge(&mut answer, json!({ "ticket": null, "resultCode": null, "resultMessage": null }));
    let expected = json!({
        "action": "PASSWORD", "grantType": "PASSWORD", "username": "alice", "password": "p@ss wörd",
        "scopes": ["openid", "profile"], "clientId": 1001, "clientIdAlias": "web", "clientIdAliasUsed": true,
        "clientAuthMethod": "CLIENT_SECRET_BASIC",
    });
    assert_eq!(answer, expected);
}

#[test]
fn the_password_grant_is_off_unless_the_service_supports_it() {
    let mut config = config();
    config["service"].as_object_mut().unwrap().remove("supportedGrantTypes");
    limit_grants(&mut config, &["client_credentials"]);
    let answer = start(&config).token(WEB, PASSWORD);
    assert_refused(&answer, "BAD_REQUEST", "unsupported_grant_type", "A049304");
}

#[test]
fn a_password_request_needs_both_parameters_and_allowed_scopes() {
    let server = server();
    let answer = server.token(WEB, "grant_type=password&password=x");
    assert_refused(&answer, "BAD_REQUEST", "invalid_request", "A057301");
    let answer = server.token(WEB, "grant_type=password&username=alice&password=");
    assert_refused(&answer, "BAD_REQUEST", "invalid_request", "A057302");
    let answer = server.token(WEB, "grant_type=password&username=a&password=b&scope=admin");
    assert_refused(&answer, "BAD_REQUEST", "invalid_scope", "A049307");
}

#[test]
fn issue_turns_a_ticket_into_tokens_with_an_id_token_for_openid() {
    let server = server();
    let call = json!({
        "ticket": ticket(&server), "subject": "user-42", "accessTokenDuration": 900, "refreshTokenDuration": 86400,
        "properties": [{ "key": "channel", "value": "web" }], "jwtAtClaims": "{}",
    });
    let answer = server.api("/auth/token/issue", &call);
    let content = content(&answer);
    let expected = json!({
        "action": "OK", "resultCode": "A054001",
        "resultMessage": "[A054001] The token request (grant_type=password) was processed successfully.",
        "accessToken": content["access_token"], "accessTokenDuration": 900, "accessTokenExpiresAt": NOW + 900_000,
        "refreshToken": content["refresh_token"], "refreshTokenDuration": 86400, "refreshTokenExpiresAt": NOW + 86_400_000,
        "clientId": 1001, "clientIdAlias": "web", "clientIdAliasUsed": true, "subject": "user-42",
        "scopes": ["openid", "profile"], "refreshTokenScopes": ["openid", "profile"],
        "properties": [{ "key": "channel", "value": "web", "hidden": false }],
        "responseContent": answer["responseContent"],
    });
    assert_eq!(answer, expected);
    assert_eq!(content["channel"], "web");
    let (_, claims) = verified(&server, text(&content, "id_token"));
    assert_eq!((&claims["sub"], &claims["auth_time"]), (&json!("user-42"), &json!(NOW / 1000)));
    ok(server.refresh(WEB, text(&content, "refresh_token")));
}

#[test]
fn properties_of_the_password_request_reach_the_tokens() {
    let server = server();
    let mut call = token_call(WEB, PASSWORD);
    call["properties"] = json!([{ "key": "channel", "value": "web" }]);
    let pending = server.api("/auth/token", &call);
    let answer = issue(&server, text(&pending, "ticket"));
    assert_eq!(content(&answer)["channel"], "web");
}

#[test]
fn a_ticket_can_be_used_once_for_one_of_issue_and_fail() {
    let server = server();
    let used = ticket(&server);
    assert_eq!(issue(&server, &used)["action"], "OK");
    for answer in [issue(&server, &used), fail(&server, &used, "UNKNOWN")] {
        assert_refused(&answer, "INTERNAL_SERVER_ERROR", "server_error", "A049209");
    }
    assert_refused(&issue(&server, "unknown"), "INTERNAL_SERVER_ERROR", "server_error", "A049206");
    let failed = ticket(&server);
    assert_eq!(fail(&server, &failed, "UNKNOWN")["action"], "BAD_REQUEST");
    assert_refused(&issue(&server, &failed), "INTERNAL_SERVER_ERROR", "server_error", "A049209");
}

#[test]
fn a_ticket_lives_for_five_minutes() {
    let server = server();
    let (early, late) = (ticket(&server), ticket(&server));
    server.advance(299_999);
    assert_eq!(issue(&server, &early)["action"], "OK");
    server.advance(1);
    assert_refused(&issue(&server, &late), "INTERNAL_SERVER_ERROR", "server_error", "A049208");
}

#[test]
fn a_ticket_dies_with_the_permission_of_its_client() {
    let before = server();
    let ticket = ticket(&before);
    let mut config = config();
    config["clients"][0]["grant_types"] = json!(["authorization_code"]);
    let answer = issue(&before.reconfigured(&config), &ticket);
    assert_refused(&answer, "INTERNAL_SERVER_ERROR", "server_error", "A049206");
}

#[test]
fn a_wrong_subject_or_access_token_does_not_spend_the_ticket() {
    let server = server();
    let ticket = ticket(&server);
    for subject in ["user\n", "ü", &"u".repeat(256)] {
        let answer =
            server.api("/auth/token/issue", &json!({ "ticket": ticket, "subject": subject }));
        assert_refused(&answer, "INTERNAL_SERVER_ERROR", "server_error", "A049205");
    }
    let call = json!({ "ticket": ticket, "subject": "user-1", "accessToken": "a b" });
    assert_refused(
        &server.api("/auth/token/issue", &call),
        "INTERNAL_SERVER_ERROR",
        "server_error",
        "A049202",
    );
    assert_eq!(issue(&server, &ticket)["action"], "OK");
}

#[test]
fn each_reason_of_a_failure_becomes_its_oauth_error() {
    let server = server();
    for (reason, error, code) in [
        ("UNKNOWN", "server_error", "A067391"),
        ("INVALID_RESOURCE_OWNER_CREDENTIALS", "invalid_request", "A067301"),
        ("INVALID_TARGET", "invalid_target", "A067392"),
        ("INVALID_CLIENT", "invalid_client", "A067393"),
        ("UNAUTHORIZED_CLIENT", "unauthorized_client", "A067394"),
        ("INVALID_SCOPE", "invalid_scope", "A067395"),
    ] {
        assert_refused(&fail(&server, &ticket(&server), reason), "BAD_REQUEST", error, code);
    }
    let ticket = ticket(&server);
    let answer = fail(&server, &ticket, "BECAUSE");
    assert_refused(&answer, "INTERNAL_SERVER_ERROR", "server_error", "A049207");
    assert_eq!(issue(&server, &ticket)["action"], "OK");
}
