//! The elements of a DER encoding (X.690), one level at a time.

use der::asn1::UintRef;
use der::{AnyRef, Decode, Reader, SliceReader};

/// The identifier octets (X.690 §8.1.2) of the types that certificates are made of.
pub(super) mod tag {
    pub(crate) const BOOLEAN: u8 = 0x01;
    pub(crate) const INTEGER: u8 = 0x02;
    pub(crate) const BIT_STRING: u8 = 0x03;
    pub(crate) const OCTET_STRING: u8 = 0x04;
    pub(crate) const NULL: u8 = 0x05;
    pub(crate) const OID: u8 = 0x06;
    pub(crate) const UTF8_STRING: u8 = 0x0c;
    pub(crate) const NUMERIC_STRING: u8 = 0x12;
    pub(crate) const PRINTABLE_STRING: u8 = 0x13;
    pub(crate) const TELETEX_STRING: u8 = 0x14;
    pub(crate) const IA5_STRING: u8 = 0x16;
    pub(crate) const UTC_TIME: u8 = 0x17;
    pub(crate) const VISIBLE_STRING: u8 = 0x1a;
    pub(crate) const SEQUENCE: u8 = 0x30;
    pub(crate) const SET: u8 = 0x31;
}

/// An element: a tag, a length and a value.
#[derive(Clone, Copy)]
pub(super) struct Element<'a> {
    /// The first of its bytes.
    pub(super) tag: u8,
    pub(super) value: &'a [u8],
    /// Tag, length and value.
    pub(super) whole: &'a [u8],
}

impl<'a> Element<'a> {
    /// The only element of an encoding.
    pub(super) fn only(der: &'a [u8]) -> Option<Self> {
        match elements(der)?.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// The value, if the element is of this type.
    pub(super) fn of(self, tag: u8) -> Option<&'a [u8]> {
        (self.tag == tag).then_some(self.value)
    }

    /// The elements inside it, if it is of this type.
    pub(super) fn inside(self, tag: u8) -> Option<Vec<Element<'a>>> {
        elements(self.of(tag)?)
    }

    /// The bytes of a bit string of whole bytes.
    pub(super) fn bytes(self) -> Option<&'a [u8]> {
        self.of(tag::BIT_STRING)?.strip_prefix(&[0])
    }

    /// The bytes of an integer that is not negative, without leading zeros.
    pub(super) fn unsigned(self) -> Option<&'a [u8]> {
        UintRef::from_der(self.whole).ok().map(|number| number.as_bytes())
    }
}

/// All elements of an encoding, one after the other.
fn elements(der: &[u8]) -> Option<Vec<Element<'_>>> {
    let mut reader = SliceReader::new(der).ok()?;
    let mut elements = Vec::new();
    while !reader.is_finished() {
        let whole = reader.tlv_bytes().ok()?;
        let value = AnyRef::from_der(whole).ok()?.value();
        elements.push(Element { tag: *whole.first()?, value, whole });
    }
    Some(elements)
}
