//! Signing keys: configured ones are imported; missing ones are generated once and kept in the store. WebCrypto does the work.

use super::platform::Platform;
use super::unavailable;
use crate::engine::{
    Algorithm, Boxed, Config, Crypto, Host, Kind, PlatformFailure, PublicJwk, PublicKey, SigningKey, Store,
    Unavailable, Write,
};
use crate::wasm::host::{Obj, parse_json};
use crate::wasm::task::{self, Broken};
use crate::{Error, ErrorCode};
use base64ct::{Base64UrlUnpadded, Encoding};
use js_sys::{Array, JSON, JsString, Uint8Array};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["crypto", "subtle"], js_name = generateKey, catch)]
    fn generate_key(algorithm: &JsValue, extractable: bool, usages: &Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["crypto", "subtle"], js_name = exportKey, catch)]
    fn export_key(format: &str, key: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["crypto", "subtle"], js_name = importKey, catch)]
    fn import_key(
        format: &str,
        key: &JsValue,
        algorithm: &JsValue,
        extractable: bool,
        usages: &Array,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["crypto", "subtle"], js_name = sign, catch)]
    fn sign(algorithm: &JsValue, key: &JsValue, input: &Uint8Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["crypto", "subtle"], js_name = verify, catch)]
    fn verify(
        algorithm: &JsValue,
        key: &JsValue,
        signature: &Uint8Array,
        input: &Uint8Array,
    ) -> Result<JsValue, JsValue>;
}

/// Never: a Date's last millisecond.
const NEVER: u64 = 8_640_000_000_000_000;

/// The engine's private keys: the configured ones, or those that were generated when this store was first used.
pub(super) async fn signing_keys(config: &Config, platform: &Platform) -> Result<Vec<SigningKey>, Error> {
    let mut keys = config.signing_keys().to_vec();
    for alg in config.missing_algorithms() {
        keys.push(kept(alg, platform).await?);
    }
    Ok(keys)
}

async fn kept(alg: Algorithm, platform: &Platform) -> Result<SigningKey, Error> {
    let failed = |_: Unavailable| unavailable("storage: a signing key could not be kept");
    let told = |failure| {
        move |Unavailable| {
            platform.failed(failure, "createEngine");
            failed(Unavailable)
        }
    };
    let stored = || platform.get(Kind::SigningKey, alg.as_str()).map_err(told(PlatformFailure::StoreRead));
    let record = match stored()? {
        Some(record) => record,
        None => {
            let jwk = generate(alg, platform)
                .await
                .ok_or_else(|| unavailable("crypto: a signing key could not be generated"))?;
            platform.read_clock("createEngine")?;
            // Somebody may have been faster: then theirs is the key.
            let write = Write::Insert {
                kind: Kind::SigningKey,
                key: alg.as_str().to_owned(),
                value: jwk.to_string(),
                expires_at: NEVER,
            };
            platform.commit(&[write], platform.now_ms()).map_err(told(PlatformFailure::StoreCommit))?;
            stored()?.ok_or_else(|| failed(Unavailable))?
        }
    };
    let jwk: Value = serde_json::from_str(&record.value).map_err(|_| failed(Unavailable))?;
    SigningKey::from_jwk(&jwk)
}

/// A new private key as a JWK, extractable this once.
async fn generate(alg: Algorithm, platform: &Platform) -> Option<Value> {
    let mut kid = [0; 16];
    platform.fill_random(&mut kid).ok()?;
    let pair = task::wait(&generate_key(&parameters(alg), true, &usages(&["sign", "verify"])).ok()?).await.ok()?;
    let private = Obj::from_value(&pair)?.named(&"privateKey".into());
    let jwk = task::wait(&export_key("jwk", &private).ok()?).await.ok()?;
    let mut jwk: Value = serde_json::from_str(&String::from(JSON::stringify(&jwk).ok()?)).ok()?;
    let members = jwk.as_object_mut()?;
    members.insert("kid".into(), Base64UrlUnpadded::encode_string(&kid).into());
    members.insert("alg".into(), alg.as_str().into());
    Some(jwk)
}

/// The engine's signer: keys that can sign, and that nobody can read.
pub(super) struct Keys {
    keys: Vec<Key>,
    platform: Platform,
}

struct Key {
    public: PublicKey,
    /// The platform's `CryptoKey`.
    handle: JsValue,
}

impl Keys {
    pub(super) async fn import(keys: &[SigningKey], platform: &Platform) -> Result<Keys, Error> {
        let mut imported = Vec::new();
        for (i, key) in keys.iter().enumerate() {
            let refused = || Error::new(ErrorCode::Config, format!("jwks.keys[{i}]: could not be imported"));
            let jwk = parse_json(&JsString::from(key.jwk())).map_err(|_| refused())?;
            let promise =
                import_key("jwk", &jwk, &parameters(key.alg()), false, &usages(&["sign"])).map_err(|_| refused())?;
            let handle = task::wait(&promise).await.map_err(|_| refused())?;
            imported.push(Key { public: key.public(), handle });
        }
        Ok(Keys { keys: imported, platform: platform.clone() })
    }

