//! Attesters that are known by their certificates: `clientAttesterRoots`, and the `x5c` of an
//! attestation (RFC 7515 §4.1.6). `tests/fixtures/certificates/make-attesters.mjs` made them.

use super::assertions::{Assertion, assert_not_authenticated};
use super::attestations::*;
use super::harness::*;
use super::signatures::public_jwk;
use authlete_token::engine::{Algorithm, Config};
use serde_json::{Value, json};
use std::sync::LazyLock;

static FIXTURES: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../fixtures/certificates/attesters.json")).unwrap()
});

/// A client without keys of attesters, and a service that trusts a root, with what `more` adds.
fn config_with_roots(more: Value) -> Value {
    let mut service =
        json!({ "clientAttesterRoots": [FIXTURES["root"]], "clientAttesterRootsEnabled": true });
    merge(&mut service, more);
    config_with(json!({ "client_attester_jwks": null }), service)
}

/// An attestation with these certificates.
fn certified(chain: &Value) -> Assertion {
    attestation().header(json!({ "x5c": chain }))
}

fn chain(label: &str) -> &'static Value {
    &FIXTURES["chains"][label]
}

/// The service's own keys for attesters: not the one that signs here.
fn other_keys() -> Value {
    json!({ "keys": [public_jwk(Algorithm::RS256)] })
}

#[test]
fn an_attester_with_a_certificate_of_a_root_is_trusted() {
    for label in ["good", "withRoot", "ofRoot"] {
        let server = start(&config_with_roots(json!({})));
        ok(server.attest(&certified(chain(label)), &proof()));
    }
}

#[test]
fn an_attester_without_such_a_certificate_is_not() {
    for (x5c, code) in [
        (chain("withoutMiddle").clone(), "A157339"),
        (chain("expired").clone(), "A157334"),
        (chain("forServers").clone(), "A157341"),
        (chain("ofStranger").clone(), "A157345"),
        (chain("byAttester").clone(), "A157340"),
        // The certificates are good, but not of the key that signs.
        (chain("ofOtherKey").clone(), "A157367"),
        (Value::Null, "A157367"),
        (json!([]), "A157378"),
        (json!({}), "A157378"),
        (json!("x"), "A157378"),
        (json!([5]), "A157378"),
        (json!(["AAAA"]), "A157378"),
        (
            json!([chain("good")[0].as_str().unwrap().replace('+', "-").replace('/', "_"), "="]),
            "A157378",
        ),
        (json!([chain("good")[0], chain("good")[1], "AAAA"]), "A157378"),
        (json!([1, 2, 3, 4, 5, 6]), "A157337"),
    ] {
        let server = start(&config_with_roots(json!({})));
        assert_not_authenticated(&server.attest(&certified(&x5c), &proof()), code);
        assert!(server.store.is_empty());
    }
}

#[test]
fn certificates_are_no_use_to_a_client_that_is_registered_for_something_else() {
    let server = start(&config_with_roots(json!({})));
    for id in ["spa", "web", "nobody"] {
        let attestation = certified(chain("good")).claims(json!({ "sub": id }));
        assert_not_authenticated(&server.attest(&attestation, &proof()), "A157366");
    }
}

#[test]
fn certificates_count_only_where_the_roots_are_switched_on() {
    let off = json!({ "clientAttesterRootsEnabled": false, "clientAttesterJwks": other_keys() });
    let server = start(&config_with_roots(off));
    assert_not_authenticated(&server.attest(&certified(chain("good")), &proof()), "A157367");
    // A client with attesters of its own has no others.
    let client = json!({ "client_attester_jwks": other_keys() });
    let service = config_with_roots(json!({}))["service"].clone();
    let server = start(&config_with(client, service));
    assert_not_authenticated(&server.attest(&certified(chain("good")), &proof()), "A157367");
}

#[test]
fn an_attestation_with_bad_certificates_is_not_saved_by_a_key_that_is_known() {
    let known = json!({ "keys": [public_jwk(ATTESTER)] });
    let server = start(&config_with_roots(json!({ "clientAttesterJwks": known })));
    let untrusted = certified(chain("ofStranger"));
    assert_not_authenticated(&server.attest(&untrusted, &proof()), "A157345");
    // Without certificates the key is enough, unless only roots count.
    ok(server.attest(&attestation(), &proof()));
    let only = start(&config_with_roots(json!({ "clientAttesterRootsOnly": true })));
    assert_not_authenticated(&only.attest(&attestation(), &proof()), "A157367");
    ok(only.attest(&certified(chain("good")), &proof()));
}

#[test]
fn switches_for_roots_that_are_not_there_are_refused() {
    let none = json!({ "client_attester_jwks": null });
    for (client, service, message) in [
        (
            json!({}),
            json!({ "clientAttesterRoots": null }),
            "service.clientAttesterRoots: missing for clientAttesterRootsEnabled",
        ),
        (
            json!({}),
            json!({ "clientAttesterRootsEnabled": null, "clientAttesterRootsOnly": true }),
            "service.clientAttesterRootsOnly: clientAttesterRootsEnabled is not true",
        ),
        (
            none.clone(),
            json!({ "clientAttesterRootsOnly": true, "clientAttesterJwks": other_keys() }),
            "service.clientAttesterJwks: must not be there with clientAttesterRootsOnly",
        ),
        (
            json!({}),
            json!({ "clientAttesterRootsOnly": true }),
            "clients[4].client_attester_jwks: must not be there with service.clientAttesterRootsOnly",
        ),
        (
            none.clone(),
            json!({ "clientAttesterRootsEnabled": false }),
            "clients[4].client_attester_jwks: missing for token_endpoint_auth_method attest_jwt_client_auth (so are service.clientAttesterJwks and service.clientAttesterRoots)",
        ),
        (
            json!({}),
            json!({ "clientAttesterRoots": ["x"] }),
            "service.clientAttesterRoots[0]: expected one X.509 certificate in PEM form, of 16384 bytes at most",
        ),
    ] {
        let mut config = config_with_roots(service);
        let own = config_with_attester()["clients"][4]["client_attester_jwks"].clone();
        config["clients"][4]["client_attester_jwks"] = own;
        merge(&mut config["clients"][4], client);
        assert_eq!(Config::parse(&config.to_string()).err().unwrap().message, message);
    }
}
