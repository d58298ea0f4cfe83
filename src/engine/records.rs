//! The records of the store: what is known of a grant, a code, a token, a ticket.

use super::properties::Property;
use super::request::Caller;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a user, or nobody, allowed a client to do. Tokens name it; when it goes, they are worthless.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Grant {
    /// The numeric ID of the client.
    pub(super) client: u64,
    /// The identifier that the client used; the audience of ID tokens.
    pub(super) client_id: String,
    /// The user; nobody for client credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) subject: Option<String>,
    /// When the user logged in; seconds since the epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) auth_time: Option<u64>,
    /// How the user logged in (OpenID Connect Core §2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) acr: Option<String>,
    /// The names of the user's claims in the first ID token.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) claim_names: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) properties: Vec<Property>,
}

impl Grant {
    /// A grant of the client for itself.
    pub(super) fn of(caller: &Caller<'_>) -> Self {
        Grant {
            client: caller.client.number,
            client_id: caller.id.clone(),
            subject: None,
            auth_time: None,
            acr: None,
            claim_names: Vec::new(),
            properties: Vec::new(),
        }
    }
}

/// An authorization code (RFC 6749 §4.1.2).
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Code {
    pub(super) grant: Grant,
    pub(super) scopes: Vec<String>,
    /// As the authorization request had it; nothing if it had none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) redirect_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) challenge: Option<Challenge>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) nonce: Option<String>,
    /// Claims of the user for the ID token.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub(super) claims: Map<String, Value>,
    /// Set when the code is redeemed. The record stays for a moment, so that a client in a race with itself is told from a thief.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) used: Option<Used>,
}

/// A code challenge (RFC 7636 §4.3).
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Challenge {
    pub(super) value: String,
    pub(super) method: ChallengeMethod,
}

/// A code challenge method (RFC 7636 §4.2).
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum ChallengeMethod {
    #[serde(rename = "S256")]
    S256,
    #[serde(rename = "plain")]
    Plain,
}

/// The redemption of a code.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Used {
    /// Milliseconds since the epoch.
    pub(super) at: u64,
    /// The identifier of the grant that came out of it: the key of the code, or a random one if an earlier version redeemed it.
    pub(super) grant: String,
}

/// An access token.
#[derive(Serialize, Deserialize)]
pub(super) struct AccessToken {
    /// The identifier of the grant.
    pub(super) grant: String,
    pub(super) scopes: Vec<String>,
    /// Seconds since the epoch.
    pub(super) issued_at: u64,
}

/// A refresh token.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct RefreshToken {
    /// The identifier of the grant.
    pub(super) grant: String,
    pub(super) scopes: Vec<String>,
    /// The lifetime that it was issued with; seconds.
    pub(super) duration: u64,
    /// Whether it was replaced. The record stays, so that a second use is noticed.
    pub(super) used: bool,
}

/// A ticket: a password request that waits for the host's verdict.
#[derive(Serialize, Deserialize)]
pub(super) struct Ticket {
    pub(super) grant: Grant,
    pub(super) scopes: Vec<String>,
    /// Whether the host has given its verdict. The record stays until it expires, so that a second use is told from an unknown ticket.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) used: bool,
}

/// Whether the text can be a subject: 1 to 255 ASCII characters (OpenID Connect Core §2), no control characters.
pub(super) fn is_subject(text: &str) -> bool {
    (1..=255).contains(&text.len()) && text.bytes().all(|b| (0x20..=0x7e).contains(&b))
}
