//! Attestations and proofs that prove nothing, and requests that try to get in without them.

use super::assertions::{Assertion, CREDENTIALS, assert_not_authenticated, assertion_call, sign};
use super::attestations::*;
use super::harness::*;
use super::signatures::public_jwk;
use authlete_token::engine::Algorithm;
use serde_json::{Value, json};
use std::sync::atomic::Ordering::SeqCst;

#[test]
fn an_attestation_with_a_flaw_lets_nobody_in() {
    let now = NOW / 1000;
    let private = {
        let mut jwk = public_jwk(INSTANCE);
        jwk["d"] = "AA".into();
        jwk
    };
    for (header, claims, code) in [
        (json!({ "typ": null }), json!({}), "A157362"),
        (json!({ "typ": "JWT" }), json!({}), "A157362"),
        (json!({ "typ": "oauth-client-attestation-pop+jwt" }), json!({}), "A157362"),
        (json!({ "crit": ["exp"] }), json!({}), "A157362"),
        (json!({ "alg": "none" }), json!({}), "A157363"),
        (json!({ "alg": "HS256" }), json!({}), "A157363"),
        (json!({ "alg": "RS256" }), json!({}), "A157367"),
        (json!({ "kid": "other" }), json!({}), "A157367"),
        (json!({}), json!({ "sub": null }), "A157364"),
        (json!({}), json!({ "sub": 5 }), "A157362"),
        (json!({}), json!({ "sub": "" }), "A157366"),
        (json!({}), json!({ "sub": "nobody" }), "A157366"),
        (json!({}), json!({ "sub": "web" }), "A157366"),
        (json!({}), json!({ "sub": "spa" }), "A157366"),
        (json!({}), json!({ "exp": null }), "A157364"),
        (json!({}), json!({ "exp": "2033-01-01" }), "A157362"),
        (json!({}), json!({ "cnf": null }), "A157364"),
        (json!({}), json!({ "cnf": { "jkt": "x" } }), "A157364"),
        (json!({}), json!({ "cnf": { "jwk": "x" } }), "A157364"),
        (json!({}), json!({ "cnf": { "jwk": { "kty": "oct", "k": "AAAA" } } }), "A157364"),
        (json!({}), json!({ "cnf": { "jwk": private } }), "A157364"),
        (json!({}), json!({ "nbf": now + 61 }), "A157369"),
        (json!({}), json!({ "iat": now + 61 }), "A157369"),
    ] {
        let server = start(&config_with_attester());
        let flawed = attestation().header(header).claims(claims);
        assert_not_authenticated(&server.attest(&flawed, &proof()), code);
        assert!(server.store.is_empty());
        ok(server.attest(&attestation(), &proof()));
    }
}

#[test]
fn a_proof_with_a_flaw_lets_nobody_in_and_is_not_used_up() {
    let now = NOW / 1000;
    for (header, claims, code) in [
        (json!({ "typ": null }), json!({}), "A157371"),
        (json!({ "typ": "oauth-client-attestation+jwt" }), json!({}), "A157371"),
        (json!({ "typ": "dpop+jwt" }), json!({}), "A157371"),
        (json!({ "b64": false, "crit": ["b64"] }), json!({}), "A157371"),
        (json!({ "alg": "none" }), json!({}), "A157363"),
        (json!({ "alg": "RS256" }), json!({}), "A157372"),
        (json!({}), json!({ "aud": null }), "A157373"),
        (json!({}), json!({ "aud": "https://as.example.com/" }), "A157373"),
        (json!({}), json!({ "aud": "https://as.example.com/token" }), "A157373"),
        (json!({}), json!({ "aud": [] }), "A157373"),
        (
            json!({}),
            json!({ "aud": ["https://as.example.com", "https://evil.example"] }),
            "A157373",
        ),
        (json!({}), json!({ "aud": 5 }), "A157371"),
        (json!({}), json!({ "iat": null }), "A157374"),
        (json!({}), json!({ "iat": now - 300 }), "A157374"),
        (json!({}), json!({ "iat": now + 61 }), "A157374"),
        (json!({}), json!({ "exp": now }), "A157374"),
        (json!({}), json!({ "nbf": now + 61 }), "A157374"),
        (json!({}), json!({ "jti": null }), "A157375"),
        (json!({}), json!({ "jti": "" }), "A157375"),
        (json!({}), json!({ "jti": "x".repeat(256) }), "A157375"),
    ] {
        let server = start(&config_with_attester());
        let flawed = proof().header(header).claims(claims);
        assert_not_authenticated(&server.attest(&attestation(), &flawed), code);
        assert!(server.store.is_empty());
        ok(server.attest(&attestation(), &proof()));
    }
}

