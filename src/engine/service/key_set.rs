//! The public keys of a client: written down in the configuration, or where they are fetched from.

use super::reader::{Member, Object};
use super::url;
use crate::engine::jose::PublicJwk;
use crate::error::Error;

/// The public keys of a client.
pub(crate) enum ClientKeys {
    /// `jwks`.
    Inline(Vec<PublicJwk>),
    /// `jwks_uri`: where the set is. It comes from the configuration only.
    Remote(String),
}

impl ClientKeys {
    /// Reads `jwks` or `jwks_uri`, one of which must be there, and not the other (RFC 7591 §2).
    /// `method` is the name of the authentication method that needs them.
    pub(super) fn read(object: &Object<'_>, method: &str) -> Result<Self, Error> {
        match (object.take("jwks"), object.take("jwks_uri")) {
            (Some(_), Some(_)) => Err(object.error("jwks_uri", "only without jwks")),
            (Some(jwks), None) => read_set(&jwks).map(ClientKeys::Inline),
            (None, Some(uri)) => url::secure(&uri).map(ClientKeys::Remote),
            (None, None) => {
                let problem =
                    format!("missing for token_endpoint_auth_method {method} (or jwks_uri)");
                Err(object.error("jwks", &problem))
            }
        }
    }
}

/// The keys of a set that are for signatures. Unknown members of the set are ignored (RFC 7517 §5).
pub(super) fn read_set(jwks: &Member<'_>) -> Result<Vec<PublicJwk>, Error> {
    read_each(jwks, |key, _| Ok(key))
}

/// The same, with what else is to be read of each key.
pub(super) fn read_each<T>(
    jwks: &Member<'_>,
    read: impl Fn(PublicJwk, &Object<'_>) -> Result<T, Error>,
) -> Result<Vec<T>, Error> {
    let mut keys = Vec::new();
    for member in jwks.object()?.need("keys")?.array()? {
        let jwk = member.object()?;
        let key = PublicJwk::read(jwk.members())
            .map_err(|wrong| jwk.error(wrong.member, wrong.problem))?;
        if let Some(key) = key {
            keys.push(read(key, &jwk)?);
        }
    }
    Ok(keys)
}
