//! Signing keys: configured ones are imported; missing ones are generated once and kept in the
//! store. `webcrypto` does the cryptography.

use super::platform::EnginePlatform;
use super::{unavailable, webcrypto};
use crate::engine::NEVER;
use crate::engine::jose::text_of;
use crate::engine::{
    Algorithm, Boxed, Config, Crypto, Host, MacAlgorithm, PlatformFailure, PublicJwk, PublicKey,
    RecordKind, SigningKey, Store, Unavailable, Write,
};
use crate::{Error, ErrorCode};
use base64ct::{Base64UrlUnpadded, Encoding};
use js_sys::Array;
use serde_json::Value;
use wasm_bindgen::prelude::*;
use web_sys::CryptoKey;

/// The engine's private keys: the configured ones, or those that were generated when this store was
/// first used.
pub(super) async fn signing_keys(
    config: &Config,
    platform: &EnginePlatform,
) -> Result<Vec<SigningKey>, Error> {
    let mut keys = config.signing_keys().to_vec();
    for alg in config.missing_algorithms() {
        keys.push(kept(alg, &config.record_key(alg.as_str()), platform).await?);
    }
    Ok(keys)
}

async fn kept(
    alg: Algorithm,
    record_key: &str,
    platform: &EnginePlatform,
) -> Result<SigningKey, Error> {
    let told = |failure, problem: &'static str| {
        move |Unavailable| {
            platform.failed(failure, "createEngine");
            unavailable(problem)
        }
    };
    let unread = "storage: the record of a signing key could not be read";
    let stored = || {
        let record = platform.get(RecordKind::SigningKey, record_key);
        record.map_err(told(PlatformFailure::StoreRead, unread))
    };
    let record = match stored()? {
        Some(record) => record,
        None => {
            let jwk = generate(alg, platform)
                .await
                .ok_or_else(|| unavailable("crypto: a signing key could not be generated"))?;
            platform.read_clock("createEngine")?;
            // Another engine may have been faster: then its key is used.
            let write = Write::Insert {
                kind: RecordKind::SigningKey,
                key: record_key.to_owned(),
                value: text_of(&jwk),
                expires_at: NEVER,
            };
            platform.commit(&[write], platform.now_ms()).map_err(told(
                PlatformFailure::StoreCommit,
                "storage: a signing key could not be stored",
            ))?;
            let lost = "storage: the signing key that was just stored is not there";
            stored()?.ok_or_else(|| unavailable(lost))?
        }
    };
    let jwk = serde_json::from_str::<Value>(&record.value).ok();
    let key = jwk.and_then(|jwk| SigningKey::from_jwk(&jwk).ok());
    key.ok_or_else(|| unavailable("storage: the record of a signing key is damaged"))
}

/// A new private key as a JWK, extractable this once.
async fn generate(alg: Algorithm, platform: &EnginePlatform) -> Option<Value> {
    let mut kid = [0; 16];
    platform.fill_random(&mut kid).ok()?;
    let jwk = webcrypto::generate(alg).await.ok()?;
    let mut jwk: Value = serde_json::from_str(&jwk).ok()?;
    let members = jwk.as_object_mut()?;
    members.insert("kid".into(), Base64UrlUnpadded::encode_string(&kid).into());
    members.insert("alg".into(), alg.as_str().into());
    Some(jwk)
}

/// The engine's signer: keys that can sign, but can't be read.
pub(super) struct Keys {
    keys: Vec<KeyHandle>,
    platform: EnginePlatform,
}

struct KeyHandle {
    public: PublicKey,
    handle: CryptoKey,
}

impl Keys {
    pub(super) async fn import(
        keys: &[SigningKey],
        platform: &EnginePlatform,
    ) -> Result<Keys, Error> {
        let mut imported = Vec::new();
        for (i, key) in keys.iter().enumerate() {
            let refused =
                || Error::new(ErrorCode::Config, format!("jwks.keys[{i}]: could not be imported"));
            let handle =
                webcrypto::import_private(key.alg(), &key.jwk()).await.map_err(|_| refused())?;
            imported.push(KeyHandle { public: key.public(), handle });
        }
        Ok(Keys { keys: imported, platform: platform.clone() })
    }

    pub(super) fn public(&self) -> Vec<PublicKey> {
        self.keys.iter().map(|key| key.public.clone()).collect()
    }

    /// The public JWK of each key (as text) and its handle, alternately. They outlive this
    /// instance.
    pub(super) fn to_js(&self) -> Array {
        self.keys
            .iter()
            .flat_map(|key| [JsValue::from(text_of(&key.public.jwk())), key.handle.clone().into()])
            .collect()
    }

    /// The keys from what [`Keys::to_js`] returned.
    pub(super) fn from_js(values: &Array, platform: &EnginePlatform) -> Result<Keys, Error> {
        let wrong = || unavailable("the keys are not those of engine_start");
        let mut keys = Vec::new();
        let mut values = values.iter();
        while let (Some(jwk), Some(handle)) = (values.next(), values.next()) {
            let jwk: Value =
                serde_json::from_str(&jwk.as_string().ok_or_else(wrong)?).map_err(|_| wrong())?;
            keys.push(KeyHandle {
                public: PublicKey::from_jwk(&jwk)?,
                handle: handle.unchecked_into(),
            });
        }
        Ok(Keys { keys, platform: platform.clone() })
    }
}

impl Crypto for Keys {
    fn sign<'a>(
        &'a self,
        alg: Algorithm,
        kid: &'a str,
        input: &'a [u8],
    ) -> Boxed<'a, Result<Vec<u8>, Unavailable>> {
        Box::pin(async move {
            let key = self.keys.iter().find(|key| key.public.kid == kid).ok_or(Unavailable)?;
            let signature = webcrypto::sign(alg, &key.handle, input).await;
            signature.map_err(|thrown| self.platform.remember(&thrown))
        })
    }

    fn verify<'a>(
        &'a self,
        key: &'a PublicJwk,
        alg: Algorithm,
        input: &'a [u8],
        signature: &'a [u8],
    ) -> Boxed<'a, Result<bool, Unavailable>> {
        Box::pin(async move {
            let verified = webcrypto::verify(alg, &text_of(&key.jwk()), input, signature).await;
            verified.map_err(|thrown| self.platform.remember(&thrown))
        })
    }

    fn verify_mac<'a>(
        &'a self,
        secret: &'a [u8],
        alg: MacAlgorithm,
        input: &'a [u8],
        mac: &'a [u8],
    ) -> Boxed<'a, Result<bool, Unavailable>> {
        Box::pin(async move {
            let verified = webcrypto::verify_mac(alg, secret, input, mac).await;
            verified.map_err(|thrown| self.platform.remember(&thrown))
        })
    }
}
