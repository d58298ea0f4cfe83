//! Documents of clients, which the platform fetches.

use super::{Boxed, Unavailable};

/// A document that was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its text.
    pub text: String,
    /// The `Cache-Control` header of the answer (RFC 9111 §5.2), if there is one.
    pub cache_control: Option<String>,
}

/// Fetches documents over HTTP: the key sets of clients with `jwks_uri`. The addresses come from
/// the configuration, never from a request.
pub trait Fetch {
    /// Sends a GET for a JSON document, and reads the answer.
    ///
    /// An implementation sends nothing but the request (no credentials), follows no redirect, waits
    /// five seconds at most for the whole document, and reads 65,536 bytes at most.
    ///
    /// # Errors
    /// The future gives [`Unavailable`] for anything but a complete document in UTF-8 with status
    /// 200, within these limits. Keys that were fetched before stay in use.
    fn fetch<'a>(&'a self, url: &'a str) -> Boxed<'a, Result<Document, Unavailable>>;

    /// Waits for about 100 milliseconds: another request may be fetching the same document, and the
    /// store tells when it is there.
    fn pause(&self) -> Boxed<'_, ()>;
}

/// Fetches nothing: an engine with it can't authenticate clients with `jwks_uri`.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFetch;

impl Fetch for NoFetch {
    fn fetch<'a>(&'a self, _: &'a str) -> Boxed<'a, Result<Document, Unavailable>> {
        Box::pin(std::future::ready(Err(Unavailable)))
    }

    fn pause(&self) -> Boxed<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}
