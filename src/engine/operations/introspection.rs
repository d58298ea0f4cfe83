//! Introspection (RFC 7662): what is known about an access token.

use crate::engine::client::Caller;
use crate::engine::context::{Conclusion, Context, to_text};
use crate::engine::family;
use crate::engine::platform::{Check, Unavailable};
use crate::engine::records::{AccessToken, Confirmation, Family, Grant};
use crate::engine::resource;
use crate::engine::result_code::{self, Refusal};
use serde::{Serialize, Serializer};

/// The state of a token that is not active: nothing else is said about it (RFC 7662 §2.2).
const INACTIVE: &str = r#"{"active":false}"#;

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
    #[serde(skip_serializing_if = "Confirmation::is_none")]
    cnf: &'a Confirmation,
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
    match find(context, token)? {
        Some((token, grant)) => describe(context, &token, &grant, &token.resources),
        None => Ok(INACTIVE.to_owned()),
    }
}

/// The same for a protected resource, which learns about the tokens that it may accept: those for
/// one of its identifiers, and those that are bound to no resource, which it has to decide about.
/// Of other resources it learns nothing (RFC 7662 §5).
pub(crate) fn introspect_for(
    context: &Context<'_>,
    caller: &Caller<'_>,
    token: &str,
) -> Result<Conclusion<String>, Refusal> {
    // A public client has shown no credential, so it is not authorized in any way (RFC 7662 §2.1).
    let is_confidential = !caller.client.is_public();
    context.require(Check::ConfidentialClient, is_confidential, result_code::CLIENT_INVALID)?;
    let own = &caller.client.resource_identifiers;
    let code = result_code::INTROSPECTION_NOT_ALLOWED;
    context.require(Check::ResourceIdentifiers, !own.is_empty(), code)?;
    let mut answer = INACTIVE.to_owned();
    if let Some((token, grant)) = find(context, token)? {
        let audience = resource::among(own, &token.resources);
        let any = token.resources.is_empty();
        let is_for_it = any || !audience.is_empty();
        context.holds(Check::Audience, is_for_it, if any { "any" } else { "" });
        if is_for_it {
            answer = describe(context, &token, &grant, &audience)?;
        }
    }
    Ok(Conclusion { answer, writes: Vec::new(), conflict: None })
}

/// An active access token and its grant.
pub(super) fn find(
    context: &Context<'_>,
    token: &str,
) -> Result<Option<(AccessToken, Grant)>, Unavailable> {
    let found = family::of_access_token(context, token)?.and_then(|live| {
        let Family { grant, access_token, .. } = *live.data;
        context.config.client_by_number(grant.client)?;
        Some((access_token?, grant))
    });
    // The same sentence as a protected resource gives for it.
    let active = found.as_ref().ok_or(result_code::ACCESS_TOKEN_INVALID);
    let _ = context.check(Check::AccessToken, active);
    Ok(found)
}

/// The JSON about an active access token, for those that `audience` names.
pub(super) fn describe(
    context: &Context<'_>,
    token: &AccessToken,
    grant: &Grant,
    audience: &[String],
) -> Result<String, Unavailable> {
    to_text(&Introspection {
        active: true,
        scope: (!token.scopes.is_empty()).then(|| token.scopes.join(" ")),
        client_id: &grant.client_id,
        sub: grant.subject.as_deref(),
        token_type: token.cnf.token_type(),
        aud: ResourceList(audience),
        iss: &context.config.service.issuer,
        exp: token.expires_at / 1000,
        iat: token.issued_at,
        cnf: &token.cnf,
    })
}
