//! The members of a JSON Web Key (RFC 7518 §6, RFC 8037 §2), read in the same way for the keys of
//! clients and for those that the engine signs with.

use super::Algorithm;
use crate::engine::hash::from_base64url;
use serde_json::{Map, Value};

/// RFC 7518 §3.3 asks for 2048 bits or more. The upper bound keeps a check of a signature short.
const MODULUS_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;
/// 65537, the exponent of nearly all keys, and the only one that every platform takes. With smaller
/// ones, mistakes of the signer are fatal (with 1, anybody can forge signatures); larger ones only
/// cost time.
const EXPONENT: [u8; 3] = [1, 0, 1];
/// The points of small order on Ed25519, but for the sign of x in the highest bit: with such a key,
/// anybody can sign (RFC 8032 §5.1.7 leaves out the check). The last three are the prime 2^255 - 19
/// minus one, the prime itself, and the prime plus one.
const SMALL_ORDER: [[u8; 32]; 7] = [
    [0; 32],
    little_endian(1, 0, 0),
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98,
        0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53,
        0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67,
        0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
        0x03, 0x7a,
    ],
    little_endian(0xec, 0xff, 0x7f),
    little_endian(0xed, 0xff, 0x7f),
    little_endian(0xee, 0xff, 0x7f),
];

/// What is wrong with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeyProblem {
    /// The name of the member.
    pub(crate) member: &'static str,
    /// What is wrong with it. Never its value.
    pub(crate) problem: &'static str,
}

/// A type of keys, with the curve where there are several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyType {
    /// `EC` on P-256.
    P256,
    /// `EC` on P-384.
    P384,
    /// `EC` on P-521.
    P521,
    /// `RSA`.
    Rsa,
    /// `OKP` on Ed25519.
    Ed25519,
}

impl KeyType {
    const ALL: [KeyType; 5] =
        [KeyType::P256, KeyType::P384, KeyType::P521, KeyType::Rsa, KeyType::Ed25519];

    /// The type of the keys that an algorithm works with.
    pub(crate) const fn of(alg: Algorithm) -> Self {
        match alg {
            Algorithm::ES256 => KeyType::P256,
            Algorithm::ES384 => KeyType::P384,
            Algorithm::ES512 => KeyType::P521,
            Algorithm::EdDSA => KeyType::Ed25519,
            _ => KeyType::Rsa,
        }
    }

    /// The type that `kty` and `crv` name; `None` for one that is not used here.
    pub(crate) fn read(jwk: &Map<String, Value>) -> Result<Option<Self>, KeyProblem> {
        let kty = need(jwk, "kty")?;
        let mut types = Self::ALL.into_iter().filter(|known| known.kty() == kty).peekable();
        let Some(first) = types.peek() else { return Ok(None) };
        if first.curve().is_none() {
            return Ok(types.next());
        }
        let curve = need(jwk, "crv")?;
        Ok(types.find(|known| known.curve() == Some(curve)))
    }

