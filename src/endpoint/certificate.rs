//! The TLS client certificate of a token request (RFC 8705), from the one source that the host has
//! named. What ended the TLS connection has it; it comes here as text.
//!
//! The certificate itself is not read: Authlete or the engine does that. Here its text is checked,
//! and written in the one form that `/auth/token` takes (RFC 7468 §5). A source that shows a
//! certificate which can't be read refuses the request: it must not go on as one without a
//! certificate.

use super::respond::OAuthError;
use crate::form;
use crate::prelude::*;
use crate::text::pieces;
use base64ct::{Base64Unpadded, Encoding};

/// The longest certificate that is passed on, in characters of base64.
const MAX_CERTIFICATE: usize = 16_384;
/// The most certificates of a chain, without the client's own.
const MAX_CHAIN: usize = 5;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

const UNREADABLE: OAuthError =
    OAuthError::invalid_request("The client certificate could not be read.");
const MALFORMED: &OAuthError = &UNREADABLE
    .because("what clientCertificate names is not one certificate in its format: it is malformed, or there are several");
const MALFORMED_CHAIN: &OAuthError = &UNREADABLE
    .because("the chain that clientCertificate names is not a list of certificates in its format");
const LONE_CHAIN: &OAuthError = &UNREADABLE
    .because("the chain that clientCertificate names came without the client's own certificate");
const TOO_LONG: &OAuthError = &UNREADABLE
    .because("a certificate has more than 16384 characters, or the chain more than 5 certificates");
const LEFT_OUT: &OAuthError = &UNREADABLE.because(
    "Cloudflare left out the certificate or its chain as too large: certRFC9440TooLarge or certChainRFC9440TooLarge is set",
);
const NO_TEXT: &OAuthError =
    &UNREADABLE.because("Cloudflare verified a certificate, but its text, certRFC9440, is missing");

/// What the one source that the host has named shows of the TLS client certificate. `None` is a
/// header or member that is absent.
#[derive(Clone, Copy)]
pub enum Presented<'a> {
    /// `request.cf.tlsClientAuth` of a Cloudflare Worker.
    Cloudflare(TlsClientAuth<'a>),
    /// Headers of RFC 9440, repeated ones joined by `", "`.
    Rfc9440 {
        /// The header with the client's certificate, a byte sequence (§2.2).
        certificate: Option<&'a str>,
        /// The header with the other certificates of its chain, a list of byte sequences (§2.3).
        chain: Option<&'a str>,
    },
    /// A header with one certificate: PEM, also with percent-encoding, or with spaces in the place
    /// of line breaks; or its base64 alone.
    Pem(Option<&'a str>),
}

/// The members of [`tlsClientAuth`][1] that decide. A member that is not a string is the text of
/// its value.
///
/// [1]: https://developers.cloudflare.com/ssl/client-certificates/client-certificate-variables/
#[derive(Clone, Copy, Default)]
pub struct TlsClientAuth<'a> {
    /// `certPresented`
    pub presented: Option<&'a str>,
    /// `certVerified`
    pub verified: Option<&'a str>,
    /// `certRevoked`
    pub revoked: Option<&'a str>,
    /// `certRFC9440`
    pub certificate: Option<&'a str>,
    /// `certRFC9440TooLarge`
    pub certificate_too_large: Option<&'a str>,
    /// `certChainRFC9440`
    pub chain: Option<&'a str>,
    /// `certChainRFC9440TooLarge`
    pub chain_too_large: Option<&'a str>,
}

/// A certificate in PEM, and the others of its chain.
pub(super) type Chain = (String, Vec<String>);

