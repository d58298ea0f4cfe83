//! What the TypeScript side hands over with each call, already validated there: the client's settings and the call's own options.

use crate::wasm::host::{Obj, key};
use js_sys::JsString;
use wasm_bindgen::prelude::*;

/// The settings of an `AuthleteClient` (`js/client.ts`, `ClientSettings`).
#[derive(Clone)]
pub(super) struct Settings(pub(super) Obj);

impl Settings {
    /// The URL up to the service id, to which an operation adds its path.
    pub(super) fn prefix(&self) -> JsString {
        key::PREFIX.with(|key| self.0.find(key)).unwrap_or_default().unchecked_into()
    }

    /// The value of the `Authorization` header, when the bearer is a fixed string.
    pub(super) fn authorization(&self) -> Option<JsValue> {
        key::AUTHORIZATION.with(|key| self.0.find(key))
    }

    /// The headers that [`Settings::keep_headers`] has kept, or `undefined`.
    pub(super) fn ready_headers(&self) -> JsValue {
        key::READY_HEADERS.with(|key| self.0.get(key))
    }

    /// Keeps the headers that every call of this client sends.
    pub(super) fn keep_headers(&self, headers: &Obj) {
        key::READY_HEADERS.with(|key| self.0.set(key, headers));
    }

    /// The function that gives the bearer, when it is not.
    pub(super) fn bearer(&self) -> Option<JsValue> {
        key::BEARER.with(|key| self.0.find(key))
    }

    /// The injected `fetch`, or `undefined`.
    pub(super) fn fetch(&self) -> JsValue {
        key::FETCH.with(|key| self.0.get(key))
    }

    /// Headers to send with every call.
    pub(super) fn headers(&self) -> Option<JsValue> {
        key::HEADERS.with(|key| self.0.find(key))
    }

    /// Told about every exchange.
    pub(super) fn on_event(&self) -> Option<JsValue> {
        key::ON_EVENT.with(|key| self.0.find(key))
    }

    pub(super) fn timeout_ms(&self) -> f64 {
        key::TIMEOUT_MS.with(|key| self.0.number(key))
    }

    pub(super) fn max_response_bytes(&self) -> f64 {
        key::MAX_RESPONSE_BYTES.with(|key| self.0.number(key))
    }

    /// How often an operation is tried at the most.
    pub(super) fn attempts(&self) -> f64 {
        key::ATTEMPTS.with(|key| self.0.number(key))
    }

    /// The longest delay that is waited out before another attempt.
    pub(super) fn max_delay_ms(&self) -> f64 {
        key::MAX_DELAY_MS.with(|key| self.0.number(key))
    }
}

/// The options of one call (`js/client.ts`, `CallOptions`).
#[derive(Default)]
pub(super) struct Call {
    /// The caller's `AbortSignal`.
    pub(super) signal: Option<JsValue>,
    /// The deadline, in place of the client's.
    pub(super) timeout_ms: Option<f64>,
    /// Headers to send with this call.
    pub(super) headers: Option<JsValue>,
}

impl Call {
    pub(super) fn read(options: &JsValue) -> Call {
        if options.is_undefined() {
            return Call::default();
        }
        let options = options.unchecked_ref::<Obj>();
        Call {
            signal: key::SIGNAL.with(|key| options.find(key)),
            timeout_ms: key::TIMEOUT_MS.with(|key| options.find(key)).and_then(|value| value.as_f64()),
            headers: key::HEADERS.with(|key| options.find(key)),
        }
    }
}
