//! Drives the token endpoint: reads the web `Request`, runs the calls and hooks that
//! `crate::endpoint` asks for, and makes the `Response`.

use super::check::Violation;
use super::endpoint_values::{answer_from, lines, response_from, settings_from};
use super::failure::OperationFailure;
use super::head::Head;
use super::notices::{About, tell};
use super::settings::{CallOptions, ClientSettings};
use super::{invalid, prepare, token_request, transport};
use crate::api::{Operation, auth_token, auth_token_fail, auth_token_issue, idtoken_reissue};
use crate::contract::members::endpoint_options as option;
use crate::endpoint::{self, ApiCall, Handling, Notice, Step, StepResult, TokenCall};
use crate::prelude::*;
use crate::wasm::body;
use crate::wasm::error::authlete_error;
use crate::wasm::host::{Obj, boundary, key};
use crate::wasm::{task, wait};
use crate::{Error, ErrorCode};
use js_sys::JsString;
use wasm_bindgen::prelude::*;

/// Answers one request as the task `id`. `head` is what `js/endpoint.ts` has read of it
/// ([`Head`]). The promise is rejected only for unusable options.
#[wasm_bindgen]
pub fn token_endpoint(
    id: usize,
    client: Obj,
    request: Obj,
    head: String,
    body_used: bool,
    signal: JsValue,
    options: Obj,
) {
    task::start(id, async move {
        let client = ClientSettings(client);
        let on_event = options.find(option::ON_EVENT);
        let driver = Driver {
            client,
            request,
            signal: Some(signal).filter(|signal| !signal.is_undefined()),
            options,
            on_event,
            sent: JsString::default(),
            first: None,
            last: None,
            from_hook: JsValue::UNDEFINED,
            about: None,
        };
        let answer = driver.run(&Head(head), body_used).await;
        answer.map_err(|error| authlete_error(error, &Obj::new()))
    });
}

pub(super) struct Driver {
    client: ClientSettings,
    pub(super) request: Obj,
    /// The request's `AbortSignal`.
    signal: Option<JsValue>,
    /// The options of `js/endpoint.ts`, validated there as far as types go.
    pub(super) options: Obj,
    /// The `onEvent` for all that happens in this request.
    pub(super) on_event: Option<JsValue>,
    /// The text of the request to `/auth/token`, which has the parameters for the hooks.
    sent: JsString,
    /// The answer of `/auth/token`, which the hooks get.
    pub(super) first: Option<Obj>,
    /// The answer of the last call after it.
    last: Option<Obj>,
    /// What the last hook returned, for the call or the answer that follows.
    pub(super) from_hook: JsValue,
    /// What is known about the failure of the last step, beyond what is passed to the endpoint's
    /// rules.
    pub(super) about: Option<About>,
}

impl Driver {
    async fn run(mut self, head: &Head, body_used: bool) -> Result<JsValue, Error> {
        let settings = settings_from(&self.options)?;
        let header = |name: &'static str| head.header(name);
        let opened = match endpoint::open(&settings, head.method(), head.url(), &header) {
            Ok(pending) if body_used => Err(pending.already_read()),
            Ok(pending) => self.body(pending).await,
            Err(reply) => Err(reply),
        };
        let (handling, call) = match opened {
            Ok(begun) => begun,
            Err(reply) => {
                self.tell(reply.notice);
                return Ok(response_from(reply.response));
            }
        };
        let result = self.token(call).await?;
        self.rest(handling, result).await
    }

    async fn body(
        &self,
        pending: endpoint::Pending,
    ) -> Result<(Handling, TokenCall), endpoint::Reply> {
        wait::limit(0.0, self.signal.as_ref());
        match body::bytes(&self.request, pending.limit() as f64).await {
            Ok(bytes) => pending.body(bytes),
            Err(body::Unread::TooLarge) => Err(pending.too_large()),
            Err(body::Unread::Used) => Err(pending.already_read()),
            Err(body::Unread::NotBytes) => Err(pending.not_bytes()),
            Err(_) => Err(pending.broken()),
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

    /// Calls `/auth/token`.
    async fn token(&mut self, call: TokenCall) -> Result<StepResult, Error> {
        let given = self.options.get(option::TOKEN_REQUEST);
        let asked = given.is_function();
        let added = if asked {
            let parameters = JsValue::from(call.parameters.as_str());
            let request = boundary::unread_request(&self.request, &parameters);
            let (context, none) = (boundary::hook_context(&parameters), JsValue::UNDEFINED);
            match self.ask(&given, &request, &context, &none, &none).await {
                // Not the same as an option that was left out.
                Some(added) if added.is_undefined() => Obj::new().into(),
                Some(added) => added,
                None => return Ok(StepResult::HookFailed),
            }
        } else {
            given
        };
        let body = match token_request::text(&call, &added) {
            Ok(body) => JsString::from(body),
            // Everything from the request is a string, so only what the host added can be wrong.
            Err(problem) => return self.wrong(asked, problem),
        };
        // JavaScript has the values now: they need not be held here, too, while Authlete answers.
        drop(call);
        self.sent = body.clone();
        let options = CallOptions { signal: self.signal.clone(), ..CallOptions::default() };
        let (result, answer) = self.send(&auth_token::OPERATION, &options, &body).await;
        self.first = answer;
        Ok(result)
    }

    /// The parameters of the token request, for a hook.
    pub(super) fn parameters(&self) -> JsValue {
        boundary::parse(&self.sent).unchecked_into::<Obj>().get(key::PARAMETERS)
    }

    /// A wrong value from the hook `tokenRequest` is a failure of the hook; a wrong value given as
    /// the option is a configuration error.
    fn wrong(&mut self, asked: bool, problem: Violation) -> Result<StepResult, Error> {
        if asked {
            Ok(self.invalid(&problem))
        } else {
            Err(Error::new(ErrorCode::Config, problem.under("tokenRequest").sentence()))
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
        let body = match prepare(operation, &request) {
            Ok(body) => body,
            Err(problem) => {
                return self.result_from(operation, Err(invalid(operation, &problem))).0;
            }
        };
        // From here on, nothing is aborted when the client disconnects: its tokens may exist
        // already.
        let (result, answer) = self.send(operation, &CallOptions::default(), &body).await;
        self.last = answer;
        result
    }

    async fn send(
        &mut self,
        operation: &'static Operation,
        options: &CallOptions,
        body: &JsString,
    ) -> (StepResult, Option<Obj>) {
        let result =
            transport::send(operation, &self.client, options, self.on_event.as_ref(), body).await;
        self.result_from(operation, result)
    }

    fn result_from(
        &mut self,
        operation: &'static Operation,
        result: Result<Obj, OperationFailure>,
    ) -> (StepResult, Option<Obj>) {
        match result {
            Ok(answer) => (StepResult::Answer(answer_from(&answer)), Some(answer)),
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
            let answer = self.last.as_ref().or(self.first.as_ref());
            tell(on_event, notice, about, answer);
        }
    }

    fn relay(&self, headers: Vec<(String, String)>) -> JsValue {
        // A copy made by `copy_response`, whose headers can be set.
        boundary::set_headers(self.from_hook.unchecked_ref(), &lines(&headers));
        self.from_hook.clone()
    }
}
