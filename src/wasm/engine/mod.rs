//! The exports of the embedded engine. `platform` is the engine's store, clock and randomness,
//! `keys` its private keys, `webcrypto` its signatures.
//!
//! Engines are identified by numbers that JavaScript assigns. An instance that replaces a full or
//! trapped one knows none of them: before the first call of an engine there, JavaScript opens the
//! engine with the keys that it has kept.

mod keys;
mod platform;
mod random_pool;
mod webcrypto;

use super::body;
use super::error::authlete_error;
use super::host::{Obj, boundary, key};
use super::operations::direct::{self, Direct};
use super::operations::endpoint::{self, Incoming};
use super::operations::settings::ClientSettings;
use super::task;
use crate::Error;
use crate::api::{TokenRequest, TokenResponse};
use crate::contract::DEFAULT_MAX_REQUEST_BYTES;
use crate::engine::{Boxed, Config, Engine, Unavailable, Unread};
use crate::http::{HttpRequest, HttpResponse};
use gloo_net::http::{Headers, Request, Response};
use js_sys::{Array, JsString};
use keys::Keys;
use platform::{EnginePlatform, JsPlatform};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// Much more than any request to the four APIs needs.
const MAX_REQUEST_BYTES: f64 = 1_048_576.0;

/// An engine, and the platform that it shares with the boundary.
struct Open {
    engine: Engine<EnginePlatform, Keys, EnginePlatform, EnginePlatform>,
    platform: EnginePlatform,
}

thread_local! {
    /// The open engines, by their numbers: one, as a rule, so a list serves them best.
    static ENGINES: RefCell<Vec<(u32, Rc<Open>)>> = const { RefCell::new(Vec::new()) };
}

/// Starts an engine under a number: checks its configuration (JSON text), and imports, loads or
/// generates its signing keys. Resolves to the `keys` for [`engine_open`].
#[wasm_bindgen]
pub fn engine_start(id: usize, number: u32, config: String, platform: JsPlatform) {
    task::start(id, async move {
        let sweep = platform.sweep();
        let platform = EnginePlatform::new(&platform);
        let started = start(number, &config, &platform, sweep).await;
        started.map(JsValue::from).map_err(|error| with_cause(error, &platform))
    });
}

async fn start(
    number: u32,
    config: &str,
    platform: &EnginePlatform,
    sweep: bool,
) -> Result<Array, Error> {
    let config = Config::parse(config)?;
    let keys = Keys::import(&keys::signing_keys(&config, platform).await?, platform).await?;
    let kept = keys.to_js();
    open(number, config, keys, platform, sweep)?;
    Ok(kept)
}

/// Opens, synchronously, an engine that another instance has started.
#[wasm_bindgen]
pub fn engine_open(
    number: u32,
    config: &str,
    platform: &JsPlatform,
    keys: &Array,
) -> Result<(), JsValue> {
    let sweep = platform.sweep();
    let platform = EnginePlatform::new(platform);
    let open = |config| open(number, config, Keys::from_js(keys, &platform)?, &platform, sweep);
    Config::parse(config).and_then(open).map_err(into_js)
}

fn open(
    number: u32,
    config: Config,
    keys: Keys,
    platform: &EnginePlatform,
    sweep: bool,
) -> Result<(), Error> {
    let engine = Engine::new(config, keys.public(), platform.clone(), keys, platform.clone())?;
    let engine = engine.with_fetch(platform.clone());
    let engine = if sweep { engine } else { engine.without_sweep() };
    let open = Open { engine, platform: platform.clone() };
    ENGINES.with_borrow_mut(|engines| engines.push((number, Rc::new(open))));
    Ok(())
}

/// Drops an engine that JavaScript no longer holds.
#[wasm_bindgen]
pub fn engine_close(number: u32) {
    ENGINES.with_borrow_mut(|engines| engines.retain(|(known, _)| *known != number));
}

/// Answers a token request with a `Response`: the whole endpoint, over the engine. The client has
/// a fixed bearer; see [`Incoming`] for the other arguments. The promise is rejected only for
/// unusable options.
#[wasm_bindgen]
pub fn engine_token_endpoint(
    id: usize,
    number: u32,
    client: Obj,
    request: Obj,
    head: String,
    signal: JsValue,
    options: Obj,
) {
    task::start(id, async move {
        let engine = find(number)?;
        let direct = Direct::new(engine, ClientSettings(client));
        endpoint::answer(direct, Incoming { request, head, signal }, options).await
    });
}

impl direct::Engine for Open {
    fn token<'a>(
        &'a self,
        service_id: &'a str,
        authorization: &'a str,
        request: &'a TokenRequest,
    ) -> Boxed<'a, Result<TokenResponse, HttpResponse>> {
        Box::pin(async move {
            self.platform.read_clock("exchange").map_err(|_| self.engine.failed())?;
            self.engine.token(service_id, authorization, request).await
        })
    }

    fn handle<'a>(&'a self, request: &'a HttpRequest) -> Boxed<'a, HttpResponse> {
        Box::pin(async move {
            match self.platform.read_clock("exchange") {
                Ok(()) => self.engine.handle(request).await,
                Err(_) => self.engine.failed(),
            }
        })
    }
}

