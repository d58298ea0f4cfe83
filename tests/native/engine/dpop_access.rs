//! Requests to protected resources: who may use an access token (RFC 6750 §2.1, RFC 9449 §7).

use super::assertions::{CREDENTIALS, config_with_service};
use super::harness::*;
use super::proofs::*;
use authlete_token::engine::Algorithm;
use serde_json::{Value, json};
use std::sync::atomic::Ordering::SeqCst;

const URL: &str = "https://api.example.com/orders";

fn verify(server: &Server, parameters: &Value) -> Value {
    let verdict = wait(server.engine.verify_access(&parameters.to_string())).unwrap();
    serde_json::from_str(&verdict).unwrap()
}

fn bearer(server: &Server, token: &str) -> Value {
    verify(server, &json!({ "token": token, "scheme": "Bearer", "htm": "GET", "htu": URL }))
}

fn dpop(server: &Server, token: &str, proof: &Proof) -> Value {
    let proof = proof.signed();
    verify(
        server,
        &json!({ "token": token, "scheme": "DPoP", "dpop": proof, "htm": "GET", "htu": URL }),
    )
}

/// A proof for the resource, with the hash of the token.
fn proof(server: &Server, token: &str) -> Proof {
    for_resource(Proof::new(server), token)
}

fn for_resource(proof: Proof, token: &str) -> Proof {
    proof.claims(json!({ "htm": "GET", "htu": URL, "ath": hash(token) }))
}

fn bound(server: &Server) -> String {
    let answer = server.login_with(WEB, &server.code("web", json!({})), &Proof::new(server));
    text(&ok(answer), "accessToken").to_owned()
}

/// Asserts what a refusal looks like, with a challenge for the scheme that was used.
fn assert_denied(verdict: &Value, error: &str, code: &str, scheme: &str) {
    assert_eq!(
        (&verdict["accepted"], &verdict["error"]),
        (&json!(false), &json!(error)),
        "{verdict}"
    );
    let message = text(verdict, "message");
    assert!(message.starts_with(&format!("[{code}] ")), "{verdict}");
    let algs = format!("algs=\"{}\"", Algorithm::NAMES.join(" "));
    let said = format!("error=\"{error}\", error_description=\"{message}\"");
    let challenge = match scheme {
        "DPoP" => format!("DPoP {said}, {algs}"),
        _ => format!("Bearer {said}, DPoP {algs}"),
    };
    assert_eq!(verdict["challenge"], challenge);
    assert!(verdict.get("token").is_none());
}

#[test]
fn a_bound_token_is_good_with_a_proof_of_its_key_for_the_request() {
    let server = server();
    let token = bound(&server);
    let verdict = dpop(&server, &token, &proof(&server, &token));
    assert_eq!(verdict, json!({ "accepted": true, "token": server.introspect(&token) }));
    assert_eq!(verdict["token"]["cnf"]["jkt"], jkt(Algorithm::EdDSA));
    let other = proof(&server, &token).jti("2").signed();
    let lower = json!({ "token": token, "scheme": "dpop", "dpop": other, "htm": "GET", "htu": format!("{URL}?page=2") });
    assert_eq!(verify(&server, &lower)["accepted"], true);
}

#[test]
fn an_unbound_token_is_good_with_the_scheme_bearer_only() {
    let server = server();
    let token = text(&ok(server.token(WEB, CREDENTIALS)), "accessToken").to_owned();
    let verdict = bearer(&server, &token);
    assert_eq!(verdict, json!({ "accepted": true, "token": server.introspect(&token) }));
    let denied = dpop(&server, &token, &proof(&server, &token));
    assert_denied(&denied, "invalid_token", "A145307", "DPoP");
    // A proof beside it changes nothing.
    let beside =
        json!({ "token": token, "scheme": "BEARER", "dpop": "x", "htm": "GET", "htu": URL });
    assert_eq!(verify(&server, &beside)["accepted"], true);
}

#[test]
fn a_bound_token_is_refused_with_the_scheme_bearer_and_without_a_proof() {
    let server = server();
    let token = bound(&server);
    assert_denied(&bearer(&server, &token), "invalid_token", "A145306", "Bearer");
    let without = json!({ "token": token, "scheme": "DPoP", "htm": "GET", "htu": URL });
    assert_denied(&verify(&server, &without), "invalid_dpop_proof", "A254386", "DPoP");
    let other = json!({ "token": token, "scheme": "Basic", "htm": "GET", "htu": URL });
    assert_denied(&verify(&server, &other), "invalid_token", "A145305", "Bearer");
}

#[test]
fn a_proof_by_another_key_for_another_token_or_request_is_refused() {
    let server = server();
    let token = bound(&server);
    let by_another = for_resource(Proof::by_another(&server), &token);
    assert_denied(&dpop(&server, &token, &by_another), "invalid_token", "A145308", "DPoP");
    let good = || proof(&server, &token);
    for (claims, code) in [
        (json!({ "ath": null }), "A254383"),
        (json!({ "ath": hash("another token") }), "A254383"),
        (json!({ "ath": token }), "A254383"),
        (json!({ "htm": "POST" }), "A254398"),
        (json!({ "htu": "https://api.example.com/other" }), "A254399"),
        (json!({ "iat": NOW / 1000 - 300 }), "A254381"),
        (json!({ "jti": null }), "A254397"),
    ] {
        let denied = dpop(&server, &token, &good().claims(claims));
        assert_denied(&denied, "invalid_dpop_proof", code, "DPoP");
    }
    assert_eq!(dpop(&server, &token, &good())["accepted"], true);
}

