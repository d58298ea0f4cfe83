//! What the TypeScript side hands over with each call, already validated there: the client's
//! settings and the call's own options.

use crate::contract::members::{call_options, client_settings as member};
use crate::wasm::host::Obj;
use wasm_bindgen::prelude::*;

/// The settings of an `AuthleteClient` (`js/client.ts`, `ClientSettings`).
#[derive(Clone)]
pub(in crate::wasm) struct ClientSettings(pub(in crate::wasm) Obj);

impl ClientSettings {
    /// The function that returns the bearer, when it is not a fixed string.
    pub(super) fn bearer(&self) -> Option<JsValue> {
        self.0.find(member::BEARER)
    }

    /// Whether a `fetch` or an engine was injected.
    pub(super) fn is_injected(&self) -> bool {
        [member::FETCH, member::ENGINE].into_iter().any(|key| self.0.find(key).is_some())
    }

    pub(super) fn timeout_ms(&self) -> f64 {
        self.0.number(member::TIMEOUT_MS)
    }

    /// How often an operation is attempted at most.
    pub(super) fn attempts(&self) -> f64 {
        self.0.number(member::ATTEMPTS)
    }

    /// The longest delay to wait before another attempt, in milliseconds.
    pub(super) fn max_delay_ms(&self) -> f64 {
        self.0.number(member::MAX_DELAY_MS)
    }
}

/// The options of one call (`js/client.ts`, `CallOptions`).
pub(in crate::wasm) struct CallOptions {
    /// The caller's `AbortSignal`.
    pub(super) signal: Option<JsValue>,
    /// The deadline, instead of the client's, in milliseconds; not a number if there is none.
    pub(super) timeout_ms: f64,
    /// Headers to send with this call.
    pub(super) headers: Option<JsValue>,
}

impl Default for CallOptions {
    fn default() -> CallOptions {
        CallOptions { signal: None, timeout_ms: f64::NAN, headers: None }
    }
}

impl CallOptions {
    pub(super) fn read(options: &Obj) -> CallOptions {
        CallOptions {
            signal: options.find(call_options::SIGNAL),
            timeout_ms: options.number(call_options::TIMEOUT_MS),
            headers: options.find(call_options::HEADERS),
        }
    }
}
