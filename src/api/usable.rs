//! Which answers are usable: the one rule, for Rust users here and for JavaScript in
//! `src/wasm/operations/answer.rs`. Both are proved by `tests/fixtures/vectors.answers.json`.
//!
//! Nothing that Authlete sends is lost, and an answer is refused only when nobody could act on it:
//!
//! - it is a JSON object in UTF-8 without a byte order mark, nested no deeper than [`MOST_LEVELS`];
//! - `action` is there;
//! - each of [`DECISIVE`] that is there is a string, and is there once only: parsers disagree about
//!   which of two counts.
//!
//! A member that is `null` is absent. Any other member may be of any type: if its type is not the
//! documented one, it is passed on as it came.

use super::repeated::{is_repeated, is_written_otherwise};
use crate::prelude::*;
use serde_json::{Map, Value};

/// How deep arrays and objects may be nested: as deep as `serde_json` reads.
pub(crate) const MOST_LEVELS: usize = 127;

/// The members that decide what is done with an answer.
pub(crate) const DECISIVE: [&str; 5] =
    ["action", "responseContent", "ticket", "dpopNonce", "attestationChallenge"];

/// What is wrong with an answer, after "the answer …".
pub(crate) const NOT_UTF8: &str = "is not UTF-8";
/// The text is not JSON.
pub(crate) const NOT_JSON: &str = "is not valid JSON";
/// It is some other JSON value.
pub(crate) const NOT_AN_OBJECT: &str = "is not a JSON object";
/// It has more levels than [`MOST_LEVELS`].
pub(crate) const TOO_DEEP: &str = "is nested too deeply";
/// There is no `action`.
pub(crate) const NO_ACTION: &str = "has no action";

/// The problem of a member of [`DECISIVE`] that is there more than once.
pub(crate) fn repeated(name: &str) -> String {
    ["has the member ", name, " twice"].concat()
}

/// The problem of a member of [`DECISIVE`] that is not a string.
pub(crate) fn not_a_string(name: &str) -> String {
    ["has a member ", name, " that is not a string"].concat()
}

/// Checks the members of an answer; `body` is its text.
pub(super) fn check(
    body: &[u8],
    members: Map<String, Value>,
) -> Result<Map<String, Value>, String> {
    let text = core::str::from_utf8(body).unwrap_or_default();
    for name in DECISIVE {
        if is_repeated(text, name) {
            return Err(repeated(name));
        }
        match members.get(name) {
            None | Some(Value::Null) if name == "action" => return Err(NO_ACTION.into()),
            None | Some(Value::Null) => {}
            // A number that would have been rounded is a string by now.
            Some(Value::String(_)) if !is_written_otherwise(text, name) => {}
            Some(_) => return Err(not_a_string(name)),
        }
    }
    Ok(members)
}
