//! Mutual TLS: `tls_client_auth` and `self_signed_tls_client_auth` (RFC 8705 §2). The connection
//! has shown that the sender has the private key of the certificate.

use super::Caller;
use super::certification_path::{MOST_CERTIFICATES, check_path, code_of};
use crate::engine::context::Context;
use crate::engine::platform::Check;
use crate::engine::request::Evidence;
use crate::engine::result_code::{self, Refusal, ResultCode};
use crate::engine::service::{Config, RegisteredCertificate};
use crate::engine::x509::Certificate;

/// Whether a request without other credentials authenticates by its certificate: one of a client
/// that is registered so. With others, a certificate is there for nothing or for binding tokens to
/// it (RFC 8705 §3). An unknown client takes as long as a known one.
pub(super) fn is_used(config: &Config, evidence: &Evidence<'_>, id: &str) -> bool {
    let no_secret = evidence.header_secret.is_none() && evidence.form_secret.is_none();
    no_secret
        && config
            .client(id)
            .map_or(evidence.certificate.is_some(), |client| client.auth_method.has_certificate())
}

/// The client of a request, if its certificate is the client's. The answer to all others is the
/// same.
pub(super) async fn authenticate<'a>(
    context: &Context<'a>,
    evidence: &Evidence<'_>,
    id: &str,
) -> Result<Caller<'a>, Refusal> {
    let certificate = context.part(Check::ClientCertificate, certificate(context, evidence))?;
    let client = context.config.client(id);
    let registered = client.and_then(|client| client.certificate.as_ref());
    let service = &context.config.service;
    if service.validates_certificates && !matches!(registered, Some(RegisteredCertificate::Keys(_)))
    {
        let path = context.part(Check::CertificationPath, path(evidence.certificate_path))?;
        let checked = check_path(context, &certificate, &path, &service.trusted_roots).await;
        context.check(Check::CertificationPath, checked)?;
    }
    let owner = match (client, registered) {
        (Some(client), Some(registered)) => {
            check_registered(registered, &certificate).map(|()| client)
        }
        _ => Err(result_code::CLIENT_INVALID),
    };
    let client = context.check(Check::ClientCertificate, owner)?;
    Ok(Caller { client, id: id.to_owned() })
}

/// The certificate of the connection, if it is valid now.
fn certificate(
    context: &Context<'_>,
    evidence: &Evidence<'_>,
) -> Result<Certificate, &'static ResultCode> {
    let pem = evidence.certificate.ok_or(result_code::CERTIFICATE_MISSING)?;
    let certificate = Certificate::from_pem(pem).ok_or(result_code::CERTIFICATE_MALFORMED)?;
    certificate.check_validity(context.now_seconds()).map_err(code_of)?;
    Ok(certificate)
}

fn path(path: &[String]) -> Result<Vec<Certificate>, &'static ResultCode> {
    if path.len() > MOST_CERTIFICATES {
        return Err(result_code::PATH_TOO_LONG);
    }
    let mut certificates = Vec::new();
    for pem in path {
        certificates.push(Certificate::from_pem(pem).ok_or(result_code::CERTIFICATE_MALFORMED)?);
    }
    Ok(certificates)
}

fn check_registered(
    registered: &RegisteredCertificate,
    certificate: &Certificate,
) -> Result<(), &'static ResultCode> {
    match registered {
        RegisteredCertificate::Name(name) if name.is_in(certificate) => Ok(()),
        RegisteredCertificate::Name(_) => Err(result_code::CERTIFICATE_NAME),
        RegisteredCertificate::Keys(keys) if keys.iter().any(|key| key.is_of(certificate)) => {
            Ok(())
        }
        RegisteredCertificate::Keys(_) => Err(result_code::CERTIFICATE_KEY),
    }
}
