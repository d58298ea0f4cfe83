//! Drives the token endpoint: reads the web `Request`, runs the calls and hooks that
//! `crate::endpoint` asks for, and makes the `Response`.

use super::endpoint_values::{answer_from, lines, response_from, settings_from};
use super::failure::OperationFailure;
use super::head::Head;
use super::notices::{About, tell};
use super::settings::CallOptions;
use super::upstream::Upstream;
use super::{invalid, prepare};
use crate::Error;
use crate::api::{Operation, auth_token_fail, auth_token_issue, idtoken_reissue};
use crate::contract::members::endpoint_options as option;
use crate::endpoint::{self, ApiAnswer, ApiCall, Handling, Notice, Step, StepResult, TokenCall};
use crate::prelude::*;
use crate::wasm::body;
use crate::wasm::error::authlete_error;
use crate::wasm::host::{Obj, boundary, key};
use crate::wasm::wait;
use js_sys::JsString;
use wasm_bindgen::prelude::*;

/// A token request as `js/endpoint.ts` hands it over.
pub(in crate::wasm) struct Incoming {
    pub(in crate::wasm) request: Obj,
    /// What has been read of it, as [`Head`] has it.
    pub(in crate::wasm) head: String,
    /// Its `AbortSignal`, or `undefined`.
    pub(in crate::wasm) signal: JsValue,
}

/// Answers a token request with a `Response`, or an error for unusable options.
pub(in crate::wasm) async fn answer(
    upstream: impl Upstream,
    incoming: Incoming,
    options: Obj,
) -> Result<JsValue, JsValue> {
    let Incoming { request, head, signal } = incoming;
    let driver = Driver {
        upstream,
        request,
        signal: Some(signal).filter(|signal| !signal.is_undefined()),
        gone: false,
        on_event: options.find(option::ON_EVENT),
        options,
        has_certificate_source: false,
        last: None,
        from_hook: JsValue::UNDEFINED,
        about: None,
    };
    let answer = driver.run(&Head::read(&head)).await;
    answer.map_err(|error| authlete_error(error, &Obj::new()))
}

pub(in crate::wasm) struct Driver<U> {
    pub(super) upstream: U,
    pub(super) request: Obj,
    /// The request's `AbortSignal`.
    signal: Option<JsValue>,
    /// Whether the signal had fired already when the request came.
    pub(super) gone: bool,
    /// The options of `js/endpoint.ts`, validated there as far as types go.
    pub(super) options: Obj,
    /// Whether the option `clientCertificate` names the source of client certificates.
    // The engine's artefact runs no request to which the host adds anything.
    #[cfg_attr(feature = "engine", allow(dead_code))]
    pub(super) has_certificate_source: bool,
    /// The `onEvent` for all that happens in this request.
    pub(super) on_event: Option<JsValue>,
    /// The answer of the last call after `/auth/token`.
    last: Option<Obj>,
    /// What the last hook returned, for the call or the answer that follows.
    pub(super) from_hook: JsValue,
    /// What is known about the failure of the last step, beyond what is passed to the endpoint's
    /// rules.
    pub(super) about: Option<About>,
}

impl<U: Upstream> Driver<U> {
    async fn run(mut self, head: &Head<'_>) -> Result<JsValue, Error> {
        let settings = settings_from(&self.options)?;
        let header = |name: &'static str| head.header(name);
        let presented = head.presented();
        self.has_certificate_source = presented.is_some();
        let opened = match endpoint::open(&settings, head.method(), head.url(), &header) {
            Ok(pending) if head.is_body_used() => Err(pending.already_read()),
            Ok(mut pending) => {
                match presented.map_or(Ok(()), |presented| pending.certificate(&presented)) {
                    Ok(()) => self.body(pending).await,
                    Err(reply) => Err(reply),
                }
            }
            Err(reply) => Err(reply),
        };
        let (handling, call) = match opened {
            Ok(begun) => begun,
            Err(reply) => {
                self.tell(reply.notice);
                return Ok(response_from(reply.response));
            }
        };
        let result = U::token(&mut self, call).await?;
        self.rest(handling, result).await
    }

