//! Public keys as JSON Web Keys (RFC 7517): those that somebody else signs with.

use super::Algorithm;
use super::key_members::{KeyProblem, KeyType, optional, secret_member};
use crate::engine::hash::{base64url, sha256};
use serde_json::{Map, Value};
use std::fmt;

/// A public key that verifies signatures. Its numbers have the right form and size; the platform
/// finds out whether a point is on its curve.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicJwk {
    key_type: KeyType,
    kid: Option<String>,
    /// The only algorithm that the key is meant for, if it says so.
    alg: Option<Algorithm>,
    members: Map<String, Value>,
}

impl PublicJwk {
    /// Reads a public key. `None` is a key that is not for signatures, or of a type, curve or
    /// algorithm that is not supported: a set may have such keys among the others, and they are
    /// skipped (RFC 7517 §5).
    ///
    /// Private members are an error in any key: a private key that is written down here has been
    /// given away. Other unknown members are ignored.
    pub(crate) fn read(jwk: &Map<String, Value>) -> Result<Option<Self>, KeyProblem> {
        if let Some(member) = secret_member(jwk) {
            return Err(KeyProblem {
                member,
                problem: "a secret; only the public part of a key belongs here",
            });
        }
        let key_type = KeyType::read(jwk)?;
        let kid = optional(jwk, "kid")?;
        let named = optional(jwk, "alg")?;
        let verifies = optional(jwk, "use")?.is_none_or(|usage| usage == "sig") && may_verify(jwk)?;
        let alg = named.and_then(Algorithm::parse);
        let Some(key_type) = key_type.filter(|_| verifies && named.is_some() == alg.is_some())
        else {
            return Ok(None);
        };
        if alg.is_some_and(|alg| KeyType::of(alg) != key_type) {
            return Err(KeyProblem { member: "alg", problem: "does not fit kty" });
        }
        let members = key_type.public_members(jwk)?;
        Ok(Some(PublicJwk { key_type, kid: kid.map(str::to_owned), alg, members }))
    }

