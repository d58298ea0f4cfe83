//! From the text of Authlete's answer to the object that JavaScript gets: the host's own
//! `JSON.parse`, checked and lossless.

use super::check;
use super::failure::OperationFailure;
use crate::Error;
use crate::api::Operation;
use crate::api::common::unusable_answer;
use crate::api::numbers::quote_unsafe_integers;
use crate::api::repeated::is_repeated;
use crate::api::usable::{
    DECISIVE, NO_ACTION, NOT_AN_OBJECT, NOT_JSON, TOO_DEEP, not_a_string, repeated,
};
use crate::contract::members::decisive;
use crate::contract::parsed;
use crate::prelude::*;
use crate::wasm::host::{Obj, boundary, key};
use crate::wasm::local::Local;
use core::cell::LazyCell;
use js_sys::{Array, JsString, Number};
use wasm_bindgen::prelude::*;

static HEAD_KEYS: Local<LazyCell<Array>> =
    Local::new(LazyCell::new(|| DECISIVE.iter().map(|name| JsString::from(*name)).collect()));

/// The answer as an object with an action. [`usable`](crate::api::usable) says which are refused.
pub(super) fn read(operation: &Operation, text: &JsString) -> Result<Obj, OperationFailure> {
    let unusable = |problem: &str| OperationFailure::from(unusable_answer(operation, problem));
    let mut answer = boundary::parse(text);
    if !answer.is_object() {
        return Err(unusable(if answer.is_null() { NOT_JSON } else { NOT_AN_OBJECT }));
    }
    let values = boundary::look_at(&answer);
    if values == parsed::TOO_DEEP {
        return Err(unusable(TOO_DEEP));
    }
    // Taken before a number that was rounded becomes a string.
    let mut digits = boundary::kinds(answer.unchecked_ref(), &HEAD_KEYS, false) as u64;
    let unsafe_values = values == parsed::UNSAFE;
    if unsafe_values && let Some(quoted) = quote_unsafe_integers(&String::from(text)) {
        answer = boundary::parse(&quoted.into());
    }
    let object: Obj = answer.unchecked_into();
    if unsafe_values {
        check::delete_nulls(operation.response, &object);
    }
    for (name, key) in DECISIVE.into_iter().zip(decisive::KEYS) {
        let kind = digits % 4;
        digits /= 4;
        // A member that is absent now may stand in the text twice: the second time as `null`, which
        // was deleted.
        let there = kind != 0 || unsafe_values;
        if there && boundary::twice(text, key.0) && is_repeated(&String::from(text), name) {
            return Err(unusable(&repeated(name)));
        }
        match kind {
            0 if name == "action" => return Err(unusable(NO_ACTION)),
            2 => return Err(unusable(&not_a_string(name))),
            _ => {}
        }
    }
    Ok(object)
}

/// Adds what the body of an HTTP error says, if it says anything.
pub(super) fn read_failure(text: &JsString, error: &mut Error) {
    let body = boundary::parse(text);
    if !body.is_object() {
        return;
    }
    let body: Obj = body.unchecked_into();
    let code = body.get(key::RESULT_CODE);
    // Some answers have a number here.
    error.result_code = if Number::is_safe_integer(&code) {
        code.unchecked_ref::<Number>()
            .to_string_with_radix(10)
            .ok()
            .and_then(|text| text.as_string())
    } else {
        code.as_string()
    };
    error.result_message = body.text(key::RESULT_MESSAGE);
}
