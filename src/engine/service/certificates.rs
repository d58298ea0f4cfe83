//! What the certificates of clients are checked against (RFC 8705 §2).

use super::auth_method::AuthMethod;
use super::key_set::read_each;
use super::macros::reader;
use super::reader::{Member, Object};
use crate::engine::jose::{PublicJwk, text_of};
use crate::engine::x509::{Certificate, CertificateIdentity, DistinguishedName, TrustedRoot};
use crate::error::Error;
use fluent_uri::Uri;
use fluent_uri::component::Host;
use std::net::IpAddr;

/// What is registered about the certificate of a client.
pub(crate) enum RegisteredCertificate {
    /// With `tls_client_auth`: whom it names.
    Name(CertificateIdentity),
    /// With `self_signed_tls_client_auth`: the certificates, or only their keys.
    Keys(Vec<RegisteredKey>),
}

/// A key of `jwks`.
pub(crate) struct RegisteredKey {
    key: PublicJwk,
    /// The first of `x5c` (RFC 7517 §4.7).
    certificate: Option<Certificate>,
}

/// Reads a name. An error says what is wrong.
type ReadName = fn(&str) -> Result<CertificateIdentity, &'static str>;

/// The members that register a name of the certificate (RFC 8705 §2.1.2).
const NAMES: [(&str, ReadName); 5] = [
    ("tls_client_auth_subject_dn", |text| {
        DistinguishedName::parse(text).map(CertificateIdentity::Subject)
    }),
    ("tls_client_auth_san_dns", |text| {
        let allowed = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
        let dns = (allowed && !text.is_empty()).then(|| CertificateIdentity::Dns(text.to_owned()));
        dns.ok_or("expected a DNS name")
    }),
    ("tls_client_auth_san_uri", |text| {
        Uri::parse(text).map_err(|_| "expected a URI")?;
        Ok(CertificateIdentity::Uri(text.to_owned()))
    }),
    ("tls_client_auth_san_ip", |text| {
        ip(text).map(CertificateIdentity::Ip).ok_or("expected an IP address")
    }),
    ("tls_client_auth_san_email", |text| {
        let (local, host) = text.rsplit_once('@').unwrap_or_default();
        let visible = text.bytes().all(|b| b.is_ascii_graphic());
        if visible && !local.is_empty() && !host.is_empty() {
            Ok(CertificateIdentity::Email(text.to_owned()))
        } else {
            Err("expected an e-mail address")
        }
    }),
];

impl RegisteredCertificate {
    /// Reads what the method of a client needs: with `tls_client_auth` exactly one of the names,
    /// with `self_signed_tls_client_auth` keys. With another method, there must be no name.
    pub(super) fn read(object: &Object<'_>, method: AuthMethod) -> Result<Option<Self>, Error> {
        let mut registered = None;
        for (name, read) in NAMES {
            let Some(member) = object.take(name) else { continue };
            let identity = read(member.text()?).map_err(|problem| member.error(problem))?;
            if method != AuthMethod::TlsClientAuth {
                return Err(member.error("only for token_endpoint_auth_method tls_client_auth"));
            }
            if registered.is_some() {
                let problem = "there is another name; tls_client_auth takes exactly one";
                return Err(member.error(problem));
            }
            registered = Some(RegisteredCertificate::Name(identity));
        }
        match method {
            AuthMethod::TlsClientAuth if registered.is_none() => Err(object.error(
                "tls_client_auth_subject_dn",
                "missing for token_endpoint_auth_method tls_client_auth (so is each tls_client_auth_san_…)",
            )),
            AuthMethod::SelfSignedTlsClientAuth => {
                read_keys(object).map(|keys| Some(RegisteredCertificate::Keys(keys)))
            }
            _ => Ok(registered),
        }
    }
}

