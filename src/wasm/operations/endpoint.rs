//! Drives the token endpoint: reads the web `Request`, runs the calls and hooks that `crate::endpoint` asks for, makes the `Response`.

use super::endpoint_values::{answer_from, response_from, settings_from, tell};
use super::failure::Failure;
use super::prepare;
use super::settings::{Call as CallOptions, Settings as ClientSettings};
use super::transport;
use crate::api::{Operation, auth_token, auth_token_fail, auth_token_issue, idtoken_reissue};
use crate::endpoint::{self, Call, Event, Exchange, Hook, Step, TokenCall};
use crate::wasm::host::{Obj, boundary, key};
use crate::wasm::{body, task};
use crate::{Error, ErrorCode};
use js_sys::{JsString, Object, Uint8Array};
use wasm_bindgen::prelude::*;

/// Answers one request as the task `id`. The promise is rejected for unusable options only.
#[wasm_bindgen]
pub fn token_endpoint(id: usize, client: Obj, request: Obj, options: Obj) {
    task::start(id, async move {
        let driver =
            Driver { client: ClientSettings(client), request, options, first: None, from_hook: JsValue::UNDEFINED };
        driver.run().await.map_err(|error| boundary::error(error.code.as_str(), &error.message, &Obj::new()))
    });
}

struct Driver {
    client: ClientSettings,
    request: Obj,
    /// The options of `js/endpoint.ts`, validated there as far as types go.
    options: Obj,
    /// The answer of `/auth/token`, which the hooks get.
    first: Option<Obj>,
    /// What the last hook gave, for the call or the answer that follows.
    from_hook: JsValue,
}

impl Driver {
    async fn run(mut self) -> Result<JsValue, Error> {
        let settings = settings_from(&self.options)?;
        let text = |key: &JsString| self.request.text(key);
        let (Some(method), Some(url)) = (key::METHOD.with(text), key::URL.with(text)) else {
            return Err(Error::new(ErrorCode::Config, "request: expected a Request"));
        };
        let headers = key::HEADERS.with(|key| self.request.find(key)).and_then(|value| Obj::from_value(&value));
        let header = |name: &'static str| headers.as_ref()?.header(&name.into()).ok()?.as_string();
        let opened = match endpoint::open(&settings, &method, &url, &header) {
            Ok(pending) => self.body(pending, headers.as_ref()).await,
            Err(reply) => Err(reply),
        };
        let (exchange, call) = match opened {
            Ok(begun) => begun,
            Err(reply) => {
                tell(&self.options, reply.notice);
                return Ok(response_from(reply.response));
            }
        };
        let event = self.token(call).await?;
        self.rest(exchange, event).await
    }

    async fn body(
        &self,
        pending: endpoint::Pending,
        headers: Option<&Obj>,
    ) -> Result<(Exchange, TokenCall), endpoint::Reply> {
        if key::BODY_USED.with(|key| self.request.find(key)).is_some_and(|used| used.is_truthy()) {
            return Err(pending.already_read());
        }
        task::watch(&self.signal().unwrap_or_default());
        match body::bytes(&self.request, headers, pending.limit() as f64).await {
            Ok(bytes) => pending.body(Uint8Array::new(&bytes).to_vec()),
            Err(body::Unread::TooLarge) => Err(pending.too_large()),
            Err(_) => Err(pending.broken()),
        }
    }

    async fn rest(&mut self, mut exchange: Exchange, mut event: Event) -> Result<JsValue, Error> {
        loop {
            let turn = exchange.resume(event);
            tell(&self.options, turn.notice);
            event = match turn.step {
                Step::Call(call) => self.call(call).await,
                Step::Hook(hook) => self.hook(hook).await,
                Step::Relay { headers } => return Ok(self.relay(headers)),
                Step::Respond(response) => return Ok(response_from(response)),
            };
        }
    }

