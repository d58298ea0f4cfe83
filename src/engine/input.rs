//! Reads the body of an API call into its request type: JSON, or a form where the API takes one.

use crate::api::schema::{Field, Kind, Schema};
use crate::api::{Operation, is_json};
use crate::form;
use crate::http::HttpRequest;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Why a body is no request.
pub(super) enum Wrong {
    /// The content type is neither JSON nor a form that the API takes.
    ContentType,
    /// The body is not what its content type says.
    Malformed,
    /// This member has the wrong type.
    Member(&'static str),
    /// A required member is missing.
    Missing,
}

/// Reads the request of an operation.
pub(super) fn read<T: DeserializeOwned>(
    operation: &Operation,
    takes_form: bool,
    request: &HttpRequest,
) -> Result<T, Wrong> {
    let content_type = request.header("content-type").unwrap_or_default();
    let schema = operation.request;
    let members = if is_json(content_type) {
        from_json(schema, &request.body)?
    } else if takes_form && is_form(content_type) {
        from_form(schema, &request.body)?
    } else {
        return Err(Wrong::ContentType);
    };
    for field in schema.fields {
        match members.get(field.name) {
            Some(value) if !fits(field, value) => return Err(Wrong::Member(field.name)),
            None if field.required => return Err(Wrong::Missing),
            _ => {}
        }
    }
    serde_json::from_value(Value::Object(members)).map_err(|_| Wrong::Malformed)
}

fn is_form(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// Known members that are there; `null` is absent, an identifier may be a number, and `properties` may be its own JSON text.
fn from_json(schema: &Schema, body: &[u8]) -> Result<Map<String, Value>, Wrong> {
    let mut given: Map<String, Value> = serde_json::from_slice(body).map_err(|_| Wrong::Malformed)?;
    let mut members = Map::new();
    for field in schema.fields {
        let value = match (field.kind, given.remove(field.name)) {
            (_, None | Some(Value::Null)) => continue,
            (Kind::Id, Some(Value::Number(number))) => Value::String(number.to_string()),
            (Kind::ObjectArray(_), Some(Value::String(text))) if text.is_empty() => continue,
            (Kind::ObjectArray(_), Some(Value::String(text))) => embedded(field, &text)?,
            (_, Some(value)) => value,
        };
        members.insert(field.name.to_owned(), value);
    }
    Ok(members)
}

/// Known parameters. Objects and arrays are their JSON text.
fn from_form(schema: &Schema, body: &[u8]) -> Result<Map<String, Value>, Wrong> {
    let body = std::str::from_utf8(body).map_err(|_| Wrong::Malformed)?;
    let mut members = Map::new();
    for (name, value) in form::parameters(body) {
        let Some(field) = schema.fields.iter().find(|field| field.name == name) else { continue };
        let text = form::decode(value).map_err(|form::Malformed| Wrong::Malformed)?;
        let value = match field.kind {
            Kind::Text | Kind::Id | Kind::Enum(_) => Value::String(text),
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

/// Whether a value has the type of its member, down to where serde reads on without naming it.
fn fits(field: &Field, value: &Value) -> bool {
    match field.kind {
        Kind::Text | Kind::Id | Kind::Enum(_) => value.is_string(),
        Kind::NumericId | Kind::Integer => value.is_i64(),
        Kind::Boolean => value.is_boolean(),
        Kind::TextArray => value.as_array().is_some_and(|items| items.iter().all(Value::is_string)),
        Kind::Object(_) | Kind::EitherObject(..) => value.is_object(),
        Kind::ObjectArray(_) => value.as_array().is_some_and(|items| items.iter().all(Value::is_object)),
        Kind::ObjectOrTextArray(_) => value.is_array(),
    }
}
