//! The JWS algorithms with a shared secret (RFC 7518 §3.2), and those that a client assertion may
//! have.

use super::Algorithm;

/// A JWS algorithm with a shared secret. It is a type of its own, so that a public key can't be
/// taken for a secret (RFC 8725 §2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MacAlgorithm {
    /// HMAC with SHA-256.
    HS256,
    /// HMAC with SHA-384.
    HS384,
    /// HMAC with SHA-512.
    HS512,
}

impl MacAlgorithm {
    /// Those that a client may use.
    pub const ALL: [MacAlgorithm; 3] =
        [MacAlgorithm::HS256, MacAlgorithm::HS384, MacAlgorithm::HS512];

    /// The value of `alg`.
    pub const fn as_str(self) -> &'static str {
        match self {
            MacAlgorithm::HS256 => "HS256",
            MacAlgorithm::HS384 => "HS384",
            MacAlgorithm::HS512 => "HS512",
        }
    }

    /// The length of every MAC in bytes, and the least length of a secret (RFC 7518 §3.2).
    pub const fn length(self) -> usize {
        match self {
            MacAlgorithm::HS256 => 32,
            MacAlgorithm::HS384 => 48,
            MacAlgorithm::HS512 => 64,
        }
    }
}

/// The algorithm of a client assertion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JwsAlgorithm {
    Signature(Algorithm),
    Mac(MacAlgorithm),
}

impl JwsAlgorithm {
    /// The values of `alg` that name one of them, such as in the metadata document.
    pub(crate) const NAMES: [&str; 14] = [
        "ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA",
        "Ed25519", "HS256", "HS384", "HS512",
    ];

    /// The value of `alg`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            JwsAlgorithm::Signature(alg) => alg.as_str(),
            JwsAlgorithm::Mac(alg) => alg.as_str(),
        }
    }

    /// The algorithm of an `alg` value.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mac = MacAlgorithm::ALL.into_iter().find(|alg| alg.as_str() == text);
        mac.map(JwsAlgorithm::Mac).or_else(|| Algorithm::parse(text).map(JwsAlgorithm::Signature))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_means_an_algorithm_and_none_means_no_signature() {
        assert!(JwsAlgorithm::NAMES.into_iter().all(|name| JwsAlgorithm::parse(name).is_some()));
        let macs = MacAlgorithm::ALL.map(MacAlgorithm::as_str);
        for name in Algorithm::NAMES.into_iter().chain(macs) {
            assert!(JwsAlgorithm::NAMES.contains(&name), "{name}");
        }
        for name in ["none", "hs256", "HS1", "HS224", ""] {
            assert_eq!(JwsAlgorithm::parse(name), None, "{name}");
        }
    }
}
