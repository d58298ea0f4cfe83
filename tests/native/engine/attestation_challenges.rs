//! When a client attestation and its proof are too old: replays, challenges, expiry.

use super::assertions::{CREDENTIALS, assert_not_authenticated};
use super::attestations::*;
use super::endpoint_requests::{To, form_request};
use super::harness::*;
use authlete_token::engine::RecordKind;
use serde_json::{Value, json};
use std::sync::atomic::Ordering::SeqCst;

const ENDPOINT: &str = "https://as.example.com/challenge";

fn with_challenges(more: Value) -> Value {
    let mut config = config_with(json!({}), json!({ "challengeEndpoint": ENDPOINT }));
    merge(&mut config["service"], more);
    config
}

/// What the challenge endpoint gives.
fn challenge(server: &Server) -> String {
    let answer: Value =
        serde_json::from_str(&server.engine.attestation_challenge().unwrap()).unwrap();
    assert_eq!(answer.as_object().unwrap().len(), 1);
    text(&answer, "attestation_challenge").to_owned()
}

/// The answer to a fresh proof with this challenge.
fn answer(server: &Server, jti: &str, challenge: &str) -> Value {
    let proof = fresh_proof(server, jti).claims(json!({ "challenge": challenge }));
    server.attest(&attestation(), &proof)
}

fn assert_asks_for(answer: &Value, challenge: &str) {
    assert_refused(answer, "BAD_REQUEST", "use_attestation_challenge", "A157377");
    assert_eq!(answer["attestationChallenge"], challenge);
}

#[test]
fn a_proof_is_good_once_for_as_long_as_it_is_not_too_old() {
    let server = start(&config_with_attester());
    ok(server.attest(&attestation(), &proof()));
    assert_not_authenticated(&server.attest(&attestation(), &proof()), "A157376");
    // Another proof with the same jti counts as the same, and so does another attestation.
    let again = proof().claims(json!({ "iat": NOW / 1000 + 1 }));
    let renewed = attestation().claims(json!({ "exp": NOW / 1000 + 9999 }));
    assert_not_authenticated(&server.attest(&renewed, &again), "A157376");
    server.advance(299_999);
    assert_not_authenticated(&server.attest(&attestation(), &proof()), "A157376");
    server.advance(1);
    assert_not_authenticated(&server.attest(&attestation(), &proof()), "A157374");
    let restarted = server.reconfigured(&config_with_attester());
    ok(restarted.attest(&attestation(), &fresh_proof(&server, "second")));
    let again = fresh_proof(&server, "second");
    assert_not_authenticated(&restarted.attest(&attestation(), &again), "A157376");
}

#[test]
fn a_proof_is_good_once_even_if_two_clients_have_the_same_key() {
    let mut config = config_with_attester();
    let mut other = config["clients"][4].clone();
    merge(&mut other, json!({ "client_id": "other", "authlete_client_id": 1008 }));
    config["clients"].as_array_mut().unwrap().push(other);
    let server = start(&config);
    ok(server.attest(&attestation(), &proof()));
    let others = attestation().claims(json!({ "sub": "other" }));
    assert_not_authenticated(&server.attest(&others, &proof()), "A157376");
    ok(server.attest(&others, &fresh_proof(&server, "second")));
}

#[test]
fn a_proof_from_a_clock_that_is_ahead_stays_used_until_it_is_too_old() {
    let server = start(&config_with_attester());
    let ahead = proof().claims(json!({ "iat": NOW / 1000 + 60 }));
    ok(server.attest(&attestation(), &ahead));
    server.advance(359_999);
    assert_not_authenticated(&server.attest(&attestation(), &ahead), "A157376");
    server.advance(1);
    assert_not_authenticated(&server.attest(&attestation(), &ahead), "A157374");
}