/// The address, in its text form (RFC 3986 §3.2.2).
fn ip(text: &str) -> Option<IpAddr> {
    let host = if text.contains(':') { format!("[{text}]") } else { text.to_owned() };
    let uri = format!("ip://{host}");
    let authority = Uri::parse(uri.as_str()).ok()?.authority()?;
    match authority.host_parsed() {
        _ if authority.as_str() != host => None,
        Host::Ipv4(ip) => Some(ip.into()),
        Host::Ipv6(ip) => Some(ip.into()),
        _ => None,
    }
}

impl RegisteredKey {
    /// Whether a certificate is the registered one or, where none is, one with this key.
    pub(crate) fn is_of(&self, certificate: &Certificate) -> bool {
        match &self.certificate {
            Some(registered) => registered.digest() == certificate.digest(),
            None => certificate.key().is_some_and(|key| are_the_same(&key, &self.key)),
        }
    }
}

/// Whether two keys have the same numbers, whatever they say that they are for.
fn are_the_same(one: &PublicJwk, other: &PublicJwk) -> bool {
    text_of(&one.jwk()) == text_of(&other.jwk())
}

fn read_keys(object: &Object<'_>) -> Result<Vec<RegisteredKey>, Error> {
    if object.take("jwks_uri").is_some() {
        let problem = "not supported for token_endpoint_auth_method self_signed_tls_client_auth";
        return Err(object.error("jwks_uri", problem));
    }
    let Some(jwks) = object.take("jwks") else {
        let problem = "missing for token_endpoint_auth_method self_signed_tls_client_auth";
        return Err(object.error("jwks", problem));
    };
    let keys = read_each(&jwks, |key, jwk| {
        let certificate =
            jwk.take("x5c").map(|chain| read_certificate(&chain, &key)).transpose()?;
        Ok(RegisteredKey { key, certificate })
    })?;
    if keys.is_empty() {
        return Err(jwks.error("has no key of a supported type for signatures"));
    }
    Ok(keys)
}

/// The first certificate of `x5c`, in which the key must be.
fn read_certificate(chain: &Member<'_>, key: &PublicJwk) -> Result<Certificate, Error> {
    let elements = chain.array()?;
    let first = elements.first().ok_or_else(|| chain.error("empty"))?;
    let certificate = Certificate::from_base64(first.text()?)
        .ok_or_else(|| first.error("expected the base64 of an X.509 certificate"))?;
    if !certificate.key().is_some_and(|own| are_the_same(&own, key)) {
        return Err(first.error("not the certificate of this key"));
    }
    Ok(certificate)
}

reader! {
    /// The certificate of a certification authority.
    RootCertificate(member, _) -> TrustedRoot,
    Shape::Value { typescript: "string", schema: r#"{ "type": "string", "pattern": "^\\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\\s]+-----END CERTIFICATE-----\\s*$" }"# },
    {
        let certificate = Certificate::from_pem(member.text()?)
            .ok_or_else(|| member.error("expected one X.509 certificate in PEM form, of 16384 bytes at most"))?;
        TrustedRoot::new(certificate).map_err(|problem| member.error(problem))
    }
}

/// A member that [`RegisteredCertificate::read`] reads.
macro_rules! name_reader {
    ($(#[doc = $doc:literal])+ $name:ident, $schema:literal) => {
        reader! {
            $(#[doc = $doc])+
            $name(_member, _) -> (),
            Shape::Value { typescript: "string", schema: $schema },
            Ok(())
        }
    };
}

name_reader! {
    /// The subject of a certificate.
    SubjectName, r#"{ "type": "string", "pattern": "=" }"#
}
name_reader! {
    /// A name of the DNS, without wildcards.
    DnsName, r#"{ "type": "string", "pattern": "^[A-Za-z0-9._-]+$" }"#
}
name_reader! {
    /// A URI.
    UriName, r#"{ "type": "string", "pattern": "^[A-Za-z][A-Za-z0-9+.-]*:" }"#
}
name_reader! {
    /// An IP address.
    IpName, r#"{ "type": "string", "pattern": "^[0-9A-Fa-f:.]+$" }"#
}
name_reader! {
    /// An e-mail address.
    EmailName, r#"{ "type": "string", "pattern": "^[!-~]+@[!-~]+$" }"#
}
