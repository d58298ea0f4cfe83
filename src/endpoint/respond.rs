//! Every answer of the endpoint is made here, so that none lacks a header.

use super::step::Notice;
use crate::basic;
use crate::http::HttpResponse;
use crate::prelude::*;

/// An answer that ends a request before Authlete is called.
pub struct Reply {
    /// The answer. An empty body means that there is none.
    pub response: HttpResponse,
    /// What to tell `onEvent`.
    pub notice: Option<Notice>,
}

/// An error that the endpoint itself reports (RFC 6749 §5.2). Each is a constant and passed by
/// reference: copies would make the artefact larger.
pub(super) struct OAuthError {
    pub(super) status: u16,
    pub(super) error: &'static str,
    /// Printable ASCII without `"` and `\`, as RFC 6749 §5.2 wants it: it is put into JSON as it
    /// is. Empty if there is none.
    pub(super) description: &'static str,
    /// The description for the operator, who may know more than the client.
    detail: &'static str,
}

impl OAuthError {
    /// An error with the same description for the operator and the client.
    pub(super) const fn new(status: u16, error: &'static str, description: &'static str) -> Self {
        OAuthError { status, error, description, detail: description }
    }

    /// The same, with another description for the operator.
    pub(super) const fn because(self, detail: &'static str) -> Self {
        OAuthError { detail, ..self }
    }

    /// 400 `invalid_request`.
    pub(super) const fn invalid_request(description: &'static str) -> Self {
        Self::new(400, "invalid_request", description)
    }

    /// 401 `invalid_client`.
    pub(super) const fn invalid_client(description: &'static str) -> Self {
        Self::new(401, "invalid_client", description)
    }

    /// 500 `server_error` without a description: the reason is for the operator only.
    pub(super) const SERVER_ERROR: &Self = &Self::new(500, "server_error", "");

    /// 400 `unsupported_grant_type`.
    pub(super) const fn unsupported_grant_type(detail: &'static str) -> Self {
        Self::new(400, "unsupported_grant_type", "").because(detail)
    }

    /// What `onEvent` is told about it.
    pub(super) fn notice(&self) -> Notice {
        Notice::Refused { status: self.status, error: self.error, detail: self.detail.into() }
    }

    fn body(&self) -> Vec<u8> {
        let mut json = ["{\"error\":\"", self.error].concat();
        if !self.description.is_empty() {
            json.push_str("\",\"error_description\":\"");
            json.push_str(self.description);
        }
        json.push_str("\"}");
        json.into_bytes()
    }
}

/// An error that the endpoint itself reports about one request.
pub(super) struct Refused {
    refusal: &'static OAuthError,
    /// What the request has instead of what it should have.
    found: Option<String>,
}

impl From<&'static OAuthError> for Refused {
    fn from(refusal: &'static OAuthError) -> Refused {
        Refused { refusal, found: None }
    }
}

impl Refused {
    /// With what was found, provided that it looks like a method, a media type, or the scheme and
    /// host of a URL: anything else could be a secret.
    pub(super) fn with(refusal: &'static OAuthError, found: &str) -> Refused {
        let fits = (1..=64).contains(&found.len())
            && found
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+-./:[]_".contains(&byte));
        Refused { refusal, found: fits.then(|| found.to_owned()) }
    }
}

const ALLOW: &str = "POST, OPTIONS";

/// Makes the answers to one request: it knows the headers that all of them carry.
pub(super) struct Responder {
    pub(super) realm: String,
    pub(super) cors: Vec<(String, String)>,
    /// Headers of Authlete's first answer that the client must get, whatever happens after it.
    pub(super) carried: Vec<(String, String)>,
    /// Whether a client that failed to authenticate gets 401 and a challenge; else 400
    /// (RFC 6749 §5.2).
    pub(super) challenge: bool,
}

impl Responder {
    /// The headers of every answer, also of a hook's response.
    pub(super) fn headers(&self) -> Vec<(String, String)> {
        // With room for what follows.
        let mut headers = Vec::with_capacity(8 + self.cors.len() + self.carried.len());
        put(&mut headers, "cache-control", "no-store");
        put(&mut headers, "pragma", "no-cache");
        put(&mut headers, "x-content-type-options", "nosniff");
        headers.extend(self.cors.iter().chain(&self.carried).cloned());
        headers
    }

    /// An answer with a JSON body. With 401 it has `WWW-Authenticate` (RFC 9110 §15.5.2), with 405
    /// `Allow` (§15.5.6).
    pub(super) fn json(&self, status: u16, body: Vec<u8>) -> HttpResponse {
        let mut headers = self.headers();
        put(&mut headers, "content-type", "application/json");
        let status = if status == 401 && !self.challenge { 400 } else { status };
        match status {
            401 => put(&mut headers, "www-authenticate", &basic::challenge(&self.realm)),
            405 => put(&mut headers, "allow", ALLOW),
            _ => {}
        }
        HttpResponse { status, headers, body }
    }

    /// An error that the endpoint itself reports.
    pub(super) fn error(&self, refusal: &'static OAuthError) -> HttpResponse {
        self.json(refusal.status, refusal.body())
    }

    /// The same, as the end of a request that never reached Authlete.
    pub(super) fn refuse(&self, refused: impl Into<Refused>) -> Reply {
        let Refused { refusal, found } = refused.into();
        let response = self.error(refusal);
        let mut detail = String::from(refusal.detail);
        if let Some(found) = found {
            detail.push_str(": ");
            detail.push_str(&found);
        }
        Reply {
            notice: Some(Notice::Refused { status: response.status, error: refusal.error, detail }),
            response,
        }
    }

    /// The answer to `OPTIONS`.
    pub(super) fn options(&self) -> Reply {
        let mut headers = self.headers();
        put(&mut headers, "allow", ALLOW);
        Reply { response: HttpResponse { status: 204, headers, body: Vec::new() }, notice: None }
    }
}

/// Adds a header. Not inlined: there are many of them, and each would bring two allocations along.
#[inline(never)]
pub(super) fn put(headers: &mut Vec<(String, String)>, name: &str, value: &str) {
    headers.push((name.to_owned(), value.to_owned()));
}
