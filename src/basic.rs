//! HTTP Basic authentication of OAuth clients: form-encoded halves (RFC 6749 §2.3.1, RFC 7617), or
//! raw halves that can't be mistaken for encoded ones.
//!
//! A header that can't be read is refused, never skipped: otherwise rubbish in the header and good
//! credentials in the body would pass.

use crate::form;
use crate::prelude::*;
use crate::text::{base64_decoded, cut};

/// The longest `Authorization` header that is read, in bytes. An honest client never has a longer
/// one.
pub(crate) const MAX_CREDENTIAL_BYTES: usize = 16_384;

/// The client ID of a header, and its client secret unless that is empty: a parameter without a
/// value counts as left out (RFC 6749 §3.2).
pub(crate) type Credentials = (String, Option<String>);

/// Why a header has no credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unusable {
    /// Its scheme is not Basic.
    Scheme,
    /// It was joined from several headers.
    Several,
    /// It can't be read.
    Malformed,
    /// It is longer than [`MAX_CREDENTIAL_BYTES`].
    TooLong,
}

/// Reads the value of an `Authorization` header.
pub(crate) fn parse(value: &str) -> Result<Credentials, Unusable> {
    if value.len() > MAX_CREDENTIAL_BYTES {
        return Err(Unusable::TooLong);
    }
    let (scheme, encoded) = cut(value.trim_ascii(), b' ');
    let encoded = encoded.unwrap_or_default().trim_ascii();
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(Unusable::Scheme);
    }
    // Neither base64 nor the scheme has a comma: two headers were joined.
    if encoded.bytes().any(|byte| byte == b',') {
        return Err(Unusable::Several);
    }
    credentials(encoded).ok_or(Unusable::Malformed)
}

fn credentials(encoded: &str) -> Option<Credentials> {
    let text = String::from_utf8(base64_decoded(encoded)?).ok()?;
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
    if half.bytes().all(from_encoder) { form::unescape(half, b' ').ok() } else { None }
}

// RFC 6749 Appendix A.1 and A.2.
fn vschars(bytes: Vec<u8>) -> Option<String> {
    if bytes.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        String::from_utf8(bytes).ok()
    } else {
        None
    }
}

/// Whether a client that failed to authenticate is challenged: if the request comes from a page of
/// this origin, a browser answers a challenge with its password dialog, which is of no use to the
/// page's script. `fetch_site` is the header `Sec-Fetch-Site`.
pub(crate) fn is_challenged(has_authorization: bool, fetch_site: Option<&str>) -> bool {
    has_authorization || fetch_site != Some("same-origin")
}

/// A challenge (RFC 7617 §2), whose realm is a quoted-string (RFC 9110 §5.6.4).
pub(crate) fn challenge(realm: &str) -> String {
    let mut value = String::from("Basic realm=\"");
    for character in realm.chars() {
        if matches!(character, '"' | '\\') {
            value.push('\\');
        }
        value.push(character);
    }
    value.push('"');
    value
}
