//! The small, synchronous part of cryptography: digests and comparisons. The platform does
//! signatures.

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;

/// The SHA-256 digest of a secret. Comparing digests takes the same time for secrets of any length.
pub(crate) type Digest = [u8; 32];

/// SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> Digest {
    Sha256::digest(bytes).into()
}

/// HMAC-SHA-256 (RFC 2104) of several texts, one after the other.
pub(crate) fn hmac(key: &[u8], texts: &[&[u8]]) -> Option<Digest> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    texts.iter().for_each(|text| mac.update(text));
    Some(mac.finalize().into_bytes().into())
}

/// Compares secrets, or their hashes, in a time that depends on the lengths only.
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

/// Base64url without padding (RFC 4648 §5).
pub(crate) fn base64url(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// The bytes of base64url without padding.
pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).ok()
}

/// The key under which a code, token or ticket is stored: a hash, so that nobody gets a credential
/// by reading the store.
pub(crate) fn storage_key(credential: &str) -> String {
    base64url(&sha256(credential.as_bytes()))
}
