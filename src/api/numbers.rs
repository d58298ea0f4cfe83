//! Integers that a JavaScript number can't hold: quoted in the JSON text itself, before
//! `JSON.parse` can round them.

use crate::prelude::*;
use crate::text::{cut, digits, end_of_string, is_digits};

/// The largest integer that an IEEE 754 double distinguishes from its neighbours: 2^53 − 1.
const MAX_SAFE: u64 = 9_007_199_254_740_991;

/// Every decimal with no more significant digits than this survives the conversion to a double and
/// back.
const SAFE_DIGITS: usize = 15;
/// The significant digits of the largest numbers that still round to the largest double,
/// 1.7976931348623157e308.
const LARGEST: &str = "17976931348623158079";

/// The text with each integer that a double would round, and each number it would turn into
/// infinity, put in quotes; `None` if there is none. Strings are never touched, numbers with a
/// fraction stay floats, and text that is not JSON does not become JSON. One pass, no recursion.
#[cfg_attr(
    not(all(target_arch = "wasm32", feature = "boundary", feature = "operations")),
    allow(dead_code)
)]
pub(crate) fn quote_unsafe_integers(json: &str) -> Option<String> {
    quote(json, |_, integer| digits(integer).is_some_and(|value| value <= MAX_SAFE))
}

/// The same for a reader with 64-bit integers.
pub(crate) fn quote_wide_integers(json: &str) -> Option<String> {
    quote(json, |negative, integer| {
        digits(integer).is_some_and(|value| !negative || value <= 1 << 63)
    })
}

/// `holds` gets the sign of an integer (is it negative?) and its digits, and says whether it stays
/// exact without quotes.
fn quote(json: &str, holds: impl Fn(bool, &str) -> bool) -> Option<String> {
    let bytes = json.as_bytes();
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => at = end_of_string(bytes, at + 1),
            b'-' | b'0'..=b'9' => {
                let end = end_of_number(bytes, at);
                let token = json.get(at..end).unwrap_or_default();
                if is_unsafe(token, &holds) && !is_name(bytes, end) {
                    out.push_str(json.get(copied..at).unwrap_or_default());
                    out.extend(["\"", token, "\""]);
                    copied = end;
                }
                at = end;
            }
            _ => at += 1,
        }
    }
    (copied > 0).then(|| {
        out.push_str(json.get(copied..).unwrap_or_default());
        out
    })
}

