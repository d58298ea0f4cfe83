//! A failed operation: the pure error, and the JavaScript values that belong to it.

use crate::api::Operation;
use crate::wasm::error::authlete_error;
use crate::wasm::host::{Obj, key};
use crate::wasm::wait::Broken;
use crate::{Error, ErrorCode};
use wasm_bindgen::prelude::*;

/// A failed operation.
pub(in crate::wasm) struct OperationFailure {
    /// The code, the message, and what Authlete said.
    pub(super) error: Error,
    /// What was thrown: by `fetch`, or by the `bearer` function.
    pub(super) cause: Option<JsValue>,
    /// Whether a user's function threw `cause`. It could hold anything, so it is only for
    /// `onEvent`'s details, not for the error.
    pub(super) users: bool,
    /// The headers of Authlete's answer.
    pub(super) headers: Option<JsValue>,
    /// Whether `fetch` rejected with something that is not an error: then the function is broken,
    /// not the connection.
    pub(super) no_error: bool,
}

impl From<Error> for OperationFailure {
    fn from(error: Error) -> OperationFailure {
        OperationFailure { error, cause: None, users: false, headers: None, no_error: false }
    }
}

impl OperationFailure {
    /// A failure with a code and the second half of a sentence that begins with the operation's
    /// name.
    pub(super) fn new(operation: &Operation, code: ErrorCode, problem: &str) -> OperationFailure {
        Error::new(code, [operation.name, ": ", problem].concat()).into()
    }

    /// The failure for a wait that brought nothing; `rejected` says what a rejection means.
    pub(super) fn broken(
        operation: &Operation,
        broken: Broken,
        rejected: impl FnOnce(JsValue) -> OperationFailure,
    ) -> OperationFailure {
        match broken {
            Broken::Rejected(value) => rejected(value),
            broken => OperationFailure::ended(operation, matches!(broken, Broken::Aborted)),
        }
    }

    /// The failure for a call that was ended by the caller's signal, or else by its deadline.
    pub(super) fn ended(operation: &Operation, aborted: bool) -> OperationFailure {
        let (code, problem) = match aborted {
            true => (ErrorCode::Aborted, "aborted by the caller's signal"),
            false => (ErrorCode::Timeout, "no complete answer within the time limit"),
        };
        OperationFailure::new(operation, code, problem)
    }

    /// The `AuthleteError`.
    pub(super) fn to_js(&self, operation: &Operation) -> JsValue {
        let details = Obj::new();
        details.set_text(key::OPERATION, operation.name);
        if let Some(headers) = &self.headers {
            details.set(key::HEADERS, headers);
        }
        if let Some(cause) = self.cause.as_ref().filter(|_| !self.users) {
            details.set(key::CAUSE, cause);
        }
        authlete_error(self.error.clone(), &details)
    }

    /// Adds to an event what it says besides code and status, and to its details.
    pub(super) fn tell(&self, operation: &Operation, event: &Obj, details: &Obj) {
        if let Some(code) = &self.error.result_code {
            event.set_text(key::RESULT_CODE, code);
        }
        if let Some(message) = &self.error.result_message {
            details.set_text(key::RESULT_MESSAGE, message);
        }
        details.set(key::ERROR, &self.to_js(operation));
        if let Some(cause) = &self.cause {
            details.set(key::CAUSE, cause);
        }
    }
}
