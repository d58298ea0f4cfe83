//! Where Authlete is and as whom it is called: the validated server URL, service ID and bearer token.

use super::common::Operation;
use crate::error::{Error, ErrorCode};
use crate::http::HttpRequest;
use crate::prelude::*;
use core::fmt;
use core::fmt::Write as _;
use core::net::{Ipv4Addr, Ipv6Addr};

/// One service of one Authlete server, with the token that opens it.
#[derive(Clone, PartialEq, Eq)]
pub struct Service {
    base: String,
    authorization: String,
}

impl Service {
    /// A service by its server's URL (such as `https://us.authlete.com`), its ID and a service access token or organization token.
    ///
    /// # Errors
    /// [`ErrorCode::Config`] if the URL is not `https:` (`http:` on a loopback host is fine) or has user information, a query, a fragment or dot
    /// segments; if the ID can't be one path segment; if the token is not visible ASCII. No message repeats a value.
    pub fn new(server_url: &str, service_id: &str, bearer: &str) -> Result<Self, Error> {
        check_server_url(server_url).map_err(config)?;
        let service_id = path_segment(service_id).map_err(config)?;
        check_bearer(bearer).map_err(config)?;
        Ok(Service {
            base: format!("{}/api/{service_id}", server_url.trim_end_matches('/')),
            authorization: format!("Bearer {bearer}"),
        })
    }

    /// The URL of an operation.
    pub fn url(&self, operation: &Operation) -> String {
        format!("{}{}", self.base, operation.path)
    }

    /// The HTTP request of an operation with a JSON body.
    pub fn request(&self, operation: &Operation, body: Vec<u8>) -> HttpRequest {
        HttpRequest {
            method: "POST".into(),
            url: self.url(operation),
            headers: vec![
                ("authorization".into(), self.authorization.clone()),
                ("content-type".into(), "application/json".into()),
                ("accept".into(), "application/json".into()),
            ],
            body,
        }
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Service({})", self.base)
    }
}

fn config(message: &'static str) -> Error {
    Error::new(ErrorCode::Config, message)
}

fn check_server_url(url: &str) -> Result<(), &'static str> {
    let (scheme, rest) = url.split_once("://").ok_or("server_url: expected an absolute URL")?;
    if rest.bytes().any(|byte| !byte.is_ascii_graphic() || matches!(byte, b'\\' | b'?' | b'#' | b'@')) {
        return Err("server_url: expected visible ASCII without user information, query and fragment");
    }
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    if path.split('/').any(|segment| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..")) {
        return Err("server_url: expected a path without dot segments");
    }
    let host = host(authority).ok_or("server_url: expected a host name or an IP address, and a port at most")?;
    if scheme.eq_ignore_ascii_case("https") || (scheme.eq_ignore_ascii_case("http") && is_loopback(host)) {
        Ok(())
    } else {
        Err("server_url: expected https: (http: only on a loopback host)")
    }
}

/// The host of an authority whose parts are well-formed.
fn host(authority: &str) -> Option<&str> {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let port_ok = port.is_none_or(|port| port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok());
    let host_ok = match ipv6(host) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_')),
    };
    (port_ok && host_ok).then_some(host)
}

fn ipv6(host: &str) -> Option<&str> {
    host.strip_prefix('[')?.strip_suffix(']')
}

fn is_loopback(host: &str) -> bool {
    match ipv6(host) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok_and(|ip| ip.is_loopback()),
        None => host.eq_ignore_ascii_case("localhost") || host.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback()),
    }
}

/// Encodes a text as one path segment (RFC 3986 §3.3). Dot segments can't be one: URL parsers resolve them even when they are encoded.
fn path_segment(text: &str) -> Result<String, &'static str> {
    if matches!(text, "" | "." | "..") {
        return Err("service_id: expected the ID of a service");
    }
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
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
