//! One certificate, from its PEM text to what it says.

use super::element::{Element, tag};
use super::key;
use crate::engine::hash::{Digest, base64url, sha256};
use crate::engine::jose::{Algorithm, PublicJwk};
use crate::text::base64_decoded;
use der::Decode;
use der::asn1::{GeneralizedTime, ObjectIdentifier, UtcTime};

/// RFC 7468 §5.1.
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";
/// The longest text, in bytes. Those of clients have some 2,000, and what sits in front of a token
/// endpoint passes on less than this.
const LONGEST: usize = 16_384;
/// What may follow the key: `issuerUniqueID`, `subjectUniqueID` and `extensions`.
const LAST_FIELDS: [u8; 3] = [0x81, 0x82, EXTENSIONS];
const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;
/// The version of certificates with extensions.
const V3: [u8; 3] = [tag::INTEGER, 1, 2];

/// A certificate of the right form. Whether anybody vouches for it is not known.
pub(crate) struct Certificate {
    /// SHA-256 of its DER, which tells it from all others.
    digest: Digest,
    /// The DER of the part that is signed, byte for byte.
    signed: Vec<u8>,
    /// `None` for an algorithm that JOSE does not have.
    algorithm: Option<Algorithm>,
    signature: Vec<u8>,
    /// The DER of the names and the key.
    pub(super) issuer: Vec<u8>,
    pub(super) subject: Vec<u8>,
    pub(super) key_info: Vec<u8>,
    /// The first and the last second, since the epoch.
    pub(super) not_before: u64,
    pub(super) not_after: u64,
    pub(super) extensions: Vec<Extension>,
}

pub(super) struct Extension {
    /// The content of its object identifier.
    oid: Vec<u8>,
    pub(super) is_critical: bool,
    value: Vec<u8>,
}

impl Extension {
    /// Whether it is of this kind.
    pub(super) fn is(&self, oid: &ObjectIdentifier) -> bool {
        self.oid == oid.as_bytes()
    }

    fn read(element: Element<'_>) -> Option<Self> {
        let fields = element.inside(tag::SEQUENCE)?;
        let (oid, is_critical, value) = match fields.as_slice() {
            [oid, value] => (oid, false, value),
            // What is the default is left out in DER.
            [oid, critical, value] if critical.of(tag::BOOLEAN)? == [0xff] => (oid, true, value),
            _ => return None,
        };
        Some(Extension {
            oid: oid.of(tag::OID)?.to_vec(),
            is_critical,
            value: value.of(tag::OCTET_STRING)?.to_vec(),
        })
    }
}

impl Certificate {
    /// The certificate of a PEM text, which must hold nothing else. The length of its lines does
    /// not matter: what passes on the certificate of a connection often puts it into one line.
    pub(crate) fn from_pem(text: &str) -> Option<Self> {
        let text = text.trim_ascii();
        if text.len() > LONGEST {
            return None;
        }
        let lines = text.strip_prefix(BEGIN)?.strip_suffix(END)?;
        let base64: String = lines.split_ascii_whitespace().collect();
        Self::from_base64(&base64)
    }

    /// The certificate of the base64 (RFC 4648 §4) of its DER, as in `x5c` (RFC 7517 §4.7, RFC 7515
    /// §4.1.6).
    pub(crate) fn from_base64(base64: &str) -> Option<Self> {
        let is_padded = base64.len().is_multiple_of(4);
        Self::from_der(&base64_decoded(base64).filter(|_| is_padded)?)
    }

    /// The certificate of a DER encoding (RFC 5280 §4.1), with nothing behind it.
    pub(crate) fn from_der(der: &[u8]) -> Option<Self> {
        let parts = Element::only(der)?.inside(tag::SEQUENCE)?;
        let [tbs, algorithm, signature] = parts.as_slice() else { return None };
        let fields = tbs.inside(tag::SEQUENCE)?;
        let (version, fields) = match fields.as_slice() {
            [version, fields @ ..] if version.tag == VERSION => (Some(version.value), fields),
            fields => (None, fields),
        };
        let [serial, inner, issuer, validity, subject, key_info, last @ ..] = fields else {
            return None;
        };
        serial.of(tag::INTEGER)?;
        let times = validity.inside(tag::SEQUENCE)?;
        let [not_before, not_after] = times.as_slice() else { return None };
        let extensions = match last.iter().find(|field| field.tag == EXTENSIONS) {
            Some(field) => read_extensions(*field)?,
            None => Vec::new(),
        };
        let in_order = last.is_sorted_by(|one, next| one.tag < next.tag)
            && last.iter().all(|field| LAST_FIELDS.contains(&field.tag));
        // RFC 5280 §4.1.1.2, §4.1.2.9.
        let well_formed = in_order
            && inner.whole == algorithm.whole
            && (extensions.is_empty() || version == Some(&V3))
            && [issuer, subject, key_info].iter().all(|field| field.tag == tag::SEQUENCE);
        well_formed.then_some(())?;
        let algorithm = key::signature_algorithm(*algorithm);
        let signature = signature.bytes()?;
        Some(Certificate {
            digest: sha256(der),
            signed: tbs.whole.to_vec(),
            algorithm,
            // One of the wrong form is wrong.
            signature: algorithm
                .and_then(|alg| key::jose_signature(alg, signature))
                .unwrap_or_default(),
            issuer: issuer.whole.to_vec(),
            subject: subject.whole.to_vec(),
            key_info: key_info.whole.to_vec(),
            not_before: seconds(*not_before)?,
            not_after: seconds(*not_after)?,
            extensions,
        })
    }

    /// The confirmation `x5t#S256` (RFC 8705 §3.1).
    pub(crate) fn thumbprint(&self) -> String {
        base64url(&self.digest)
    }

    /// SHA-256 of its DER.
    pub(crate) fn digest(&self) -> Digest {
        self.digest
    }

    /// The public key, if it is one that verifies signatures of a supported algorithm.
    pub(crate) fn key(&self) -> Option<PublicJwk> {
        key::public_key(Element::only(&self.key_info)?)
    }

    /// What is signed, by which algorithm, and the signature in the form of JOSE. `None` for an
    /// algorithm that is not supported.
    pub(crate) fn signature(&self) -> Option<(&[u8], Algorithm, &[u8])> {
        Some((&self.signed, self.algorithm?, &self.signature))
    }

    /// The value of an extension, if it is there: `None` inside if it is not DER.
    pub(super) fn extension(&self, oid: &ObjectIdentifier) -> Option<Option<Element<'_>>> {
        let found = self.extensions.iter().find(|extension| extension.is(oid))?;
        Some(Element::only(&found.value))
    }
}

/// The extensions, no two of which are of the same kind (RFC 5280 §4.2).
fn read_extensions(field: Element<'_>) -> Option<Vec<Extension>> {
    let all = Element::only(field.value)?.inside(tag::SEQUENCE)?;
    let mut extensions: Vec<Extension> = Vec::new();
    for element in all {
        let extension = Extension::read(element)?;
        if extensions.iter().any(|before| before.oid == extension.oid) {
            return None;
        }
        extensions.push(extension);
    }
    (!extensions.is_empty()).then_some(extensions)
}

/// A moment (RFC 5280 §4.1.2.5), in seconds since the epoch.
fn seconds(time: Element<'_>) -> Option<u64> {
    let since = if time.tag == tag::UTC_TIME {
        UtcTime::from_der(time.whole).ok()?.to_unix_duration()
    } else {
        GeneralizedTime::from_der(time.whole).ok()?.to_unix_duration()
    };
    Some(since.as_secs())
}
