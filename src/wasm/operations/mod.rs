//! The four operations as exports.
//!
//! `check` judges request objects, `transport` makes the HTTP exchange, `answer` judges response
//! text, `endpoint` (with `endpoint_values`, `hooks` and `notices`) drives the token endpoint,
//! `settings` is what comes in, `failure` what goes out.

mod answer;
mod check;
mod endpoint;
mod endpoint_values;
mod failure;
mod head;
mod hooks;
mod notices;
mod settings;
mod token_request;
mod transport;

use crate::ErrorCode;
use crate::api::{OPERATIONS, Operation, auth_token};
use crate::wasm::host::{Obj, boundary};
use crate::wasm::task;
use check::Violation;
use failure::OperationFailure;
use js_sys::JsString;
use settings::{CallOptions, ClientSettings};
use wasm_bindgen::prelude::*;

/// Calls an operation as the task `id`; `index` is its place in [`OPERATIONS`].
#[wasm_bindgen]
pub fn operation(id: usize, index: usize, settings: Obj, request: JsValue, options: JsValue) {
    task::start(id, async move {
        let operation = OPERATIONS.get(index).copied().unwrap_or(&auth_token::OPERATION);
        let (settings, call) = (ClientSettings(settings), CallOptions::read(&options));
        let result = match prepare(operation, &request) {
            Ok(body) => {
                transport::send(operation, &settings, &call, settings.on_event().as_ref(), &body)
                    .await
            }
            Err(problem) => Err(invalid(operation, &problem)),
        };
        result.map(JsValue::from).map_err(|failure| failure.to_js(operation))
    });
}

/// The JSON text of a checked request.
fn prepare(operation: &Operation, request: &JsValue) -> Result<JsString, Violation> {
    let request = check::object(operation.request, request)?;
    boundary::stringify(&request).ok_or(Violation::here("can't be written as JSON"))
}

fn invalid(operation: &Operation, problem: &Violation) -> OperationFailure {
    OperationFailure::new(operation, ErrorCode::RequestInvalid, &problem.sentence())
}
