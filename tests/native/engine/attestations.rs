//! Attestation-based client authentication (draft-ietf-oauth-attestation-based-client-auth-08):
//! attestations and proofs to be sent, and what they are good for.

use super::assertions::{Assertion, CREDENTIALS, ISSUER, assert_not_authenticated, with};
use super::endpoint_requests::{To, form_request};
use super::harness::*;
use super::signatures::public_jwk;
use authlete_token::engine::{Algorithm, Config};
use serde_json::{Value, json};

/// The attester signs with this algorithm, and the instance of the client with the other.
pub const ATTESTER: Algorithm = Algorithm::EdDSA;
pub const INSTANCE: Algorithm = Algorithm::ES256;

/// The configuration of [`harness`](super::harness), with the client `wallet`, which has one
/// attester.
pub fn config_with_attester() -> Value {
    let mut config = config();
    let key = with(public_jwk(ATTESTER), "kid", json!("attester"));
    config["clients"].as_array_mut().unwrap().push(json!({
        "client_id": "wallet", "authlete_client_id": 1007, "token_endpoint_auth_method": "attest_jwt_client_auth",
        "client_attester_jwks": { "keys": [key] }, "redirect_uris": [CALLBACK], "id_token_signed_response_alg": "ES256",
        "grant_types": ["authorization_code", "refresh_token", "client_credentials", "password"],
        "resource_identifiers": ["https://wallet.example.com"],
    }));
    config
}

/// The same with other members of the client and of the service; `null` removes one.
pub fn config_with(client: Value, service: Value) -> Value {
    let mut config = config_with_attester();
    merge(&mut config["clients"][4], client);
    merge(&mut config["service"], service);
    config
}

/// The attestation of an instance with this key. Good for an hour from [`NOW`].
pub fn attestation_of(instance: Algorithm) -> Assertion {
    let now = NOW / 1000;
    Assertion {
        alg: ATTESTER,
        header: json!({ "alg": ATTESTER.as_str(), "typ": "oauth-client-attestation+jwt" }),
        claims: json!({
            "sub": "wallet", "iat": now, "exp": now + 3600, "cnf": { "jwk": public_jwk(instance) },
        }),
    }
}

/// A proof of an instance with this key, made at [`NOW`].
pub fn proof_of(instance: Algorithm) -> Assertion {
    Assertion {
        alg: instance,
        header: json!({ "alg": instance.as_str(), "typ": "oauth-client-attestation-pop+jwt" }),
        claims: json!({ "aud": ISSUER, "jti": "first", "iat": NOW / 1000 }),
    }
}

pub fn attestation() -> Assertion {
    attestation_of(INSTANCE)
}

pub fn proof() -> Assertion {
    proof_of(INSTANCE)
}

/// Another proof each time: with this `jti`, made now.
pub fn fresh_proof(server: &Server, jti: &str) -> Assertion {
    proof().claims(json!({ "jti": jti, "iat": server.now() / 1000 }))
}

/// The request member of `/auth/token`.
pub fn attested_call(attestation: &str, proof: &str, parameters: &str) -> Value {
    json!({
        "parameters": parameters, "oauthClientAttestation": attestation, "oauthClientAttestationPop": proof,
    })
}

impl Server {
    /// The token response for client credentials with these two.
    pub fn attest(&self, attestation: &Assertion, proof: &Assertion) -> Value {
        self.attest_with(attestation, proof, CREDENTIALS)
    }

    pub fn attest_with(
        &self,
        attestation: &Assertion,
        proof: &Assertion,
        parameters: &str,
    ) -> Value {
        let call = attested_call(&attestation.signed(), &proof.signed(), parameters);
        self.api("/auth/token", &call)
    }
}

#[test]
fn an_instance_with_an_attestation_gets_tokens() {
    let server = start(&config_with_attester());
    let answer = ok(server.attest(&attestation(), &proof()));
    assert_eq!(answer["clientAuthMethod"], "ATTEST_JWT_CLIENT_AUTH");
    assert_eq!((&answer["clientId"], &answer["clientIdAlias"]), (&json!(1007), &json!("wallet")));
    assert!(answer.get("attestationChallenge").is_none());
    assert_eq!(content(&answer)["token_type"], "Bearer");
    // The binding to the instance is the refresh token's: a resource server hears nothing of it.
    assert!(server.introspect(text(&answer, "accessToken")).get("cnf").is_none());
}

#[test]
fn attester_and_instance_sign_with_any_of_the_supported_algorithms() {
    for alg in Algorithm::ALL {
        let keys = json!({ "keys": [public_jwk(alg)] });
        let server = start(&config_with(json!({ "client_attester_jwks": keys }), json!({})));
        let mut attestation = attestation_of(alg).header(json!({ "alg": alg.as_str() }));
        attestation.alg = alg;
        ok(server.attest(&attestation, &proof_of(alg)));
    }
}

#[test]
fn the_client_id_may_stand_beside_the_attestation_if_it_is_the_same() {
    let server = start(&config_with_attester());
    let parameters = format!("{CREDENTIALS}&client_id=wallet");
    ok(server.attest_with(&attestation(), &proof(), &parameters));
    for other in ["web", "1007", "spa", "nobody"] {
        let parameters = format!("{CREDENTIALS}&client_id={other}");
        let answer = server.attest_with(&attestation(), &fresh_proof(&server, other), &parameters);
        assert_not_authenticated(&answer, "A157365");
    }
    let mut call = attested_call(&attestation().signed(), &fresh_proof(&server, "b").signed(), "");
    call["parameters"] = CREDENTIALS.into();
    call["clientId"] = "web".into();
    assert_not_authenticated(&server.api("/auth/token", &call), "A157365");
}

