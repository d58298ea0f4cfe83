//! Signing keys as JSON Web Keys (RFC 7517): what may stand in the configuration, and what the world may see of it.

use super::reader::{Member, NOT_SUPPORTED, Object};
use crate::engine::jose::{Algorithm, KeyProblem, KeyType};
use crate::error::{Error, ErrorCode};
use serde_json::{Map, Value};
use std::fmt;

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
    members: Map<String, Value>,
}

impl SigningKey {
    /// Reads a private JWK: `kid`, `alg` (ES256 or RS256), and the members of its key type. Other members are left out.
    ///
    /// # Errors
    /// [`ErrorCode::Config`] naming the member that is missing or wrong.
    pub fn from_jwk(jwk: &Value) -> Result<Self, Error> {
        Self::read(Object::root(ErrorCode::Config, "jwk", jwk)?)
    }

    pub(crate) fn from_member(member: &Member<'_>) -> Result<Self, Error> {
        Self::read(member.object()?)
    }

    fn read(object: Object<'_>) -> Result<Self, Error> {
        let public = PublicKey::read(&object)?;
        let private = KeyType::of(public.alg).private_members(object.members()).map_err(at(&object))?;
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
        let mut members = self.public.members.clone();
        members.extend(self.private.clone());
        Value::Object(members).to_string()
    }

    /// The public part.
    pub fn public(&self) -> PublicKey {
        self.public.clone()
    }
}

impl PublicKey {
    /// Reads a public JWK: `kid`, `alg` (ES256 or RS256), and the public members of its key type. Other members are left out.
    ///
    /// # Errors
    /// [`ErrorCode::Config`] naming the member that is missing or wrong.
    pub fn from_jwk(jwk: &Value) -> Result<Self, Error> {
        Self::read(&Object::root(ErrorCode::Config, "jwk", jwk)?)
    }

    fn read(object: &Object<'_>) -> Result<Self, Error> {
        let kid = object.need("kid")?.filled_text()?.to_owned();
        let alg = object.need("alg")?;
        let known = Algorithm::parse(alg.text()?).filter(|alg| alg.signs_id_tokens());
        let alg = known.ok_or_else(|| alg.error(NOT_SUPPORTED))?;
        let key_type = KeyType::of(alg);
        if object.need("kty")?.text()? != key_type.kty() {
            return Err(object.error("kty", "does not fit alg"));
        }
        if KeyType::read(object.members()).map_err(at(object))?.is_none() {
            return Err(object.error("crv", NOT_SUPPORTED));
        }
        if object.text("use")?.is_some_and(|usage| usage != "sig") {
            return Err(object.error("use", "not a signing key"));
        }
        let mut members = key_type.public_members(object.members()).map_err(at(object))?;
        for (name, value) in [("kid", kid.as_str()), ("alg", alg.as_str()), ("use", "sig")] {
            members.insert(name.to_owned(), value.into());
        }
        Ok(PublicKey { kid, alg, members })
    }

    /// The public JWK.
    pub fn jwk(&self) -> Value {
        Value::Object(self.members.clone())
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

/// Every key can be told from the others by its `kid`.
pub(crate) fn check_public_keys(keys: &[PublicKey]) -> Result<(), Error> {
    for (i, key) in keys.iter().enumerate() {
        if keys.iter().take(i).any(|other| other.kid == key.kid) {
            return Err(Error::new(ErrorCode::Config, format!("jwks.keys[{i}].kid: another key has the same")));
        }
    }
    Ok(())
}
