//! Signatures and MACs by the platform's WebCrypto (W3C Web Cryptography API). Keys are JWKs in
//! JSON text; errors are what WebCrypto threw.

use crate::engine::{Algorithm, MacAlgorithm};
use js_sys::{Array, JSON, JsString, Object, Promise, Reflect, TypeError, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Crypto, CryptoKey, CryptoKeyPair, EcKeyImportParams, EcdsaParams, RsaHashedImportParams,
    RsaPssParams, SubtleCrypto,
};

#[wasm_bindgen]
extern "C" {
    /// The global `crypto`, which pages, workers, Node and all other runtimes have, without a
    /// `window`.
    #[wasm_bindgen(thread_local_v2, js_name = crypto)]
    static CRYPTO: Option<Crypto>;
}

const SHA_256: &str = "SHA-256";
const SHA_384: &str = "SHA-384";
const SHA_512: &str = "SHA-512";
const P_256: &str = "P-256";

/// How an algorithm works.
enum Scheme {
    /// On this curve.
    Ecdsa(&'static str),
    Pkcs1,
    /// With a salt of so many bytes, which is as long as the hash (RFC 7518 §3.5).
    Pss(u32),
    Ed25519,
}

/// The scheme of an algorithm, and the hash that goes with it.
fn scheme(alg: Algorithm) -> (Scheme, &'static str) {
    match alg {
        Algorithm::ES256 => (Scheme::Ecdsa(P_256), SHA_256),
        Algorithm::ES384 => (Scheme::Ecdsa("P-384"), SHA_384),
        Algorithm::ES512 => (Scheme::Ecdsa("P-521"), SHA_512),
        Algorithm::RS256 => (Scheme::Pkcs1, SHA_256),
        Algorithm::RS384 => (Scheme::Pkcs1, SHA_384),
        Algorithm::RS512 => (Scheme::Pkcs1, SHA_512),
        Algorithm::PS256 => (Scheme::Pss(32), SHA_256),
        Algorithm::PS384 => (Scheme::Pss(48), SHA_384),
        Algorithm::PS512 => (Scheme::Pss(64), SHA_512),
        Algorithm::EdDSA => (Scheme::Ed25519, ""),
    }
}

/// WebCrypto's name of a scheme.
fn name(scheme: &Scheme) -> &'static str {
    match scheme {
        Scheme::Ecdsa(_) => "ECDSA",
        Scheme::Pkcs1 => "RSASSA-PKCS1-v1_5",
        Scheme::Pss(_) => "RSA-PSS",
        Scheme::Ed25519 => "Ed25519",
    }
}

fn for_generation(alg: Algorithm) -> Result<Object, JsValue> {
    let parameters = for_import(alg);
    if matches!(scheme(alg).0, Scheme::Pkcs1 | Scheme::Pss(_)) {
        // web-sys has no RsaHashedKeyGenParams.
        Reflect::set(&parameters, &"modulusLength".into(), &2048.into())?;
        Reflect::set(
            &parameters,
            &"publicExponent".into(),
            &Uint8Array::from([1, 0, 1].as_slice()),
        )?;
    }
    Ok(parameters)
}

/// The parameters of an import, which for curves are those of a generation, too.
fn for_import(alg: Algorithm) -> Object {
    let (scheme, hash) = scheme(alg);
    let name = name(&scheme);
    match scheme {
        Scheme::Ecdsa(curve) => {
            let parameters = EcKeyImportParams::new(name);
            parameters.set_named_curve(curve);
            parameters.into()
        }
        Scheme::Pkcs1 | Scheme::Pss(_) => {
            named(RsaHashedImportParams::new_with_str(hash).into(), name)
        }
        Scheme::Ed25519 => named(Object::new(), name),
    }
}

fn for_signature(alg: Algorithm) -> Object {
    let (scheme, hash) = scheme(alg);
    let name = name(&scheme);
    match scheme {
        Scheme::Ecdsa(_) => EcdsaParams::new_with_str(name, hash).into(),
        Scheme::Pss(salt) => RsaPssParams::new(name, salt).into(),
        Scheme::Pkcs1 | Scheme::Ed25519 => named(Object::new(), name),
    }
}

/// Sets `name`, the only member of the dictionary `Algorithm`, which web-sys does not have.
fn named(parameters: Object, name: &str) -> Object {
    parameters.unchecked_ref::<RsaPssParams>().set_name(name);
    parameters
}

fn platform() -> Result<Crypto, JsValue> {
    CRYPTO
        .with(Clone::clone)
        .ok_or_else(|| TypeError::new("this runtime has no global crypto").into())
}

fn subtle() -> Result<SubtleCrypto, JsValue> {
    platform().map(|crypto| crypto.subtle())
}

async fn settled<T: JsCast>(promise: Promise) -> Result<T, JsValue> {
    JsFuture::from(promise).await.map(JsCast::unchecked_into)
}

