//! The tokens of an answer, and the token response that the OAuth client gets.

use super::Unavailable;
use super::context::to_text;
use super::properties::Property;
use serde::Serialize;
use std::collections::BTreeMap;

/// The refresh token of an answer.
pub(super) struct RefreshPart {
    pub(super) token: String,
    /// Milliseconds since the epoch.
    pub(super) expires_at: u64,
    /// Seconds.
    pub(super) duration: u64,
    pub(super) scopes: Vec<String>,
}

/// The tokens of an answer.
pub(super) struct Tokens {
    pub(super) access_token: String,
    /// Milliseconds since the epoch.
    pub(super) access_token_expires_at: u64,
    /// Seconds.
    pub(super) access_token_duration: u64,
    pub(super) refresh: Option<RefreshPart>,
    pub(super) id_token: Option<String>,
    pub(super) scopes: Vec<String>,
    pub(super) subject: Option<String>,
    pub(super) properties: Vec<Property>,
    pub(super) claim_names: Vec<String>,
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
    /// When the last of the tokens expires; milliseconds since the epoch.
    pub(super) fn expires_at(&self) -> u64 {
        let refresh = self.refresh.as_ref().map_or(0, |refresh| refresh.expires_at);
        self.access_token_expires_at.max(refresh)
    }

    /// The JSON text for the OAuth client, without anything that is not there.
    pub(super) fn content(&self) -> Result<String, Unavailable> {
        let visible = self.properties.iter().filter(|property| !property.hidden);
        to_text(&Content {
            access_token: &self.access_token,
            token_type: "Bearer",
            expires_in: self.access_token_duration,
            scope: (!self.scopes.is_empty()).then(|| self.scopes.join(" ")),
            refresh_token: self.refresh.as_ref().map(|refresh| refresh.token.as_str()),
            id_token: self.id_token.as_deref(),
            properties: visible.map(|property| (property.key.as_str(), property.value.as_str())).collect(),
        })
    }
}
