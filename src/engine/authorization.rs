//! The authorization endpoint's part: a user has allowed something, and the client gets a code for
//! it (RFC 6749 §4.1.1).

use crate::api::GrantType;
use crate::engine::client::Caller;
use crate::engine::context::{Context, to_text};
use crate::engine::hash::storage_key;
use crate::engine::platform::Unavailable;
use crate::engine::platform::{RecordKind, Write};
use crate::engine::records::{Challenge, ChallengeMethod, Code, Grant, is_subject};
use crate::engine::resource;
use crate::engine::scope;
use crate::engine::service::Client;
use crate::engine::service::{LAST_SECOND, NOT_SUPPORTED, Object};
use crate::error::{Error, ErrorCode};
use serde_json::{Map, Value};

/// The parameters that the engine knows.
const PARAMETERS: &[&str] = &[
    "client_id",
    "subject",
    "scope",
    "redirect_uri",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "claims",
    "acr",
    "auth_time",
    "resource",
];
/// Those that the engine does not support: RFC 9396, RFC 9449 §10.
const UNSUPPORTED: &[&str] = &["authorization_details", "dpop_jkt"];

/// The longest record of a code, in bytes: every store has to hold as much.
const LONGEST_RECORD: usize = 1_000_000;

/// Checks the parameters, stores the code, and returns it.
pub(crate) fn issue_code(context: &Context<'_>, parameters: &str) -> Result<String, Error> {
    let mut value: Value = serde_json::from_str(parameters)
        .map_err(|_| Error::new(ErrorCode::RequestInvalid, "the parameters are not JSON"))?;
    // An empty parameter counts as left out (RFC 6749 §3.1).
    for parameter in
        value.as_object_mut().into_iter().flat_map(Map::values_mut).filter(|value| *value == "")
    {
        *parameter = Value::Null;
    }
    let object = Object::root(ErrorCode::RequestInvalid, "the parameters", &value)?;
    object.expect_members(PARAMETERS, &[], UNSUPPORTED)?;
    let caller = read_client(context, &object)?;
    let grant = Grant {
        subject: Some(read_subject(&object)?),
        auth_time: read_auth_time(&object)?,
        acr: object.text("acr")?.map(str::to_owned),
        resources: read_resources(&object)?,
        ..caller.grant()
    };
    let claims = match object.take("claims") {
        Some(claims) => {
            claims.value.as_object().cloned().ok_or_else(|| claims.error("expected an object"))?
        }
        None => Map::new(),
    };
    let code = Code {
        grant: Grant { claim_names: claims.keys().cloned().collect(), ..grant },
        scopes: read_scopes(context, &object, caller.client)?,
        redirect_uri: read_redirect_uri(&object, caller.client)?,
        challenge: read_challenge(context, &object, caller.client)?,
        nonce: object.text("nonce")?.map(str::to_owned),
        claims,
        used_at: None,
    };
    let text = to_text(&code)?;
    if text.len() > LONGEST_RECORD {
        return Err(Error::new(ErrorCode::RequestInvalid, "the parameters are too large"));
    }
    Ok(write(context, text)?)
}

fn write(context: &Context<'_>, value: String) -> Result<String, Unavailable> {
    let token = context.random_token()?;
    let write = Write::Insert {
        kind: RecordKind::Code,
        key: storage_key(&token),
        value,
        expires_at: context.after(context.config.service.authorization_code_duration),
    };
    context.create(write)?;
    Ok(token)
}

fn read_client<'a>(context: &Context<'a>, object: &Object<'_>) -> Result<Caller<'a>, Error> {
    let id = object.need("client_id")?.text()?;
    let client =
        context.config.client(id).ok_or_else(|| object.error("client_id", "no such client"))?;
    let grant = GrantType::AuthorizationCode;
    if !context.config.service.supports(&grant) || !client.may_use(&grant) {
        return Err(
            object.error("client_id", "the client may not use the authorization_code grant type")
        );
    }
    Ok(Caller { client, id: id.to_owned() })
}

fn read_subject(object: &Object<'_>) -> Result<String, Error> {
    let member = object.need("subject")?;
    let subject = member.text()?;
    if is_subject(subject) {
        Ok(subject.to_owned())
    } else {
        Err(member.error("expected 1 to 255 printable ASCII characters"))
    }
}

/// One resource, or several (RFC 8707 §2.1).
fn read_resources(object: &Object<'_>) -> Result<Vec<String>, Error> {
    let Some(member) = object.take("resource") else { return Ok(Vec::new()) };
    let texts = match member.value {
        Value::Array(_) => {
            member.array()?.iter().map(|element| element.text()).collect::<Result<Vec<_>, _>>()?
        }
        _ => vec![member.text()?],
    };
    let given = texts.into_iter().filter(|text| !text.is_empty());
    resource::parse(given)
        .ok_or_else(|| member.error("expected absolute URIs without a fragment, 16 at most"))
}

fn read_auth_time(object: &Object<'_>) -> Result<Option<u64>, Error> {
    let Some(member) = object.take("auth_time") else { return Ok(None) };
    let seconds = member.value.as_u64().filter(|seconds| (1..=LAST_SECOND).contains(seconds));
    seconds.map(Some).ok_or_else(|| member.error("expected seconds since the epoch"))
}

fn read_scopes(
    context: &Context<'_>,
    object: &Object<'_>,
    client: &Client,
) -> Result<Vec<String>, Error> {
    let Some(member) = object.take("scope") else { return Ok(Vec::new()) };
    let scopes = scope::parse(member.text()?)
        .ok_or_else(|| member.error("expected scope tokens separated by spaces"))?;
    let allowed = scopes.iter().all(|scope| context.config.allows_scope(client, scope));
    if allowed {
        Ok(scopes)
    } else {
        Err(member.error("has a scope that the client may not request"))
    }
}

/// The redirect URI must be registered; without the parameter, the client must have only one that
/// it could mean (RFC 6749 §3.1.2.3).
fn read_redirect_uri(object: &Object<'_>, client: &Client) -> Result<Option<String>, Error> {
    match object.take("redirect_uri") {
        Some(member) if client.may_redirect_to(member.text()?) => {
            Ok(Some(member.text()?.to_owned()))
        }
        Some(member) => Err(member.error("not registered for the client")),
        None if client.only_redirect_uri().is_none() => {
            Err(object
                .error("redirect_uri", "missing, and the client has more than one redirect URI"))
        }
        None => Ok(None),
    }
}

/// Public clients must use PKCE (RFC 9700 §2.1.1), the others where the service wants it.
fn read_challenge(
    context: &Context<'_>,
    object: &Object<'_>,
    client: &Client,
) -> Result<Option<Challenge>, Error> {
    let service = &context.config.service;
    let method = object.text("code_challenge_method")?;
    let Some(member) = object.take("code_challenge") else {
        return if method.is_some() {
            Err(object.error("code_challenge_method", "given without code_challenge"))
        } else if client.is_public() || service.pkce_required {
            Err(object.error("code_challenge", "missing; the client must use PKCE"))
        } else {
            Ok(None)
        };
    };
    let wrong_method = || object.error("code_challenge_method", NOT_SUPPORTED);
    let method = ChallengeMethod::parse(method).ok_or_else(wrong_method)?;
    if method == ChallengeMethod::Plain && service.pkce_s256_required {
        return Err(object.error("code_challenge_method", "must be S256"));
    }
    let challenge = Challenge { value: member.text()?.to_owned(), method };
    if challenge.is_well_formed() { Ok(Some(challenge)) } else { Err(member.error("malformed")) }
}
