//! Client assertions that somebody else made, or that are meant for something else: none of them
//! authenticates a client, and the client gets the same answer for all.

use super::assertions::*;
use super::harness::*;
use super::signatures::{base64url, public_jwk};
use authlete_token::engine::{Algorithm, MacAlgorithm, PlatformFailure};
use serde_json::{Value, json};
use std::sync::atomic::Ordering::SeqCst;

/// A JWS with the given signature.
fn unsigned(header: &Value, signature: &[u8]) -> String {
    let parts = [header.to_string(), Assertion::new().claims.to_string()]
        .map(|part| base64url(part.as_bytes()));
    format!("{}.{}.{}", parts[0], parts[1], base64url(signature))
}

#[test]
fn an_assertion_and_its_type_go_together_and_the_type_must_be_known() {
    let server = start(&config_with_keys());
    let assertion = Assertion::new().signed();
    let kind = JWT_BEARER.replace(':', "%3A");
    for (parameters, code) in [
        (format!("client_assertion={assertion}"), "A157394"),
        (format!("client_assertion_type={kind}"), "A157394"),
        (format!("client_assertion=&client_assertion_type={kind}"), "A157394"),
        (format!("client_assertion={assertion}&client_assertion_type="), "A157394"),
        (format!("client_assertion={assertion}&client_assertion_type=jwt-bearer"), "A157397"),
        (
            format!("client_assertion={assertion}&client_assertion_type={}", kind.to_uppercase()),
            "A157397",
        ),
        (
            format!(
                "client_assertion={assertion}&client_assertion_type={}",
                kind.replace("jwt-bearer", "saml2-bearer")
            ),
            "A157397",
        ),
        (
            format!(
                "client_assertion={assertion}&client_assertion_type={kind}&client_assertion_type={kind}"
            ),
            "A049301",
        ),
        (
            format!(
                "client_assertion={assertion}&client_assertion={assertion}&client_assertion_type={kind}"
            ),
            "A049301",
        ),
    ] {
        let answer = server
            .api("/auth/token", &json!({ "parameters": format!("{CREDENTIALS}&{parameters}") }));
        assert_refused(&answer, "BAD_REQUEST", "invalid_request", code);
    }
    ok(server.assert(&assertion));
}

#[test]
fn an_assertion_beside_another_credential_is_refused() {
    let server = start(&config_with_keys());
    let assertion = Assertion::new().signed();
    let mut basic = assertion_call(&assertion, CREDENTIALS);
    basic["clientId"] = "web".into();
    basic["clientSecret"] = "web-secret".into();
    let post = assertion_call(
        &assertion,
        &format!("{CREDENTIALS}&client_id=post&client_secret=post-secret"),
    );
    let mut attested = assertion_call(&assertion, CREDENTIALS);
    attested["oauthClientAttestation"] = "x".into();
    for call in [basic, post, attested] {
        assert_refused(
            &server.api("/auth/token", &call),
            "BAD_REQUEST",
            "invalid_request",
            "A157391",
        );
    }
    ok(server.assert(&assertion));
}

#[test]
fn a_client_with_keys_gets_in_by_nothing_else() {
    let server = start(&config_with_keys());
    for by in [
        By(None, "client_id=jwt"),
        By(Some(("jwt", "x")), ""),
        By(None, "client_id=jwt&client_secret=x"),
    ] {
        let answer = server.token(by, CREDENTIALS);
        assert_refused(&answer, "INVALID_CLIENT", "invalid_client", "A157395");
    }
}

#[test]
fn an_assertion_without_a_signature_or_with_a_shared_secret_is_refused() {
    let server = start(&config_with_keys());
    let rsa = public_jwk(Algorithm::RS256).to_string();
    for header in [json!({ "alg": "none" }), json!({ "alg": "None" })] {
        assert_not_authenticated(&server.assert(&unsigned(&header, rsa.as_bytes())), "A157399");
    }
    // With a public key as the secret (RFC 8725 §2.1).
    let claims = Assertion::new().claims;
    for alg in MacAlgorithm::ALL {
        assert_not_authenticated(&server.assert(&maced(alg, &rsa, &claims)), "A156304");
        assert_not_authenticated(&server.assert(&maced(alg, "", &claims)), "A156304");
    }
    for alg in ["ES256K", "ES521", "RS1", "HS1", "Ed448", "eddsa", "RSA-OAEP", ""] {
        assert_not_authenticated(
            &server.assert(&unsigned(&json!({ "alg": alg }), &[1; 64])),
            "A157399",
        );
    }
    assert_not_authenticated(&server.assert(&unsigned(&json!({ "alg": "none" }), b"")), "A157380");
}