fn end_of_number(bytes: &[u8], start: usize) -> usize {
    let tail = bytes.iter().skip(start);
    start
        + tail
            .take_while(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
            .count()
}

/// Whether a colon follows: a number as a member name is not JSON, and quotes must not make it
/// JSON.
fn is_name(bytes: &[u8], end: usize) -> bool {
    bytes.iter().skip(end).find(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) == Some(&b':')
}

/// Whether a token is a JSON number (RFC 8259 §6) that would be rounded, or become infinity.
fn is_unsafe(token: &str, holds: &impl Fn(bool, &str) -> bool) -> bool {
    let unsigned = token.strip_prefix('-').unwrap_or(token);
    let (mantissa, exponent) = match cut(unsigned, b'e') {
        (_, None) => cut(unsigned, b'E'),
        cut => cut,
    };
    let (integer, fraction) = cut(mantissa, b'.');
    let well_formed = is_digits(integer)
        && (integer == "0" || !integer.starts_with('0'))
        && fraction.is_none_or(is_digits)
        && exponent.is_none_or(|text| is_digits(unsigned_part(text)));
    if !well_formed {
        return false;
    }
    match (fraction, exponent) {
        (None, None) => !holds(token.len() > unsigned.len(), integer),
        (None, Some(exponent)) if !exponent.starts_with('-') => {
            overflows(integer, "", exponent) || significant_digits(integer) > SAFE_DIGITS
        }
        _ => overflows(integer, fraction.unwrap_or_default(), exponent.unwrap_or("0")),
    }
}

/// Whether a number is beyond the largest double. It is not parsed: the standard library's parser
/// for floats is larger than this file's code.
fn overflows(integer: &str, fraction: &str, exponent: &str) -> bool {
    let all = [integer, fraction].concat();
    let zeros = all.bytes().take_while(|byte| *byte == b'0').count();
    let significant = all.get(zeros..).unwrap_or_default();
    if significant.is_empty() {
        return false;
    }
    let negative = exponent.starts_with('-');
    let exponent = digits(unsigned_part(exponent)).and_then(|value| i64::try_from(value).ok());
    let Some(exponent) = exponent.map(|value| if negative { -value } else { value }) else {
        return !negative;
    };
    // The number is 0.significant × 10^magnitude.
    let point = i64::try_from(integer.len()).unwrap_or(i64::MAX);
    let magnitude =
        point.saturating_sub(i64::try_from(zeros).unwrap_or(i64::MAX)).saturating_add(exponent);
    magnitude > 309 || (magnitude == 309 && significant > LARGEST)
}

/// An exponent without its sign.
fn unsigned_part(exponent: &str) -> &str {
    exponent.strip_prefix(['+', '-']).unwrap_or(exponent)
}

/// How many digits an integer has without the zeros at its end.
fn significant_digits(integer: &str) -> usize {
    integer.len() - integer.bytes().rev().take_while(|byte| *byte == b'0').count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::IgnoredAny;

    fn quoted(json: &str) -> String {
        quote_unsafe_integers(json).unwrap_or_else(|| "unchanged".into())
    }

    #[test]
    fn integers_beyond_the_safe_range_become_strings() {
        for (json, expected) in [
            ("9007199254740991", "unchanged"),
            ("9007199254740992", r#""9007199254740992""#),
            ("9007199254740993", r#""9007199254740993""#),
            ("-9007199254740991", "unchanged"),
            ("-9007199254740993", r#""-9007199254740993""#),
            (r#"{"a":9223372036854775807}"#, r#"{"a":"9223372036854775807"}"#),
            ("[18446744073709551616 , 1]", r#"["18446744073709551616" , 1]"#),
            (
                r#"[[{"é":[99999999999999999999]}],-0,0]"#,
                r#"[[{"é":["99999999999999999999"]}],-0,0]"#,
            ),
            ("[9007199254740993,9007199254740993]", r#"["9007199254740993","9007199254740993"]"#),
        ] {
            assert_eq!(quoted(json), expected, "{json}");
        }
    }

    #[test]
    fn exponents_are_quoted_when_a_double_overflows_or_rounds() {
        for (json, expected) in [
            ("[1e400]", r#"["1e400"]"#),
            ("[1.7976931348623159e308]", r#"["1.7976931348623159e308"]"#),
            (
                "[-0.00001E+315,1e99999999999999999999]",
                r#"["-0.00001E+315","1e99999999999999999999"]"#,
            ),
            ("[-1E+309]", r#"["-1E+309"]"#),
            ("[1.5e400]", r#"["1.5e400"]"#),
            ("[12345678901234567e1]", r#"["12345678901234567e1"]"#),
            ("[1e21,5e3,100000000000000000000e2,0e999,1e-400,12345678901234567e-3]", "unchanged"),
        ] {
            assert_eq!(quoted(json), expected, "{json}");
        }
    }

    #[test]
    fn floats_and_the_digits_in_strings_are_left_alone() {
        for json in [
            "[1.5,0.1234567890123456789,-12345678901234567.5,1.7e308,1.7976931348623157e308,0.00001e313,0e999,1e-999]",
            r#"{"a":"9007199254740993","9007199254740993":1}"#,
            r#"["\"9007199254740993","\\","\\\" 9007199254740993 \\"]"#,
            r#"["ü 9007199254740993 \u0022 9007199254740993"]"#,
            "",
            "null",
        ] {
            assert_eq!(quoted(json), "unchanged", "{json}");
        }
        assert_eq!(quoted(r#"["\\",9007199254740993,"\""]"#), r#"["\\","9007199254740993","\""]"#);
    }

    #[test]
    fn what_is_not_json_does_not_become_json() {
        for json in [
            "{9007199254740993:1}",
            "{9007199254740993 \n:1}",
            "[00009007199254740993]",
            "[+9007199254740993]",
        ] {
            assert!(serde_json::from_str::<IgnoredAny>(&quoted(json)).is_err(), "{json}");
        }
        let sample = r#"{"a":9007199254740993,"b":["\"9007199254740993\\",-1e400,2.5e-1],"é":{}}"#;
        for (at, old) in sample.char_indices() {
            let (before, after) = (&sample[..at], &sample[at + old.len_utf8()..]);
            for new in ["", "\"", "\\", ":", ",", "{", "]", "0", "-", "e", ".", " ", "ü"] {
                for text in [format!("{before}{new}{after}"), format!("{before}{new}")] {
                    let valid = |text: &str| serde_json::from_str::<IgnoredAny>(text).is_ok();
                    let result = quote_unsafe_integers(&text).unwrap_or_else(|| text.clone());
                    assert_eq!(valid(&text), valid(&result), "{text} became {result}");
                }
            }
        }
    }

    #[test]
    fn long_and_deep_texts_are_read_in_one_pass() {
        let deep = format!("{}9007199254740993{}", "[".repeat(500_000), "]".repeat(500_000));
        assert_eq!(quoted(&deep).len(), deep.len() + 2);
        let long = "9".repeat(1_000_000);
        assert_eq!(quoted(&long).len(), long.len() + 2);
        assert_eq!(quoted(&"1 ".repeat(500_000)), "unchanged");
    }
}
