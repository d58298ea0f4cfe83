//! Proof Key for Code Exchange (RFC 7636).

use crate::engine::hash::{base64url, same, sha256};
use crate::engine::records::{Challenge, ChallengeMethod};

impl ChallengeMethod {
    /// The method of a `code_challenge_method` parameter; `plain` without one (RFC 7636 §4.3).
    pub(crate) fn parse(text: Option<&str>) -> Option<Self> {
        match text {
            Some("S256") => Some(ChallengeMethod::S256),
            Some("plain") | None => Some(ChallengeMethod::Plain),
            Some(_) => None,
        }
    }

    /// The value of `code_challenge_method`.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            ChallengeMethod::S256 => "S256",
            ChallengeMethod::Plain => "plain",
        }
    }
}

impl Challenge {
    /// Whether the challenge has the form that its method requires.
    pub(crate) fn is_well_formed(&self) -> bool {
        let length = match self.method {
            ChallengeMethod::S256 => self.value.len() == 43,
            ChallengeMethod::Plain => true,
        };
        length && is_verifier(&self.value)
    }

    /// Whether the verifier is the one that the challenge was made from. Compared in constant time.
    pub(crate) fn is_met_by(&self, verifier: &str) -> bool {
        let transformed = match self.method {
            ChallengeMethod::S256 => base64url(&sha256(verifier.as_bytes())),
            ChallengeMethod::Plain => verifier.to_owned(),
        };
        same(&sha256(transformed.as_bytes()), &sha256(self.value.as_bytes()))
    }
}

/// 43 to 128 unreserved characters (RFC 7636 §4.1).
pub(crate) fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_7636_appendix_b_holds() {
        let challenge = Challenge {
            value: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".into(),
            method: ChallengeMethod::S256,
        };
        assert!(challenge.is_well_formed());
        assert!(challenge.is_met_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert!(!challenge.is_met_by("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
    }
}
