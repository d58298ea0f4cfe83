//! Certification paths (RFC 5280 §6), from a client's certificate to a root that the service
//! trusts. Whatever is not understood is refused.

use super::certificate::Certificate;
use super::element::{Element, tag};
use super::identity::ALTERNATIVE_NAMES;
use crate::engine::context::Context;
use crate::engine::jose::PublicJwk;
use crate::engine::platform::Unavailable;
use crate::engine::result_code::{self, Refusal, ResultCode};
use der::asn1::ObjectIdentifier;

/// The most certificates that a client may show, its own among them.
pub(crate) const MOST_CERTIFICATES: usize = 5;
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

    /// Whether a certificate is this root: the same name and the same key (RFC 5280 §6.1.1 d).
    fn is(&self, other: &Certificate) -> bool {
        self.certificate.subject == other.subject && self.certificate.key_info == other.key_info
    }

    fn has_issued(&self, other: &Certificate) -> bool {
        self.certificate.subject == other.issuer
    }
}

/// Fails if a certificate is not valid now (RFC 5280 §4.1.2.5).
pub(crate) fn check_validity(
    context: &Context<'_>,
    certificate: &Certificate,
) -> Result<(), &'static ResultCode> {
    let now = context.now_seconds();
    if now < certificate.not_before {
        return Err(result_code::CERTIFICATE_EARLY);
    }
    if now > certificate.not_after {
        return Err(result_code::CERTIFICATE_EXPIRED);
    }
    Ok(())
}

/// Fails unless a path leads from the client's certificate over the others, each issued by the
/// next, to a trusted root. The root may be the last of them, or be left out.
pub(crate) async fn check_path(
    context: &Context<'_>,
    leaf: &Certificate,
    others: &[Certificate],
    roots: &[TrustedRoot],
) -> Result<(), Refusal> {
    // Some send the client's certificate a second time, as the beginning of the path.
    let others = match others {
        [first, rest @ ..] if first.digest() == leaf.digest() => rest,
        all => all,
    };
    if others.len() >= MOST_CERTIFICATES {
        return Err(result_code::PATH_TOO_LONG.into());
    }
    // What is above a trusted root proves nothing.
    let end = others.iter().position(|other| roots.iter().any(|root| root.is(other)));
    let between = others.get(..end.unwrap_or(others.len())).unwrap_or_default();
    check_leaf(context, leaf)?;
    let mut last = leaf;
    for (depth, issuer) in between.iter().enumerate() {
        if issuer.subject != last.issuer {
            return Err(result_code::PATH_BROKEN.into());
        }
        check_authority(context, issuer, depth)?;
        last = issuer;
    }
    anchor(context, last, between.len(), roots).await?;
    // From the root down: a key is used only once somebody vouches for it.
    let path: Vec<_> = [leaf].into_iter().chain(between).collect();
    for pair in path.windows(2).rev() {
        let [below, issuer] = pair else { continue };
        let key = issuer.key().ok_or(result_code::PATH_KEY)?;
        if let Some(problem) = signature_problem(context, below, &key).await? {
            return Err(problem.into());
        }
    }
    Ok(())
}

/// Fails unless a trusted root has issued the certificate, which stands on top of `below` others.
async fn anchor(
    context: &Context<'_>,
    last: &Certificate,
    below: usize,
    roots: &[TrustedRoot],
) -> Result<(), Refusal> {
    let mut problem = result_code::PATH_UNTRUSTED;
    // Several have the same name when one takes over from another.
    for root in roots.iter().filter(|root| root.has_issued(last)) {
        let usable = check_validity(context, &root.certificate);
        problem = match usable {
            Err(problem) => problem,
            Ok(()) if !is_authority(&root.certificate, below, false) => {
                result_code::PATH_NOT_AUTHORITY
            }
            Ok(()) => match signature_problem(context, last, &root.key).await? {
                None => return Ok(()),
                Some(problem) => problem,
            },
        };
    }
    Err(problem.into())
}

/// Checks the client's own certificate, but for its signature.
fn check_leaf(context: &Context<'_>, leaf: &Certificate) -> Result<(), &'static ResultCode> {
    check_validity(context, leaf)?;
    check_extensions(leaf)?;
    // In TLS, the client signs (RFC 5280 §4.2.1.3), or agrees on a key.
    match leaf.extension(&KEY_USAGE) {
        Some(usage) if !has_bit(usage, SIGNS) && !has_bit(usage, AGREES) => {
            Err(result_code::PATH_PURPOSE)
        }
        _ => check_purpose(leaf),
    }
}

/// Checks a certificate between the client's and the root, but for its signature. Below it there
/// are `below` others, without the client's.
fn check_authority(
    context: &Context<'_>,
    certificate: &Certificate,
    below: usize,
) -> Result<(), &'static ResultCode> {
    check_validity(context, certificate)?;
    check_extensions(certificate)?;
    if !is_authority(certificate, below, true) {
        return Err(result_code::PATH_NOT_AUTHORITY);
    }
    check_purpose(certificate)
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
fn check_extensions(certificate: &Certificate) -> Result<(), &'static ResultCode> {
    for extension in &certificate.extensions {
        let understood = UNDERSTOOD.iter().any(|oid| extension.is(oid));
        if extension.is_critical && !understood || extension.is(&NAME_CONSTRAINTS) {
            return Err(result_code::PATH_EXTENSION);
        }
    }
    Ok(())
}

/// Fails if the extended key usage, where there is one, leaves out the authentication of clients.
fn check_purpose(certificate: &Certificate) -> Result<(), &'static ResultCode> {
    let Some(usage) = certificate.extension(&EXTENDED_KEY_USAGE) else { return Ok(()) };
    let purposes = usage.and_then(|usage| usage.inside(tag::SEQUENCE));
    let purposes = purposes.ok_or(result_code::PATH_EXTENSION)?;
    let fits = |purpose: Element<'_>| {
        let oid = purpose.of(tag::OID);
        [CLIENT_AUTH, ANY_USAGE].iter().any(|known| oid == Some(known.as_bytes()))
    };
    if purposes.into_iter().any(fits) { Ok(()) } else { Err(result_code::PATH_PURPOSE) }
}

/// What is wrong with the signature of a certificate, if anything is: it must be by this key, and
/// by an algorithm that fits it.
async fn signature_problem(
    context: &Context<'_>,
    certificate: &Certificate,
    key: &PublicJwk,
) -> Result<Option<&'static ResultCode>, Unavailable> {
    let Some((signed, alg, signature)) =
        certificate.signature().filter(|(_, alg, _)| key.fits(*alg))
    else {
        return Ok(Some(result_code::PATH_ALGORITHM));
    };
    let is_good = context.verify(key, alg, signed, signature).await?;
    Ok((!is_good).then_some(result_code::PATH_SIGNATURE))
}
