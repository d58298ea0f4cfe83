//! Tokens that are bound to the certificate of their client (RFC 8705 §3, §4).

use super::certificates::*;
use super::harness::*;
use super::proofs::{Proof, jkt};
use authlete_token::engine::Algorithm;
use serde_json::{Value, json};

/// An engine whose clients `web`, `spa` and `tls` have bound tokens.
fn server() -> Server {
    start(&bound(named()))
}

fn bound(tls: Value) -> Value {
    let mut config = config_with(json!({ "tlsClientCertificateBoundAccessTokens": true }), tls);
    for i in [0, 2, 4] {
        config["clients"][i]["tls_client_certificate_bound_access_tokens"] = true.into();
    }
    config
}

/// RFC 8705 §3.1: SHA-256 of the DER in base64url.
fn thumbprint(pem: &str) -> String {
    use base64ct::{Base64, Base64UrlUnpadded, Encoding};
    use rsa::sha2::{Digest, Sha256};
    let lines: Vec<_> = pem.lines().filter(|line| !line.starts_with('-')).collect();
    Base64UrlUnpadded::encode_string(&Sha256::digest(Base64::decode_vec(&lines.concat()).unwrap()))
}

fn confirmation(server: &Server, answer: &Value) -> Value {
    let introspection = server.introspect(text(answer, "accessToken"));
    assert_eq!(introspection["active"], true);
    assert_eq!(introspection["token_type"], "Bearer");
    introspection["cnf"].clone()
}

#[test]
fn a_token_of_every_grant_type_is_bound_to_the_certificate_of_its_request() {
    let server = server();
    let expected = |name: &str| json!({ "x5t#S256": thumbprint(pem(name)) });
    for (by, client) in [(WEB, "web"), (SPA, "spa"), (TLS, "tls")] {
        let login = redemption(&server.code(client, json!({})));
        let answer = ok(server.with_certificate(by, &login, pem("leaf")));
        assert_eq!(content(&answer)["token_type"], "Bearer");
        assert_eq!(confirmation(&server, &answer), expected("leaf"));
        let refresh = refresh_of(&answer);
        let answer = ok(server.with_certificate(by, &refresh, pem("leaf")));
        assert_eq!(confirmation(&server, &answer), expected("leaf"));
        let password = "grant_type=password&username=alice&password=wonderland";
        let asked = server.with_certificate(by, password, pem("leaf"));
        let issued = json!({ "ticket": text(&asked, "ticket"), "subject": "user-1" });
        let answer = ok(server.api("/auth/token/issue", &issued));
        assert_eq!(confirmation(&server, &answer), expected("leaf"));
    }
    let answer = ok(server.with_certificate(WEB, CREDENTIALS, pem("self-signed: P-256")));
    assert_eq!(confirmation(&server, &answer), expected("self-signed: P-256"));
}

#[test]
fn a_client_whose_tokens_are_bound_gets_none_without_a_certificate_and_nothing_is_spent() {
    let server = server();
    let code = server.code("web", json!({}));
    for parameters in [CREDENTIALS, &redemption(&code), "grant_type=password&username=a&password=b"]
    {
        let answer = server.token(WEB, parameters);
        assert_refused(&answer, "BAD_REQUEST", "invalid_request", "A157346");
        let answer = server.with_certificate(WEB, parameters, "not a certificate");
        assert_refused(&answer, "BAD_REQUEST", "invalid_request", "A157347");
    }
    let answer = ok(server.with_certificate(WEB, &redemption(&code), pem("leaf")));
    let refresh = refresh_of(&answer);
    assert_refused(&server.token(WEB, &refresh), "BAD_REQUEST", "invalid_request", "A157346");
    ok(server.with_certificate(WEB, &refresh, pem("leaf")));
}

