//! One operation over `fetch`: what is sent, and how the answer is judged.
//!
//! The exchange itself – `fetch`, the head of its answer, the body up to the cap – is one call of
//! `js/exchange.ts`: in Rust, each step of it would cost a crossing and a poll of the task.
//! gloo-net's builder makes two `Request` objects and a `URL` per call, which costs more than all
//! the rest together (`ARCHITECTURE.md`, "Why not").

use super::answer;
use super::exchange_event::Exchanged;
use super::failure::OperationFailure;
use super::settings::{CallOptions, ClientSettings};
use super::{invalid, unwritable};
use crate::ErrorCode;
use crate::api::common::{is_json, status_error};
use crate::api::retry::retry_after;
use crate::api::{OPERATIONS, Operation, idtoken_reissue};
use crate::contract::members::arrived as member;
use crate::contract::{call, facts, problem};
use crate::prelude::*;
use crate::wasm::host::{Key, Obj, boundary};
use crate::wasm::task::running;
use crate::wasm::wait::{self, Broken, Brought, Wait};
use js_sys::Date;
use wasm_bindgen::prelude::*;

/// The pause before a reissue is tried again after a connection failure.
const RECONNECT_MS: f64 = 200.0;

/// Sends a request (JSON text, or `undefined` for what was inspected last) and returns the checked
/// answer. One deadline covers everything. `on_event` is called for each exchange.
pub(super) async fn send(
    operation: &'static Operation,
    settings: &ClientSettings,
    options: &CallOptions,
    on_event: Option<&JsValue>,
    request: &JsValue,
) -> Result<Obj, OperationFailure> {
    let none = JsValue::UNDEFINED;
    let time = || on_event.map(|_| Date::now());
    let path = OPERATIONS.iter().position(|known| known.name == operation.name).unwrap_or_default();
    let mut started = time();
    let mut wait = Wait::begin();
    // Nearly every call needs nothing but this.
    let begun = wait::limited(|id, limit| {
        let timeout = options.timeout_ms;
        let signal = options.signal.as_ref().unwrap_or(&none);
        let kept = options.headers.is_none();
        let settings = &settings.0;
        boundary::begin_call(id, limit, wait.number, settings, path, timeout, signal, kept, request)
    });
    let is = |flag: u32| begun & flag != 0;
    if is(call::UNWRITABLE) {
        return Err(invalid(operation, &unwritable()));
    }
    if is(call::ABORTED) {
        return Err(OperationFailure::ended(operation, true));
    }
    // Only retries ask for the time: reading a clock can take as long as all the rest.
    let begun = is(call::RETRIED).then(boundary::now);
    let mut sent = is(call::STARTED);
    // Otherwise those that are kept with the settings.
    let mut headers = JsValue::UNDEFINED;
    if !sent {
        let bearer = match settings.bearer() {
            Some(bearer) => rotating_bearer(operation, bearer).await?,
            None => JsValue::UNDEFINED,
        };
        let extra = options.headers.as_ref().unwrap_or(&none);
        headers = boundary::headers(&settings.0, &bearer, extra);
    }
    let mut attempt = 1.0;
    let result = loop {
        if !sent {
            started = time();
            boundary::exchange(wait.task, wait.number, &settings.0, path, &headers);
        }
        let result = outcome(operation, settings, wait).await;
        if let (Some(on_event), Some(started)) = (on_event, started) {
            let exchanged = match &result {
                Ok(answer) => Exchanged::Parsed(answer),
                Err(failure) => Exchanged::Failed(failure),
            };
            exchanged.tell(on_event, operation, attempt, started);
        }
        let pause = result.as_ref().err().and_then(|failure| pause(operation, settings, failure));
        let (Some(pause), Some(begun)) = (pause, begun) else { break result };
        let timeout = match options.timeout_ms.is_nan() {
            true => settings.timeout_ms(),
            false => options.timeout_ms,
        };
        // The outcome of this attempt says more than a timeout.
        if attempt >= settings.attempts() || boundary::now() - begun + pause >= timeout {
            break result;
        }
        boundary::give_up(running());
        let slept = Wait::begin();
        boundary::sleep(slept.task, slept.number, pause);
        match slept.await {
            Ok(_) => attempt += 1.0,
            Err(Broken::Aborted) => break Err(OperationFailure::ended(operation, true)),
            Err(_) => break result,
        }
        (wait, sent) = (Wait::begin(), false);
    };
    if result.is_err() {
        // Nobody waits any longer: give up the connection instead of reading it to its end, and end
        // a pause.
        boundary::give_up(running());
    }
    result
}

/// The operations' paths, separated by spaces: the exchange takes an index into them.
#[wasm_bindgen]
pub fn paths() -> String {
    OPERATIONS.map(|operation| operation.path).join(" ")
}

/// Whether a content type is that of JSON. JavaScript asks before it reads a body.
#[wasm_bindgen]
pub fn json_type(content_type: &str) -> bool {
    is_json(content_type)
}

