//! Which hosts are the machine itself: the one rule for every place where `https:` is otherwise
//! required.

use crate::text::{digits, pieces};

/// True for `localhost` and every name under it (RFC 6761 §6.3), for 127.0.0.0/8 and for `[::1]`.
///
/// `host` is written as URL parsers normalise it: no user information, no port, addresses in their
/// usual form, an IPv6 one in brackets. The letter case of a name doesn't matter, nor does a dot at
/// its end. The resolver is trusted to resolve names under `localhost` to nothing else.
pub(crate) fn is_loopback(host: &str) -> bool {
    host == "[::1]" || is_localhost(host) || is_loopback_ipv4(host)
}

fn is_localhost(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    let mut last = "";
    for label in pieces(name, b'.') {
        if label.is_empty()
            || !label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        {
            return false;
        }
        last = label;
    }
    last.eq_ignore_ascii_case("localhost")
}

// The standard library's parser would add its formatting code to the artefact.
fn is_loopback_ipv4(host: &str) -> bool {
    let mut numbers = pieces(host, b'.')
        .map(|number| digits(number).filter(|value| number.len() <= 3 && *value < 256));
    numbers.next() == Some(Some(127))
        && (0..3).all(|_| matches!(numbers.next(), Some(Some(_))))
        && numbers.next().is_none()
}
