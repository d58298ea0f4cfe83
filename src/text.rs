//! Small tools for text, in place of the standard library's general ones: those bring code for
//! searching and formatting with them, which would be a tenth of the operations artefact
//! (`ARCHITECTURE.md`, "What the artefacts weigh").

use crate::prelude::*;
use base64ct::{Base64Unpadded, Encoding};

/// The text before the first `separator`, and the text after it if there is one. `separator` is an
/// ASCII character.
#[inline(never)]
pub(crate) fn cut(text: &str, separator: u8) -> (&str, Option<&str>) {
    match text.bytes().position(|byte| byte == separator) {
        Some(at) => (text.get(..at).unwrap_or_default(), text.get(at + 1..)),
        None => (text, None),
    }
}

/// The pieces of a text between separators, as `str::split` gives them.
pub(crate) fn pieces(text: &str, separator: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    core::iter::from_fn(move || {
        let (piece, after) = cut(rest?, separator);
        rest = after;
        Some(piece)
    })
}

/// What a base64 text encodes (RFC 4648 §4), with its padding or without any. `None` if it is
/// malformed, or has bits that stand for nothing (§3.5).
#[cfg_attr(not(any(feature = "operations", feature = "engine")), allow(dead_code))]
#[inline(never)]
pub(crate) fn base64_decoded(text: &str) -> Option<Vec<u8>> {
    let padding = text.bytes().rev().take_while(|byte| *byte == b'=').count();
    if padding > 2 || padding > 0 && !text.len().is_multiple_of(4) {
        return None;
    }
    Base64Unpadded::decode_vec(text.get(..text.len() - padding)?).ok()
}

/// Whether the text is one or more decimal digits.
pub(crate) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The number that the digits write, if it has no more than 64 bits.
#[inline(never)]
pub(crate) fn digits(text: &str) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.bytes().try_fold(0_u64, |number, byte| {
        let digit = char::from(byte).to_digit(10)?;
        number.checked_mul(10)?.checked_add(u64::from(digit))
    })
}

/// The decimal digits of a number.
#[inline(never)]
pub(crate) fn decimal(mut number: u64) -> String {
    let mut digits = Vec::new();
    while digits.is_empty() || number > 0 {
        digits.push(b'0' + (number % 10) as u8);
        number /= 10;
    }
    digits.iter().rev().map(|digit| char::from(*digit)).collect()
}

/// The index after the closing quote of a JSON string whose content begins at `at`, or the end of a
/// truncated text.
pub(crate) fn end_of_string(bytes: &[u8], mut at: usize) -> usize {
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// Adds the text as a JSON string (RFC 8259 §7).
// Only the boundary uses it.
#[cfg_attr(any(feature = "engine", not(feature = "boundary")), allow(dead_code))]
pub(crate) fn push_quoted(out: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let is_escaped = |byte: u8| byte < 0x20 || byte == b'"' || byte == b'\\';
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.bytes().position(is_escaped) {
        out.push_str(rest.get(..at).unwrap_or_default());
        let byte = rest.as_bytes().get(at).copied().unwrap_or_default();
        out.push('\\');
        if byte < 0x20 {
            let digit = |half: u8| HEX.get(usize::from(half)).copied().map_or('0', char::from);
            out.push_str("u00");
            out.push(digit(byte >> 4));
            out.push(digit(byte & 15));
        } else {
            out.push(char::from(byte));
        }
        rest = rest.get(at + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_text_is_read_as_it_was() {
        let all: String = (0..=0x2FF).filter_map(char::from_u32).collect();
        for text in ["", "a", "\"", "\\", "a\"b\\\\c\n", "é\u{1F600}\u{0}", "ends\\", &all] {
            let mut quoted = "x".to_owned();
            push_quoted(&mut quoted, text);
            let json = quoted.strip_prefix('x').unwrap();
            assert_eq!(serde_json::from_str::<String>(json).unwrap(), text);
        }
    }

    #[test]
    fn a_text_is_cut_at_the_first_separator() {
        assert_eq!(cut("a=b=c", b'='), ("a", Some("b=c")));
        assert_eq!(cut("é=", b'='), ("é", Some("")));
        assert_eq!(cut("", b'='), ("", None));
        for text in ["", "a", "a;b", ";a;;é;", ";"] {
            assert!(pieces(text, b';').eq(text.split(';')), "{text}");
        }
    }

    #[test]
    fn numbers_are_read_and_written_in_decimal() {
        for number in [0, 7, 10, 429, u64::MAX] {
            assert_eq!(decimal(number), number.to_string());
            assert_eq!(digits(&decimal(number)), Some(number));
        }
        for bad in ["", "+1", "-1", "1.5", "18446744073709551616", "१"] {
            assert_eq!(digits(bad), None, "{bad}");
        }
        assert_eq!(digits("007"), Some(7));
    }
}
