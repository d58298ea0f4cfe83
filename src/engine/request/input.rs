//! Reads the body of an API call into its request type: JSON, or a form where the API takes one. An
//! empty value counts as left out.

use crate::api::Operation;
use crate::api::common::is_json;
use crate::api::schema::{Field, Read, Schema, ValueType};
use crate::engine::jose;
use crate::engine::result_code::{self, ResultCode};
use crate::form;
use crate::http::HttpRequest;
use serde_json::{Map, Value};

/// The members whose empty value has a meaning. An empty token request is the OAuth client's
/// mistake and not the caller's. An empty proof is a malformed one: if it were ignored, less would
/// be checked than its sender wanted to prove (RFC 9449 §4.3).
const MEANT_EMPTY: [&str; 4] =
    ["parameters", "dpop", "oauthClientAttestation", "oauthClientAttestationPop"];

/// Why a body is not a request.
pub(crate) enum Wrong {
    /// The content type is neither JSON nor a form that the API takes.
    ContentType,
    /// The body is not what its content type says.
    Malformed,
    /// This member has the wrong type.
    Member(&'static str),
    /// A required member is missing.
    Missing,
}

impl Wrong {
    /// What it is called. A call without a required member gets an answer of the operation, as at
    /// Authlete; one that can't be read gets an HTTP error.
    pub(crate) fn code(&self) -> &'static ResultCode {
        match self {
            Wrong::ContentType => result_code::CONTENT_TYPE_WRONG,
            Wrong::Malformed => result_code::BODY_MALFORMED,
            Wrong::Member(_) => result_code::MEMBER_WRONG,
            Wrong::Missing => result_code::PARAMETER_MISSING,
        }
    }
}

/// Reads the request of an operation.
pub(crate) fn read<T: Read>(
    operation: &Operation,
    takes_form: bool,
    request: &HttpRequest,
) -> Result<T, Wrong> {
    let content_type = request.header("content-type").unwrap_or_default();
    let schema = operation.request;
    let mut members = if is_json(content_type) {
        from_json(schema, &request.body)?
    } else if takes_form && is_form(content_type) {
        from_form(schema, &request.body)?
    } else {
        return Err(Wrong::ContentType);
    };
    for field in schema.fields {
        if members.get(field.name).is_some_and(|value| !fits(field.value_type, value)) {
            return Err(Wrong::Member(field.name));
        }
    }
    members.retain(|name, value| !is_empty(value) || MEANT_EMPTY.contains(&name.as_str()));
    T::read(Value::Object(members)).map_err(|_| Wrong::Missing)
}

fn is_form(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// The known members that are there; `null` is absent, an identifier may be a number, and
/// `properties` may be its own JSON text.
fn from_json(schema: &Schema, body: &[u8]) -> Result<Map<String, Value>, Wrong> {
    let text = std::str::from_utf8(body).map_err(|_| Wrong::Malformed)?;
    let mut given = jose::members(text).ok_or(Wrong::Malformed)?;
    let mut members = Map::new();
    for field in schema.fields {
        let value = match (field.value_type, given.remove(field.name)) {
            (_, None | Some(Value::Null)) => continue,
            (ValueType::Id, Some(Value::Number(number))) => Value::String(number.to_string()),
            (ValueType::ObjectArray(_), Some(Value::String(text))) if text.is_empty() => continue,
            (ValueType::ObjectArray(_), Some(Value::String(text))) => embedded(field, &text)?,
            (_, Some(value)) => value,
        };
        members.insert(field.name.to_owned(), value);
    }
    Ok(members)
}

/// The known parameters. Objects and arrays are given as JSON text.
fn from_form(schema: &Schema, body: &[u8]) -> Result<Map<String, Value>, Wrong> {
    let body = std::str::from_utf8(body).map_err(|_| Wrong::Malformed)?;
    let mut members = Map::new();
    for (name, value) in form::parameters(body) {
        let Some(field) = schema.fields.iter().find(|field| field.name == name) else { continue };
        let text = form::decode(value).map_err(|form::Malformed| Wrong::Malformed)?;
        let value = match field.value_type {
            ValueType::Text | ValueType::Id | ValueType::Enum(_) => Value::String(text),
            _ if text.is_empty() => continue,
            _ => embedded(field, &text)?,
        };
        if members.insert(name, value).is_some() {
            return Err(Wrong::Malformed);
        }
    }
    Ok(members)
}

fn embedded(field: &Field, text: &str) -> Result<Value, Wrong> {
    serde_json::from_str(text).map_err(|_| Wrong::Member(field.name))
}

/// Whether a value is empty: an empty string, or an array of nothing but empty values.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.iter().all(is_empty),
        _ => false,
    }
}

/// Whether a value has this type, and so have the known members of its objects.
fn fits(value_type: ValueType, value: &Value) -> bool {
    match value_type {
        ValueType::Text | ValueType::Id | ValueType::Enum(_) => value.is_string(),
        ValueType::NumericId | ValueType::Integer => value.is_i64(),
        ValueType::Boolean => value.is_boolean(),
        ValueType::TextArray => all(value, Value::is_string),
        ValueType::Object(schema) => is_object_of(schema, value),
        ValueType::ObjectArray(schema) => all(value, |item| is_object_of(schema, item)),
        // No request has these.
        ValueType::EitherObject(..) => value.is_object(),
        ValueType::ObjectOrTextArray(_) => value.is_array(),
    }
}

fn all(value: &Value, fits: impl Fn(&Value) -> bool) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(fits))
}

fn is_object_of(schema: &Schema, value: &Value) -> bool {
    let fitting = |members: &Map<String, Value>| {
        schema.fields.iter().all(|field| {
            members
                .get(field.name)
                .is_none_or(|value| value.is_null() || fits(field.value_type, value))
        })
    };
    value.as_object().is_some_and(fitting)
}
