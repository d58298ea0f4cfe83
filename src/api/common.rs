//! What the four operations share: where Authlete is, how a call is written, and how its answer is
//! checked.

use super::operation::Operation;
use super::schema::{Read, ResponseModel, ValueType, Wire, model, whole};
use super::{json, retry, service::Service, usable};
use crate::error::{Error, ErrorCode};
use crate::http::{HttpRequest, HttpResponse};
use crate::prelude::*;
use crate::text::{cut, decimal};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

model! {
    /// The JSON body of an HTTP error of the API.
    response ApiResult {
        /// Authlete's result code, such as `A001202`.
        "resultCode" result_code: Option<ResultCodeText>,
        /// An explanation of the result code for people.
        "resultMessage" result_message: Option<String>,
    }
}

/// A result code of an HTTP error. Some of Authlete's answers have a number here, which becomes its
/// decimal text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultCodeText(pub String);

impl Wire for ResultCodeText {
    const TYPE: ValueType = ValueType::Text;
    fn text(&self) -> Option<&str> {
        Some(&self.0)
    }
}

impl Read for ResultCodeText {
    fn read(value: Value) -> Result<Self, Value> {
        match value {
            Value::String(text) => Ok(ResultCodeText(text)),
            // A number that JavaScript would round does not count as a result code.
            Value::Number(ref number) => match number.as_f64().and_then(whole) {
                Some(integer) => Ok(ResultCodeText(integer.to_string())),
                None => Err(value),
            },
            other => Err(other),
        }
    }
}

impl Serialize for ResultCodeText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ResultCodeText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Text(String),
            Number(serde_json::Number),
        }
        Ok(ResultCodeText(match Either::deserialize(deserializer)? {
            Either::Text(text) => text,
            Either::Number(number) => number.to_string(),
        }))
    }
}

/// Whether a content type is `application/json` or has the suffix `+json` (RFC 6839 §3.1);
/// parameters don't matter.
pub(crate) fn is_json(content_type: &str) -> bool {
    let essence = cut(content_type, b';').0.trim_ascii();
    let (media_type, subtype) = cut(essence, b'/');
    let Some(subtype) = subtype else { return false };
    let suffix = subtype
        .len()
        .checked_sub("+json".len())
        .and_then(|start| subtype.get(start..))
        .unwrap_or_default();
    media_type.eq_ignore_ascii_case("application") && subtype.eq_ignore_ascii_case("json")
        || suffix.eq_ignore_ascii_case("+json")
}

/// The error for an HTTP status other than 200. The caller fills in what the body and the headers
/// say.
pub(crate) fn status_error(operation: &Operation, status: u16) -> Error {
    let message =
        [operation.name, ": Authlete answered with HTTP status ", &decimal(u64::from(status))]
            .concat();
    Error { status: Some(status), ..Error::new(ErrorCode::HttpStatus, message) }
}

/// The error for a 200 whose body is not an answer of this API; `problem` completes "the answer …"
/// and quotes nothing from it.
pub(crate) fn unusable_answer(operation: &Operation, problem: &str) -> Error {
    Error::new(ErrorCode::ResponseInvalid, [operation.name, ": the answer ", problem].concat())
}

/// Builds the HTTP request of an operation. Unset members are left out of the body.
pub(super) fn encode(
    service: &Service,
    operation: &Operation,
    request: &impl Serialize,
) -> Result<HttpRequest, Error> {
    let body = serde_json::to_vec(request).map_err(|_| {
        Error::new(
            ErrorCode::RequestInvalid,
            format!("{}: the request can't be written as JSON", operation.name),
        )
    })?;
    Ok(service.request(operation, body))
}

/// Reads the answer of an operation. [`usable`](super::usable) says which are refused.
pub(super) fn decode<T: ResponseModel>(
    operation: &Operation,
    response: &HttpResponse,
) -> Result<T, Error> {
    let is_json = is_json(&content_type(response));
    if response.status != 200 {
        let members =
            Some(&response.body).filter(|_| is_json).and_then(|body| json::members(body).ok());
        return Err(failure(
            operation,
            response,
            ApiResult::from_members(members.unwrap_or_default()),
        ));
    }
    if !is_json {
        return Err(unusable_answer(operation, "is not JSON by its content type"));
    }
    let members = json::members(&response.body)
        .and_then(|members| usable::check(&response.body, members))
        .map_err(|problem| unusable_answer(operation, &problem))?;
    Ok(T::from_members(members))
}

/// The content type. Repeated headers are joined as the Fetch standard's `Headers.get` does, so two
/// of them are never JSON.
fn content_type(response: &HttpResponse) -> String {
    let values = response
        .headers
        .iter()
        .filter(|(name, _)| name == "content-type")
        .map(|(_, value)| value.as_str());
    values.collect::<Vec<_>>().join(", ")
}

fn failure(operation: &Operation, response: &HttpResponse, body: ApiResult) -> Error {
    Error {
        result_code: body.result_code.map(|code| code.0),
        result_message: body.result_message,
        retry_after: retry::retry_after(|name| response.header(name).map(str::to_owned), None),
        ..status_error(operation, response.status)
    }
}

#[cfg(test)]
mod tests {
    use super::is_json;

    #[test]
    fn json_is_recognized_by_its_media_type() {
        for yes in [
            "application/json",
            "Application/JSON;charset=UTF-8",
            "application/problem+json",
            " application/json ",
        ] {
            assert!(is_json(yes), "{yes}");
        }
        for no in [
            "",
            "text/json",
            "application/jsonp",
            "application/json-seq",
            "+json",
            "text/html; x=application/json",
        ] {
            assert!(!is_json(no), "{no}");
        }
    }
}
