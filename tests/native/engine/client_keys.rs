//! The public keys of clients in the configuration: which are required, which are used, and the
//! errors for the unusable ones.

use super::assertions::*;
use super::harness::*;
use super::signatures::{base64url, public_jwk};
use authlete_token::engine::{Algorithm, Config};
use authlete_token::{Error, ErrorCode};
use serde_json::{Value, json};

fn refused(config: &Value) -> Error {
    Config::parse(&config.to_string()).map(drop).expect_err("an error")
}

#[test]
fn a_client_with_private_key_jwt_has_keys_and_no_secret() {
    let ed = || public_jwk(Algorithm::EdDSA);
    for (more, message) in [
        (
            json!({ "jwks": null }),
            "clients[4].jwks: missing for token_endpoint_auth_method private_key_jwt (or jwks_uri)",
        ),
        (json!({ "jwks": [] }), "clients[4].jwks: expected an object"),
        (json!({ "jwks": {} }), "clients[4].jwks.keys: missing"),
        (json!({ "jwks": { "keys": {} } }), "clients[4].jwks.keys: expected an array"),
        (json!({ "jwks": { "keys": [5] } }), "clients[4].jwks.keys[0]: expected an object"),
        (
            json!({ "jwks": { "keys": [] } }),
            "clients[4].jwks: has no key for a supported algorithm",
        ),
        (
            json!({ "jwks": { "keys": [with(ed(), "use", json!("enc"))] } }),
            "clients[4].jwks: has no key for a supported algorithm",
        ),
        (
            json!({ "jwks": { "keys": [ed(), with(ed(), "x", json!("AA"))] } }),
            "clients[4].jwks.keys[1].x: expected 32 bytes",
        ),
        (
            json!({ "jwks": { "keys": [with(public_jwk(Algorithm::ES384), "y", json!("AA"))] } }),
            "clients[4].jwks.keys[0].y: expected 48 bytes",
        ),
        (
            json!({ "jwks": { "keys": [with(public_jwk(Algorithm::ES256), "crv", json!("P-521"))] } }),
            "clients[4].jwks.keys[0].x: expected 66 bytes",
        ),
        (
            json!({ "jwks": { "keys": [with(ed(), "d", json!("AA"))] } }),
            "clients[4].jwks.keys[0].d: a secret; only the public part of a key belongs here",
        ),
        (
            json!({ "client_secret": "x" }),
            "clients[4].client_secret: a client with this token_endpoint_auth_method must not have one",
        ),
        (
            json!({ "token_endpoint_auth_signing_alg": "HS256" }),
            "clients[4].token_endpoint_auth_signing_alg: not for token_endpoint_auth_method private_key_jwt",
        ),
        (
            json!({ "token_endpoint_auth_signing_alg": "none" }),
            "clients[4].token_endpoint_auth_signing_alg: not supported",
        ),
        (
            json!({ "token_endpoint_auth_signing_alg": 5 }),
            "clients[4].token_endpoint_auth_signing_alg: expected a string",
        ),
        (
            json!({ "token_endpoint_auth_signing_alg": "ES256", "jwks": { "keys": [ed()] } }),
            "clients[4].token_endpoint_auth_signing_alg: no key in jwks fits this algorithm",
        ),
        (
            json!({ "id_token_signed_response_alg": "EdDSA" }),
            "clients[4].id_token_signed_response_alg: not supported",
        ),
        (
            json!({ "token_endpoint_auth_method": "none", "token_endpoint_auth_signing_alg": "ES256" }),
            "clients[4].token_endpoint_auth_signing_alg: only for token_endpoint_auth_method private_key_jwt and client_secret_jwt",
        ),
    ] {
        let error = refused(&config_with_client(more));
        assert_eq!((error.code, error.message.as_str()), (ErrorCode::Config, message));
    }
    let mut secret = config();
    secret["clients"][0]["jwks"] = json!("left alone where a client does not authenticate with it");
    start(&secret);
}

#[test]
fn rsa_keys_that_are_weak_or_too_large_are_refused() {
    let rsa = |n: Vec<u8>, e: &str| json!({ "jwks": { "keys": [{ "kty": "RSA", "n": base64url(&n), "e": e }] } });
    let (modulus, exponent) = ("expected 2048 to 8192 bits", "expected 65537 (AQAB)");
    for (more, message) in [
        (rsa(vec![0xff; 64], "AQAB"), format!("clients[4].jwks.keys[0].n: {modulus}")),
        (rsa(vec![0xff; 2048], "AQAB"), format!("clients[4].jwks.keys[0].n: {modulus}")),
        (rsa(vec![0xff; 256], "AQ"), format!("clients[4].jwks.keys[0].e: {exponent}")),
        (rsa(vec![0xff; 256], "Aw"), format!("clients[4].jwks.keys[0].e: {exponent}")),
    ] {
        assert_eq!(refused(&config_with_client(more)).message, message);
    }
}