    pub(super) fn public(&self) -> Vec<PublicKey> {
        self.keys.iter().map(|key| key.public.clone()).collect()
    }

    /// The public JWK of each key, as text, and its handle, in turn: what outlives this instance.
    pub(super) fn to_js(&self) -> Array {
        self.keys.iter().flat_map(|key| [key.public.jwk().to_string().into(), key.handle.clone()]).collect()
    }

    /// The keys that [`Keys::to_js`] gave.
    pub(super) fn from_js(values: &Array, platform: &Platform) -> Result<Keys, Error> {
        let wrong = || unavailable("the keys are not those of engine_start");
        let mut keys = Vec::new();
        let mut values = values.iter();
        while let (Some(jwk), Some(handle)) = (values.next(), values.next()) {
            let jwk: Value = serde_json::from_str(&jwk.as_string().ok_or_else(wrong)?).map_err(|_| wrong())?;
            keys.push(Key { public: PublicKey::from_jwk(&jwk)?, handle });
        }
        Ok(Keys { keys, platform: platform.clone() })
    }
}

impl Crypto for Keys {
    fn sign<'a>(&'a self, alg: Algorithm, kid: &'a str, input: &'a [u8]) -> Boxed<'a, Result<Vec<u8>, Unavailable>> {
        Box::pin(self.signature(alg, kid, input))
    }

    fn verify<'a>(
        &'a self,
        key: &'a PublicJwk,
        alg: Algorithm,
        input: &'a [u8],
        signature: &'a [u8],
    ) -> Boxed<'a, Result<bool, Unavailable>> {
        Box::pin(async move {
            let verified = verified(key, alg, input, signature).await;
            verified.map_err(|thrown| self.platform.remember(&thrown))
        })
    }
}

/// Whether the signature is the key's. What is no key, such as a point beside its curve, can't be imported, and verifies nothing.
async fn verified(key: &PublicJwk, alg: Algorithm, input: &[u8], signature: &[u8]) -> Result<bool, JsValue> {
    let jwk = parse_json(&JsString::from(key.jwk().to_string())).map_err(|_| JsValue::UNDEFINED)?;
    let imported = match import_key("jwk", &jwk, &parameters(alg), false, &usages(&["verify"])) {
        Ok(promise) => settled(&promise).await,
        Err(thrown) => Err(thrown),
    };
    let key = match imported {
        Ok(key) => key,
        Err(thrown) if is_about_the_key(&thrown) => return Ok(false),
        Err(thrown) => return Err(thrown),
    };
    let promise = verify(&parameters(alg), &key, &Uint8Array::from(signature), &Uint8Array::from(input))?;
    Ok(settled(&promise).await?.is_truthy())
}

async fn settled(promise: &JsValue) -> Result<JsValue, JsValue> {
    task::wait(promise).await.map_err(|broken| match broken {
        Broken::Rejected(thrown) => thrown,
        Broken::Expired | Broken::Aborted => JsValue::UNDEFINED,
    })
}

/// A key that is none is a `DataError`, in workerd an `OperationError`. An algorithm that the platform does not have is a `NotSupportedError`.
fn is_about_the_key(thrown: &JsValue) -> bool {
    let name = Obj::from_value(thrown).map(|error| error.named(&"name".into()));
    name.is_some_and(|name| name == "DataError" || name == "OperationError")
}

impl Keys {
    async fn signature(&self, alg: Algorithm, kid: &str, input: &[u8]) -> Result<Vec<u8>, Unavailable> {
        let key = self.keys.iter().find(|key| key.public.kid == kid).ok_or(Unavailable)?;
        let refused = |thrown: JsValue| self.platform.remember(&thrown);
        // A copy: a view would dangle when the memory grows before the platform has read it.
        let promise = sign(&parameters(alg), &key.handle, &Uint8Array::from(input)).map_err(refused)?;
        let signature = task::wait(&promise).await.map_err(|broken| match broken {
            Broken::Rejected(thrown) => refused(thrown),
            Broken::Expired | Broken::Aborted => Unavailable,
        })?;
        Ok(Uint8Array::new(&signature).to_vec())
    }
}

/// WebCrypto's parameters, for generating, importing, signing and verifying alike.
fn parameters(alg: Algorithm) -> JsValue {
    let parameters = match alg {
        Algorithm::ES256 => json!({ "name": "ECDSA", "namedCurve": "P-256", "hash": "SHA-256" }),
        Algorithm::RS256 => json!({ "name": "RSASSA-PKCS1-v1_5", "hash": "SHA-256", "modulusLength": 2048 }),
        Algorithm::PS256 => json!({ "name": "RSA-PSS", "hash": "SHA-256", "saltLength": 32 }),
        Algorithm::EdDSA => json!({ "name": "Ed25519" }),
    };
    let parameters = parse_json(&JsString::from(parameters.to_string())).unwrap_or_default();
    if alg == Algorithm::RS256
        && let Some(object) = Obj::from_value(&parameters)
    {
        object.set_named(&"publicExponent".into(), &Uint8Array::from([1, 0, 1].as_slice()));
    }
    parameters
}

fn usages(names: &[&str]) -> Array {
    names.iter().map(|name| JsString::from(*name)).collect()
}
