//! JSON Object Signing and Encryption: parsing and rules. The cryptography is the platform's.

mod algorithm;

pub use algorithm::Algorithm;
