//! An authorization request, as the browser brings it (RFC 6749 §4.1.1, OpenID Connect Core
//! §3.1.2.1): may the user be asked for consent, and if not, may the client be told?

use super::rules::{self, Fault};
use crate::engine::client::Caller;
use crate::engine::context::Context;
use crate::engine::jose::{Claims, Jws, text_of};
use crate::engine::platform::Check;
use crate::engine::request::Form;
use crate::engine::scope::has_openid;
use crate::engine::service::{Client, Config, LONGEST_DURATION, NOT_SUPPORTED};
use crate::text::digits;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The longest request, in bytes: far more than browsers send in a URL.
const LONGEST: usize = 65_536;

/// The parameters that decide where the answer goes.
const ADDRESS: &[&str] = &["client_id", "redirect_uri"];
/// The others that the engine knows, and that may not be repeated. Unknown ones are ignored
/// (RFC 6749 §3.1).
const PARAMETERS: &[&str] = &[
    "response_type",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "prompt",
    "max_age",
    "login_hint",
    "id_token_hint",
    "acr_values",
    "code_challenge",
    "code_challenge_method",
    "dpop_jkt",
];
/// The only one that may be repeated (RFC 8707 §2).
const RESOURCE: &str = "resource";
/// Those that the engine does not support, and their errors: OpenID Connect Core §3.1.2.6,
/// RFC 9396 §5.
const UNSUPPORTED: &[(&str, &str)] = &[
    ("request", "request_not_supported"),
    ("request_uri", "request_uri_not_supported"),
    ("registration", "registration_not_supported"),
    ("authorization_details", "invalid_authorization_details"),
];

/// Where an answer is sent.
struct Address<'a> {
    caller: Caller<'a>,
    redirect_uri: &'a str,
}

/// Checks the parameters of a request. The answer is JSON text: an `AuthorizationCheck` of the npm
/// package.
pub(crate) fn check(context: &Context<'_>, parameters: &str) -> String {
    let parameters = parameters.strip_prefix('?').unwrap_or(parameters);
    let unreadable = |problem| {
        context.holds(Check::Parameters, false, problem);
        refused("invalid_request", problem, None)
    };
    if parameters.len() > LONGEST {
        return unreadable("the request is too long");
    }
    let Ok((form, repeated)) = Form::collect(parameters, is_known) else {
        return unreadable("a parameter is not form-encoded UTF-8");
    };
    let address = match address(context, &form, &repeated) {
        Ok(address) => address,
        Err(fault) => return refused(fault.error, &fault.message(), None),
    };
    match accepted(context, &address, &form, &repeated) {
        Ok(accepted) => text_of(&Value::Object(accepted.0)),
        Err(fault) => {
            // A client whose `state` is in doubt gets none: it could not tell whose answer it is.
            let state = form.get("state").filter(|_| !repeated.contains("state"));
            refused(fault.error, &fault.message(), Some((address.redirect_uri, state)))
        }
    }
}

fn is_known(name: &str) -> bool {
    ADDRESS.contains(&name)
        || PARAMETERS.contains(&name)
        || name == RESOURCE
        || UNSUPPORTED.iter().any(|(unsupported, _)| *unsupported == name)
}

/// The client, and its redirect URI. Without both, the user must not be sent anywhere
/// (RFC 6749 §4.1.2.1).
fn address<'a>(
    context: &Context<'a>,
    form: &'a Form,
    repeated: &BTreeSet<String>,
) -> Result<Address<'a>, Fault> {
    context.part(Check::Parameters, once(ADDRESS, repeated))?;
    let id = form.get("client_id").ok_or(Fault::invalid("client_id", "missing"));
    let caller = rules::client(context, context.part(Check::Client, id)?)?;
    let redirect_uri = rules::redirect_uri(context, caller.client, form.get("redirect_uri"))?;
    Ok(Address { caller, redirect_uri })
}