#[test]
fn an_ed25519_key_with_which_anybody_can_sign_is_refused() {
    let prime = |first: u8| [&[first][..], &[0xff; 30], &[0x7f]].concat();
    let mut small =
        vec![vec![0; 32], [&[1][..], &[0; 31]].concat(), prime(0xec), prime(0xed), prime(0xee)];
    // The points of order eight, by their y.
    for hex in [
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    ] {
        small.push(
            (0..32).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect(),
        );
    }
    let negative = small.iter().map(|point| [&point[..31], &[point[31] | 0x80]].concat());
    for point in small.iter().cloned().chain(negative) {
        let decoded = ed25519_dalek::VerifyingKey::try_from(point.as_slice());
        assert!(decoded.is_err() || decoded.is_ok_and(|key| key.is_weak()), "{point:?}");
        let key = with(public_jwk(Algorithm::EdDSA), "x", json!(base64url(&point)));
        let error = refused(&config_with_client(json!({ "jwks": { "keys": [key] } })));
        assert_eq!(error.message, "clients[4].jwks.keys[0].x: must not be a point of small order");
    }
}

#[test]
fn the_service_names_a_tolerance_and_a_restriction() {
    for (more, message) in [
        (
            json!({ "allowableClockSkew": -1 }),
            "service.allowableClockSkew: expected a number of seconds",
        ),
        (
            json!({ "allowableClockSkew": "5" }),
            "service.allowableClockSkew: expected a number of seconds",
        ),
        (
            json!({ "clientAssertionAudRestrictedToIssuer": 1 }),
            "service.clientAssertionAudRestrictedToIssuer: expected true or false",
        ),
    ] {
        assert_eq!(refused(&config_with_service(more)).message, message);
    }
    start(&config_with_service(
        json!({ "allowableClockSkew": 0, "clientAssertionAudRestrictedToIssuer": false }),
    ));
}

#[test]
fn a_client_is_held_to_the_algorithm_that_it_is_registered_for() {
    let server = start(&config_with_client(json!({ "token_endpoint_auth_signing_alg": "PS256" })));
    for alg in Algorithm::ALL.into_iter().filter(|alg| *alg != Algorithm::PS256) {
        assert_not_authenticated(&server.assert(&Assertion::by(alg).signed()), "A156304");
    }
    ok(server.assert(&Assertion::by(Algorithm::PS256).signed()));
}

#[test]
fn a_key_is_held_to_its_own_algorithm() {
    let keys = json!({ "keys": [with(public_jwk(Algorithm::RS256), "alg", json!("PS256"))] });
    let server = start(&config_with_client(json!({ "jwks": keys })));
    for alg in [Algorithm::RS256, Algorithm::RS512, Algorithm::PS384] {
        assert_not_authenticated(&server.assert(&Assertion::by(alg).signed()), "A156304");
    }
    ok(server.assert(&Assertion::by(Algorithm::PS256).signed()));
}

#[test]
fn the_key_is_found_among_others_by_its_kid_or_by_being_tried() {
    let ed = public_jwk(Algorithm::EdDSA);
    let other = |kid: &str| json!({ "kty": "OKP", "crv": "Ed25519", "x": base64url(&[0x58; 32]), "kid": kid });
    let unused = json!({ "kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA", "kid": "a" });
    let keys =
        json!({ "keys": [unused, other("a"), with(ed.clone(), "kid", json!("b")), other("b")] });
    let server = start(&config_with_client(json!({ "jwks": keys })));
    let sent = |kid: Value, jti: &str| {
        server.assert(
            &Assertion::new().header(json!({ "kid": kid })).claims(json!({ "jti": jti })).signed(),
        )
    };
    ok(sent(json!(null), "1"));
    ok(sent(json!("b"), "2"));
    assert_not_authenticated(&sent(json!("a"), "3"), "A157390");
    // Without a kid, the sixth key is no longer tried; with its kid, it is found.
    let mut keys: Vec<Value> = ["1", "2", "3", "4", "5"].map(other).into();
    keys.push(with(ed, "kid", json!("6")));
    let server = start(&config_with_client(json!({ "jwks": { "keys": keys } })));
    assert_not_authenticated(&server.assert(&Assertion::new().signed()), "A157390");
    ok(server.assert(&Assertion::new().header(json!({ "kid": "6" })).signed()));
}

#[test]
fn a_point_that_is_not_on_its_curve_verifies_nothing() {
    for (alg, crv, length) in [
        (Algorithm::ES256, "P-256", 32),
        (Algorithm::ES384, "P-384", 48),
        (Algorithm::ES512, "P-521", 66),
    ] {
        let number = base64url(&[&[0][..], &vec![1; length - 1]].concat());
        let point = json!({ "kty": "EC", "crv": crv, "x": number, "y": number });
        let server = start(&config_with_client(json!({ "jwks": { "keys": [point] } })));
        assert_not_authenticated(&server.assert(&Assertion::by(alg).signed()), "A157390");
    }
}
