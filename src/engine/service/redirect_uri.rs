//! Redirect URIs: what may be registered, and what matches.

use super::macros::reader;
use super::reader::Member;
use super::url::check_authority;
use crate::error::Error;
use crate::form;
use fluent_uri::Uri;

const LOOPBACK: [&str; 2] = ["127.0.0.1", "[::1]"];
/// The parameters of an authorization response (RFC 6749 §4.1.2, §4.1.2.1, RFC 9207 §2), which must
/// not be there twice.
const ANSWER: [&str; 6] = ["code", "state", "iss", "error", "error_description", "error_uri"];
/// Schemes that a browser runs or shows instead of following.
const NEVER: [&str; 5] = ["javascript", "data", "vbscript", "blob", "about"];

reader! {
    /// A registered redirect URI: absolute, without fragment (RFC 6749 §3.1.2).
    RedirectUri(member, _) -> String,
    Shape::Value {
        typescript: "string",
        schema: r#"{
            "type": "string",
            "pattern": "^[A-Za-z][A-Za-z0-9+.-]*:(?!\\?)[!$-;=?-\\[\\]_a-z~]+$",
            "not": { "pattern": "^(?:[Jj][Aa][Vv][Aa][Ss][Cc][Rr][Ii][Pp][Tt]|[Dd][Aa][Tt][Aa]|[Vv][Bb][Ss][Cc][Rr][Ii][Pp][Tt]|[Bb][Ll][Oo][Bb]|[Aa][Bb][Oo][Uu][Tt]):|^[Hh][Tt][Tt][Pp][Ss]?:(?!//(?:\\[[^\\]/?@]*\\]|[^/?@:\\[\\]]+)(?::[0-9]*)?(?:[/?]|$))" }
        }"#,
    },
    read(member)
}

fn read(member: &Member<'_>) -> Result<String, Error> {
    let uri = member.filled_text()?;
    if !uri.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b)) {
        return Err(member.error("has characters that a URI can't have"));
    }
    if uri.contains('#') {
        return Err(member.error("has a fragment"));
    }
    let (head, query) = split(uri);
    if form::parameters(query.trim_start_matches('?'))
        .any(|(name, _)| ANSWER.contains(&name.as_str()))
    {
        return Err(member.error("has a parameter of the authorization response in its query"));
    }
    let head = Uri::parse(head).map_err(|_| member.error("not an absolute URI"))?;
    if !head.has_authority() && head.path().is_empty() {
        return Err(member.error("not an absolute URI"));
    }
    let scheme = head.scheme().as_str().to_ascii_lowercase();
    if NEVER.contains(&scheme.as_str()) {
        return Err(member.error("has a scheme that can't be redirected to"));
    }
    if matches!(scheme.as_str(), "http" | "https") {
        check_authority(member, head.authority())?;
    }
    Ok(uri.to_owned())
}

/// Equal byte for byte, except for the port on a loopback IP, which a native app can't know in
/// advance (RFC 8252 §7.3).
pub(crate) fn matches(registered: &str, presented: &str) -> bool {
    let both = || Some(on_loopback(registered)? == on_loopback(presented)?);
    registered == presented || both().unwrap_or(false)
}

/// The parts of a URI on a loopback IP without its port: host, path and query.
fn on_loopback(uri: &str) -> Option<(&str, &str, &str)> {
    let (head, query) = split(uri);
    let head = Uri::parse(head)
        .ok()
        .filter(|head| head.scheme().as_str() == "http" && !head.has_fragment())?;
    let authority = head.authority().filter(|authority| !authority.has_userinfo())?;
    let host = LOOPBACK.into_iter().find(|host| *host == authority.host())?;
    if authority.has_port() {
        // An empty port counts as none, and nobody listens on port 0.
        authority.port_to_u16().ok().flatten().filter(|port| *port != 0)?;
    }
    Some((host, head.path().as_str(), query))
}

/// A URI before its query, and the query with its question mark. Queries in practice have
/// characters that RFC 3986 allows only as escapes, such as `a[]=1`.
fn split(uri: &str) -> (&str, &str) {
    uri.find('?').and_then(|at| uri.split_at_checked(at)).unwrap_or((uri, ""))
}
