//! Signing keys as JSON Web Keys (RFC 7517): what may stand in the configuration, and what the world may see of it.

use super::reader::{Member, NOT_SUPPORTED, Object};
use crate::engine::hash::from_base64url;
use crate::engine::jose::Algorithm;
use crate::error::{Error, ErrorCode};
use serde_json::{Map, Value};
use std::fmt;

const EC_PUBLIC: &[&str] = &["crv", "x", "y"];
const EC_PRIVATE: &[&str] = &["d"];
const RSA_PUBLIC: &[&str] = &["n", "e"];
const RSA_PRIVATE: &[&str] = &["d", "p", "q", "dp", "dq", "qi"];
/// RFC 7518 §3.3: keys of 2048 bits or more.
const RSA_MINIMUM_BYTES: usize = 256;

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
        let names = if public.alg == Algorithm::ES256 { EC_PRIVATE } else { RSA_PRIVATE };
        let mut private = Map::new();
        read_members(&object, public.alg, names, &mut private)?;
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
        let alg = Algorithm::parse(alg.text()?).ok_or_else(|| alg.error(NOT_SUPPORTED))?;
        let (kty, names) = match alg {
            Algorithm::ES256 => ("EC", EC_PUBLIC),
            Algorithm::RS256 => ("RSA", RSA_PUBLIC),
        };
        if object.need("kty")?.text()? != kty {
            return Err(object.error("kty", "does not fit alg"));
        }
        if object.text("use")?.is_some_and(|usage| usage != "sig") {
            return Err(object.error("use", "not a signing key"));
        }
        let common = [("kty", kty), ("kid", &kid), ("alg", alg.as_str()), ("use", "sig")];
        let mut members: Map<String, Value> =
            common.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect();
        read_members(object, alg, names, &mut members)?;
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

fn read_members(
    object: &Object<'_>,
    alg: Algorithm,
    names: &[&str],
    members: &mut Map<String, Value>,
) -> Result<(), Error> {
    for &name in names {
        members.insert(name.to_owned(), read_member(object, alg, name)?);
    }
    Ok(())
}

/// One parameter of the key. The sizes are those of RFC 7518 §6.2 and §6.3.
fn read_member(object: &Object<'_>, alg: Algorithm, name: &str) -> Result<Value, Error> {
    let member = object.need(name)?;
    let text = member.filled_text()?;
    if name == "crv" {
        return if text == "P-256" { Ok(text.into()) } else { Err(member.error(NOT_SUPPORTED)) };
    }
    let bytes = from_base64url(text).ok_or_else(|| member.error("expected base64url"))?;
    match (alg, name) {
        (Algorithm::ES256, _) if bytes.len() != 32 => Err(member.error("expected 32 bytes")),
        (Algorithm::RS256, "n") if bytes.len() < RSA_MINIMUM_BYTES => Err(member.error("shorter than 2048 bits")),
        _ => Ok(text.into()),
    }
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
