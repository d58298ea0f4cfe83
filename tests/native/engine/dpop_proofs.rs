//! What is a DPoP proof (RFC 9449 §4.3), and what is not.

use super::assertions::{CREDENTIALS, TOKEN_ENDPOINT, config_with_service, sign};
use super::harness::*;
use super::proofs::*;
use super::signatures::*;
use authlete_token::engine::{Algorithm, RecordKind};
use serde_json::{Value, json};
use std::sync::atomic::Ordering::SeqCst;

/// Asserts that a proof is refused with this code.
fn refuse(server: &Server, proof: &str, code: &str) {
    assert_bad_proof(&server.prove(WEB, CREDENTIALS, proof), code);
}

#[test]
fn a_proof_with_each_algorithm_binds_the_token_to_its_key() {
    let server = server();
    for alg in Algorithm::ALL {
        let answer =
            ok(server.prove(WEB, CREDENTIALS, &Proof::by(alg, &server).jti(alg.as_str()).signed()));
        assert_eq!(content(&answer)["token_type"], "DPoP", "{alg:?}");
        let seen = server.introspect(text(&answer, "accessToken"));
        assert_eq!(seen["token_type"], "DPoP");
        if matches!(alg, Algorithm::ES256 | Algorithm::EdDSA) {
            assert_eq!(seen["cnf"], json!({ "jkt": jkt(alg) }));
        }
    }
    let named = Proof::new(&server).header(json!({ "alg": "Ed25519" })).jti("second");
    ok(server.prove(WEB, CREDENTIALS, &named.signed()));
}

#[test]
fn the_metadata_names_the_algorithms_and_none_with_a_shared_secret() {
    let metadata: Value = serde_json::from_str(&server().engine.metadata()).unwrap();
    assert_eq!(metadata["dpop_signing_alg_values_supported"], json!(Algorithm::NAMES));
}

#[test]
fn two_proofs_and_what_is_not_a_signed_jwt_are_refused() {
    let server = server();
    let good = Proof::new(&server).signed();
    refuse(&server, &format!("{good}, {good}"), "A254390");
    refuse(&server, &format!("{good},{good}"), "A254390");
    let (input, _) = good.rsplit_once('.').unwrap();
    let long = Proof::new(&server).jti(&"x".repeat(100_000)).signed();
    for text in ["", "x", "e30.e30.c2ln", input, &format!("{good}."), &format!("{good} "), &long] {
        refuse(&server, text, "A254301");
    }
    for header in [json!({ "crit": ["exp"] }), json!({ "b64": false }), json!({ "typ": 5 })] {
        refuse(&server, &Proof::new(&server).header(header).signed(), "A254301");
    }
    ok(server.prove(WEB, CREDENTIALS, &good));
}

#[test]
fn a_jwt_of_another_type_is_not_a_proof() {
    let server = server();
    for typ in
        [json!(null), json!("JWT"), json!("dpop"), json!("dpop+jwt "), json!("text/dpop+jwt")]
    {
        refuse(&server, &Proof::new(&server).header(json!({ "typ": typ })).signed(), "A254392");
    }
    for (jti, typ) in ["DPoP+JWT", "application/dpop+jwt"].into_iter().enumerate() {
        let proof = Proof::new(&server).header(json!({ "typ": typ })).jti(&jti.to_string());
        ok(server.prove(WEB, CREDENTIALS, &proof.signed()));
    }
}

#[test]
fn a_signature_by_none_a_shared_secret_or_an_unknown_algorithm_is_refused() {
    let server = server();
    for alg in ["none", "HS256", "ES256K", "eddsa", ""] {
        refuse(&server, &Proof::new(&server).header(json!({ "alg": alg })).signed(), "A254393");
    }
    refuse(&server, &Proof::new(&server).header(json!({ "alg": null })).signed(), "A254301");
}

