//! The parts of an absolute URL that the endpoint looks at. The platform has parsed the URL before: this only cuts it.

use crate::text::{cut, digits, pieces};

/// Pieces of a URL, as they are written.
pub(super) struct Url<'a> {
    /// The scheme, without the colon.
    pub(super) scheme: &'a str,
    /// The host, without user information and port; brackets stay. Empty when there is none.
    pub(super) host: &'a str,
    /// The query, without the question mark; empty when there is none.
    pub(super) query: &'a str,
}

/// Cuts a URL. What is no absolute URL has neither scheme nor host.
pub(super) fn split(text: &str) -> Url<'_> {
    let (before, query) = cut(cut(text, b'#').0, b'?');
    let query = query.unwrap_or_default();
    let (scheme, rest) = cut(before, b':');
    let Some(rest) = rest.and_then(|rest| rest.strip_prefix("//")) else { return Url { scheme: "", host: "", query } };
    let authority = cut(rest, b'/').0;
    let host_port = pieces(authority, b'@').last().unwrap_or_default();
    let host = match cut(host_port, b']') {
        (address, Some(_)) => host_port.get(..=address.len()).unwrap_or_default(),
        (_, None) => cut(host_port, b':').0,
    };
    Url { scheme, host, query }
}

impl Url<'_> {
    /// True for `localhost`, 127.0.0.0/8 and `[::1]`: such a request never leaves the machine.
    pub(super) fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host == "[::1]" || is_loopback_ipv4(self.host)
    }
}

// The standard library's parser would bring its formatting along. What has more than four numbers is no address, and no host either.
fn is_loopback_ipv4(host: &str) -> bool {
    let mut numbers = pieces(host, b'.').map(|number| digits(number).filter(|value| number.len() <= 3 && *value < 256));
    numbers.next() == Some(Some(127))
        && (0..3).all(|_| matches!(numbers.next(), Some(Some(_))))
        && numbers.next().is_none()
}
