//! X.509 certificates (RFC 5280): what one says, whom it names, and what it may be used for.
//! Whether others vouch for it is found out in `client/certification_path.rs`.

mod authority;
mod certificate;
mod element;
mod identity;
mod key;
mod name;

pub(crate) use authority::{Flaw, TrustedRoot};
pub(crate) use certificate::Certificate;
pub(crate) use identity::CertificateIdentity;
pub(crate) use name::DistinguishedName;
