//! The calls of a token request to the engine in this instance: no HTTP, and for `/auth/token`, the
//! one that nearly every request ends with, no JSON either.

use super::answer;
use super::endpoint::Driver;
use super::exchange_event::Exchanged;
use super::failure::OperationFailure;
use super::settings::{CallOptions, ClientSettings};
use super::upstream::Upstream;
use crate::api::common::status_error;
use crate::api::{Operation, TokenRequest, TokenResponse, TokenResponseAction, auth_token};
use crate::contract::members::client_settings as member;
use crate::endpoint::{ApiAnswer, StepResult, TokenCall};
use crate::engine::Boxed;
use crate::http::{HttpRequest, HttpResponse};
use crate::wasm::host::{Key, Obj, boundary};
use crate::wasm::wait::{self, Broken, Wait};
use crate::{Error, ErrorCode};
use js_sys::{Date, JsString};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;
use wasm_bindgen::prelude::*;

/// The engine in this instance.
pub(in crate::wasm) trait Engine {
    /// Answers `/auth/token`, or with the HTTP error that the call would get.
    fn token<'a>(
        &'a self,
        service_id: &'a str,
        authorization: &'a str,
        request: &'a TokenRequest,
    ) -> Boxed<'a, Result<TokenResponse, HttpResponse>>;

    /// Answers any of the operations.
    fn handle<'a>(&'a self, request: &'a HttpRequest) -> Boxed<'a, HttpResponse>;
}

/// The engine, and how its client reaches it.
pub(in crate::wasm) struct Direct {
    engine: Rc<dyn Engine>,
    client: ClientSettings,
    service_id: String,
    /// The `Authorization` header.
    authorization: String,
    /// The request to `/auth/token`, and the answer to it.
    sent: TokenRequest,
    first: Option<TokenResponse>,
}

impl Direct {
    /// For a client whose bearer is a fixed string.
    pub(in crate::wasm) fn new(engine: Rc<dyn Engine>, client: ClientSettings) -> Direct {
        let text = |key: Key| client.0.text(key).unwrap_or_default();
        // The client's paths begin with it.
        let prefix = text(member::PREFIX);
        let service_id = prefix.strip_prefix("/api/").unwrap_or_default().to_owned();
        let authorization = text(member::AUTHORIZATION);
        let (sent, first) = (TokenRequest::default(), None);
        Direct { engine, client, service_id, authorization, sent, first }
    }

    /// Tells `onEvent` of an exchange, if there is one.
    fn tell(
        &self,
        on_event: Option<&JsValue>,
        operation: &Operation,
        ended: &Exchanged,
        started: f64,
    ) {
        if let Some(on_event) = on_event {
            ended.tell(on_event, operation, 1.0, started);
        }
    }
}

impl Upstream for Direct {
    async fn token(driver: &mut Driver<Self>, call: TokenCall) -> Result<StepResult, Error> {
        let operation = &auth_token::OPERATION;
        if driver.gone {
            // As over HTTP: nothing is sent, so that nothing is used up for a client that has left.
            let failed = Err(ended(operation, Broken::Aborted));
            return Ok(driver.result_from(operation, failed, answer_from).0);
        }
        let options = driver.abortable();
        driver.upstream.sent = request_from(call);
        let direct = &driver.upstream;
        let on_event = driver.on_event.as_ref();
        let started = on_event.map_or(0.0, |_| Date::now());
        let answer = direct.engine.token(&direct.service_id, &direct.authorization, &direct.sent);
        let result = match limited(answer, &direct.client, &options).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(refused)) => Err(failure(operation, refused)),
            Err(broken) => Err(ended(operation, broken)),
        };
        let exchanged = result.as_ref().map_or_else(Exchanged::Failed, Exchanged::Typed);
        direct.tell(on_event, operation, &exchanged, started);
        let (result, answer) = driver.result_from(operation, result, answer_from);
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
        let path = ["/api/", &self.service_id, operation.path].concat();
        let body = String::from(request).into_bytes();
        let request = post(path, self.authorization.clone(), body);
        let started = on_event.map_or(0.0, |_| Date::now());
        let result = match limited(self.engine.handle(&request), &self.client, call).await {
            Ok(response) if response.status == 200 => {
                answer::read(operation, &JsString::from(text(response.body)))
            }
            Ok(response) => Err(failure(operation, response)),
            Err(broken) => Err(ended(operation, broken)),
        };
        let exchanged = result.as_ref().map_or_else(Exchanged::Failed, Exchanged::Parsed);
        self.tell(on_event, operation, &exchanged, started);
        result
    }

    fn parameters(&self) -> JsValue {
        self.sent.parameters.as_str().into()
    }

    fn first(&self) -> Option<Obj> {
        let text = serde_json::to_string(self.first.as_ref()?).ok()?;
        answer::read(&auth_token::OPERATION, &JsString::from(text)).ok()
    }
}

