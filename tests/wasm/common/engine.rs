//! The embedded engine over the store in memory: one code, redeemed once.

use authlete_token::engine::{
    Algorithm, Boxed, Config, Crypto, Engine, Host, MacAlgorithm, MemoryStore, PublicJwk,
    Unavailable,
};
use authlete_token::http::HttpRequest;
use serde_json::{Value, json};
use std::cell::Cell;
use wasm_bindgen_test::wasm_bindgen_test;

/// A clock that always shows the same moment of the year 2200, and a random source that does not
/// repeat itself.
struct Platform(Cell<u8>);

impl Host for Platform {
    fn now_ms(&self) -> u64 {
        7_258_118_400_000
    }

    fn fill_random(&self, bytes: &mut [u8]) -> Result<(), Unavailable> {
        self.0.set(self.0.get().wrapping_add(1));
        bytes.fill(self.0.get());
        Ok(())
    }
}

/// Nothing is signed or verified here: no scope asks for an ID token, and the client has a secret.
struct NoKeys;

impl Crypto for NoKeys {
    fn sign<'a>(
        &'a self,
        _: Algorithm,
        _: &'a str,
        _: &'a [u8],
    ) -> Boxed<'a, Result<Vec<u8>, Unavailable>> {
        Box::pin(std::future::ready(Err(Unavailable)))
    }

    fn verify<'a>(
        &'a self,
        _: &'a PublicJwk,
        _: Algorithm,
        _: &'a [u8],
        _: &'a [u8],
    ) -> Boxed<'a, Result<bool, Unavailable>> {
        Box::pin(std::future::ready(Err(Unavailable)))
    }

    fn verify_mac<'a>(
        &'a self,
        _: &'a [u8],
        _: MacAlgorithm,
        _: &'a [u8],
        _: &'a [u8],
    ) -> Boxed<'a, Result<bool, Unavailable>> {
        Box::pin(std::future::ready(Err(Unavailable)))
    }
}

fn engine() -> Engine<MemoryStore, NoKeys, Platform> {
    let config = json!({
        "service": { "serviceId": "1", "bearer": "secret", "issuer": "https://as.example.com",
            "supportedGrantTypes": ["AUTHORIZATION_CODE", "CLIENT_CREDENTIALS"], "supportedScopes": ["orders"] },
        "clients": [{ "client_id": "4294967297", "client_secret": "client-secret", "token_endpoint_auth_method": "client_secret_basic",
            "grant_types": ["authorization_code", "client_credentials"], "redirect_uris": ["https://app.example.com/cb"], "scope": "orders" }],
    });
    let config = Config::parse(&config.to_string()).unwrap();
    Engine::new(config, Vec::new(), MemoryStore::new(), NoKeys, Platform(Cell::new(0))).unwrap()
}

async fn token(engine: &Engine<MemoryStore, NoKeys, Platform>, parameters: &str) -> Value {
    let call = json!({ "parameters": parameters, "clientId": "4294967297", "clientSecret": "client-secret" });
    let request = HttpRequest {
        method: "POST".into(),
        url: "https://engine.local/api/1/auth/token".into(),
        headers: vec![
            ("authorization".into(), "Bearer secret".into()),
            ("content-type".into(), "application/json".into()),
        ],
        body: call.to_string().into_bytes(),
    };
    let response = engine.handle(&request).await;
    assert_eq!(response.status, 200);
    serde_json::from_slice(&response.body).unwrap()
}

#[wasm_bindgen_test]
async fn a_client_gets_a_token_with_its_wide_number() {
    let answer = token(&engine(), "grant_type=client_credentials&scope=orders").await;
    assert_eq!(answer["action"], "OK", "{answer}");
    assert_eq!(answer["clientId"].as_u64(), Some(4_294_967_297));
    assert_eq!(answer["accessTokenExpiresAt"].as_u64(), Some(7_258_118_400_000 + 3_600_000));
}

#[wasm_bindgen_test]
async fn a_code_is_good_once() {
    let engine = engine();
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let parameters = json!({ "client_id": "4294967297", "subject": "user-1", "scope": "orders", "redirect_uri": "https://app.example.com/cb",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256" });
    let code = engine.issue_authorization_code(&parameters.to_string()).unwrap();
    let redemption = format!(
        "grant_type=authorization_code&code={code}&code_verifier={verifier}&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcb"
    );
    let first = token(&engine, &redemption).await;
    assert_eq!(first["action"], "OK", "{first}");
    assert_eq!(token(&engine, &redemption).await["action"], "BAD_REQUEST");
}
