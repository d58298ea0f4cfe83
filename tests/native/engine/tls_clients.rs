//! Clients that authenticate with the certificate of their connection (RFC 8705 §2): whose
//! certificate is taken for theirs.

use super::certificates::*;
use super::harness::*;
use serde_json::{Value, json};

fn with_client(client: Value) -> Server {
    start(&config_with(json!({}), client))
}

/// A client with one of the fixtures' keys; `more` changes its JWK.
fn self_signed(key: &str, more: Value) -> Value {
    let mut jwk = FIXTURES["jwks"][key].clone();
    merge(&mut jwk, more);
    json!({ "token_endpoint_auth_method": "self_signed_tls_client_auth", "jwks": { "keys": [jwk] } })
}

#[test]
fn a_client_is_known_by_the_subject_of_its_certificate() {
    for (certificate, name, fits) in [
        ("subject", "CN=Client,O=Example,C=DE", true),
        ("subject", "cn=client, o=EXAMPLE , 2.5.4.6=de", true),
        ("subject", "CN=Cl\\69ent,O=#0c074578616d706c65,C=\\44\\45", true),
        ("subject", "CN=Client,O=#13074578616d706c65,C=DE", true),
        // Another order, other attributes, fewer, more, other types and values.
        ("subject", "C=DE,O=Example,CN=Client", false),
        ("subject", "CN=Client,O=Example", false),
        ("subject", "O=Example,C=DE", false),
        ("subject", "CN=Client,OU=x,O=Example,C=DE", false),
        ("subject", "CN=Client+O=Example,C=DE", false),
        ("subject", "CN=Client,OU=Example,C=DE", false),
        ("subject", "CN=Client2,O=Example,C=DE", false),
        ("subject", "CN=Clien,O=Example,C=DE", false),
        ("subject", "CN=#0406436c69656e74,O=Example,C=DE", false),
        ("several values", "CN=Client+OU=Team,O=Example", true),
        ("several values", "OU=team + CN=client,O=Example", true),
        ("several values", "CN=Client,OU=Team,O=Example", false),
        ("several values", "CN=Client,O=Example", false),
        ("several values", "CN=Client+CN=Client,O=Example", false),
        ("spaces and case", "CN=client,O=example inc", true),
        ("spaces and case", "CN=client,O=example  INC\\20", true),
        ("spaces and case", "CN=client,O=exampleinc", false),
        ("special characters", r#"CN=\#Zoë,O=A\, \"B\" \+ C\; \<D\> = \\ #"#, true),
        (
            "special characters",
            r#"CN=\23Zo\C3\AB,O=A\2C \22B\22 \2B C\3B \3CD\3E \3D \5C \23"#,
            true,
        ),
        ("special characters", r#"CN=\#ZoË,O=A\, \"B\" \+ C\; \<D\> = \\ #"#, false),
        ("e-mail", "emailAddress=A@Example.com", true),
        ("e-mail", "1.2.840.113549.1.9.1=#160d61406578616d706c652e636f6d", true),
        ("e-mail", "CN=a@example.com", false),
        ("no subject", "CN=Client,O=Example,C=DE", false),
    ] {
        let server = with_client(json!({ "tls_client_auth_subject_dn": name }));
        let shown = pem(&format!("named: {certificate}"));
        let answer = server.with_certificate(TLS, CREDENTIALS, shown);
        if fits {
            assert_eq!(ok(answer)["clientAuthMethod"], "TLS_CLIENT_AUTH", "{name}");
        } else {
            assert_eq!(answer["resultCode"], "A157335", "{name}");
            assert_unauthenticated(&answer, "A157335");
        }
    }
}

#[test]
fn a_client_is_known_by_one_alternative_name_of_the_registered_kind() {
    for (member, name, fits) in [
        ("dns", "client.example.COM", true),
        ("dns", "other.example.com", true),
        ("dns", "example.com", false),
        ("dns", "a.wild.example.com", false),
        ("uri", "https://client.example.com/ID", true),
        ("uri", "https://client.example.com/id", false),
        ("uri", "https://client.example.com/", false),
        ("ip", "192.0.2.1", true),
        ("ip", "192.0.2.2", false),
        ("ip", "2001:db8::1", true),
        ("ip", "2001:DB8:0:0:0:0:0:1", true),
        ("ip", "::ffff:192.0.2.1", false),
        ("email", "Client@example.COM", true),
        ("email", "client@example.com", false),
        ("email", "Client@example.org", false),
    ] {
        let server = with_client(json!({ (format!("tls_client_auth_san_{member}")): name }));
        let answer = server.with_certificate(TLS, CREDENTIALS, pem("named: alternative names"));
        assert_eq!(answer["action"] == "OK", fits, "{name}: {answer}");
        if !fits {
            assert_unauthenticated(&answer, "A157335");
        }
        // The subject says the same as the certificate above, and nothing else.
        let answer = server.with_certificate(TLS, CREDENTIALS, pem("named: subject"));
        assert_unauthenticated(&answer, "A157335");
    }
}

#[test]
fn a_self_signed_certificate_is_known_by_its_key_or_where_it_is_registered_by_itself() {
    for key in ["P-256", "P-384", "P-521", "RSA 2048", "Ed25519"] {
        let (own, again) = (format!("self-signed: {key}"), format!("self-signed again: {key}"));
        let by_key = with_client(self_signed(key, json!({ "x5c": null, "use": "sig" })));
        let itself = with_client(self_signed(key, json!({})));
        for server in [&by_key, &itself] {
            let answer = ok(server.with_certificate(TLS, CREDENTIALS, pem(&own)));
            assert_eq!(answer["clientAuthMethod"], "SELF_SIGNED_TLS_CLIENT_AUTH");
        }
        ok(by_key.with_certificate(TLS, CREDENTIALS, pem(&again)));
        let answer = itself.with_certificate(TLS, CREDENTIALS, pem(&again));
        assert_unauthenticated(&answer, "A157336");
        let answer = by_key.with_certificate(TLS, CREDENTIALS, pem("leaf"));
        assert_unauthenticated(&answer, "A157336");
    }
    // Nobody has to vouch for it.
    let mut config = config_with(json!({}), self_signed("P-256", json!({})));
    merge(
        &mut config["service"],
        json!({ "mutualTlsValidatePkiCertChain": true, "trustedRootCertificates": [pem("root")] }),
    );
    let server = start(&config);
    ok(server.with_certificate(TLS, CREDENTIALS, pem("self-signed: P-256")));
}

#[test]
fn a_certificate_must_be_valid_now_whoever_vouches_for_it() {
    let named = with_client(named());
    ok(named.with_certificate(TLS, CREDENTIALS, pem("leaf")));
    let answer = named.with_certificate(TLS, CREDENTIALS, pem("self-signed: expired"));
    assert_unauthenticated(&answer, "A157334");
    let own = with_client(self_signed("P-256", json!({})));
    ok(own.with_certificate(TLS, CREDENTIALS, pem("self-signed: P-256")));
    // 2075-01-01T00:00:00Z is the last second.
    own.advance(3_313_526_400_000 - NOW);
    ok(own.with_certificate(TLS, CREDENTIALS, pem("self-signed: P-256")));
    own.advance(1000);
    let answer = own.with_certificate(TLS, CREDENTIALS, pem("self-signed: P-256"));
    assert_unauthenticated(&answer, "A157334");
}

#[test]
fn a_client_that_needs_a_certificate_gets_in_by_nothing_else() {
    for server in [with_client(named()), with_client(self_signed("P-256", json!({})))] {
        assert_unauthenticated(&server.token(TLS, CREDENTIALS), "A157331");
        let mut only_path = token_call(TLS, CREDENTIALS);
        only_path["clientCertificatePath"] = json!([pem("leaf")]);
        assert_unauthenticated(&server.api("/auth/token", &only_path), "A157331");
        for by in [By(Some(("tls", "x")), ""), By(None, "client_id=tls&client_secret=x")] {
            for certificate in [pem("leaf"), pem("self-signed: P-256")] {
                let answer = server.with_certificate(by, CREDENTIALS, certificate);
                assert_unauthenticated(&answer, "A157395");
            }
        }
    }
}

#[test]
fn an_unknown_client_with_a_certificate_is_told_the_same() {
    let nobody = By(None, "client_id=nobody");
    let server = with_client(named());
    assert_unauthenticated(&server.with_certificate(nobody, CREDENTIALS, pem("leaf")), "A157395");
    assert_unauthenticated(&server.with_certificate(nobody, CREDENTIALS, "x"), "A157332");
    let server = server_trusting(pem("root"));
    assert_unauthenticated(&server.with_certificate(nobody, CREDENTIALS, pem("leaf")), "A157339");
}

/// It may be there for every client of a server (RFC 8705 §3).
#[test]
fn a_certificate_is_no_second_method_beside_another_one() {
    let server = with_client(named());
    let post = By(None, "client_id=post&client_secret=post-secret");
    for (by, method) in [(WEB, "CLIENT_SECRET_BASIC"), (post, "CLIENT_SECRET_POST")] {
        for certificate in [pem("leaf"), "not a certificate"] {
            let answer = ok(server.with_certificate(by, CREDENTIALS, certificate));
            assert_eq!(answer["clientAuthMethod"], method);
        }
    }
    let code = server.code("spa", json!({}));
    ok(server.with_certificate(SPA, &redemption(&code), pem("leaf")));
    let wrong = By(Some(("web", "wrong")), "");
    assert_unauthenticated(&server.with_certificate(wrong, CREDENTIALS, pem("leaf")), "A157395");
}

#[test]
fn a_certificate_works_with_every_grant_type() {
    let server = with_client(named());
    let with = |parameters: &str| server.with_certificate(TLS, parameters, pem("leaf"));
    let tokens = content(&ok(with(&redemption(&server.code("tls", json!({}))))));
    let refresh =
        format!("grant_type=refresh_token&refresh_token={}", text(&tokens, "refresh_token"));
    ok(with(&refresh));
    let password = with("grant_type=password&username=alice&password=wonderland");
    assert_eq!(password["action"], "PASSWORD");
}

/// The rest of what is refused is in the vectors of the configuration.
#[test]
fn a_root_must_be_an_authority_and_a_registered_certificate_that_of_its_key() {
    let error = |service: Value, client: Value| {
        let config = config_with(service, client).to_string();
        let error = authlete_token::engine::Config::parse(&config).err();
        error.map(|error| error.message).unwrap_or_default()
    };
    let x5c = FIXTURES["jwks"]["Ed25519"]["x5c"].clone();
    let problem = error(json!({}), self_signed("P-256", json!({ "x5c": x5c })));
    assert_eq!(problem, "clients[4].jwks.keys[0].x5c[0]: not the certificate of this key");
    for (root, problem) in [
        ("leaf", "not a CA certificate (CA:TRUE, and keyCertSign if it has a key usage)"),
        (
            "root with name constraints",
            "has name constraints or a critical extension that is not supported",
        ),
        ("root with 1024 bits", "has a key of a type or size that is not supported"),
    ] {
        let service = json!({ "trustedRootCertificates": [pem("root"), pem(root)] });
        let message = format!("service.trustedRootCertificates[1]: {problem}");
        assert_eq!(error(service, named()), message);
    }
}

#[test]
fn the_metadata_names_the_methods_with_certificates_where_a_client_has_one() {
    let metadata =
        |server: &Server| -> Value { serde_json::from_str(&server.engine.metadata()).unwrap() };
    let has = |metadata: &Value, endpoint: &str, method: &str| {
        let methods = &metadata[format!("{endpoint}_auth_methods_supported")];
        methods.as_array().unwrap().contains(&json!(method))
    };
    let without = metadata(&server());
    let tls = metadata(&with_client(named()));
    let own = metadata(&with_client(self_signed("P-256", json!({}))));
    for (metadata, expected) in
        [(&without, [false, false]), (&tls, [true, false]), (&own, [false, true])]
    {
        for (method, expected) in
            ["tls_client_auth", "self_signed_tls_client_auth"].iter().zip(expected)
        {
            assert_eq!(has(metadata, "token_endpoint", method), expected);
            assert!(!has(metadata, "introspection_endpoint", method));
            assert!(!has(metadata, "revocation_endpoint", method));
        }
        assert_eq!(metadata["tls_client_certificate_bound_access_tokens"], false);
    }
}
