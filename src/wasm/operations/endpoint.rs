//! Drives the token endpoint: reads the web `Request`, runs the calls and hooks that `crate::endpoint` asks for, makes the `Response`.

use super::endpoint_values::{answer_from, lines, reissue_request, response_from, settings_from, tell};
use super::failure::Failure;
use super::prepare;
use super::settings::{Call as CallOptions, Settings as ClientSettings};
use super::transport;
use crate::api::{Operation, auth_token, auth_token_fail, auth_token_issue, idtoken_reissue};
use crate::endpoint::{self, Call, Event, Exchange, Hook, Step, TokenCall};
use crate::prelude::*;
use crate::wasm::body;
use crate::wasm::error::authlete_error;
use crate::wasm::host::{Key, Obj, boundary, key};
use crate::wasm::task::{self, Wait};
use crate::{Error, ErrorCode};
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
        let text = |key: Key| self.head.text(key).unwrap_or_default();
        let headers: Obj = self.head.get(key::HEADERS).unchecked_into();
        let header = |name: &'static str| header(&headers, name);
        let opened = match endpoint::open(&settings, &text(key::METHOD), &text(key::URL), &header) {
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
        if self.head.get(key::BODY_USED).is_truthy() {
            return Err(pending.already_read());
        }
        task::limit(0.0, self.signal().as_ref());
        match body::bytes(&self.request, pending.limit() as f64).await {
            Ok(bytes) => pending.body(bytes),
            Err(body::Unread::TooLarge) => Err(pending.too_large()),
            Err(body::Unread::Used) => Err(pending.already_read()),
            Err(body::Unread::NotBytes) => Err(pending.not_bytes()),
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
        let given = self.options.find(key::TOKEN_REQUEST).unwrap_or_default();
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
        let ours = |key: Key| request.find(key).is_some();
        if ours(key::PARAMETERS) || ours(key::CLIENT_ID) || ours(key::CLIENT_SECRET) {
            return wrong("tokenRequest: parameters, clientId and clientSecret come from the request alone");
        }
        let put = |key: Key, value: Option<&str>| {
            if let Some(value) = value {
                request.set_text(key, value);
            }
        };
        put(key::PARAMETERS, Some(&call.parameters));
        put(key::CLIENT_ID, call.client_id.as_deref());
        put(key::CLIENT_SECRET, call.client_secret.as_deref());
        put(key::DPOP, call.dpop.as_deref());
        put(key::HTM, call.htm);
        put(key::HTU, call.htu.as_deref());
        put(key::OAUTH_CLIENT_ATTESTATION, call.oauth_client_attestation.as_deref());
        put(key::OAUTH_CLIENT_ATTESTATION_POP, call.oauth_client_attestation_pop.as_deref());
        // What JavaScript has by now need not be held here while Authlete answers.
        drop(call);
        let options = CallOptions { signal: self.signal(), ..CallOptions::default() };
        match self.send(&auth_token::OPERATION, &request, &options).await {
            // All that the request brings is a string: what is wrong is what the host added.
            Err(failure) if failure.error.code == ErrorCode::RequestInvalid => {
                let problem = failure.error.message.strip_prefix("authToken: ").unwrap_or_default();
                wrong(&["tokenRequest.", problem].concat())
            }
            result => {
                self.first = result.as_ref().ok().cloned();
                Ok(event_from(result))
            }
        }
    }

    async fn call(&self, call: Call) -> Event {
        let (operation, request) = match call {
            Call::Issue { ticket } => {
                // Made by `issue_request` when the hook gave it.
                let request = Obj::from_value(&self.from_hook).unwrap_or_else(Obj::new);
                request.set_text(key::TICKET, &ticket);
                (&auth_token_issue::OPERATION, request)
            }
            Call::Fail { ticket, reason } => {
                let request = Obj::new();
                request.set_text(key::TICKET, &ticket);
                request.set_text(key::REASON, reason);
                (&auth_token_fail::OPERATION, request)
            }
            Call::Reissue { access_token, refresh_token } => {
                let given = self.options.get(key::REISSUE_ID_TOKEN);
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
        // From here on the client's leaving ends nothing: the tokens it asked for may exist already.
        event_from(self.send(operation, &request, &CallOptions::default()).await)
    }

    async fn send(&self, operation: &'static Operation, request: &Obj, options: &CallOptions) -> Result<Obj, Failure> {
        let body = prepare(operation, request)?;
        transport::send(operation, &self.client, options, &body).await
    }

    async fn hook(&mut self, hook: Hook) -> Event {
        let Some(first) = self.first.clone() else { return Event::HookFailed };
        let function = |key: Key| self.options.get(key);
        let none = JsValue::UNDEFINED;
        let given = match hook {
            Hook::AuthenticateUser => {
                let (username, password) = (first.get(key::USERNAME), first.get(key::PASSWORD));
                self.ask(&function(key::AUTHENTICATE_USER), &username, &password, &first).await
            }
            Hook::ReissueIdToken => self.ask(&function(key::REISSUE_ID_TOKEN), &first, &none, &none).await,
            Hook::TokenExchange => self.ask(&function(key::TOKEN_EXCHANGE), &first, &self.request, &none).await,
            Hook::JwtBearer => self.ask(&function(key::JWT_BEARER), &first, &self.request, &none).await,
            Hook::NativeSso => self.ask(&function(key::NATIVE_SSO), &first, &self.request, &none).await,
            Hook::TokenRequest => None,
        };
        let Some(given) = given else { return Event::HookFailed };
        let (kept, event) = match hook {
            Hook::TokenExchange | Hook::JwtBearer | Hook::NativeSso => {
                (boundary::copy_response(&given).map(JsValue::from), Event::HookResponded)
            }
            _ if given.is_null() => return Event::HookRefused,
            Hook::AuthenticateUser => (issue_request(&given).map(JsValue::from), Event::HookAccepted),
            _ => (reissue_request(&given).ok().map(JsValue::from), Event::HookAccepted),
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
        task::limit(self.options.number(key::HOOK_TIMEOUT_MS), None);
        let wait = Wait::begin();
        boundary::ask(wait.task, wait.number, hook, a, b, c);
        wait.await.ok()
    }

    fn relay(&self, headers: Vec<(String, String)>) -> JsValue {
        // Ours by now: a copy, made by `copy_response`.
        boundary::set_headers(self.from_hook.unchecked_ref(), &lines(&headers));
        self.from_hook.clone()
    }

    fn signal(&self) -> Option<JsValue> {
        self.head.find(key::SIGNAL)
    }
}

/// A header that the endpoint asks for.
fn header(headers: &Obj, name: &str) -> Option<String> {
    // By number: each name would be a text to decode.
    const KEYS: [(&str, Key); 9] = [
        ("content-type", key::CONTENT_TYPE),
        ("content-length", key::CONTENT_LENGTH),
        ("authorization", key::AUTHORIZATION),
        ("dpop", key::DPOP),
        ("oauth-client-attestation", key::OAUTH_CLIENT_ATTESTATION_HEADER),
        ("oauth-client-attestation-pop", key::OAUTH_CLIENT_ATTESTATION_POP_HEADER),
        ("origin", key::ORIGIN),
        ("sec-fetch-site", key::SEC_FETCH_SITE),
        ("access-control-request-method", key::ACCESS_CONTROL_REQUEST_METHOD),
    ];
    match KEYS.iter().find(|(known, _)| *known == name) {
        Some((_, key)) => boundary::keyed_header(headers, key.0),
        None => boundary::header(headers, name),
    }
}

fn event_from(result: Result<Obj, Failure>) -> Event {
    match result {
        Ok(answer) => Event::Answer(answer_from(&answer)),
        Err(failure) => Event::CallFailed(endpoint::Failure {
            // A `fetch` that is broken is so the next time, too.
            code: if failure.no_error { ErrorCode::ResponseInvalid } else { failure.error.code },
            status: failure.error.status,
            retry_after: failure.error.retry_after,
        }),
    }
}

/// A copy of an object; an empty one for `undefined`; nothing for anything else.
fn copy_or_new(value: &JsValue) -> Option<Obj> {
    if value.is_undefined() { Some(Obj::new()) } else { boundary::plain(value) }
}

/// What `authenticateUser` gave, a subject or issue parameters with one, as an issue request; nothing if it can't be one.
fn issue_request(given: &JsValue) -> Option<Obj> {
    let request = if given.is_string() {
        let request = Obj::new();
        request.set(key::SUBJECT, given);
        request
    } else {
        boundary::plain(given)?
    };
    request.set_text(key::TICKET, "");
    let subject = request.text(key::SUBJECT)?;
    (!subject.is_empty() && prepare(&auth_token_issue::OPERATION, &request).is_ok()).then_some(request)
}
