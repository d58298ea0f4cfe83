//! Signatures by the host's own WebCrypto, as the engine's artefact makes and checks them.

#[path = "../../../src/wasm/engine/webcrypto.rs"]
#[allow(dead_code)]
mod webcrypto;

use authlete_token::engine::SigningKey;
use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;
use webcrypto::{Scheme, generate, import_private, sign, verify};

const INPUT: &[u8] = b"eyJhbGciOiJub25lIn0.e30";

/// Keys and signatures that OpenSSL made, for tests only.
fn vectors() -> Vec<Value> {
    serde_json::from_str(include_str!("signatures.json")).unwrap()
}

/// A private JWK as a configuration may hold it.
fn configured(alg: &str) -> Value {
    vectors().iter().find(|vector| vector["alg"] == alg).unwrap()["private"].clone()
}

/// The JWK that the world sees of a private one.
fn published(private: &Value) -> Value {
    let mut private = private.clone();
    private["kid"] = "k".into();
    SigningKey::from_jwk(&private).unwrap().public().jwk()
}

async fn is_signed(alg: &str, jwk: &Value, signature: &[u8]) -> bool {
    verify(Scheme::named(alg).unwrap(), &jwk.to_string(), INPUT, signature).await.unwrap()
}

async fn proves_itself(alg: &str, private: &Value) {
    let scheme = Scheme::named(alg).unwrap();
    let key = import_private(scheme, &private.to_string()).await.unwrap();
    let mut signature = sign(scheme, &key, INPUT).await.unwrap();
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
        let mut private: Value = serde_json::from_str(&generate(Scheme::named(alg).unwrap()).await.unwrap()).unwrap();
        private["alg"] = alg.into();
        proves_itself(alg, &private).await;
        let scheme = Scheme::named(alg).unwrap();
        let key = import_private(scheme, &private.to_string()).await.unwrap();
        let signature = sign(scheme, &key, INPUT).await.unwrap();
        assert!(!is_signed(alg, &published(&configured(alg)), &signature).await, "{alg}: another key");
    }
}

#[wasm_bindgen_test]
async fn signatures_that_other_software_made_are_verified_by_every_algorithm() {
    let mut verified = Vec::new();
    for vector in vectors() {
        let alg = vector["alg"].as_str().unwrap().to_owned();
        let mut signature = Base64UrlUnpadded::decode_vec(vector["signature"].as_str().unwrap()).unwrap();
        let scheme = Scheme::named(&alg).unwrap();
        let jwk = vector["jwk"].to_string();
        let input = vector["input"].as_str().unwrap().as_bytes();
        match verify(scheme, &jwk, input, &signature).await {
            Ok(valid) => assert!(valid, "{alg}"),
            // Browsers before 2025.
            Err(thrown) => {
                assert_eq!((alg.as_str(), name(&thrown).as_deref()), ("EdDSA", Some("NotSupportedError")));
                continue;
            }
        }
        signature[0] ^= 1;
        assert_eq!(verify(scheme, &jwk, input, &signature).await.ok(), Some(false), "{alg}: a changed signature");
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
    let okp = json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" });
    let cases = [
        ("ES256", with(&ec, "y", bytes(32, 1, 1)), "a point that is not on the curve"),
        ("ES256", with(&ec, "x", bytes(31, 1, 1)), "a short coordinate"),
        ("ES256", with(&ec, "x", "!".into()), "no base64url"),
        ("ES256", with(&ec, "crv", "P-384".into()), "another curve"),
        ("ES256", with(&ec, "crv", Value::Null), "no curve"),
        ("ES256", with(&ec, "x", 5.into()), "a number"),
        ("ES256", rsa.clone(), "another key type"),
        ("RS256", ec.clone(), "another key type"),
        ("RS256", with(&rsa, "n", bytes(256, 0xc0, 0)), "an even modulus"),
        ("RS256", with(&rsa, "n", bytes(64, 0xc1, 1)), "a modulus of 512 bits"),
        ("RS256", with(&rsa, "n", bytes(2048, 0xc1, 1)), "a modulus of 16 384 bits"),
        ("RS256", with(&rsa, "n", bytes(257, 0, 1)), "a modulus with a leading zero"),
        ("RS256", with(&rsa, "n", "".into()), "no modulus"),
        ("RS256", with(&rsa, "e", bytes(1, 1, 1)), "the exponent 1"),
        ("PS256", with(&rsa, "e", bytes(1, 2, 2)), "an even exponent"),
        ("PS256", with(&rsa, "e", bytes(256, 1, 1)), "an exponent that takes long"),
        ("EdDSA", with(&okp, "x", bytes(31, 1, 1)), "a short key"),
        ("EdDSA", with(&okp, "crv", "X25519".into()), "another curve"),
        ("EdDSA", json!([]), "no object"),
        ("EdDSA", Value::Null, "null"),
    ];
    for (alg, jwk, what) in cases {
        for length in [0, 64, 256] {
            let verdict = verify(Scheme::named(alg).unwrap(), &jwk.to_string(), INPUT, &vec![1; length]).await;
            let verdict = verdict.map_err(|thrown| name(&thrown));
            let lacking = alg == "EdDSA" && verdict == Err(Some("NotSupportedError".into()));
            assert!(verdict == Ok(false) || lacking, "{alg}, {what}: {verdict:?}");
        }
    }
    assert_eq!(verify(Scheme::Es256, "{", INPUT, &[]).await.ok(), Some(false), "no JSON");
}
