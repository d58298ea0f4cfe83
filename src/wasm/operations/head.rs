//! The head of a token request, which `js/endpoint.ts` hands over as one text: method, URL and
//! headers would otherwise each be a crossing of their own.

use crate::contract::{PREFLIGHT_HEADERS, REQUEST_HEADERS};
use crate::prelude::*;
use crate::text::pieces;

/// Lines: the method, the URL, `used` if something has read the body, and for each header of
/// `REQUEST_HEADERS` (with `OPTIONS` also of `PREFLIGHT_HEADERS`) an equals sign and its value.
/// Where there is nothing to say, the line is empty.
pub(super) struct Head(pub(super) String);

impl Head {
    pub(super) fn method(&self) -> &str {
        self.line(0).unwrap_or_default()
    }

    pub(super) fn url(&self) -> &str {
        self.line(1).unwrap_or_default()
    }

    pub(super) fn is_body_used(&self) -> bool {
        self.line(2) == Some("used")
    }

    /// A header by its lower-case name.
    pub(super) fn header(&self, name: &str) -> Option<String> {
        let mut names = REQUEST_HEADERS.iter().chain(&PREFLIGHT_HEADERS);
        let line = self.line(3 + names.position(|known| *known == name)?)?;
        line.strip_prefix('=').map(ToOwned::to_owned)
    }

    fn line(&self, number: usize) -> Option<&str> {
        pieces(&self.0, b'\n').nth(number)
    }
}
