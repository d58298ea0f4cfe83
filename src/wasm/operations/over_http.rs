//! The exports of the operations artefact, whose upstream is Authlete's service.

use super::check::Violation;
use super::endpoint::{Driver, Incoming, answer};
use super::endpoint_values::answer_from;
use super::failure::OperationFailure;
use super::settings::{CallOptions, ClientSettings};
use super::upstream::Upstream;
use super::{check, invalid, token_request, transport, written};
use crate::api::{OPERATIONS, Operation, auth_token};
use crate::contract::members::endpoint_options as option;
use crate::endpoint::{StepResult, TokenCall};
use crate::prelude::*;
use crate::wasm::host::{Obj, boundary, key};
use crate::wasm::task;
use crate::{Error, ErrorCode};
use js_sys::JsString;
use wasm_bindgen::prelude::*;

/// Calls an operation as the task `id`; `index` is its place in [`OPERATIONS`].
#[wasm_bindgen]
pub fn operation(
    id: usize,
    index: usize,
    settings: Obj,
    request: JsValue,
    options: Option<Obj>,
    on_event: Option<Obj>,
) {
    task::start(id, async move {
        let operation = OPERATIONS.get(index).copied().unwrap_or(&auth_token::OPERATION);
        let call = options.as_ref().map(CallOptions::read).unwrap_or_default();
        let (settings, on_event) = (ClientSettings(settings), on_event.map(JsValue::from));
        let body = check::inspected(operation.request, &request)
            .and_then(|copy| copy.map_or(Ok(JsValue::UNDEFINED), |copy| written(&copy)));
        let result = match body {
            Ok(body) => {
                transport::send(operation, &settings, &call, on_event.as_ref(), &body).await
            }
            Err(problem) => Err(invalid(operation, &problem)),
        };
        result.map(JsValue::from).map_err(|failure| failure.to_js(operation))
    });
}

/// Answers a token request as the task `id`; see [`Incoming`] for its arguments. The promise is
/// rejected only for unusable options.
#[wasm_bindgen]
pub fn token_endpoint(
    id: usize,
    client: Obj,
    request: Obj,
    head: String,
    signal: JsValue,
    options: Obj,
) {
    let upstream = Authlete { client: ClientSettings(client), sent: None, first: None };
    task::start(id, answer(upstream, Incoming { request, head, signal }, options));
}

/// Authlete's service, as its client reaches it.
struct Authlete {
    client: ClientSettings,
    /// The text of the request to `/auth/token`.
    sent: Option<JsString>,
    /// The answer to it.
    first: Option<Obj>,
}

impl Upstream for Authlete {
    async fn token(driver: &mut Driver<Self>, call: TokenCall) -> Result<StepResult, Error> {
        let given = driver.options.get(option::TOKEN_REQUEST);
        let asked = !given.is_undefined() && given.is_function();
        let added = if asked {
            let parameters = JsValue::from(call.parameters.as_str());
            let request = boundary::unread_request(&driver.request, &parameters);
            let (context, none) = (boundary::hook_context(&parameters), JsValue::UNDEFINED);
            match driver.ask(&given, &request, &context, &none, &none).await {
                // Not the same as an option that was left out.
                Some(added) if added.is_undefined() => Obj::new().into(),
                Some(added) => added,
                None => return Ok(StepResult::HookFailed),
            }
        } else {
            given
        };
        let body = match token_request::text(&call, &added, driver.has_certificate_source) {
            Ok(body) => JsString::from(body),
            // Everything from the request is a string, so only what the host added can be wrong.
            Err(problem) if asked => return Ok(driver.invalid(&problem)),
            Err(problem) => return Err(unusable_option(problem)),
        };
        // JavaScript has the values now: they need not be held here, too, while Authlete answers.
        drop(call);
        driver.upstream.sent = Some(body.clone());
        let options = driver.abortable();
        let result = driver.send(&auth_token::OPERATION, &options, &body).await;
        let (result, answer) = driver.result_from(&auth_token::OPERATION, result, answer_from);
        driver.upstream.first = answer;
        Ok(result)
    }

    async fn send(
        &self,
        operation: &'static Operation,
        call: &CallOptions,
        on_event: Option<&JsValue>,
        request: &JsString,
    ) -> Result<Obj, OperationFailure> {
        transport::send(operation, &self.client, call, on_event, request).await
    }

    fn parameters(&self) -> JsValue {
        let sent = self.sent.as_ref().map(boundary::parse).unwrap_or_default();
        Obj::from_value(&sent).map(|sent| sent.get(key::PARAMETERS)).unwrap_or_default()
    }

    fn first(&self) -> Option<Obj> {
        self.first.clone()
    }
}

/// A wrong value from the hook `tokenRequest` is a failure of the hook; a wrong value given as the
/// option is a configuration error.
fn unusable_option(problem: Violation) -> Error {
    Error::new(ErrorCode::Config, problem.under("tokenRequest").sentence())
}
