//! The tokens of an answer, and the token response that the OAuth client gets.

use super::RefreshPart;
use super::properties::to_wire;
use crate::api::{TokenResponse, TokenResponseAction};
use crate::engine::context::{Context, to_text};
use crate::engine::platform::Unavailable;
use crate::engine::records::{AccessToken, Grant, Property, RefreshToken};
use crate::engine::result_code::ResultCode;
use crate::engine::scope::has_openid;
use serde::{Serialize, Serializer};

/// The tokens of an answer.
pub(crate) struct Tokens {
    pub(crate) access_token: String,
    pub(crate) token_type: &'static str,
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
    properties: Visible<'a>,
}

/// The properties that the OAuth client may see, as members.
struct Visible<'a>(&'a [Property]);

impl Serialize for Visible<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let visible = self.0.iter().filter(|property| !property.hidden);
        serializer.collect_map(visible.map(|property| (&property.key, &property.value)))
    }
}

impl Tokens {
    /// Tokens that are there already: what is left of them now.
    pub(crate) fn stored(
        context: &Context<'_>,
        access: (String, AccessToken),
        refresh: (String, RefreshToken),
        grant: Grant,
    ) -> Self {
        let (access_token, access) = access;
        Tokens {
            access_token,
            token_type: access.cnf.token_type(),
            access_token_expires_at: access.expires_at,
            access_token_duration: context.seconds_until(access.expires_at),
            refresh: Some(RefreshPart::from(refresh)),
            id_token: None,
            scopes: access.scopes,
            resources: access.resources,
            subject: grant.subject,
            properties: grant.properties,
            claim_names: grant.claim_names,
        }
    }

    /// Whether an ID token can go with them: there is a user, and the scopes have `openid`.
    pub(crate) fn is_for_a_user(&self) -> bool {
        has_openid(&self.scopes) && self.subject.is_some()
    }

    /// The response of `/auth/token` with these tokens. `reissuable`: the host may ask for a new ID
    /// token.
    pub(crate) fn response(
        self,
        code: &ResultCode,
        reissuable: bool,
    ) -> Result<TokenResponse, Unavailable> {
        let action = if reissuable {
            TokenResponseAction::IdTokenReissuable
        } else {
            TokenResponseAction::Ok
        };
        let mut response = TokenResponse {
            response_content: Some(self.content()?),
            access_token: Some(self.access_token),
            access_token_expires_at: integer(self.access_token_expires_at),
            access_token_duration: integer(self.access_token_duration),
            id_token: self.id_token,
            subject: self.subject,
            scopes: (!self.scopes.is_empty()).then_some(self.scopes),
            properties: to_wire(&self.properties),
            access_token_resources: (!self.resources.is_empty()).then_some(self.resources),
            requested_id_token_claims: (reissuable && !self.claim_names.is_empty())
                .then_some(self.claim_names),
            ..code.response(action)
        };
        if let Some(refresh) = self.refresh {
            response.refresh_token = Some(refresh.token);
            response.refresh_token_expires_at = integer(refresh.expires_at);
            response.refresh_token_duration = integer(refresh.duration);
            response.refresh_token_scopes = (!refresh.scopes.is_empty()).then_some(refresh.scopes);
        }
        Ok(response)
    }

    /// The JSON text for the OAuth client. Absent members are left out.
    pub(crate) fn content(&self) -> Result<String, Unavailable> {
        to_text(&Content {
            access_token: &self.access_token,
            token_type: self.token_type,
            expires_in: self.access_token_duration,
            scope: (!self.scopes.is_empty()).then(|| self.scopes.join(" ")),
            refresh_token: self.refresh.as_ref().map(|refresh| refresh.token.as_str()),
            id_token: self.id_token.as_deref(),
            properties: Visible(&self.properties),
        })
    }
}

/// An integer of the API.
pub(crate) fn integer(value: u64) -> Option<i64> {
    i64::try_from(value).ok()
}