    /// `/auth/token`: what the request brought, on top of what the host adds.
    async fn token(&mut self, call: TokenCall) -> Result<Event, Error> {
        let fixed = key::TOKEN_REQUEST.with(|key| self.options.find(key)).unwrap_or_default();
        let added = if fixed.is_function() {
            match self.ask(&fixed, &self.request, &JsValue::UNDEFINED, &JsValue::UNDEFINED).await {
                Some(added) => added,
                None => return Ok(Event::HookFailed),
            }
        } else {
            fixed.clone()
        };
        let request = Obj::new();
        if let Some(added) = Obj::from_value(&added) {
            let ours = |key: &JsString| added.find(key).is_some();
            if key::PARAMETERS.with(ours) || key::CLIENT_ID.with(ours) || key::CLIENT_SECRET.with(ours) {
                let error = Error::new(
                    ErrorCode::Config,
                    "tokenRequest: parameters, clientId and clientSecret come from the request alone",
                );
                return if fixed.is_function() { Ok(Event::HookFailed) } else { Err(error) };
            }
            Object::<JsValue>::assign(request.unchecked_ref(), added.unchecked_ref());
        }
        let put = |key: &JsString, value: Option<String>| {
            if let Some(value) = value {
                request.set(key, &value.into());
            }
        };
        key::PARAMETERS.with(|key| put(key, Some(call.parameters)));
        key::CLIENT_ID.with(|key| put(key, call.client_id));
        key::CLIENT_SECRET.with(|key| put(key, call.client_secret));
        key::DPOP.with(|key| put(key, call.dpop));
        key::HTM.with(|key| put(key, call.htm.map(str::to_owned)));
        key::HTU.with(|key| put(key, call.htu));
        key::OAUTH_CLIENT_ATTESTATION.with(|key| put(key, call.oauth_client_attestation));
        key::OAUTH_CLIENT_ATTESTATION_POP.with(|key| put(key, call.oauth_client_attestation_pop));
        let options = CallOptions { signal: self.signal(), ..CallOptions::default() };
        match self.send(&auth_token::OPERATION, &request, &options).await {
            // All that the request brings is a string: what is wrong is what the host added.
            Err(Failure { error, .. }) if error.code == ErrorCode::RequestInvalid => {
                if fixed.is_function() {
                    Ok(Event::HookFailed)
                } else {
                    Err(Error::new(ErrorCode::Config, error.message))
                }
            }
            result => {
                self.first = result.as_ref().ok().cloned();
                Ok(event_from(result))
            }
        }
    }

    async fn call(&self, call: Call) -> Event {
        let (request, given) = (Obj::new(), self.from_hook.clone());
        let put = |key: &JsString, value: &str| request.set(key, &value.into());
        let operation = match call {
            Call::Issue { ticket } => {
                match Obj::from_value(&given) {
                    Some(parameters) => {
                        drop(Object::<JsValue>::assign(request.unchecked_ref(), parameters.unchecked_ref()))
                    }
                    None => key::SUBJECT.with(|key| request.set(key, &given)),
                }
                key::TICKET.with(|key| put(key, &ticket));
                &auth_token_issue::OPERATION
            }
            Call::Fail { ticket, reason } => {
                key::TICKET.with(|key| put(key, &ticket));
                key::REASON.with(|key| put(key, reason));
                &auth_token_fail::OPERATION
            }
            Call::Reissue { access_token, refresh_token } => {
                let fixed = key::REISSUE_ID_TOKEN.with(|key| self.options.find(key)).unwrap_or_default();
                if let Some(parameters) = Obj::from_value(if fixed.is_function() { &given } else { &fixed }) {
                    Object::<JsValue>::assign(request.unchecked_ref(), parameters.unchecked_ref());
                }
                key::ACCESS_TOKEN.with(|key| put(key, &access_token));
                key::REFRESH_TOKEN.with(|key| put(key, &refresh_token));
                &idtoken_reissue::OPERATION
            }
        };
        // From here on the client's leaving ends nothing: the tokens it asked for may exist already.
        event_from(self.send(operation, &request, &CallOptions::default()).await)
    }

    async fn send(&self, operation: &'static Operation, request: &Obj, options: &CallOptions) -> Result<Obj, Failure> {
        let body = prepare(operation, request)?;
        transport::send(operation, &self.client, options, &body).await
    }

