//! Certificates of clients, and calls that show them. `tests/fixtures/certificates/make.mjs` made
//! the certificates.

use super::harness::*;
use serde_json::{Value, json};
use std::sync::LazyLock;

pub static FIXTURES: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../fixtures/certificates/certificates.json")).unwrap()
});

/// A certificate in PEM.
pub fn pem(name: &str) -> &'static str {
    FIXTURES["certificates"][name].as_str().unwrap_or_else(|| panic!("no certificate {name}"))
}

/// What a client with `tls_client_auth` is registered with here.
pub fn named() -> Value {
    json!({ "tls_client_auth_subject_dn": "CN=Client,O=Example,C=DE" })
}

/// The configuration with a client `tls` that has these members, and these of the service.
pub fn config_with(service: Value, client: Value) -> Value {
    let mut config = config();
    merge(&mut config["service"], service);
    let mut tls = json!({
        "client_id": "tls", "authlete_client_id": 1005, "token_endpoint_auth_method": "tls_client_auth",
        "grant_types": ["authorization_code", "refresh_token", "client_credentials", "password"],
        "redirect_uris": [CALLBACK], "id_token_signed_response_alg": "ES256",
    });
    merge(&mut tls, client);
    config["clients"].as_array_mut().unwrap().push(tls);
    config
}

/// An engine that checks certificates up to this root.
pub fn server_trusting(root: &str) -> Server {
    let service =
        json!({ "mutualTlsValidatePkiCertChain": true, "trustedRootCertificates": [root] });
    let server = start(&config_with(service, named()));
    // `openssl` begins the validity of its certificates on the day on which it makes them.
    server.advance(29 * 365 * 24 * 60 * 60 * 1000);
    server
}

pub const CREDENTIALS: &str = "grant_type=client_credentials";
pub const TLS: By = By(None, "client_id=tls");

/// A token request over a connection with this certificate.
pub fn call_with(by: By, parameters: &str, certificate: &str) -> Value {
    let mut call = token_call(by, parameters);
    call["clientCertificate"] = certificate.into();
    call
}

impl Server {
    pub fn with_certificate(&self, by: By, parameters: &str, certificate: &str) -> Value {
        self.api("/auth/token", &call_with(by, parameters, certificate))
    }

    /// A request of the client `tls` for itself, with a path of certificates, its own first.
    pub fn with_path(&self, shown: &[&str]) -> Value {
        let mut call = call_with(TLS, CREDENTIALS, shown[0]);
        call["clientCertificatePath"] = shown[1..].into();
        self.api("/auth/token", &call)
    }
}

/// Asserts that a client is refused like an unknown one, and that the operator learns the reason.
pub fn assert_unauthenticated(answer: &Value, code: &str) {
    assert_refused(answer, "INVALID_CLIENT", "invalid_client", code);
}
