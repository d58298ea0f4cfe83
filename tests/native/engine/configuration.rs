//! The configuration: what is refused, and with which message.

use super::harness::*;
use authlete_token::engine::{Algorithm, Config, Engine, PublicKey, SigningKey};
use serde_json::{Value, json};
use std::sync::Arc;

fn refused(config: &Value) -> String {
    let error =
        Config::parse(&config.to_string()).err().unwrap_or_else(|| panic!("accepted {config}"));
    assert_eq!(error.code.as_str(), "ERR_AUTHLETE_CONFIG");
    error.message
}

/// The configurations with which the JSON Schema of the npm package is tested, too.
fn vectors() -> Value {
    crate::fixtures::all("vectors.engineConfiguration").remove(0).json
}

/// The configuration of a vector: the base with other members in one of its objects.
fn changed(vectors: &Value, vector: &Value) -> Value {
    let mut config = vectors["base"].clone();
    let object = config.pointer_mut(text(vector, "at")).unwrap().as_object_mut().unwrap();
    object.extend(vector["members"].as_object().unwrap().clone());
    config
}

#[test]
fn every_mistake_is_refused_with_its_path_and_without_its_value() {
    let vectors = vectors();
    for vector in vectors["refused"].as_array().unwrap() {
        assert_eq!(refused(&changed(&vectors, vector)), text(vector, "message"), "{vector}");
    }
}

#[test]
fn what_has_no_meaning_or_is_switched_off_or_null_is_accepted() {
    let vectors = vectors();
    for vector in vectors["accepted"].as_array().unwrap() {
        let config = changed(&vectors, vector).to_string();
        assert!(Config::parse(&config).is_ok(), "{vector}: {:?}", Config::parse(&config).err());
    }
}

#[test]
fn a_host_that_url_readers_refuse_or_read_as_another_one_is_refused() {
    let vectors = crate::fixtures::all("vectors.url").remove(0).json;
    for vector in vectors["vectors"].as_array().unwrap() {
        let mut config = config();
        config["service"]["issuer"] = vector["url"].clone();
        assert_eq!(
            Config::parse(&config.to_string()).is_ok(),
            vector["accepted"] == true,
            "{vector}"
        );
    }
}

#[test]
fn a_url_of_the_service_that_others_would_read_differently_is_refused_with_the_reason() {
    for (url, problem) in [
        ("", "empty"),
        ("as.example.com", "not a URL"),
        ("/tenant", "not a URL"),
        ("https://as.example.com/a b", "not a URL"),
        ("https://as.example.com/%zz", "not a URL"),
        ("https://as.example.com\\@evil.example", "not a URL"),
        ("https://bücher.example", "not a URL"),
        ("https://[::1", "not a URL"),
        ("https://as.example.com:80a", "not a URL"),
        ("file:///x", "expected an http or https URL"),
        ("HTTPS://as.example.com", "expected an http or https URL"),
        ("urn:as", "expected an http or https URL"),
        ("https:as.example.com", "has no host"),
        ("https:/as.example.com", "has no host"),
        ("https://", "has no host"),
        ("https:///tenant", "has no host"),
        ("https://:8787", "has no host"),
        ("https://?x", "has no host"),
        ("https://user@as.example.com", "has user information"),
        ("https://user:password@as.example.com/tenant", "has user information"),
        ("https://@as.example.com", "has user information"),
        ("https://as.example.com:65536", "has a port that is too large"),
        ("https://as.example.com/a/../b", "has dot segments"),
        ("https://as.example.com/./tenant", "has dot segments"),
        ("https://as.example.com/tenant/..", "has dot segments"),
        ("https://as.example.com/tenant/%2E%2e", "has dot segments"),
        ("https://as.example.com/.%2E/tenant", "has dot segments"),
        ("https://as.example.com/#f", "has a fragment"),
        ("https://as.example.com#", "has a fragment"),
    ] {
        for name in
            ["issuer", "tokenEndpoint", "authorizationEndpoint", "jwksUri", "userInfoEndpoint"]
        {
            let mut config = config();
            config["service"][name] = url.into();
            assert_eq!(refused(&config), format!("service.{name}: {problem}"), "{url}");
        }
    }
    // An endpoint may have a query (RFC 6749 §3.1); an issuer may not (RFC 8414 §2).
    let mut config = config();
    config["service"]["tokenEndpoint"] = "https://as.example.com/token?tenant=1".into();
    start(&config);
    config["service"]["issuer"] = "https://as.example.com?tenant=1".into();
    assert_eq!(refused(&config), "service.issuer: has a query");
}

