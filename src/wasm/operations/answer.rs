//! From the text of Authlete's answer to the object that JavaScript gets: the host's own `JSON.parse`, checked and lossless.

use super::check;
use super::failure::OperationFailure;
use crate::Error;
use crate::api::Operation;
use crate::api::common::unusable_answer;
use crate::api::numbers::quote_unsafe_integers;
use crate::api::repeated::find;
use crate::api::usable::{DECISIVE, NO_ACTION, NOT_AN_OBJECT, NOT_JSON, TOO_DEEP, not_a_string, repeated};
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
    let (mut object, values) = members(text).map_err(unusable)?;
    // Before a number that was rounded becomes a string.
    let mut digits = boundary::kinds(&object, &HEAD_KEYS, false) as u64;
    let unsafe_values = values == parsed::UNSAFE;
    if unsafe_values {
        object = exact(object, text);
        check::delete_nulls(operation.response, &object);
    }
    for (name, key) in DECISIVE.into_iter().zip(decisive::KEYS) {
        let kind = digits % 4;
        digits /= 4;
        // One that is absent may have been there before a `null` took its place.
        let there = kind != 0 || unsafe_values;
        if there && boundary::twice(text, key.0) && find(&String::from(text), name).0 > 1 {
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

/// The members of a JSON object, and what [`boundary::look_at`] says of them; or what is wrong with the text.
fn members(text: &JsString) -> Result<(Obj, u32), &'static str> {
    let answer = boundary::parse(text);
    if !answer.is_object() {
        return Err(if answer.is_null() { NOT_JSON } else { NOT_AN_OBJECT });
    }
    let values = boundary::look_at(&answer);
    if values == parsed::TOO_DEEP {
        return Err(TOO_DEEP);
    }
    Ok((answer.unchecked_into(), values))
}

/// The same members with no number rounded.
fn exact(object: Obj, text: &JsString) -> Obj {
    match quote_unsafe_integers(&String::from(text)) {
        Some(quoted) => boundary::parse(&quoted.into()).unchecked_into(),
        None => object,
    }
}

/// Fills in what the body of an HTTP error says, as far as it says anything.
pub(super) fn read_failure(text: &JsString, error: &mut Error) {
    let Ok((body, values)) = members(text) else { return };
    let body = if values == parsed::UNSAFE { exact(body, text) } else { body };
    let code = body.get(key::RESULT_CODE);
    // Some answers have a number here.
    error.result_code = match code.dyn_ref::<Number>() {
        Some(number) => number.to_string_with_radix(10).ok().and_then(|text| text.as_string()),
        None => code.as_string(),
    };
    error.result_message = body.text(key::RESULT_MESSAGE);
}
