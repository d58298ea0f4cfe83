//! Certification paths (RFC 5280 §6), from a client's certificate to a root that the service trusts.
//! Whatever is not understood is refused.

use super::certificate::Certificate;
use crate::engine::context::Context;
use crate::engine::jose::PublicJwk;
use crate::engine::result_code::{self, Refusal, ResultCode};
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::oid::AssociatedOid;
use x509_cert::ext::pkix::{
    BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectAltName,
};

/// The most certificates that a client may show, its own among them.
pub(crate) const MOST_CERTIFICATES: usize = 5;
/// `id-kp-clientAuth` (RFC 5280 §4.2.1.12).
const CLIENT_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");
/// `anyExtendedKeyUsage`.
const ANY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");
/// `id-ce-nameConstraints` (RFC 5280 §4.2.1.10).
const NAME_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.30");
/// The extensions that are understood. Any other one that is critical is refused.
const UNDERSTOOD: [ObjectIdentifier; 4] =
    [BasicConstraints::OID, KeyUsage::OID, ExtendedKeyUsage::OID, SubjectAltName::OID];

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
        let (own, other) = (self.certificate.tbs(), other.tbs());
        own.subject() == other.subject()
            && own.subject_public_key_info() == other.subject_public_key_info()
    }

    fn has_issued(&self, other: &Certificate) -> bool {
        self.certificate.tbs().subject() == other.tbs().issuer()
    }
}

/// Fails if a certificate is not valid now (RFC 5280 §4.1.2.5).
pub(crate) fn check_validity(
    context: &Context<'_>,
    certificate: &Certificate,
) -> Result<(), &'static ResultCode> {
    let validity = certificate.tbs().validity();
    let now = context.now_seconds();
    if now < validity.not_before.to_unix_duration().as_secs() {
        return Err(result_code::CERTIFICATE_EARLY);
    }
    if now > validity.not_after.to_unix_duration().as_secs() {
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
        if issuer.tbs().subject() != last.tbs().issuer() {
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
        check_signature(context, below, &key).await?;
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
    let mut problem = Refusal::from(result_code::PATH_UNTRUSTED);
    // Several have the same name when one takes over from another.
    for root in roots.iter().filter(|root| root.has_issued(last)) {
        let usable = check_validity(context, &root.certificate).and_then(|()| {
            let allowed = is_authority(&root.certificate, below, false);
            allowed.then_some(()).ok_or(result_code::PATH_NOT_AUTHORITY)
        });
        let outcome = match usable {
            Ok(()) => check_signature(context, last, &root.key).await,
            Err(code) => Err(code.into()),
        };
        match outcome {
            Ok(()) => return Ok(()),
            Err(refusal) => problem = refusal,
        }
    }
    Err(problem)
}

/// Checks the client's own certificate, but for its signature.
fn check_leaf(context: &Context<'_>, leaf: &Certificate) -> Result<(), &'static ResultCode> {
    check_validity(context, leaf)?;
    check_extensions(leaf)?;
    // In TLS, the client signs (RFC 5280 §4.2.1.3), or agrees on a key.
    let usage = leaf.extension().map_err(|_| result_code::PATH_EXTENSION)?;
    let signs = usage.is_none_or(|KeyUsage(usage)| {
        usage.contains(KeyUsages::DigitalSignature) || usage.contains(KeyUsages::KeyAgreement)
    });
    if signs { check_purpose(leaf) } else { Err(result_code::PATH_PURPOSE) }
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
    let Ok(Some(BasicConstraints { ca, path_len_constraint })) = certificate.extension() else {
        return false;
    };
    let signs = match certificate.extension() {
        Ok(Some(KeyUsage(usage))) => usage.contains(KeyUsages::KeyCertSign),
        Ok(None) => !needs_usage,
        Err(_) => false,
    };
    ca && signs && path_len_constraint.is_none_or(|longest| below <= usize::from(longest))
}

/// Fails for extensions that would have to be understood.
fn check_extensions(certificate: &Certificate) -> Result<(), &'static ResultCode> {
    let understood = certificate
        .extensions()
        .iter()
        .all(|extension| !extension.critical || UNDERSTOOD.contains(&extension.extn_id));
    if understood && !certificate.has(NAME_CONSTRAINTS) {
        Ok(())
    } else {
        Err(result_code::PATH_EXTENSION)
    }
}

/// Fails if the extended key usage, where there is one, leaves out the authentication of clients.
fn check_purpose(certificate: &Certificate) -> Result<(), &'static ResultCode> {
    match certificate.extension() {
        Ok(None) => Ok(()),
        Ok(Some(ExtendedKeyUsage(purposes))) => {
            let fits = purposes.iter().any(|purpose| [CLIENT_AUTH, ANY_USAGE].contains(purpose));
            if fits { Ok(()) } else { Err(result_code::PATH_PURPOSE) }
        }
        Err(_) => Err(result_code::PATH_EXTENSION),
    }
}

/// Fails unless the certificate is signed with this key, by an algorithm that fits it.
async fn check_signature(
    context: &Context<'_>,
    certificate: &Certificate,
    key: &PublicJwk,
) -> Result<(), Refusal> {
    let (signed, alg, signature) = certificate.signature().ok_or(result_code::PATH_ALGORITHM)?;
    if !key.fits(alg) {
        return Err(result_code::PATH_ALGORITHM.into());
    }
    if context.verify(key, alg, signed, &signature).await? {
        Ok(())
    } else {
        Err(result_code::PATH_SIGNATURE.into())
    }
}