#[test]
fn mistakes_of_the_whole_document_are_refused_too() {
    let mut long = config();
    long["x".repeat(10_000)] = 1.into();
    assert_eq!(refused(&long), format!("{}: unknown", "x".repeat(64)));
    assert_eq!(refused(&json!([])), "the configuration: expected an object");
    assert_eq!(refused(&json!({ "clients": [] })), "service: missing");
    let error = Config::parse("{\"service\": s3cret}").err().unwrap();
    assert_eq!(error.message, "the configuration is not JSON: line 1, column 13");
}

#[test]
fn a_service_that_names_no_scopes_supports_those_of_its_clients() {
    let mut config = config();
    config["service"].as_object_mut().unwrap().remove("supportedScopes");
    ok(start(&config).token(WEB, "grant_type=client_credentials&scope=orders.read"));
}

#[test]
fn a_client_with_a_grant_type_that_the_service_does_not_have_is_refused_and_both_places_are_named()
{
    let mut by_default = config();
    by_default["service"].as_object_mut().unwrap().remove("supportedGrantTypes");
    let message =
        "clients[0].grant_types[3]: service.supportedGrantTypes has no PASSWORD by default";
    assert_eq!(refused(&by_default), message);

    let mut named = config();
    named["service"]["supportedGrantTypes"] =
        json!(["AUTHORIZATION_CODE", "CLIENT_CREDENTIALS", "PASSWORD"]);
    named["clients"][0]["grant_types"] = json!(["authorization_code"]);
    assert_eq!(
        refused(&named),
        "clients[1].grant_types[1]: service.supportedGrantTypes has no REFRESH_TOKEN"
    );

    let mut defaulted = config();
    defaulted["service"]["supportedGrantTypes"] = json!(["CLIENT_CREDENTIALS"]);
    defaulted["clients"] =
        json!([{ "client_id": "app", "client_secret": "s", "redirect_uris": [CALLBACK] }]);
    let lacking = "service.supportedGrantTypes has no AUTHORIZATION_CODE";
    let message = format!(
        "clients[0].grant_types: missing; the default is authorization_code, and {lacking}"
    );
    assert_eq!(refused(&defaulted), message);
}

#[test]
fn an_algorithm_without_a_key_is_refused_at_creation() {
    let mut config = config();
    config["clients"][1].as_object_mut().unwrap().remove("id_token_signed_response_alg");
    let message = "clients[1].id_token_signed_response_alg: no signing key for this algorithm (the default is RS256)";
    assert_eq!(refused(&config), message);
    config.as_object_mut().unwrap().remove("jwks");
    let parsed = Config::parse(&config.to_string()).unwrap();
    assert_eq!(parsed.missing_algorithms(), [Algorithm::ES256, Algorithm::RS256]);
    let server = server();
    let store = TestStore(server.store.clone(), server.switches.clone());
    let keys = vec![SigningKey::from_jwk(&ec_jwk()).unwrap().public()];
    let signer = TestCrypto(ec_key(), Arc::default());
    let engine = Engine::new(parsed, keys, store, signer, TestHost(Arc::clone(&server.switches)));
    assert_eq!(engine.err().unwrap().message, message);
}

#[test]
fn a_service_without_openid_needs_no_key() {
    let mut config = config();
    config.as_object_mut().unwrap().remove("jwks");
    config["service"]["supportedScopes"] = json!(["profile", "orders.read"]);
    for client in config["clients"].as_array_mut().unwrap() {
        client["scope"] = "profile orders.read".into();
    }
    assert_eq!(Config::parse(&config.to_string()).unwrap().missing_algorithms(), []);
    start(&config);
}

#[test]
fn a_signing_key_survives_a_round_trip_through_its_jwk_and_shows_nothing_in_debugging_output() {
    let key = SigningKey::from_jwk(&ec_jwk()).unwrap();
    let text: Value = serde_json::from_str(&key.jwk()).unwrap();
    assert_eq!(text, ec_jwk());
    let public: PublicKey = SigningKey::from_jwk(&text).unwrap().public();
    assert!(public == key.public());
    assert_eq!(format!("{key:?} {public:?}"), "SigningKey(ES256) PublicKey(ES256 ec-1)");
}
