//! Strict `application/x-www-form-urlencoded` (RFC 6749 Appendix B): what is not UTF-8 is an error,
//! never U+FFFD, so that two different wire values can't compare equal.

use crate::prelude::*;
use crate::text::{cut, pieces};

/// A piece of form encoding that is not UTF-8 text: a bad escape, or bytes that are not UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// Decodes one name or value: `+` is a space, `%XX` a byte, the whole must be UTF-8.
///
/// # Errors
/// [`Malformed`] for `%` without two hexadecimal digits, and for bytes that are not UTF-8 (overlong
/// forms and surrogates included).
pub fn decode(text: &str) -> Result<String, Malformed> {
    String::from_utf8(unescape(text, b' ')?).map_err(|_| Malformed)
}

/// The bytes that a name or value stands for, UTF-8 or not. `plus` is what `+` stands for: a space,
/// but in a URL's path or a header itself.
///
/// # Errors
/// [`Malformed`] for `%` without two hexadecimal digits.
pub(crate) fn unescape(text: &str, plus: u8) -> Result<Vec<u8>, Malformed> {
    // Most names and values have nothing to decode.
    if !text.bytes().any(|byte| matches!(byte, b'+' | b'%')) {
        return Ok(text.into());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => plus,
            b'%' => hex(rest.next())? << 4 | hex(rest.next())?,
            other => other,
        });
    }
    Ok(bytes)
}

/// The parameters of a form body, in order, names decoded and values as they came: a bad value of
/// an unknown parameter does not matter. A name that can't be decoded can't be a known one, and is
/// left out. Only `&` separates.
pub fn parameters(body: &str) -> impl Iterator<Item = (String, &str)> {
    pieces(body, b'&').filter(|pair| !pair.is_empty()).filter_map(|pair| {
        let (name, value) = cut(pair, b'=');
        Some((decode(name).ok()?, value.unwrap_or_default()))
    })
}

/// Whether a content type is that of a form in UTF-8 (RFC 9110 §8.3.1). A comma means that two
/// headers were joined.
#[cfg(any(feature = "operations", feature = "engine"))]
pub(crate) fn is_content_type(value: &str) -> bool {
    let (media_type, parameters) = cut(value, b';');
    let utf8 = pieces(parameters.unwrap_or_default(), b';').all(|parameter| {
        let (name, Some(value)) = cut(parameter, b'=') else { return true };
        let value = value.trim_ascii();
        let value =
            value.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or(value);
        // Bytes that are not UTF-8 are refused anyway.
        !name.trim_ascii().eq_ignore_ascii_case("charset")
            || ["utf-8", "utf8", "us-ascii"]
                .iter()
                .any(|charset| value.eq_ignore_ascii_case(charset))
    });
    media_type.trim_ascii().eq_ignore_ascii_case("application/x-www-form-urlencoded")
        && utf8
        && value.bytes().all(|byte| byte != b',')
}

fn hex(byte: Option<u8>) -> Result<u8, Malformed> {
    let digit = byte.and_then(|b| char::from(b).to_digit(16)).ok_or(Malformed)?;
    u8::try_from(digit).map_err(|_| Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_plus_and_percent_escapes_of_utf8() {
        assert_eq!(decode("p%40ss+w%C3%B6rd"), Ok("p@ss wörd".into()));
    }

    #[test]
    fn refuses_what_is_not_utf8() {
        for bad in ["%ff", "%c0%ae", "%ed%a0%80", "%a", "%zz", "%", "%+1"] {
            assert_eq!(decode(bad), Err(Malformed), "{bad}");
        }
    }

    #[test]
    fn splits_at_ampersands_and_at_the_first_equals_sign_only() {
        let all: Vec<_> = parameters("&&a=1=2&b&=c&a=%zz;x=1&").collect();
        assert_eq!(
            all,
            [("a".into(), "1=2"), ("b".into(), ""), (String::new(), "c"), ("a".into(), "%zz;x=1")]
        );
    }
}
