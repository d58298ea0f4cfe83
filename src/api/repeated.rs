//! Members that stand twice in a JSON object. Parsers disagree about which of the two counts (RFC 8259 §4), so an answer that can be read in two
//! ways is read in none.

use crate::text::end_of_string;

/// How often the outermost object of a JSON text has a member, and what its value begins with where it stands last. Only a name that is written without escapes
/// is seen.
pub(crate) fn find(json: &str, name: &str) -> (usize, Option<u8>) {
    let bytes = json.as_bytes();
    let (mut at, mut depth, mut found, mut value) = (0, 0_usize, 0, None);
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'"' => {
                let start = at;
                at = end_of_string(bytes, at);
                let is_name = depth == 1 && json.get(start..at.saturating_sub(1)) == Some(name);
                let mut rest = bytes.iter().skip(at).filter(|byte| !byte.is_ascii_whitespace());
                if is_name && rest.next() == Some(&b':') {
                    found += 1;
                    value = rest.next().copied();
                }
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    (found, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_repeated(json: &str, name: &str) -> bool {
        find(json, name).0 > 1
    }

    #[test]
    fn a_value_is_known_by_how_it_begins() {
        assert_eq!(find(r#"{"action" : "OK","x":{"action":1}}"#, "action"), (1, Some(b'"')));
        assert_eq!(find(r#"{"action":"a","action":7}"#, "action"), (2, Some(b'7')));
        assert_eq!(find(r#"{"x":1,"action":"#, "action"), (1, None));
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