#[test]
fn a_proof_brings_the_public_key_of_its_algorithm_and_never_a_private_one() {
    let server = server();
    let with = |jwk: Value| Proof::new(&server).header(json!({ "jwk": jwk })).signed();
    refuse(&server, &with(Value::Null), "A254303");
    let mut private = public_jwk(Algorithm::EdDSA);
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        private[member] = "AQAB".into();
        refuse(&server, &with(private.clone()), "A254394");
        private.as_object_mut().unwrap().remove(member);
    }
    refuse(&server, &with(json!({ "kty": "oct", "k": "c2VjcmV0" })), "A254394");
    let mut short = public_jwk(Algorithm::RS256);
    short["n"] = base64url(&[0xff; 128]).into();
    let mut huge = public_jwk(Algorithm::RS256);
    huge["n"] = base64url(&[0xff; 1025]).into();
    for jwk in [
        json!("key"),
        json!([]),
        json!({}),
        json!({ "kty": "OKP", "crv": "Ed25519", "x": "AA" }),
        json!({ "kty": "OKP", "crv": "X25519", "x": public_jwk(Algorithm::EdDSA)["x"] }),
        public_jwk(Algorithm::ES256),
        short,
        huge,
    ] {
        refuse(&server, &with(jwk), "A254395");
    }
    let mut other_use = public_jwk(Algorithm::EdDSA);
    other_use["use"] = "enc".into();
    refuse(&server, &with(other_use), "A254395");
    assert_eq!(server.switches.verifications.load(SeqCst), 0);
}

#[test]
fn a_point_off_its_curve_and_a_broken_signature_are_refused() {
    let server = server();
    let mut off = public_jwk(Algorithm::ES256);
    off["y"] = off["x"].clone();
    let by_ec = Proof::by(Algorithm::ES256, &server);
    refuse(&server, &by_ec.clone().header(json!({ "jwk": off })).signed(), "A254384");
    let (input, _) =
        by_ec.signed().rsplit_once('.').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    refuse(&server, &format!("{input}.{}", base64url(&[1; 64])), "A254384");
    refuse(&server, &format!("{input}.{}", base64url(&[1; 63])), "A254384");
    // The signature of another key, and over other claims.
    let ec = by_ec.header.to_string();
    let by_rsa = sign(Algorithm::RS256, &ec, &by_ec.claims.to_string());
    refuse(&server, &by_rsa, "A254384");
    let other = by_ec.clone().jti("other").signed();
    let payload = input.split('.').nth(1).unwrap().to_owned();
    let parts: Vec<&str> = other.split('.').collect();
    refuse(&server, &format!("{}.{payload}.{}", parts[0], parts[2]), "A254384");
}

#[test]
fn a_claim_that_is_missing_or_of_a_wrong_type_is_refused() {
    let server = server();
    let with = |claims: Value| Proof::new(&server).claims(claims).signed();
    for (name, code) in
        [("jti", "A254397"), ("htm", "A254398"), ("htu", "A254399"), ("iat", "A254380")]
    {
        refuse(&server, &with(json!({ name: null })), code);
        for wrong in [json!(true), json!(["x"]), json!({})] {
            refuse(&server, &with(json!({ name: wrong })), "A254396");
        }
    }
    refuse(&server, &with(json!({ "jti": "" })), "A254397");
    let now = NOW / 1000;
    for iat in [json!(now.to_string()), json!(now as f64 + 0.5), json!(-1), json!(1e300)] {
        refuse(&server, &with(json!({ "iat": iat })), "A254396");
    }
    for name in ["nonce", "ath"] {
        refuse(&server, &with(json!({ name: 5 })), "A254396");
    }
    let proof = Proof::new(&server);
    let header = proof.header.to_string();
    let twice = proof.claims.to_string().replace("\"htm\"", "\"htm\":\"GET\",\"htm\"");
    for payload in ["null", "[]", "{", &twice] {
        refuse(&server, &sign(Algorithm::EdDSA, &header, payload), "A254396");
    }
}

#[test]
fn a_proof_for_another_method_or_url_is_refused() {
    let server = server();
    let with = |claims: Value| Proof::new(&server).claims(claims).signed();
    for htm in ["GET", "post", "POST ", ""] {
        refuse(&server, &with(json!({ "htm": htm })), "A254398");
    }
    for htu in [
        "",
        "/token",
        "http://as.example.com/token",
        "https://as.example.com:8443/token",
        "https://as.example.com/token/",
        "https://as.example.com/Token",
        "https://as.example.com/other",
        "https://evil.example/token",
        "https://evil.example/?https://as.example.com/token",
        "https://as.example.com@evil.example/token",
        "https://user@as.example.com/token",
    ] {
        refuse(&server, &with(json!({ "htu": htu })), "A254399");
    }
}

