//! The head of a token request, which `js/endpoint.ts` hands over as one text: method, URL and
//! headers would otherwise each be a crossing of their own.

use crate::contract::{PREFLIGHT_HEADERS, REQUEST_HEADERS};
use crate::prelude::*;
use crate::text::pieces;

/// The method, the URL, and whether the body is used.
const FIRST: usize = 3;
const LINES: usize = FIRST + REQUEST_HEADERS.len() + PREFLIGHT_HEADERS.len();

/// Lines: the method, the URL, `used` if something has read the body, and for each header of
/// `REQUEST_HEADERS` (with `OPTIONS` also of `PREFLIGHT_HEADERS`) an equals sign and its value.
/// Where there is nothing to say, the line is empty.
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
        self.line(FIRST + at).strip_prefix('=').map(ToOwned::to_owned)
    }

    fn line(&self, number: usize) -> &'a str {
        self.0.get(number).copied().unwrap_or_default()
    }
}
