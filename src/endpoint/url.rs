//! The parts of an absolute URL that the endpoint looks at. The platform has already parsed the
//! URL: this only splits it.

use crate::text::{cut, pieces};

/// The parts of a URL, as they are written.
pub(super) struct Url<'a> {
    /// The scheme, without the colon.
    pub(super) scheme: &'a str,
    /// What is between `//` and the path. Empty when there is none.
    pub(super) authority: &'a str,
    /// The host, without user information and port; brackets stay. Empty when there is none.
    pub(super) host: &'a str,
    /// The query, without the question mark; empty when there is none.
    pub(super) query: &'a str,
}

/// Splits a URL. If it is not absolute, scheme and host are empty.
pub(super) fn split(text: &str) -> Url<'_> {
    let (before, query) = cut(cut(text, b'#').0, b'?');
    let query = query.unwrap_or_default();
    let (scheme, rest) = cut(before, b':');
    let Some(rest) = rest.and_then(|rest| rest.strip_prefix("//")) else {
        return Url { scheme: "", authority: "", host: "", query };
    };
    // URL parsers read a backslash as a slash.
    let authority = cut(cut(rest, b'/').0, b'\\').0;
    let host_port = pieces(authority, b'@').last().unwrap_or_default();
    let host = match cut(host_port, b']') {
        (address, Some(after)) if matches!(after.bytes().next(), None | Some(b':')) => {
            host_port.get(..=address.len()).unwrap_or_default()
        }
        (_, Some(_)) => "",
        (_, None) => cut(host_port, b':').0,
    };
    Url { scheme, authority, host, query }
}
