//! Clients that authenticate with a JWT that their secret signs (`client_secret_jwt`, OpenID
//! Connect Core §9, RFC 7518 §3.2).

use super::assertions::*;
use super::harness::*;
use super::signatures::{base64url, public_jwk};
use authlete_token::engine::{Algorithm, Config, MacAlgorithm, PlatformFailure};
use serde_json::{Value, json};
use std::sync::atomic::Ordering::SeqCst;

/// Long enough for every algorithm. The number is the length.
const SECRET: &str = "64-of-the-printable-characters-&=+%-that-a-secret-may-have-64-6";

/// The configuration of [`config_with_keys`], with the client `mac` and other members of it.
fn config_with_mac(more: Value) -> Value {
    let mut config = config_with_keys();
    let mut client = json!({
        "client_id": "mac", "authlete_client_id": 1007, "token_endpoint_auth_method": "client_secret_jwt",
        "client_secret": format!("{SECRET}4"), "grant_types": ["client_credentials"],
    });
    merge(&mut client, more);
    config["clients"].as_array_mut().unwrap().push(client);
    config
}

fn secret() -> String {
    format!("{SECRET}4")
}

fn claims(id: &str, jti: &str) -> Value {
    Assertion::new().claims(json!({ "iss": id, "sub": id, "jti": jti })).claims
}

#[test]
fn a_mac_of_each_algorithm_authenticates_its_client_once() {
    assert_eq!(secret().len(), 64);
    let server = start(&config_with_mac(json!({})));
    for alg in MacAlgorithm::ALL {
        let assertion = maced(alg, &secret(), &claims("mac", alg.as_str()));
        let answer = ok(server.assert(&assertion));
        assert_eq!(answer["clientAuthMethod"], "CLIENT_SECRET_JWT");
        assert_eq!(answer["clientId"], 1007);
        assert_not_authenticated(&server.assert(&assertion), "A157398");
    }
}

#[test]
fn a_wrong_secret_or_a_wrong_mac_is_refused() {
    let server = start(&config_with_mac(json!({})));
    let wrong = |assertion: &str| assert_not_authenticated(&server.assert(assertion), "A157390");
    for alg in MacAlgorithm::ALL {
        for other in [SECRET, "", "web-secret", &format!("{} ", secret()), &secret().to_uppercase()]
        {
            wrong(&maced(alg, other, &claims("mac", "1")));
        }
        let good = maced(alg, &secret(), &claims("mac", "1"));
        let (input, mac) = good.rsplit_once('.').unwrap();
        let other = maced(alg, &secret(), &claims("mac", "2"));
        for bad in [other.rsplit_once('.').unwrap().1, &base64url(&[1; 31]), &mac[..40], "AAAA"] {
            wrong(&format!("{input}.{bad}"));
        }
        ok(server.assert(&maced(alg, &secret(), &claims("mac", alg.as_str()))));
    }
}

#[test]
fn a_secret_that_is_shorter_than_the_hash_is_not_used_with_it() {
    let short = &SECRET[..47];
    let server = start(&config_with_mac(json!({ "client_secret": short })));
    ok(server.assert(&maced(MacAlgorithm::HS256, short, &claims("mac", "1"))));
    for alg in [MacAlgorithm::HS384, MacAlgorithm::HS512] {
        let answer = server.assert(&maced(alg, short, &claims("mac", "2")));
        assert_not_authenticated(&answer, "A156304");
    }
}

#[test]
fn a_client_is_held_to_the_mac_algorithm_that_it_is_registered_for() {
    let server = start(&config_with_mac(json!({ "token_endpoint_auth_signing_alg": "HS384" })));
    for alg in [MacAlgorithm::HS256, MacAlgorithm::HS512] {
        let answer = server.assert(&maced(alg, &secret(), &claims("mac", "1")));
        assert_not_authenticated(&answer, "A156304");
    }
    ok(server.assert(&maced(MacAlgorithm::HS384, &secret(), &claims("mac", "1"))));
}