#[test]
fn a_url_may_be_spelt_differently_and_have_a_query_and_a_fragment() {
    let server = server();
    for (jti, htu) in [
        "HTTPS://AS.EXAMPLE.COM/token",
        "https://as.example.com:443/token",
        "https://as.example.com/%74oken",
        "https://as.example.com/x/../token",
        "https://as.example.com/token?a=b#c",
    ]
    .into_iter()
    .enumerate()
    {
        let proof = Proof::new(&server).claims(json!({ "htu": htu })).jti(&jti.to_string());
        ok(server.prove(WEB, CREDENTIALS, &proof.signed()));
    }
    let server =
        start(&config_with_service(json!({ "tokenEndpoint": "https://as.example.com/a~b" })));
    let proof = Proof::new(&server).claims(json!({ "htu": "https://as.example.com/a%7Eb" }));
    ok(server.prove(WEB, CREDENTIALS, &proof.signed()));
}

#[test]
fn the_caller_of_the_api_says_for_which_method_and_url_the_proof_must_be() {
    let server = server();
    let ask = |proof: Proof, htm: Option<&str>, htu: Option<&str>| {
        let mut call = token_call(WEB, CREDENTIALS);
        merge(&mut call, json!({ "dpop": proof.signed(), "htm": htm, "htu": htu }));
        server.api("/auth/token", &call)
    };
    let public = "https://public.example/oauth/token";
    let proof = Proof::new(&server).claims(json!({ "htu": public }));
    assert_bad_proof(&ask(proof.clone(), None, None), "A254399");
    ok(ask(proof.clone(), Some("POST"), Some(public)));
    assert_bad_proof(&ask(Proof::new(&server), None, Some(public)), "A254399");
    assert_bad_proof(&ask(Proof::new(&server), Some("PUT"), None), "A254398");
    assert_bad_proof(&ask(Proof::new(&server), None, Some("not a URL")), "A254399");
}

#[test]
fn a_proof_is_good_from_a_minute_before_until_five_minutes_after_its_time() {
    let server = server();
    let now = NOW / 1000;
    let at = |iat: u64| {
        Proof::new(&server).claims(json!({ "iat": iat, "jti": iat.to_string() })).signed()
    };
    refuse(&server, &at(now - 3600), "A254381");
    refuse(&server, &at(now - 300), "A254381");
    ok(server.prove(WEB, CREDENTIALS, &at(now - 299)));
    ok(server.prove(WEB, CREDENTIALS, &at(now + 60)));
    refuse(&server, &at(now + 61), "A254382");
    refuse(&server, &at(now + 3600), "A254382");
    refuse(&server, &at(0), "A254381");
    // A number of milliseconds.
    refuse(&server, &at(NOW), "A254382");
    refuse(&server, &at(u64::MAX), "A254382");
}

#[test]
fn a_proof_may_have_a_shorter_life_of_its_own() {
    let server = server();
    let now = NOW / 1000;
    let with = |jti: &str, claims: Value| Proof::new(&server).jti(jti).claims(claims).signed();
    refuse(&server, &with("1", json!({ "exp": now })), "A254381");
    refuse(&server, &with("2", json!({ "nbf": now + 61 })), "A254382");
    refuse(&server, &with("3", json!({ "exp": "soon" })), "A254396");
    ok(server.prove(WEB, CREDENTIALS, &with("4", json!({ "exp": now + 1, "nbf": now }))));
    // A longer one does not count.
    refuse(&server, &with("5", json!({ "iat": now - 300, "exp": now + 3600 })), "A254381");
}

#[test]
fn the_clock_skew_of_the_service_widens_the_time() {
    let server = start(&config_with_service(json!({ "allowableClockSkew": 10 })));
    let now = NOW / 1000;
    let at = |iat: u64| {
        Proof::new(&server).claims(json!({ "iat": iat, "jti": iat.to_string() })).signed()
    };
    refuse(&server, &at(now - 310), "A254381");
    ok(server.prove(WEB, CREDENTIALS, &at(now - 309)));
    ok(server.prove(WEB, CREDENTIALS, &at(now + 70)));
    refuse(&server, &at(now + 71), "A254382");
}

#[test]
fn a_hash_of_an_access_token_means_nothing_at_the_token_endpoint() {
    let server = server();
    let proof = Proof::new(&server).claims(json!({ "ath": "anything" }));
    ok(server.prove(WEB, CREDENTIALS, &proof.signed()));
}