#[test]
fn a_wrong_signature_is_refused() {
    let server = start(&config_with_keys());
    for alg in Algorithm::ALL {
        let signed = Assertion::by(alg).signed();
        let (input, _) = signed.rsplit_once('.').unwrap();
        let other = Assertion::by(alg).claims(json!({ "sub": "jwt", "jti": "other" })).signed();
        let other = other.rsplit_once('.').unwrap().1;
        for signature in [other, &base64url(&[0; 64]), &base64url(&[0; 256]), "AA"] {
            assert_not_authenticated(&server.assert(&format!("{input}.{signature}")), "A157390");
        }
    }
    // An algorithm of the same key type, and a key of another client.
    for (said, used) in [
        (Algorithm::RS256, Algorithm::PS256),
        (Algorithm::RS512, Algorithm::RS384),
        (Algorithm::PS384, Algorithm::PS512),
    ] {
        let header = json!({ "alg": said.as_str() }).to_string();
        let swapped = sign(used, &header, &Assertion::new().claims.to_string());
        assert_not_authenticated(&server.assert(&swapped), "A157390");
    }
}

#[test]
fn extensions_and_types_for_other_purposes_are_refused() {
    let server = start(&config_with_keys());
    for header in [
        json!({ "crit": ["exp"] }),
        json!({ "crit": ["b64"], "b64": false }),
        json!({ "crit": ["http://example.com/unknown"], "http://example.com/unknown": true }),
        json!({ "crit": [] }),
        json!({ "b64": true }),
        json!({ "typ": "at+jwt" }),
        json!({ "typ": "dpop+jwt" }),
        json!({ "typ": "oauth-id-jag+jwt" }),
        json!({ "typ": 7 }),
    ] {
        assert_not_authenticated(
            &server.assert(&Assertion::new().header(header).signed()),
            "A157380",
        );
    }
    for (i, typ) in
        ["JWT", "jwt", "client-authentication+jwt", "application/client-authentication+jwt"]
            .into_iter()
            .enumerate()
    {
        let assertion =
            Assertion::new().header(json!({ "typ": typ })).claims(json!({ "jti": i.to_string() }));
        ok(server.assert(&assertion.signed()));
    }
}

#[test]
fn a_kid_is_only_compared_and_keys_in_a_header_are_ignored() {
    let server = start(&config_with_keys());
    let long = "x".repeat(8_000);
    for kid in
        ["../../etc/passwd", "http://127.0.0.1/", "' OR 1=1 --", "__proto__", "EC", "", "ec", &long]
    {
        let answer = server.assert(&Assertion::new().header(json!({ "kid": kid })).signed());
        assert_not_authenticated(&answer, "A156304");
    }
    let too_long = Assertion::new().header(json!({ "kid": "x".repeat(100_000) })).signed();
    assert_not_authenticated(&server.assert(&too_long), "A157380");
    // Signed by an attacker, whose key is in the header.
    let attacker = json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" });
    let config = config_with_client(json!({ "jwks": { "keys": [public_jwk(Algorithm::RS256)] } }));
    let header = json!({ "jwk": attacker, "jku": "https://evil.example/jwks", "x5u": "https://evil.example/x5u", "x5c": ["MII"] });
    let answer = start(&config).assert(&Assertion::new().header(header.clone()).signed());
    assert_not_authenticated(&answer, "A156304");
    ok(server.assert(&Assertion::new().header(header).header(json!({ "kid": "ed" })).signed()));
}

