//! Reads JSON as JavaScript's `JSON.parse` does, where `serde_json` is stricter or would round.

use super::numbers::quote_wide_integers;
use super::usable::{MOST_LEVELS, NOT_AN_OBJECT, NOT_JSON, NOT_UTF8, TOO_DEEP};
use crate::prelude::*;
use crate::text::end_of_string;
use serde_json::{Map, Value};

/// The members of a JSON object, or what is wrong with it. If a member appears twice, the last one
/// counts.
pub(super) fn members(body: &[u8]) -> Result<Map<String, Value>, String> {
    let text = core::str::from_utf8(body).map_err(|_| NOT_UTF8)?;
    let quoted = quote_wide_integers(text);
    let text = quoted.as_deref().unwrap_or(text);
    let value = serde_json::from_str(text).or_else(|error| {
        // A string of Rust can't hold half of a surrogate pair; the web puts a replacement
        // character in its place, too.
        replace_lone_surrogates(text)
            .ok_or(error)
            .and_then(|replaced| serde_json::from_str(&replaced))
    });
    match value {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(NOT_AN_OBJECT.into()),
        Err(_) if levels(text) > MOST_LEVELS => Err(TOO_DEEP.into()),
        Err(_) => Err(NOT_JSON.into()),
    }
}

/// How deep arrays and objects are nested.
fn levels(json: &str) -> usize {
    let bytes = json.as_bytes();
    let (mut at, mut depth, mut most) = (0, 0_usize, 0);
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'"' => at = end_of_string(bytes, at),
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
    }
    most
}

/// The text with a replacement character for each escape that is half of a surrogate pair
/// (RFC 8259 §8.2); `None` if there is none.
fn replace_lone_surrogates(json: &str) -> Option<String> {
    let mut out = String::new();
    let (mut at, mut copied) = (0, 0);
    while let Some(rest) = json.get(at..).filter(|rest| !rest.is_empty()) {
        if !rest.starts_with('\\') {
            at += rest.bytes().position(|byte| byte == b'\\').unwrap_or(rest.len());
            continue;
        }
        match unit(rest) {
            Some(0xD800..=0xDBFF)
                if matches!(rest.get(6..).and_then(unit), Some(0xDC00..=0xDFFF)) =>
            {
                at += 12
            }
            Some(0xD800..=0xDFFF) => {
                out.push_str(json.get(copied..at)?);
                out.push_str("\\ufffd");
                at += 6;
                copied = at;
            }
            // The escaped character may be a backslash. It may also have more than one byte: then
            // the text is not JSON.
            _ => at += 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
        }
    }
    (copied > 0).then(|| out + json.get(copied..).unwrap_or_default())
}

/// The code unit of the escape `\uXXXX` that a text begins with.
fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    u32::from_str_radix(digits, 16).ok()
}
