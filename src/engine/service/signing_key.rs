//! Signing keys as JSON Web Keys (RFC 7517): what may be in the configuration, and which part of it
//! is public.

use super::client_values::SigningAlgorithm;
use super::macros::{config, reader};
use super::reader::{NOT_SUPPORTED, Object};
use super::values::{FilledText, Moment};
use crate::engine::jose::{Algorithm, KeyProblem, KeyType, text_of};
use crate::error::{Error, ErrorCode};
use serde_json::{Map, Value};
use std::fmt;

config! {
    /// Private signing keys as a JWK set (RFC 7517 §5).
    pub(crate) struct KeySet as "SigningJwkSet", read(object, grants) {
        fields {
            /// The keys: at least one for each algorithm that a client asks for. Of those that may
            /// sign at a moment, the first listed does.
            "keys" keys: Vec<ListedKey>;
        }
    }
}

config! {
    /// A private signing key as a JWK (RFC 7517 §4): EC P-256 with `alg` ES256, or RSA of 2 048
    /// bits or more with RS256.
    pub(crate) struct KeyMembers as "SigningJwk", read(object, grants) {
        given {
            /// The key type (RFC 7517 §4.1).
            "kty" kty: KeyTypeName;
        }
        fields {
            /// The key ID, which the ID tokens name (RFC 7517 §4.5).
            "kid" kid: FilledText;
            /// The signature algorithm (RFC 7517 §4.4).
            "alg" alg: SigningAlgorithm;
            /// When the key begins to sign, in seconds since the Unix epoch. It is published before
            /// that, so that clients know it in time. Left out: at once.
            "nbf" not_before: Option<Moment>;
            /// When the key stops signing, in seconds since the Unix epoch. It stays published
            /// until the last ID token that it signed has expired. Left out: never.
            "exp" expires: Option<Moment>;
        }
        checks {
            /// What the key is for (RFC 7517 §4.2).
            "use": Option<SignatureUse>;
        }
        then {
            check_key_type(object, alg, &kty);
            check_times(object, not_before, expires);
        }
        others "The numbers of the key (RFC 7518 §6), in base64url.";
        rules {
            // The numbers of RFC 7518 §6.2: 32 bytes each.
            r#"{
                "if": { "properties": { "alg": { "const": "ES256" } } },
                "then": {
                    "properties": {
                        "kty": { "const": "EC" },
                        "crv": { "const": "P-256" },
                        "x": { "type": "string", "pattern": "^[A-Za-z0-9_-]{43}$" },
                        "y": { "type": "string", "pattern": "^[A-Za-z0-9_-]{43}$" },
                        "d": { "type": "string", "pattern": "^[A-Za-z0-9_-]{43}$" }
                    },
                    "required": ["crv", "x", "y", "d"]
                }
            }"#;
            // The numbers of RFC 7518 §6.3: the modulus has 256 to 1024 bytes, and none begins with
            // a zero byte.
            r#"{
                "if": { "properties": { "alg": { "const": "RS256" } } },
                "then": {
                    "properties": {
                        "kty": { "const": "RSA" },
                        "n": { "type": "string", "pattern": "^(?!A[A-P])[A-Za-z0-9_-]{342,1366}$" },
                        "e": { "const": "AQAB" },
                        "d": { "type": "string", "pattern": "^(?!A[A-P])[A-Za-z0-9_-]+$" },
                        "p": { "type": "string", "pattern": "^(?!A[A-P])[A-Za-z0-9_-]+$" },
                        "q": { "type": "string", "pattern": "^(?!A[A-P])[A-Za-z0-9_-]+$" },
                        "dp": { "type": "string", "pattern": "^(?!A[A-P])[A-Za-z0-9_-]+$" },
                        "dq": { "type": "string", "pattern": "^(?!A[A-P])[A-Za-z0-9_-]+$" },
                        "qi": { "type": "string", "pattern": "^(?!A[A-P])[A-Za-z0-9_-]+$" }
                    },
                    "required": ["n", "e", "d", "p", "q", "dp", "dq", "qi"]
                }
            }"#;
        }
    }
}

reader! {
    /// A key type. Whether the algorithm needs this one is checked elsewhere.
    KeyTypeName(member, _) -> String,
    Shape::OneOf(&["EC", "RSA"]),
    member.text().map(str::to_owned)
}

reader! {
    /// The use of a key that signs.
    SignatureUse(member, _) -> (),
    Shape::OneOf(&["sig"]),
    if member.text()? == "sig" { Ok(()) } else { Err(member.error("must be sig")) }
}

reader! {
    /// A private key of a set.
    ListedKey(member, _) -> SigningKey,
    Shape::Object(KeyMembers::TABLE),
    SigningKey::read(&member.object()?)
}

reader! {
    /// The configured keys, each with a `kid` of its own.
    Keys(member, grants) -> Vec<SigningKey>,
    Shape::Object(KeySet::TABLE),
    {
        let keys = KeySet::read(&member.object()?, grants)?.keys;
        check_public_keys(&keys.iter().map(SigningKey::public).collect::<Vec<_>>())?;
        Ok(keys)
    }
}

