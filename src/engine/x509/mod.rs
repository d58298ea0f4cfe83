//! X.509 certificates (RFC 5280): what one says, whom it names, and whether others vouch for it.
//! The cryptography is the platform's.

mod certificate;
mod element;
mod identity;
mod key;
mod name;
mod path;

pub(crate) use certificate::Certificate;
pub(crate) use identity::CertificateIdentity;
pub(crate) use name::DistinguishedName;
pub(crate) use path::{MOST_CERTIFICATES, TrustedRoot, check_path, check_validity};
