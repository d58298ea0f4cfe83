//! The `Authorization` header: what the client is told when it can't be used.

use super::respond::OAuthError;
use crate::basic::{self, Credentials, Unusable};

/// Reads the value of the header.
pub(super) fn parse(value: &str) -> Result<Credentials, &'static OAuthError> {
    basic::parse(value).map_err(|unusable| match unusable {
        Unusable::Scheme => {
            const {
                &OAuthError::invalid_client(
                    "The authentication scheme is not supported; use Basic.",
                )
            }
        }
        Unusable::Several => {
            const { &OAuthError::invalid_request("There must be only one Authorization header.") }
        }
        Unusable::Malformed => {
            const { &OAuthError::invalid_client("The Authorization header is malformed.") }
        }
        Unusable::TooLong => {
            const { &OAuthError::invalid_client("The Authorization header is too long.") }
        }
    })
}
