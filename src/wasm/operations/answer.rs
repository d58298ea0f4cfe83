//! From the text of Authlete's answer to the object that JavaScript gets: the host's own `JSON.parse`, checked and lossless.

use super::check;
use super::failure::Failure;
use crate::api::numbers::quote_unsafe_integers;
use crate::api::{Operation, unusable_answer};
use crate::wasm::body;
use crate::wasm::host::{Obj, boundary, key, parse_json};
use crate::{Error, ErrorCode};
use js_sys::{Array, JsString, Number, RegExp};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type TextDecoder;
    #[wasm_bindgen(constructor, catch)]
    fn new(label: &str, options: &JsValue) -> Result<TextDecoder, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn decode(this: &TextDecoder, bytes: &JsValue) -> Result<JsString, JsValue>;
}

/// What must be strings where they are there at all.
const HEAD: &[&str] = &["action", "responseContent", "ticket", "dpopNonce", "attestationChallenge"];

thread_local! {
    static HEAD_KEYS: Array = HEAD.iter().map(|name| JsString::from(*name)).collect();
    // A `null` that may have to go, or a number of sixteen digits or with an exponent, which a double *may* round. A match inside a string costs
    // a scan, nothing more.
    static SUSPECT: Obj = RegExp::new(r"[[:,]\s*(?:null|-?(?:\d{16}|\d[\d.]*[eE]))", "").unchecked_into();
    // Strict: a byte order mark stays (and is then no JSON), a byte that is not UTF-8 is an error.
    static STRICT_UTF8: Option<TextDecoder> = {
        let options = Obj::new();
        options.set(&"fatal".into(), &JsValue::TRUE);
        options.set(&"ignoreBOM".into(), &JsValue::TRUE);
        TextDecoder::new("utf-8", &options).ok()
    };
}

/// The text of an answer's body.
pub(super) async fn text(operation: &Operation, response: &Obj, max: f64) -> Result<JsString, Failure> {
    let unusable = |problem: &str| Failure::new(operation, ErrorCode::ResponseInvalid, problem);
    let bytes = match body::bytes(response, max).await {
        Ok(bytes) => bytes,
        Err(body::Unread::TooLarge) => return Err(unusable("the answer is larger than maxResponseBytes")),
        Err(body::Unread::Unreadable) => return Err(unusable("the answer's body could not be read to its end")),
        Err(body::Unread::Interrupted(broken)) => {
            return Err(Failure::broken(operation, broken, |_| unusable("interrupted")));
        }
    };
    let text = STRICT_UTF8.with(|decoder| decoder.as_ref().and_then(|decoder| decoder.decode(&bytes).ok()));
    text.ok_or_else(|| unusable("the answer is not UTF-8"))
}

/// The answer as an object with an action.
pub(super) fn read(operation: &Operation, text: &JsString) -> Result<Obj, Failure> {
    let unusable = |problem: &str| Failure::from(unusable_answer(operation, problem));
    let suspect = SUSPECT.with(|suspect| suspect.test(text));
    let lossless = if suspect { quote_unsafe_integers(&String::from(text)) } else { None };
    // The SyntaxError of `JSON.parse` quotes the text: it goes no further.
    let parsed = match lossless {
        Some(text) => parse_json(&text.into()),
        None => parse_json(text),
    };
    let answer = parsed.map_err(|_| unusable("is not valid JSON"))?;
    let object = Obj::from_value(&answer)
        .filter(|_| !Array::is_array(&answer))
        .ok_or_else(|| unusable("is not a JSON object"))?;
    if suspect {
        check::delete_nulls(operation.response, &object);
    }
    let mut digits = HEAD_KEYS.with(|keys| boundary::kinds(&object, keys, false)) as u64;
    for name in HEAD {
        match digits % 4 {
            0 if *name == "action" => return Err(unusable("has no action")),
            2 => return Err(unusable(&format!("has a member {name} that is not a string"))),
            _ => digits /= 4,
        }
    }
    Ok(object)
}

/// Fills in what the body of an HTTP error says, as far as it says anything.
pub(super) fn read_failure(text: &JsString, error: &mut Error) {
    let Some(body) = parse_json(text).ok().and_then(|value| Obj::from_value(&value)) else { return };
    let code = key::RESULT_CODE.with(|key| body.find(key));
    // Some answers have a number here.
    error.result_code = code.and_then(|code| match code.dyn_ref::<Number>() {
        Some(number) => number.to_string_with_radix(10).ok()?.as_string(),
        None => code.as_string(),
    });
    error.result_message = key::RESULT_MESSAGE.with(|key| body.text(key));
}
