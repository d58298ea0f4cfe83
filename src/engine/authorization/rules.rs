//! The rules that hold for an authorization request, and again for the code that comes of it: the
//! configuration may have changed in between, and the host may have changed the request.

use crate::api::GrantType;
use crate::engine::checks::{Reason, Why};
use crate::engine::client::Caller;
use crate::engine::context::Context;
use crate::engine::hash::from_base64url;
use crate::engine::platform::Check;
use crate::engine::records::{Challenge, ChallengeMethod};
use crate::engine::resource;
use crate::engine::scope;
use crate::engine::service::{Client, Config, NOT_SUPPORTED};
use crate::error::{Error, ErrorCode};

/// A broken rule. Its texts are fit for an `error_description` (RFC 6749 §4.1.2.1): visible ASCII
/// without quotation marks and backslashes.
pub(super) struct Fault {
    pub(super) parameter: &'static str,
    /// For the client (RFC 6749 §4.1.2.1, and the specifications that add to it).
    pub(super) error: &'static str,
    pub(super) problem: &'static str,
}

impl Fault {
    /// A fault without an error code of its own.
    pub(super) fn invalid(parameter: &'static str, problem: &'static str) -> Self {
        Fault { parameter, error: "invalid_request", problem }
    }

    pub(super) fn message(&self) -> String {
        format!("{}: {}", self.parameter, self.problem)
    }
}

impl Reason for Fault {
    fn why(&self) -> Why {
        Why { code: None, detail: [self.parameter, self.problem] }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Error::new(ErrorCode::RequestInvalid, fault.message())
    }
}

/// The client of an identifier.
pub(super) fn client<'a>(context: &Context<'a>, id: &str) -> Result<Caller<'a>, Fault> {
    let client = context.config.client(id).ok_or(Fault::invalid("client_id", "no such client"));
    let client = context.check(Check::Client, client)?;
    Ok(Caller { client, id: id.to_owned() })
}

/// The service must have the grant type, and the client may use it.
pub(super) fn grant_type(context: &Context<'_>, client: &Client) -> Result<(), Fault> {
    let grant = GrantType::AuthorizationCode;
    let allowed = if context.config.service.supports(&grant) && client.may_use(&grant) {
        Ok(())
    } else {
        let problem = "the client may not use the authorization_code grant type";
        Err(Fault { error: "unauthorized_client", ..Fault::invalid("client_id", problem) })
    };
    context.check(Check::GrantType, allowed)
}

/// Where the user is sent back to. The redirect URI must be registered; without the parameter, the
/// client must have only one that it could mean (RFC 6749 §3.1.2.3).
pub(super) fn redirect_uri<'a>(
    context: &Context<'_>,
    client: &'a Client,
    sent: Option<&'a str>,
) -> Result<&'a str, Fault> {
    let fault = |problem| Fault::invalid("redirect_uri", problem);
    let redirect_uri = match sent {
        Some(sent) if client.may_redirect_to(sent) => Ok(sent),
        Some(_) => Err(fault("not registered for the client")),
        None if client.redirect_uris.is_empty() => {
            Err(fault("missing, and the client has no redirect URI"))
        }
        None => client
            .only_redirect_uri()
            .ok_or_else(|| fault("missing, and the client has more than one redirect URI")),
    };
    context.check(Check::RedirectUri, redirect_uri)
}

/// The scopes of a list.
pub(super) fn parse_scopes(context: &Context<'_>, text: &str) -> Result<Vec<String>, Fault> {
    let scopes = scope::parse(text);
    let scopes = scopes.ok_or_else(|| invalid_scope("expected scope tokens separated by spaces"));
    context.part(Check::Scope, scopes)
}

/// The client may have each of the scopes.
pub(super) fn scopes(
    context: &Context<'_>,
    client: &Client,
    scopes: &[String],
) -> Result<(), Fault> {
    let allowed = if scopes.iter().all(|scope| context.config.allows_scope(client, scope)) {
        Ok(())
    } else {
        Err(invalid_scope("has a scope that the client may not request"))
    };
    context.check(Check::Scope, allowed)
}

fn invalid_scope(problem: &'static str) -> Fault {
    Fault { error: "invalid_scope", ..Fault::invalid("scope", problem) }
}

/// The resources, as they are listed (RFC 8707 §2).
pub(super) fn resources<'a>(
    context: &Context<'_>,
    client: &Client,
    given: impl Iterator<Item = &'a str>,
) -> Result<Vec<String>, Fault> {
    let resources = listed(context.config, client, given);
    let resources = context.part(Check::Resource, resources)?;
    if !resources.is_empty() {
        context.passed(Check::Resource, "");
    }
    Ok(resources)
}

fn listed<'a>(
    config: &Config,
    client: &Client,
    given: impl Iterator<Item = &'a str>,
) -> Result<Vec<String>, Fault> {
    let fault = |problem| Fault { error: "invalid_target", ..Fault::invalid("resource", problem) };
    let resources = resource::parse(given)
        .ok_or_else(|| fault("expected absolute URIs without a fragment, 16 at most"))?;
    let allowed = config.allowed_resources(client, &resources);
    if allowed.len() == resources.len() {
        Ok(allowed)
    } else {
        Err(fault("has a resource that the client may not request"))
    }
}

/// Public clients must use PKCE: nothing else binds the code to them (RFC 9700 §2.1.1). The others
/// must where the service wants it.
pub(super) fn challenge(
    context: &Context<'_>,
    client: &Client,
    value: Option<&str>,
    method: Option<&str>,
) -> Result<Option<Challenge>, Fault> {
    let challenge = read_challenge(context.config, client, value, method);
    let challenge = context.part(Check::Pkce, challenge)?;
    let method = challenge.as_ref().map_or("not_used", |challenge| challenge.method.as_str());
    context.passed(Check::Pkce, method);
    Ok(challenge)
}

fn read_challenge(
    config: &Config,
    client: &Client,
    value: Option<&str>,
    method: Option<&str>,
) -> Result<Option<Challenge>, Fault> {
    let service = &config.service;
    let wrong_method = |problem| Fault::invalid("code_challenge_method", problem);
    let wrong_value = |problem| Fault::invalid("code_challenge", problem);
    let Some(value) = value else {
        return if method.is_some() {
            Err(wrong_method("given without code_challenge"))
        } else if client.is_public() || service.pkce_required {
            Err(wrong_value("missing; the client must use PKCE"))
        } else {
            Ok(None)
        };
    };
    let method = ChallengeMethod::parse(method).ok_or_else(|| wrong_method(NOT_SUPPORTED))?;
    if method == ChallengeMethod::Plain && service.pkce_s256_required {
        return Err(wrong_method("must be S256"));
    }
    let challenge = Challenge { value: value.to_owned(), method };
    if challenge.is_well_formed() { Ok(Some(challenge)) } else { Err(wrong_value("malformed")) }
}

/// The thumbprint of the only DPoP key that may redeem the code (RFC 9449 §10): SHA-256 in
/// base64url.
pub(super) fn dpop_jkt<'a>(
    context: &Context<'_>,
    given: Option<&'a str>,
) -> Result<Option<&'a str>, Fault> {
    let Some(jkt) = given else { return Ok(None) };
    let is_thumbprint = from_base64url(jkt).is_some_and(|bytes| bytes.len() == 32);
    let problem = "expected a SHA-256 thumbprint in base64url";
    let fault = Fault::invalid("dpop_jkt", problem);
    context.check(Check::DpopJkt, if is_thumbprint { Ok(given) } else { Err(fault) })
}
