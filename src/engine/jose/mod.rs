//! JSON Object Signing and Encryption: parsing and rules. The cryptography is the platform's.

mod algorithm;
mod claims;
mod json;
mod jwk;
mod jws;
mod key_members;
mod mac;

pub use algorithm::Algorithm;
pub(crate) use claims::{Audience, Claims, ProofClaims};
pub(crate) use json::{members, object, object_of, text_of};
pub use jwk::PublicJwk;
pub(crate) use jws::Jws;
pub(crate) use key_members::{KeyProblem, KeyType, secret_member};
pub(crate) use mac::JwsAlgorithm;
pub use mac::MacAlgorithm;