/// An empty value counts as left out (RFC 6749 §3.2), as in a request in JSON; what proves
/// something is never empty here.
fn request_from(call: TokenCall) -> TokenRequest {
    let filled = |value: Option<String>| value.filter(|value| !value.is_empty());
    TokenRequest {
        parameters: call.parameters,
        client_id: filled(call.client_id),
        client_secret: filled(call.client_secret),
        client_certificate: call.client_certificate,
        client_certificate_path: Some(call.client_certificate_path).filter(|path| !path.is_empty()),
        dpop: call.dpop,
        htm: call.htm.map(Into::into),
        htu: filled(call.htu),
        oauth_client_attestation: call.oauth_client_attestation,
        oauth_client_attestation_pop: call.oauth_client_attestation_pop,
        ..TokenRequest::default()
    }
}

/// What the endpoint reads of an answer. The engine's content is always a JSON object.
fn answer_from(answer: &TokenResponse) -> ApiAnswer {
    ApiAnswer {
        action: answer.action.as_ref().map_or("", TokenResponseAction::as_str).to_owned(),
        response_content: answer.response_content.clone(),
        has_user_credentials: answer.username.is_some() && answer.password.is_some(),
        ticket: answer.ticket.clone(),
        access_token: answer.access_token.clone(),
        jwt_access_token: answer.jwt_access_token.clone(),
        refresh_token: answer.refresh_token.clone(),
        dpop_nonce: answer.dpop_nonce.clone(),
        attestation_challenge: answer.attestation_challenge.clone(),
    }
}

/// The HTTP request that a call without HTTP stands for: a POST of JSON text.
pub(in crate::wasm) fn post(path: String, authorization: String, body: Vec<u8>) -> HttpRequest {
    let headers = [("authorization", authorization), ("content-type", "application/json".into())];
    let headers = headers.map(|(name, value)| (name.to_owned(), value)).into();
    HttpRequest { method: "POST".into(), url: path, headers, body }
}

/// Runs a future within the call's deadline. Most are ready at once and need no timer.
async fn limited<T>(
    future: impl Future<Output = T>,
    settings: &ClientSettings,
    call: &CallOptions,
) -> Result<T, Broken> {
    let mut future = pin!(future);
    let mut end: Option<Wait> = None;
    poll_fn(|context| {
        if let Poll::Ready(done) = future.as_mut().poll(context) {
            return Poll::Ready(Ok(done));
        }
        if end.is_none() && wait::limit(settings.timeout_ms(), call.signal.as_ref()) {
            return Poll::Ready(Err(Broken::Aborted));
        }
        // Nothing resumes this wait but its end.
        match Pin::new(end.get_or_insert_with(Wait::begin)).poll(context) {
            Poll::Ready(Err(broken)) => Poll::Ready(Err(broken)),
            _ => Poll::Pending,
        }
    })
    .await
}

fn ended(operation: &Operation, broken: Broken) -> OperationFailure {
    OperationFailure::broken(operation, broken, |_| {
        OperationFailure::new(operation, ErrorCode::Connection, "the engine did not answer")
    })
}

fn failure(operation: &Operation, response: HttpResponse) -> OperationFailure {
    let mut failure = OperationFailure::from(status_error(operation, response.status));
    let body = boundary::parse(&JsString::from(text(response.body)));
    answer::read_failure(&body, &mut failure.error);
    failure
}

/// All bodies of the engine are made of strings.
fn text(body: Vec<u8>) -> String {
    String::from_utf8(body).unwrap_or_default()
}
