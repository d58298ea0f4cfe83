//! Keys and signatures of certificates (RFC 3279, RFC 4055, RFC 5480, RFC 8410) in the forms of
//! JOSE, in which the platform takes them.

use super::element::{Element, tag};
use crate::engine::hash::base64url;
use crate::engine::jose::{Algorithm, PublicJwk};
use der::asn1::ObjectIdentifier;
use serde_json::{Map, Value};

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
/// The curves, with the length of a coordinate.
const CURVES: [(ObjectIdentifier, &str, usize); 3] = [
    (ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"), "P-256", 32),
    (ObjectIdentifier::new_unwrap("1.3.132.0.34"), "P-384", 48),
    (ObjectIdentifier::new_unwrap("1.3.132.0.35"), "P-521", 66),
];
/// The algorithms that one identifier names.
const SIGNATURES: [(ObjectIdentifier, Algorithm); 7] = [
    (ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2"), Algorithm::ES256),
    (ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3"), Algorithm::ES384),
    (ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4"), Algorithm::ES512),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11"), Algorithm::RS256),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12"), Algorithm::RS384),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13"), Algorithm::RS512),
    (ED25519, Algorithm::EdDSA),
];
/// The algorithms of RSASSA-PSS that JOSE has (RFC 7518 §3.5), by the last byte of the digest's
/// identifier and the length of the salt.
const PSS: [(u8, u8, Algorithm); 3] =
    [(1, 32, Algorithm::PS256), (2, 48, Algorithm::PS384), (3, 64, Algorithm::PS512)];

/// The key as a JWK, if it is of a supported type, curve and size.
pub(super) fn public_key(info: Element<'_>) -> Option<PublicJwk> {
    let parts = info.inside(tag::SEQUENCE)?;
    let [identifier, key] = parts.as_slice() else { return None };
    let (oid, parameters) = algorithm(*identifier)?;
    let bytes = key.bytes()?;
    let is = |known: &ObjectIdentifier| oid == known.as_bytes();
    let numbers = if is(&RSA) && parameters.is_none_or(|any| any.tag == tag::NULL) {
        let (modulus, exponent) = two_numbers(bytes)?;
        vec![("kty", "RSA".to_owned()), ("n", base64url(modulus)), ("e", base64url(exponent))]
    } else if is(&EC) {
        let named = parameters?.of(tag::OID)?;
        let (_, curve, size) = CURVES.iter().find(|(known, ..)| known.as_bytes() == named)?;
        // An uncompressed point (SEC 1 §2.3.3).
        let point = bytes.strip_prefix(&[4]).filter(|point| point.len() == 2 * size)?;
        let (x, y) = point.split_at_checked(*size)?;
        vec![
            ("kty", "EC".to_owned()),
            ("crv", (*curve).to_owned()),
            ("x", base64url(x)),
            ("y", base64url(y)),
        ]
    } else if is(&ED25519) && parameters.is_none() {
        vec![("kty", "OKP".to_owned()), ("crv", "Ed25519".to_owned()), ("x", base64url(bytes))]
    } else {
        return None;
    };
    let mut jwk = Map::new();
    jwk.extend(numbers.into_iter().map(|(name, value)| (name.to_owned(), Value::String(value))));
    PublicJwk::read(&jwk).ok().flatten()
}

/// The algorithm of a signature, if JOSE has it with the same parameters. SHA-1 is not among them.
pub(super) fn signature_algorithm(identifier: Element<'_>) -> Option<Algorithm> {
    let (oid, parameters) = algorithm(identifier)?;
    if oid == RSA_PSS.as_bytes() {
        let given = parameters?.of(tag::SEQUENCE)?;
        return PSS
            .into_iter()
            .find(|(digest, salt, _)| given == pss_parameters(*digest, *salt))
            .map(|(.., alg)| alg);
    }
    let (_, alg) = SIGNATURES.iter().find(|(known, _)| known.as_bytes() == oid)?;
    let is_rsa = alg.signature_length().is_none();
    let fits = parameters.is_none_or(|any| is_rsa && any.tag == tag::NULL);
    fits.then_some(*alg)
}

/// The object identifier and the parameters of an `AlgorithmIdentifier`.
fn algorithm(identifier: Element<'_>) -> Option<(&[u8], Option<Element<'_>>)> {
    match identifier.inside(tag::SEQUENCE)?.as_slice() {
        [oid] => Some((oid.of(tag::OID)?, None)),
        [oid, parameters] => Some((oid.of(tag::OID)?, Some(*parameters))),
        _ => None,
    }
}

/// A signature in the form of JOSE: of ECDSA, both numbers at full length (RFC 7518 §3.4).
pub(super) fn jose_signature(alg: Algorithm, signature: &[u8]) -> Option<Vec<u8>> {
    if !matches!(alg, Algorithm::ES256 | Algorithm::ES384 | Algorithm::ES512) {
        return Some(signature.to_vec());
    }
    let size = alg.signature_length()? / 2;
    let (r, s) = two_numbers(signature)?;
    let mut raw = Vec::with_capacity(2 * size);
    for number in [r, s] {
        raw.resize(raw.len() + size.checked_sub(number.len())?, 0);
        raw.extend_from_slice(number);
    }
    Some(raw)
}

/// A sequence of two integers: an RSA key, or a signature of ECDSA.
fn two_numbers(der: &[u8]) -> Option<(&[u8], &[u8])> {
    match Element::only(der)?.inside(tag::SEQUENCE)?.as_slice() {
        [first, second] => Some((first.unsigned()?, second.unsigned()?)),
        _ => None,
    }
}

/// `RSASSA-PSS-params` (RFC 4055 §3.1) without its header: SHA-2 with the digest of this number,
/// MGF1 with the same, and this length of the salt. Everybody writes it so.
fn pss_parameters(digest: u8, salt: u8) -> [u8; 52] {
    [
        0xa0, 0x0f, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, digest,
        0x05, 0x00, 0xa1, 0x1c, 0x30, 0x1a, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01,
        0x01, 0x08, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, digest,
        0x05, 0x00, 0xa2, 0x03, 0x02, 0x01, salt,
    ]
}
