//! Makes an `AuthleteError` of the pure rooms' error.

use super::host::{Obj, boundary, key};
use crate::Error;
use wasm_bindgen::prelude::*;

/// The `AuthleteError`. `details` has the members that only the caller knows; those of `error` are
/// added.
pub(super) fn authlete_error(error: Error, details: &Obj) -> JsValue {
    if let Some(status) = error.status {
        details.set_number(key::STATUS, f64::from(status));
    }
    if let Some(seconds) = error.retry_after {
        details.set_number(key::RETRY_AFTER, seconds as f64);
    }
    for (key, value) in
        [(key::RESULT_CODE, error.result_code), (key::RESULT_MESSAGE, error.result_message)]
    {
        if let Some(value) = value {
            details.set_text(key, &value);
        }
    }
    boundary::error(error.code.as_str(), &error.message, details)
}