fn usages(names: &[&str]) -> JsValue {
    names.iter().map(|name| JsString::from(*name)).collect::<Array>().into()
}

/// Fills `bytes`, which may be at most 65 536, with random values.
pub(super) fn fill_random(bytes: &mut [u8]) -> Result<(), JsValue> {
    platform()?.get_random_values_with_u8_array(bytes).map(drop)
}

/// A new private key as a JWK.
pub(super) async fn generate(alg: Algorithm) -> Result<String, JsValue> {
    let subtle = subtle()?;
    let usages = usages(&["sign", "verify"]);
    let pair = subtle.generate_key_with_object(&for_generation(alg)?, true, &usages)?;
    let pair: CryptoKeyPair = settled(pair).await?;
    let jwk: JsValue = settled(subtle.export_key("jwk", &pair.get_private_key())?).await?;
    Ok(String::from(JSON::stringify(&jwk)?))
}

/// The private key of a JWK, as a handle that can't be exported.
pub(super) async fn import_private(alg: Algorithm, jwk: &str) -> Result<CryptoKey, JsValue> {
    let jwk: Object = JSON::parse(jwk)?.unchecked_into();
    import("jwk", &jwk, &for_import(alg), "sign").await
}

async fn import(
    format: &str,
    key: &Object,
    parameters: &Object,
    usage: &str,
) -> Result<CryptoKey, JsValue> {
    let usages = usages(&[usage]);
    settled(subtle()?.import_key_with_object(format, key, parameters, false, &usages)?).await
}

/// The JWS signature over `input` (RFC 7515 §5.1).
pub(super) async fn sign(
    alg: Algorithm,
    key: &CryptoKey,
    input: &[u8],
) -> Result<Vec<u8>, JsValue> {
    // A copy: a view would dangle when the memory grows before the platform has read it.
    let input = Uint8Array::from(input);
    let signature = subtle()?.sign_with_object_and_js_u8_array(&for_signature(alg), key, &input)?;
    let signature: JsValue = settled(signature).await?;
    Ok(Uint8Array::new(&signature).to_vec())
}

/// Whether `signature` was made over `input` with the key in `jwk`, a public JWK. An invalid key,
/// such as a point that is not on its curve, verifies nothing: false.
///
/// # Errors
/// What the platform threw if it failed, or does not have the algorithm (a `NotSupportedError`:
/// browsers before 2025 have no Ed25519).
pub(super) async fn verify(
    alg: Algorithm,
    jwk: &str,
    input: &[u8],
    signature: &[u8],
) -> Result<bool, JsValue> {
    match verify_by(alg, &JSON::parse(jwk)?.unchecked_into(), input, signature).await {
        Err(thrown) if is_bad_key(&thrown) => Ok(false),
        verdict => verdict,
    }
}

async fn verify_by(
    alg: Algorithm,
    jwk: &Object,
    input: &[u8],
    signature: &[u8],
) -> Result<bool, JsValue> {
    let key = import("jwk", jwk, &for_import(alg), "verify").await?;
    check(&for_signature(alg), &key, input, signature).await
}

/// Whether `mac` is the MAC over `input` with the secret. WebCrypto compares them in constant time.
pub(super) async fn verify_mac(
    alg: MacAlgorithm,
    secret: &[u8],
    input: &[u8],
    mac: &[u8],
) -> Result<bool, JsValue> {
    let hash = match alg {
        MacAlgorithm::HS256 => SHA_256,
        MacAlgorithm::HS384 => SHA_384,
        MacAlgorithm::HS512 => SHA_512,
    };
    // The dictionaries HmacImportParams and RsaHashedImportParams have the same members.
    let parameters = named(RsaHashedImportParams::new_with_str(hash).into(), "HMAC");
    let key = import("raw", Uint8Array::from(secret).as_ref(), &parameters, "verify").await?;
    check(&parameters, &key, input, mac).await
}

async fn check(
    parameters: &Object,
    key: &CryptoKey,
    input: &[u8],
    signature: &[u8],
) -> Result<bool, JsValue> {
    let (signature, input) = (Uint8Array::from(signature), Uint8Array::from(input));
    let valid = subtle()?
        .verify_with_object_and_js_u8_array_and_js_u8_array(parameters, key, &signature, &input)?;
    settled::<JsValue>(valid).await.map(|valid| valid.is_truthy())
}

/// An invalid key is a `DataError` on import; Chromium notices some only when it verifies, with an
/// `OperationError`. What a platform does not support is a `NotSupportedError`.
fn is_bad_key(thrown: &JsValue) -> bool {
    let name = Reflect::get(thrown, &"name".into()).ok().and_then(|name| name.as_string());
    matches!(name.as_deref(), Some("DataError" | "OperationError"))
}
