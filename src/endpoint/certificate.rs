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
use crate::text::{base64_decoded, cut};

/// The longest certificate that is passed on, in characters of base64.
const MAX_CERTIFICATE: usize = 16_384;
/// The most certificates of a chain, without the client's own.
const MAX_CHAIN: usize = 5;

const UNREADABLE: OAuthError =
    OAuthError::invalid_request("The client certificate could not be read.");
const MALFORMED: &OAuthError = &UNREADABLE.because(
    "what clientCertificate names is malformed, or there are several certificates in the place of one",
);
const BAD_CHAIN: &OAuthError = &UNREADABLE.because(
    "the chain of what clientCertificate names is malformed, or without the client's own certificate",
);
const TOO_LONG: &OAuthError = &UNREADABLE
    .because("a certificate has more than 16384 characters, or its chain more than 5 certificates");
const LEFT_OUT: &OAuthError = &UNREADABLE.because(
    "Cloudflare verified a certificate, but left out its text or its chain, perhaps as too large",
);

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
        Presented::Cloudflare(shown) => cloudflare(&shown),
        Presented::Rfc9440 { certificate, chain } => rfc9440(certificate, chain),
        Presented::Pem(value) => match filled(value) {
            // The other is what Apache writes where there is none.
            "" | "(null)" => Ok(None),
            value => Ok(Some((one_pem(value)?, Vec::new()))),
        },
    }
}

fn filled(value: Option<&str>) -> &str {
    value.unwrap_or_default().trim_ascii()
}

// Cloudflare fills in the text of a certificate whatever it thinks of it.
fn cloudflare(shown: &TlsClientAuth<'_>) -> Result<Option<Chain>, &'static OAuthError> {
    let counts = shown.presented == Some("1")
        && shown.verified == Some("SUCCESS")
        && shown.revoked.unwrap_or("0") == "0";
    if !counts {
        return Ok(None);
    }
    let is_whole = |too_large: Option<&str>| too_large.unwrap_or("false") == "false";
    if !is_whole(shown.certificate_too_large)
        || !is_whole(shown.chain_too_large)
        || filled(shown.certificate).is_empty()
    {
        return Err(LEFT_OUT);
    }
    rfc9440(shown.certificate, shown.chain)
}

fn rfc9440(
    certificate: Option<&str>,
    chain: Option<&str>,
) -> Result<Option<Chain>, &'static OAuthError> {
    let (certificate, mut chain) = (filled(certificate), filled(chain));
    if certificate.is_empty() {
        return if chain.is_empty() { Ok(None) } else { Err(BAD_CHAIN) };
    }
    let certificate = byte_sequence(certificate, MALFORMED)?;
    let mut path = Vec::new();
    while !chain.is_empty() {
        if path.len() == MAX_CHAIN {
            return Err(TOO_LONG);
        }
        let (item, rest) = cut(chain, b',');
        path.push(byte_sequence(item.trim_ascii(), BAD_CHAIN)?);
        // A comma is followed by a certificate.
        chain = match rest {
            Some("") => return Err(BAD_CHAIN),
            rest => rest.unwrap_or_default(),
        };
    }
    Ok(Some((certificate, path)))
}

// RFC 8941 §3.3.5. No parameter of an item has a meaning here, so none is expected.
fn byte_sequence(item: &str, bad: &'static OAuthError) -> Result<String, &'static OAuthError> {
    let base64 = item.strip_prefix(':').and_then(|rest| rest.strip_suffix(':'));
    pem(base64.unwrap_or_default(), bad)
}

fn one_pem(value: &str) -> Result<String, &'static OAuthError> {
    // A plus sign belongs to the base64: who encodes spaces and line breaks does it with `%20` and
    // `%0A`, and some leave `+` as it is.
    let mut bytes = form::unescape(value, b'+').map_err(|_| MALFORMED)?;
    let length = bytes.len();
    // Line breaks may have become spaces or tabs.
    bytes.retain(|byte| !byte.is_ascii_whitespace());
    let text = String::from_utf8(bytes).map_err(|_| MALFORMED)?;
    let base64 = match text.strip_prefix("-----BEGINCERTIFICATE-----") {
        Some(rest) => rest.strip_suffix("-----ENDCERTIFICATE-----").unwrap_or_default(),
        // Spaces in the base64 alone would be between several.
        None if text.len() == length => &text,
        None => "",
    };
    pem(base64, MALFORMED)
}

// The PEM of the base64 of a certificate, in lines of 64 characters (RFC 7468 §2).
fn pem(base64: &str, bad: &'static OAuthError) -> Result<String, &'static OAuthError> {
    if base64.len() > MAX_CERTIFICATE {
        return Err(TOO_LONG);
    }
    // With its padding (RFC 4648 §4). What it encodes is not read, but every certificate is a
    // SEQUENCE.
    let der = base64_decoded(base64).filter(|_| base64.len().is_multiple_of(4));
    if der.is_none_or(|der| der.first() != Some(&0x30)) {
        return Err(bad);
    }
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    let mut rest = base64;
    while !rest.is_empty() {
        let (line, more) = rest.split_at_checked(64).unwrap_or((rest, ""));
        pem.push_str(line);
        pem.push('\n');
        rest = more;
    }
    pem.push_str("-----END CERTIFICATE-----\n");
    Ok(pem)
}