#[test]
fn a_verified_proof_is_used_up_whatever_becomes_of_the_request() {
    let server = start(&config_with_attester());
    for (jti, parameters) in [("a", "grant_type=unheard_of"), ("b", "grant_type=refresh_token")] {
        let proof = fresh_proof(&server, jti);
        let answer = server.attest_with(&attestation(), &proof, parameters);
        assert_eq!(answer["action"], "BAD_REQUEST");
        assert_not_authenticated(&server.attest(&attestation(), &proof), "A157376");
    }
    assert!(server.store.dump().contains(RecordKind::AttestationProofId.as_str()));
}

#[test]
fn of_requests_with_one_proof_at_the_same_time_one_succeeds() {
    let server = start(&config_with_attester());
    let call = attested_call(&attestation().signed(), &proof().signed(), CREDENTIALS).to_string();
    let answers = wait_for_all((0..4).map(|_| server.send("/auth/token", call.clone())).collect());
    let answers: Vec<Value> =
        answers.iter().map(|answer| serde_json::from_slice(&answer.body).unwrap()).collect();
    let (good, lost): (Vec<_>, Vec<_>) =
        answers.iter().partition(|answer| answer["action"] == "OK");
    assert_eq!(good.len(), 1);
    for answer in lost {
        assert_refused(answer, "INVALID_CLIENT", "invalid_client", "A157376");
    }
}

#[test]
fn an_expired_attestation_is_to_be_replaced_and_only_its_instance_is_told_so() {
    let server = start(&config_with_attester());
    server.advance(3_599_999);
    ok(server.attest(&attestation(), &fresh_proof(&server, "a")));
    server.advance(1);
    let answer = server.attest(&attestation(), &fresh_proof(&server, "b"));
    assert_refused(&answer, "BAD_REQUEST", "use_fresh_attestation", "A157370");
    assert!(answer.get("clientId").is_none());
    let stolen = fresh_proof(&server, "c").claims(json!({ "aud": "x" })).signed();
    let stolen = format!("{}.AAAA", stolen.rsplit_once('.').unwrap().0);
    let call = attested_call(&attestation().signed(), &stolen, CREDENTIALS);
    assert_not_authenticated(&server.api("/auth/token", &call), "A157372");
    let renewed = attestation().claims(json!({ "exp": server.now() / 1000 + 60 }));
    ok(server.attest(&renewed, &fresh_proof(&server, "b")));
    let tolerant =
        server.reconfigured(&config_with(json!({}), json!({ "allowableClockSkew": 10 })));
    ok(tolerant.attest(&attestation(), &fresh_proof(&server, "d")));
}

#[test]
fn a_service_with_a_challenge_endpoint_asks_for_a_challenge_and_gives_one() {
    let server = start(&with_challenges(json!({})));
    let first = server.attest(&attestation(), &proof());
    let given = challenge(&server);
    assert_asks_for(&first, &given);
    for wrong in [json!("x"), json!(""), json!(5), json!([given]), json!(given.to_lowercase())] {
        let proof = proof().claims(json!({ "challenge": wrong }));
        assert_asks_for(&server.attest(&attestation(), &proof), &given);
    }
    // None of them was used up. The next challenge comes with every answer to a client.
    let good = ok(answer(&server, "first", text(&first, "attestationChallenge")));
    assert_eq!(good["attestationChallenge"], given.as_str());
    let proof = fresh_proof(&server, "b").claims(json!({ "challenge": given }));
    let refused = server.attest_with(&attestation(), &proof, "grant_type=unheard_of");
    assert_eq!(refused["attestationChallenge"], given.as_str());
    assert!(server.token(WEB, CREDENTIALS).get("attestationChallenge").is_none());
}

