//! One operation over `fetch`: the only file that sends anything.
//!
//! gloo-net's builder makes two `Request` objects and a `URL` a call, which costs more than all the rest together (`ARCHITECTURE.md`,
//! "Why not"): here `fetch` gets a URL and a plain object, made in one crossing, and the head of its answer comes back in one.

use super::answer;
use super::failure::Failure;
use super::settings::{Call, Settings};
use crate::ErrorCode;
use crate::api::{Head, OPERATIONS, Operation, classify, idtoken_reissue, is_json, retry_after, status_error};
use crate::wasm::host::{Obj, boundary, key};
use crate::wasm::task::{self, Broken};
use js_sys::{Date, JsString, Object};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

/// The pause before a reissue is tried again after a connection failure.
const RECONNECT_MS: f64 = 200.0;

/// Sends a request (JSON text) and gives the checked answer. One deadline covers everything.
pub(super) async fn send(
    operation: &'static Operation,
    settings: &Settings,
    call: &Call,
    request: &JsString,
) -> Result<Obj, Failure> {
    task::deadline(call.timeout_ms.unwrap_or_else(|| settings.timeout_ms()));
    if task::watch(call.signal.as_ref()) {
        return Err(Failure::broken(operation, Broken::Aborted, |_| not_sent(operation)));
    }
    let headers = headers(operation, settings, call).await?;
    let url = settings.prefix().concat(&path(operation));
    let on_event = settings.on_event();
    let mut attempt = 1.0;
    let result = loop {
        let started = on_event.as_ref().map(|_| Date::now());
        let result = exchange(operation, settings, &url, &headers, request).await;
        if let (Some(on_event), Some(started)) = (&on_event, started) {
            tell(on_event, operation, &result, attempt, Date::now() - started);
        }
        let pause = result.as_ref().err().and_then(|failure| pause(operation, settings, failure));
        let Some(pause) = pause.filter(|_| attempt < settings.attempts()) else { break result };
        boundary::give_up(task::running());
        if let Err(broken) = task::wait(&boundary::sleep(pause)).await {
            break Err(Failure::broken(operation, broken, |_| not_sent(operation)));
        }
        attempt += 1.0;
    };
    if result.is_err() {
        // Nobody waits any longer: the connection is to be given up, not read to its end.
        boundary::give_up(task::running());
    }
    result
}

/// The path of an operation as a JavaScript string, made once.
fn path(operation: &'static Operation) -> JsString {
    thread_local! {
        static PATHS: Vec<JsString> = OPERATIONS.iter().map(|operation| JsString::from(operation.path)).collect();
    }
    let index = OPERATIONS.iter().position(|known| known.name == operation.name);
    PATHS.with(|paths| index.and_then(|index| paths.get(index).cloned())).unwrap_or_else(|| operation.path.into())
}

fn not_sent(operation: &Operation) -> Failure {
    Failure::new(operation, ErrorCode::Connection, "the request could not be sent")
}

/// The headers of a request. Those of a client with a fixed bearer are always the same: they are made once, and kept with its settings.
async fn headers(operation: &Operation, settings: &Settings, call: &Call) -> Result<Obj, Failure> {
    let ready = if call.headers.is_none() { settings.ready_headers() } else { JsValue::UNDEFINED };
    if ready.is_object() {
        return Ok(ready.unchecked_into());
    }
    let headers = Obj::new();
    for extra in [settings.headers(), call.headers.clone()].into_iter().flatten() {
        Object::<JsValue>::assign(headers.unchecked_ref(), extra.unchecked_ref());
    }
    let fixed = settings.authorization();
    let keep = fixed.is_some() && call.headers.is_none();
    let authorization = match fixed {
        Some(authorization) => authorization,
        None => rotating_bearer(operation, settings).await?,
    };
    key::AUTHORIZATION.with(|key| headers.set(key, &authorization));
    key::APPLICATION_JSON.with(|json| {
        key::ACCEPT.with(|key| headers.set(key, json));
        key::CONTENT_TYPE.with(|key| headers.set(key, json));
    });
    if keep {
        // An injected `fetch` sees the object: it must not be able to change it for the next call.
        Object::freeze(headers.unchecked_ref::<Object>());
        settings.keep_headers(&headers);
    }
    Ok(headers)
}

async fn rotating_bearer(operation: &Operation, settings: &Settings) -> Result<JsValue, Failure> {
    let problem = |problem: &str| Failure::new(operation, ErrorCode::Config, &format!("bearer {problem}"));
    let thrown = |value: JsValue| problem(&format!("failed ({})", boundary::type_name(&value)));
    let function = settings.bearer().unwrap_or_default();
    let promise =
        boundary::call(&function, &JsValue::UNDEFINED, &JsValue::UNDEFINED, &JsValue::UNDEFINED).map_err(thrown)?;
    let bearer = task::wait(&promise).await.map_err(|broken| Failure::broken(operation, broken, thrown))?;
    match bearer.as_string().filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())) {
        Some(bearer) => Ok(format!("Bearer {bearer}").into()),
        None => Err(problem("gave something other than a string of visible ASCII characters")),
    }
}

