//! The nonces of DPoP proofs (RFC 9449 §8).

use super::assertions::*;
use super::harness::*;
use super::proofs::*;
use authlete_token::engine::RecordKind;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::atomic::Ordering::SeqCst;

const DURATION: u64 = 300_000;

fn strict() -> Value {
    config_with_service(json!({ "dpopNonceRequired": true }))
}

/// Asserts that a nonce is asked for, and returns the one that is given.
fn asked(answer: &Value) -> String {
    assert_refused(answer, "BAD_REQUEST", "use_dpop_nonce", "A254307");
    text(answer, "dpopNonce").to_owned()
}

fn with_nonce(server: &Server, nonce: &str) -> Proof {
    Proof::new(server).claims(json!({ "nonce": nonce }))
}

#[test]
fn a_proof_without_the_nonce_or_with_another_one_is_asked_for_it() {
    let server = start(&strict());
    let nonce = asked(&server.prove(WEB, CREDENTIALS, &Proof::new(&server).signed()));
    let long = "x".repeat(5_000);
    for wrong in ["", "x", &nonce[1..], &format!("{nonce}A"), &nonce.to_ascii_uppercase(), &long] {
        let answer = server.prove(WEB, CREDENTIALS, &with_nonce(&server, wrong).signed());
        assert_eq!(asked(&answer), nonce);
    }
    // The same proof but for the nonce: its identifier was not used up.
    let answer = ok(server.prove(WEB, CREDENTIALS, &with_nonce(&server, &nonce).signed()));
    assert_eq!(text(&answer, "dpopNonce"), nonce);
    assert_eq!(content(&answer)["token_type"], "DPoP");
}

#[test]
fn a_request_without_a_proof_needs_no_nonce_and_gets_none() {
    let server = start(&strict());
    let answer = ok(server.token(WEB, CREDENTIALS));
    assert!(answer.get("dpopNonce").is_none(), "{answer}");
    assert!(!server.store.dump().contains(RecordKind::WindowSecret.as_str()));
}

#[test]
fn a_nonce_is_good_until_the_one_after_it_is_no_longer_given_and_never_before_its_time() {
    let server = start(&strict());
    let at = |jti: &str, nonce: &str| {
        server.prove(WEB, CREDENTIALS, &with_nonce(&server, nonce).jti(jti).signed())
    };
    server.switches.now.store(NOW / DURATION * DURATION, SeqCst);
    let first = asked(&at("1", ""));
    server.advance(DURATION - 1);
    ok(at("2", &first));
    server.advance(1);
    let second = text(&ok(at("3", &first)), "dpopNonce").to_owned();
    assert_ne!(second, first);
    server.advance(DURATION - 1);
    ok(at("4", &first));
    server.advance(1);
    let third = asked(&at("5", &first));
    ok(at("6", &second));
    // Back in time, the later ones are from the future.
    server.switches.now.store(NOW / DURATION * DURATION, SeqCst);
    for future in [&second, &third] {
        assert_eq!(asked(&at("7", future)), first);
    }
}

#[test]
fn nothing_is_spent_when_a_nonce_is_asked_for() {
    let server = start(&strict());
    let code = server.code("spa", json!({}));
    let nonce = asked(&server.login_with(SPA, &code, &Proof::new(&server)));
    let answer = ok(server.login_with(SPA, &code, &with_nonce(&server, &nonce)));
    let token = text(&answer, "refreshToken");
    asked(&server.refresh_with(SPA, token, &Proof::new(&server).jti("second")));
    ok(server.refresh_with(SPA, token, &with_nonce(&server, &nonce).jti("second")));
    // Not even a client assertion.
    let mut call = assertion_call(&Assertion::new().signed(), CREDENTIALS);
    call["dpop"] = Proof::new(&server).jti("third").signed().into();
    asked(&server.api("/auth/token", &call));
    call["dpop"] = with_nonce(&server, &nonce).jti("third").signed().into();
    ok(server.api("/auth/token", &call));
    // Any other bad proof uses the assertion up.
    let other = Assertion::new().claims(json!({ "jti": "other" })).signed();
    let mut call = assertion_call(&other, CREDENTIALS);
    call["dpop"] = "x".into();
    assert_bad_proof(&server.api("/auth/token", &call), "A254301");
    assert_not_authenticated(&server.assert(&other), "A157398");
}