#[test]
fn a_challenge_is_good_for_its_window_and_the_next_one() {
    let server = start(&with_challenges(json!({ "attestationChallengeTimeWindow": 100 })));
    let given = challenge(&server);
    server.advance(99_999);
    assert_eq!(challenge(&server), given);
    ok(answer(&server, "a", &given));
    server.advance(1);
    let next = challenge(&server);
    assert_ne!(next, given);
    assert_eq!(ok(answer(&server, "b", &given))["attestationChallenge"], next.as_str());
    server.advance(99_999);
    ok(answer(&server, "c", &given));
    server.advance(1);
    assert_asks_for(&answer(&server, "d", &given), &challenge(&server));
    ok(answer(&server, "e", &next));
}

#[test]
fn a_challenge_that_was_not_handed_out_yet_is_not_accepted() {
    let server = start(&with_challenges(json!({})));
    server.advance(600_000);
    let future = challenge(&server);
    server.switches.now.fetch_sub(600_000, SeqCst);
    assert_asks_for(&answer(&server, "a", &future), &challenge(&server));
}

#[test]
fn challenges_are_the_same_in_all_engines_of_a_store_and_no_others() {
    let server = start(&with_challenges(json!({})));
    let given = challenge(&server);
    assert_eq!(challenge(&server.reconfigured(&with_challenges(json!({})))), given);
    let longer = with_challenges(json!({ "attestationChallengeTimeWindow": 301 }));
    assert_ne!(challenge(&server.reconfigured(&longer)), given);
    let other = with_challenges(json!({ "serviceId": "2" }));
    assert_ne!(challenge(&server.reconfigured(&other)), given);
    let elsewhere = start(&with_challenges(json!({})));
    elsewhere.switches.random.store(77, SeqCst);
    assert_ne!(challenge(&elsewhere), given);
}

#[test]
fn two_first_requests_at_the_same_time_agree_on_the_secret() {
    let server = start(&with_challenges(json!({})));
    let other = server.reconfigured(&with_challenges(json!({})));
    let seen = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
    let note = seen.clone();
    server.before_commits(1, move || *note.lock().unwrap() = challenge(&other));
    assert_eq!(challenge(&server), *seen.lock().unwrap());
}

#[test]
fn without_a_challenge_endpoint_no_challenge_is_asked_for_or_given() {
    let server = start(&config_with_attester());
    let error = server.engine.attestation_challenge().err().unwrap();
    assert_eq!(
        error.message,
        "service.challengeEndpoint: missing; without it, no challenge is asked for"
    );
    assert!(server.store.is_empty());
}

#[test]
fn a_store_that_fails_lets_nobody_in_and_uses_nothing_up() {
    let server = start(&with_challenges(json!({})));
    let given = challenge(&server);
    for switch in [&server.switches.no_read, &server.switches.no_commit] {
        switch.store(true, SeqCst);
        let answer = answer(&server, "a", &given);
        assert_refused(&answer, "INTERNAL_SERVER_ERROR", "server_error", "A001101");
        switch.store(false, SeqCst);
    }
    ok(answer(&server, "a", &given));
    server.switches.garbage.store(true, SeqCst);
    assert_eq!(server.engine.attestation_challenge().err().unwrap().status, Some(500));
}

#[test]
fn the_other_endpoints_ask_for_challenges_in_a_header() {
    let server = start(&with_challenges(json!({})));
    let name = "oauth-client-attestation-challenge";
    for (to, jti) in [(To::Introspection, "a"), (To::Revocation, "b")] {
        let send = |challenge: &str| {
            let proof = fresh_proof(&server, jti).claims(json!({ "challenge": challenge }));
            let mut request = form_request(to, By(None, ""), "token=x");
            request.headers.push(("oauth-client-attestation".into(), attestation().signed()));
            request.headers.push(("oauth-client-attestation-pop".into(), proof.signed()));
            server.asked(to, &request)
        };
        let asks = send("none");
        let body: Value = serde_json::from_slice(&asks.body).unwrap();
        assert_eq!((asks.status, &body["error"]), (400, &json!("use_attestation_challenge")));
        let good = send(asks.header(name).unwrap());
        assert_eq!((good.status, good.header(name)), (200, asks.header(name)));
    }
}
