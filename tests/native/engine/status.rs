//! Introspection, revocation, keys and metadata.

use super::harness::*;
use serde_json::{Value, json};

#[test]
fn introspection_says_what_an_access_token_is_good_for_until_it_expires() {
    let server = server();
    let login = server.login(WEB, "web");
    let expected = json!({
        "active": true, "scope": "openid orders.read", "client_id": "web", "sub": "user-1", "token_type": "Bearer",
        "iss": "https://as.example.com", "iat": NOW / 1000, "exp": NOW / 1000 + 3600,
    });
    assert_eq!(server.introspect(text(&login, "access_token")), expected);
    assert_eq!(server.introspect("unknown"), json!({ "active": false }));
    assert_eq!(server.introspect(text(&login, "refresh_token")), json!({ "active": false }));
    server.advance(3_600_000);
    assert_eq!(server.introspect(text(&login, "access_token")), json!({ "active": false }));
}

#[test]
fn tokens_of_a_removed_client_are_not_active() {
    let before = server();
    let login = before.login(WEB, "web");
    let mut config = config();
    config["clients"].as_array_mut().unwrap().remove(0);
    assert!(!before.reconfigured(&config).is_active(text(&login, "access_token")));
}

#[test]
fn revoking_either_token_ends_the_whole_grant_and_nothing_else() {
    for name in ["access_token", "refresh_token"] {
        let server = server();
        let (login, other) = (server.login(WEB, "web"), server.login(WEB, "web"));
        let fresh = content(&ok(server.refresh(WEB, text(&login, "refresh_token"))));
        server.engine.revoke(text(&fresh, name)).unwrap();
        assert!(
            !server.is_active(text(&fresh, "access_token"))
                && !server.is_active(text(&login, "access_token"))
        );
        let answer = server.refresh(WEB, text(&fresh, "refresh_token"));
        assert_refused(&answer, "BAD_REQUEST", "invalid_grant", "A053302");
        assert!(server.is_active(text(&other, "access_token")));
    }
}

#[test]
fn revoking_an_unknown_token_is_no_error() {
    server().engine.revoke("unknown").unwrap();
}

#[test]
fn the_published_keys_have_no_private_member() {
    let mut config = config();
    config["jwks"]["keys"] = json!([ec_jwk(), rsa_jwk()]);
    let jwks: Value = serde_json::from_str(&start(&config).engine.jwks()).unwrap();
    let (ec, rsa) = (ec_jwk(), rsa_jwk());
    let expected = json!({ "keys": [
        { "kty": "EC", "kid": "ec-1", "alg": "ES256", "use": "sig", "crv": "P-256", "x": ec["x"], "y": ec["y"] },
        { "kty": "RSA", "kid": "rsa-1", "alg": "RS256", "use": "sig", "n": rsa["n"], "e": "AQAB" },
    ] });
    assert_eq!(jwks, expected);
}

const METHODS: [&str; 5] =
    ["client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none"];
const ASSERTION_ALGORITHMS: [&str; 14] = [
    "ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA",
    "Ed25519", "HS256", "HS384", "HS512",
];

#[test]
fn the_metadata_describes_what_the_engine_does() {
    let metadata: Value = serde_json::from_str(&server().engine.metadata()).unwrap();
    for (name, value) in [
        ("issuer", json!("https://as.example.com")),
        ("token_endpoint", json!("https://as.example.com/token")),
        ("authorization_endpoint", json!("https://as.example.com/authorize")),
        ("jwks_uri", json!("https://as.example.com/jwks")),
        ("userinfo_endpoint", json!("https://as.example.com/userinfo")),
        (
            "grant_types_supported",
            json!(["authorization_code", "refresh_token", "client_credentials", "password"]),
        ),
        ("response_types_supported", json!(["code"])),
        ("subject_types_supported", json!(["public"])),
        ("id_token_signing_alg_values_supported", json!(["ES256"])),
        ("code_challenge_methods_supported", json!(["S256"])),
        ("token_endpoint_auth_methods_supported", json!(METHODS)),
        ("token_endpoint_auth_signing_alg_values_supported", json!(ASSERTION_ALGORITHMS)),
        ("authorization_response_iss_parameter_supported", json!(true)),
        ("introspection_endpoint", json!("https://as.example.com/introspect")),
        ("introspection_endpoint_auth_methods_supported", json!(METHODS[..4])),
        ("introspection_endpoint_auth_signing_alg_values_supported", json!(ASSERTION_ALGORITHMS)),
        ("revocation_endpoint", json!("https://as.example.com/revoke")),
        ("revocation_endpoint_auth_methods_supported", json!(METHODS)),
        ("revocation_endpoint_auth_signing_alg_values_supported", json!(ASSERTION_ALGORITHMS)),
    ] {
        assert_eq!(metadata[name], value, "{name}");
    }
}

#[test]
fn the_endpoints_are_below_an_issuer_with_a_path_whether_or_not_it_ends_in_a_slash() {
    for (issuer, base) in [
        ("https://as.example", "https://as.example"),
        ("https://as.example/", "https://as.example"),
        ("https://as.example/tenant", "https://as.example/tenant"),
        ("https://as.example/tenant/", "https://as.example/tenant"),
        ("http://[::1]:8787/a/b%20c/.well-kept/", "http://[::1]:8787/a/b%20c/.well-kept"),
    ] {
        let mut config = config();
        config["service"]["issuer"] = issuer.into();
        let server = start(&config);
        let metadata: Value = serde_json::from_str(&server.engine.metadata()).unwrap();
        assert_eq!(metadata["issuer"], issuer);
        for (name, path) in [
            ("token_endpoint", "token"),
            ("authorization_endpoint", "authorize"),
            ("jwks_uri", "jwks"),
            ("userinfo_endpoint", "userinfo"),
            ("introspection_endpoint", "introspect"),
            ("revocation_endpoint", "revoke"),
        ] {
            assert_eq!(metadata[name], format!("{base}/{path}"), "{issuer}");
        }
        // Clients compare these with the issuer that they know, byte for byte.
        let login = server.login(WEB, "web");
        assert_eq!(verified(&server, text(&login, "id_token")).1["iss"], issuer);
        assert_eq!(server.introspect(text(&login, "access_token"))["iss"], issuer);
    }
}
