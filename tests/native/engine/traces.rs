//! What a host is told was checked, and in which order: for each grant type, each way to
//! authenticate.

use super::assertions::*;
use super::attestations::{attestation, config_with_attester, proof};
use super::authentication_matrix::{call, clients};
use super::certificates::{self, TLS, pem, server_trusting};
use super::endpoint_requests::MCP;
use super::harness::*;
use super::proofs::*;
use super::traced::assert_checks;
use authlete_token::engine::{Algorithm, Document};
use serde_json::json;

const URL: &str = "https://api.example.com/orders";
const PASSWORD: &str = "grant_type=password&username=alice&password=wonderland";

/// Asserts what was checked in the last call, from the client's authentication on: before it, the
/// call and its parameters.
#[track_caller]
fn assert_token_checks(server: &Server, expected: &[&str]) {
    let before = ["call", "parameters"];
    assert_eq!(server.checks(), [&before, expected].concat());
}

#[test]
fn client_credentials_are_checked_from_the_call_to_the_commit() {
    let server = server();
    ok(server.token(WEB, &format!("{CREDENTIALS}&scope=orders.read")));
    assert_token_checks(
        &server,
        &[
            "client_authentication client_secret_basic",
            "grant_type client_credentials",
            "confidential_client",
            "scope",
            "access_token_issued Bearer",
            "commit insert grant",
        ],
    );
    assert_eq!(server.last_trace().operation, "authToken");
}

#[test]
fn a_code_is_checked_with_all_that_it_is_bound_to_and_so_is_each_refresh() {
    let server = server();
    let more = json!({ "resource": MCP, "dpop_jkt": jkt(Algorithm::EdDSA) });
    let code = server.code("spa", more);
    let issued = [
        "parameters",
        "client",
        "grant_type",
        "subject",
        "resource",
        "scope",
        "redirect_uri",
        "pkce S256",
        "dpop_jkt",
        "commit insert grant",
    ];
    assert_checks(&server, "issueAuthorizationCode", &issued);
    let parameters = format!("{}&resource=https%3A%2F%2Fmcp.example.com%2Fmcp", redemption(&code));
    let tokens = ok(server.prove(SPA, &parameters, &Proof::new(&server).signed()));
    assert_token_checks(
        &server,
        &[
            "client_authentication none",
            "dpop_proof EdDSA",
            "single_use dpop_proof",
            "resource",
            "grant_type authorization_code",
            "authorization_code",
            "sender_binding dpop_key",
            "redirect_uri",
            "pkce S256",
            "granted_resources",
            "access_token_issued DPoP",
            "refresh_token_issued new",
            "id_token_issued ES256",
            "commit insert dpop_proof, replace grant",
        ],
    );
    let proof = Proof::new(&server).jti("2");
    ok(server.refresh_with(SPA, text(&tokens, "refreshToken"), &proof));
    assert_token_checks(
        &server,
        &[
            "client_authentication none",
            "dpop_proof EdDSA",
            "single_use dpop_proof",
            "grant_type refresh_token",
            "refresh_token",
            "sender_binding dpop_key",
            "scope",
            "granted_resources",
            "access_token_issued DPoP",
            "refresh_token_issued replacing",
            "commit insert dpop_proof, replace grant",
        ],
    );
}

#[test]
fn a_refresh_token_that_stays_and_a_code_without_pkce_are_called_so() {
    let mut config = config();
    config["service"]["refreshTokenKept"] = true.into();
    let server = start(&config);
    let bare = json!({ "code_challenge": null, "code_challenge_method": null });
    let redemption = format!("grant_type=authorization_code&code={}", server.code("web", bare));
    let redemption = format!("{redemption}&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcallback");
    let tokens = ok(server.token(WEB, &redemption));
    assert!(server.checks().contains(&"pkce not_used".to_owned()));
    ok(server.refresh(WEB, text(&tokens, "refreshToken")));
    assert!(server.checks().contains(&"refresh_token_issued kept".to_owned()));
}

#[test]
fn the_calls_of_a_password_request_are_checked_one_by_one() {
    let server = server();
    let ticket = |answer: &serde_json::Value| text(answer, "ticket").to_owned();
    let first = ticket(&server.token(WEB, PASSWORD));
    assert_token_checks(
        &server,
        &[
            "client_authentication client_secret_basic",
            "grant_type password",
            "user_credentials",
            "scope",
            "commit insert ticket",
        ],
    );
    let chosen = json!({ "ticket": first, "subject": "user-1", "accessToken": "my-own-token" });
    ok(server.api("/auth/token/issue", &chosen));
    let issued = [
        "call",
        "subject",
        "ticket",
        "chosen_access_token",
        "access_token_issued Bearer",
        "refresh_token_issued new",
        "commit replace ticket, insert chosen_access_token, insert grant",
    ];
    assert_checks(&server, "authTokenIssue", &issued);
    let second = ticket(&server.token(WEB, PASSWORD));
    let reason = "INVALID_RESOURCE_OWNER_CREDENTIALS";
    server.api("/auth/token/fail", &json!({ "ticket": second, "reason": reason }));
    let failed = ["call", "reason", "ticket", "commit replace ticket"];
    assert_checks(&server, "authTokenFail", &failed);
}

