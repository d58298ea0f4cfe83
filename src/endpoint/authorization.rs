//! The `Authorization` header: HTTP Basic with form-encoded halves (RFC 6749 §2.3.1, RFC 7617), or
//! with raw halves that can't be mistaken for encoded ones.
//!
//! A header that can't be read is refused, never skipped: otherwise rubbish in the header and good
//! credentials in the body would pass.

use super::respond::OAuthError;
use crate::prelude::*;
use crate::{form, text::cut};
use base64ct::{Base64Unpadded, Encoding};

/// The client ID of a header, and its client secret unless that is empty: a parameter without a
/// value counts as left out (RFC 6749 §3.2).
pub(super) type Credentials = (String, Option<String>);

const MALFORMED: &OAuthError =
    &OAuthError::invalid_client("The Authorization header is malformed.");

/// Reads the value of the header.
pub(super) fn parse(value: &str) -> Result<Credentials, &'static OAuthError> {
    let (scheme, encoded) = cut(value.trim_ascii(), b' ');
    let encoded = encoded.unwrap_or_default().trim_ascii();
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(const {
            &OAuthError::invalid_client("The authentication scheme is not supported; use Basic.")
        });
    }
    // Neither base64 nor the scheme has a comma: two headers were joined.
    if encoded.bytes().any(|byte| byte == b',') {
        return Err(const {
            &OAuthError::invalid_request("There must be only one Authorization header.")
        });
    }
    credentials(encoded).ok_or(MALFORMED)
}

fn credentials(encoded: &str) -> Option<Credentials> {
    let padding = encoded.bytes().rev().take_while(|byte| *byte == b'=').count();
    let unpadded = encoded.get(..encoded.len() - padding)?;
    if padding > 2 || padding > 0 && !encoded.len().is_multiple_of(4) {
        return None;
    }
    let text = String::from_utf8(Base64Unpadded::decode_vec(unpadded).ok()?).ok()?;
    let (id, secret) = cut(&text, b':');
    let secret = secret?;
    let (id, secret) = match (form_decoded(id), form_decoded(secret)) {
        (Some(id), Some(secret)) => (id, secret),
        _ => (id.into(), secret.into()),
    };
    let (id, secret) = (vschars(id)?, vschars(secret)?);
    (!id.is_empty()).then(|| (id, Some(secret).filter(|secret| !secret.is_empty())))
}

// `None` for text that no form encoder can have produced; encoders differ only in the characters
// that they don't escape. Widely used clients don't encode at all.
fn form_decoded(half: &str) -> Option<Vec<u8>> {
    let from_encoder = |byte: u8| byte.is_ascii_alphanumeric() || b"*-._~!'()+%".contains(&byte);
    if half.bytes().all(from_encoder) { form::unescape(half).ok() } else { None }
}

// RFC 6749 Appendix A.1 and A.2.
fn vschars(bytes: Vec<u8>) -> Option<String> {
    if bytes.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        String::from_utf8(bytes).ok()
    } else {
        None
    }
}
