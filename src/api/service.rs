//! Where Authlete is and as whom it is called: the validated server URL, service ID and bearer token.

use super::common::Operation;
use crate::error::{Error, ErrorCode};
use crate::http::HttpRequest;
use crate::loopback::is_loopback;
use crate::prelude::*;
use core::fmt;
use core::fmt::Write as _;
use fluent_uri::Uri;
use fluent_uri::component::{Authority, Host};

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
    /// [`ErrorCode::Config`] if the URL is not `https:` (`http:` is fine on a loopback host: `localhost` or a name
    /// under it, for which the resolver is trusted, 127.0.0.0/8, `[::1]`) or has user information, a query, a fragment or dot
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

fn check_server_url(text: &str) -> Result<(), &'static str> {
    let url = Uri::parse(text).map_err(|_| "server_url: expected an absolute URL")?;
    let authority = url.authority().ok_or("server_url: expected an absolute URL")?;
    if authority.has_userinfo() || url.has_query() || url.has_fragment() {
        return Err("server_url: expected no user information, query and fragment");
    }
    // URL parsers resolve dot segments even when they are encoded.
    let is_dots = |segment: &str| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
    if url.path().as_str().split('/').any(is_dots) {
        return Err("server_url: expected a path without dot segments");
    }
    let no_host = "server_url: expected a host name or an IP address, and a port at most";
    let host = host(&authority).ok_or(no_host)?;
    if authority.port().is_some_and(|port| port.is_empty()) || authority.port_to_u16().is_err() {
        return Err(no_host);
    }
    let scheme = url.scheme().as_str();
    if scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http") && is_loopback(&host) {
        Ok(())
    } else {
        Err("server_url: expected https: (http: only on a loopback host)")
    }
}

/// The host as URL parsers normalise it; nothing for what is no host of a server.
fn host(authority: &Authority<'_>) -> Option<String> {
    let is_name = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
    match authority.host_parsed() {
        Host::Ipv4(address) => Some(address.to_string()),
        Host::Ipv6(address) => Some(format!("[{address}]")),
        Host::RegName(name) => Some(name.as_str()).filter(|name| !name.is_empty() && is_name(name)).map(str::to_owned),
        _ => None,
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