/// The `Authorization` header with what the `bearer` function returns.
async fn rotating_bearer(
    operation: &Operation,
    function: JsValue,
) -> Result<JsValue, OperationFailure> {
    let problem = |problem: &str| {
        OperationFailure::new(operation, ErrorCode::Config, &["bearer ", problem].concat())
    };
    let thrown = |value: JsValue| {
        let mut failure = problem(&["failed (", &boundary::type_name(&value), ")"].concat());
        (failure.cause, failure.users) = (Some(value), true);
        failure
    };
    let (wait, none) = (Wait::begin(), &JsValue::UNDEFINED);
    boundary::ask(wait.task, wait.number, &function, none, none, none, none);
    let bearer =
        wait.await.map_err(|broken| OperationFailure::broken(operation, broken, thrown))?;
    Err(problem(match bearer.value.as_string() {
        Some(text) if text.starts_with("Bearer ") => {
            "returned `Bearer ` before the token; return the token alone"
        }
        Some(text) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) => {
            return Ok(["Bearer ", &text].concat().into());
        }
        _ => "returned something other than a string of visible ASCII characters",
    }))
}

/// The outcome of an exchange that has begun.
async fn outcome(
    operation: &Operation,
    settings: &ClientSettings,
    wait: Wait,
) -> Result<Obj, OperationFailure> {
    match wait.await {
        Ok(arrived) => judge(operation, arrived),
        Err(Broken::Rejected(value)) => Err(connection(operation, value, settings.is_injected())),
        Err(broken) => {
            // Too late for the body, but a status says more than a timeout. If the caller aborted,
            // the error says only that.
            let status = boundary::arrived(running()).number(member::STATUS);
            let late = matches!(broken, Broken::Expired) && !status.is_nan();
            if late && as_status(status) != 200 {
                let value = JsValue::UNDEFINED;
                return judge(operation, Brought { value, status, facts: facts::NO_TEXT });
            }
            Err(OperationFailure::ended(operation, matches!(broken, Broken::Aborted)))
        }
    }
}

/// A member of what has arrived in the last exchange of the running task.
#[inline(never)]
fn arrived(key: Key) -> JsValue {
    boundary::arrived(running()).get(key)
}

/// An injected `fetch` may give any number. Browsers report a redirect that is not followed as 0.
fn as_status(number: f64) -> u16 {
    number as u16
}

/// Judges what has arrived: the status, and what there is of the text.
fn judge(operation: &Operation, brought: Brought) -> Result<Obj, OperationFailure> {
    let Brought { value, status, facts } = brought;
    let status = as_status(status);
    let problem = facts / facts::PROBLEM;
    let mut failure = if matches!(problem, problem::NO_RESPONSE | problem::NO_ANSWER) {
        no_text(operation, problem)
    } else if status != 200 {
        let headers: Obj = arrived(member::HEADERS).unchecked_into();
        let mut failure = OperationFailure::from(status_error(operation, status));
        failure.error.retry_after =
            retry_after(|name| boundary::header(&headers, name), Some(Date::now() as u64));
        answer::read_failure(&value, &mut failure.error);
        failure
    } else if facts & facts::NO_TEXT != 0 {
        no_text(operation, problem)
    } else {
        let text = || arrived(member::TEXT).as_string().unwrap_or_default();
        match answer::checked(operation, value, facts, text) {
            Ok(answer) => return Ok(answer),
            Err(failure) => failure,
        }
    };
    failure.headers = Some(arrived(member::HEADERS));
    Err(failure)
}

/// The failure for an answer without a text in JSON.
fn no_text(operation: &Operation, problem: u32) -> OperationFailure {
    let code = match problem {
        problem::UNREADABLE => ErrorCode::Connection,
        _ => ErrorCode::ResponseInvalid,
    };
    let problem = match problem {
        problem::NO_RESPONSE => "fetch returned something that is not a Response",
        problem::NO_ANSWER => {
            "engine.exchange returned something other than { status: number, body: string }"
        }
        problem::TOO_LARGE => "the answer is larger than maxResponseBytes",
        problem::UNREADABLE => "the answer's body could not be read to its end",
        problem::NOT_UTF8 => "the answer is not UTF-8",
        problem::USED => "fetch returned a Response whose body is used or locked",
        problem::NO_WAY => {
            "fetch returned a Response that can't be read: `body` is not a stream, and it has no arrayBuffer()"
        }
        problem::NOT_BYTES => {
            "fetch returned a Response whose body contains something other than bytes"
        }
        _ => "the answer is not JSON by its content type",
    };
    OperationFailure::new(operation, code, problem)
}

/// The failure for a `fetch` that threw or rejected.
fn connection(operation: &Operation, thrown: JsValue, injected: bool) -> OperationFailure {
    let problem = ["no answer from Authlete (", &boundary::type_name(&thrown), ")"].concat();
    let mut failure = OperationFailure::new(operation, ErrorCode::Connection, &problem);
    failure.no_error = !boundary::is_error(&thrown);
    (failure.cause, failure.users) = (Some(thrown), injected);
    failure
}

/// How many milliseconds to wait before another attempt, if one can do no harm: codes, refresh
/// tokens and tickets are single-use, so a request that may have been processed is never repeated.
/// A reissue consumes nothing.
fn pause(
    operation: &Operation,
    settings: &ClientSettings,
    failure: &OperationFailure,
) -> Option<f64> {
    let error = &failure.error;
    match (error.code, error.status) {
        (ErrorCode::HttpStatus, Some(429 | 503)) => error
            .retry_after
            .map(|seconds| seconds as f64 * 1000.0)
            .filter(|delay| *delay <= settings.max_delay_ms()),
        (ErrorCode::Connection, _) if operation.name == idtoken_reissue::OPERATION.name => {
            Some(RECONNECT_MS)
        }
        _ => None,
    }
}