/// The certificate that the client has shown; `None` if it has shown none.
pub(super) fn read(presented: &Presented<'_>) -> Result<Option<Chain>, &'static OAuthError> {
    match *presented {
        Presented::Cloudflare(shown) => cloudflare(shown),
        Presented::Rfc9440 { certificate, chain } => rfc9440(certificate, chain),
        Presented::Pem(value) => match filled(value) {
            None => Ok(None),
            // What Apache writes where there is none.
            Some("(null)") => Ok(None),
            Some(value) => Ok(Some((one_pem(value)?, Vec::new()))),
        },
    }
}

fn filled(value: Option<&str>) -> Option<&str> {
    value.map(str::trim_ascii).filter(|value| !value.is_empty())
}

// Cloudflare fills in the text of a certificate whatever it thinks of it.
fn cloudflare(shown: TlsClientAuth<'_>) -> Result<Option<Chain>, &'static OAuthError> {
    let counts = shown.presented == Some("1")
        && shown.verified == Some("SUCCESS")
        && shown.revoked.is_none_or(|revoked| revoked == "0");
    if !counts {
        return Ok(None);
    }
    let whole = |too_large: Option<&str>| too_large.is_none_or(|too_large| too_large == "false");
    if !whole(shown.certificate_too_large) || !whole(shown.chain_too_large) {
        return Err(LEFT_OUT);
    }
    rfc9440(Some(filled(shown.certificate).ok_or(NO_TEXT)?), shown.chain)
}

fn rfc9440(
    certificate: Option<&str>,
    chain: Option<&str>,
) -> Result<Option<Chain>, &'static OAuthError> {
    let (certificate, chain) = match (filled(certificate), filled(chain)) {
        (None, None) => return Ok(None),
        (None, Some(_)) => return Err(LONE_CHAIN),
        (Some(certificate), chain) => (certificate, chain),
    };
    let certificate = pem(byte_sequence(certificate).ok_or(MALFORMED)?, MALFORMED)?;
    let mut path = Vec::new();
    for item in chain.into_iter().flat_map(|chain| pieces(chain, b',')) {
        if path.len() == MAX_CHAIN {
            return Err(TOO_LONG);
        }
        path.push(pem(byte_sequence(item.trim_ascii()).ok_or(MALFORMED_CHAIN)?, MALFORMED_CHAIN)?);
    }
    Ok(Some((certificate, path)))
}

// RFC 8941 §3.3.5. No parameter of an item has a meaning here, so none is expected.
fn byte_sequence(item: &str) -> Option<&str> {
    item.strip_prefix(':')?.strip_suffix(':')
}

fn one_pem(value: &str) -> Result<String, &'static OAuthError> {
    let decoded;
    let value = if value.bytes().any(|byte| byte == b'%') {
        decoded = percent_decoded(value).ok_or(MALFORMED)?;
        decoded.trim_ascii()
    } else {
        value
    };
    let Some(rest) = value.strip_prefix(BEGIN) else { return pem(value, MALFORMED) };
    let lines = rest.strip_suffix(END).ok_or(MALFORMED)?;
    let base64: String =
        lines.bytes().filter(|byte| !byte.is_ascii_whitespace()).map(char::from).collect();
    pem(&base64, MALFORMED)
}

// A plus sign belongs to the base64: who encodes spaces and line breaks does it with `%20` and
// `%0A`, and some leave `+` as it is.
fn percent_decoded(value: &str) -> Option<String> {
    let mut form = String::with_capacity(value.len());
    for character in value.chars() {
        match character {
            '+' => form.push_str("%2B"),
            other => form.push(other),
        }
    }
    form::decode(&form).ok()
}

// The PEM of the base64 of a certificate, in lines of 64 characters (RFC 7468 §2).
fn pem(base64: &str, malformed: &'static OAuthError) -> Result<String, &'static OAuthError> {
    if base64.len() > MAX_CERTIFICATE {
        return Err(TOO_LONG);
    }
    if !is_certificate(base64) {
        return Err(malformed);
    }
    let mut pem = String::with_capacity(base64.len() + base64.len() / 64 + 64);
    pem.push_str(BEGIN);
    for line in base64.as_bytes().chunks(64) {
        pem.push('\n');
        pem.extend(line.iter().map(|byte| char::from(*byte)));
    }
    pem.push('\n');
    pem.push_str(END);
    pem.push('\n');
    Ok(pem)
}

// RFC 4648 §4, with the padding, and without bits that stand for nothing (§3.5). What it encodes is
// not read, but every certificate is a SEQUENCE.
fn is_certificate(base64: &str) -> bool {
    let padding = base64.bytes().rev().take_while(|byte| *byte == b'=').count();
    let unpadded = base64.get(..base64.len() - padding).unwrap_or_default();
    base64.len().is_multiple_of(4)
        && padding <= 2
        && Base64Unpadded::decode_vec(unpadded).is_ok_and(|der| der.first() == Some(&0x30))
}