#[test]
fn the_call_of_the_api_may_require_a_nonce_where_the_service_does_not() {
    let server = server();
    let ask = |required: Value, proof: Proof| {
        let mut call = token_call(WEB, CREDENTIALS);
        merge(&mut call, json!({ "dpop": proof.signed(), "dpopNonceRequired": required }));
        server.api("/auth/token", &call)
    };
    let nonce = asked(&ask(json!(true), Proof::new(&server)));
    ok(ask(json!(true), with_nonce(&server, &nonce)));
    assert!(ok(ask(json!(false), Proof::new(&server).jti("2"))).get("dpopNonce").is_none());
    // The service's own setting can't be switched off.
    let strict = start(&strict());
    let mut call = token_call(WEB, CREDENTIALS);
    merge(&mut call, json!({ "dpop": Proof::new(&strict).signed(), "dpopNonceRequired": false }));
    asked(&strict.api("/auth/token", &call));
}

#[test]
fn a_nonce_that_nobody_asks_for_is_ignored() {
    let server = start(&strict());
    let nonce = asked(&server.prove(WEB, CREDENTIALS, &Proof::new(&server).signed()));
    let server = server.reconfigured(&config());
    for (jti, nonce) in [nonce.as_str(), "anything", ""].into_iter().enumerate() {
        let proof = with_nonce(&server, nonce).jti(&jti.to_string());
        ok(server.prove(WEB, CREDENTIALS, &proof.signed()));
    }
}

#[test]
fn a_refusal_brings_the_nonce_too_once_the_proof_is_good() {
    let server = start(&strict());
    let nonce = asked(&server.prove(WEB, CREDENTIALS, &Proof::new(&server).signed()));
    let proof = with_nonce(&server, &nonce).signed();
    let unknown = "grant_type=authorization_code&code=unknown";
    let answer = server.prove(WEB, unknown, &proof);
    assert_refused(&answer, "BAD_REQUEST", "invalid_grant", "A050305");
    assert_eq!(text(&answer, "dpopNonce"), nonce);
    let replayed = server.prove(WEB, unknown, &proof);
    assert_bad_proof(&replayed, "A254385");
    assert_eq!(text(&replayed, "dpopNonce"), nonce);
}

#[test]
fn a_bad_proof_is_told_so_before_a_nonce_is_asked_for() {
    let server = start(&strict());
    for (proof, code) in [
        (Proof::new(&server).claims(json!({ "iat": NOW / 1000 - 3600 })), "A254381"),
        (Proof::new(&server).claims(json!({ "htm": "GET" })), "A254398"),
        (Proof::new(&server).header(json!({ "jwk": null })), "A254303"),
    ] {
        let answer = server.prove(WEB, CREDENTIALS, &proof.signed());
        assert_bad_proof(&answer, code);
        assert!(answer.get("dpopNonce").is_none());
    }
}

#[test]
fn a_good_nonce_does_not_make_an_old_proof_good() {
    let server = start(&strict());
    let nonce = asked(&server.prove(WEB, CREDENTIALS, &Proof::new(&server).signed()));
    let old = with_nonce(&server, &nonce).claims(json!({ "iat": NOW / 1000 - 3600 }));
    assert_bad_proof(&server.prove(WEB, CREDENTIALS, &old.signed()), "A254381");
}

