//! A user has allowed something, and the client gets a code for it (RFC 6749 §4.1.2).

use super::rules;
use crate::engine::client::Caller;
use crate::engine::context::{Context, to_text};
use crate::engine::family;
use crate::engine::hash::storage_key;
use crate::engine::platform::{Check, RecordKind, Write};
use crate::engine::records::{Code, Family, Grant, is_subject};
use crate::engine::service::{Client, LAST_SECOND, Object};
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
    "dpop_jkt",
];
/// That which the engine does not support: RFC 9396.
const UNSUPPORTED: &[&str] = &["authorization_details"];

/// The longest record of a code, in bytes: every store has to hold as much.
const LONGEST_RECORD: usize = 1_000_000;

/// Checks the parameters, stores the code, and returns it.
pub(crate) fn issue(context: &Context<'_>, parameters: &str) -> Result<String, Error> {
    context.otherwise(Check::Parameters, read_and_store(context, parameters))
}

fn read_and_store(context: &Context<'_>, parameters: &str) -> Result<String, Error> {
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
    context.passed(Check::Parameters, "");
    let caller = read_client(context, &object)?;
    let grant = Grant {
        subject: Some(context.check(Check::Subject, read_subject(&object))?),
        auth_time: read_auth_time(&object)?,
        acr: object.text("acr")?.map(str::to_owned),
        resources: read_resources(context, &object, caller.client)?,
        ..caller.grant()
    };
    let claims = match object.take("claims") {
        Some(claims) => {
            claims.value.as_object().cloned().ok_or_else(|| claims.error("expected an object"))?
        }
        None => Map::new(),
    };
    let claim_names = claims.keys().cloned().collect();
    let id = family::new_id(context)?;
    let token = family::token(&id, &context.random_bytes()?);
    let code = Code {
        hash: storage_key(&token),
        scopes: read_scopes(context, &object, caller.client)?,
        redirect_uri: read_redirect_uri(context, &object, caller.client)?,
        challenge: rules::challenge(
            context,
            caller.client,
            object.text("code_challenge")?,
            object.text("code_challenge_method")?,
        )?,
        dpop_jkt: rules::dpop_jkt(context, object.text("dpop_jkt")?)?.map(str::to_owned),
        nonce: object.text("nonce")?.map(str::to_owned),
        claims,
        used_at: None,
    };
    let text = to_text(&Family {
        grant: Grant { claim_names, ..grant },
        code: Some(code),
        access_token: None,
        refresh_token: None,
    })?;
    if text.len() > LONGEST_RECORD {
        return Err(Error::new(ErrorCode::RequestInvalid, "the parameters are too large"));
    }
    context.create(Write::Insert {
        kind: RecordKind::Grant,
        key: id,
        value: text,
        expires_at: context.after(context.config.service.authorization_code_duration),
    })?;
    Ok(token)
}

fn read_client<'a>(context: &Context<'a>, object: &Object<'_>) -> Result<Caller<'a>, Error> {
    let caller = rules::client(context, object.need("client_id")?.text()?)?;
    rules::grant_type(context, caller.client)?;
    Ok(caller)
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
fn read_resources(
    context: &Context<'_>,
    object: &Object<'_>,
    client: &Client,
) -> Result<Vec<String>, Error> {
    let Some(member) = object.take("resource") else { return Ok(Vec::new()) };
    let texts = match member.value {
        Value::Array(_) => {
            member.array()?.iter().map(|element| element.text()).collect::<Result<Vec<_>, _>>()?
        }
        _ => vec![member.text()?],
    };
    let given = texts.into_iter().filter(|text| !text.is_empty());
    Ok(rules::resources(context, client, given)?)
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
    let scopes = rules::parse_scopes(context, member.text()?)?;
    rules::scopes(context, client, &scopes)?;
    Ok(scopes)
}

/// The redirect URI as the authorization request had it.
fn read_redirect_uri(
    context: &Context<'_>,
    object: &Object<'_>,
    client: &Client,
) -> Result<Option<String>, Error> {
    let sent = object.text("redirect_uri")?;
    rules::redirect_uri(context, client, sent)?;
    Ok(sent.map(str::to_owned))
}
