//! The tokens of an answer, and the token response that the OAuth client gets.

use super::RefreshPart;
use crate::engine::context::to_text;
use crate::engine::platform::Unavailable;
use crate::engine::records::Property;
use serde::Serialize;
use std::collections::BTreeMap;

/// The tokens of an answer.
pub(crate) struct Tokens {
    pub(crate) access_token: String,
    /// Milliseconds since the epoch.
    pub(crate) access_token_expires_at: u64,
    /// Seconds.
    pub(crate) access_token_duration: u64,
    pub(crate) refresh: Option<RefreshPart>,
    pub(crate) id_token: Option<String>,
    pub(crate) scopes: Vec<String>,
    /// The resources that the access token is for (RFC 8707).
    pub(crate) resources: Vec<String>,
    pub(crate) subject: Option<String>,
    pub(crate) properties: Vec<Property>,
    pub(crate) claim_names: Vec<String>,
}

/// A token response (RFC 6749 §5.1).
#[derive(Serialize)]
struct Content<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_in: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<&'a str>,
    #[serde(flatten)]
    properties: BTreeMap<&'a str, &'a str>,
}

impl Tokens {
    /// The JSON text for the OAuth client. Absent members are left out.
    pub(crate) fn content(&self) -> Result<String, Unavailable> {
        let visible = self.properties.iter().filter(|property| !property.hidden);
        to_text(&Content {
            access_token: &self.access_token,
            token_type: "Bearer",
            expires_in: self.access_token_duration,
            scope: (!self.scopes.is_empty()).then(|| self.scopes.join(" ")),
            refresh_token: self.refresh.as_ref().map(|refresh| refresh.token.as_str()),
            id_token: self.id_token.as_deref(),
            properties: visible
                .map(|property| (property.key.as_str(), property.value.as_str()))
                .collect(),
        })
    }
}