#[test]
fn the_times_of_a_proof_have_some_room_and_the_skew_gives_more() {
    let now = NOW / 1000;
    for (skew, iat, good) in [
        (0, now - 299, true),
        (0, now - 300, false),
        (0, now + 60, true),
        (0, now + 61, false),
        (30, now - 329, true),
        (30, now - 330, false),
        (30, now + 90, true),
        (30, now + 91, false),
    ] {
        let server = start(&config_with(json!({}), json!({ "allowableClockSkew": skew })));
        let answer = server.attest(&attestation(), &proof().claims(json!({ "iat": iat })));
        assert_eq!(answer["action"] == "OK", good, "{skew} {iat} {answer}");
    }
}

#[test]
fn signatures_by_others_prove_nothing() {
    let server = start(&config_with_attester());
    let cut = |jwt: &str| format!("{}.AAAA", jwt.rsplit_once('.').unwrap().0);
    let (attested, proved) = (attestation().signed(), proof().signed());
    let call = |attestation: &str, proof: &str| {
        server.api("/auth/token", &attested_call(attestation, proof, CREDENTIALS))
    };
    assert_not_authenticated(&call(&cut(&attested), &proved), "A157368");
    assert_not_authenticated(&call(&attested, &cut(&proved)), "A157372");
    // The attester has vouched for one key, and another one signs.
    let other = attestation_of(Algorithm::RS256);
    assert_not_authenticated(&server.attest(&other, &proof()), "A157372");
    // An instance that vouches for itself.
    let mut own = attestation().header(json!({ "alg": INSTANCE.as_str() }));
    own.alg = INSTANCE;
    assert_not_authenticated(&server.attest(&own, &proof()), "A157367");
    // Each in the place of the other.
    assert_not_authenticated(&call(&proved, &attested), "A157362");
    // An attested key that is not on its curve.
    let mut jwk = public_jwk(INSTANCE);
    jwk["y"] = jwk["x"].clone();
    let off = attestation().claims(json!({ "cnf": { "jwk": jwk } }));
    assert_not_authenticated(&server.attest(&off, &proof()), "A157372");
    // A key that is meant for another algorithm.
    let mut pinned = public_jwk(Algorithm::RS256);
    pinned["alg"] = "PS256".into();
    let pinned = attestation().claims(json!({ "cnf": { "jwk": pinned } }));
    assert_not_authenticated(&server.attest(&pinned, &proof_of(Algorithm::RS256)), "A157372");
    assert!(server.store.is_empty());
    ok(call(&attested, &proved));
}