/// A parameter may not be repeated, even with an empty or an equal value (RFC 6749 §3.1).
fn once(names: &[&'static str], repeated: &BTreeSet<String>) -> Result<(), Fault> {
    match names.iter().find(|name| repeated.contains(**name)) {
        Some(name) => Err(Fault::invalid(name, "given more than once")),
        None => Ok(()),
    }
}

/// The answer to a request that is in order.
fn accepted(
    context: &Context<'_>,
    address: &Address<'_>,
    form: &Form,
    repeated: &BTreeSet<String>,
) -> Result<Members, Fault> {
    let Address { caller, redirect_uri } = address;
    context.check(Check::Parameters, once(PARAMETERS, repeated))?;
    context.check(Check::ResponseType, check_support(form, repeated))?;
    rules::grant_type(context, caller.client)?;
    let scopes = scopes(context, caller, form)?;
    let prompt = context.part(Check::Prompt, prompt(form))?;
    let subject = context.part(Check::IdTokenHint, hinted_subject(context.config, form))?;
    if subject.is_some() {
        context.passed(Check::IdTokenHint, "");
    }
    let max_age = context.part(Check::Prompt, max_age(form))?;
    let max_age = max_age.or(caller.client.default_max_age);
    let resources = rules::resources(context, caller.client, form.all(RESOURCE))?;
    let (challenge, method) = (form.get("code_challenge"), form.get("code_challenge_method"));
    rules::challenge(context, caller.client, challenge, method)?;
    rules::dpop_jkt(context, form.get("dpop_jkt"))?;

    let mut client = Members::default();
    client.text("client_id", Some(&caller.id));
    client.text("client_name", caller.client.name.as_deref().filter(|name| !name.is_empty()));
    let mut code = Members::default();
    code.text("client_id", Some(&caller.id));
    let scope = scopes.join(" ");
    code.text("scope", Some(scope.as_str()).filter(|scope| !scope.is_empty()));
    for name in ["redirect_uri", "nonce", "code_challenge", "code_challenge_method", "dpop_jkt"] {
        code.text(name, form.get(name));
    }
    code.list("resource", resources.clone());

    let mut accepted = Members::default();
    accepted.put("accepted", true.into());
    accepted.put("client", client.0.into());
    accepted.text("redirect_uri", Some(redirect_uri));
    accepted.put("scopes", scopes.into());
    accepted.put("resources", resources.into());
    accepted.put("prompt", prompt.into());
    accepted.list("acr_values", acr_values(form, caller.client));
    for name in ["state", "login_hint"] {
        accepted.text(name, form.get(name));
    }
    accepted.text("subject", subject.as_deref());
    if let Some(seconds) = max_age {
        accepted.put("max_age", seconds.into());
    }
    accepted.put("code", code.0.into());
    Ok(accepted)
}

/// The engine answers with a code in the query, and reads plain parameters only.
fn check_support(form: &Form, repeated: &BTreeSet<String>) -> Result<(), Fault> {
    for (name, error) in UNSUPPORTED {
        once(&[name], repeated)?;
        if form.get(name).is_some() {
            return Err(Fault { error, ..Fault::invalid(name, NOT_SUPPORTED) });
        }
    }
    match form.get("response_type") {
        Some("code") => {}
        Some(_) => {
            let fault = Fault::invalid("response_type", "must be code");
            return Err(Fault { error: "unsupported_response_type", ..fault });
        }
        None => return Err(Fault::invalid("response_type", "missing")),
    }
    match form.get("response_mode") {
        Some("query") | None => Ok(()),
        Some(_) => Err(Fault::invalid("response_mode", "must be query")),
    }
}

/// The scopes to be granted. Those that the service does not know are ignored (OpenID Connect Core
/// §3.1.2.1).
fn scopes(context: &Context<'_>, caller: &Caller<'_>, form: &Form) -> Result<Vec<String>, Fault> {
    let mut scopes = rules::parse_scopes(context, form.get("scope").unwrap_or_default())?;
    scopes.retain(|scope| context.config.scopes.contains(scope));
    rules::scopes(context, caller.client, &scopes)?;
    if has_openid(&scopes) && form.get("redirect_uri").is_none() {
        let fault = Fault::invalid("redirect_uri", "missing; OpenID Connect requires it");
        return context.part(Check::RedirectUri, Err(fault));
    }
    Ok(scopes)
}

/// What the user is to be asked. `none` excludes all else (OpenID Connect Core §3.1.2.1).
fn prompt(form: &Form) -> Result<Vec<String>, Fault> {
    let prompt = words(form.get("prompt"));
    if prompt.len() > 1 && prompt.iter().any(|word| word == "none") {
        return Err(Fault::invalid("prompt", "none must be alone"));
    }
    Ok(prompt)
}

/// The user of the ID token that a request brings, who alone may be answered for (OpenID Connect
/// Core §3.1.2.2, item 4). Its signature is not verified: a forged hint only excludes other users.
/// It may have expired.
fn hinted_subject(config: &Config, form: &Form) -> Result<Option<String>, Fault> {
    let Some(hint) = form.get("id_token_hint") else { return Ok(None) };
    let claims = Jws::parse(hint).and_then(|jws| Claims::parse(&jws.payload));
    let own = claims.filter(|claims| claims.iss.as_ref() == Some(&config.service.issuer));
    own.and_then(|claims| claims.sub)
        .map(Some)
        .ok_or(Fault::invalid("id_token_hint", "not an ID token of this issuer"))
}

/// How long ago the login may be; seconds.
fn max_age(form: &Form) -> Result<Option<u64>, Fault> {
    let Some(text) = form.get("max_age") else { return Ok(None) };
    let seconds = digits(text).filter(|seconds| *seconds <= LONGEST_DURATION);
    seconds.map(Some).ok_or(Fault::invalid("max_age", "expected a number of seconds"))
}

/// The preferred authentication contexts, best first: those of the request, else the client's.
fn acr_values(form: &Form, client: &Client) -> Vec<String> {
    let asked = words(form.get("acr_values"));
    if asked.is_empty() { client.default_acr_values.clone() } else { asked }
}

/// The words of a list with spaces, each once, in order.
fn words(text: Option<&str>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let words = text.unwrap_or_default().split(' ');
    words.filter(|word| !word.is_empty() && seen.insert(*word)).map(str::to_owned).collect()
}

/// An object whose members are left out if they have no value.
#[derive(Default)]
struct Members(Map<String, Value>);

impl Members {
    fn put(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }

    fn text(&mut self, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.put(name, text.into());
        }
    }

    fn list(&mut self, name: &str, list: Vec<String>) {
        if !list.is_empty() {
            self.put(name, list.into());
        }
    }
}

/// The answer to a request that is wrong; `back` is the address, if the user may be sent there.
fn refused(error: &str, message: &str, back: Option<(&str, Option<&str>)>) -> String {
    let mut refused = Members::default();
    refused.put("accepted", false.into());
    refused.text("error", Some(error));
    refused.text("message", Some(message));
    if let Some((redirect_uri, state)) = back {
        refused.text("redirect_uri", Some(redirect_uri));
        refused.text("state", state);
    }
    text_of(&Value::Object(refused.0))
}
