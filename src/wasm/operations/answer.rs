//! From the text of Authlete's answer to the object that JavaScript gets: the host's own `JSON.parse`, checked and lossless.

use super::check;
use super::failure::Failure;
use crate::Error;
use crate::api::numbers::quote_unsafe_integers;
use crate::api::{Operation, is_repeated, unusable_answer};
use crate::prelude::*;
use crate::wasm::host::{Key, Obj, boundary, key};
use crate::wasm::local::Local;
use core::cell::LazyCell;
use js_sys::{Array, JsString, Number};
use wasm_bindgen::prelude::*;

/// What decides: a string where it is there at all, and there only once.
const HEAD: [(&str, Key); 5] = [
    ("action", key::ACTION),
    ("responseContent", key::RESPONSE_CONTENT),
    ("ticket", key::TICKET),
    ("dpopNonce", key::DPOP_NONCE),
    ("attestationChallenge", key::ATTESTATION_CHALLENGE),
];

static HEAD_KEYS: Local<LazyCell<Array>> =
    Local::new(LazyCell::new(|| HEAD.iter().map(|(name, _)| JsString::from(*name)).collect()));

/// The answer as an object with an action.
pub(super) fn read(operation: &Operation, text: &JsString) -> Result<Obj, Failure> {
    let unusable = |problem: &str| Failure::from(unusable_answer(operation, problem));
    let mut answer = boundary::parse(text);
    if !answer.is_object() {
        return Err(unusable(if answer.is_null() { "is not valid JSON" } else { "is not a JSON object" }));
    }
    let unsafe_values = boundary::unsafe_values(&answer);
    if unsafe_values && let Some(quoted) = quote_unsafe_integers(&String::from(text)) {
        answer = boundary::parse(&quoted.into());
    }
    let object: Obj = answer.unchecked_into();
    if unsafe_values {
        check::delete_nulls(operation.response, &object);
    }
    let mut digits = boundary::kinds(&object, &HEAD_KEYS, false) as u64;
    for (name, key) in HEAD {
        let kind = digits % 4;
        digits /= 4;
        // One that is absent may have been there before a `null` took its place.
        let there = kind == 1 || unsafe_values;
        if there && boundary::twice(text, key.0) && is_repeated(&String::from(text), name) {
            return Err(unusable(&["has the member ", name, " twice"].concat()));
        }
        match kind {
            0 if name == "action" => return Err(unusable("has no action")),
            2 => return Err(unusable(&["has a member ", name, " that is not a string"].concat())),
            _ => {}
        }
    }
    Ok(object)
}

/// Fills in what the body of an HTTP error says, as far as it says anything.
pub(super) fn read_failure(text: &JsString, error: &mut Error) {
    let body = boundary::parse(text);
    if !body.is_object() {
        return;
    }
    let body: Obj = body.unchecked_into();
    let code = body.get(key::RESULT_CODE);
    // Some answers have a number here.
    error.result_code = match code.dyn_ref::<Number>() {
        Some(number) => number.to_string_with_radix(10).ok().and_then(|text| text.as_string()),
        None => code.as_string(),
    };
    error.result_message = body.text(key::RESULT_MESSAGE);
}