#[test]
fn a_client_may_also_be_named_by_its_number_in_attestations() {
    let server = start(&config_with_attester());
    ok(server.attest(&attestation().claims(json!({ "sub": "1007" })), &proof()));
    // It is the same client, and the same proof.
    assert_not_authenticated(&server.attest(&attestation(), &proof()), "A157376");
}

#[test]
fn the_attesters_of_the_service_may_speak_for_clients_that_have_none_of_their_own() {
    let service = json!({ "clientAttesterJwks": { "keys": [public_jwk(Algorithm::RS256)] } });
    let mut by_service = attestation().header(json!({ "alg": "RS256" }));
    by_service.alg = Algorithm::RS256;
    let shared = config_with(json!({ "client_attester_jwks": null }), service.clone());
    ok(start(&shared).attest(&by_service, &proof()));
    assert_not_authenticated(&start(&shared).attest(&attestation(), &proof()), "A157367");
    let own = start(&config_with(json!({}), service));
    assert_not_authenticated(&own.attest(&by_service, &proof()), "A157367");
    ok(own.attest(&attestation(), &proof()));
}

#[test]
fn unknown_claims_and_header_parameters_are_ignored() {
    let server = start(&config_with_attester());
    let attestation = attestation()
        .header(json!({ "kid": "attester", "jwk": {}, "x5c": ["x"], "jku": "https://evil.example" }))
        .claims(json!({ "iss": "https://attester.example", "wallet_name": { "a": [1] }, "nbf": NOW / 1000, "aud": "x" }));
    let proof = proof()
        .claims(json!({ "iss": "wallet", "nonce": 5, "challenge": "old", "exp": NOW / 1000 + 9 }));
    ok(server.attest(&attestation, &proof));
}

#[test]
fn the_proof_may_name_the_issuer_in_an_array_of_one() {
    let server = start(&config_with_attester());
    ok(server.attest(&attestation(), &proof().claims(json!({ "aud": [ISSUER] }))));
}

#[test]
fn attestations_authenticate_at_introspection_and_revocation_too() {
    let server = start(&config_with_attester());
    for (to, jti) in [(To::Introspection, "a"), (To::Revocation, "b")] {
        let mut request = form_request(to, By(None, ""), "token=x");
        request.headers.push(("oauth-client-attestation".into(), attestation().signed()));
        let mut alone = request.clone();
        let proof = fresh_proof(&server, jti).signed();
        request.headers.push(("oauth-client-attestation-pop".into(), proof));
        assert_eq!(server.asked(to, &request).status, 200);
        assert_eq!(server.asked(to, &request).status, 401, "a replay");
        assert_eq!(server.asked(to, &alone).status, 400, "no proof");
        let twice = format!("{0}, {0}", fresh_proof(&server, "c").signed());
        alone.headers.push(("oauth-client-attestation-pop".into(), twice));
        assert_eq!(server.asked(to, &alone).status, 401, "two proofs");
    }
}

#[test]
fn the_metadata_names_the_method_if_a_client_uses_it() {
    let metadata = |config: &Value| -> Value {
        serde_json::from_str(&start(config).engine.metadata()).unwrap()
    };
    let with_client = metadata(&config_with(
        json!({}),
        json!({ "challengeEndpoint": "https://as.example.com/challenge" }),
    ));
    let without = metadata(&config());
    let methods = [
        "token_endpoint_auth_methods_supported",
        "introspection_endpoint_auth_methods_supported",
        "revocation_endpoint_auth_methods_supported",
    ];
    for name in methods {
        let has = |metadata: &Value| {
            metadata[name].as_array().unwrap().contains(&json!("attest_jwt_client_auth"))
        };
        assert!(has(&with_client) && !has(&without), "{name}");
    }
    for name in [
        "client_attestation_signing_alg_values_supported",
        "client_attestation_pop_signing_alg_values_supported",
    ] {
        let expected = with_client["dpop_signing_alg_values_supported"].clone();
        assert_eq!((&with_client[name], without.get(name)), (&expected, None));
    }
    assert_eq!(with_client["challenge_endpoint"], "https://as.example.com/challenge");
    assert!(without.get("challenge_endpoint").is_none());
}

#[test]
fn only_a_client_that_authenticates_so_has_attesters_and_it_has_some() {
    let secret =
        json!({ "kty": "OKP", "crv": "Ed25519", "x": public_jwk(ATTESTER)["x"], "d": "AA" });
    for (client, message) in [
        (
            json!({ "client_attester_jwks": null }),
            "clients[4].client_attester_jwks: missing for token_endpoint_auth_method attest_jwt_client_auth (so are service.clientAttesterJwks and service.clientAttesterRoots)",
        ),
        (
            json!({ "token_endpoint_auth_method": "none", "resource_identifiers": null }),
            "clients[4].client_attester_jwks: only for token_endpoint_auth_method attest_jwt_client_auth",
        ),
        (
            json!({ "client_attester_jwks": { "keys": [] } }),
            "clients[4].client_attester_jwks: has no key for a supported algorithm",
        ),
        (
            json!({ "client_attester_jwks": { "keys": [secret] } }),
            "clients[4].client_attester_jwks.keys[0].d: a secret; only the public part of a key belongs here",
        ),
        (
            json!({ "client_secret": "x" }),
            "clients[4].client_secret: a client with this token_endpoint_auth_method must not have one",
        ),
    ] {
        let config = config_with(client, json!({})).to_string();
        let error = Config::parse(&config).err().unwrap();
        assert_eq!(error.message, message);
    }
}
