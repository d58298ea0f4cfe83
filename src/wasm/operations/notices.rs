//! The events of a token request besides its HTTP exchanges: the notices of the endpoint's rules,
//! with what only the driver knows about them.

use super::failure::OperationFailure;
use crate::ErrorCode;
use crate::endpoint::{Notice, OperationName, ReissueFailure};
use crate::prelude::*;
use crate::text::cut;
use crate::wasm::host::{Obj, boundary, key};
use wasm_bindgen::prelude::*;

/// What the driver knows about a failure: the beginning of its event, the details, and the problem
/// in words.
pub(super) struct About {
    event: Obj,
    details: Obj,
    problem: String,
}

impl About {
    fn nothing() -> About {
        let event = Obj::new();
        // Set first, because a log shows members in the order in which they were set. The notice
        // decides the type.
        event.set_text(key::TYPE, "");
        About { event, details: Obj::new(), problem: String::new() }
    }

    /// For what reading a request threw.
    pub(super) fn thrown(thrown: &JsValue) -> About {
        let about = About::nothing();
        about.details.set(key::ERROR, thrown);
        about
    }

    /// For a hook. `path` is empty if the whole result is wrong, or if there is none.
    pub(super) fn hook(reason: &str, path: &str, detail: &str, thrown: Option<JsValue>) -> About {
        let about = About::nothing();
        about.event.set_text(key::TYPE, "hook_failed");
        about.event.set_text(key::REASON, reason);
        // A hook may use data as names, which must not get into a log.
        if !path.is_empty()
            && path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.[]".contains(&byte))
        {
            about.event.set_text(key::PATH, path);
        }
        about.event.set_text(key::DETAIL, detail);
        if let Some(thrown) = thrown {
            about.details.set(key::ERROR, &thrown);
        }
        about
    }

    /// For a call.
    pub(super) fn failure(operation: &crate::api::Operation, failure: &OperationFailure) -> About {
        let mut about = About::nothing();
        failure.tell(operation, &about.event, &about.details);
        // No message contains a secret, or anything from an answer.
        about.problem = cut(&failure.error.message, b' ').1.unwrap_or_default().into();
        about
    }
}

/// Reports a notice to `onEvent`. `answer` is Authlete's last answer.
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
            event.set_text(key::HOOK, hook.as_str());
            "hook_failed"
        }
        Notice::ReissueFailed { why } => {
            let reason = match why {
                ReissueFailure::Declined => "declined",
                ReissueFailure::HookFailed => "hook_failed",
                ReissueFailure::InternalServerError => "INTERNAL_SERVER_ERROR",
                ReissueFailure::CallerError => "CALLER_ERROR",
                ReissueFailure::Upstream { code, status, detail } => {
                    put_code(code, status, detail);
                    "upstream_failed"
                }
            };
            event.set_text(key::REASON, reason);
            // The other reasons follow from what the host did, not from an answer.
            if !matches!(why, ReissueFailure::Declined | ReissueFailure::HookFailed) {
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

fn operation_name(operation: OperationName) -> &'static str {
    use crate::api::{auth_token, auth_token_fail, auth_token_issue, idtoken_reissue};
    match operation {
        OperationName::Token => auth_token::OPERATION.name,
        OperationName::Issue => auth_token_issue::OPERATION.name,
        OperationName::Fail => auth_token_fail::OPERATION.name,
        OperationName::Reissue => idtoken_reissue::OPERATION.name,
    }
}
