//! The four operations as exports.
//!
//! `check` judges request objects, `transport` makes the HTTP exchange, `answer` judges response text, `endpoint`
//! (with `endpoint_values`) drives the token endpoint, `settings` and `failure` are what comes in and goes out.

mod answer;
mod check;
mod endpoint;
mod endpoint_values;
mod failure;
mod settings;
mod transport;

use crate::ErrorCode;
use crate::api::{OPERATIONS, Operation, auth_token};
use crate::wasm::host::{Obj, boundary};
use crate::wasm::task;
use failure::Failure;
use js_sys::JsString;
use settings::{Call, Settings};
use wasm_bindgen::prelude::*;

/// Calls an operation as the task `id`; `index` is its place in [`OPERATIONS`].
#[wasm_bindgen]
pub fn operation(id: usize, index: usize, settings: Obj, request: JsValue, options: JsValue) {
    task::start(id, async move {
        let operation = OPERATIONS.get(index).copied().unwrap_or(&auth_token::OPERATION);
        let (settings, call) = (Settings(settings), Call::read(&options));
        let result = match prepare(operation, &request) {
            Ok(body) => transport::send(operation, &settings, &call, &body).await,
            Err(failure) => Err(failure),
        };
        result.map(JsValue::from).map_err(|failure| failure.into_js(operation))
    });
}

/// The JSON text of a checked request.
fn prepare(operation: &Operation, request: &JsValue) -> Result<JsString, Failure> {
    let invalid = |problem: &str| Failure::new(operation, ErrorCode::RequestInvalid, problem);
    let request = check::object(operation.request, request).map_err(|problem| invalid(&problem.sentence()))?;
    boundary::stringify(&request).ok_or_else(|| invalid("request: can't be written as JSON"))
}