async fn exchange(
    operation: &Operation,
    settings: &Settings,
    url: &JsString,
    headers: &Obj,
    request: &JsString,
) -> Result<Obj, Failure> {
    let fetch = settings.fetch();
    let rejected = |value: JsValue| connection(operation, value, !fetch.is_undefined());
    let promise = boundary::post(task::running(), &fetch, url, headers, request).map_err(rejected)?;
    let response = task::wait(&promise).await.map_err(|broken| Failure::broken(operation, broken, rejected))?;
    let head = boundary::head(&response).map_err(|_| {
        Failure::new(operation, ErrorCode::ResponseInvalid, "fetch gave something that is not a Response")
    })?;
    let response: Obj = response.unchecked_into();
    let headers = key::HEADERS.with(|key| head.get(key));
    let content_type = key::TYPE.with(|key| head.get(key));
    let status = key::STATUS.with(|key| head.number(key));
    // A browser hides a refused redirect behind status 0.
    let status = status as u16;
    match judge(status, content_type) {
        Head::Answer => {
            let text = answer::text(operation, &response, settings.max_response_bytes()).await?;
            answer::read(operation, &text).map_err(|failure| Failure { headers: Some(headers), ..failure })
        }
        Head::NotJson => {
            let failure =
                Failure::new(operation, ErrorCode::ResponseInvalid, "the answer is not JSON by its content type");
            Err(Failure { headers: Some(headers), ..failure })
        }
        failed => {
            let mut failure = Failure::from(status_error(operation, status));
            let header = |name: &str| headers.unchecked_ref::<Obj>().header(&name.into()).ok()?.as_string();
            failure.error.retry_after = retry_after(header, Date::now() as u64);
            failure.not_processed = status == 429 || status == 503;
            if failed == Head::JsonFailure
                && let Ok(text) = answer::text(operation, &response, settings.max_response_bytes()).await
            {
                answer::read_failure(&text, &mut failure.error);
            }
            Err(Failure { headers: Some(headers), ..failure })
        }
    }
}

/// [`classify`], which need not see a content type that it has found to be JSON before: a server always sends the same.
fn judge(status: u16, content_type: JsValue) -> Head {
    thread_local! {
        static KNOWN: RefCell<JsValue> = const { RefCell::new(JsValue::UNDEFINED) };
    }
    if KNOWN.with_borrow(|known| *known == content_type) && content_type.is_string() {
        return classify(status, Some("application/json"));
    }
    let text = content_type.as_string();
    if text.as_deref().is_some_and(is_json) {
        KNOWN.set(content_type);
    }
    classify(status, text.as_deref())
}

/// The failure for a `fetch` that threw or was rejected.
fn connection(operation: &Operation, thrown: JsValue, injected: bool) -> Failure {
    let problem = format!("no answer from Authlete ({})", boundary::type_name(&thrown));
    let mut failure = Failure::new(operation, ErrorCode::Connection, &problem);
    failure.not_processed = boundary::never_connected(&thrown);
    failure.cause = (!injected).then_some(thrown);
    failure
}

/// Milliseconds to wait before another attempt, where one can do no harm: codes, refresh tokens and tickets are single-use, so a request
/// that may have been processed is never repeated. A reissue consumes nothing.
fn pause(operation: &Operation, settings: &Settings, failure: &Failure) -> Option<f64> {
    let error = &failure.error;
    match (error.code, error.status) {
        (ErrorCode::HttpStatus, Some(429 | 503)) => {
            error.retry_after.map(|seconds| seconds as f64 * 1000.0).filter(|delay| *delay <= settings.max_delay_ms())
        }
        (ErrorCode::Connection, _) if operation.name == idtoken_reissue::OPERATION.name => Some(RECONNECT_MS),
        _ => None,
    }
}

fn tell(on_event: &JsValue, operation: &Operation, result: &Result<Obj, Failure>, attempt: f64, duration_ms: f64) {
    let event = Obj::new();
    let copy = |from: &Obj, name: &JsString| {
        if let Some(value) = from.find(name) {
            event.set(name, &value);
        }
    };
    key::TYPE.with(|key| event.set(key, &"exchange".into()));
    key::OPERATION.with(|key| event.set(key, &operation.name.into()));
    key::ATTEMPT.with(|key| event.set(key, &attempt.into()));
    key::DURATION_MS.with(|key| event.set(key, &duration_ms.into()));
    match result {
        Ok(answer) => {
            key::STATUS.with(|key| event.set(key, &200.into()));
            key::ACTION.with(|key| copy(answer, key));
            key::RESULT_CODE.with(|key| copy(answer, key));
        }
        Err(failure) => {
            key::CODE.with(|key| event.set(key, &failure.error.code.as_str().into()));
            if let Some(status) = failure.error.status {
                key::STATUS.with(|key| event.set(key, &status.into()));
            }
            if let Some(code) = &failure.error.result_code {
                key::RESULT_CODE.with(|key| event.set(key, &code.into()));
            }
        }
    }
    boundary::tell(on_event, &event);
}
