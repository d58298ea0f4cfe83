//! Converts the values of the token endpoint that cross the boundary: options and answers come in,
//! responses go out.

use super::check::Violation;
use super::prepare;
use crate::api::idtoken_reissue;
use crate::contract::flag;
use crate::contract::members::endpoint_options as option;
use crate::endpoint::{ApiAnswer, Cors, EndpointSettings, Hooks, Reissue};
use crate::http::HttpResponse;
use crate::prelude::*;
use crate::wasm::host::{Key, Obj, boundary, key};
use crate::wasm::local::Local;
use crate::{Error, ErrorCode};
use core::cell::LazyCell;
use js_sys::{Array, JsString};
use wasm_bindgen::prelude::*;

/// The endpoint's options.
pub(super) fn settings_from(options: &Obj) -> Result<EndpointSettings, Error> {
    let flags = options.number(option::FLAGS) as u32;
    let is = |flag: u32| flags & flag != 0;
    let defaults = EndpointSettings::default();
    let settings = EndpointSettings {
        realm: options.text(option::REALM).unwrap_or(defaults.realm),
        token_endpoint: options.text(option::TOKEN_ENDPOINT),
        cors: if is(flag::CORS_LIST) {
            let origins: Array = options.get(option::CORS).unchecked_into();
            Cors::List(origins.iter().filter_map(|origin| origin.as_string()).collect())
        } else if is(flag::CORS) {
            Cors::Any
        } else {
            Cors::Off
        },
        max_request_bytes: options.number(option::MAX_REQUEST_BYTES) as usize,
        allow_insecure_requests: is(flag::INSECURE),
        reissue_id_token: if is(flag::ASK_FOR_REISSUE) {
            Reissue::Ask
        } else if is(flag::REISSUE) {
            Reissue::On
        } else {
            Reissue::Off
        },
        hooks: Hooks {
            authenticate_user: is(flag::AUTHENTICATE_USER),
            token_exchange: is(flag::TOKEN_EXCHANGE),
            jwt_bearer: is(flag::JWT_BEARER),
            native_sso: is(flag::NATIVE_SSO),
        },
    };
    if is(flag::REISSUE_OPTIONS) {
        reissue_request(&options.get(option::REISSUE_ID_TOKEN)).map_err(|problem| {
            Error::new(ErrorCode::Config, problem.under("reissueIdToken").sentence())
        })?;
    }
    settings.check().map(|()| settings)
}

/// Reissue options as a request whose tokens are still to be put in, or what is wrong with them.
pub(super) fn reissue_request(given: &JsValue) -> Result<Obj, Violation> {
    if !given.is_object() {
        return Err(Violation::here("expected an object or null"));
    }
    let request = boundary::plain(given).ok_or(Violation::here("could not be read"))?;
    for (key, name) in [(key::ACCESS_TOKEN, "accessToken"), (key::REFRESH_TOKEN, "refreshToken")] {
        if request.find(key).is_some() {
            return Err(
                Violation::here("must not be set: it comes from Authlete's answer").under(name)
            );
        }
        request.set_text(key, "");
    }
    prepare(&idtoken_reissue::OPERATION, &request).map(|_| request)
}

/// The strings that the endpoint reads of an answer, in the order of [`answer_from`].
static READ: Local<LazyCell<Array>> = Local::new(LazyCell::new(|| {
    let names = [
        "username",
        "password",
        "ticket",
        "accessToken",
        "jwtAccessToken",
        "refreshToken",
        "dpopNonce",
        "attestationChallenge",
    ];
    names.into_iter().map(JsString::from).collect()
}));

/// What the endpoint reads of an answer.
pub(super) fn answer_from(answer: &Obj) -> ApiAnswer {
    // Most answers have few of them: one crossing says which.
    let kinds = boundary::kinds(answer, &READ) as u64;
    let is_text = |index: u32| kinds >> (2 * index) & 3 == 1;
    let text = |index: u32, key: Key| if is_text(index) { answer.text(key) } else { None };
    ApiAnswer {
        action: answer.text(key::ACTION).unwrap_or_default(),
        response_content: boundary::content(answer, key::RESPONSE_CONTENT.0),
        has_user_credentials: is_text(0) && is_text(1),
        ticket: text(2, key::TICKET),
        access_token: text(3, key::ACCESS_TOKEN),
        jwt_access_token: text(4, key::JWT_ACCESS_TOKEN),
        refresh_token: text(5, key::REFRESH_TOKEN),
        dpop_nonce: text(6, key::DPOP_NONCE),
        attestation_challenge: text(7, key::ATTESTATION_CHALLENGE),
    }
}

/// The answer, as the parts that `js/endpoint.ts` makes a `Response` of.
pub(super) fn response_from(response: HttpResponse) -> JsValue {
    let mut text = lines(&response.headers);
    let length = text.len();
    // All bodies are made of strings.
    text.push_str(&String::from_utf8(response.body).unwrap_or_default());
    boundary::respond(response.status, length, &text)
}

/// Header names and values, one per line: none of them contains a line break.
pub(super) fn lines(headers: &[(String, String)]) -> String {
    let mut lines = String::with_capacity(512);
    for (name, value) in headers {
        for line in [name, value] {
            lines.push_str(line);
            lines.push('\n');
        }
    }
    lines
}
