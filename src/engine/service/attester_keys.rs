//! The keys of client attesters: of those who vouch for the instances of a client
//! (draft-ietf-oauth-attestation-based-client-auth-08 §3).

use super::assertion_keys::fitting;
use super::auth_method::AuthMethod;
use super::key_set::read_set;
use super::macros::reader;
use super::reader::Object;
use crate::engine::jose::{Algorithm, PublicJwk};
use crate::error::Error;

/// The public keys of client attesters.
pub(crate) struct AttesterKeys(Vec<PublicJwk>);

impl AttesterKeys {
    /// The keys that an attestation with this header may be signed with: those of its `kid`, or all
    /// that fit its algorithm.
    pub(crate) fn for_attestation<'a>(
        &'a self,
        alg: Algorithm,
        kid: Option<&'a str>,
    ) -> impl Iterator<Item = &'a PublicJwk> {
        fitting(&self.0, &[], alg, kid)
    }
}

reader! {
    /// A JWK set of attesters.
    AttesterJwks(member, _) -> AttesterKeys,
    Shape::Value {
        typescript: "{
    /**
     * The keys, as JWKs (RFC 7517 §4), of the types and sizes that client assertions may have.
     * Others are skipped. A private key is an error.
     */
    readonly keys: readonly object[];
  }",
        schema: r#"{
            "type": "object",
            "properties": { "keys": { "type": "array", "minItems": 1, "items": { "type": "object" } } },
            "required": ["keys"]
        }"#,
    },
    {
        let keys = read_set(member)?;
        if keys.is_empty() {
            Err(member.error("has no key for a supported algorithm"))
        } else {
            Ok(AttesterKeys(keys))
        }
    }
}

/// Only a client that authenticates with attestations has attesters.
pub(super) fn check_attesters(
    object: &Object<'_>,
    method: AuthMethod,
    keys: Option<&AttesterKeys>,
) -> Result<(), Error> {
    if keys.is_some() && method != AuthMethod::AttestJwtClientAuth {
        let problem = "only for token_endpoint_auth_method attest_jwt_client_auth";
        return Err(object.error("client_attester_jwks", problem));
    }
    Ok(())
}
