//! The values of the token endpoint on their way across: options in, answers in, responses and events out.

use crate::endpoint::{Answer, Cors, Hook, Hooks, Notice, Operation, Reissue, ReissueFailure, Settings};
use crate::http::HttpResponse;
use crate::wasm::host::{Obj, boundary, key, parse_json};
use crate::{Error, ErrorCode};
use js_sys::{Array, JsString};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = Response)]
    type WebResponse;
    #[wasm_bindgen(constructor, js_class = "Response", catch)]
    fn new(body: &JsValue, init: &Obj) -> Result<WebResponse, JsValue>;
}

/// The endpoint's options.
pub(super) fn settings_from(options: &Obj) -> Result<Settings, Error> {
    let function = |key: &JsString| options.find(key).is_some_and(|value| value.is_function());
    let cors = key::CORS.with(|key| options.get(key));
    let reissue = key::REISSUE_ID_TOKEN.with(|key| options.find(key)).unwrap_or_default();
    let settings = Settings {
        realm: key::REALM.with(|key| options.text(key)).unwrap_or_default(),
        token_endpoint: key::TOKEN_ENDPOINT.with(|key| options.text(key)),
        cors: if Array::is_array(&cors) {
            Cors::List(cors.unchecked_ref::<Array>().iter().filter_map(|origin| origin.as_string()).collect())
        } else if cors.is_falsy() {
            Cors::Off
        } else {
            Cors::Any
        },
        max_request_bytes: key::MAX_REQUEST_BYTES.with(|key| options.number(key)) as usize,
        allow_insecure_requests: key::ALLOW_INSECURE_REQUESTS
            .with(|key| options.find(key))
            .is_some_and(|value| value.is_truthy()),
        reissue_id_token: match reissue.as_bool() {
            Some(false) => Reissue::Off,
            _ if reissue.is_function() => Reissue::Ask,
            _ => Reissue::On,
        },
        hooks: Hooks {
            authenticate_user: key::AUTHENTICATE_USER.with(function),
            token_exchange: key::TOKEN_EXCHANGE.with(function),
            jwt_bearer: key::JWT_BEARER.with(function),
            native_sso: key::NATIVE_SSO.with(function),
        },
    };
    settings.check().map(|()| settings)
}

/// What the endpoint reads of an answer.
pub(super) fn answer_from(answer: &Obj) -> Answer {
    let text = |key: &JsString| answer.text(key);
    let response_content = key::RESPONSE_CONTENT.with(|key| answer.find(key));
    Answer {
        action: key::ACTION.with(text).unwrap_or_default(),
        response_content: response_content.filter(is_json_object).and_then(|content| content.as_string()),
        ticket: key::TICKET.with(text),
        has_user_credentials: key::USERNAME.with(text).is_some() && key::PASSWORD.with(text).is_some(),
        access_token: key::ACCESS_TOKEN.with(text),
        jwt_access_token: key::JWT_ACCESS_TOKEN.with(text),
        refresh_token: key::REFRESH_TOKEN.with(text),
        dpop_nonce: key::DPOP_NONCE.with(text),
        attestation_challenge: key::ATTESTATION_CHALLENGE.with(text),
    }
}

fn is_json_object(content: &JsValue) -> bool {
    content.is_string()
        && parse_json(content.unchecked_ref()).is_ok_and(|value| value.is_object() && !Array::is_array(&value))
}

/// The web `Response`.
pub(super) fn response_from(response: HttpResponse) -> JsValue {
    let headers = Obj::new();
    for (name, value) in &response.headers {
        headers.set(&name.as_str().into(), &value.as_str().into());
    }
    let init = Obj::new();
    key::STATUS.with(|key| init.set(key, &response.status.into()));
    key::HEADERS.with(|key| init.set(key, &headers));
    // All bodies are made of strings.
    let body = String::from_utf8(response.body).unwrap_or_default();
    let body = if body.is_empty() { JsValue::NULL } else { body.into() };
    WebResponse::new(&body, &init).map_or(JsValue::UNDEFINED, JsValue::from)
}

/// Tells `onEvent` of a notice.
pub(super) fn tell(options: &Obj, notice: Option<Notice>) {
    let (Some(notice), Some(on_event)) = (notice, key::ON_EVENT.with(|key| options.find(key))) else { return };
    let event = Obj::new();
    let put = |key: &JsString, value: JsValue| event.set(key, &value);
    let put_type = |value: &str| key::TYPE.with(|key| put(key, value.into()));
    let put_code = |code: ErrorCode, status: Option<u16>| {
        key::CODE.with(|key| put(key, code.as_str().into()));
        if let Some(status) = status {
            key::STATUS.with(|key| put(key, status.into()));
        }
    };
    match notice {
        Notice::Refused { status, error } => {
            put_type("refused");
            key::STATUS.with(|key| put(key, status.into()));
            key::ERROR.with(|key| put(key, error.into()));
        }
        Notice::HookFailed { hook } => {
            put_type("hook_failed");
            key::HOOK.with(|key| put(key, hook_name(hook).into()));
        }
        Notice::ReissueFailed { why } => {
            put_type("reissue_failed");
            let reason = match why {
                ReissueFailure::Declined => "declined",
                ReissueFailure::HookFailed => "hook_failed",
                ReissueFailure::InternalServerError => "INTERNAL_SERVER_ERROR",
                ReissueFailure::CallerError => "CALLER_ERROR",
                ReissueFailure::Upstream { code, status } => {
                    put_code(code, status);
                    "upstream_failed"
                }
            };
            key::REASON.with(|key| put(key, reason.into()));
        }
        Notice::UpstreamFailed { operation, code, status } => {
            put_type("upstream_failed");
            key::OPERATION.with(|key| put(key, operation_name(operation).into()));
            put_code(code, status);
        }
    }
    boundary::tell(&on_event, &event);
}

fn hook_name(hook: Hook) -> &'static str {
    match hook {
        Hook::TokenRequest => "tokenRequest",
        Hook::AuthenticateUser => "authenticateUser",
        Hook::TokenExchange => "tokenExchange",
        Hook::JwtBearer => "jwtBearer",
        Hook::NativeSso => "nativeSso",
        Hook::ReissueIdToken => "reissueIdToken",
    }
}

fn operation_name(operation: Operation) -> &'static str {
    use crate::api::{auth_token, auth_token_fail, auth_token_issue, idtoken_reissue};
    match operation {
        Operation::Token => auth_token::OPERATION.name,
        Operation::Issue => auth_token_issue::OPERATION.name,
        Operation::Fail => auth_token_fail::OPERATION.name,
        Operation::Reissue => idtoken_reissue::OPERATION.name,
    }
}
