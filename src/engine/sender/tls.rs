//! Tokens that are bound to the certificate of their client (RFC 8705 §3).

use crate::engine::client::Caller;
use crate::engine::context::Context;
use crate::engine::platform::Check;
use crate::engine::records::Confirmation;
use crate::engine::request::Evidence;
use crate::engine::result_code::{self, ResultCode};
use crate::engine::x509::Certificate;

/// The thumbprint of the certificate, if the client's tokens are bound to it. Only its form counts
/// here: it says nothing about who its owner is.
pub(super) fn thumbprint(
    context: &Context<'_>,
    evidence: &Evidence<'_>,
    caller: &Caller<'_>,
) -> Result<Option<String>, &'static ResultCode> {
    match evidence.certificate.filter(|_| binds(context, caller)) {
        Some(pem) => Certificate::from_pem(pem)
            .map(|certificate| Some(certificate.thumbprint()))
            .ok_or(result_code::BINDING_MALFORMED),
        None => Ok(None),
    }
}

/// Fails if the client's tokens are bound to its certificate, and the request had none. It is asked
/// last: a refresh token that is bound itself has its own refusal.
pub(crate) fn check_bound(
    context: &Context<'_>,
    caller: &Caller<'_>,
    confirmation: &Confirmation,
) -> Result<(), &'static ResultCode> {
    if !binds(context, caller) {
        return Ok(());
    }
    let bound = confirmation.x5t.as_ref().ok_or(result_code::BINDING_MISSING);
    context.check(Check::CertificateBinding, bound.map(|_| ()))
}

fn binds(context: &Context<'_>, caller: &Caller<'_>) -> bool {
    context.config.service.binds_to_certificates && caller.client.binds_to_certificates
}
