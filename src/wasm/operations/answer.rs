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
use crate::contract::facts;
use crate::prelude::*;
use crate::wasm::host::{Obj, boundary, key};
#[cfg(feature = "engine")]
use js_sys::JsString;
use wasm_bindgen::prelude::*;

/// The answer in a text; see [`checked`].
#[cfg(feature = "engine")]
pub(super) fn read(operation: &Operation, text: &JsString) -> Result<Obj, OperationFailure> {
    let parsed = boundary::parse(text);
    let facts = boundary::facts(&parsed, text);
    checked(operation, parsed, facts, || text.into())
}

/// The answer as an object with an action. [`usable`](crate::api::usable) says which are refused.
/// `known` are the [`facts`] of the text, which few answers need.
pub(super) fn checked(
    operation: &Operation,
    mut answer: JsValue,
    known: u32,
    text: impl Fn() -> String,
) -> Result<Obj, OperationFailure> {
    let unusable = |problem: &str| OperationFailure::from(unusable_answer(operation, problem));
    let is = |fact: u32| known & fact != 0;
    for (fact, problem) in [
        (facts::NOT_JSON, NOT_JSON),
        (facts::NOT_AN_OBJECT, NOT_AN_OBJECT),
        (facts::TOO_DEEP, TOO_DEEP),
    ] {
        if is(fact) {
            return Err(unusable(problem));
        }
    }
    if is(facts::UNSAFE) {
        if let Some(quoted) = quote_unsafe_integers(&text()) {
            answer = boundary::parse(&quoted.into());
        }
        check::delete_nulls(operation.response, answer.unchecked_ref());
    }
    let text = is(facts::REPEATED).then(text);
    // Of what was there before a number that was rounded became a string.
    let mut digits = known;
    for name in DECISIVE {
        if text.as_ref().is_some_and(|text| is_repeated(text, name)) {
            return Err(unusable(&repeated(name)));
        }
        match digits % 4 {
            0 if name == "action" => return Err(unusable(NO_ACTION)),
            2 => return Err(unusable(&not_a_string(name))),
            _ => {}
        }
        digits /= 4;
    }
    Ok(answer.unchecked_into())
}

/// Adds what the body of an HTTP error says, if it says anything.
pub(super) fn read_failure(body: &JsValue, error: &mut Error) {
    if !body.is_object() {
        return;
    }
    let body: &Obj = body.unchecked_ref();
    // Some answers have a number here.
    error.result_code = boundary::id(&body.get(key::RESULT_CODE)).as_string();
    error.result_message = body.text(key::RESULT_MESSAGE);
}
