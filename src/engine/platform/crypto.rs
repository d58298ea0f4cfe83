//! Signatures: the only cryptography that the platform does, since they take time, and the platform
//! holds the private keys.

use super::{Boxed, Unavailable};
use crate::engine::jose::{Algorithm, MacAlgorithm, PublicJwk};

/// The holder of the private keys, and the verifier of signatures that others make.
pub trait Crypto {
    /// The JWS signature over `input` (RFC 7515 §5.1) by the private key named `kid`: for ES256 the
    /// 64 bytes of R and S (RFC 7518 §3.4), for RS256 the RSA signature. The engine signs with no
    /// other algorithm.
    ///
    /// # Errors
    /// The future gives [`Unavailable`] if the key is not there or can't be used. Nothing is issued
    /// then.
    fn sign<'a>(
        &'a self,
        alg: Algorithm,
        kid: &'a str,
        input: &'a [u8],
    ) -> Boxed<'a, Result<Vec<u8>, Unavailable>>;

    /// Whether `signature` is the JWS signature over `input` by the private part of `key`, which
    /// fits the algorithm (RFC 7518 §3.3 to §3.5, RFC 8037 §3.1). A signature of ES256 or EdDSA has
    /// 64 bytes here. `false` also if the key can't be used, for example since its point is not on
    /// the curve: such a key proves nothing.
    ///
    /// # Errors
    /// The future gives [`Unavailable`] if signatures of this algorithm can't be verified at all.
    /// Nothing is issued then.
    fn verify<'a>(
        &'a self,
        key: &'a PublicJwk,
        alg: Algorithm,
        input: &'a [u8],
        signature: &'a [u8],
    ) -> Boxed<'a, Result<bool, Unavailable>>;

    /// Whether `mac`, of the algorithm's length, is the MAC over `input` with this secret
    /// (RFC 7518 §3.2). The comparison must take the same time wherever they differ.
    ///
    /// # Errors
    /// The future gives [`Unavailable`] if MACs of this algorithm can't be verified at all. Nothing
    /// is issued then.
    fn verify_mac<'a>(
        &'a self,
        secret: &'a [u8],
        alg: MacAlgorithm,
        input: &'a [u8],
        mac: &'a [u8],
    ) -> Boxed<'a, Result<bool, Unavailable>>;
}
