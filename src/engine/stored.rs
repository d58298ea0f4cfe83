//! Reads the text of a record into its type. serde's derived readers would bring a state machine
//! for each type, and a message for each mistake that nobody reads: a record that can't be read is
//! a failure of the store, whatever is wrong with it.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::fmt;

/// A value in the text of a record, which it borrows from.
pub(crate) enum Stored<'a> {
    Text(Cow<'a, str>),
    Number(u64),
    Flag(bool),
    List(Vec<Stored<'a>>),
    Object(Members<'a>),
    /// `null`, or a number that is negative or has a fraction.
    Other(Value),
}

/// The members of an object. There are few, so a list serves them best.
pub(crate) struct Members<'a>(Vec<(Stored<'a>, Stored<'a>)>);

/// What can be read from a record; `None` for a value of another type.
pub(crate) trait FromStored: Sized {
    fn read(value: Stored<'_>) -> Option<Self>;
}

/// Reads a record.
pub(crate) fn from_text<T: FromStored>(text: &str) -> Option<T> {
    parse(text).and_then(T::read)
}

fn parse(text: &str) -> Option<Stored<'_>> {
    serde_json::from_str(text).ok()
}

impl<'a> Stored<'a> {
    pub(crate) fn object(self) -> Option<Members<'a>> {
        if let Stored::Object(members) = self { Some(members) } else { None }
    }
}

impl Members<'_> {
    /// A member that must be there.
    pub(crate) fn need<T: FromStored>(&mut self, name: &str) -> Option<T> {
        self.take(name).and_then(T::read)
    }

    /// A member that is left out if it has its default.
    pub(crate) fn take_or_default<T: FromStored + Default>(&mut self, name: &str) -> Option<T> {
        self.take(name).map_or_else(|| Some(T::default()), T::read)
    }
}

impl<'a> Members<'a> {
    #[inline(never)]
    fn take(&mut self, name: &str) -> Option<Stored<'a>> {
        let is_it = |(key, _): &(Stored, Stored)| matches!(key, Stored::Text(key) if key == name);
        let at = self.0.iter().position(is_it)?;
        Some(self.0.swap_remove(at).1)
    }
}

/// How an object is read into a struct: the members that must be there, and those that are left out
/// if they have their default.
macro_rules! stored {
    ($($name:ident { $($field:ident)* } or_default { $($other:ident $($wire:literal)?)* })+) => { $(
        impl $crate::engine::stored::FromStored for $name {
            fn read(value: $crate::engine::stored::Stored<'_>) -> Option<Self> {
                #[allow(unused_mut)]
                let mut members = value.object()?;
                Some($name {
                    $($field: members.need(stringify!($field))?,)*
                    $($other: members.take_or_default(
                        $crate::engine::stored::wire_name!($other $($wire)?),
                    )?,)*
                })
            }
        }
    )+ };
}

macro_rules! wire_name {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $wire:literal) => {
        $wire
    };
}

pub(crate) use {stored, wire_name};

impl FromStored for String {
    fn read(value: Stored<'_>) -> Option<Self> {
        if let Stored::Text(text) = value { Some(text.into_owned()) } else { None }
    }
}

impl FromStored for u64 {
    fn read(value: Stored<'_>) -> Option<Self> {
        if let Stored::Number(number) = value { Some(number) } else { None }
    }
}

impl FromStored for bool {
    fn read(value: Stored<'_>) -> Option<Self> {
        if let Stored::Flag(flag) = value { Some(flag) } else { None }
    }
}

/// Anything: the record counts, and not what it says.
impl FromStored for () {
    fn read(_: Stored<'_>) -> Option<Self> {
        Some(())
    }
}

impl<T: FromStored> FromStored for Option<T> {
    fn read(value: Stored<'_>) -> Option<Self> {
        match value {
            Stored::Other(Value::Null) => Some(None),
            value => T::read(value).map(Some),
        }
    }
}

impl<T: FromStored> FromStored for Box<T> {
    fn read(value: Stored<'_>) -> Option<Self> {
        T::read(value).map(Box::new)
    }
}

impl<T: FromStored> FromStored for Vec<T> {
    fn read(value: Stored<'_>) -> Option<Self> {
        let Stored::List(items) = value else { return None };
        let mut read = Vec::with_capacity(items.len());
        for item in items {
            read.push(T::read(item)?);
        }
        Some(read)
    }
}