#[test]
fn what_is_no_jwt_is_refused_without_a_signature_being_checked() {
    let server = start(&config_with_attester());
    let (good, proved) = (attestation().signed(), proof().signed());
    let (header, claims) = decoded(&good);
    let twice = claims.to_string().replacen('{', r#"{"sub":"spa","#, 1);
    for text in [
        "",
        "x",
        "a.b.c",
        &format!("{good}, {good}"),
        &format!("{good}\n"),
        &format!(" {good}"),
        &"A".repeat(20_000),
        &sign(ATTESTER, &header.to_string(), &twice),
    ] {
        let call = attested_call(text, &proved, CREDENTIALS);
        assert_not_authenticated(&server.api("/auth/token", &call), "A157362");
        let call = attested_call(&good, text, CREDENTIALS);
        assert_not_authenticated(&server.api("/auth/token", &call), "A157371");
    }
    assert_eq!(server.switches.verifications.load(SeqCst), 0);
}

#[test]
fn one_of_the_two_alone_is_refused_whatever_the_client() {
    for config in [config_with_attester(), config()] {
        let server = start(&config);
        for member in ["oauthClientAttestation", "oauthClientAttestationPop"] {
            for client in ["wallet", "spa", "web", "nobody"] {
                for value in [attestation().signed(), proof().signed(), "x".into(), String::new()] {
                    let mut call =
                        json!({ "parameters": format!("{CREDENTIALS}&client_id={client}") });
                    call[member] = value.into();
                    let answer = server.api("/auth/token", &call);
                    assert_refused(&answer, "BAD_REQUEST", "invalid_request", "A157361");
                }
            }
        }
    }
}

#[test]
fn a_client_of_another_method_is_never_let_in_by_or_beside_an_attestation() {
    let server = start(&config_with_attester());
    // Neither is ignored for a public client, whose code is good without them.
    let code = server.code("spa", json!({}));
    let parameters = format!("{}&client_id=spa", redemption(&code));
    let for_spa = attestation().claims(json!({ "sub": "spa" }));
    assert_not_authenticated(&server.attest_with(&for_spa, &proof(), &parameters), "A157366");
    let call = attested_call("x", "y", &parameters);
    assert_not_authenticated(&server.api("/auth/token", &call), "A157362");
    assert_not_authenticated(&server.attest_with(&attestation(), &proof(), &parameters), "A157365");
    ok(server.redeem(SPA, &code));
    assert_eq!(server.attest(&attestation(), &proof())["action"], "OK", "nothing was used up");
}

#[test]
fn a_client_with_an_attester_gets_in_by_nothing_else() {
    let server = start(&config_with_attester());
    for by in [
        By(None, "client_id=wallet"),
        By(Some(("wallet", "x")), ""),
        By(Some(("wallet", "")), ""),
        By(None, "client_id=wallet&client_secret=x"),
        By(None, "client_id=1007"),
    ] {
        let answer = server.token(by, CREDENTIALS);
        assert_refused(&answer, "INVALID_CLIENT", "invalid_client", "A157395");
    }
    let own = Assertion::by(INSTANCE).claims(json!({ "iss": "wallet", "sub": "wallet" })).signed();
    let answer = server.api("/auth/token", &assertion_call(&own, CREDENTIALS));
    assert_not_authenticated(&answer, "A157389");
}

#[test]
fn an_attestation_beside_another_credential_is_refused() {
    let server = start(&config_with_attester());
    let call = |more: Value, parameters: &str| {
        let mut call = attested_call(&attestation().signed(), &proof().signed(), parameters);
        merge(&mut call, more);
        call
    };
    let post = format!("{CREDENTIALS}&client_id=post&client_secret=post-secret");
    let mut assertion = assertion_call(&Assertion::new().signed(), CREDENTIALS);
    merge(&mut assertion, call(json!({ "parameters": null }), ""));
    for call in [
        call(json!({ "clientId": "web", "clientSecret": "web-secret" }), CREDENTIALS),
        call(json!({ "clientId": "wallet", "clientSecret": "x" }), CREDENTIALS),
        call(json!({}), &post),
        assertion,
    ] {
        let answer = server.api("/auth/token", &call);
        assert_refused(&answer, "BAD_REQUEST", "invalid_request", "A157391");
    }
    assert!(server.store.is_empty());
}

#[test]
fn no_response_time_tells_whether_there_is_such_a_client() {
    let server = start(&config_with_attester());
    let verified = |attestation: &Assertion| {
        let before = server.switches.verifications.load(SeqCst);
        assert_eq!(server.attest(attestation, &proof())["action"], "INVALID_CLIENT");
        server.switches.verifications.load(SeqCst) - before
    };
    let mut forged = attestation();
    forged.claims["sub"] = "nobody".into();
    let unknown = verified(&forged);
    let known = verified(&attestation().header(json!({ "kid": "other" })));
    assert_eq!((unknown, known), (1, 1));
}
