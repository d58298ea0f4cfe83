//! Where Authlete is, and with which credentials it is called: the validated server URL, service ID
//! and bearer token.

#[cfg(feature = "url")]
mod new;

use super::operation::Operation;
use crate::http::HttpRequest;
use crate::prelude::*;
use core::fmt;

/// One service of one Authlete server, with a token that gives access to it.
#[derive(Clone, PartialEq, Eq)]
pub struct Service {
    base: String,
    authorization: String,
}

impl Service {
    /// The URL of an operation.
    fn url(&self, operation: &Operation) -> String {
        format!("{}{}", self.base, operation.path)
    }

    /// The HTTP request of an operation with a JSON body.
    pub(super) fn request(&self, operation: &Operation, body: Vec<u8>) -> HttpRequest {
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
