//! The options of the token endpoint that its decisions depend on, and the check for unusable ones.

use super::url;
use crate::contract::DEFAULT_MAX_REQUEST_BYTES;
use crate::prelude::*;
use crate::{Error, ErrorCode};

/// The options of a token endpoint. The defaults are those of [`EndpointSettings::default`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndpointSettings {
    /// The realm of the `Basic` challenge (RFC 7617 §2). Default: `token`.
    pub realm: String,
    /// The public URL of this endpoint, which a DPoP proof must name (RFC 9449 §4.3). `None`: the
    /// URL that the service has at Authlete.
    pub token_endpoint: Option<String>,
    /// Which web origins may read the answers. Default: any.
    pub cors: Cors,
    /// The longest request body that is read, in bytes. Default: 65 536.
    pub max_request_bytes: usize,
    /// Accept `http:` from hosts other than loopback ones, behind a proxy that ends TLS. Default:
    /// false.
    pub allow_insecure_requests: bool,
    /// What to do when Authlete answers `ID_TOKEN_REISSUABLE`. Default: get a new ID token.
    pub reissue_id_token: Reissue,
    /// Which hooks the host gave. Default: none.
    pub hooks: Hooks,
}

/// Which web origins may read the answers (the CORS protocol of the Fetch standard).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cors {
    /// Every origin. That is safe: the endpoint uses no cookies.
    Any,
    /// These origins, written as browsers send them: `https://app.example.com`.
    List(Vec<String>),
    /// No CORS headers.
    Off,
}

/// What to do when Authlete answers `ID_TOKEN_REISSUABLE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reissue {
    /// Answer as for `OK`.
    Off,
    /// Call `/idtoken/reissue`.
    On,
    /// Ask [`super::Hook::ReissueIdToken`] first.
    Ask,
}

/// Which hooks the host gave.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hooks {
    /// `authenticateUser`, for the resource owner password credentials grant (RFC 6749 §4.3).
    pub authenticate_user: bool,
    /// `tokenExchange` (RFC 8693).
    pub token_exchange: bool,
    /// `jwtBearer` (RFC 7523 §2.1).
    pub jwt_bearer: bool,
    /// `nativeSso` (OpenID Connect Native SSO for Mobile Apps 1.0).
    pub native_sso: bool,
}

impl Default for EndpointSettings {
    fn default() -> Self {
        EndpointSettings {
            realm: "token".into(),
            token_endpoint: None,
            cors: Cors::Any,
            max_request_bytes: DEFAULT_MAX_REQUEST_BYTES,
            allow_insecure_requests: false,
            reissue_id_token: Reissue::On,
            hooks: Hooks::default(),
        }
    }
}

impl EndpointSettings {
    /// Finds options that can't work, or that would silently never match.
    ///
    /// # Errors
    /// [`ErrorCode::Config`], naming the option as JavaScript spells it.
    pub fn check(&self) -> Result<(), Error> {
        if !self.realm.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Err(config("realm: only printable ASCII characters fit into a header"));
        }
        if self.max_request_bytes == 0 {
            return Err(config("maxRequestBytes: must be at least 1"));
        }
        if self.token_endpoint.as_deref().is_some_and(|endpoint| !is_endpoint(endpoint)) {
            return Err(config(
                "tokenEndpoint: must be an absolute http(s) URL without query and fragment",
            ));
        }
        match &self.cors {
            Cors::List(origins) if !origins.iter().all(|origin| is_origin(origin)) => Err(config(
                "cors: each origin must be written as browsers send it, such as https://app.example.com",
            )),
            _ => Ok(()),
        }
    }
}

fn config(message: &str) -> Error {
    Error::new(ErrorCode::Config, message)
}

fn is_endpoint(text: &str) -> bool {
    let parts = url::split(text);
    matches!(parts.scheme, "https" | "http")
        && !parts.host.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'?' | b'#'))
}

// An origin is a scheme, a host and perhaps a port other than the default one, in lower case
// (RFC 6454 §6.2). `null` stands for every opaque origin at once.
fn is_origin(text: &str) -> bool {
    let url::Url { scheme, authority, .. } = url::split(text);
    let default_port = scheme == "https" && authority.ends_with(":443")
        || scheme == "http" && authority.ends_with(":80");
    !scheme.is_empty()
        && !authority.is_empty()
        && !default_port
        // Nothing follows.
        && text.len() == scheme.len() + "://".len() + authority.len()
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !byte.is_ascii_uppercase())
        && authority.bytes().all(|byte| !b"@*,".contains(&byte))
}
