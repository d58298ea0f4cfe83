//! A service from what its operator knows: URL, ID and token are checked here.

use super::Service;
use crate::error::{Error, ErrorCode};
use crate::loopback::is_loopback;
use crate::prelude::*;
use core::fmt::Write as _;
use url::Url;

impl Service {
    /// A service by its server's URL (such as `https://us.authlete.com`), its ID and a service
    /// access token or organization token.
    ///
    /// The URL is read as browsers read URLs (the WHATWG URL standard). The ID is one path segment
    /// of 1 to 256 visible ASCII characters.
    ///
    /// # Errors
    /// [`ErrorCode::Config`] if the URL is not `https:` (`http:` is fine on a loopback host:
    /// `localhost` or a name under it, for which the resolver is trusted, 127.0.0.0/8, `[::1]`) or
    /// has user information, a query, a fragment or white space around it; if the ID has another
    /// character, is `.` or `..`, or has one of `/`, `\`, `%`, `?` and `#`; if the token is not
    /// visible ASCII. No message repeats a value.
    pub fn new(server_url: &str, service_id: &str, bearer: &str) -> Result<Self, Error> {
        let server = server(server_url).map_err(config)?;
        let service_id = path_segment(service_id).map_err(config)?;
        check_bearer(bearer).map_err(config)?;
        Ok(Service {
            base: format!("{server}/api/{service_id}"),
            authorization: format!("Bearer {bearer}"),
        })
    }
}

fn config(message: &'static str) -> Error {
    Error::new(ErrorCode::Config, message)
}

/// Origin and path of the server as URL parsers normalise them, without slashes at the end.
fn server(text: &str) -> Result<String, &'static str> {
    let not_absolute = "server_url: expected an absolute URL";
    if text.trim() != text {
        return Err(not_absolute);
    }
    let url = Url::parse(text).map_err(|_| not_absolute)?;
    if !(url.scheme() == "https"
        || url.scheme() == "http" && url.host_str().is_some_and(is_loopback))
    {
        return Err("server_url: expected https: (http: only on a loopback host)");
    }
    let has_user =
        !url.username().is_empty() || url.password().is_some_and(|password| !password.is_empty());
    // An empty query or fragment is refused, too.
    if has_user || text.contains(['?', '#']) {
        return Err("server_url: must not have user information, a query or a fragment");
    }
    Ok(url.origin().ascii_serialization() + url.path().trim_end_matches('/'))
}

/// Encodes a text as one path segment (RFC 3986 §3.3), as JavaScript's `encodeURIComponent` does.
/// Dot segments can't be one: URL parsers resolve them even when they are encoded.
fn path_segment(text: &str) -> Result<String, &'static str> {
    let is_visible = text.bytes().all(|byte| byte.is_ascii_graphic());
    if !(1..=256).contains(&text.len())
        || !is_visible
        || text.contains(['/', '\\', '%', '?', '#'])
        || matches!(text, "." | "..")
    {
        return Err("service_id: expected the ID of a service, as one path segment");
    }
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String can't fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    Ok(out)
}

fn check_bearer(bearer: &str) -> Result<(), &'static str> {
    if !bearer.is_empty() && bearer.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(())
    } else {
        Err("bearer: expected a token of visible ASCII characters")
    }
}
