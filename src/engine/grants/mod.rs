//! The grant types: one file each, and the one table that registers them.

mod authorization_code;
mod client_credentials;
pub(crate) mod password;
mod refresh_token;
#[cfg(test)]
mod toy;

use crate::api::TokenResponse;
use crate::engine::client::Caller;
use crate::engine::context::Context;
use crate::engine::issue::{Issue, Options};
use crate::engine::platform::{Boxed, Check, Write};
use crate::engine::records::{Confirmation, Grant};
use crate::engine::request::Form;
use crate::engine::resource;
use crate::engine::result_code::{self, Refusal, ResultCode};
use crate::engine::scope;
use crate::engine::service::{Config, GrantEntry};

/// The grant types that the engine has. A row here is all that a new one needs besides its file:
/// the configuration, the known parameters and the metadata document follow.
pub(crate) static GRANTS: &[&GrantHandler] = &[
    &authorization_code::HANDLER,
    &refresh_token::HANDLER,
    &client_credentials::HANDLER,
    &password::HANDLER,
    #[cfg(test)]
    &toy::HANDLER,
];

/// A row of [`GRANTS`].
pub(crate) struct GrantHandler {
    pub(crate) entry: GrantEntry,
    /// Checks the request, and decides what to do. It writes nothing.
    pub(crate) decide: for<'a> fn(
        &'a Context<'a>,
        &'a GrantRequest<'a>,
    ) -> Boxed<'a, Result<Decision<'a>, Refusal>>,
}

/// What to do with a token request.
pub(crate) enum Decision<'a> {
    /// Tokens are issued.
    Issue(Box<Issue<'a>>),
    /// This is the answer. All that is written is new.
    Answer(Box<TokenResponse>, Vec<Write>),
}

/// A token request of an authenticated client.
pub(crate) struct GrantRequest<'a> {
    pub(crate) form: &'a Form,
    pub(crate) caller: Caller<'a>,
    pub(crate) options: Options<'a>,
    /// What the sender has proved to have, and its tokens are bound to.
    pub(crate) confirmation: Confirmation,
}

impl GrantRequest<'_> {
    /// What to issue for this request, to begin with.
    fn issue(&self, grant: Grant) -> Issue<'_> {
        Issue::new(&self.caller, &self.options, self.confirmation.clone(), grant)
    }

    /// The requested scopes; empty without the parameter.
    fn scopes(&self) -> Result<Vec<String>, &'static ResultCode> {
        scope::parse(self.form.get("scope").unwrap_or_default()).ok_or(result_code::SCOPE_MALFORMED)
    }

    /// The requested resources, all of which the client may have; none without the parameter.
    pub(crate) fn resources(&self, config: &Config) -> Result<Vec<String>, &'static ResultCode> {
        let asked = resource::parse(self.form.all("resource"));
        let asked = asked.ok_or(result_code::RESOURCE_MALFORMED)?;
        let allowed = config.allowed_resources(self.caller.client, &asked);
        if allowed.len() == asked.len() {
            Ok(allowed)
        } else {
            Err(result_code::RESOURCE_NOT_GRANTED)
        }
    }

    /// The resources of an access token of this grant: the requested part of the granted ones, as
    /// far as the client may still have them.
    fn granted_resources(
        &self,
        context: &Context<'_>,
        grant: &Grant,
    ) -> Result<Vec<String>, &'static ResultCode> {
        let config = context.config;
        let narrowed = resource::narrow(&grant.resources, self.resources(config)?)
            .and_then(|narrowed| config.remaining_resources(self.caller.client, &narrowed))
            .ok_or(result_code::RESOURCE_NOT_GRANTED);
        if grant.resources.is_empty() {
            context.part(Check::GrantedResources, narrowed)
        } else {
            context.check(Check::GrantedResources, narrowed)
        }
    }

    /// The requested scopes, all of which the client may have.
    fn allowed_scopes(&self, config: &Config) -> Result<Vec<String>, &'static ResultCode> {
        let scopes = self.scopes()?;
        let allowed = scopes.iter().all(|scope| config.allows_scope(self.caller.client, scope));
        if allowed { Ok(scopes) } else { Err(result_code::SCOPE_NOT_ALLOWED) }
    }
}

/// The entries of all grant types.
pub(crate) fn entries() -> Vec<&'static GrantEntry> {
    GRANTS.iter().map(|handler| &handler.entry).collect()
}

/// The grant type of a `grant_type` parameter.
pub(crate) fn by_name(name: &str) -> Option<&'static GrantHandler> {
    GRANTS.iter().copied().find(|handler| handler.entry.name == name)
}

/// Whether it is a parameter of one of the grant types.
pub(crate) fn is_parameter(name: &str) -> bool {
    GRANTS.iter().any(|handler| handler.entry.parameters.contains(&name))
}
