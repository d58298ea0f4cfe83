//! The `Authorization` header: HTTP Basic with form-encoded halves (RFC 6749 §2.3.1, RFC 7617).
//!
//! A header that can't be read is refused, never skipped: otherwise rubbish in the header and good credentials in the body would pass.

use super::respond::Refusal;
use crate::prelude::*;
use crate::{form, text::cut};
use base64ct::{Base64Unpadded, Encoding};

/// The client ID and client secret of a header.
pub(super) type Credentials = (String, String);

const MALFORMED: Refusal = Refusal::invalid_client("The Authorization header is malformed.");

/// Reads the value of the header.
pub(super) fn parse(value: &str) -> Result<Credentials, Refusal> {
    let (scheme, encoded) = cut(value.trim_ascii(), b' ');
    let encoded = encoded.unwrap_or_default().trim_ascii();
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(Refusal::invalid_client("The authentication scheme is not supported; use Basic."));
    }
    // Neither base64 nor the scheme has a comma: two headers were joined.
    if encoded.bytes().any(|byte| byte == b',') {
        return Err(Refusal::invalid_request("There must be only one Authorization header."));
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
    let (id, secret) = (form::decode(id).ok()?, form::decode(secret?).ok()?);
    (!id.is_empty() && is_vschar(&id) && is_vschar(&secret)).then_some((id, secret))
}

// RFC 6749 Appendix A.1 and A.2.
fn is_vschar(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}
