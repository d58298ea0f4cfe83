//! DPoP proofs to be sent: good ones, and ones with a flaw.

use super::assertions::{TOKEN_ENDPOINT, sign};
use super::harness::*;
use super::signatures::*;
use authlete_token::engine::Algorithm;
use p256::ecdsa::signature::digest::Digest;
use rsa::sha2::Sha256;
use serde_json::{Value, json};

/// The thumbprints of the keys that [`Proof::new`] and [`Proof::by_another`] use: computed here
/// from the required members by hand (RFC 7638 §3.1).
pub fn jkt(alg: Algorithm) -> String {
    let jwk = public_jwk(alg);
    let text = match alg {
        Algorithm::EdDSA => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":{}}}"#, jwk["x"]),
        Algorithm::ES256 => {
            format!(r#"{{"crv":"P-256","kty":"EC","x":{},"y":{}}}"#, jwk["x"], jwk["y"])
        }
        _ => panic!("no test asks for it"),
    };
    hash(&text)
}

/// SHA-256 in base64url.
pub fn hash(text: &str) -> String {
    base64url(&Sha256::digest(text.as_bytes()))
}

/// A proof for the token endpoint, made at a moment of the server.
#[derive(Clone)]
pub struct Proof {
    pub alg: Algorithm,
    pub header: Value,
    pub claims: Value,
}

impl Proof {
    pub fn by(alg: Algorithm, server: &Server) -> Self {
        let claims = json!({ "jti": "first", "htm": "POST", "htu": TOKEN_ENDPOINT, "iat": server.now() / 1000 });
        let header = json!({ "typ": "dpop+jwt", "alg": alg.as_str(), "jwk": public_jwk(alg) });
        Proof { alg, header, claims }
    }

    /// Signed with Ed25519, which is the quickest.
    pub fn new(server: &Server) -> Self {
        Proof::by(Algorithm::EdDSA, server)
    }

    /// With another key.
    pub fn by_another(server: &Server) -> Self {
        Proof::by(Algorithm::ES256, server)
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

    pub fn jti(self, jti: &str) -> Self {
        self.claims(json!({ "jti": jti }))
    }

    pub fn signed(&self) -> String {
        sign(self.alg, &self.header.to_string(), &self.claims.to_string())
    }
}

impl Server {
    /// The answer to a token request with this in the header `DPoP`.
    pub fn prove(&self, by: By, parameters: &str, proof: &str) -> Value {
        let mut call = token_call(by, parameters);
        call["dpop"] = proof.into();
        self.api("/auth/token", &call)
    }

    /// The answer to a redeemed code, with a proof.
    pub fn login_with(&self, by: By, code: &str, proof: &Proof) -> Value {
        self.prove(by, &redemption(code), &proof.signed())
    }

    pub fn refresh_with(&self, by: By, token: &str, proof: &Proof) -> Value {
        let parameters = format!("grant_type=refresh_token&refresh_token={token}");
        self.prove(by, &parameters, &proof.signed())
    }
}

pub fn assert_bad_proof(answer: &Value, code: &str) {
    assert_refused(answer, "BAD_REQUEST", "invalid_dpop_proof", code);
}