/// RFC 8725 §2.1: neither kind of client is let in by the other's algorithms, and a signature is
/// checked in every case.
#[test]
fn a_secret_and_a_key_are_never_taken_for_each_other() {
    let public = public_jwk(Algorithm::RS256).to_string();
    let server =
        start(&config_with_mac(json!({ "jwks": { "keys": [public_jwk(Algorithm::EdDSA)] } })));
    let signed = |id: &str| Assertion::new().claims(json!({ "iss": id, "sub": id })).signed();
    for (assertion, code) in [
        (signed("mac"), "A156304"),
        (maced(MacAlgorithm::HS256, &public, &claims("jwt", "1")), "A156304"),
        (maced(MacAlgorithm::HS256, &secret(), &claims("jwt", "1")), "A156304"),
        // The right secret of a client that sends it instead.
        (maced(MacAlgorithm::HS256, "web-secret", &claims("web", "1")), "A157389"),
        (maced(MacAlgorithm::HS256, &secret(), &claims("spa", "1")), "A157389"),
        (maced(MacAlgorithm::HS256, &secret(), &claims("nobody", "1")), "A157389"),
        (maced(MacAlgorithm::HS256, "", &claims("nobody", "1")), "A157389"),
        (maced(MacAlgorithm::HS256, "\0", &claims("nobody", "1")), "A157389"),
    ] {
        let before = server.switches.verifications.load(SeqCst);
        assert_not_authenticated(&server.assert(&assertion), code);
        assert_eq!(server.switches.verifications.load(SeqCst), before + 1, "{code}");
    }
}

#[test]
fn the_secret_itself_is_not_accepted_instead_of_a_mac() {
    let mut config = config_with_mac(json!({}));
    // Without characters that a form would have to escape.
    let plain = "x".repeat(32);
    config["clients"][5]["client_secret"] = plain.as_str().into();
    let server = start(&config);
    for (basic, body) in [
        (Some(("mac", plain.as_str())), String::new()),
        (None, format!("&client_id=mac&client_secret={plain}")),
    ] {
        let mut call = json!({ "parameters": format!("{CREDENTIALS}{body}") });
        if let Some((id, secret)) = basic {
            call["clientId"] = id.into();
            call["clientSecret"] = secret.into();
        }
        let answer = server.api("/auth/token", &call);
        assert_refused(&answer, "INVALID_CLIENT", "invalid_client", "A157357");
    }
}

#[test]
fn a_secret_that_is_too_short_is_refused_in_the_configuration_without_its_value() {
    for (length, alg, least) in
        [(31, None, 32), (31, Some("HS256"), 32), (47, Some("HS384"), 48), (63, Some("HS512"), 64)]
    {
        let member = |length: usize| json!({ "client_secret": secret()[..length], "token_endpoint_auth_signing_alg": alg });
        let error = Config::parse(&config_with_mac(member(length)).to_string()).map(drop);
        let message = error.unwrap_err().message;
        let named = alg.unwrap_or("HS256");
        let expected = format!(
            "clients[5].client_secret: too short for {named}: expected {least} bytes or more"
        );
        assert_eq!(message, expected);
        start(&config_with_mac(member(least)));
    }
}

#[test]
fn a_platform_that_cannot_check_a_mac_is_a_failure_that_the_host_hears_of() {
    let server = start(&config_with_mac(json!({})));
    server.switches.no_verification.store(true, SeqCst);
    let assertion = maced(MacAlgorithm::HS256, &secret(), &claims("mac", "1"));
    let answer = server.assert(&assertion);
    assert_refused(&answer, "INTERNAL_SERVER_ERROR", "server_error", "A001101");
    assert_eq!(*server.switches.failures.lock().unwrap(), [(PlatformFailure::Crypto, "authToken")]);
    server.switches.no_verification.store(false, SeqCst);
    ok(server.assert(&assertion));
    assert!(!server.store.dump().contains(SECRET));
}