#[test]
fn a_proof_is_good_for_one_request_even_if_two_come_at_once() {
    let server = server();
    let token = bound(&server);
    let proof = proof(&server, &token).signed();
    let asked =
        json!({ "token": token, "scheme": "DPoP", "dpop": proof, "htm": "GET", "htu": URL });
    let asked = asked.to_string();
    let verdicts = wait_for_all((0..5).map(|_| server.engine.verify_access(&asked)).collect());
    let verdicts: Vec<Value> = verdicts
        .into_iter()
        .map(|verdict| serde_json::from_str(&verdict.unwrap()).unwrap())
        .collect();
    let accepted = verdicts.iter().filter(|verdict| verdict["accepted"] == true).count();
    assert_eq!(accepted, 1, "{verdicts:?}");
    for denied in verdicts.iter().filter(|verdict| verdict["accepted"] == false) {
        assert_denied(denied, "invalid_dpop_proof", "A254385", "DPoP");
    }
}

#[test]
fn a_token_that_is_not_active_is_refused_before_its_proof_is_checked() {
    let server = server();
    let token = bound(&server);
    server.engine.revoke(&token).unwrap();
    let before = server.switches.verifications.load(SeqCst);
    let denied = dpop(&server, &token, &proof(&server, &token));
    assert_denied(&denied, "invalid_token", "A145304", "DPoP");
    assert_denied(&bearer(&server, "unknown"), "invalid_token", "A145304", "Bearer");
    assert_denied(&bearer(&server, ""), "invalid_token", "A145304", "Bearer");
    assert_eq!(server.switches.verifications.load(SeqCst), before);
}

#[test]
fn a_refresh_token_is_no_access_token() {
    let server = server();
    let answer = server.login(WEB, "web");
    let denied = bearer(&server, text(&answer, "refresh_token"));
    assert_denied(&denied, "invalid_token", "A145304", "Bearer");
}

#[test]
fn a_resource_may_require_a_nonce_which_every_verdict_then_brings() {
    let server = server();
    let token = bound(&server);
    let ask = |proof: Proof| {
        verify(
            &server,
            &json!({ "token": token, "scheme": "DPoP", "dpop": proof.signed(), "htm": "GET", "htu": URL, "dpopNonceRequired": true }),
        )
    };
    let asked = ask(proof(&server, &token));
    assert_denied(&asked, "use_dpop_nonce", "A254307", "DPoP");
    let nonce = text(&asked, "dpopNonce");
    let good = proof(&server, &token).claims(json!({ "nonce": nonce }));
    let verdict = ask(good.clone());
    assert_eq!((&verdict["accepted"], &verdict["dpopNonce"]), (&json!(true), &json!(nonce)));
    let replayed = ask(good);
    assert_denied(&replayed, "invalid_dpop_proof", "A254385", "DPoP");
    assert_eq!(replayed["dpopNonce"], nonce);
    let of_service =
        server.reconfigured(&config_with_service(json!({ "dpopNonceRequired": true })));
    let asked = dpop(&of_service, &token, &proof(&server, &token).jti("2"));
    assert_denied(&asked, "use_dpop_nonce", "A254307", "DPoP");
}

#[test]
fn a_parameter_that_is_missing_wrong_or_unknown_is_named() {
    let server = server();
    let good = json!({ "token": "t", "scheme": "Bearer", "htm": "GET", "htu": URL });
    for (more, message) in [
        (json!({ "token": null }), "token: missing"),
        (json!({ "token": 5 }), "token: expected a string"),
        (json!({ "scheme": null }), "scheme: missing"),
        (json!({ "htm": null }), "htm: missing"),
        (json!({ "htu": null }), "htu: missing"),
        (json!({ "htu": "/me" }), "htu: expected the absolute URL of the resource"),
        (json!({ "htu": "" }), "htu: expected the absolute URL of the resource"),
        (json!({ "dpop": 5 }), "dpop: expected a string"),
        (json!({ "dpopNonceRequired": "yes" }), "dpopNonceRequired: expected true or false"),
        (json!({ "clientCertificate": [] }), "clientCertificate: expected a string"),
        (json!({ "proof": "x" }), "proof: unknown"),
    ] {
        let mut parameters = good.clone();
        merge(&mut parameters, more);
        let error = wait(server.engine.verify_access(&parameters.to_string())).unwrap_err();
        assert_eq!(error.message, message);
    }
    let nothing = json!({ "token": "t", "scheme": "Bearer", "htm": "GET", "htu": URL, "dpop": null, "clientCertificate": null });
    assert_eq!(verify(&server, &nothing)["error"], "invalid_token");
}

#[test]
fn a_failing_store_is_an_error_and_no_verdict() {
    let server = server();
    let token = bound(&server);
    let asked = json!({ "token": token, "scheme": "DPoP", "dpop": proof(&server, &token).signed(), "htm": "GET", "htu": URL });
    for broken in
        [&server.switches.no_read, &server.switches.no_commit, &server.switches.no_verification]
    {
        broken.store(true, SeqCst);
        let error = wait(server.engine.verify_access(&asked.to_string())).unwrap_err();
        assert_eq!(error.status, Some(500));
        broken.store(false, SeqCst);
    }
    assert_eq!(verify(&server, &asked)["accepted"], true);
}
