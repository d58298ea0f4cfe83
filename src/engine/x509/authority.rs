//! What a certificate must be for a certification path (RFC 5280 §6), but for its signature.
//! Whatever is not understood is refused.

use super::certificate::Certificate;
use super::element::{Element, tag};
use super::identity::ALTERNATIVE_NAMES;
use crate::engine::jose::PublicJwk;
use der::asn1::ObjectIdentifier;

/// `id-kp-clientAuth` (RFC 5280 §4.2.1.12).
const CLIENT_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");
/// `anyExtendedKeyUsage`.
const ANY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");
/// `id-ce-nameConstraints` (RFC 5280 §4.2.1.10).
const NAME_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.30");
/// `id-ce-basicConstraints` (RFC 5280 §4.2.1.9).
const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");
/// `id-ce-keyUsage` (RFC 5280 §4.2.1.3).
const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
/// The bits of it: `digitalSignature`, `keyAgreement` and `keyCertSign`.
const SIGNS: usize = 0;
const AGREES: usize = 4;
const SIGNS_CERTIFICATES: usize = 5;
/// `id-ce-extKeyUsage` (RFC 5280 §4.2.1.12).
const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");
/// The extensions that are understood. Any other one that is critical is refused.
const UNDERSTOOD: [ObjectIdentifier; 4] =
    [BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE, ALTERNATIVE_NAMES];

/// Why a certificate can't be part of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// It is not valid yet.
    Early,
    Expired,
    /// It has an extension that would have to be understood, or a malformed one.
    Extension,
    /// Its key is not for the authentication of clients.
    Purpose,
    /// It may not issue others, or not for a path of this length.
    NotAuthority,
}

/// A certificate whose key is trusted because the service says so.
pub(crate) struct TrustedRoot {
    certificate: Certificate,
    key: PublicJwk,
}

impl TrustedRoot {
    /// Fails, and says why, for a certificate that could never be the root of a path.
    pub(crate) fn new(certificate: Certificate) -> Result<Self, &'static str> {
        if !is_authority(&certificate, 0, false) {
            return Err("not a CA certificate (CA:TRUE, and keyCertSign if it has a key usage)");
        }
        if check_extensions(&certificate).is_err() {
            return Err("has name constraints or a critical extension that is not supported");
        }
        let key = certificate.key().ok_or("has a key of a type or size that is not supported")?;
        Ok(TrustedRoot { certificate, key })
    }

    /// The key that it signs with.
    pub(crate) fn key(&self) -> &PublicJwk {
        &self.key
    }

    /// Whether a certificate is this root: the same name and the same key (RFC 5280 §6.1.1 d).
    pub(crate) fn is(&self, other: &Certificate) -> bool {
        self.certificate.subject == other.subject && self.certificate.key_info == other.key_info
    }

    /// Whether a certificate names this root as its issuer.
    pub(crate) fn has_issued(&self, other: &Certificate) -> bool {
        self.certificate.has_issued(other)
    }

    /// Fails unless it may be the root of a path now, with `below` certificates between it and the
    /// client's.
    pub(crate) fn check(&self, now: u64, below: usize) -> Result<(), Flaw> {
        self.certificate.check_validity(now)?;
        if is_authority(&self.certificate, below, false) { Ok(()) } else { Err(Flaw::NotAuthority) }
    }
}

/// Moments are seconds since the epoch.
impl Certificate {
    /// Whether another certificate names this one as its issuer.
    pub(crate) fn has_issued(&self, other: &Certificate) -> bool {
        self.subject == other.issuer
    }

    /// Fails if it is not valid now (RFC 5280 §4.1.2.5).
    pub(crate) fn check_validity(&self, now: u64) -> Result<(), Flaw> {
        if now < self.not_before {
            return Err(Flaw::Early);
        }
        if now > self.not_after { Err(Flaw::Expired) } else { Ok(()) }
    }

    /// Fails unless it can be a client's own.
    pub(crate) fn check_leaf(&self, now: u64) -> Result<(), Flaw> {
        self.check_validity(now)?;
        check_extensions(self)?;
        // In TLS, the client signs (RFC 5280 §4.2.1.3), or agrees on a key.
        match self.extension(&KEY_USAGE) {
            Some(usage) if !has_bit(usage, SIGNS) && !has_bit(usage, AGREES) => Err(Flaw::Purpose),
            _ => check_purpose(self),
        }
    }

    /// Fails unless it can be between the client's and the root, with `below` others between it and
    /// the client's.
    pub(crate) fn check_authority(&self, now: u64, below: usize) -> Result<(), Flaw> {
        self.check_validity(now)?;
        check_extensions(self)?;
        if !is_authority(self, below, true) {
            return Err(Flaw::NotAuthority);
        }
        check_purpose(self)
    }
}

/// Whether a certificate may sign others (RFC 5280 §4.2.1.3, §4.2.1.9), with `below` others between
/// it and the client's. A root that says nothing about the usage of its key may: it is trusted
/// already.
fn is_authority(certificate: &Certificate, below: usize, needs_usage: bool) -> bool {
    let signs = certificate
        .extension(&KEY_USAGE)
        .map_or(!needs_usage, |usage| has_bit(usage, SIGNS_CERTIFICATES));
    let constraints = certificate.extension(&BASIC_CONSTRAINTS).flatten();
    let constraints = constraints.and_then(|constraints| constraints.inside(tag::SEQUENCE));
    signs
        && match constraints.as_deref() {
            Some([ca]) => is_true(*ca),
            Some([ca, longest]) => is_true(*ca) && is_at_most(below, *longest),
            _ => false,
        }
}

fn is_true(element: Element<'_>) -> bool {
    element.of(tag::BOOLEAN) == Some(&[0xff])
}

/// Whether a length is within what a number allows. One of more than a byte allows everything here.
fn is_at_most(length: usize, number: Element<'_>) -> bool {
    match number.unsigned() {
        Some([longest]) => length <= usize::from(*longest),
        Some(_) => true,
        None => false,
    }
}

/// Whether a bit is set in a bit string.
fn has_bit(bits: Option<Element<'_>>, bit: usize) -> bool {
    let value = bits.and_then(|bits| bits.of(tag::BIT_STRING)).unwrap_or_default();
    // The first byte says how many bits of the last one are not used.
    value.get(1 + bit / 8).is_some_and(|byte| byte & (0x80 >> (bit % 8)) != 0)
}

/// Fails for extensions that would have to be understood.
fn check_extensions(certificate: &Certificate) -> Result<(), Flaw> {
    for extension in &certificate.extensions {
        let understood = UNDERSTOOD.iter().any(|oid| extension.is(oid));
        if extension.is_critical && !understood || extension.is(&NAME_CONSTRAINTS) {
            return Err(Flaw::Extension);
        }
    }
    Ok(())
}

/// Fails if the extended key usage, where there is one, leaves out the authentication of clients.
fn check_purpose(certificate: &Certificate) -> Result<(), Flaw> {
    let Some(usage) = certificate.extension(&EXTENDED_KEY_USAGE) else { return Ok(()) };
    let purposes = usage.and_then(|usage| usage.inside(tag::SEQUENCE));
    let purposes = purposes.ok_or(Flaw::Extension)?;
    let fits = |purpose: Element<'_>| {
        let oid = purpose.of(tag::OID);
        [CLIENT_AUTH, ANY_USAGE].iter().any(|known| oid == Some(known.as_bytes()))
    };
    if purposes.into_iter().any(fits) { Ok(()) } else { Err(Flaw::Purpose) }
}