#[test]
fn what_is_no_compact_jws_with_one_reading_is_refused() {
    let server = start(&config_with_keys());
    let good = Assertion::new().signed();
    let parts: Vec<&str> = good.split('.').collect();
    for text in [
        "x".to_owned(),
        "..".into(),
        format!("{good}\n"),
        format!("{good} "),
        format!("{good}=="),
        format!("{good}.{}", parts[2]),
        format!("{good}.{}.{}", parts[1], parts[2]),
        format!("{}.{}", parts[0], parts[1]),
        format!("{}..{}", parts[0], parts[2]),
        format!("{}=.{}.{}", parts[0], parts[1], parts[2]),
        sign(Algorithm::EdDSA, "null", "{}"),
        sign(Algorithm::EdDSA, "[]", "{}"),
        sign(Algorithm::EdDSA, "alg", "{}"),
        sign(
            Algorithm::EdDSA,
            r#"{"alg":"none","alg":"EdDSA"}"#,
            &Assertion::new().claims.to_string(),
        ),
        sign(
            Algorithm::EdDSA,
            &format!("{{\"alg\":\"EdDSA\",\"x\":{}{}}}", "[".repeat(2_000), "]".repeat(2_000)),
            "{}",
        ),
    ] {
        assert_not_authenticated(&server.assert(&text), "A157380");
    }
    for payload in ["null", "[]", "x", r#"{"sub":"web","sub":"jwt"}"#, &"[".repeat(5_000)] {
        assert_not_authenticated(
            &server.assert(&sign(Algorithm::EdDSA, r#"{"alg":"EdDSA"}"#, payload)),
            "A157381",
        );
    }
    ok(server.assert(&good));
}

#[test]
fn an_unknown_client_is_not_told_from_a_wrong_signature_by_answer_or_by_work() {
    let server = start(&config_with_keys());
    let (input, other) =
        (Assertion::new().signed(), Assertion::new().claims(json!({ "jti": "2" })).signed());
    let wrong =
        format!("{}.{}", input.rsplit_once('.').unwrap().0, other.rsplit_once('.').unwrap().1);
    let unknown = Assertion::new().claims(json!({ "iss": "nobody", "sub": "nobody" })).signed();
    let keyless = Assertion::new().header(json!({ "kid": "nothing" })).signed();
    let secret = Assertion::new().claims(json!({ "iss": "web", "sub": "web" })).signed();
    for (assertion, code) in
        [(wrong, "A157390"), (unknown, "A157389"), (keyless, "A156304"), (secret, "A157389")]
    {
        let before = server.switches.verifications.load(SeqCst);
        assert_not_authenticated(&server.assert(&assertion), code);
        assert_eq!(server.switches.verifications.load(SeqCst), before + 1, "{code}");
    }
}

#[test]
fn a_platform_that_cannot_verify_is_a_failure_that_the_host_hears_of() {
    let server = start(&config_with_keys());
    server.switches.no_verification.store(true, SeqCst);
    let assertion = Assertion::new().signed();
    let answer = server.assert(&assertion);
    assert_refused(&answer, "INTERNAL_SERVER_ERROR", "server_error", "A001101");
    let failures = server.switches.failures.lock().unwrap().clone();
    assert_eq!(failures, [(PlatformFailure::Crypto, "authToken")]);
    server.switches.no_verification.store(false, SeqCst);
    ok(server.assert(&assertion));
}

#[test]
fn a_signature_of_a_wrong_length_is_wrong_whatever_the_platform_makes_of_it() {
    let server = start(&config_with_keys());
    server.switches.no_verification.store(true, SeqCst);
    for alg in [Algorithm::ES256, Algorithm::ES384, Algorithm::ES512, Algorithm::EdDSA] {
        let signed = Assertion::by(alg).signed();
        let (input, _) = signed.rsplit_once('.').unwrap();
        for length in [1, 63, 65, 128, 133] {
            let assertion = format!("{input}.{}", base64url(&vec![1; length]));
            assert_not_authenticated(&server.assert(&assertion), "A157390");
        }
    }
    assert_eq!(server.switches.failures.lock().unwrap().len(), 0);
}