#[test]
fn a_proof_can_be_used_once_as_long_as_it_is_good() {
    let server = server();
    let proof = Proof::new(&server).claims(json!({ "iat": NOW / 1000 + 60 }));
    ok(server.prove(WEB, CREDENTIALS, &proof.signed()));
    refuse(&server, &proof.signed(), "A254385");
    // In another spelling of the URL, and made again later, it is still the same.
    let respelt =
        proof.clone().claims(json!({ "htu": format!("{TOKEN_ENDPOINT}?x"), "iat": NOW / 1000 }));
    refuse(&server, &respelt.signed(), "A254385");
    server.advance(359_999);
    refuse(&server, &proof.signed(), "A254385");
    server.advance(1);
    refuse(&server, &proof.signed(), "A254381");
    // Its identifier is free again.
    ok(server.prove(WEB, CREDENTIALS, &Proof::new(&server).signed()));
}

#[test]
fn two_keys_and_two_urls_may_have_the_same_identifier() {
    let server = server();
    ok(server.prove(WEB, CREDENTIALS, &Proof::new(&server).signed()));
    ok(server.prove(WEB, CREDENTIALS, &Proof::by_another(&server).signed()));
    let other = "https://as.example.com/other";
    let proof = Proof::new(&server).claims(json!({ "htu": other })).signed();
    let mut call = token_call(WEB, CREDENTIALS);
    merge(&mut call, json!({ "dpop": proof, "htu": other }));
    ok(server.api("/auth/token", &call));
}

#[test]
fn of_many_requests_at_once_with_one_proof_one_gets_tokens() {
    let server = server();
    let mut call = token_call(WEB, CREDENTIALS);
    call["dpop"] = Proof::new(&server).signed().into();
    let sent = (0..10).map(|_| server.send("/auth/token", call.to_string())).collect();
    let answers: Vec<Value> = wait_for_all(sent)
        .iter()
        .map(|answer| serde_json::from_slice(&answer.body).unwrap())
        .collect();
    let good = answers.iter().filter(|answer| answer["action"] == "OK").count();
    assert_eq!(good, 1, "{answers:?}");
    for answer in answers.iter().filter(|answer| answer["action"] != "OK") {
        assert_bad_proof(answer, "A254385");
    }
}

#[test]
fn a_proof_is_used_up_by_a_request_that_is_refused_and_after_a_restart() {
    let server = server();
    let proof = Proof::new(&server).jti("a-visible-identifier").signed();
    let answer = server.prove(WEB, "grant_type=authorization_code&code=unknown", &proof);
    assert_refused(&answer, "BAD_REQUEST", "invalid_grant", "A050305");
    refuse(&server, &proof, "A254385");
    refuse(&server.reconfigured(&config()), &proof, "A254385");
    let dump = server.store.dump();
    assert!(dump.contains(RecordKind::DpopProof.as_str()), "{dump}");
    assert!(!dump.contains("a-visible-identifier") && !dump.contains(&jkt(Algorithm::EdDSA)));
}

#[test]
fn long_and_many_identifiers_take_little_space_for_a_short_time() {
    let server = server();
    ok(server.prove(
        WEB,
        CREDENTIALS,
        &Proof::new(&server).jti(&"\u{1f511} ".repeat(2_000)).signed(),
    ));
    assert!(server.store.dump().len() < 2_000);
    let one = server.store.len();
    for jti in 0..20 {
        let proof = Proof::new(&server).jti(&format!("n{jti}")).signed();
        let answer = server.prove(WEB, "grant_type=authorization_code&code=unknown", &proof);
        assert_refused(&answer, "BAD_REQUEST", "invalid_grant", "A050305");
    }
    assert_eq!(server.store.len(), one + 20);
    server.advance(300_000);
    assert_eq!(server.engine.expire().unwrap().removed, 21);
}

#[test]
fn a_client_that_does_not_authenticate_uses_up_no_proof() {
    let server = server();
    let proof = Proof::new(&server).signed();
    let stranger = By(Some(("web", "wrong")), "");
    let answer = server.prove(stranger, CREDENTIALS, &proof);
    assert_refused(&answer, "INVALID_CLIENT", "invalid_client", "A157395");
    ok(server.prove(WEB, CREDENTIALS, &proof));
}

#[test]
fn a_platform_that_cannot_verify_is_a_failure_of_the_server() {
    let server = server();
    server.switches.no_verification.store(true, SeqCst);
    let answer = server.prove(WEB, CREDENTIALS, &Proof::new(&server).signed());
    assert_refused(&answer, "INTERNAL_SERVER_ERROR", "server_error", "A001101");
}
