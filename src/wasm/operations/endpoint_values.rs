//! The values of the token endpoint on their way across: options in, answers in, responses and events out.

use crate::endpoint::{Answer, Cors, Hook, Hooks, Notice, Operation, Reissue, ReissueFailure, Settings};
use crate::http::HttpResponse;
use crate::prelude::*;
use crate::wasm::host::{Key, Obj, boundary, key};
use crate::{Error, ErrorCode};
use js_sys::Array;
use wasm_bindgen::prelude::*;

/// The endpoint's options.
pub(super) fn settings_from(options: &Obj) -> Result<Settings, Error> {
    let function = |key: Key| options.find(key).is_some_and(|value| value.is_function());
    let cors = options.get(key::CORS);
    let reissue = options.find(key::REISSUE_ID_TOKEN).unwrap_or_default();
    let settings = Settings {
        realm: options.text(key::REALM).unwrap_or_default(),
        token_endpoint: options.text(key::TOKEN_ENDPOINT),
        cors: if Array::is_array(&cors) {
            Cors::List(cors.unchecked_ref::<Array>().iter().filter_map(|origin| origin.as_string()).collect())
        } else if cors.is_falsy() {
            Cors::Off
        } else {
            Cors::Any
        },
        max_request_bytes: options.number(key::MAX_REQUEST_BYTES) as usize,
        allow_insecure_requests: options.find(key::ALLOW_INSECURE_REQUESTS).is_some_and(|value| value.is_truthy()),
        reissue_id_token: match reissue.as_bool() {
            Some(false) => Reissue::Off,
            _ if reissue.is_function() => Reissue::Ask,
            _ => Reissue::On,
        },
        hooks: Hooks {
            authenticate_user: function(key::AUTHENTICATE_USER),
            token_exchange: function(key::TOKEN_EXCHANGE),
            jwt_bearer: function(key::JWT_BEARER),
            native_sso: function(key::NATIVE_SSO),
        },
    };
    settings.check().map(|()| settings)
}

/// What the endpoint reads of an answer.
pub(super) fn answer_from(answer: &Obj) -> Answer {
    let text = |key: Key| answer.text(key);
    let response_content = answer.find(key::RESPONSE_CONTENT);
    Answer {
        action: text(key::ACTION).unwrap_or_default(),
        response_content: response_content.filter(is_json_object).and_then(|content| content.as_string()),
        ticket: text(key::TICKET),
        has_user_credentials: text(key::USERNAME).is_some() && text(key::PASSWORD).is_some(),
        access_token: text(key::ACCESS_TOKEN),
        jwt_access_token: text(key::JWT_ACCESS_TOKEN),
        refresh_token: text(key::REFRESH_TOKEN),
        dpop_nonce: text(key::DPOP_NONCE),
        attestation_challenge: text(key::ATTESTATION_CHALLENGE),
    }
}

fn is_json_object(content: &JsValue) -> bool {
    content.is_string() && boundary::parse(content.unchecked_ref()).is_object()
}

/// The web `Response`.
pub(super) fn response_from(response: HttpResponse) -> JsValue {
    // All bodies are made of strings.
    let body = String::from_utf8(response.body).unwrap_or_default();
    boundary::respond(response.status, &lines(&response.headers), &body)
}

/// Header names and values, a line each: none of them has a line break.
pub(super) fn lines(headers: &[(String, String)]) -> String {
    let mut lines = String::new();
    for (name, value) in headers {
        for line in [name, value] {
            lines.push_str(line);
            lines.push('\n');
        }
    }
    lines
}

/// Tells `onEvent` of a notice.
pub(super) fn tell(options: &Obj, notice: Option<Notice>) {
    let (Some(notice), Some(on_event)) = (notice, options.find(key::ON_EVENT)) else { return };
    let event = Obj::new();
    let put_type = |value: &str| event.set_text(key::TYPE, value);
    let put_code = |code: ErrorCode, status: Option<u16>| {
        event.set_text(key::CODE, code.as_str());
        if let Some(status) = status {
            event.set_number(key::STATUS, f64::from(status));
        }
    };
    match notice {
        Notice::Refused { status, error } => {
            put_type("refused");
            event.set_number(key::STATUS, f64::from(status));
            event.set_text(key::ERROR, error);
        }
        Notice::HookFailed { hook } => {
            put_type("hook_failed");
            event.set_text(key::HOOK, hook_name(hook));
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
            event.set_text(key::REASON, reason);
        }
        Notice::UpstreamFailed { operation, code, status } => {
            put_type("upstream_failed");
            event.set_text(key::OPERATION, operation_name(operation));
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
