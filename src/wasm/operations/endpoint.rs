//! Drives the token endpoint: reads the web `Request`, runs the calls and hooks that `crate::endpoint` asks for, makes the `Response`.

use super::endpoint_values::{answer_from, response_from, settings_from, tell};
use super::failure::Failure;
use super::prepare;
use super::settings::{Call as CallOptions, Settings as ClientSettings};
use super::transport;
use crate::api::{Operation, auth_token, auth_token_fail, auth_token_issue, idtoken_reissue};
use crate::endpoint::{self, Call, Event, Exchange, Hook, Step, TokenCall};
use crate::wasm::error::authlete_error;
use crate::wasm::host::{Obj, boundary, key};
use crate::wasm::{body, task};
use crate::{Error, ErrorCode};
use js_sys::{JsString, Uint8Array};
use wasm_bindgen::prelude::*;

/// Answers one request as the task `id`. `head` is what `js/endpoint.ts` has read of it. The promise is rejected for unusable options only.
#[wasm_bindgen]
pub fn token_endpoint(id: usize, client: Obj, request: Obj, head: Obj, options: Obj) {
    task::start(id, async move {
        let client = ClientSettings(client);
        let driver = Driver { client, request, head, options, first: None, from_hook: JsValue::UNDEFINED };
        driver.run().await.map_err(|error| authlete_error(error, &Obj::new()))
    });
}

