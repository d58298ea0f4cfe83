//! Redirect URIs: what may be registered, and what matches.

use crate::engine::reader::Member;
use crate::error::Error;

const LOOPBACK: [&str; 2] = ["http://127.0.0.1", "http://[::1]"];
/// Schemes that a browser runs or shows instead of following.
const NEVER: [&str; 5] = ["javascript", "data", "vbscript", "blob", "about"];

/// A registered redirect URI: absolute, without fragment (RFC 6749 §3.1.2).
pub(super) fn read(member: &Member<'_>) -> Result<String, Error> {
    let uri = member.filled_text()?;
    let (scheme, rest) = uri.split_once(':').ok_or_else(|| member.error("not an absolute URI"))?;
    let starts = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    if !starts || !scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b)) || rest.is_empty() {
        return Err(member.error("not an absolute URI"));
    }
    if !uri.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b)) {
        return Err(member.error("has characters that a URI can't have"));
    }
    if uri.contains('#') {
        return Err(member.error("has a fragment"));
    }
    let scheme = scheme.to_ascii_lowercase();
    if NEVER.contains(&scheme.as_str()) {
        return Err(member.error("has a scheme that can't be redirected to"));
    }
    if matches!(scheme.as_str(), "http" | "https") {
        let authority = rest.strip_prefix("//").unwrap_or_default().split(['/', '?']).next().unwrap_or_default();
        if authority.is_empty() || authority.starts_with(':') || authority.contains('@') {
            return Err(member.error("has no host, or user information"));
        }
    }
    Ok(uri.to_owned())
}

/// Equal byte for byte, but for the port on a loopback IP, which a native app takes as it comes (RFC 8252 §7.3).
pub(super) fn matches(registered: &str, presented: &str) -> bool {
    let without_port = |prefix: &&str| Some((after_port(registered, prefix)?, after_port(presented, prefix)?));
    registered == presented || LOOPBACK.iter().find_map(without_port).is_some_and(|(a, b)| a == b)
}

/// What follows host and port of a URI with that beginning.
fn after_port<'a>(uri: &'a str, prefix: &str) -> Option<&'a str> {
    let rest = uri.strip_prefix(prefix)?;
    let Some(after_colon) = rest.strip_prefix(':') else {
        return (rest.is_empty() || rest.starts_with(['/', '?'])).then_some(rest);
    };
    let end = after_colon.find(['/', '?']).unwrap_or(after_colon.len());
    let (port, path) = after_colon.split_at_checked(end)?;
    port.bytes().all(|b| b.is_ascii_digit()).then(|| port.parse::<u16>().ok())?.filter(|port| *port != 0)?;
    Some(path)
}
