//! What the certificates of clients are checked against (RFC 8705 §2).

use super::auth_method::AuthMethod;
use super::macros::reader;
use super::reader::{Member, Object};
use crate::engine::jose::PublicJwk;
use crate::engine::x509::{Certificate, CertificateIdentity, DistinguishedName, TrustedRoot};
use crate::error::Error;
use base64ct::{Base64, Encoding};
use fluent_uri::Uri;
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

impl RegisteredCertificate {
    /// Reads what the method of a client needs. `names` are the five members with names, of which
    /// one is needed for `tls_client_auth`, and none otherwise (RFC 8705 §2.1.2).
    pub(super) fn read(
        object: &Object<'_>,
        method: AuthMethod,
        names: [(&str, Option<CertificateIdentity>); 5],
    ) -> Result<Option<Self>, Error> {
        let mut registered = None;
        for (member, identity) in names {
            let Some(identity) = identity else { continue };
            if method != AuthMethod::TlsClientAuth {
                let problem = "only for token_endpoint_auth_method tls_client_auth";
                return Err(object.error(member, problem));
            }
            if registered.replace(identity).is_some() {
                let problem = "there is another name; tls_client_auth takes exactly one";
                return Err(object.error(member, problem));
            }
        }
        match (method, registered) {
            (AuthMethod::TlsClientAuth, None) => Err(object.error(
                "tls_client_auth_subject_dn",
                "missing for token_endpoint_auth_method tls_client_auth (so is each tls_client_auth_san_…)",
            )),
            (AuthMethod::SelfSignedTlsClientAuth, _) => {
                read_keys(object).map(|keys| Some(RegisteredCertificate::Keys(keys)))
            }
            (_, identity) => Ok(identity.map(RegisteredCertificate::Name)),
        }
    }
}

impl RegisteredKey {
    /// Whether a certificate is the registered one or, where none is, one with this key.
    pub(crate) fn is_of(&self, certificate: &Certificate) -> bool {
        match &self.certificate {
            Some(registered) => registered.digest() == certificate.digest(),
            None => certificate.key().is_some_and(|key| key.jwk() == self.key.jwk()),
        }
    }
}

fn read_keys(object: &Object<'_>) -> Result<Vec<RegisteredKey>, Error> {
    let Some(jwks) = object.take("jwks") else {
        let problem = "missing for token_endpoint_auth_method self_signed_tls_client_auth (jwks_uri is not read)";
        return Err(object.error("jwks", problem));
    };
    let mut keys = Vec::new();
    for member in jwks.object()?.need("keys")?.array()? {
        let jwk = member.object()?;
        let key = PublicJwk::read(jwk.members())
            .map_err(|wrong| jwk.error(wrong.member, wrong.problem))?;
        let Some(key) = key else { continue };
        let certificate =
            jwk.take("x5c").map(|chain| read_certificate(&chain, &key)).transpose()?;
        keys.push(RegisteredKey { key, certificate });
    }
    if keys.is_empty() {
        return Err(jwks.error("has no key of a supported type for signatures"));
    }
    Ok(keys)
}

/// The first certificate of `x5c`, in which the key must be.
fn read_certificate(chain: &Member<'_>, key: &PublicJwk) -> Result<Certificate, Error> {
    let elements = chain.array()?;
    let first = elements.first().ok_or_else(|| chain.error("empty"))?;
    let der = Base64::decode_vec(first.text()?).ok();
    let certificate = der
        .and_then(|der| Certificate::from_der(&der))
        .ok_or_else(|| first.error("expected the base64 of an X.509 certificate"))?;
    if certificate.key().is_none_or(|own| own.jwk() != key.jwk()) {
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

reader! {
    /// The subject of a certificate.
    SubjectName(member, _) -> CertificateIdentity,
    Shape::Value { typescript: "string", schema: r#"{ "type": "string", "pattern": "=" }"# },
    {
        let name = DistinguishedName::parse(member.text()?);
        name.map(CertificateIdentity::Subject).map_err(|problem| member.error(problem))
    }
}

reader! {
    /// A name of the DNS, without wildcards.
    DnsName(member, _) -> CertificateIdentity,
    Shape::Value { typescript: "string", schema: r#"{ "type": "string", "pattern": "^[A-Za-z0-9._-]+$" }"# },
    {
        let name = member.filled_text()?;
        let allowed = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
        let identity = allowed.then(|| CertificateIdentity::Dns(name.to_owned()));
        identity.ok_or_else(|| member.error("expected a DNS name"))
    }
}

reader! {
    /// A URI.
    UriName(member, _) -> CertificateIdentity,
    Shape::Value { typescript: "string", schema: r#"{ "type": "string", "pattern": "^[A-Za-z][A-Za-z0-9+.-]*:" }"# },
    {
        let uri = member.text()?;
        Uri::parse(uri).map_err(|_| member.error("expected a URI"))?;
        Ok(CertificateIdentity::Uri(uri.to_owned()))
    }
}

reader! {
    /// An IP address.
    IpName(member, _) -> CertificateIdentity,
    Shape::Value { typescript: "string", schema: r#"{ "type": "string", "pattern": "^[0-9A-Fa-f:.]+$" }"# },
    {
        let ip: Option<IpAddr> = member.text()?.parse().ok();
        ip.map(CertificateIdentity::Ip).ok_or_else(|| member.error("expected an IP address"))
    }
}

reader! {
    /// An e-mail address.
    EmailName(member, _) -> CertificateIdentity,
    Shape::Value { typescript: "string", schema: r#"{ "type": "string", "pattern": "^[!-~]+@[!-~]+$" }"# },
    {
        let email = member.text()?;
        let (local, host) = email.rsplit_once('@').unwrap_or_default();
        let visible = email.bytes().all(|b| b.is_ascii_graphic());
        if visible && !local.is_empty() && !host.is_empty() {
            Ok(CertificateIdentity::Email(email.to_owned()))
        } else {
            Err(member.error("expected an e-mail address"))
        }
    }
}
