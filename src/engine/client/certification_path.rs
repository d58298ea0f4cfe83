//! Certification paths (RFC 5280 §6), from a client's certificate to a root that the service
//! trusts.

use crate::engine::context::Context;
use crate::engine::jose::PublicJwk;
use crate::engine::platform::Unavailable;
use crate::engine::result_code::{self, Refusal, ResultCode};
use crate::engine::x509::{Certificate, Flaw, TrustedRoot};

/// The most certificates that a client may show, its own among them.
pub(super) const MOST_CERTIFICATES: usize = 5;

/// What a flaw is called.
pub(super) fn code_of(flaw: Flaw) -> &'static ResultCode {
    match flaw {
        Flaw::Early => result_code::CERTIFICATE_EARLY,
        Flaw::Expired => result_code::CERTIFICATE_EXPIRED,
        Flaw::Extension => result_code::PATH_EXTENSION,
        Flaw::Purpose => result_code::PATH_PURPOSE,
        Flaw::NotAuthority => result_code::PATH_NOT_AUTHORITY,
    }
}

/// Fails unless a path leads from the client's certificate over the others, each issued by the
/// next, to a trusted root. The root may be the last of them, or be left out.
pub(super) async fn check_path(
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
    let now = context.now_seconds();
    leaf.check_leaf(now).map_err(code_of)?;
    let mut last = leaf;
    for (depth, issuer) in between.iter().enumerate() {
        if !issuer.has_issued(last) {
            return Err(result_code::PATH_BROKEN.into());
        }
        issuer.check_authority(now, depth).map_err(code_of)?;
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
        problem = match root.check(context.now_seconds(), below) {
            Err(flaw) => code_of(flaw),
            Ok(()) => match signature_problem(context, last, root.key()).await? {
                None => return Ok(()),
                Some(problem) => problem,
            },
        };
    }
    Err(problem.into())
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
