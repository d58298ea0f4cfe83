//! What `/auth/token` says about the tokens of a token exchange. Authlete's versions disagree on
//! two shapes; both are read.

use super::schema::{Read, ResponseModel, ValueType, Wire, model, read_items};
use super::types::{AuthzDetails, AuthzDetailsElement, Pair, Property};
use crate::prelude::*;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::{Map, Value};

model! {
    /// What Authlete knows about the subject token or the actor token of a token exchange
    /// (RFC 8693 §2.1).
    response TokenInfo {
        /// The numeric ID of the client that the token was issued to. A string of digits where a
        /// number would round.
        "clientId" client_id: Option<i64> as NumericId,
        /// The alias of that client.
        "clientIdAlias" client_id_alias: Option<String>,
        /// Whether the alias was used when the token was created.
        "clientIdAliasUsed" client_id_alias_used: Option<bool>,
        /// The subject of the token: the unique identifier of the user. Absent from tokens of the
        /// client credentials grant.
        "subject" subject: Option<String>,
        /// The scopes of the token: scope objects, or in older versions plain names.
        "scopes" scopes: Option<Vec<ScopeOrName>>,
        /// When the token expires, in *seconds* since the Unix epoch (all other times of this API
        /// are milliseconds).
        "expiresAt" expires_at: Option<i64>,
        /// The extra properties of the token.
        "properties" properties: Option<Vec<Property>>,
        /// The resources that the token is for (RFC 8707 §2).
        "resources" resources: Option<Vec<String>>,
        /// The rich authorization details of the token: `{elements: […]}`, or in older versions a
        /// bare element.
        "authorizationDetails" authorization_details: Option<AuthzDetailsOrElement>,
        /// The entity ID of the client, a URI (OpenID Federation 1.0). Since Authlete 2.3.
        "clientEntityId" client_entity_id: Option<String>,
        /// Whether the entity ID was used as client identifier in the request. Since Authlete 2.3.
        "clientEntityIdUsed" client_entity_id_used: Option<bool>,
        /// The URL of the document that described the client (OAuth Client ID Metadata Document).
        /// Since Authlete 3.0.22.
        "metadataDocumentLocation" metadata_document_location: Option<String>,
        /// Whether the client was found through a document at its client ID (OAuth Client ID
        /// Metadata Document). Since Authlete 3.0.22.
        "metadataDocumentUsed" metadata_document_used: Option<bool>,
    }
}

model! {
    /// A scope of the service (RFC 6749 §3.3).
    response Scope {
        /// The name of the scope.
        "name" name: Option<String>,
        /// Whether the scope belongs to the default set.
        "defaultEntry" default_entry: Option<bool>,
        /// The description of the scope.
        "description" description: Option<String>,
        /// The descriptions of the scope by language.
        "descriptions" descriptions: Option<Vec<TaggedValue>>,
        /// The attributes of the scope.
        "attributes" attributes: Option<Vec<Pair>>,
    }
}

model! {
    /// A text in one language.
    response TaggedValue {
        /// The language tag (BCP 47).
        "tag" tag: Option<String>,
        /// The text.
        "value" value: Option<String>,
    }
}

/// A scope as an object, or as its bare name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ScopeOrName {
    /// The scope object of Authlete 3.0.
    Scope(Scope),
    /// The scope name of older versions.
    Name(String),
}

impl ScopeOrName {
    /// The name of the scope.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Scope(scope) => scope.name.as_deref(),
            Self::Name(name) => Some(name),
        }
    }
}

impl Read for ScopeOrName {
    fn read(value: Value) -> Result<Self, Value> {
        String::read(value).map(Self::Name).or_else(|value| Scope::read(value).map(Self::Scope))
    }
}

impl Read for Vec<ScopeOrName> {
    fn read(value: Value) -> Result<Self, Value> {
        read_items(value, |item| item.is_string() || item.is_object())
    }
}

impl Wire for Vec<ScopeOrName> {
    const TYPE: ValueType = ValueType::ObjectOrTextArray(Scope::SCHEMA);
}

/// Rich authorization details as an object around the entries, or as one bare entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum AuthzDetailsOrElement {
    /// `{"elements": […]}`
    Details(AuthzDetails),
    /// One entry without a wrapper, as older versions describe it.
    Element(Box<AuthzDetailsElement>),
}

impl AuthzDetailsOrElement {
    /// The entries, whichever form they came in.
    pub fn elements(&self) -> &[AuthzDetailsElement] {
        match self {
            Self::Details(details) => details.elements.as_deref().unwrap_or_default(),
            Self::Element(element) => core::slice::from_ref(element),
        }
    }
}

impl Wire for AuthzDetailsOrElement {
    const TYPE: ValueType =
        ValueType::EitherObject(AuthzDetails::SCHEMA, AuthzDetailsElement::SCHEMA);
}

impl Read for AuthzDetailsOrElement {
    fn read(value: Value) -> Result<Self, Value> {
        match value {
            Value::Object(members) if is_bare(&members) => {
                Ok(Self::Element(Box::new(AuthzDetailsElement::from_members(members))))
            }
            value => AuthzDetails::read(value).map(Self::Details),
        }
    }
}

/// Every member of both forms is optional, so only the member names distinguish them.
fn is_bare(members: &Map<String, Value>) -> bool {
    members.contains_key("type") && !members.contains_key("elements")
}

impl<'de> Deserialize<'de> for AuthzDetailsOrElement {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let members = Map::deserialize(deserializer)?;
        let bare = is_bare(&members);
        let value = Value::Object(members);
        let parsed = if bare {
            serde_json::from_value(value).map(|element| Self::Element(Box::new(element)))
        } else {
            serde_json::from_value(value).map(Self::Details)
        };
        // Serde's own text may quote the value.
        parsed.map_err(|_| D::Error::custom("unexpected authorization details"))
    }
}