struct Driver {
    client: ClientSettings,
    request: Obj,
    /// Method, URL, headers and so on, as plain data.
    head: Obj,
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
        let text = |key: &JsString| self.head.text(key).unwrap_or_default();
        let headers: Obj = key::HEADERS.with(|key| self.head.get(key)).unchecked_into();
        let header = |name: &'static str| headers.header(&name.into()).ok()?.as_string();
        let opened = match endpoint::open(&settings, &key::METHOD.with(text), &key::URL.with(text), &header) {
            Ok(pending) => self.body(pending).await,
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

    async fn body(&self, pending: endpoint::Pending) -> Result<(Exchange, TokenCall), endpoint::Reply> {
        if key::BODY_USED.with(|key| self.head.get(key)).is_truthy() {
            return Err(pending.already_read());
        }
        task::watch(self.signal().as_ref());
        match body::bytes(&self.request, pending.limit() as f64).await {
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
        let given = key::TOKEN_REQUEST.with(|key| self.options.find(key)).unwrap_or_default();
        let (added, asked) = if given.is_function() {
            match self.ask(&given, &self.request, &JsValue::UNDEFINED, &JsValue::UNDEFINED).await {
                Some(added) => (added, true),
                None => return Ok(Event::HookFailed),
            }
        } else {
            (given, false)
        };
        // A wrong value is the hook's failure, or else the configuration's.
        let wrong =
            |problem: &str| if asked { Ok(Event::HookFailed) } else { Err(Error::new(ErrorCode::Config, problem)) };
        let request = match copy_or_new(&added) {
            Some(request) => request,
            None => return wrong("tokenRequest: expected an object"),
        };
        let ours = |key: &JsString| request.find(key).is_some();
        if key::PARAMETERS.with(ours) || key::CLIENT_ID.with(ours) || key::CLIENT_SECRET.with(ours) {
            return wrong("tokenRequest: parameters, clientId and clientSecret come from the request alone");
        }
        let put = |key: &JsString, value: Option<&str>| {
            if let Some(value) = value {
                request.set(key, &value.into());
            }
        };
        key::PARAMETERS.with(|key| put(key, Some(&call.parameters)));
        key::CLIENT_ID.with(|key| put(key, call.client_id.as_deref()));
        key::CLIENT_SECRET.with(|key| put(key, call.client_secret.as_deref()));
        key::DPOP.with(|key| put(key, call.dpop.as_deref()));
        key::HTM.with(|key| put(key, call.htm));
        key::HTU.with(|key| put(key, call.htu.as_deref()));
        key::OAUTH_CLIENT_ATTESTATION.with(|key| put(key, call.oauth_client_attestation.as_deref()));
        key::OAUTH_CLIENT_ATTESTATION_POP.with(|key| put(key, call.oauth_client_attestation_pop.as_deref()));
        let options = CallOptions { signal: self.signal(), ..CallOptions::default() };
        match self.send(&auth_token::OPERATION, &request, &options).await {
            // All that the request brings is a string: what is wrong is what the host added.
            Err(failure) if failure.error.code == ErrorCode::RequestInvalid => {
                wrong(&failure.error.message.replacen("authToken: ", "tokenRequest.", 1))
            }
            result => {
                self.first = result.as_ref().ok().cloned();
                Ok(event_from(result))
            }
        }
    }

    async fn call(&self, call: Call) -> Event {
        let put = |request: &Obj, key: &JsString, value: &str| request.set(key, &value.into());
        let (operation, request) = match call {
            Call::Issue { ticket } => {
                // Made by `issue_request` when the hook gave it.
                let request = Obj::from_value(&self.from_hook).unwrap_or_else(Obj::new);
                key::TICKET.with(|key| put(&request, key, &ticket));
                (&auth_token_issue::OPERATION, request)
            }
            Call::Fail { ticket, reason } => {
                let request = Obj::new();
                key::TICKET.with(|key| put(&request, key, &ticket));
                key::REASON.with(|key| put(&request, key, reason));
                (&auth_token_fail::OPERATION, request)
            }
            Call::Reissue { access_token, refresh_token } => {
                let given = key::REISSUE_ID_TOKEN.with(|key| self.options.get(key));
                // Made by `reissue_request`, or the option's own object.
                let request = if given.is_function() {
                    Obj::from_value(&self.from_hook)
                } else {
                    given.is_object().then(|| boundary::plain(&given).ok()).flatten()
                };
                let request = request.unwrap_or_else(Obj::new);
                key::ACCESS_TOKEN.with(|key| put(&request, key, &access_token));
                key::REFRESH_TOKEN.with(|key| put(&request, key, &refresh_token));
                (&idtoken_reissue::OPERATION, request)
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
        let function = |key: &JsString| self.options.get(key);
        let none = JsValue::UNDEFINED;
        let given = match hook {
            Hook::AuthenticateUser => {
                let (username, password) =
                    (key::USERNAME.with(|key| first.get(key)), key::PASSWORD.with(|key| first.get(key)));
                self.ask(&key::AUTHENTICATE_USER.with(function), &username, &password, &first).await
            }
            Hook::ReissueIdToken => self.ask(&key::REISSUE_ID_TOKEN.with(function), &first, &none, &none).await,
            Hook::TokenExchange => self.ask(&key::TOKEN_EXCHANGE.with(function), &first, &self.request, &none).await,
            Hook::JwtBearer => self.ask(&key::JWT_BEARER.with(function), &first, &self.request, &none).await,
            Hook::NativeSso => self.ask(&key::NATIVE_SSO.with(function), &first, &self.request, &none).await,
            Hook::TokenRequest => None,
        };
        let Some(given) = given else { return Event::HookFailed };
        let (kept, event) = match hook {
            Hook::TokenExchange | Hook::JwtBearer | Hook::NativeSso => {
                (boundary::copy_response(&given).ok().map(JsValue::from), Event::HookResponded)
            }
            _ if given.is_null() => return Event::HookRefused,
            Hook::AuthenticateUser => (issue_request(&given).map(JsValue::from), Event::HookAccepted),
            _ => (reissue_request(&given).map(JsValue::from), Event::HookAccepted),
        };
        match kept {
            Some(kept) => {
                self.from_hook = kept;
                event
            }
            None => Event::HookFailed,
        }
    }

    /// Runs a hook within its time limit; nothing if it threw, hung, or is none.
    async fn ask(&self, hook: &JsValue, a: &JsValue, b: &JsValue, c: &JsValue) -> Option<JsValue> {
        task::watch(None);
        task::deadline(key::HOOK_TIMEOUT_MS.with(|key| self.options.number(key)));
        let promise = boundary::call(hook, a, b, c).ok()?;
        task::wait(&promise).await.ok()
    }

    fn relay(&self, headers: Vec<(String, String)>) -> JsValue {
        // Ours by now: a copy, made by `copy_response`.
        let own: Obj = key::HEADERS.with(|key| self.from_hook.unchecked_ref::<Obj>().get(key)).unchecked_into();
        for (name, value) in headers {
            // Another `vary` says more, it does not say otherwise.
            let result = if name == "vary" { own.append(&name, &value) } else { own.set_header(&name, &value) };
            drop(result);
        }
        self.from_hook.clone()
    }

    fn signal(&self) -> Option<JsValue> {
        key::SIGNAL.with(|key| self.head.find(key))
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

/// A copy of an object; an empty one for `undefined`; nothing for anything else.
fn copy_or_new(value: &JsValue) -> Option<Obj> {
    if value.is_undefined() { Some(Obj::new()) } else { boundary::plain(value).ok() }
}

/// What `authenticateUser` gave, a subject or issue parameters with one, as an issue request; nothing if it can't be one.
fn issue_request(given: &JsValue) -> Option<Obj> {
    let request = if given.is_string() {
        let request = Obj::new();
        key::SUBJECT.with(|key| request.set(key, given));
        request
    } else {
        boundary::plain(given).ok()?
    };
    key::TICKET.with(|key| request.set(key, &"".into()));
    let subject = key::SUBJECT.with(|key| request.text(key))?;
    (!subject.is_empty() && prepare(&auth_token_issue::OPERATION, &request).is_ok()).then_some(request)
}

/// What `reissueIdToken` gave, as a reissue request; nothing if it can't be one.
fn reissue_request(given: &JsValue) -> Option<Obj> {
    let request = boundary::plain(given).ok()?;
    key::ACCESS_TOKEN.with(|key| request.set(key, &"".into()));
    key::REFRESH_TOKEN.with(|key| request.set(key, &"".into()));
    prepare(&idtoken_reissue::OPERATION, &request).is_ok().then_some(request)
}
