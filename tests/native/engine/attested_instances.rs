//! A refresh token belongs to one instance of an attested client: to the one with the key
//! (draft-ietf-oauth-attestation-based-client-auth-08 §10.2).

use super::attestations::*;
use super::harness::*;
use authlete_token::engine::Algorithm;
use serde_json::{Value, json};

const OTHER: Algorithm = Algorithm::ES384;

/// The answer to a request of the instance with this key.
fn by(server: &Server, instance: Algorithm, jti: &str, parameters: &str) -> Value {
    let proof = proof_of(instance).claims(json!({ "jti": jti, "iat": server.now() / 1000 }));
    server.attest_with(&attestation_of(instance), &proof, parameters)
}

fn refresh(token: &Value) -> String {
    format!("grant_type=refresh_token&refresh_token={}", text(token, "refresh_token"))
}

fn assert_bound(answer: &Value) {
    assert_refused(answer, "BAD_REQUEST", "invalid_grant", "A053394");
}

#[test]
fn a_refresh_token_is_good_for_the_instance_that_got_it_and_for_no_other() {
    for kept in [false, true] {
        let server = start(&config_with(json!({}), json!({ "refreshTokenKept": kept })));
        let code = server.code("wallet", json!({}));
        let tokens = content(&ok(by(&server, INSTANCE, "1", &redemption(&code))));
        assert_bound(&by(&server, OTHER, "2", &refresh(&tokens)));
        // Nothing has ended by that.
        let next = content(&ok(by(&server, INSTANCE, "3", &refresh(&tokens))));
        assert_bound(&by(&server, OTHER, "4", &refresh(&next)));
        // The instance may get a new attestation for its key.
        let renewed = attestation().claims(json!({ "exp": NOW / 1000 + 99 }));
        let answer = server.attest_with(&renewed, &fresh_proof(&server, "5"), &refresh(&next));
        ok(answer);
    }
}

#[test]
fn a_replaced_refresh_token_in_the_hands_of_another_instance_ends_nothing() {
    let server = start(&config_with(json!({}), json!({ "refreshTokenIdempotent": true })));
    let code = server.code("wallet", json!({}));
    let tokens = content(&ok(by(&server, INSTANCE, "1", &redemption(&code))));
    let next = content(&ok(by(&server, INSTANCE, "2", &refresh(&tokens))));
    assert_bound(&by(&server, OTHER, "3", &refresh(&tokens)));
    let again = content(&ok(by(&server, INSTANCE, "4", &refresh(&tokens))));
    assert_eq!(again["access_token"], next["access_token"]);
    ok(by(&server, INSTANCE, "5", &refresh(&next)));
}

#[test]
fn the_binding_goes_through_a_ticket_of_the_password_grant() {
    let server = start(&config_with_attester());
    let password = "grant_type=password&username=alice&password=wonderland&scope=profile";
    let ticket = by(&server, INSTANCE, "1", password)["ticket"].clone();
    let issued = server.api("/auth/token/issue", &json!({ "ticket": ticket, "subject": "user-1" }));
    let tokens = content(&issued);
    assert!(server.introspect(text(&tokens, "access_token")).get("cnf").is_none());
    assert_bound(&by(&server, OTHER, "2", &refresh(&tokens)));
    ok(by(&server, INSTANCE, "3", &refresh(&tokens)));
}

#[test]
fn a_client_that_no_longer_attests_loses_what_was_bound_to_its_instances() {
    let server = start(&config_with_attester());
    let code = server.code("wallet", json!({}));
    let tokens = content(&ok(by(&server, INSTANCE, "1", &redemption(&code))));
    let secret = json!({
        "token_endpoint_auth_method": "client_secret_basic", "client_secret": "s3cret", "client_attester_jwks": null,
    });
    let changed = server.reconfigured(&config_with(secret, json!({})));
    let wallet = By(Some(("wallet", "s3cret")), "");
    assert_bound(&changed.refresh(wallet, text(&tokens, "refresh_token")));
}

#[test]
fn a_refresh_token_from_before_is_bound_by_its_next_use() {
    for kept in [false, true] {
        let service = json!({ "refreshTokenKept": kept });
        let secret = json!({
            "token_endpoint_auth_method": "client_secret_basic", "client_secret": "s3cret", "client_attester_jwks": null,
        });
        let before = start(&config_with(secret, service.clone()));
        let tokens = before.login(By(Some(("wallet", "s3cret")), ""), "wallet");
        let server = before.reconfigured(&config_with(json!({}), service));
        let next = content(&ok(by(&server, INSTANCE, "1", &refresh(&tokens))));
        assert_bound(&by(&server, OTHER, "2", &refresh(&next)));
        ok(by(&server, INSTANCE, "3", &refresh(&next)));
    }
}
