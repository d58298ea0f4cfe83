//! An assertion authenticates one request (RFC 7523 §3, item 7): when its `jti` is accepted, and
//! when not.

use super::assertions::*;
use super::harness::*;
use authlete_token::engine::RecordKind;
use serde_json::json;
use std::sync::atomic::Ordering::SeqCst;

#[test]
fn an_assertion_can_be_used_once_until_it_expires() {
    let server = start(&config_with_keys());
    let assertion = Assertion::new().signed();
    ok(server.assert(&assertion));
    assert_not_authenticated(&server.assert(&assertion), "A157398");
    // Another assertion with the same jti counts as the same, even with a new signature.
    let again = Assertion::new().claims(json!({ "exp": NOW / 1000 + 299 })).signed();
    assert_not_authenticated(&server.assert(&again), "A157398");
    server.advance(299_999);
    assert_not_authenticated(&server.assert(&assertion), "A157398");
    server.advance(1);
    assert_not_authenticated(&server.assert(&assertion), "A157385");
}

#[test]
fn an_identifier_is_free_again_when_its_assertion_has_expired() {
    let server = start(&config_with_keys());
    ok(server.assert(&Assertion::new().signed()));
    server.advance(300_000);
    let now = NOW / 1000 + 300;
    ok(server.assert(&Assertion::new().claims(json!({ "iat": now, "exp": now + 300 })).signed()));
}

#[test]
fn a_used_identifier_outlives_a_restart_and_is_kept_under_a_hash() {
    let server = start(&config_with_keys());
    let assertion = Assertion::new().claims(json!({ "jti": "a-visible-identifier" })).signed();
    ok(server.assert(&assertion));
    let dump = server.store.dump();
    assert!(
        dump.contains(RecordKind::AssertionId.as_str()) && !dump.contains("a-visible-identifier"),
        "{dump}"
    );
    let restarted = server.reconfigured(&config_with_keys());
    assert_not_authenticated(&restarted.assert(&assertion), "A157398");
}

#[test]
fn two_clients_may_use_the_same_identifier() {
    let mut config = config_with_keys();
    let mut other = config["clients"][4].clone();
    merge(&mut other, json!({ "client_id": "jwt2", "authlete_client_id": 1006 }));
    config["clients"].as_array_mut().unwrap().push(other);
    let server = start(&config);
    ok(server.assert(&Assertion::new().signed()));
    ok(server.assert(&Assertion::new().claims(json!({ "iss": "jwt2", "sub": "jwt2" })).signed()));
    // By its alias and by its number it is the same client.
    let numbered = Assertion::new().claims(json!({ "iss": "1005", "sub": "1005" })).signed();
    assert_not_authenticated(&server.assert(&numbered), "A157398");
}

#[test]
fn a_verified_assertion_is_used_up_whatever_becomes_of_the_request() {
    let server = start(&config_with_keys());
    for (i, parameters) in [
        "grant_type=authorization_code&code=unknown",
        "grant_type=unheard_of",
        "grant_type=refresh_token",
    ]
    .into_iter()
    .enumerate()
    {
        let assertion = Assertion::new().claims(json!({ "jti": i.to_string() })).signed();
        assert_eq!(server.assert_with(&assertion, parameters)["action"], "BAD_REQUEST");
        assert_not_authenticated(&server.assert(&assertion), "A157398");
    }
}

#[test]
fn an_assertion_that_was_refused_is_not_used_up() {
    let server = start(&config_with_keys());
    let good = Assertion::new().signed();
    let (input, _) = good.rsplit_once('.').unwrap();
    assert_not_authenticated(&server.assert(&format!("{input}.AAAA")), "A157390");
    assert_not_authenticated(
        &server.assert_with(&good, &format!("{CREDENTIALS}&client_id=web")),
        "A157383",
    );
    assert!(server.store.is_empty());
    ok(server.assert(&good));
}

#[test]
fn a_request_that_is_not_authenticated_spends_neither_code_nor_refresh_token() {
    let server = start(&config_with_keys());
    let used = Assertion::new().claims(json!({ "jti": "used" })).signed();
    ok(server.assert(&used));
    let code = server.code("jwt", json!({}));
    assert_not_authenticated(&server.assert_with(&used, &redemption(&code)), "A157398");
    let fresh = |jti: &str| Assertion::new().claims(json!({ "jti": jti })).signed();
    let tokens = content(&ok(server.assert_with(&fresh("1"), &redemption(&code))));
    let refresh =
        format!("grant_type=refresh_token&refresh_token={}", text(&tokens, "refresh_token"));
    assert_not_authenticated(&server.assert_with(&used, &refresh), "A157398");
    ok(server.assert_with(&fresh("2"), &refresh));
}

#[test]
fn of_requests_with_one_assertion_at_the_same_time_one_succeeds_and_the_others_spend_nothing() {
    let server = start(&config_with_keys());
    let assertion = Assertion::new().signed();
    let codes: Vec<String> = (0..4).map(|_| server.code("jwt", json!({}))).collect();
    let calls = codes.iter().map(|code| assertion_call(&assertion, &redemption(code)).to_string());
    let answers = wait_for_all(calls.map(|call| server.send("/auth/token", call)).collect());
    let answers: Vec<serde_json::Value> =
        answers.iter().map(|answer| serde_json::from_slice(&answer.body).unwrap()).collect();
    let lost: Vec<usize> = (0..4).filter(|i| answers[*i]["action"] != "OK").collect();
    assert_eq!(lost.len(), 3);
    for i in lost {
        assert_refused(&answers[i], "INVALID_CLIENT", "invalid_client", "A157398");
        let fresh = Assertion::new().claims(json!({ "jti": i.to_string() })).signed();
        ok(server.assert_with(&fresh, &redemption(&codes[i])));
    }
}

#[test]
fn an_assertion_stays_used_when_another_request_was_first_with_the_code() {
    let server = start(&config_with_keys());
    let code = server.code("jwt", json!({}));
    let assertions: Vec<String> =
        (0..3).map(|i| Assertion::new().claims(json!({ "jti": i.to_string() })).signed()).collect();
    let calls = assertions
        .iter()
        .map(|assertion| assertion_call(assertion, &redemption(&code)).to_string());
    let answers = wait_for_all(calls.map(|call| server.send("/auth/token", call)).collect());
    let bodies: Vec<serde_json::Value> =
        answers.iter().map(|answer| serde_json::from_slice(&answer.body).unwrap()).collect();
    assert_eq!(bodies.iter().filter(|body| body["action"] == "OK").count(), 1);
    for (assertion, body) in assertions.iter().zip(&bodies) {
        if body["action"] != "OK" {
            assert_no_good(body, "A050305");
        }
        assert_not_authenticated(&server.assert(assertion), "A157398");
    }
}

#[test]
fn a_store_that_fails_lets_nobody_in_and_uses_nothing_up() {
    let server = start(&config_with_keys());
    let assertion = Assertion::new().signed();
    for switch in [&server.switches.no_read, &server.switches.no_commit] {
        switch.store(true, SeqCst);
        assert_refused(
            &server.assert(&assertion),
            "INTERNAL_SERVER_ERROR",
            "server_error",
            "A001101",
        );
        switch.store(false, SeqCst);
    }
    ok(server.assert(&assertion));
}