/// Answers one call of an API without HTTP, with `{ status, body }`: a POST of JSON text to `path`.
#[wasm_bindgen]
pub fn engine_exchange(
    id: usize,
    number: u32,
    path: String,
    authorization: String,
    body: JsString,
) {
    task::start(id, async move {
        let open = find(number)?;
        open.platform.read_clock("exchange").map_err(into_js)?;
        // Looked at before it is copied: a body that is too large must not fill the memory.
        let body = if f64::from(body.length()) > MAX_REQUEST_BYTES {
            None
        } else {
            Some(String::from(body).into_bytes())
                .filter(|body| body.len() as f64 <= MAX_REQUEST_BYTES)
        };
        let HttpResponse { status, body, .. } = match body {
            Some(body) => open.engine.handle(&direct::post(path, authorization, body)).await,
            None => open.engine.refuse_unread(true),
        };
        // All bodies are made of strings.
        Ok(boundary::answer(status, &String::from_utf8(body).unwrap_or_default()))
    });
}

/// Answers one request with a `Response`. `name` is the name of the function in JavaScript: `fetch`
/// for the four APIs, another for an endpoint of the engine.
#[wasm_bindgen]
pub fn engine_fetch(id: usize, number: u32, name: String, request: web_sys::Request) {
    task::start(id, async move {
        let open = find(number)?;
        let engine = &open.engine;
        let is_api = name == "fetch";
        let max = if is_api { MAX_REQUEST_BYTES } else { DEFAULT_MAX_REQUEST_BYTES as f64 };
        let response = match read(request, max).await {
            Ok(request) => {
                open.platform.read_clock(&name).map_err(into_js)?;
                match name.as_str() {
                    "fetch" => engine.handle(&request).await,
                    "handleIntrospectionRequest" => engine.handle_introspection(&request).await,
                    _ => engine.handle_revocation(&request).await,
                }
            }
            Err(unread) if is_api => engine.refuse_unread(matches!(unread, body::Unread::TooLarge)),
            Err(unread) => engine.refuse_unread_form(match unread {
                body::Unread::TooLarge => Unread::TooLarge,
                body::Unread::Unreadable(_) | body::Unread::Interrupted => Unread::BrokenOff,
                body::Unread::Used | body::Unread::NotBytes => Unread::NotThere,
            }),
        };
        web(response).ok_or_else(|| into_js(unavailable("Response: could not be created")))
    });
}

/// Calls one of the engine's other functions, by name. The argument and the result are text: JSON,
/// a form, or a single token or code. Only that of `expire` is an object.
#[wasm_bindgen]
pub fn engine_call(id: usize, number: u32, name: String, argument: String) {
    task::start(id, async move {
        let open = find(number)?;
        open.platform.read_clock(&name).map_err(into_js)?;
        let engine = &open.engine;
        // Of an earlier call that did not tell it.
        drop(open.platform.take_cause());
        if name == "expire" {
            let done = engine.expire().map_err(|error| with_cause(error, &open.platform))?;
            return serde_wasm_bindgen::to_value(&done).map_err(JsValue::from);
        }
        let result = match name.as_str() {
            "issueAuthorizationCode" => engine.issue_authorization_code(&argument),
            "checkAuthorization" => Ok(engine.check_authorization(&argument)),
            "introspect" => engine.introspect(&argument),
            "verifyAccess" => engine.verify_access(&argument).await,
            "revoke" => engine.revoke(&argument).map(|()| String::new()),
            "attestationChallenge" => engine.attestation_challenge(),
            "jwks" => Ok(engine.jwks()),
            _ => Ok(engine.metadata()),
        };
        result.map(JsValue::from).map_err(|error| with_cause(error, &open.platform))
    });
}

fn find(number: u32) -> Result<Rc<Open>, JsValue> {
    let open = ENGINES.with_borrow(|engines| {
        engines.iter().find(|(known, _)| *known == number).map(|(_, open)| open.clone())
    });
    open.ok_or_else(|| into_js(unavailable("the engine is not open in this instance")))
}

/// The request in the form that the engine reads, with a body of no more than `max` bytes.
async fn read(request: web_sys::Request, max: f64) -> Result<HttpRequest, body::Unread> {
    let raw = request.unchecked_ref::<Obj>().clone();
    let request = Request::from(request);
    let headers: Vec<_> = request.headers().entries().collect();
    let body = body::bytes(&raw, max).await?;
    Ok(HttpRequest { method: request.method().to_string(), url: request.url(), headers, body })
}

fn web(response: HttpResponse) -> Option<JsValue> {
    let headers = Headers::new();
    for (name, value) in &response.headers {
        headers.set(name, value);
    }
    let body = String::from_utf8(response.body).ok()?;
    let response = Response::builder()
        .status(response.status)
        .headers(headers)
        // Even an empty text would bring a content type along.
        .body(Some(body.as_str()).filter(|body| !body.is_empty()))
        .ok()?;
    Some(web_sys::Response::from(response).into())
}

/// An error with what the platform threw, if that is why it failed.
fn with_cause(error: Error, platform: &EnginePlatform) -> JsValue {
    let details = Obj::new();
    if let Some(cause) = platform.take_cause().filter(|_| error.status.is_some()) {
        details.set(key::CAUSE, &cause);
    }
    authlete_error(error, &details)
}

fn into_js(error: Error) -> JsValue {
    authlete_error(error, &Obj::new())
}

/// The error for a platform that fails; `problem` says at what.
fn unavailable(problem: &str) -> Error {
    Error { message: problem.to_owned(), ..Unavailable.into() }
}
