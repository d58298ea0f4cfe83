//! A token request as the grants see it: its parameters, the client that made it, and what the host wants for the new tokens.

use super::config::{Client, Config};
use super::result_code::{self, Refusal, ResultCode};
use super::scope;
use crate::{api, form};
use std::collections::{HashMap, HashSet};

/// The parameters that mean something at the token endpoint. All others are ignored (RFC 6749 §3.2).
const KNOWN: [&str; 14] = [
    "grant_type",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "code",
    "redirect_uri",
    "code_verifier",
    "refresh_token",
    "scope",
    "username",
    "password",
    "resource",
    "authorization_details",
];
/// The parameters that may be repeated (RFC 8707 §2, RFC 8693 §2.1).
const REPEATABLE: [&str; 2] = ["resource", "audience"];

/// The known parameters of a token request, decoded. An empty value counts as no value (RFC 6749 §3.2).
pub(super) struct Parameters(HashMap<String, String>);

impl Parameters {
    /// Reads a form body. A repeated parameter is an error, even with an empty or an equal value; so is a known one that isn't UTF-8.
    pub(super) fn read(body: &str) -> Result<Self, &'static ResultCode> {
        let mut names = HashSet::new();
        let mut known = HashMap::new();
        for (name, value) in form::parameters(body).filter(|(name, _)| !name.is_empty()) {
            if KNOWN.contains(&name.as_str()) {
                let value = form::decode(value).map_err(|form::Malformed| result_code::PARAMETER_MALFORMED)?;
                if !value.is_empty() {
                    known.insert(name.clone(), value);
                }
            }
            if !REPEATABLE.contains(&name.as_str()) && !names.insert(name) {
                return Err(result_code::PARAMETER_REPEATED);
            }
        }
        Ok(Parameters(known))
    }

    /// The value of a parameter.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The value of a parameter, or the refusal for a request without it.
    pub(super) fn need(&self, name: &str, missing: &'static ResultCode) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| missing.into())
    }
}

/// The client that a request comes from, by the identifier that it used.
#[derive(Clone)]
pub(super) struct Caller<'a> {
    pub(super) client: &'a Client,
    pub(super) id: String,
}

impl Caller<'_> {
    /// Authlete's numeric client ID.
    pub(super) fn number(&self) -> Option<i64> {
        integer(self.client.number)
    }

    /// Whether the identifier is the alias.
    pub(super) fn alias_used(&self) -> bool {
        self.client.alias.as_ref() == Some(&self.id)
    }
}

/// What the host wants for the new tokens.
pub(super) struct Options<'a> {
    pub(super) properties: Option<&'a [api::Property]>,
    pub(super) access_token: Option<&'a str>,
    /// Seconds; as it came. Only a positive one counts.
    pub(super) access_token_duration: Option<i64>,
    /// Seconds; as it came. Only a positive one counts.
    pub(super) refresh_token_duration: Option<i64>,
}

impl<'a> From<&'a api::TokenRequest> for Options<'a> {
    fn from(request: &'a api::TokenRequest) -> Self {
        Options {
            properties: request.properties.as_deref(),
            access_token: request.access_token.as_deref(),
            access_token_duration: request.access_token_duration,
            refresh_token_duration: request.refresh_token_duration,
        }
    }
}

impl<'a> From<&'a api::TokenIssueRequest> for Options<'a> {
    fn from(request: &'a api::TokenIssueRequest) -> Self {
        Options {
            properties: request.properties.as_deref(),
            access_token: request.access_token.as_deref(),
            access_token_duration: request.access_token_duration,
            refresh_token_duration: request.refresh_token_duration,
        }
    }
}

/// A token request of an authenticated client.
pub(super) struct Call<'a> {
    pub(super) parameters: Parameters,
    pub(super) caller: Caller<'a>,
    pub(super) options: Options<'a>,
}

impl Call<'_> {
    /// The requested scopes; none without the parameter.
    pub(super) fn scopes(&self) -> Result<Vec<String>, &'static ResultCode> {
        scope::parse(self.parameters.get("scope").unwrap_or_default()).ok_or(result_code::SCOPE_MALFORMED)
    }

    /// The requested scopes, all of which the client may have.
    pub(super) fn allowed_scopes(&self, config: &Config) -> Result<Vec<String>, &'static ResultCode> {
        let scopes = self.scopes()?;
        let allowed = scopes.iter().all(|scope| config.allows_scope(self.caller.client, scope));
        if allowed { Ok(scopes) } else { Err(result_code::SCOPE_NOT_ALLOWED) }
    }
}

/// An integer of the API.
pub(super) fn integer(value: u64) -> Option<i64> {
    i64::try_from(value).ok()
}
