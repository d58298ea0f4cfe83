//! What the token endpoint's driver calls.

use super::endpoint::Driver;
use super::failure::OperationFailure;
use super::settings::CallOptions;
use crate::Error;
use crate::api::Operation;
use crate::endpoint::{StepResult, TokenCall};
use crate::wasm::host::Obj;
use js_sys::JsString;
use wasm_bindgen::prelude::*;

/// Authlete's service, or the engine.
pub(in crate::wasm) trait Upstream: Sized {
    /// Calls `/auth/token`. It keeps what the hooks may need: the parameters and the answer.
    async fn token(driver: &mut Driver<Self>, call: TokenCall) -> Result<StepResult, Error>;

    /// Calls another operation with a request in JSON, and returns the checked answer. `on_event`
    /// is called for each exchange.
    async fn send(
        &self,
        operation: &'static Operation,
        call: &CallOptions,
        on_event: Option<&JsValue>,
        request: &JsString,
    ) -> Result<Obj, OperationFailure>;

    /// The parameters of the token request, for a hook.
    fn parameters(&self) -> JsValue;

    /// The answer of `/auth/token`, for a hook or an event.
    fn first(&self) -> Option<Obj>;
}