impl FromStored for Map<String, Value> {
    fn read(value: Stored<'_>) -> Option<Self> {
        value.object().map(Map::from)
    }
}

impl From<Members<'_>> for Map<String, Value> {
    fn from(members: Members<'_>) -> Self {
        let mut map = Map::new();
        for (key, value) in members.0 {
            if let Stored::Text(key) = key {
                map.insert(key.into_owned(), value.into());
            }
        }
        map
    }
}

impl From<Stored<'_>> for Value {
    fn from(value: Stored<'_>) -> Self {
        match value {
            Stored::Text(text) => Value::String(text.into_owned()),
            Stored::Number(number) => Value::from(number),
            Stored::Flag(flag) => Value::Bool(flag),
            Stored::List(items) => {
                let mut values = Vec::with_capacity(items.len());
                values.extend(items.into_iter().map(Value::from));
                Value::Array(values)
            }
            Stored::Object(members) => Value::Object(members.into()),
            Stored::Other(value) => value,
        }
    }
}

impl<'de> Deserialize<'de> for Stored<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Stored<'de>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("JSON")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Stored::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Stored::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Stored::Number(number))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Stored::Other(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Stored::Other(number.into()))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Stored::Flag(flag))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Stored::Other(Value::Null))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Stored::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(member) = members.next_entry()? {
            list.push(member);
        }
        Ok(Stored::Object(Members(list)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::records::{Family, Property};

    #[test]
    fn claims_come_out_of_a_record_as_they_went_in() {
        let claims = r#"{"a":[1,-2,1.5,"x\"\u00e9",true,null,[],{}],"b":{"c":{"d":18446744073709551615}},"x\ny":""}"#;
        let read: Map<String, Value> = from_text(claims).unwrap();
        assert_eq!(read, serde_json::from_str(claims).unwrap());
        let family = format!(
            r#"{{"grant":{{"client":1,"client_id":"a"}},"code":{{"hash":"h","claims":{claims}}}}}"#
        );
        let family: Family = from_text(&family).unwrap();
        assert_eq!(family.code.unwrap().claims, read);
    }

    #[test]
    fn a_record_is_read_whatever_the_order_of_its_members_and_written_as_it_was() {
        let text = r#"{"grant":{"client":7,"client_id":"a","subject":"u","claim_names":["name"],"properties":[{"key":"k","value":"v","hidden":true}],"resources":["urn:a"]},"access_token":{"hash":"h","scopes":["b"],"issued_at":1,"expires_at":2,"cnf":{"jkt":"j","x5t#S256":"x"},"chosen":true}}"#;
        let family: Family = from_text(text).unwrap();
        assert_eq!(serde_json::to_string(&family).unwrap(), text);
        let turned = r#" { "value" : "v\n", "hidden" : false, "key" : "k", "later" : 1 } "#;
        let Property { key, value, hidden } = from_text(turned).unwrap();
        assert_eq!((key.as_str(), value.as_str(), hidden), ("k", "v\n", false));
    }

    #[test]
    fn a_record_without_a_member_that_it_needs_or_with_another_type_is_not_read() {
        for text in [
            "",
            "null",
            "[]",
            "{}",
            r#"{"key":"k","value":"v"}"#,
            r#"{"key":"k","value":"v","hidden":null}"#,
            r#"{"key":"k","value":"v","hidden":"true"}"#,
            r#"{"key":"k","value":1,"hidden":true}"#,
            r#"{"key":["k"],"value":"v","hidden":true}"#,
            r#"{"key":"k","value":"v","hidden":true"#,
            r#"{"key":"k","value":"v","hidden":true}}"#,
        ] {
            assert!(from_text::<Property>(text).is_none(), "{text}");
        }
        for (number, expected) in
            [("1", Some(1)), ("-1", None), ("1.0", None), ("18446744073709551616", None)]
        {
            assert_eq!(from_text::<u64>(number), expected, "{number}");
        }
        for list in [r#"["a",1]"#, r#"{"a":"b"}"#, r#""a""#] {
            assert!(from_text::<Vec<String>>(list).is_none(), "{list}");
        }
    }
}
