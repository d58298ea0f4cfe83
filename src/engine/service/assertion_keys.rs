//! What the assertions of a client are verified with: its public keys, and the algorithm that it
//! must use.

use super::auth_method::AuthMethod;
use super::reader::{Member, Object};
use crate::engine::jose::{Algorithm, PublicJwk};
use crate::error::Error;

/// How many keys one assertion is tried with. A sender that names no key must not make the engine
/// try all of them.
const MOST_TRIED: usize = 5;

/// The public keys of a client with `private_key_jwt`.
pub(crate) struct AssertionKeys {
    keys: Vec<PublicJwk>,
    /// The only algorithm that the client may use, if it is registered with one.
    alg: Option<Algorithm>,
}

impl AssertionKeys {
    /// Reads `jwks`, for `token_endpoint_auth_signing_alg` (OpenID Connect Dynamic Client
    /// Registration §2) if there is one. The keys of a client that authenticates in another way are
    /// ignored.
    pub(super) fn read(
        object: &Object<'_>,
        method: AuthMethod,
        alg: Option<Algorithm>,
    ) -> Result<Option<Self>, Error> {
        let wrong_alg = |problem| Err(object.error("token_endpoint_auth_signing_alg", problem));
        if method != AuthMethod::PrivateKeyJwt {
            return match alg {
                Some(_) => wrong_alg("only for token_endpoint_auth_method private_key_jwt"),
                None => Ok(None),
            };
        }
        let Some(jwks) = object.take("jwks") else {
            let problem =
                "missing for token_endpoint_auth_method private_key_jwt (jwks_uri is not read)";
            return Err(object.error("jwks", problem));
        };
        let keys = AssertionKeys { keys: read_set(&jwks)?, alg };
        let usable =
            Algorithm::ALL.into_iter().any(|alg| keys.for_assertion(alg, None).next().is_some());
        match (usable, alg) {
            (true, _) => Ok(Some(keys)),
            (false, Some(_)) => wrong_alg("no key in jwks fits this algorithm"),
            (false, None) => Err(jwks.error("has no key for a supported algorithm")),
        }
    }

    /// The keys that an assertion with this header may be signed with: those of its `kid`, or all
    /// that fit its algorithm.
    pub(crate) fn for_assertion(
        &self,
        alg: Algorithm,
        kid: Option<&str>,
    ) -> impl Iterator<Item = &PublicJwk> {
        let allowed = self.alg.is_none_or(|pinned| pinned == alg);
        let named = move |key: &PublicJwk| kid.is_none() || key.kid() == kid;
        self.keys.iter().filter(move |key| allowed && key.fits(alg) && named(key)).take(MOST_TRIED)
    }
}

/// The keys of a set that are for signatures. Unknown members of the set are ignored (RFC 7517 §5).
fn read_set(jwks: &Member<'_>) -> Result<Vec<PublicJwk>, Error> {
    let mut keys = Vec::new();
    for member in jwks.object()?.need("keys")?.array()? {
        let object = member.object()?;
        keys.extend(
            PublicJwk::read(object.members())
                .map_err(|wrong| object.error(wrong.member, wrong.problem))?,
        );
    }
    Ok(keys)
}
