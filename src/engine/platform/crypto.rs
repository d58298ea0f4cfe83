//! Signatures: the one work of cryptography that the platform does, since it takes time and holds the private keys.

use super::{Boxed, Unavailable};
use crate::engine::jose::Algorithm;

/// The holder of the private keys.
pub trait Crypto {
    /// The JWS signature over `input` (RFC 7515 §5.1) by the private key named `kid`: for ES256 the 64 bytes of R and S
    /// (RFC 7518 §3.4), for RS256 the RSA signature.
    ///
    /// # Errors
    /// The future gives [`Unavailable`] if the key is not there or can't be used. Nothing is issued then.
    fn sign<'a>(&'a self, alg: Algorithm, kid: &'a str, input: &'a [u8]) -> Boxed<'a, Result<Vec<u8>, Unavailable>>;
}
