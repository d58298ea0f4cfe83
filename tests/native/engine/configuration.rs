//! The configuration: what is refused, and how the refusal reads.

use super::harness::*;
use authlete_token::engine::{Algorithm, Config, Engine, PublicKey, SigningKey};
use serde_json::{Value, json};
use std::sync::Arc;

fn refused(config: &Value) -> String {
    let error = Config::parse(&config.to_string()).err().unwrap_or_else(|| panic!("accepted {config}"));
    assert_eq!(error.code.as_str(), "ERR_AUTHLETE_CONFIG");
    error.message
}

#[test]
fn every_mistake_is_refused_with_its_path_and_without_its_value() {
    let web = |more: Value| {
        let mut config = config();
        merge(&mut config["clients"][0], more);
        config
    };
    let service = |more: Value| {
        let mut config = config();
        merge(&mut config["service"], more);
        config
    };
    let key = |more: Value| {
        let mut config = config();
        merge(&mut config["jwks"]["keys"][0], more);
        config
    };
    for (config, message) in [
        (web(json!({ "client_id": "" })), "clients[0].client_id: empty"),
        (web(json!({ "client_id": null })), "clients[0].client_id: missing"),
        (web(json!({ "client_id": "ü" })), "clients[0].client_id: has characters that RFC 6749 does not allow"),
        (web(json!({ "client_secret": "" })), "clients[0].client_secret: empty"),
        (
            web(json!({ "client_secret": null })),
            "clients[0].client_secret: missing for this token_endpoint_auth_method",
        ),
        (web(json!({ "client_secret": 7 })), "clients[0].client_secret: expected a string"),
        (
            web(json!({ "token_endpoint_auth_method": "none" })),
            "clients[0].client_secret: a public client (token_endpoint_auth_method none) has none",
        ),
        (
            web(json!({ "token_endpoint_auth_method": "client_secret_jwt" })),
            "clients[0].token_endpoint_auth_method: not supported",
        ),
        (web(json!({ "grant_types": ["authorization_code", "implicit"] })), "clients[0].grant_types[1]: not supported"),
        (web(json!({ "grant_types": "password" })), "clients[0].grant_types: expected an array"),
        (
            web(json!({ "redirect_uris": [] })),
            "clients[0].redirect_uris: missing for the authorization_code grant type",
        ),
        (web(json!({ "redirect_uris": ["/callback"] })), "clients[0].redirect_uris[0]: not an absolute URI"),
        (web(json!({ "redirect_uris": [CALLBACK, "https://a/#f"] })), "clients[0].redirect_uris[1]: has a fragment"),
        (
            web(json!({ "redirect_uris": ["javascript:alert(1)"] })),
            "clients[0].redirect_uris[0]: has a scheme that can't be redirected to",
        ),
        (
            web(json!({ "redirect_uris": ["https://user@a/"] })),
            "clients[0].redirect_uris[0]: has no host, or user information",
        ),
        (
            web(json!({ "redirect_uris": ["https:/a"] })),
            "clients[0].redirect_uris[0]: has no host, or user information",
        ),
        (
            web(json!({ "redirect_uris": ["https://a/ b"] })),
            "clients[0].redirect_uris[0]: has characters that a URI can't have",
        ),
        (web(json!({ "scope": "a\"" })), "clients[0].scope: not a list of scope tokens"),
        (web(json!({ "scope": "email" })), "clients[0].scope: has a scope that service.supportedScopes has not"),
        (
            web(json!({ "id_token_signed_response_alg": "none" })),
            "clients[0].id_token_signed_response_alg: not supported",
        ),
        (web(json!({ "dpop_bound_access_tokens": true })), "clients[0].dpop_bound_access_tokens: not supported"),
        (
            web(json!({ "tls_client_certificate_bound_access_tokens": true })),
            "clients[0].tls_client_certificate_bound_access_tokens: not supported",
        ),
        (web(json!({ "subject_type": "pairwise" })), "clients[0].subject_type: not supported"),
        (web(json!({ "client_secret_expires_at": 1 })), "clients[0].client_secret_expires_at: not supported"),
        (web(json!({ "authlete_client_id": 0 })), "clients[0].authlete_client_id: expected a positive integer"),
        (web(json!({ "sector_identifier_uri": "https://a/s" })), "clients[0].sector_identifier_uri: not supported"),
        (web(json!({ "clientName": "x" })), "clients[0].clientName: unknown (did you mean client_name?)"),
        (web(json!({ "secret": "x" })), "clients[0].secret: unknown (did you mean client_secret?)"),
        // A misspelt member is told, and not that the right one is missing.
        (
            web(json!({ "client_id": null, "clientId": "web" })),
            "clients[0].clientId: unknown (did you mean client_id?)",
        ),
        (
            web(json!({ "redirect_uris": null, "redirect_uri": CALLBACK })),
            "clients[0].redirect_uri: unknown (did you mean redirect_uris?)",
        ),
        (web(json!({ "tenant": "x" })), "clients[0].tenant: unknown"),
        (web(json!({ "client_id#de": "web" })), "clients[0].client_id#de: unknown (did you mean client_id?)"),
        (web(json!({ "client_id": "7" })), "clients[0].authlete_client_id: differs from the decimal client_id"),
        (web(json!({ "client_id": "spa" })), "clients[2].client_id: another client has the same"),
        (web(json!({ "authlete_client_id": 1003 })), "clients[2].authlete_client_id: another client has the same"),
        (web(json!({ "authlete_client_id": 2004 })), "clients[3].client_id: another client has the same"),
        (service(json!({ "serviceId": null })), "service.serviceId: missing"),
        (service(json!({ "serviceId": "a/b" })), "service.serviceId: not a single path segment"),
        (service(json!({ "serviceId": ".." })), "service.serviceId: not a single path segment"),
        (service(json!({ "bearer": "" })), "service.bearer: empty"),
        (service(json!({ "bearer": "a\r\nb" })), "service.bearer: has characters that a header can't carry"),
        (service(json!({ "issuer": null })), "service.issuer: missing"),
        (service(json!({ "issuer": "as.example.com" })), "service.issuer: not a URL"),
        (service(json!({ "issuer": "https://a/?b" })), "service.issuer: has a query"),
        (service(json!({ "jwksUri": "file:///x" })), "service.jwksUri: expected an http or https URL"),
        (
            service(json!({ "accessTokenDuration": 0 })),
            "service.accessTokenDuration: expected a positive number of seconds",
        ),
        (service(json!({ "idTokenDuration": 1.5 })), "service.idTokenDuration: expected a positive number of seconds"),
        (service(json!({ "refreshTokenKept": "yes" })), "service.refreshTokenKept: expected true or false"),
        (service(json!({ "supportedGrantTypes": ["CIBA"] })), "service.supportedGrantTypes[0]: not supported"),
        (service(json!({ "supportedScopes": ["a b"] })), "service.supportedScopes[0]: not a scope token"),
        (service(json!({ "dpopNonceRequired": true })), "service.dpopNonceRequired: not supported"),
        (service(json!({ "refreshTokenIdempotent": true })), "service.refreshTokenIdempotent: unknown"),
        (
            service(json!({ "access_token_duration": 60 })),
            "service.access_token_duration: unknown (did you mean accessTokenDuration?)",
        ),
        (service(json!({ "bearer": "Bearer x" })), "service.bearer: begins with `Bearer `; give the token alone"),
        (service(json!({ "bearer": "bearer x" })), "service.bearer: begins with `Bearer `; give the token alone"),
        (key(json!({ "kid": null })), "jwks.keys[0].kid: missing"),
        (key(json!({ "alg": "PS256" })), "jwks.keys[0].alg: not supported"),
        (key(json!({ "alg": "RS256" })), "jwks.keys[0].kty: does not fit alg"),
        (key(json!({ "crv": "P-384" })), "jwks.keys[0].crv: not supported"),
        (key(json!({ "d": null })), "jwks.keys[0].d: missing"),
        (key(json!({ "d": "AQAB" })), "jwks.keys[0].d: expected 32 bytes"),
        (key(json!({ "x": "*" })), "jwks.keys[0].x: expected base64url"),
        (key(json!({ "use": "enc" })), "jwks.keys[0].use: not a signing key"),
    ] {
        assert_eq!(refused(&config), message);
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
        for name in ["issuer", "tokenEndpoint", "authorizationEndpoint", "jwksUri", "userInfoEndpoint"] {
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
    let mut unknown = config();
    unknown["cleints"] = json!([]);
    assert_eq!(refused(&unknown), "cleints: unknown (did you mean clients?)");
    let mut keys = config();
    keys["jwks"] = json!({ "key": [] });
    assert_eq!(refused(&keys), "jwks.key: unknown (did you mean keys?)");
    let mut long = config();
    long["x".repeat(10_000)] = 1.into();
    assert_eq!(refused(&long), format!("{}: unknown", "x".repeat(64)));
    assert_eq!(refused(&json!([])), "the configuration: expected an object");
    assert_eq!(refused(&json!({ "clients": [] })), "service: missing");
    let error = Config::parse("{\"service\": s3cret}").err().unwrap();
    assert_eq!(error.message, "the configuration is not JSON: line 1, column 13");
}

#[test]
fn short_rsa_keys_and_two_keys_with_one_kid_are_refused() {
    let mut short = rsa_jwk();
    short["n"] = ec_jwk()["x"].clone();
    let mut config = config();
    config["jwks"]["keys"] = json!([ec_jwk(), short]);
    assert_eq!(refused(&config), "jwks.keys[1].n: expected 2048 to 8192 bits");
    config["jwks"]["keys"] = json!([ec_jwk(), ec_jwk()]);
    assert_eq!(refused(&config), "jwks.keys[1].kid: another key has the same");
}

#[test]
fn metadata_without_meaning_here_and_switched_off_features_are_accepted() {
    let mut config = config();
    merge(
        &mut config["clients"][0],
        json!({
            "client_name": "Web", "client_name#de": "Netz", "tos_uri#ja-Kana-JP": "https://a/t", "sector_identifier_uri": null, "logo_uri": "https://a/l.png", "contacts": ["a@b"],
            "response_types": ["code"], "application_type": "web", "jwks": { "keys": [] }, "default_max_age": 5,
            "dpop_bound_access_tokens": false, "subject_type": "public", "client_secret_expires_at": 0,
        }),
    );
    merge(&mut config["service"], json!({ "dpopNonceRequired": false }));
    start(&config);
}

#[test]
fn a_service_that_names_no_scopes_supports_those_of_its_clients() {
    let mut config = config();
    config["service"].as_object_mut().unwrap().remove("supportedScopes");
    ok(start(&config).token(WEB, "grant_type=client_credentials&scope=orders.read"));
}

#[test]
fn a_client_with_a_grant_type_that_the_service_has_not_is_refused_and_both_places_are_named() {
    let mut by_default = config();
    by_default["service"].as_object_mut().unwrap().remove("supportedGrantTypes");
    let message = "clients[0].grant_types[3]: service.supportedGrantTypes has no PASSWORD by default";
    assert_eq!(refused(&by_default), message);

    let mut named = config();
    named["service"]["supportedGrantTypes"] = json!(["AUTHORIZATION_CODE", "CLIENT_CREDENTIALS", "PASSWORD"]);
    named["clients"][0]["grant_types"] = json!(["authorization_code"]);
    assert_eq!(refused(&named), "clients[1].grant_types[1]: service.supportedGrantTypes has no REFRESH_TOKEN");

    let mut defaulted = config();
    defaulted["service"]["supportedGrantTypes"] = json!(["CLIENT_CREDENTIALS"]);
    defaulted["clients"] = json!([{ "client_id": "app", "client_secret": "s", "redirect_uris": [CALLBACK] }]);
    let lacking = "service.supportedGrantTypes has no AUTHORIZATION_CODE";
    let message = format!("clients[0].grant_types: missing; the default is authorization_code, and {lacking}");
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
