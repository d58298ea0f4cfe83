//! Signatures by the host's own WebCrypto, as the engine's artefact makes and checks them.

#[path = "../../../src/wasm/engine/webcrypto.rs"]
#[allow(dead_code)]
mod webcrypto;

use authlete_token::engine::{Algorithm, SigningKey};
use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;
use webcrypto::{generate, import_private, sign, verify};

const INPUT: &[u8] = b"eyJhbGciOiJub25lIn0.e30";

/// Keys and signatures that OpenSSL made, for tests only.
fn vectors() -> Vec<Value> {
    serde_json::from_str(include_str!("signatures.json")).unwrap()
}

/// A private JWK as a configuration may hold it.
fn configured(alg: &str) -> Value {
    vectors().iter().find(|vector| vector["alg"] == alg).unwrap()["private"].clone()
}

/// The public JWK of a private one.
fn published(private: &Value) -> Value {
    let mut private = private.clone();
    private["kid"] = "k".into();
    SigningKey::from_jwk(&private).unwrap().public().jwk()
}

async fn is_signed(alg: &str, jwk: &Value, signature: &[u8]) -> bool {
    verify(Algorithm::parse(alg).unwrap(), &jwk.to_string(), INPUT, signature).await.unwrap()
}

async fn proves_itself(alg: &str, private: &Value) {
    let algorithm = Algorithm::parse(alg).unwrap();
    let key = import_private(algorithm, &private.to_string()).await.unwrap();
    let mut signature = sign(algorithm, &key, INPUT).await.unwrap();
    let public = published(private);
    assert!(is_signed(alg, &public, &signature).await, "{alg}: verified by the published key");
    signature[7] ^= 1;
    assert!(!is_signed(alg, &public, &signature).await, "{alg}: a changed signature");
    assert!(!is_signed(alg, &public, &[]).await, "{alg}: no signature");
}

#[wasm_bindgen_test]
async fn what_a_configured_key_signs_is_verified_by_its_published_key() {
    for alg in ["ES256", "RS256"] {
        proves_itself(alg, &configured(alg)).await;
    }
}

#[wasm_bindgen_test]
async fn what_a_generated_key_signs_is_verified_by_its_published_key_and_no_other() {
    for alg in ["ES256", "RS256"] {
        let mut private: Value =
            serde_json::from_str(&generate(Algorithm::parse(alg).unwrap()).await.unwrap()).unwrap();
        private["alg"] = alg.into();
        proves_itself(alg, &private).await;
        let algorithm = Algorithm::parse(alg).unwrap();
        let key = import_private(algorithm, &private.to_string()).await.unwrap();
        let signature = sign(algorithm, &key, INPUT).await.unwrap();
        assert!(
            !is_signed(alg, &published(&configured(alg)), &signature).await,
            "{alg}: another key"
        );
    }
}

#[wasm_bindgen_test]
async fn signatures_that_other_software_made_are_verified_by_every_algorithm() {
    let mut verified = Vec::new();
    for vector in vectors() {
        let alg = vector["alg"].as_str().unwrap().to_owned();
        let mut signature =
            Base64UrlUnpadded::decode_vec(vector["signature"].as_str().unwrap()).unwrap();
        let algorithm = Algorithm::parse(&alg).unwrap();
        let jwk = vector["jwk"].to_string();
        let input = vector["input"].as_str().unwrap().as_bytes();
        match verify(algorithm, &jwk, input, &signature).await {
            Ok(valid) => assert!(valid, "{alg}"),
            // Browsers before 2025.
            Err(thrown) => {
                assert_eq!(
                    (alg.as_str(), name(&thrown).as_deref()),
                    ("EdDSA", Some("NotSupportedError"))
                );
                continue;
            }
        }
        signature[0] ^= 1;
        assert_eq!(
            verify(algorithm, &jwk, input, &signature).await.ok(),
            Some(false),
            "{alg}: a changed signature"
        );
        verified.push(alg);
    }
    assert!(verified.starts_with(&["ES256", "RS256", "PS256"].map(String::from)), "{verified:?}");
}

fn name(thrown: &wasm_bindgen::JsValue) -> Option<String> {
    js_sys::Reflect::get(thrown, &"name".into()).ok()?.as_string()
}

#[wasm_bindgen_test]
async fn a_key_that_is_none_proves_nothing_and_is_no_error() {
    let bytes = |length: usize, first: u8, last: u8| {
        let mut number = vec![0x5a; length];
        (number[0], number[length - 1]) = (first, last);
        Value::from(Base64UrlUnpadded::encode_string(&number))
    };
    let with = |jwk: &Value, name: &str, value: Value| {
        let mut jwk = jwk.clone();
        jwk[name] = value;
        jwk
    };
    let (ec, rsa) = (published(&configured("ES256")), published(&configured("RS256")));
    // Only keys whose fault needs arithmetic to see: others are refused before they get here.
    let cases = [
        ("ES256", with(&ec, "y", bytes(32, 1, 1)), "a point that is not on the curve"),
        ("RS256", with(&rsa, "n", bytes(256, 0xc0, 0)), "an even modulus"),
        (
            "PS256",
            with(&with(&rsa, "alg", "PS256".into()), "n", bytes(256, 0xc0, 0)),
            "an even modulus",
        ),
    ];
    for (alg, jwk, what) in cases {
        for length in [0, 64, 256] {
            let verdict =
                verify(Algorithm::parse(alg).unwrap(), &jwk.to_string(), INPUT, &vec![1; length])
                    .await;
            let verdict = verdict.map_err(|thrown| name(&thrown));
            assert_eq!(verdict, Ok(false), "{alg}, {what}");
        }
    }
}
