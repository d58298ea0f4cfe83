//! One certificate, from its PEM text to what it says.

use super::key;
use crate::engine::hash::{Digest, base64url, sha256};
use crate::engine::jose::{Algorithm, PublicJwk};
use base64ct::{Base64, Encoding};
use x509_cert::certificate::Version;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::oid::AssociatedOid;
use x509_cert::der::{Decode, Header, Reader, SliceReader};
use x509_cert::ext::Extension;
use x509_cert::{Certificate as Parsed, TbsCertificate};

/// RFC 7468 §5.1.
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";
/// The longest text, in bytes. Those of clients have some 2,000, and what sits in front of a token
/// endpoint passes on less than this.
const LONGEST: usize = 16_384;

/// A certificate of the right form. Whether anybody vouches for it is not known.
pub(crate) struct Certificate {
    /// SHA-256 of its DER, which tells it from all others.
    digest: Digest,
    /// The DER of the part that is signed, byte for byte.
    signed: Vec<u8>,
    parsed: Parsed,
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
        Self::from_der(&Base64::decode_vec(&base64).ok()?)
    }

    /// The certificate of a DER encoding, with nothing behind it.
    pub(crate) fn from_der(der: &[u8]) -> Option<Self> {
        let parsed = Parsed::from_der(der).ok()?;
        let mut reader = SliceReader::new(der).ok()?;
        Header::decode(&mut reader).ok()?;
        let signed = reader.tlv_bytes().ok()?.to_vec();
        let tbs = parsed.tbs_certificate();
        // RFC 5280 §4.1.1.2, §4.1.2.9, §4.2.
        let well_formed = tbs.signature() == parsed.signature_algorithm()
            && (tbs.extensions().is_none() || tbs.version() == Version::V3)
            && is_without_repetition(tbs);
        well_formed.then(|| Certificate { digest: sha256(der), signed, parsed })
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
        key::public_key(self.tbs().subject_public_key_info())
    }

    /// What is signed, by which algorithm, and the signature in the form of JOSE. `None` for an
    /// algorithm that is not supported.
    pub(super) fn signature(&self) -> Option<(&[u8], Algorithm, Vec<u8>)> {
        let alg = key::signature_algorithm(self.parsed.signature_algorithm())?;
        let signature = key::jose_signature(alg, self.parsed.signature().as_bytes()?);
        // One of the wrong form is wrong.
        Some((&self.signed, alg, signature.unwrap_or_default()))
    }

    pub(super) fn tbs(&self) -> &TbsCertificate {
        self.parsed.tbs_certificate()
    }

    /// The extensions.
    pub(super) fn extensions(&self) -> &[Extension] {
        self.tbs().extensions().map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether there is an extension of this kind.
    pub(super) fn has(&self, oid: ObjectIdentifier) -> bool {
        self.extensions().iter().any(|extension| extension.extn_id == oid)
    }

    /// The value of an extension. An error if it has the wrong form.
    pub(super) fn extension<'a, T>(&'a self) -> Result<Option<T>, Malformed>
    where
        T: Decode<'a> + AssociatedOid,
    {
        let Some(found) = self.extensions().iter().find(|one| one.extn_id == T::OID) else {
            return Ok(None);
        };
        T::from_der(found.extn_value.as_bytes()).map(Some).map_err(|_| Malformed)
    }
}

/// An extension does not have the form that its kind has.
pub(super) struct Malformed;

/// Whether there is no more than one extension of a kind.
fn is_without_repetition(tbs: &TbsCertificate) -> bool {
    let extensions = tbs.extensions().map(Vec::as_slice).unwrap_or_default();
    let mut kinds: Vec<_> = extensions.iter().map(|extension| extension.extn_id).collect();
    kinds.sort_unstable();
    kinds.windows(2).all(|pair| pair.first() != pair.last())
}
