//! The URLs of the service, and the hosts that URL parsers leave as they are.

use super::macros::reader;
use super::reader::Member;
use crate::error::Error;
use crate::loopback::is_loopback;
use fluent_uri::Uri;
use fluent_uri::component::{Authority, Host};
use fluent_uri::pct_enc::EStr;
use fluent_uri::pct_enc::encoder::Path;

reader! {
    /// An endpoint of the service.
    Url(member, _) -> String,
    Shape::Value {
        typescript: "string",
        schema: r#"{ "type": "string", "pattern": "^https?://(?:\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._~!$&'()*+,;=-]+)(?::[0-9]*)?(?![^?]*/(?:\\.|%2[Ee]){1,2}(?:[/?]|$))(?:[/?](?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?$" }"#,
    },
    read(member).map(str::to_owned)
}

reader! {
    /// The issuer identifier (RFC 8414 §2), which has no query.
    Issuer(member, _) -> String,
    Shape::Value {
        typescript: "string",
        schema: r#"{ "type": "string", "pattern": "^https?://(?:\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._~!$&'()*+,;=-]+)(?::[0-9]*)?(?!.*/(?:\\.|%2[Ee]){1,2}(?:/|$))(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*)?$" }"#,
    },
    {
        let issuer = read(member)?;
        if issuer.contains('?') { Err(member.error("has a query")) } else { Ok(issuer.to_owned()) }
    }
}

/// A URL of the service. It is compared byte for byte, so it must have nothing that the clients'
/// URL parsers remove or change.
fn read<'a>(member: &Member<'a>) -> Result<&'a str, Error> {
    let url = member.filled_text()?;
    let uri = Uri::parse(url).map_err(|_| member.error("not a URL"))?;
    if !matches!(uri.scheme().as_str(), "http" | "https") {
        return Err(member.error("expected an http or https URL"));
    }
    check_authority(member, uri.authority())?;
    if uri.path().split('/').any(is_dot_segment) {
        return Err(member.error("has dot segments"));
    }
    if uri.has_fragment() {
        return Err(member.error("has a fragment"));
    }
    Ok(url)
}

/// A URL that is fetched: `https`, or `http` on the machine itself.
pub(super) fn secure(member: &Member<'_>) -> Result<String, Error> {
    let url = read(member)?;
    let uri = Uri::parse(url).map_err(|_| member.error("not a URL"))?;
    let local = uri.authority().is_some_and(|authority| is_loopback(authority.host()));
    if uri.scheme().as_str() == "https" || local {
        Ok(url.to_owned())
    } else {
        Err(member.error("must be https (http on loopback only)"))
    }
}

/// Checks the part of an `http` or `https` URL before its path: a host that URL parsers accept, no
/// user information, and no port that is too large.
pub(crate) fn check_authority(
    member: &Member<'_>,
    authority: Option<Authority<'_>>,
) -> Result<(), Error> {
    let authority = authority.filter(|authority| !authority.host().is_empty());
    let authority = authority.ok_or_else(|| member.error("has no host"))?;
    if authority.has_userinfo() {
        return Err(member.error("has user information"));
    }
    if authority.port_to_u16().is_err() {
        return Err(member.error("has a port that is too large"));
    }
    if !is_host(&authority) {
        return Err(member.error("has a host that is neither a name nor an IP address"));
    }
    Ok(())
}

/// Whether URL parsers accept the host and leave it as it is. They decode escapes in it, and read a
/// name whose last label is a number as an IPv4 address in one of many spellings
/// (<https://url.spec.whatwg.org/#host-parsing>).
fn is_host(authority: &Authority<'_>) -> bool {
    match authority.host_parsed() {
        Host::Ipv4(_) | Host::Ipv6(_) => true,
        Host::RegName(name) => !name.as_str().contains('%') && !ends_in_a_number(name.as_str()),
        _ => false,
    }
}

fn ends_in_a_number(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let last = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let digits = !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit());
    digits
        || last
            .strip_prefix("0x")
            .is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Whether URL parsers remove the segment (RFC 3986 §5.2.4), which they do even if its dots are
/// escaped.
fn is_dot_segment(segment: &EStr<Path>) -> bool {
    let plain = segment.as_str().to_ascii_lowercase().replace("%2e", ".");
    plain == "." || plain == ".."
}