#[test]
fn a_refresh_token_of_a_public_client_is_good_with_its_certificate_only_and_outlives_other_tries() {
    let server = server();
    let login = redemption(&server.code("spa", json!({})));
    let answer = ok(server.with_certificate(SPA, &login, pem("leaf")));
    let refresh = refresh_of(&answer);
    let other = server.with_certificate(SPA, &refresh, pem("middle"));
    for refused in [other, server.token(SPA, &refresh)] {
        assert_refused(&refused, "BAD_REQUEST", "invalid_grant", "A053394");
    }
    let answer = ok(server.with_certificate(SPA, &refresh, pem("leaf")));
    let refresh = refresh_of(&answer);
    let other = server.with_certificate(SPA, &refresh, pem("middle"));
    assert_refused(&other, "BAD_REQUEST", "invalid_grant", "A053394");
}

/// RFC 8705 §7.1: it authenticates itself, and certificates are replaced now and then.
#[test]
fn a_confidential_client_may_refresh_with_another_certificate() {
    let server = server();
    let login = redemption(&server.code("web", json!({})));
    let answer = ok(server.with_certificate(WEB, &login, pem("leaf")));
    let refresh = refresh_of(&answer);
    let answer = ok(server.with_certificate(WEB, &refresh, pem("middle")));
    let bound = json!({ "x5t#S256": thumbprint(pem("middle")) });
    assert_eq!(confirmation(&server, &answer), bound);
}

#[test]
fn without_both_switches_a_certificate_binds_nothing() {
    let service_only = json!({ "tlsClientCertificateBoundAccessTokens": true });
    for service in [json!({}), service_only] {
        let server = start(&config_with(service, named()));
        for by in [WEB, TLS] {
            let answer = ok(server.with_certificate(by, CREDENTIALS, pem("leaf")));
            assert_eq!(confirmation(&server, &answer), Value::Null);
        }
        ok(server.token(WEB, CREDENTIALS));
    }
    let metadata: Value = serde_json::from_str(&server().engine.metadata()).unwrap();
    assert_eq!(metadata["tls_client_certificate_bound_access_tokens"], true);
}

#[test]
fn a_token_can_be_bound_to_a_certificate_and_to_a_key_and_a_refresh_token_of_a_public_client_too() {
    let server = server();
    let call = |parameters: &str, certificate: Option<&str>, proof: Option<&Proof>| {
        let mut call = token_call(SPA, parameters);
        if let Some(certificate) = certificate {
            call["clientCertificate"] = certificate.into();
        }
        if let Some(proof) = proof {
            call["dpop"] = proof.signed().into();
        }
        server.api("/auth/token", &call)
    };
    let leaf = Some(pem("leaf"));
    let proof = |jti: &str| Proof::new(&server).jti(jti);
    let login = redemption(&server.code("spa", json!({})));
    let answer = ok(call(&login, leaf, Some(&proof("1"))));
    assert_eq!(content(&answer)["token_type"], "DPoP");
    let introspection = server.introspect(text(&answer, "accessToken"));
    let both = json!({ "jkt": jkt(Algorithm::EdDSA), "x5t#S256": thumbprint(pem("leaf")) });
    assert_eq!(introspection["cnf"], both);
    let refresh = refresh_of(&answer);
    for (certificate, proof) in
        [(leaf, None), (None, Some(proof("2"))), (Some(pem("middle")), Some(proof("3")))]
    {
        let refused = call(&refresh, certificate, proof.as_ref());
        assert_refused(&refused, "BAD_REQUEST", "invalid_grant", "A053394");
    }
    ok(call(&refresh, leaf, Some(&proof("4"))));
}

#[test]
fn a_malformed_certificate_does_not_use_up_the_proof_beside_it() {
    let server = server();
    let mut call = call_with(WEB, CREDENTIALS, "not a certificate");
    call["dpop"] = Proof::new(&server).signed().into();
    let answer = server.api("/auth/token", &call);
    assert_refused(&answer, "BAD_REQUEST", "invalid_request", "A157347");
    call["clientCertificate"] = pem("leaf").into();
    ok(server.api("/auth/token", &call));
}

fn refresh_of(answer: &Value) -> String {
    format!("grant_type=refresh_token&refresh_token={}", text(answer, "refreshToken"))
}
