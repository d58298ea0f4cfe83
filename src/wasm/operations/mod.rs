//! The four operations and the token endpoint as exports.
//!
//! `check` judges request objects, `answer` judges response text, `endpoint` (with
//! `endpoint_values`, `head`, `hooks` and `notices`) drives the token endpoint over an `upstream`,
//! `settings` is what comes in, `failure` what goes out. The upstream of this artefact is
//! `over_http` (with `token_request` and `transport`); that of the engine's is `direct`.

mod answer;
mod check;
#[cfg(feature = "engine")]
pub(super) mod direct;
pub(super) mod endpoint;
mod endpoint_values;
mod exchange_event;
mod failure;
mod head;
mod hooks;
mod notices;
#[cfg(not(feature = "engine"))]
mod over_http;
// The engine uses only part of it.
#[cfg_attr(feature = "engine", allow(dead_code))]
pub(super) mod settings;
#[cfg(not(feature = "engine"))]
mod token_request;
#[cfg(not(feature = "engine"))]
mod transport;
mod upstream;

use crate::ErrorCode;
use crate::api::Operation;
use crate::wasm::host::{Obj, boundary};
use check::Violation;
use failure::OperationFailure;
use js_sys::JsString;
use wasm_bindgen::prelude::*;

/// The JSON text of a checked request.
fn prepare(operation: &Operation, request: &JsValue) -> Result<JsString, Violation> {
    let request = check::object(operation.request, request)?;
    written(&request).map(JsValue::unchecked_into)
}

/// The JSON text of plain data.
fn written(value: &Obj) -> Result<JsValue, Violation> {
    let text = boundary::stringify(value);
    if text.is_undefined() {
        return Err(unwritable());
    }
    Ok(text)
}

fn unwritable() -> Violation {
    Violation::here("can't be written as JSON")
}

fn invalid(operation: &Operation, problem: &Violation) -> OperationFailure {
    OperationFailure::new(operation, ErrorCode::RequestInvalid, &problem.sentence())
}
