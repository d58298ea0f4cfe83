//! The pure error on its way to JavaScript.

use super::host::{Obj, boundary, key};
use crate::Error;
use wasm_bindgen::prelude::*;

/// The `AuthleteError`. `details` has the members that only the caller knows; those of the error are added.
pub(super) fn authlete_error(error: Error, details: &Obj) -> JsValue {
    let put = |key: &js_sys::JsString, value: Option<JsValue>| {
        if let Some(value) = value {
            details.set(key, &value);
        }
    };
    key::STATUS.with(|key| put(key, error.status.map(JsValue::from)));
    key::RESULT_CODE.with(|key| put(key, error.result_code.map(JsValue::from)));
    key::RESULT_MESSAGE.with(|key| put(key, error.result_message.map(JsValue::from)));
    key::RETRY_AFTER.with(|key| put(key, error.retry_after.map(|seconds| JsValue::from(seconds as f64))));
    boundary::error(error.code.as_str(), &error.message, details)
}