    async fn body(
        &mut self,
        pending: endpoint::Pending,
    ) -> Result<(Handling, TokenCall), endpoint::Reply> {
        self.gone = wait::limit(0.0, self.signal.as_ref());
        match body::bytes(&self.request, pending.limit() as f64).await {
            Ok(bytes) => pending.body(bytes),
            Err(body::Unread::TooLarge) => Err(pending.too_large()),
            Err(body::Unread::Used) => Err(pending.already_read()),
            Err(body::Unread::NotBytes) => Err(pending.not_bytes()),
            Err(body::Unread::Unreadable(thrown)) => {
                self.about = Some(About::thrown(&thrown));
                Err(pending.broken())
            }
            Err(body::Unread::Interrupted) => Err(pending.broken()),
        }
    }

    async fn rest(
        &mut self,
        mut handling: Handling,
        mut result: StepResult,
    ) -> Result<JsValue, Error> {
        loop {
            let turn = handling.resume(result);
            let [first, second] = turn.notices;
            self.tell(first);
            self.tell(second);
            result = match turn.step {
                Step::Call(call) => self.call(call).await,
                Step::Hook(hook) => self.hook(hook).await,
                Step::Relay { headers } => return Ok(self.relay(headers)),
                Step::Respond(response) => return Ok(response_from(response)),
            };
        }
    }

    async fn call(&mut self, call: ApiCall) -> StepResult {
        let (operation, request) = match call {
            ApiCall::Issue { ticket } => {
                // Made by `issue_request` of what the hook returned.
                let request = Obj::from_value(&self.from_hook).unwrap_or_else(Obj::new);
                request.set_text(key::TICKET, &ticket);
                (&auth_token_issue::OPERATION, request)
            }
            ApiCall::Fail { ticket, reason } => {
                let request = Obj::new();
                request.set_text(key::TICKET, &ticket);
                request.set_text(key::REASON, reason);
                (&auth_token_fail::OPERATION, request)
            }
            ApiCall::Reissue { access_token, refresh_token } => {
                let given = self.options.get(option::REISSUE_ID_TOKEN);
                // Made by `reissue_request`, or the option's own object.
                let request = if given.is_function() {
                    Obj::from_value(&self.from_hook)
                } else {
                    given.is_object().then(|| boundary::plain(&given)).flatten()
                };
                let request = request.unwrap_or_else(Obj::new);
                request.set_text(key::ACCESS_TOKEN, &access_token);
                request.set_text(key::REFRESH_TOKEN, &refresh_token);
                (&idtoken_reissue::OPERATION, request)
            }
        };
        let result = match prepare(operation, &request) {
            // From here on, nothing is aborted when the client disconnects: its tokens may exist
            // already.
            Ok(body) => self.send(operation, &CallOptions::default(), &body).await,
            Err(problem) => Err(invalid(operation, &problem)),
        };
        let (result, answer) = self.result_from(operation, result, answer_from);
        self.last = answer;
        result
    }

    /// The options of a call that ends when the client disconnects.
    pub(super) fn abortable(&self) -> CallOptions {
        CallOptions { signal: self.signal.clone(), ..CallOptions::default() }
    }

    pub(super) async fn send(
        &self,
        operation: &'static Operation,
        options: &CallOptions,
        body: &JsString,
    ) -> Result<Obj, OperationFailure> {
        self.upstream.send(operation, options, self.on_event.as_ref(), body).await
    }

    /// The result of a call for the endpoint's rules, and the answer if there is one.
    pub(super) fn result_from<T>(
        &mut self,
        operation: &'static Operation,
        result: Result<T, OperationFailure>,
        read: impl FnOnce(&T) -> ApiAnswer,
    ) -> (StepResult, Option<T>) {
        match result {
            Ok(answer) => (StepResult::Answer(read(&answer)), Some(answer)),
            Err(failure) => {
                if self.on_event.is_some() {
                    self.about = Some(About::failure(operation, &failure));
                }
                let failure = endpoint::CallFailure {
                    code: failure.error.code,
                    status: failure.error.status,
                    retry_after: failure.error.retry_after,
                    lasting: failure.no_error,
                };
                (StepResult::CallFailed(failure), None)
            }
        }
    }

    fn tell(&mut self, notice: Option<Notice>) {
        // What is known about the last step belongs to the first notice about it.
        let about = self.about.take();
        if let (Some(notice), Some(on_event)) = (notice, &self.on_event) {
            let answer = self.last.clone().or_else(|| self.upstream.first());
            tell(on_event, notice, about, answer.as_ref());
        }
    }

    fn relay(&self, headers: Vec<(String, String)>) -> JsValue {
        // A copy made by `copy_response`, whose headers can be set.
        boundary::set_headers(self.from_hook.unchecked_ref(), &lines(&headers));
        self.from_hook.clone()
    }
}
