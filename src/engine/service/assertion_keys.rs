//! What the assertions of a client are verified with: its public keys or its secret, and the
//! algorithm that it must use.

use super::auth_method::AuthMethod;
use super::key_set::ClientKeys;
use super::reader::Object;
use crate::engine::jose::{Algorithm, JwsAlgorithm, MacAlgorithm, PublicJwk};
use crate::error::Error;

/// How many keys one assertion is tried with. A sender that names no key must not make the engine
/// try all of them.
const MOST_TRIED: usize = 5;

const PINNED: &str = "token_endpoint_auth_signing_alg";

/// What the assertions of a client are verified with.
pub(crate) enum AssertionKeys {
    /// `private_key_jwt`: its public keys, and the only algorithm that it may use, if it is
    /// registered with one.
    Public(ClientKeys, Option<Algorithm>),
    /// `client_secret_jwt`: its secret, and the only algorithm that it may use.
    Secret(String, Option<MacAlgorithm>),
}

impl AssertionKeys {
    /// Reads `jwks`, `jwks_uri` or `client_secret`, for `token_endpoint_auth_signing_alg` (OpenID
    /// Connect Dynamic Client Registration §2) if there is one. The keys of a client that
    /// authenticates in another way are ignored.
    pub(super) fn read(
        object: &Object<'_>,
        method: AuthMethod,
        alg: Option<JwsAlgorithm>,
    ) -> Result<Option<Self>, Error> {
        match method {
            AuthMethod::PrivateKeyJwt => public(object, method, alg).map(Some),
            AuthMethod::ClientSecretJwt => shared(object, alg),
            _ if alg.is_some() => {
                let problem =
                    "only for token_endpoint_auth_method private_key_jwt and client_secret_jwt";
                Err(object.error(PINNED, problem))
            }
            _ => Ok(None),
        }
    }

    /// The public keys, if the client may sign with this algorithm.
    pub(crate) fn public(&self, alg: Algorithm) -> Option<&ClientKeys> {
        match self {
            AssertionKeys::Public(set, pinned) if pinned.is_none_or(|own| own == alg) => Some(set),
            _ => None,
        }
    }

    /// The secret, if the client may use this algorithm and the secret is long enough for it
    /// (RFC 7518 §3.2).
    pub(crate) fn secret(&self, alg: MacAlgorithm) -> Option<&[u8]> {
        match self {
            AssertionKeys::Secret(secret, pinned) if pinned.is_none_or(|own| own == alg) => {
                Some(secret.as_bytes()).filter(|secret| secret.len() >= alg.length())
            }
            _ => None,
        }
    }
}

/// The keys that an assertion with this header may be signed with: those of its `kid`, or all that
/// fit its algorithm; but none of those that were tried `before`.
pub(crate) fn fitting<'a>(
    keys: &'a [PublicJwk],
    before: &'a [PublicJwk],
    alg: Algorithm,
    kid: Option<&'a str>,
) -> impl Iterator<Item = &'a PublicJwk> {
    let named = move |key: &PublicJwk| kid.is_none() || key.kid() == kid;
    let fits = move |key: &&PublicJwk| key.fits(alg) && named(key) && !before.contains(key);
    keys.iter().filter(fits).take(MOST_TRIED)
}

fn public(
    object: &Object<'_>,
    method: AuthMethod,
    alg: Option<JwsAlgorithm>,
) -> Result<AssertionKeys, Error> {
    let pinned = match alg {
        Some(JwsAlgorithm::Mac(_)) => {
            return Err(object.error(PINNED, "not for token_endpoint_auth_method private_key_jwt"));
        }
        Some(JwsAlgorithm::Signature(alg)) => Some(alg),
        None => None,
    };
    let set = ClientKeys::read(object, method.oauth_name())?;
    if let ClientKeys::Inline(keys) = &set {
        let usable = |alg| fitting(keys, &[], alg, None).next().is_some();
        match pinned {
            Some(alg) if !usable(alg) => {
                return Err(object.error(PINNED, "no key in jwks fits this algorithm"));
            }
            None if !Algorithm::ALL.into_iter().any(usable) => {
                return Err(object.error("jwks", "has no key for a supported algorithm"));
            }
            _ => {}
        }
    }
    Ok(AssertionKeys::Public(set, pinned))
}

/// `None` if there is no secret, which is an error elsewhere.
fn shared(object: &Object<'_>, alg: Option<JwsAlgorithm>) -> Result<Option<AssertionKeys>, Error> {
    let pinned = match alg {
        Some(JwsAlgorithm::Signature(_)) => {
            return Err(
                object.error(PINNED, "not for token_endpoint_auth_method client_secret_jwt")
            );
        }
        Some(JwsAlgorithm::Mac(alg)) => Some(alg),
        None => None,
    };
    let Some(secret) = object.text("client_secret")? else { return Ok(None) };
    let alg = pinned.unwrap_or(MacAlgorithm::HS256);
    if secret.len() < alg.length() {
        let problem =
            format!("too short for {}: expected {} bytes or more", alg.as_str(), alg.length());
        return Err(object.error("client_secret", &problem));
    }
    Ok(Some(AssertionKeys::Secret(secret.to_owned(), pinned)))
}