#[test]
fn each_method_of_client_authentication_is_named_after_its_own_checks() {
    let server = clients();
    let certificate = ["client_certificate"];
    let assertion = |signature| ["client_assertion", signature, "single_use assertion_id"];
    let (signed, maced) = (
        assertion("client_assertion_signature EdDSA"),
        assertion("client_assertion_signature HS256"),
    );
    let attested = [
        "client_attestation_signature EdDSA",
        "client_attestation",
        "client_attestation_proof",
        "single_use attestation_proof_id",
    ];
    let rows: [(&str, &str, &[&str]); 8] = [
        ("client_secret_basic", "basic", &[]),
        ("client_secret_post", "post", &[]),
        ("client_secret_jwt", "maced", &maced),
        ("private_key_jwt", "signed", &signed),
        ("tls_client_auth", "certificate", &certificate),
        ("self_signed_tls_client_auth", "certificate", &certificate),
        ("attest_jwt_client_auth", "attestation", &attested),
        ("none", "nothing", &[]),
    ];
    for (method, shown, own) in rows {
        server.api("/auth/token", &call(method, shown));
        let method = format!("client_authentication {method}");
        let last = ["grant_type password", "user_credentials", "scope"];
        let expected = [&["call", "parameters"], own, &[&method], &last].concat();
        let checks = server.checks();
        let (commit, before) = checks.split_last().unwrap();
        assert_eq!(before, expected);
        assert!(
            commit.starts_with("commit insert ") && commit.ends_with("insert ticket"),
            "{commit}"
        );
    }
}

#[test]
fn certificates_keys_from_the_network_and_challenges_are_checks_of_their_own() {
    let server = server_trusting(pem("root"));
    ok(server.with_path(&[pem("leaf"), pem("middle")]));
    let of_certificate =
        ["certification_path", "client_certificate", "client_authentication tls_client_auth"];
    assert_eq!(server.checks()[2..5], of_certificate);

    let bound = json!({ "tlsClientCertificateBoundAccessTokens": true });
    let mut client = certificates::named();
    client["tls_client_certificate_bound_access_tokens"] = true.into();
    let server = start(&certificates::config_with(bound, client));
    let answer = ok(server.with_certificate(TLS, CREDENTIALS, pem("leaf")));
    assert!(server.checks().contains(&"certificate_binding".to_owned()));
    let shown = json!({
        "token": text(&answer, "accessToken"), "scheme": "Bearer", "htm": "GET", "htu": URL,
        "clientCertificate": pem("leaf"),
    });
    wait(server.engine.verify_access(&shown.to_string())).unwrap();
    assert!(server.checks().contains(&"sender_binding certificate".to_owned()));

    let uri = "https://client.example/jwks.json";
    let server = start(&config_with_client(json!({ "jwks": null, "jwks_uri": uri })));
    let keys = json!({ "keys": [super::signatures::public_jwk(Assertion::new().alg)] });
    let document = Document { text: keys.to_string(), cache_control: None };
    server.switches.documents.lock().unwrap().insert(uri.to_owned(), document);
    for (jti, keys) in [("1", "client_keys fetched"), ("2", "client_keys stored")] {
        ok(server.assert(&Assertion::new().claims(json!({ "jti": jti })).signed()));
        assert!(server.checks().contains(&keys.to_owned()), "{:?}", server.checks());
    }

    let mut config = config_with_attester();
    config["service"]["challengeEndpoint"] = "https://as.example.com/challenge".into();
    let server = start(&config);
    let asked = server.attest(&attestation(), &proof());
    assert_eq!(server.checks().last().unwrap(), "client_attestation_challenge: A157377");
    let challenge = asked["attestationChallenge"].clone();
    ok(server.attest(&attestation(), &proof().claims(json!({ "challenge": challenge }))));
    assert!(server.checks().contains(&"client_attestation_challenge".to_owned()));
}

#[test]
fn an_id_token_that_is_reissued_and_what_is_checked_for_it() {
    let mut config = config();
    config["service"]["idTokenReissuable"] = true.into();
    let server = start(&config);
    let login = server.login(WEB, "web");
    let tokens = ok(server.refresh(WEB, text(&login, "refresh_token")));
    let (access, refresh) = (&tokens["accessToken"], &tokens["refreshToken"]);
    server.api("/idtoken/reissue", &json!({ "accessToken": access, "refreshToken": refresh }));
    let checks = ["call", "token_family", "id_token_reissue", "id_token_issued ES256"];
    assert_checks(&server, "idtokenReissue", &checks);
}