#[test]
fn the_nonce_is_the_same_in_all_engines_over_a_store_and_after_a_restart() {
    let server = start(&strict());
    let other = server.reconfigured(&strict());
    let nonce = asked(&server.prove(WEB, CREDENTIALS, &Proof::new(&server).signed()));
    assert_eq!(asked(&other.prove(WEB, CREDENTIALS, &Proof::new(&server).signed())), nonce);
    ok(other.prove(WEB, CREDENTIALS, &with_nonce(&server, &nonce).signed()));
    // It outlives every clean-up.
    server.advance(10 * 365 * 86_400_000);
    server.engine.expire().unwrap();
    assert!(server.store.dump().contains(RecordKind::WindowSecret.as_str()));
}

#[test]
fn requests_that_make_the_secret_at_once_agree_on_one() {
    let server = start(&strict());
    let proofs = (0..5).map(|jti| {
        let mut call = token_call(WEB, CREDENTIALS);
        call["dpop"] = Proof::new(&server).jti(&jti.to_string()).signed().into();
        call.to_string()
    });
    let sent = proofs.map(|body| server.send("/auth/token", body)).collect();
    let nonces: BTreeSet<String> = wait_for_all(sent)
        .iter()
        .map(|answer| asked(&serde_json::from_slice(&answer.body).unwrap()))
        .collect();
    assert_eq!(nonces.len(), 1);
    // Another engine is first between the look at the store and the write.
    let server = start(&strict());
    let other = server.reconfigured(&strict());
    let racing = Proof::new(&server).jti("other").signed();
    server.before_commits(1, move || drop(asked(&other.prove(WEB, CREDENTIALS, &racing))));
    let nonce = asked(&server.prove(WEB, CREDENTIALS, &Proof::new(&server).signed()));
    ok(server.prove(WEB, CREDENTIALS, &with_nonce(&server, &nonce).signed()));
}

#[test]
fn services_and_stores_have_nonces_of_their_own() {
    let server = start(&strict());
    let nonce = asked(&server.prove(WEB, CREDENTIALS, &Proof::new(&server).signed()));
    let mut other = strict();
    other["service"]["serviceId"] = "1".into();
    let other = server.reconfigured(&other);
    let call = {
        let mut call = token_call(WEB, CREDENTIALS);
        call["dpop"] = with_nonce(&server, &nonce).signed().into();
        call
    };
    let mut sent = request("/auth/token", "application/json", call.to_string());
    sent.url = sent.url.replace(SERVICE, "1");
    let answer = serde_json::from_slice(&wait(other.engine.handle(&sent)).body).unwrap();
    assert_ne!(asked(&answer), nonce);
    let fresh = start(&strict());
    fresh.switches.random.store(1000, SeqCst);
    asked(&fresh.prove(WEB, CREDENTIALS, &with_nonce(&fresh, &nonce).signed()));
}

#[test]
fn another_duration_makes_other_nonces() {
    let server = start(&strict());
    let nonce = asked(&server.prove(WEB, CREDENTIALS, &Proof::new(&server).signed()));
    let quick = json!({ "dpopNonceRequired": true, "dpopNonceDuration": 1 });
    let quick = server.reconfigured(&config_with_service(quick));
    let second = asked(&quick.prove(WEB, CREDENTIALS, &with_nonce(&quick, &nonce).signed()));
    quick.advance(1_000);
    ok(quick.prove(WEB, CREDENTIALS, &with_nonce(&quick, &second).signed()));
    quick.advance(1_000);
    asked(&quick.prove(WEB, CREDENTIALS, &with_nonce(&quick, &second).jti("2").signed()));
}

#[test]
fn a_platform_without_randomness_or_store_gives_no_nonce() {
    let server = start(&strict());
    let fails = || {
        let answer = server.prove(WEB, CREDENTIALS, &Proof::new(&server).signed());
        assert_refused(&answer, "INTERNAL_SERVER_ERROR", "server_error", "A001101");
        assert!(answer.get("dpopNonce").is_none());
    };
    for broken in [&server.switches.no_random, &server.switches.no_read, &server.switches.no_commit]
    {
        broken.store(true, SeqCst);
        fails();
        broken.store(false, SeqCst);
    }
    asked(&server.prove(WEB, CREDENTIALS, &Proof::new(&server).signed()));
}
