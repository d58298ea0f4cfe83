//! Signing keys with times: when they sign, and how long they are published.

use super::harness::*;
use authlete_token::engine::{Config, Engine, PlatformFailure, PublicKey, SigningKey};
use serde_json::{Value, json};

const NOW_SECONDS: u64 = NOW / 1000;

/// The configuration with these keys, RS256 for the client `web`, and ID tokens of 300 seconds.
fn with_keys(keys: Vec<Value>) -> Value {
    let mut config = config();
    config["service"]["idTokenDuration"] = 300.into();
    config["clients"] = json!([config["clients"][0]]);
    config["clients"][0]["id_token_signed_response_alg"] = "RS256".into();
    config["jwks"]["keys"] = keys.into();
    config
}

fn key(kid: &str, times: Value) -> Value {
    let mut key = rsa_jwk();
    key["kid"] = kid.into();
    merge(&mut key, times);
    key
}

fn published(server: &Server) -> Vec<String> {
    let jwks: Value = serde_json::from_str(&server.engine.jwks()).unwrap();
    jwks["keys"].as_array().unwrap().iter().map(|key| text(key, "kid").to_owned()).collect()
}

fn id_token(server: &Server) -> String {
    text(&server.login(WEB, "web"), "id_token").to_owned()
}

fn signer(server: &Server) -> String {
    text(&decoded(&id_token(server)).0, "kid").to_owned()
}

#[test]
fn a_key_is_published_before_it_signs_and_stays_until_the_last_id_token_that_it_signed_has_expired()
{
    let change = NOW_SECONDS + 1000;
    let server = start(&with_keys(vec![
        key("old", json!({ "exp": change })),
        key("new", json!({ "nbf": change })),
    ]));
    assert_eq!(
        (published(&server), signer(&server)),
        (vec!["old".into(), "new".into()], "old".into())
    );

    server.advance(999_999);
    let last = decoded(&id_token(&server));
    assert_eq!(last.0["kid"], "old");
    server.advance(1);
    assert_eq!(signer(&server), "new");

    let expires = last.1["exp"].as_u64().unwrap();
    server.advance((expires - change) * 1000);
    assert_eq!(published(&server), ["old", "new"], "at the moment when the last ID token expires");
    server.advance(1000);
    assert_eq!((published(&server), signer(&server)), (vec!["new".into()], "new".into()));
}

#[test]
fn of_the_keys_that_may_sign_now_the_first_listed_signs() {
    let keys = vec![
        key("retired", json!({ "exp": NOW_SECONDS })),
        key("announced", json!({ "nbf": NOW_SECONDS + 1 })),
        key("first", json!({ "nbf": NOW_SECONDS })),
        key("second", json!({})),
    ];
    let server = start(&with_keys(keys));
    assert_eq!(signer(&server), "first");
    server.advance(1000);
    assert_eq!(signer(&server), "announced");
}

#[test]
fn a_moment_without_a_signing_key_is_told_as_such_and_costs_no_code() {
    let server = start(&with_keys(vec![key("soon", json!({ "nbf": NOW_SECONDS + 10 }))]));
    let code = server.code("web", json!({}));
    let answer = server.redeem(WEB, &code);
    assert_refused(&answer, "INTERNAL_SERVER_ERROR", "server_error", "A001101");
    assert_eq!(
        *server.switches.failures.lock().unwrap(),
        [(PlatformFailure::SigningKey, "authToken")]
    );
    server.advance(10_000);
    ok(server.redeem(WEB, &code));
}

#[test]
fn the_metadata_names_the_algorithms_that_can_be_signed_with_now() {
    let mut ec = ec_jwk();
    ec["exp"] = (NOW_SECONDS + 1).into();
    let server = start(&with_keys(vec![ec, key("rsa", json!({}))]));
    let algorithms = || {
        let metadata: Value = serde_json::from_str(&server.engine.metadata()).unwrap();
        metadata["id_token_signing_alg_values_supported"].clone()
    };
    assert_eq!(algorithms(), json!(["ES256", "RS256"]));
    server.advance(1000);
    assert_eq!(algorithms(), json!(["RS256"]));
}

#[test]
fn the_times_of_a_key_survive_the_way_through_its_jwk_and_are_not_published() {
    let jwk = key("timed", json!({ "nbf": 1, "exp": NOW_SECONDS + 1 }));
    let private = SigningKey::from_jwk(&jwk).unwrap();
    let private = SigningKey::from_jwk(&serde_json::from_str(&private.jwk()).unwrap()).unwrap();
    let public = PublicKey::from_jwk(&private.public().jwk()).unwrap();
    assert!(public == private.public());
    assert_eq!((public.not_before, public.expires), (Some(1), Some(NOW_SECONDS + 1)));

    let server = start(&with_keys(vec![jwk]));
    let config = Config::parse(&with_keys(vec![key("timed", json!({}))]).to_string()).unwrap();
    let platform = || TestHost(server.switches.clone());
    let store = TestStore(server.store.clone(), server.switches.clone());
    let crypto = TestCrypto(ec_key(), server.switches.clone());
    let engine = Engine::new(config, vec![public], store, crypto, platform()).unwrap();
    for jwks in [server.engine.jwks(), engine.jwks()] {
        assert!(
            jwks.contains("\"timed\"") && !jwks.contains("nbf") && !jwks.contains("exp"),
            "{jwks}"
        );
    }
    server.advance(301_000);
    assert_eq!(engine.jwks(), r#"{"keys":[]}"#);
}
