//! What the assertions of a client are verified with: its public keys, and the algorithm that it is pinned to.

use super::client::AuthMethod;
use super::reader::{Member, NOT_SUPPORTED, Object};
use crate::engine::jose::{Algorithm, PublicJwk};
use crate::error::Error;

/// How many keys one assertion is tried with. Somebody who names no key must not have the engine try them all.
const MOST_TRIED: usize = 5;

/// The public keys of a client with `private_key_jwt`.
pub(crate) struct AssertionKeys {
    keys: Vec<PublicJwk>,
    /// The only algorithm that the client may use, if it is registered with one.
    alg: Option<Algorithm>,
}

impl AssertionKeys {
    /// Reads `jwks` and `token_endpoint_auth_signing_alg` (OpenID Connect Dynamic Client Registration §2). To a client that authenticates in
    /// another way, its keys mean nothing here.
    pub(crate) fn read(object: &Object<'_>, method: AuthMethod) -> Result<Option<Self>, Error> {
        let named = object.take("token_endpoint_auth_signing_alg");
        if method != AuthMethod::PrivateKeyJwt {
            return match named {
                Some(member) => Err(member.error("only for token_endpoint_auth_method private_key_jwt")),
                None => Ok(None),
            };
        }
        let alg = match &named {
            Some(member) => Some(Algorithm::parse(member.text()?).ok_or_else(|| member.error(NOT_SUPPORTED))?),
            None => None,
        };
        let Some(jwks) = object.take("jwks") else {
            let problem = "missing for token_endpoint_auth_method private_key_jwt (jwks_uri is not read)";
            return Err(object.error("jwks", problem));
        };
        let keys = AssertionKeys { keys: read_set(&jwks)?, alg };
        let usable = Algorithm::ALL.into_iter().any(|alg| keys.for_assertion(alg, None).next().is_some());
        match (usable, &named) {
            (true, _) => Ok(Some(keys)),
            (false, Some(alg)) => Err(alg.error("no key in jwks fits this algorithm")),
            (false, None) => Err(jwks.error("no key verifies ES256, RS256, PS256 or EdDSA")),
        }
    }

    /// The keys that an assertion with this header may be signed with: those of its `kid`, or all that fit its algorithm.
    pub(crate) fn for_assertion(&self, alg: Algorithm, kid: Option<&str>) -> impl Iterator<Item = &PublicJwk> {
        let allowed = self.alg.is_none_or(|pinned| pinned == alg);
        let named = move |key: &PublicJwk| kid.is_none() || key.kid() == kid;
        self.keys.iter().filter(move |key| allowed && key.fits(alg) && named(key)).take(MOST_TRIED)
    }
}

/// The keys of a set that are for signatures. Members of the set that mean nothing here are ignored (RFC 7517 §5).
fn read_set(jwks: &Member<'_>) -> Result<Vec<PublicJwk>, Error> {
    let mut keys = Vec::new();
    for member in jwks.object()?.need("keys")?.array()? {
        let object = member.object()?;
        keys.extend(PublicJwk::read(object.members()).map_err(|wrong| object.error(wrong.member, wrong.problem))?);
    }
    Ok(keys)
}
