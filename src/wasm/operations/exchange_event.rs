//! The event of one exchange with Authlete or the engine.

use super::failure::OperationFailure;
use crate::api::Operation;
#[cfg(feature = "engine")]
use crate::api::TokenResponse;
use crate::prelude::*;
use crate::wasm::host::{Key, Obj, boundary, key};
use js_sys::{Date, JsString};
use wasm_bindgen::prelude::*;

/// How an exchange ended.
pub(super) enum Exchanged<'a> {
    /// With an answer in JSON.
    Parsed(&'a Obj),
    /// With an answer of the engine in this instance.
    #[cfg(feature = "engine")]
    Typed(&'a TokenResponse),
    /// Without a usable answer.
    Failed(&'a OperationFailure),
}

impl Exchanged<'_> {
    /// Tells `onEvent`. `started` is when the exchange began, by `Date.now()`.
    pub(super) fn tell(
        &self,
        on_event: &JsValue,
        operation: &Operation,
        attempt: f64,
        started: f64,
    ) {
        let (event, details) = (Obj::new(), Obj::new());
        event.set_text(key::TYPE, "exchange");
        event.set_text(key::OPERATION, operation.name);
        event.set_number(key::ATTEMPT, attempt);
        event.set_number(key::DURATION_MS, (Date::now() - started).max(0.0));
        if let Exchanged::Failed(failure) = self {
            event.set_text(key::CODE, failure.error.code.as_str());
            if let Some(status) = failure.error.status {
                event.set_number(key::STATUS, f64::from(status));
            }
            failure.tell(operation, &event, &details);
        } else {
            event.set_number(key::STATUS, 200.0);
            for (object, key) in
                [(&event, key::ACTION), (&event, key::RESULT_CODE), (&details, key::RESULT_MESSAGE)]
            {
                if let Some(text) = self.text(key) {
                    object.set_text(key, &text);
                }
            }
            if let Some(error) = self.error_code() {
                event.set_text(key::ERROR, &error);
            }
        }
        boundary::tell_details(on_event, &event, &details);
    }

    /// A member of the answer.
    fn text(&self, name: Key) -> Option<String> {
        match self {
            Exchanged::Parsed(answer) => answer.text(name),
            #[cfg(feature = "engine")]
            Exchanged::Typed(answer) => match name {
                key::ACTION => answer.action.as_ref().map(|action| action.as_str().to_owned()),
                key::RESULT_CODE => answer.result_code.clone(),
                key::RESULT_MESSAGE => answer.result_message.clone(),
                key::RESPONSE_CONTENT => answer.response_content.clone(),
                _ => None,
            },
            Exchanged::Failed(_) => None,
        }
    }

    /// The error code that the OAuth client gets, if the answer has one. It goes into logs, so it
    /// must look like an error code.
    fn error_code(&self) -> Option<String> {
        // Most answers are not refusals: their content need not be parsed again.
        if self.text(key::ACTION).as_deref() == Some("OK") {
            return None;
        }
        let content = boundary::parse(&JsString::from(self.text(key::RESPONSE_CONTENT)?));
        let code = content
            .is_object()
            .then(|| content.unchecked_ref::<Obj>().text(key::ERROR))
            .flatten()?;
        (code.len() <= 64
            && code.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_')))
        .then_some(code)
    }
}
