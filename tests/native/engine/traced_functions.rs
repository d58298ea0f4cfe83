//! What a host is told of the functions of the engine that are not the APIs, and of every call.

use super::assertions::CREDENTIALS;
use super::endpoint_requests::*;
use super::harness::*;
use super::proofs::*;
use super::traced::assert_checks;
use authlete_token::engine::Check;
use authlete_token::http::HttpRequest;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::atomic::Ordering::SeqCst;

const URL: &str = "https://api.example.com/orders";

#[test]
fn tokens_are_looked_at_for_the_server_for_clients_and_for_requests() {
    let server = start(&config_with_resource_server());
    let login = server.login_for(json!([MCP]));
    let token = text(&login, "access_token");
    server.introspect(token);
    assert_checks(&server, "introspect", &["access_token"]);
    server.introspect("unknown");
    assert_checks(&server, "introspect", &["access_token: A145304"]);

    let by_basic = ["http_request", "parameters", "client_authentication client_secret_basic"];
    let asked = ["confidential_client", "resource_identifiers", "access_token"];
    server.state(RESOURCE_SERVER, token);
    let introspection = [&by_basic[..], &asked, &["audience"]].concat();
    assert_checks(&server, "handleIntrospectionRequest", &introspection);
    let elsewhere = text(&server.login_for(json!([API])), "access_token").to_owned();
    server.state(RESOURCE_SERVER, &elsewhere);
    assert_eq!(server.checks().last().unwrap(), "audience: no");
    let anywhere = text(&server.login(WEB, "web"), "access_token").to_owned();
    server.state(RESOURCE_SERVER, &anywhere);
    assert_eq!(server.checks().last().unwrap(), "audience any");

    let shown = json!({ "token": token, "scheme": "Bearer", "htm": "GET", "htu": URL });
    wait(server.engine.verify_access(&shown.to_string())).unwrap();
    assert_checks(&server, "verifyAccess", &["parameters", "access_token", "token_scheme Bearer"]);

    server.revoked(POST, token);
    let by_post = ["http_request", "parameters", "client_authentication client_secret_post"];
    let foreign = [&by_post[..], &["token", "token_owner: A145303"]].concat();
    assert_checks(&server, "handleRevocationRequest", &foreign);
    server.revoked(WEB, token);
    let own = [&by_basic[..], &["token", "token_owner", "commit delete grant"]].concat();
    assert_checks(&server, "handleRevocationRequest", &own);
    server.revoked(WEB, token);
    assert_eq!(server.checks().last().unwrap(), "token: no");
    server.engine.revoke(&anywhere).unwrap();
    assert_checks(&server, "revoke", &["token", "commit delete grant"]);
}

#[test]
fn a_bound_token_is_checked_with_its_proof() {
    let server = server();
    let code = server.code("web", json!({}));
    let answer = ok(server.login_with(WEB, &code, &Proof::new(&server)));
    let token = text(&answer, "accessToken");
    let proof = |proof: Proof| {
        proof.claims(json!({ "htm": "GET", "htu": URL, "ath": hash(token) })).signed()
    };
    let shown = |dpop: String| {
        let shown =
            json!({ "token": token, "scheme": "DPoP", "dpop": dpop, "htm": "GET", "htu": URL });
        wait(server.engine.verify_access(&shown.to_string())).unwrap();
    };
    let good = [
        "parameters",
        "access_token",
        "token_scheme DPoP",
        "dpop_proof EdDSA",
        "single_use dpop_proof",
        "sender_binding dpop_key",
        "commit insert dpop_proof",
    ];
    shown(proof(Proof::new(&server)));
    assert_checks(&server, "verifyAccess", &good);
    shown(proof(Proof::by_another(&server)));
    assert_eq!(server.checks()[5], "sender_binding dpop_key: A145308");
}

#[test]
fn every_call_has_one_trace_even_if_it_checks_nothing_or_is_given_up() {
    let server = server();
    server.engine.jwks();
    server.engine.metadata();
    server.engine.expire().unwrap();
    server.engine.attestation_challenge().unwrap_err();
    assert_eq!(server.traced(), ["jwks", "metadata", "expire", "attestationChallenge"]);
    let code = server.code("web", json!({}));
    server.traced();
    let body = token_call(WEB, &redemption(&code)).to_string();
    *server.switches.plan.lock().unwrap() = Some(Box::new(|step| match step {
        Step::Sign => Fate::Hangs,
        _ => Fate::Works,
    }));
    assert!(wait_until_it_hangs(server.send("/auth/token", body)).is_none());
    assert_eq!(server.checks().last().unwrap(), "refresh_token_issued new");
    assert_eq!(server.traced(), ["authToken"]);
}

#[test]
fn a_host_that_wants_no_traces_gets_none() {
    let server = server();
    server.switches.untraced.store(true, SeqCst);
    wait(server.send("/auth/token", token_call(WEB, CREDENTIALS).to_string()));
    wait(
        server.engine.handle(&HttpRequest { url: String::new(), ..request("", "", String::new()) }),
    );
    assert!(server.traced().is_empty());
}

#[test]
fn no_two_checks_have_the_same_name() {
    let names: BTreeSet<_> = Check::ALL.into_iter().map(Check::as_str).collect();
    assert_eq!(names.len(), Check::ALL.len());
    assert!(names.iter().all(|name| name.bytes().all(|b| b == b'_' || b.is_ascii_lowercase())));
}
