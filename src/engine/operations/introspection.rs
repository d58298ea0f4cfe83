//! Introspection (RFC 7662): what is known about an access token.

use crate::engine::context::{Context, to_text};
use crate::engine::platform::{RecordKind, Unavailable};
use crate::engine::records::{AccessToken, Grant};
use serde::{Serialize, Serializer};
use serde_json::json;

/// An introspection response (RFC 7662 §2.2).
#[derive(Serialize)]
struct Introspection<'a> {
    active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    client_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<&'a str>,
    token_type: &'static str,
    #[serde(skip_serializing_if = "ResourceList::is_nobody")]
    aud: ResourceList<'a>,
    iss: &'a str,
    exp: u64,
    iat: u64,
}

/// The resources that a token is for: one as a string, several as an array (RFC 7519 §4.1.3).
struct ResourceList<'a>(&'a [String]);

impl ResourceList<'_> {
    fn is_nobody(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for ResourceList<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            [one] => one.serialize(serializer),
            several => several.serialize(serializer),
        }
    }
}

/// What is known about an access token. A refresh token is never active here: a resource server
/// must not take it for an access token.
pub(crate) fn introspect(context: &Context<'_>, token: &str) -> Result<String, Unavailable> {
    let inactive = || json!({ "active": false }).to_string();
    let Some(token) = context.live_credential::<AccessToken>(RecordKind::AccessToken, token)?
    else {
        return Ok(inactive());
    };
    let Some(grant) = context.live::<Grant>(RecordKind::Grant, token.data.grant.clone())? else {
        return Ok(inactive());
    };
    if context.config.client_by_number(grant.data.client).is_none() {
        return Ok(inactive());
    }
    to_text(&Introspection {
        active: true,
        scope: (!token.data.scopes.is_empty()).then(|| token.data.scopes.join(" ")),
        client_id: &grant.data.client_id,
        sub: grant.data.subject.as_deref(),
        token_type: "Bearer",
        aud: ResourceList(&token.data.resources),
        iss: &context.config.service.issuer,
        exp: token.expires_at / 1000,
        iat: token.data.issued_at,
    })
}
