//! JSON objects in which no member appears twice. Parsers disagree about which of the two counts
//! (RFC 8259 §4), so what is signed, or decides how a signature is checked, must have only one
//! reading (RFC 7515 §4, RFC 7519 §4).

use crate::text::end_of_string;
use serde_json::{Map, Value};

/// The object of a JSON text in UTF-8. `None` for anything else, for a member that appears twice at
/// any depth, and for deep nesting.
pub(crate) fn object(text: &[u8]) -> Option<Map<String, Value>> {
    let members = members(std::str::from_utf8(text).ok()?)?;
    // Of two members with the same name the parser keeps one: then the text has more members than
    // the object.
    (written(text) == members_of(&members)).then_some(members)
}

/// The object of a JSON text; `None` for anything else. `Map`'s own reader would bring the messages
/// about wrong types.
pub(crate) fn members(text: &str) -> Option<Map<String, Value>> {
    match serde_json::from_str(text).ok()? {
        Value::Object(members) => Some(members),
        _ => None,
    }
}

/// An object of these members. `json!` would bring an `unwrap`, with what that prints.
pub(crate) fn object_of<'a>(members: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    let mut object = Map::new();
    for (name, value) in members {
        object.insert(name.to_owned(), value);
    }
    Value::Object(object)
}

/// The text of a value. `Value`'s own `Display` would bring two more serializers.
pub(crate) fn text_of(value: &Value) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// How many members a JSON text has: each has a colon outside of strings.
fn written(text: &[u8]) -> usize {
    let (mut at, mut found) = (0, 0);
    while let Some(&byte) = text.get(at) {
        at += 1;
        match byte {
            b'"' => at = end_of_string(text, at),
            b':' => found += 1,
            _ => {}
        }
    }
    found
}

/// How many members an object has, with those of all objects in it.
fn members_of(members: &Map<String, Value>) -> usize {
    members.len() + members.values().map(inside).sum::<usize>()
}

fn inside(value: &Value) -> usize {
    match value {
        Value::Object(members) => members_of(members),
        Value::Array(items) => items.iter().map(inside).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_object_is_read_as_it_stands() {
        let text = br#" {"a":[1,-2,1.5,"x\u00e9",true,null],"b":{"a":{}},"c:\"":"\\\":" , "d" : {"e":[{"a":"::"},{"a":[]}]}} "#;
        let expected = json!({
            "a": [1, -2, 1.5, "x\u{e9}", true, null], "b": { "a": {} }, "c:\"": "\\\":", "d": { "e": [{ "a": "::" }, { "a": [] }] },
        });
        assert_eq!(object(text).map(Value::Object), Some(expected));
    }

    #[test]
    fn what_can_be_read_in_two_ways_or_is_no_object_is_not_read() {
        for text in [
            r#"{"alg":"none","alg":"RS256"}"#,
            r#"{"alg":"RS256","\u0061lg":"RS256"}"#,
            r#"{"a":[{"b":1,"b":1}]}"#,
            r#"{"a":[{"b":":","b":":"}],"c":"\"::"}"#,
            "null",
            "[]",
            "1",
            "",
            "{",
            r#"{"a":1}x"#,
            r#"{"a":1,}"#,
            r#"{"a":1e400}"#,
            r#"{"a":NaN}"#,
            r#"{"a":"\ud800"}"#,
            "\u{feff}{}",
        ] {
            assert!(object(text.as_bytes()).is_none(), "{text}");
        }
        assert!(object(b"{\"a\":\"\xff\"}").is_none());
    }

    #[test]
    fn deep_nesting_is_refused_before_it_costs_a_stack() {
        let deep = |open: &str, close: &str| {
            format!("{{\"a\":{}1{}}}", open.repeat(10_000), close.repeat(10_000))
        };
        assert!(object(deep("[", "]").as_bytes()).is_none());
        assert!(object(deep("{\"a\":", "}").as_bytes()).is_none());
    }
}