    async fn hook(&mut self, hook: Hook) -> Event {
        let Some(first) = self.first.clone() else { return Event::HookFailed };
        let function = |key: &JsString| self.options.find(key).unwrap_or_default();
        let none = JsValue::UNDEFINED;
        let given = match hook {
            Hook::AuthenticateUser => {
                let member = |key: &JsString| first.find(key).unwrap_or_default();
                let (username, password) = (key::USERNAME.with(member), key::PASSWORD.with(member));
                self.ask(&key::AUTHENTICATE_USER.with(function), &username, &password, &first).await
            }
            Hook::ReissueIdToken => self.ask(&key::REISSUE_ID_TOKEN.with(function), &first, &none, &none).await,
            Hook::TokenExchange => self.ask(&key::TOKEN_EXCHANGE.with(function), &first, &self.request, &none).await,
            Hook::JwtBearer => self.ask(&key::JWT_BEARER.with(function), &first, &self.request, &none).await,
            Hook::NativeSso => self.ask(&key::NATIVE_SSO.with(function), &first, &self.request, &none).await,
            Hook::TokenRequest => None,
        };
        let Some(given) = given else { return Event::HookFailed };
        let usable = match hook {
            Hook::TokenExchange | Hook::JwtBearer | Hook::NativeSso => {
                return match super::endpoint_values::copy_of(&given) {
                    Some(response) => {
                        self.from_hook = response;
                        Event::HookResponded
                    }
                    None => Event::HookFailed,
                };
            }
            _ if given.is_null() => return Event::HookRefused,
            Hook::AuthenticateUser => usable_user(&given),
            _ => prepare_reissue(&given),
        };
        self.from_hook = given;
        if usable { Event::HookAccepted } else { Event::HookFailed }
    }

    /// Runs a hook within its time limit; nothing if it threw, hung, or is none.
    async fn ask(&self, hook: &JsValue, a: &JsValue, b: &JsValue, c: &JsValue) -> Option<JsValue> {
        task::watch(&JsValue::UNDEFINED);
        task::deadline(key::HOOK_TIMEOUT_MS.with(|key| self.options.find(key))?.as_f64()?);
        let promise = boundary::call(hook, a, b, c).ok()?;
        task::wait(&promise).await.ok()
    }

    fn relay(&self, headers: Vec<(String, String)>) -> JsValue {
        let response: Obj = self.from_hook.clone().unchecked_into();
        if let Some(own) = key::HEADERS.with(|key| response.find(key)).and_then(|value| Obj::from_value(&value)) {
            for (name, value) in headers {
                // Another `vary` says more, it does not say otherwise.
                let result = if name == "vary" { own.append(&name, &value) } else { own.set_header(&name, &value) };
                drop(result);
            }
        }
        response.into()
    }

    fn signal(&self) -> Option<JsValue> {
        key::SIGNAL.with(|key| self.request.find(key))
    }
}

fn event_from(result: Result<Obj, Failure>) -> Event {
    match result {
        Ok(answer) => Event::Answer(answer_from(&answer)),
        Err(failure) => Event::CallFailed(endpoint::Failure {
            code: failure.error.code,
            status: failure.error.status,
            retry_after: failure.error.retry_after,
            not_processed: failure.not_processed,
        }),
    }
}

/// A subject, or issue parameters with one.
fn usable_user(given: &JsValue) -> bool {
    let subject = match Obj::from_value(given) {
        Some(parameters) => {
            let request = Obj::new();
            Object::<JsValue>::assign(request.unchecked_ref(), parameters.unchecked_ref());
            key::TICKET.with(|key| request.set(key, &"".into()));
            if prepare(&auth_token_issue::OPERATION, &request).is_err() {
                return false;
            }
            key::SUBJECT.with(|key| parameters.text(key))
        }
        None => given.as_string(),
    };
    subject.is_some_and(|subject| !subject.is_empty())
}

fn prepare_reissue(given: &JsValue) -> bool {
    let Some(parameters) = Obj::from_value(given) else { return false };
    let request = Obj::new();
    Object::<JsValue>::assign(request.unchecked_ref(), parameters.unchecked_ref());
    key::ACCESS_TOKEN.with(|key| request.set(key, &"".into()));
    key::REFRESH_TOKEN.with(|key| request.set(key, &"".into()));
    prepare(&idtoken_reissue::OPERATION, &request).is_ok()
}
