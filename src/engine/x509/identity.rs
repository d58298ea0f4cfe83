//! Whom the certificate of a client must name (RFC 8705 §2.1.2).

use super::certificate::Certificate;
use super::name::DistinguishedName;
use std::net::IpAddr;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

/// The one name that a client with `tls_client_auth` is registered with.
pub(crate) enum CertificateIdentity {
    /// `tls_client_auth_subject_dn`.
    Subject(DistinguishedName),
    /// `tls_client_auth_san_dns`.
    Dns(String),
    /// `tls_client_auth_san_uri`.
    Uri(String),
    /// `tls_client_auth_san_ip`.
    Ip(IpAddr),
    /// `tls_client_auth_san_email`.
    Email(String),
}

impl CertificateIdentity {
    /// Whether it is in the certificate: as its subject, or as one of its alternative names. There
    /// are no wildcards.
    pub(crate) fn is_in(&self, certificate: &Certificate) -> bool {
        if let CertificateIdentity::Subject(name) = self {
            return name.is(certificate.tbs().subject());
        }
        let Ok(Some(SubjectAltName(names))) = certificate.extension() else { return false };
        names.iter().any(|name| self.is(name))
    }

    fn is(&self, name: &GeneralName) -> bool {
        match (self, name) {
            (CertificateIdentity::Dns(dns), GeneralName::DnsName(name)) => {
                name.as_str().eq_ignore_ascii_case(dns)
            }
            (CertificateIdentity::Uri(uri), GeneralName::UniformResourceIdentifier(name)) => {
                name.as_str() == uri
            }
            (CertificateIdentity::Ip(IpAddr::V4(ip)), GeneralName::IpAddress(name)) => {
                name.as_bytes() == ip.octets()
            }
            (CertificateIdentity::Ip(IpAddr::V6(ip)), GeneralName::IpAddress(name)) => {
                name.as_bytes() == ip.octets()
            }
            (CertificateIdentity::Email(email), GeneralName::Rfc822Name(name)) => {
                same_mailbox(email, name.as_str())
            }
            _ => false,
        }
    }
}

/// The part before the `@` has upper and lower case, the host has not (RFC 5280 §7.5).
fn same_mailbox(a: &str, b: &str) -> bool {
    match (a.rsplit_once('@'), b.rsplit_once('@')) {
        (Some((local, host)), Some((other, other_host))) => {
            local == other && host.eq_ignore_ascii_case(other_host)
        }
        _ => false,
    }
}
