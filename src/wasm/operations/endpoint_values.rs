//! The values of the token endpoint on their way across: options in, answers in, responses and events out.

use super::check::Problem;
use super::failure::Failure;
use super::prepare;
use crate::api::idtoken_reissue;
use crate::endpoint::{Answer, Cors, Hook, Hooks, Notice, Operation, Reissue, ReissueFailure, Settings};
use crate::http::HttpResponse;
use crate::prelude::*;
use crate::text::cut;
use crate::wasm::host::{Key, Obj, boundary, key};
use crate::wasm::local::Local;
use crate::{Error, ErrorCode};
use core::cell::LazyCell;
use js_sys::{Array, JsString};
use wasm_bindgen::prelude::*;

/// The bits of `flags` in `js/endpoint.ts`.
mod flag {
    pub(super) const AUTHENTICATE_USER: u32 = 1;
    pub(super) const TOKEN_EXCHANGE: u32 = 1 << 1;
    pub(super) const JWT_BEARER: u32 = 1 << 2;
    pub(super) const NATIVE_SSO: u32 = 1 << 3;
    pub(super) const REISSUE: u32 = 1 << 4;
    pub(super) const ASK_FOR_REISSUE: u32 = 1 << 5;
    pub(super) const CORS: u32 = 1 << 6;
    pub(super) const CORS_LIST: u32 = 1 << 7;
    pub(super) const INSECURE: u32 = 1 << 8;
    pub(super) const REISSUE_OPTIONS: u32 = 1 << 9;
}

/// The endpoint's options.
pub(super) fn settings_from(options: &Obj) -> Result<Settings, Error> {
    let flags = options.number(key::FLAGS) as u32;
    let is = |flag: u32| flags & flag != 0;
    let defaults = Settings::default();
    let settings = Settings {
        realm: options.text(key::REALM).unwrap_or(defaults.realm),
        token_endpoint: options.text(key::TOKEN_ENDPOINT),
        cors: if is(flag::CORS_LIST) {
            let origins: Array = options.get(key::CORS).unchecked_into();
            Cors::List(origins.iter().filter_map(|origin| origin.as_string()).collect())
        } else if is(flag::CORS) {
            Cors::Any
        } else {
            Cors::Off
        },
        max_request_bytes: options.number(key::MAX_REQUEST_BYTES) as usize,
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
        reissue_request(&options.get(key::REISSUE_ID_TOKEN))
            .map_err(|problem| Error::new(ErrorCode::Config, problem.under("reissueIdToken").sentence()))?;
    }
    settings.check().map(|()| settings)
}

/// Reissue options as a request whose tokens are still to be put in, or what is wrong with them.
pub(super) fn reissue_request(given: &JsValue) -> Result<Obj, Problem> {
    if !given.is_object() {
        return Err(Problem::here("expected an object or null"));
    }
    let request = boundary::plain(given).ok_or(Problem::here("could not be read"))?;
    for (key, name) in [(key::ACCESS_TOKEN, "accessToken"), (key::REFRESH_TOKEN, "refreshToken")] {
        if request.find(key).is_some() {
            return Err(Problem::here("comes from Authlete's answer alone").under(name));
        }
        request.set_text(key, "");
    }
    prepare(&idtoken_reissue::OPERATION, &request).map(|_| request)
}