fn check_key_type(object: &Object<'_>, alg: Algorithm, kty: &str) -> Result<(), Error> {
    if kty == KeyType::of(alg).kty() {
        Ok(())
    } else {
        Err(object.error("kty", "does not fit alg"))
    }
}

fn check_times(
    object: &Object<'_>,
    not_before: Option<u64>,
    expires: Option<u64>,
) -> Result<(), Error> {
    let ordered = expires.is_none_or(|end| not_before.unwrap_or_default() < end);
    if ordered { Ok(()) } else { Err(object.error("exp", "must be later than nbf")) }
}

/// A private key that ID tokens are signed with.
#[derive(Clone)]
pub struct SigningKey {
    public: PublicKey,
    private: Map<String, Value>,
}

/// The public part of a signing key.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// The key ID.
    pub kid: String,
    /// The only algorithm that the key is used with.
    pub alg: Algorithm,
    /// When it begins to sign (`nbf`), in seconds since the epoch; at once if there is none. The
    /// key is published before that.
    pub not_before: Option<u64>,
    /// When it stops signing (`exp`), in seconds since the epoch; never if there is none. The key
    /// stays published until the last ID token that it signed has expired.
    pub expires: Option<u64>,
    /// The public JWK without times.
    pub(super) members: Map<String, Value>,
}

impl SigningKey {
    /// Reads a private JWK: `kid`, `alg` (ES256 or RS256), the members of its key type, and
    /// optionally `nbf` and `exp`: the seconds since the epoch from which and until which it signs.
    /// Other members are left out.
    ///
    /// # Errors
    /// [`ErrorCode::Config`] naming the member that is missing or wrong.
    pub fn from_jwk(jwk: &Value) -> Result<Self, Error> {
        Self::read(&Object::root(ErrorCode::Config, "jwk", jwk)?)
    }

    fn read(object: &Object<'_>) -> Result<Self, Error> {
        let public = PublicKey::read(object)?;
        let private =
            KeyType::of(public.alg).private_members(object.members()).map_err(at(object))?;
        Ok(SigningKey { public, private })
    }

    /// The key ID.
    pub fn kid(&self) -> &str {
        &self.public.kid
    }

    /// The algorithm.
    pub fn alg(&self) -> Algorithm {
        self.public.alg
    }

    /// The private JWK as JSON text, ready for an import.
    pub fn jwk(&self) -> String {
        let mut jwk = self.public.jwk();
        if let Some(members) = jwk.as_object_mut() {
            members.extend(self.private.clone());
        }
        text_of(&jwk)
    }

    /// The public part.
    pub fn public(&self) -> PublicKey {
        self.public.clone()
    }
}

impl PublicKey {
    /// Reads a public JWK: `kid`, `alg` (ES256 or RS256), the public members of its key type, and
    /// optionally `nbf` and `exp`. Other members are left out.
    ///
    /// # Errors
    /// [`ErrorCode::Config`] naming the member that is missing or wrong.
    pub fn from_jwk(jwk: &Value) -> Result<Self, Error> {
        Self::read(&Object::root(ErrorCode::Config, "jwk", jwk)?)
    }

    fn read(object: &Object<'_>) -> Result<Self, Error> {
        let KeyMembers { kid, alg, not_before, expires } = KeyMembers::read(object, &[])?;
        if KeyType::read(object.members()).map_err(at(object))? != Some(KeyType::of(alg)) {
            return Err(object.error("crv", NOT_SUPPORTED));
        }
        let mut members = KeyType::of(alg).public_members(object.members()).map_err(at(object))?;
        for (name, value) in [("kid", kid.as_str()), ("alg", alg.as_str()), ("use", "sig")] {
            members.insert(name.to_owned(), value.into());
        }
        Ok(PublicKey { kid, alg, not_before, expires, members })
    }

    /// The public JWK as [`PublicKey::from_jwk`] reads it, with the times `nbf` and `exp`. The key
    /// set that the engine publishes does not have them.
    pub fn jwk(&self) -> Value {
        let mut members = self.members.clone();
        let times = [("nbf", self.not_before), ("exp", self.expires)];
        members.extend(
            times.into_iter().filter_map(|(name, time)| Some((name.to_owned(), time?.into()))),
        );
        Value::Object(members)
    }

    pub(super) fn signs_at(&self, now: u64) -> bool {
        self.not_before.is_none_or(|start| start <= now) && self.expires.is_none_or(|end| now < end)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public.alg.as_str())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} {})", self.alg.as_str(), self.kid)
    }
}

/// The error about a member of the key.
fn at<'a>(object: &'a Object<'_>) -> impl Fn(KeyProblem) -> Error + use<'a> {
    |KeyProblem { member, problem }| object.error(member, problem)
}

/// Fails if two keys have the same `kid`.
pub(super) fn check_public_keys(keys: &[PublicKey]) -> Result<(), Error> {
    for (i, key) in keys.iter().enumerate() {
        if keys.iter().take(i).any(|other| other.kid == key.kid) {
            return Err(Error::new(
                ErrorCode::Config,
                format!("jwks.keys[{i}].kid: another key already uses it"),
            ));
        }
    }
    Ok(())
}
