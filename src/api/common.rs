//! What the four operations share: where Authlete is, how a call is written, and how its answer is judged.

use super::schema::{Kind, Schema, Wire, model};
use super::{retry, service::Service};
use crate::error::{Error, ErrorCode};
use crate::http::{HttpRequest, HttpResponse};
use crate::prelude::*;
use crate::text::{cut, decimal};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};

/// One of Authlete's APIs.
#[derive(Debug)]
pub struct Operation {
    /// The name of the JavaScript function, also used in error messages.
    pub name: &'static str,
    /// The path after `/api/{serviceId}`.
    pub path: &'static str,
    /// The request type.
    pub request: &'static Schema,
    /// The response type.
    pub response: &'static Schema,
}

/// For each action, the members that are documented as always there: an action and member names. The TypeScript types narrow by it.
pub type MembersByAction = &'static [(&'static str, &'static [&'static str])];

model! {
    /// The JSON body of an HTTP error of the API.
    response ApiResult {
        /// Authlete's result code, such as `A001202`.
        "resultCode" result_code: Option<ResultCode>,
        /// An explanation of the result code for people.
        "resultMessage" result_message: Option<String>,
    }
}

/// A result code of an HTTP error. Some of Authlete's answers have a number here, which becomes its decimal text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultCode(pub String);

impl Wire for ResultCode {
    const KIND: Kind = Kind::Text;
    fn text(&self) -> Option<&str> {
        Some(&self.0)
    }
}

impl Serialize for ResultCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ResultCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Text(String),
            Number(serde_json::Number),
        }
        Ok(ResultCode(match Either::deserialize(deserializer)? {
            Either::Text(text) => text,
            Either::Number(number) => number.to_string(),
        }))
    }
}

/// What the head of an HTTP answer says, before its body is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Head {
    /// 200 with JSON: the body is the answer.
    Answer,
    /// 200 with something else.
    NotJson,
    /// Another status with JSON: the body may hold `resultCode` and `resultMessage`.
    JsonFailure,
    /// Another status with something else, such as the page of a gateway.
    OtherFailure,
}

/// Judges the head of Authlete's answer.
pub fn classify(status: u16, content_type: Option<&str>) -> Head {
    match (status == 200, content_type.is_some_and(is_json)) {
        (true, true) => Head::Answer,
        (true, false) => Head::NotJson,
        (false, true) => Head::JsonFailure,
        (false, false) => Head::OtherFailure,
    }
}

/// Whether a content type is `application/json` or has the suffix `+json` (RFC 6839 §3.1); parameters don't matter.
pub fn is_json(content_type: &str) -> bool {
    let essence = cut(content_type, b';').0.trim_ascii();
    let (media_type, subtype) = cut(essence, b'/');
    let Some(subtype) = subtype else { return false };
    let suffix = subtype.len().checked_sub("+json".len()).and_then(|start| subtype.get(start..)).unwrap_or_default();
    media_type.eq_ignore_ascii_case("application") && subtype.eq_ignore_ascii_case("json")
        || suffix.eq_ignore_ascii_case("+json")
}

/// The error for an HTTP status other than 200. What is known of the body and the headers is filled in by the caller.
pub fn status_error(operation: &Operation, status: u16) -> Error {
    let message = [operation.name, ": Authlete answered with HTTP status ", &decimal(u64::from(status))].concat();
    Error { status: Some(status), ..Error::new(ErrorCode::HttpStatus, message) }
}

/// The error for a 200 whose body is no answer of this API; `problem` completes "the answer …" and quotes nothing of it.
pub fn unusable_answer(operation: &Operation, problem: &str) -> Error {
    Error::new(ErrorCode::ResponseInvalid, [operation.name, ": the answer ", problem].concat())
}

/// Builds the HTTP request of an operation. Unset members are left out of the body.
pub(super) fn encode(service: &Service, operation: &Operation, request: &impl Serialize) -> Result<HttpRequest, Error> {
    let body = serde_json::to_vec(request).map_err(|_| {
        Error::new(ErrorCode::RequestInvalid, format!("{}: the request can't be written as JSON", operation.name))
    })?;
    Ok(service.request(operation, body))
}

/// Reads the answer of an operation, and checks that it has an action.
pub(super) fn decode<T: DeserializeOwned>(
    operation: &Operation,
    response: &HttpResponse,
    has_action: fn(&T) -> bool,
) -> Result<T, Error> {
    match classify(response.status, response.header("content-type")) {
        Head::Answer => parse(operation, &response.body, has_action),
        Head::NotJson => Err(unusable_answer(operation, "is not JSON by its content type")),
        Head::JsonFailure => {
            Err(failure(operation, response, serde_json::from_slice(&response.body).unwrap_or_default()))
        }
        Head::OtherFailure => Err(failure(operation, response, ApiResult::default())),
    }
}

fn parse<T: DeserializeOwned>(operation: &Operation, body: &[u8], has_action: fn(&T) -> bool) -> Result<T, Error> {
    // The sentence for this case; serde would speak of a member.
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(unusable_answer(operation, "is not a JSON object"));
    }
    // Serde's own text may quote the answer.
    let answer: T = serde_json::from_slice(body).map_err(|error| {
        let problem = if error.is_data() { "has a member of an unexpected type" } else { "is not valid JSON" };
        unusable_answer(operation, problem)
    })?;
    if has_action(&answer) { Ok(answer) } else { Err(unusable_answer(operation, "has no action")) }
}

fn failure(operation: &Operation, response: &HttpResponse, body: ApiResult) -> Error {
    Error {
        result_code: body.result_code.map(|code| code.0),
        result_message: body.result_message,
        retry_after: retry::of_response(response),
        ..status_error(operation, response.status)
    }
}
