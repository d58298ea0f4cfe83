//! The head of a token request, which `js/endpoint.ts` hands over as one text: method, URL and
//! headers would otherwise each be a crossing of their own.

use crate::contract::{PREFLIGHT_HEADERS, REQUEST_HEADERS, TLS_CLIENT_AUTH};
use crate::endpoint::{Presented, TlsClientAuth};
use crate::prelude::*;
use crate::text::pieces;

/// The method, the URL, and whether the body is used.
const FIRST: usize = 3;
/// The source of the client certificate, and then what it shows.
const SOURCE: usize = FIRST + REQUEST_HEADERS.len() + PREFLIGHT_HEADERS.len();
const LINES: usize = SOURCE + 1 + TLS_CLIENT_AUTH.len();

/// Lines: the method, the URL, `used` if something has read the body, and for each header of
/// `REQUEST_HEADERS` (with `OPTIONS` also of `PREFLIGHT_HEADERS`) an equals sign and its value. If
/// a source of client certificates is named, they end with its name and what it shows, in the same
/// form (`js/client-certificate.ts`). Where there is nothing to say, the line is empty.
pub(super) struct Head<'a>([&'a str; LINES]);

impl<'a> Head<'a> {
    pub(super) fn read(text: &'a str) -> Self {
        let mut lines = [""; LINES];
        for (line, piece) in lines.iter_mut().zip(pieces(text, b'\n')) {
            *line = piece;
        }
        Head(lines)
    }

    pub(super) fn method(&self) -> &'a str {
        self.line(0)
    }

    pub(super) fn url(&self) -> &'a str {
        self.line(1)
    }

    pub(super) fn is_body_used(&self) -> bool {
        self.line(2) == "used"
    }

    /// A header by its lower-case name.
    pub(super) fn header(&self, name: &str) -> Option<String> {
        let mut names = REQUEST_HEADERS.iter().chain(&PREFLIGHT_HEADERS);
        let at = names.position(|known| *known == name)?;
        self.value(FIRST + at).map(ToOwned::to_owned)
    }

    /// What the source of client certificates shows, if one is named.
    pub(super) fn presented(&self) -> Option<Presented<'a>> {
        let source = self.line(SOURCE);
        if source.is_empty() {
            return None;
        }
        let mut shown = [None; TLS_CLIENT_AUTH.len()];
        for (index, value) in shown.iter_mut().enumerate() {
            *value = self.value(SOURCE + 1 + index);
        }
        Some(match source {
            "cloudflare" => {
                let [
                    presented,
                    verified,
                    revoked,
                    certificate,
                    certificate_too_large,
                    chain,
                    chain_too_large,
                ] = shown;
                Presented::Cloudflare(TlsClientAuth {
                    presented,
                    verified,
                    revoked,
                    certificate,
                    certificate_too_large,
                    chain,
                    chain_too_large,
                })
            }
            "pem" => Presented::Pem(shown[0]),
            _ => Presented::Rfc9440 { certificate: shown[0], chain: shown[1] },
        })
    }

    fn value(&self, number: usize) -> Option<&'a str> {
        self.line(number).strip_prefix('=')
    }

    fn line(&self, number: usize) -> &'a str {
        self.0.get(number).copied().unwrap_or_default()
    }
}
