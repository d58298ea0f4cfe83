//! Members that appear twice in a JSON object. Parsers disagree about which of the two counts
//! (RFC 8259 §4), so an answer that can be read in two ways is refused.

use crate::text::end_of_string;

/// Whether the outermost object of a JSON text has a member more than once. Only names written
/// without escapes are found.
pub(crate) fn is_repeated(json: &str, name: &str) -> bool {
    let mut found = 0;
    each_value(json, name, |_| found += 1);
    found > 1
}

/// Whether the value of a member of the outermost object is written as something other than a
/// string.
pub(super) fn is_written_otherwise(json: &str, name: &str) -> bool {
    let mut otherwise = false;
    each_value(json, name, |first| otherwise = first.is_some_and(|byte| byte != b'"'));
    otherwise
}

/// Calls `visit` with the first byte of each value of a member of the outermost object.
fn each_value(json: &str, name: &str, mut visit: impl FnMut(Option<u8>)) {
    let bytes = json.as_bytes();
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'"' => {
                let start = at;
                at = end_of_string(bytes, at);
                let is_name = depth == 1 && json.get(start..at.saturating_sub(1)) == Some(name);
                let mut rest = bytes.iter().skip(at).filter(|byte| !byte.is_ascii_whitespace());
                if is_name && rest.next() == Some(&b':') {
                    visit(rest.next().copied());
                }
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_known_by_how_it_begins() {
        assert!(!is_written_otherwise(r#"{"action" : "OK","x":{"action":1}}"#, "action"));
        assert!(is_written_otherwise(r#"{"x":"\"action\":\"\"","action" : 7}"#, "action"));
        assert!(!is_written_otherwise(r#"{"x":1,"action":"#, "action"));
    }

    #[test]
    fn a_member_that_stands_twice_in_the_outermost_object_is_found() {
        for json in [
            r#"{"action":"OK","action":"BAD_REQUEST"}"#,
            "{\"a\":[{}],\"action\" : 1 ,\"b\":{\"c\":\"}\"}, \"action\"\n:2}",
            r#"{"action":"OK","x":"\\","action":null}"#,
        ] {
            assert!(is_repeated(json, "action") && !is_repeated(json, "ticket"), "{json}");
        }
    }

    #[test]
    fn nested_members_values_and_other_names_do_not_count() {
        for json in [
            r#"{"action":"OK","properties":[{"action":1},{"action":2}],"x":{"action":3}}"#,
            r#"{"action":"action","x":"\"action\":","y":["action","action"]}"#,
            r#"{"action":"OK","actions":1,"b":2,"b":3}"#,
            r#"{"action":"OK","x":"\"#,
            "",
            "]]{{",
        ] {
            assert!(!is_repeated(json, "action"), "{json}");
        }
    }
}
