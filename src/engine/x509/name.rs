//! Distinguished names: as a registration writes them (RFC 4514), compared with those of
//! certificates.

use super::element::{Element, tag};
use der::asn1::ObjectIdentifier;

/// The short names of attribute types (RFC 4514 §3, RFC 4519 §2, RFC 2985 §5.2.1, and
/// `organizationIdentifier` of ETSI EN 319 412-1 §5.1.4).
const TYPES: [(&str, &str); 20] = [
    ("CN", "2.5.4.3"),
    ("SN", "2.5.4.4"),
    ("surname", "2.5.4.4"),
    ("serialNumber", "2.5.4.5"),
    ("C", "2.5.4.6"),
    ("L", "2.5.4.7"),
    ("ST", "2.5.4.8"),
    ("S", "2.5.4.8"),
    ("STREET", "2.5.4.9"),
    ("O", "2.5.4.10"),
    ("OU", "2.5.4.11"),
    ("title", "2.5.4.12"),
    ("GN", "2.5.4.42"),
    ("givenName", "2.5.4.42"),
    ("organizationIdentifier", "2.5.4.97"),
    ("DC", "0.9.2342.19200300.100.1.25"),
    ("UID", "0.9.2342.19200300.100.1.1"),
    ("emailAddress", "1.2.840.113549.1.9.1"),
    ("E", "1.2.840.113549.1.9.1"),
    ("dnQualifier", "2.5.4.46"),
];
const TYPE: &str = "has an attribute type that is neither known by name nor dotted decimal";
const VALUE: &str = "has an attribute value that is not as RFC 4514 has it";

/// A distinguished name, in the order of certificates: the reverse of its text.
pub(crate) struct DistinguishedName(Vec<Vec<Attribute>>);

#[derive(PartialEq, Eq)]
struct Attribute {
    /// The content of the object identifier of its type.
    kind: Vec<u8>,
    value: Value,
}

#[derive(PartialEq, Eq)]
enum Value {
    /// A text, ready for a comparison.
    Text(String),
    /// The DER of a value that is not a text.
    Other(Vec<u8>),
}

impl DistinguishedName {
    /// Reads the text (RFC 4514 §3), also with spaces around the separators, as many write it
    /// (RFC 2253 §4). An error says what is wrong.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let mut names = vec![Vec::new()];
        let mut rest = text;
        loop {
            let (name, value) = rest.split_once('=').ok_or(TYPE)?;
            let kind = attribute_type(name.trim_matches(' ')).ok_or(TYPE)?;
            let (value, separator, after) = attribute_value(value.trim_start_matches(' '))?;
            if let Some(last) = names.last_mut() {
                last.push(Attribute { kind, value });
            }
            match separator {
                Some('+') => {}
                Some(_) => names.push(Vec::new()),
                None => break,
            }
            rest = after;
        }
        names.reverse();
        Ok(DistinguishedName(names))
    }

    /// Whether it is the name of a certificate, of which this is the DER: the same sequence, in
    /// each place the same set of attributes (RFC 5280 §7.1).
    pub(super) fn is(&self, name: &[u8]) -> bool {
        let Some(theirs) = Element::only(name).and_then(|name| name.inside(tag::SEQUENCE)) else {
            return false;
        };
        theirs.len() == self.0.len()
            && self.0.iter().zip(theirs).all(|(ours, theirs)| {
                let Some(theirs) = relative_name(theirs) else { return false };
                let all = |some: &[Attribute], others: &[Attribute]| {
                    some.iter().all(|one| others.contains(one))
                };
                ours.len() == theirs.len() && all(ours, &theirs) && all(&theirs, ours)
            })
    }
}

/// The attributes at one place of a name.
fn relative_name(set: Element<'_>) -> Option<Vec<Attribute>> {
    let mut attributes = Vec::new();
    for attribute in set.inside(tag::SET)? {
        let [kind, value] = attribute.inside(tag::SEQUENCE)?.try_into().ok()?;
        attributes.push(Attribute { kind: kind.of(tag::OID)?.to_vec(), value: Value::of(value) });
    }
    Some(attributes)
}

impl Value {
    fn of(element: Element<'_>) -> Self {
        text_of(element).map_or_else(|| Value::Other(element.whole.to_vec()), Value::text)
    }

    /// Prepared for `caseIgnoreMatch` (RFC 4517 §4.2.11, RFC 4518 §2): without regard to case and
    /// to the number of spaces. Letters outside ASCII are compared as they are.
    fn text(text: &str) -> Self {
        let words: Vec<_> = text.split_ascii_whitespace().collect();
        Value::Text(words.join(" ").to_ascii_lowercase())
    }
}

/// The text of a value of a string type.
fn text_of(element: Element<'_>) -> Option<&str> {
    let is_text = match element.tag {
        tag::UTF8_STRING
        | tag::PRINTABLE_STRING
        | tag::IA5_STRING
        | tag::NUMERIC_STRING
        | tag::VISIBLE_STRING => true,
        // Nobody agrees on its other characters.
        tag::TELETEX_STRING => element.value.is_ascii(),
        _ => false,
    };
    std::str::from_utf8(element.value).ok().filter(|_| is_text)
}

/// The object identifier of a type, by its name or its numbers.
fn attribute_type(name: &str) -> Option<Vec<u8>> {
    let known = TYPES.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    let oid = ObjectIdentifier::new(known.map_or(name, |(_, oid)| oid)).ok()?;
    Some(oid.as_bytes().to_vec())
}

/// Reads a value up to the next separator: the value, the separator, and what follows.
fn attribute_value(text: &str) -> Result<(Value, Option<char>, &str), &'static str> {
    let mut bytes = Vec::new();
    // How many of the bytes are kept whatever follows: spaces at the end don't count.
    let mut kept = 0;
    let mut rest = text.chars();
    let separator = loop {
        match rest.next() {
            None => break None,
            Some(separator @ (',' | '+')) => break Some(separator),
            Some('\\') => {
                bytes.push(escaped(&mut rest).ok_or(VALUE)?);
                kept = bytes.len();
            }
            Some('"' | ';' | '<' | '>' | '\0') => return Err(VALUE),
            Some(plain) => {
                bytes.extend_from_slice(plain.encode_utf8(&mut [0; 4]).as_bytes());
                kept = if plain == ' ' { kept } else { bytes.len() };
            }
        }
    };
    bytes.truncate(kept);
    let value = String::from_utf8(bytes).map_err(|_| VALUE)?;
    let value = match value.strip_prefix('#').filter(|_| text.starts_with('#')) {
        Some(hex) => {
            let der = from_hex(hex).ok_or(VALUE)?;
            Value::of(Element::only(&der).ok_or(VALUE)?)
        }
        None if value.is_empty() => return Err(VALUE),
        None => Value::text(&value),
    };
    Ok((value, separator, rest.as_str()))
}

/// What a backslash stands before: a special character, or the two digits of a byte.
fn escaped(rest: &mut std::str::Chars<'_>) -> Option<u8> {
    match rest.next()? {
        special @ (' ' | '"' | '#' | '+' | ',' | ';' | '<' | '=' | '>' | '\\') => {
            u8::try_from(special).ok()
        }
        high => hex_byte(high, rest.next()?),
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let mut digits = text.chars();
    let mut bytes = Vec::new();
    while let Some(high) = digits.next() {
        bytes.push(hex_byte(high, digits.next()?)?);
    }
    Some(bytes)
}

fn hex_byte(high: char, low: char) -> Option<u8> {
    u8::try_from(high.to_digit(16)? << 4 | low.to_digit(16)?).ok()
}
