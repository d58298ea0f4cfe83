//! The parts of an absolute URL that the endpoint looks at. The platform has parsed the URL before: this only cuts it.

use std::net::Ipv4Addr;

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
    let text = text.split('#').next().unwrap_or_default();
    let (before, query) = text.split_once('?').unwrap_or((text, ""));
    let (scheme, rest) = before.split_once("://").unwrap_or_default();
    let authority = rest.split('/').next().unwrap_or_default();
    let host_port = authority.rsplit('@').next().unwrap_or_default();
    let host = match host_port.find(']') {
        Some(end) => host_port.get(..=end).unwrap_or_default(),
        None => host_port.split(':').next().unwrap_or_default(),
    };
    Url { scheme, host, query }
}

impl Url<'_> {
    /// True for `localhost`, 127.0.0.0/8 and `[::1]`: such a request never leaves the machine.
    pub(super) fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host == "[::1]" || self.host.parse().is_ok_and(|ip: Ipv4Addr| ip.is_loopback())
    }
}