    /// A key of the right type and size that belongs to nobody. Checking a signature with it takes
    /// as long as with a real key, and the result means nothing.
    pub(crate) fn stand_in(alg: Algorithm) -> Self {
        let key_type = KeyType::of(alg);
        let numbers = match key_type {
            // The point of RFC 7517 A.1.
            KeyType::P256 => vec![
                ("x", "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4".to_owned()),
                ("y", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM".to_owned()),
            ],
            // The base points (FIPS 186-4 D.1.2.4, D.1.2.5).
            KeyType::P384 => vec![
                ("x", "qofKIr6LBTeOscce8yCtdG4dO2KLp5uYWfdB4IJUKjhVAvJdv1UpbDpUXjhydgq3".to_owned()),
                ("y", "NhfeSpYmLG9dnpi_kpLcKfj0Hb0omhR86doxE7XwuMAKYLHOHX6BnXpDHXyQ6g5f".to_owned()),
            ],
            KeyType::P521 => vec![
                ("x", "AMaFjga3BATpzZ4-y2YjlbRCnGSBOQU_tSH4KK9ga009uqFLXnfv51ko_h3BJ6L_qN4zSLPBhWpCm_l-fjHC5b1m".to_owned()),
                ("y", "ARg5KWp4mjvABFyKX7QsfRvZmPVESVebRGgXr70XJz5mLJfucple9CZAxVC5AT-tB2E1PHCGonLCQIi-lHaf0WZQ".to_owned()),
            ],
            KeyType::Rsa => vec![("n", base64url(&[0xff; 256])), ("e", "AQAB".to_owned())],
            // The point of RFC 8037 A.2.
            KeyType::Ed25519 => {
                vec![("x", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo".to_owned())]
            }
        };
        let names = [("kty", key_type.kty())]
            .into_iter()
            .chain(key_type.curve().map(|curve| ("crv", curve)));
        let members = names.map(|(name, value)| (name.to_owned(), value.into()));
        let numbers = numbers.into_iter().map(|(name, number)| (name.to_owned(), number.into()));
        // `collect` would sort them first.
        let mut object = Map::new();
        object.extend(members.chain(numbers));
        PublicJwk { key_type, kid: None, alg: None, members: object }
    }

    /// The key ID, if the key has one.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// Whether a signature of this algorithm can be one of this key.
    pub fn fits(&self, alg: Algorithm) -> bool {
        KeyType::of(alg) == self.key_type && self.alg.is_none_or(|own| own == alg)
    }

    /// The thumbprint of the key with SHA-256 (RFC 7638 §3): of the required members in the order
    /// of their names, without any white space. A key has only one, since its numbers have only one
    /// spelling.
    pub(crate) fn thumbprint(&self) -> String {
        // Sorting them would take 10 KB of code.
        let names = ["crv", "e", "kty", "n", "x", "y"].into_iter();
        let mut text = String::new();
        for (name, value) in names.filter_map(|name| Some((name, self.members.get(name)?))) {
            let separator = if text.is_empty() { "{\"" } else { ",\"" };
            // Names of types and curves, and base64url: there is nothing to escape.
            text.extend([separator, name, "\":\"", value.as_str().unwrap_or_default(), "\""]);
        }
        text.push('}');
        base64url(&sha256(text.as_bytes()))
    }

    /// The key alone, as a JWK ready for an import: `kty`, `crv` where there are curves, and the
    /// public numbers. Members that say what the key is meant for are left out.
    pub fn jwk(&self) -> Value {
        Value::Object(self.members.clone())
    }
}

impl fmt::Debug for PublicJwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicJwk({})", self.key_type.kty())
    }
}

/// Whether `key_ops` (RFC 7517 §4.3), if it is there, allows the verification of signatures.
fn may_verify(jwk: &Map<String, Value>) -> Result<bool, KeyProblem> {
    match jwk.get("key_ops") {
        None | Some(Value::Null) => Ok(true),
        Some(Value::Array(operations)) if operations.iter().all(Value::is_string) => {
            Ok(operations.iter().any(|operation| operation == "verify"))
        }
        Some(_) => Err(KeyProblem { member: "key_ops", problem: "expected an array of strings" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// RFC 7517 A.1.
    fn ec() -> Value {
        json!({ "kty": "EC", "crv": "P-256", "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
            "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM" })
    }

    /// RFC 8037 A.2.
    fn okp() -> Value {
        json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" })
    }

    fn rsa(bits: usize, exponent: &str) -> Value {
        let mut modulus = vec![0xff; bits.div_ceil(8)];
        modulus[0] = 0xff >> (bits.div_ceil(8) * 8 - bits);
        json!({ "kty": "RSA", "n": base64url(&modulus), "e": exponent })
    }

    fn with(mut jwk: Value, name: &str, value: Value) -> Value {
        jwk[name] = value;
        jwk
    }

    fn read(jwk: &Value) -> Result<Option<PublicJwk>, KeyProblem> {
        PublicJwk::read(jwk.as_object().unwrap())
    }

    fn wrong(jwk: &Value) -> &'static str {
        read(jwk).expect_err(&jwk.to_string()).member
    }

    #[test]
    fn a_key_verifies_the_algorithms_of_its_type() {
        for (jwk, fits) in [
            (ec(), vec![Algorithm::ES256]),
            (
                rsa(2048, "AQAB"),
                vec![
                    Algorithm::RS256,
                    Algorithm::RS384,
                    Algorithm::RS512,
                    Algorithm::PS256,
                    Algorithm::PS384,
                    Algorithm::PS512,
                ],
            ),
            (with(rsa(8192, "AQAB"), "alg", json!("PS256")), vec![Algorithm::PS256]),
            (okp(), vec![Algorithm::EdDSA]),
            (with(okp(), "key_ops", json!(["verify"])), vec![Algorithm::EdDSA]),
        ] {
            let key = read(&jwk).unwrap().unwrap();
            assert_eq!(
                Algorithm::ALL.into_iter().filter(|alg| key.fits(*alg)).collect::<Vec<_>>(),
                fits,
                "{jwk}"
            );
        }
    }

    #[test]
    fn the_key_that_stands_in_for_a_missing_one_is_one_that_could_be_registered() {
        for alg in Algorithm::ALL {
            let key = PublicJwk::stand_in(alg);
            assert_eq!(read(&key.jwk()), Ok(Some(key.clone())));
            assert!(key.fits(alg));
        }
    }

    #[test]
    fn only_the_public_numbers_of_a_key_are_handed_on() {
        let more = json!({ "kid": "1", "use": "sig", "alg": "ES256", "x5c": ["x"], "ext": true, "key_ops": ["verify"], "d": null });
        let mut jwk = ec();
        jwk.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let key = read(&jwk).unwrap().unwrap();
        assert_eq!((key.jwk(), key.kid()), (ec(), Some("1")));
        assert_eq!(format!("{key:?}"), "PublicJwk(EC)");
        assert_eq!(read(&okp()).unwrap().unwrap().jwk(), okp());
    }

    #[test]
    fn keys_that_verify_no_signature_of_a_supported_algorithm_are_passed_over() {
        for jwk in [
            with(ec(), "use", json!("enc")),
            with(ec(), "key_ops", json!(["deriveBits"])),
            with(ec(), "crv", json!("secp256k1")),
            with(okp(), "crv", json!("X25519")),
            with(rsa(2048, "AQAB"), "alg", json!("RSA-OAEP")),
            json!({ "kty": "AKP", "pub": "AA" }),
        ] {
            assert_eq!(read(&jwk), Ok(None), "{jwk}");
        }
    }

    #[test]
    fn a_private_key_or_a_shared_one_is_refused() {
        let symmetric = json!({ "kty": "oct", "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMko" });
        assert_eq!([wrong(&with(ec(), "d", json!("AA"))), wrong(&symmetric)], ["d", "k"]);
        for member in ["d", "p", "q", "dp", "dq", "qi", "oth"] {
            assert_eq!(wrong(&with(rsa(2048, "AQAB"), member, json!("AA"))), member);
        }
        assert_eq!(wrong(&with(with(ec(), "use", json!("enc")), "d", json!("AA"))), "d");
    }

    #[test]
    fn a_missing_or_mistyped_member_is_named() {
        for (jwk, member) in [
            (json!({}), "kty"),
            (with(ec(), "kty", json!(5)), "kty"),
            (with(ec(), "crv", json!(null)), "crv"),
            (with(ec(), "x", json!(null)), "x"),
            (with(ec(), "y", json!("")), "y"),
            (with(ec(), "y", json!(7)), "y"),
            (with(ec(), "kid", json!(1)), "kid"),
            (with(ec(), "use", json!(["sig"])), "use"),
            (with(ec(), "key_ops", json!("verify")), "key_ops"),
            (with(ec(), "alg", json!("RS256")), "alg"),
            (with(rsa(2048, "AQAB"), "n", json!(null)), "n"),
            (with(okp(), "x", json!(null)), "x"),
        ] {
            assert_eq!(wrong(&jwk), member, "{jwk}");
        }
    }

    #[test]
    fn numbers_of_a_wrong_size_or_spelling_are_refused() {
        for x in [
            base64url(&[1; 31]),
            base64url(&[1; 33]),
            format!("{}=", base64url(&[1; 32])),
            "+".repeat(43),
        ] {
            assert_eq!(
                [wrong(&with(ec(), "x", json!(x))), wrong(&with(okp(), "x", json!(x)))],
                ["x", "x"],
                "{x}"
            );
        }
        // A last character with bits that no byte needs.
        assert_eq!(wrong(&with(okp(), "x", json!(format!("{}B", "A".repeat(42))))), "x");
        for bits in [512, 1024, 2047, 8193, 16_384] {
            assert_eq!(wrong(&rsa(bits, "AQAB")), "n", "{bits}");
        }
        let padded = [&[0][..], &[0xff; 256]].concat();
        let even = [&[0xff; 255][..], &[0xfe]].concat();
        for n in [padded, even] {
            assert_eq!(wrong(&with(rsa(2048, "AQAB"), "n", json!(base64url(&n)))), "n");
        }
        // 1, 3, 17, 65536, 65537 with a zero before it, 65539, more than 32 bits.
        for e in ["AQ", "Aw", "EQ", "AQAA", "AAEAAQ", "AQAD", "AQAAAAE"] {
            assert_eq!(wrong(&rsa(2048, e)), "e", "{e}");
        }
    }

    fn thumbprint(jwk: &Value) -> String {
        PublicJwk::read(jwk.as_object().unwrap()).unwrap().unwrap().thumbprint()
    }

    #[test]
    fn the_thumbprints_are_those_of_rfc_7638_rfc_8037_and_rfc_9449() {
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        let rsa = json!({ "kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29" });
        assert_eq!(thumbprint(&rsa), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
        assert_eq!(thumbprint(&okp()), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        let ec = json!({ "kty": "EC", "x": "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs", "y": "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA", "crv": "P-256" });
        assert_eq!(thumbprint(&ec), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    }
}