/// The texts that the endpoint reads of an answer, in the order of [`answer_from`].
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
pub(super) fn answer_from(answer: &Obj) -> Answer {
    // Most answers have few of them: one crossing tells which.
    let kinds = boundary::kinds(answer, &READ, false) as u64;
    let is_text = |index: u32| kinds >> (2 * index) & 3 == 1;
    let text = |index: u32, key: Key| if is_text(index) { answer.text(key) } else { None };
    let response_content = answer.find(key::RESPONSE_CONTENT);
    Answer {
        action: answer.text(key::ACTION).unwrap_or_default(),
        response_content: response_content.filter(is_json_object).and_then(|content| content.as_string()),
        has_user_credentials: is_text(0) && is_text(1),
        ticket: text(2, key::TICKET),
        access_token: text(3, key::ACCESS_TOKEN),
        jwt_access_token: text(4, key::JWT_ACCESS_TOKEN),
        refresh_token: text(5, key::REFRESH_TOKEN),
        dpop_nonce: text(6, key::DPOP_NONCE),
        attestation_challenge: text(7, key::ATTESTATION_CHALLENGE),
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

/// What the driver knows of a failure: the beginning of its event, the details, and a problem in words.
pub(super) struct About {
    event: Obj,
    details: Obj,
    problem: String,
}

impl About {
    fn nothing() -> About {
        let event = Obj::new();
        // A log shows members in the order in which they were set; which type it is, the notice says.
        event.set_text(key::TYPE, "");
        About { event, details: Obj::new(), problem: String::new() }
    }

    /// Of a hook. `path` is empty where the whole result is wrong, or there is none.
    pub(super) fn hook(reason: &str, path: &str, detail: &str, thrown: Option<JsValue>) -> About {
        let about = About::nothing();
        about.event.set_text(key::TYPE, "hook_failed");
        about.event.set_text(key::REASON, reason);
        if !path.is_empty() {
            about.event.set_text(key::PATH, path);
        }
        about.event.set_text(key::DETAIL, detail);
        if let Some(thrown) = thrown {
            about.details.set(key::ERROR, &thrown);
        }
        about
    }

    /// Of a call.
    pub(super) fn failure(operation: &crate::api::Operation, failure: &Failure) -> About {
        let mut about = About::nothing();
        failure.tell(operation, &about.event, &about.details);
        // No message holds a secret, or anything of an answer.
        about.problem = cut(&failure.error.message, b' ').1.unwrap_or_default().into();
        about
    }
}

/// Tells `onEvent` of a notice. `answer` is Authlete's last one.
pub(super) fn tell(on_event: &JsValue, notice: Notice, about: Option<About>, answer: Option<&Obj>) {
    let failed = about.is_some();
    let About { event, details, problem } = about.unwrap_or_else(About::nothing);
    let put_detail = |detail: &str| {
        let joint = if problem.is_empty() { "" } else { "; " };
        event.set_text(key::DETAIL, &[&problem, joint, detail].concat());
    };
    let put_code = |code: ErrorCode, status: Option<u16>, detail: &str| {
        event.set_text(key::CODE, code.as_str());
        if let Some(status) = status {
            event.set_number(key::STATUS, f64::from(status));
        }
        put_detail(detail);
    };
    let put_result = || {
        for (object, key) in [(&event, key::RESULT_CODE), (&details, key::RESULT_MESSAGE)] {
            if let Some(text) = answer.filter(|_| !failed).and_then(|answer| answer.text(key)) {
                object.set_text(key, &text);
            }
        }
    };
    let name = match notice {
        Notice::Refused { status, error, detail } => {
            event.set_number(key::STATUS, f64::from(status));
            event.set_text(key::ERROR, error);
            put_detail(&detail);
            "refused"
        }
        Notice::HookFailed { hook } => {
            event.set_text(key::HOOK, hook_name(hook));
            "hook_failed"
        }
        Notice::ReissueFailed { why: ReissueFailure::HookFailed } => {
            event.set_text(key::HOOK, hook_name(Hook::ReissueIdToken));
            boundary::tell_details(on_event, &event, &details);
            let event = Obj::new();
            event.set_text(key::TYPE, "reissue_failed");
            event.set_text(key::REASON, "hook_failed");
            return boundary::tell_details(on_event, &event, &Obj::new());
        }
        Notice::ReissueFailed { why } => {
            let reason = match why {
                ReissueFailure::Declined | ReissueFailure::HookFailed => "declined",
                ReissueFailure::InternalServerError => "INTERNAL_SERVER_ERROR",
                ReissueFailure::CallerError => "CALLER_ERROR",
                ReissueFailure::Upstream { code, status, detail } => {
                    put_code(code, status, detail);
                    "upstream_failed"
                }
            };
            event.set_text(key::REASON, reason);
            if reason != "declined" {
                put_result();
            }
            "reissue_failed"
        }
        Notice::UpstreamFailed { operation, code, status, detail } => {
            event.set_text(key::OPERATION, operation_name(operation));
            put_code(code, status, detail);
            put_result();
            "upstream_failed"
        }
    };
    event.set_text(key::TYPE, name);
    boundary::tell_details(on_event, &event, &details);
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
