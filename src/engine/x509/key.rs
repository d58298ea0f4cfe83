//! Keys and signatures of certificates (RFC 3279, RFC 4055, RFC 5480, RFC 8410) in the forms of
//! JOSE, in which the platform takes them.

use crate::engine::hash::base64url;
use crate::engine::jose::{Algorithm, PublicJwk};
use serde_json::{Map, Value};
use x509_cert::der::asn1::{AnyRef, ObjectIdentifier, UintRef};
use x509_cert::der::{Decode, Reader, SliceReader};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

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
/// The algorithms that one identifier names. Whether it is RSA's decides what stands beside it.
const SIGNATURES: [(ObjectIdentifier, &str, bool); 7] = [
    (ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2"), "ES256", false),
    (ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3"), "ES384", false),
    (ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4"), "ES512", false),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11"), "RS256", true),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12"), "RS384", true),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13"), "RS512", true),
    (ED25519, "EdDSA", false),
];
/// The algorithms of RSASSA-PSS that JOSE has (RFC 7518 §3.5), by the last byte of the digest's
/// identifier, with the length of the salt.
const PSS: [(u8, u8, &str); 3] = [(1, 32, "PS256"), (2, 48, "PS384"), (3, 64, "PS512")];

/// The key as a JWK, if it is of a supported type, curve and size.
pub(super) fn public_key(info: &SubjectPublicKeyInfoOwned) -> Option<PublicJwk> {
    let bytes = info.subject_public_key.as_bytes()?;
    let parameters = info.algorithm.parameters.as_ref();
    let numbers = match info.algorithm.oid {
        RSA if parameters.is_none_or(|any| any.is_null()) => {
            let (modulus, exponent) = two_numbers(bytes)?;
            vec![
                ("kty", "RSA".to_owned()),
                ("n", base64url(modulus.as_bytes())),
                ("e", base64url(exponent.as_bytes())),
            ]
        }
        EC => {
            let oid = parameters?.decode_as::<ObjectIdentifier>().ok()?;
            let (_, curve, size) = CURVES.into_iter().find(|(known, ..)| *known == oid)?;
            // An uncompressed point (SEC 1 §2.3.3).
            let point = bytes.strip_prefix(&[4]).filter(|point| point.len() == 2 * size)?;
            let (x, y) = point.split_at_checked(size)?;
            vec![
                ("kty", "EC".to_owned()),
                ("crv", curve.to_owned()),
                ("x", base64url(x)),
                ("y", base64url(y)),
            ]
        }
        ED25519 if parameters.is_none() => {
            vec![("kty", "OKP".to_owned()), ("crv", "Ed25519".to_owned()), ("x", base64url(bytes))]
        }
        _ => return None,
    };
    let mut jwk = Map::new();
    jwk.extend(numbers.into_iter().map(|(name, value)| (name.to_owned(), Value::String(value))));
    PublicJwk::read(&jwk).ok().flatten()
}

/// The algorithm of a signature, if JOSE has it with the same parameters. SHA-1 is not among them.
pub(super) fn signature_algorithm(id: &AlgorithmIdentifierOwned) -> Option<Algorithm> {
    let parameters = id.parameters.as_ref();
    let name = if id.oid == RSA_PSS {
        let given = parameters?.value();
        PSS.into_iter()
            .find(|(digest, salt, _)| given == pss_parameters(*digest, *salt))
            .map(|(.., name)| name)
    } else {
        let (_, name, is_rsa) = SIGNATURES.into_iter().find(|(known, ..)| *known == id.oid)?;
        let fits = parameters.is_none_or(|any| is_rsa && any.is_null());
        fits.then_some(name)
    };
    Algorithm::parse(name?)
}

/// A signature in the form of JOSE: of ECDSA, both numbers at full length (RFC 7518 §3.4).
pub(super) fn jose_signature(alg: Algorithm, signature: &[u8]) -> Option<Vec<u8>> {
    if !alg.as_str().starts_with("ES") {
        return Some(signature.to_vec());
    }
    let size = alg.signature_length()? / 2;
    let (r, s) = two_numbers(signature)?;
    let mut raw = Vec::with_capacity(2 * size);
    for number in [r.as_bytes(), s.as_bytes()] {
        raw.resize(raw.len() + size.checked_sub(number.len())?, 0);
        raw.extend_from_slice(number);
    }
    Some(raw)
}

/// A sequence of two integers: an RSA key, or a signature of ECDSA.
fn two_numbers(der: &[u8]) -> Option<(UintRef<'_>, UintRef<'_>)> {
    let mut reader = SliceReader::new(der).ok()?;
    let sequence: AnyRef<'_> = reader.decode().ok()?;
    reader.finish().ok()?;
    let pair = sequence.sequence(|inner| {
        Ok::<_, x509_cert::der::Error>((UintRef::decode(inner)?, UintRef::decode(inner)?))
    });
    pair.ok()
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
