//! Whom the certificate of a client must name (RFC 8705 §2.1.2).

use super::certificate::Certificate;
use super::element::{Element, tag};
use super::name::DistinguishedName;
use der::asn1::ObjectIdentifier;
use std::net::IpAddr;

/// `id-ce-subjectAltName` (RFC 5280 §4.2.1.6).
pub(super) const ALTERNATIVE_NAMES: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");
/// The kinds of alternative names.
const EMAIL: u8 = 0x81;
const DNS: u8 = 0x82;
const URI: u8 = 0x86;
const IP: u8 = 0x87;

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
            return name.is(&certificate.subject);
        }
        let names = certificate.extension(&ALTERNATIVE_NAMES).flatten();
        let names = names.and_then(|names| names.inside(tag::SEQUENCE)).unwrap_or_default();
        names.into_iter().any(|name| self.is(name))
    }

    fn is(&self, name: Element<'_>) -> bool {
        let bytes = name.value;
        match (self, name.tag) {
            (CertificateIdentity::Dns(dns), DNS) => bytes.eq_ignore_ascii_case(dns.as_bytes()),
            (CertificateIdentity::Uri(uri), URI) => bytes == uri.as_bytes(),
            (CertificateIdentity::Ip(IpAddr::V4(ip)), IP) => bytes == ip.octets(),
            (CertificateIdentity::Ip(IpAddr::V6(ip)), IP) => bytes == ip.octets(),
            (CertificateIdentity::Email(email), EMAIL) => {
                std::str::from_utf8(bytes).is_ok_and(|name| same_mailbox(email, name))
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
