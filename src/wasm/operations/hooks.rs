//! Runs the host's hooks for the token endpoint, and turns their results into what the next step
//! needs.

use super::check::Violation;
use super::endpoint::Driver;
use super::endpoint_values::reissue_request;
use super::notices::About;
use super::prepare;
use super::upstream::Upstream;
use crate::api::auth_token_issue;
use crate::contract::members::endpoint_options as option;
use crate::endpoint::{Hook, StepResult};
use crate::wasm::host::{Key, Obj, boundary, key};
use crate::wasm::wait::{self, Broken, Wait};
use wasm_bindgen::prelude::*;

impl<U: Upstream> Driver<U> {
    /// Runs a hook that the endpoint's rules ask for, and keeps its result for the step that
    /// follows.
    pub(super) async fn hook(&mut self, hook: Hook) -> StepResult {
        let Some(first) = self.upstream.first() else { return StepResult::HookFailed };
        let parameters = self.upstream.parameters();
        let (context, none) = (boundary::hook_context(&parameters), JsValue::UNDEFINED);
        let function = |key: Key| self.options.get(key);
        let delegate = match hook {
            Hook::TokenExchange => function(option::TOKEN_EXCHANGE),
            Hook::JwtBearer => function(option::JWT_BEARER),
            Hook::NativeSso => function(option::NATIVE_SSO),
            Hook::AuthenticateUser | Hook::ReissueIdToken | Hook::TokenRequest => {
                JsValue::UNDEFINED
            }
        };
        if delegate.is_function() {
            let request = boundary::unread_request(&self.request, &parameters);
            let Some(given) = self.ask(&delegate, &first, &request, &context, &none).await else {
                return StepResult::HookFailed;
            };
            self.from_hook = boundary::copy_response(&given);
            return match self.from_hook.as_string() {
                None => StepResult::HookResponded,
                Some(problem) => self.hook_failed("invalid_result", "", &problem, None),
            };
        }
        let given = if hook == Hook::AuthenticateUser {
            let (username, password) = (first.get(key::USERNAME), first.get(key::PASSWORD));
            self.ask(&function(option::AUTHENTICATE_USER), &username, &password, &first, &context)
                .await
        } else {
            self.ask(&function(option::REISSUE_ID_TOKEN), &first, &context, &none, &none).await
        };
        let Some(given) = given else { return StepResult::HookFailed };
        if given.is_null() {
            return StepResult::HookRefused;
        }
        let request = if hook == Hook::AuthenticateUser {
            issue_request(&given)
        } else {
            reissue_request(&given)
        };
        match request {
            Ok(request) => {
                self.from_hook = request.into();
                StepResult::HookAccepted
            }
            Err(problem) => self.invalid(&problem),
        }
    }

    /// Runs a hook within its time limit; `None` if it threw or took too long.
    pub(super) async fn ask(
        &mut self,
        hook: &JsValue,
        a: &JsValue,
        b: &JsValue,
        c: &JsValue,
        d: &JsValue,
    ) -> Option<JsValue> {
        wait::limit(self.options.number(option::HOOK_TIMEOUT_MS), None);
        let wait = Wait::begin();
        boundary::ask(wait.task, wait.number, hook, a, b, c, d);
        match wait.await {
            Ok(given) => return Some(given.value),
            Err(Broken::Rejected(thrown)) => {
                let detail = ["threw (", &boundary::type_name(&thrown), ")"].concat();
                self.hook_failed("threw", "", &detail, Some(thrown))
            }
            Err(_) => {
                self.hook_failed("timed_out", "", "did not finish within hookTimeoutMs", None)
            }
        };
        None
    }

    /// The hook returned something that its type does not allow.
    pub(super) fn invalid(&mut self, problem: &Violation) -> StepResult {
        self.hook_failed("invalid_result", &problem.path, problem.message, None)
    }

    fn hook_failed(
        &mut self,
        reason: &str,
        path: &str,
        detail: &str,
        thrown: Option<JsValue>,
    ) -> StepResult {
        if self.on_event.is_some() {
            self.about = Some(About::hook(reason, path, detail, thrown));
        }
        StepResult::HookFailed
    }
}

/// What `authenticateUser` returned (a subject, or issue parameters with one) as an issue request,
/// or what is wrong with it.
fn issue_request(given: &JsValue) -> Result<Obj, Violation> {
    let request = if given.is_string() {
        let request = Obj::new();
        request.set(key::SUBJECT, given);
        request
    } else if given.is_object() {
        boundary::plain(given).ok_or(Violation::here("could not be read"))?
    } else {
        return Err(Violation::here("expected a string, an object or null"));
    };
    request.set_text(key::TICKET, "");
    prepare(&auth_token_issue::OPERATION, &request)?;
    match request.text(key::SUBJECT) {
        Some(subject) if !subject.is_empty() => Ok(request),
        _ if given.is_string() => Err(Violation::here("expected a subject that is not empty")),
        _ => Err(Violation::here("must not be empty").under("subject")),
    }
}
