//! The JWS algorithms (RFC 7518 §3, RFC 8037 §3.1).

use serde::{Deserialize, Serialize};

/// A JWS algorithm. Every one has a public and a private key: an algorithm with a shared secret is
/// not among them, and neither is `none`, so that a public key can't be taken for a secret, or a
/// missing signature for a good one (RFC 8725 §2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// ECDSA on P-384 with SHA-384. Like all below except RS256, for signatures of clients only.
    ES384,
    /// ECDSA on P-521 with SHA-512.
    ES512,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RS256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    RS384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    RS512,
    /// RSASSA-PSS with SHA-256, MGF1 with SHA-256, and a salt of 32 bytes.
    PS256,
    /// RSASSA-PSS with SHA-384, MGF1 with SHA-384, and a salt of 48 bytes.
    PS384,
    /// RSASSA-PSS with SHA-512, MGF1 with SHA-512, and a salt of 64 bytes.
    PS512,
    /// Ed25519, by this name (RFC 8037 §3.1) or by its own (RFC 9864 §2.2).
    EdDSA,
}

impl Algorithm {
    /// Those that a client may sign with.
    pub const ALL: [Algorithm; 10] = [
        Algorithm::ES256,
        Algorithm::ES384,
        Algorithm::ES512,
        Algorithm::RS256,
        Algorithm::RS384,
        Algorithm::RS512,
        Algorithm::PS256,
        Algorithm::PS384,
        Algorithm::PS512,
        Algorithm::EdDSA,
    ];

    /// The values of `alg` that name one of them, such as in the metadata document.
    pub const NAMES: [&str; 11] = [
        "ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA",
        "Ed25519",
    ];

    /// The value of `alg`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Algorithm::ES256 => "ES256",
            Algorithm::ES384 => "ES384",
            Algorithm::ES512 => "ES512",
            Algorithm::RS256 => "RS256",
            Algorithm::RS384 => "RS384",
            Algorithm::RS512 => "RS512",
            Algorithm::PS256 => "PS256",
            Algorithm::PS384 => "PS384",
            Algorithm::PS512 => "PS512",
            Algorithm::EdDSA => "EdDSA",
        }
    }

    /// The algorithm of an `alg` value.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "Ed25519" {
            return Some(Algorithm::EdDSA);
        }
        Self::ALL.into_iter().find(|alg| alg.as_str() == text)
    }

    /// The length of every signature in bytes, where it is the same for all keys (RFC 7518 §3.4,
    /// RFC 8032 §5.1.6).
    pub(crate) const fn signature_length(self) -> Option<usize> {
        match self {
            Algorithm::ES256 | Algorithm::EdDSA => Some(64),
            Algorithm::ES384 => Some(96),
            Algorithm::ES512 => Some(132),
            _ => None,
        }
    }

    /// Whether the engine signs with it: ID tokens are signed with ES256 or RS256.
    pub const fn signs_id_tokens(self) -> bool {
        matches!(self, Algorithm::ES256 | Algorithm::RS256)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_means_an_algorithm_and_every_algorithm_has_one() {
        assert!(Algorithm::NAMES.into_iter().all(|name| Algorithm::parse(name).is_some()));
        assert!(Algorithm::ALL.into_iter().all(|alg| Algorithm::NAMES.contains(&alg.as_str())));
        for name in ["none", "HS256", "eddsa", "Ed448", ""] {
            assert_eq!(Algorithm::parse(name), None, "{name}");
        }
    }
}