    /// The value of `kty`.
    pub(crate) const fn kty(self) -> &'static str {
        match self {
            KeyType::P256 | KeyType::P384 | KeyType::P521 => "EC",
            KeyType::Rsa => "RSA",
            KeyType::Ed25519 => "OKP",
        }
    }

    /// The value of `crv`.
    pub(crate) const fn curve(self) -> Option<&'static str> {
        match self {
            KeyType::P256 => Some("P-256"),
            KeyType::P384 => Some("P-384"),
            KeyType::P521 => Some("P-521"),
            KeyType::Rsa => None,
            KeyType::Ed25519 => Some("Ed25519"),
        }
    }

    /// The length of the numbers of a key on a curve, in bytes (RFC 7518 §6.2.1.2, RFC 8037 §2).
    const fn number_length(self) -> Option<usize> {
        match self {
            KeyType::P256 | KeyType::Ed25519 => Some(32),
            KeyType::P384 => Some(48),
            KeyType::P521 => Some(66),
            KeyType::Rsa => None,
        }
    }

    const fn public_names(self) -> &'static [&'static str] {
        match self {
            KeyType::P256 | KeyType::P384 | KeyType::P521 => &["x", "y"],
            KeyType::Rsa => &["n", "e"],
            KeyType::Ed25519 => &["x"],
        }
    }

    const fn private_names(self) -> &'static [&'static str] {
        match self {
            KeyType::Rsa => &["d", "p", "q", "dp", "dq", "qi"],
            _ => &["d"],
        }
    }

    /// The public members, with `kty` and `crv` among them, and nothing else.
    pub(crate) fn public_members(
        self,
        jwk: &Map<String, Value>,
    ) -> Result<Map<String, Value>, KeyProblem> {
        let mut members = self.read_all(self.public_names(), jwk)?;
        members.insert("kty".to_owned(), self.kty().into());
        if let Some(curve) = self.curve() {
            members.insert("crv".to_owned(), curve.into());
        }
        Ok(members)
    }

    /// The private members alone.
    pub(crate) fn private_members(
        self,
        jwk: &Map<String, Value>,
    ) -> Result<Map<String, Value>, KeyProblem> {
        self.read_all(self.private_names(), jwk)
    }

    fn read_all(
        self,
        names: &[&'static str],
        jwk: &Map<String, Value>,
    ) -> Result<Map<String, Value>, KeyProblem> {
        let mut members = Map::new();
        for &name in names {
            members.insert(name.to_owned(), self.read_member(name, jwk)?.into());
        }
        Ok(members)
    }

    fn read_member<'a>(
        self,
        name: &'static str,
        jwk: &'a Map<String, Value>,
    ) -> Result<&'a str, KeyProblem> {
        let text = need(jwk, name)?;
        let wrong = |problem| Err(KeyProblem { member: name, problem });
        let Some(bytes) = from_base64url(text) else { return wrong("expected base64url") };
        if self.number_length().is_some_and(|length| length != bytes.len()) {
            return wrong(match self {
                KeyType::P384 => "expected 48 bytes",
                KeyType::P521 => "expected 66 bytes",
                _ => "expected 32 bytes",
            });
        }
        match (self, name) {
            // RFC 7518 §2, Base64urlUInt: as few bytes as the number needs.
            (KeyType::Rsa, _) if bytes.first() == Some(&0) => {
                wrong("must not begin with a zero byte")
            }
            (KeyType::Rsa, "n") if !MODULUS_BITS.contains(&bit_length(&bytes)) => {
                wrong("expected 2048 to 8192 bits")
            }
            (KeyType::Rsa, "e") if bytes != EXPONENT => wrong("expected 65537 (AQAB)"),
            (KeyType::Rsa, "n") if is_even(&bytes) => wrong("must be odd"),
            (KeyType::Ed25519, "x") if is_of_small_order(&bytes) => {
                wrong("must not be a point of small order")
            }
            _ => Ok(text),
        }
    }
}

/// The first member that only a private key has, or a shared one (RFC 7518 §6). `null` is absent.
pub(crate) fn secret_member(jwk: &Map<String, Value>) -> Option<&'static str> {
    let names = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];
    names.into_iter().find(|name| jwk.get(*name).is_some_and(|value| !value.is_null()))
}

/// A string that must be there. `null` is absent.
pub(crate) fn need<'a>(
    jwk: &'a Map<String, Value>,
    name: &'static str,
) -> Result<&'a str, KeyProblem> {
    optional(jwk, name)?.ok_or(KeyProblem { member: name, problem: "missing" })
}

/// A string that is not empty, or not there. `null` is absent.
pub(crate) fn optional<'a>(
    jwk: &'a Map<String, Value>,
    name: &'static str,
) -> Result<Option<&'a str>, KeyProblem> {
    match jwk.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => {
            Err(KeyProblem { member: name, problem: "empty" })
        }
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(KeyProblem { member: name, problem: "expected a string" }),
    }
}

/// The length of a number without leading zero bytes.
fn bit_length(bytes: &[u8]) -> usize {
    bytes.first().map_or(0, |first| bytes.len() * 8 - first.leading_zeros() as usize)
}

fn is_even(bytes: &[u8]) -> bool {
    bytes.last().is_none_or(|last| last % 2 == 0)
}

fn is_of_small_order(point: &[u8]) -> bool {
    let without_sign = |(i, byte): (usize, &u8)| if i == 31 { byte & 0x7f } else { *byte };
    SMALL_ORDER
        .iter()
        .any(|small| point.iter().enumerate().map(without_sign).eq(small.iter().copied()))
}

/// A number of 32 bytes, the lowest first.
const fn little_endian(first: u8, middle: u8, last: u8) -> [u8; 32] {
    let mut bytes = [middle; 32];
    bytes[0] = first;
    bytes[31] = last;
    bytes
}
