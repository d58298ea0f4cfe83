//! Client assertions to be sent: good ones, and ones with a flaw.

use super::harness::*;
use super::signatures::*;
use authlete_token::engine::{Algorithm, MacAlgorithm};
use serde_json::{Value, json};

pub const ISSUER: &str = "https://as.example.com";
pub const TOKEN_ENDPOINT: &str = "https://as.example.com/token";
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
pub const CREDENTIALS: &str = "grant_type=client_credentials";

/// The configuration of [`harness`](super::harness), with the client `jwt`, which has a key of each
/// type.
pub fn config_with_keys() -> Value {
    let mut config = config();
    let kids = [
        (Algorithm::ES256, "ec"),
        (Algorithm::ES384, "ec384"),
        (Algorithm::ES512, "ec521"),
        (Algorithm::RS256, "rsa"),
        (Algorithm::EdDSA, "ed"),
    ];
    let keys = kids.map(|(alg, kid)| with(public_jwk(alg), "kid", json!(kid)));
    let client = json!({
        "client_id": "jwt", "authlete_client_id": 1005, "token_endpoint_auth_method": "private_key_jwt",
        "jwks": { "keys": keys }, "grant_types": ["authorization_code", "refresh_token", "client_credentials", "password"],
        "redirect_uris": [CALLBACK], "id_token_signed_response_alg": "ES256",
    });
    config["clients"].as_array_mut().unwrap().push(client);
    config
}

/// The same with other members of the client; `null` removes one.
pub fn config_with_client(more: Value) -> Value {
    let mut config = config_with_keys();
    merge(&mut config["clients"][4], more);
    config
}

/// The same with other members of the service.
pub fn config_with_service(more: Value) -> Value {
    let mut config = config_with_keys();
    merge(&mut config["service"], more);
    config
}

pub fn with(mut object: Value, name: &str, value: Value) -> Value {
    object[name] = value;
    object
}

/// An assertion of the client `jwt` that is good for five minutes from [`NOW`].
pub struct Assertion {
    pub alg: Algorithm,
    pub header: Value,
    pub claims: Value,
}

impl Assertion {
    pub fn by(alg: Algorithm) -> Self {
        let now = NOW / 1000;
        let claims = json!({ "iss": "jwt", "sub": "jwt", "aud": ISSUER, "jti": "first", "iat": now, "exp": now + 300 });
        Assertion { alg, header: json!({ "alg": alg.as_str() }), claims }
    }

    /// Signed with Ed25519, which is the quickest.
    pub fn new() -> Self {
        Assertion::by(Algorithm::EdDSA)
    }

    /// With other claims; `null` removes one.
    pub fn claims(mut self, more: Value) -> Self {
        merge(&mut self.claims, more);
        self
    }

    /// With other header parameters; `null` removes one.
    pub fn header(mut self, more: Value) -> Self {
        merge(&mut self.header, more);
        self
    }

    pub fn signed(&self) -> String {
        sign(self.alg, &self.header.to_string(), &self.claims.to_string())
    }
}

/// A JWS in compact form with a MAC, over the claims of an assertion that is otherwise good.
pub fn maced(alg: MacAlgorithm, secret: &str, claims: &Value) -> String {
    let header = json!({ "alg": alg.as_str() }).to_string();
    let input =
        format!("{}.{}", base64url(header.as_bytes()), base64url(claims.to_string().as_bytes()));
    format!("{input}.{}", base64url(&mac(alg, secret.as_bytes(), input.as_bytes())))
}

/// A JWS in compact form over a header and a payload as they are.
pub fn sign(alg: Algorithm, header: &str, payload: &str) -> String {
    let input = format!("{}.{}", base64url(header.as_bytes()), base64url(payload.as_bytes()));
    let signature = signature(alg, input.as_bytes());
    format!("{input}.{}", base64url(&signature))
}

impl Server {
    /// The token response for client credentials with an assertion.
    pub fn assert(&self, assertion: &str) -> Value {
        self.assert_with(assertion, CREDENTIALS)
    }

    /// The answer to a token request with an assertion.
    pub fn assert_with(&self, assertion: &str, parameters: &str) -> Value {
        self.api("/auth/token", &assertion_call(assertion, parameters))
    }
}

/// The request member of `/auth/token`.
pub fn assertion_call(assertion: &str, parameters: &str) -> Value {
    let encoded = |text: &str| {
        text.replace('%', "%25").replace('+', "%2B").replace('&', "%26").replace(':', "%3A")
    };
    let (assertion, kind) = (encoded(assertion), encoded(JWT_BEARER));
    json!({ "parameters": format!("{parameters}&client_assertion={assertion}&client_assertion_type={kind}") })
}

/// Asserts that an assertion was refused: with this code for the operator, and like every other one
/// for the client.
pub fn assert_not_authenticated(answer: &Value, code: &str) {
    assert_refused(answer, "INVALID_CLIENT", "invalid_client", code);
    for member in ["clientId", "clientIdAlias", "clientAuthMethod"] {
        assert!(answer.get(member).is_none(), "{answer}");
    }
}
