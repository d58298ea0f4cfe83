//! The single source of truth for the wire: `model!` and `open_enum!` write a type once, and it
//! becomes a serde type *and* a [`Schema`].
//!
//! Rust code works with the type. The WebAssembly boundary checks JavaScript objects with the
//! schema, and the TypeScript declarations are generated from it.

use crate::prelude::*;
use serde_json::{Map, Value};

/// A JSON object type of Authlete's API.
#[derive(Debug)]
pub struct Schema {
    /// The public type name, in Rust and in TypeScript.
    pub name: &'static str,
    /// The known members.
    pub fields: &'static [Field],
    /// The documentation of the type. Not in WebAssembly, where nobody reads it.
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
}

/// A member of a JSON object type.
#[derive(Debug)]
pub struct Field {
    /// The member name on the wire.
    pub name: &'static str,
    /// What its value must be.
    pub value_type: ValueType,
    /// Whether a request without it is refused before it is sent.
    pub required: bool,
    /// The documentation of the member.
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
}

/// What the value of a member must be.
#[derive(Debug, Clone, Copy)]
pub enum ValueType {
    /// A string.
    Text,
    /// An identifier in a request: a string on the wire; JavaScript callers may give a number or a
    /// bigint.
    Id,
    /// An identifier in a response: an integer of up to 64 bits, which a JavaScript number may not
    /// be able to hold.
    NumericId,
    /// An integer: a duration in seconds or a point in time.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// An array of strings.
    TextArray,
    /// An object.
    Object(&'static Schema),
    /// An array of objects.
    ObjectArray(&'static Schema),
    /// An object of one type or of the other; Authlete's versions disagree.
    EitherObject(&'static Schema, &'static Schema),
    /// An array of objects, or of strings that name them; Authlete's versions disagree.
    ObjectOrTextArray(&'static Schema),
    /// A string from an open set: other values are accepted too.
    Enum(&'static Enumeration),
}

/// The known values of an open set of strings.
#[derive(Debug)]
pub struct Enumeration {
    /// The public type name, in Rust and in TypeScript.
    pub name: &'static str,
    /// The known values, each with its documentation.
    #[cfg(not(target_arch = "wasm32"))]
    pub values: &'static [(&'static str, &'static str)],
    /// The documentation of the set.
    #[cfg(not(target_arch = "wasm32"))]
    pub doc: &'static str,
}

/// A Rust type that models can use: its place in the schema, and what the code of the models needs
/// from a value.
pub(crate) trait Wire {
    const TYPE: ValueType;
    const REQUIRED: bool = true;

    /// Whether the member is left out of the JSON.
    fn absent(&self) -> bool {
        false
    }

    /// The text of a string value. Debugging output uses it for the few members that are safe to
    /// show.
    fn text(&self) -> Option<&str> {
        None
    }
}

impl Wire for String {
    const TYPE: ValueType = ValueType::Text;
    fn text(&self) -> Option<&str> {
        Some(self)
    }
}

impl Wire for i64 {
    const TYPE: ValueType = ValueType::Integer;
}

impl Wire for bool {
    const TYPE: ValueType = ValueType::Boolean;
}

impl Wire for Vec<String> {
    const TYPE: ValueType = ValueType::TextArray;
}

impl<T: Wire> Wire for Option<T> {
    const TYPE: ValueType = T::TYPE;
    const REQUIRED: bool = false;
    fn absent(&self) -> bool {
        self.is_none()
    }
    fn text(&self) -> Option<&str> {
        self.as_ref().and_then(Wire::text)
    }
}

/// A type made by `model!`.
pub(crate) trait Model {
    const MODEL: &'static Schema;
}

impl<T: Model> Wire for Vec<T> {
    const TYPE: ValueType = ValueType::ObjectArray(T::MODEL);
}

/// A type made by `model!` for answers and their parts.
pub(crate) trait ResponseModel: Model {
    /// Takes the known members that have the documented type; all others are kept as they came.
    /// `null` is absent.
    fn from_members(members: Map<String, Value>) -> Self;
}

/// A member of a request: required, unless its type is an `Option`.
pub(crate) trait Member: Sized {
    /// Takes the member out of those of a request. `None` if it is required and not there.
    fn take(members: &mut Map<String, Value>, name: &str) -> Option<Self>;
}

impl Member for String {
    fn take(members: &mut Map<String, Value>, name: &str) -> Option<Self> {
        take(members, name)
    }
}

impl<T: Read> Member for Option<T> {
    fn take(members: &mut Map<String, Value>, name: &str) -> Option<Self> {
        Some(take(members, name))
    }
}

/// A Rust type that can be read from JSON.
pub(crate) trait Read: Sized {
    /// The value as this type, or the value itself as the error if it has another type.
    fn read(value: Value) -> Result<Self, Value>;
}

impl Read for String {
    fn read(value: Value) -> Result<Self, Value> {
        if let Value::String(text) = value { Ok(text) } else { Err(value) }
    }
}

impl Read for bool {
    fn read(value: Value) -> Result<Self, Value> {
        value.as_bool().ok_or(value)
    }
}

impl Read for i64 {
    fn read(value: Value) -> Result<Self, Value> {
        value.as_i64().or_else(|| value.as_f64().and_then(whole)).ok_or(value)
    }
}

/// The integer that a float stands for: JSON has only one kind of number, and `1e3` is a way to
/// write 1000.
pub(super) fn whole(float: f64) -> Option<i64> {
    // Beyond this limit, a float may have been rounded.
    const LIMIT: f64 = 9_007_199_254_740_991.0;
    let integer = float as i64;
    ((-LIMIT..=LIMIT).contains(&float) && integer as f64 == float).then_some(integer)
}

impl<T: ResponseModel> Read for T {
    fn read(value: Value) -> Result<Self, Value> {
        if let Value::Object(members) = value { Ok(T::from_members(members)) } else { Err(value) }
    }
}

/// Reads an array if all of its items fit; any other value comes back as the error.
pub(super) fn read_items<T: Read>(value: Value, fits: fn(&Value) -> bool) -> Result<Vec<T>, Value> {
    match value {
        Value::Array(items) if items.iter().all(fits) => {
            Ok(items.into_iter().filter_map(|item| T::read(item).ok()).collect())
        }
        other => Err(other),
    }
}

impl Read for Vec<String> {
    fn read(value: Value) -> Result<Self, Value> {
        read_items(value, Value::is_string)
    }
}

impl<T: ResponseModel> Read for Vec<T> {
    fn read(value: Value) -> Result<Self, Value> {
        read_items(value, Value::is_object)
    }
}

/// Takes a member out of those of an answer, unless it is of another type: then it stays.
pub(crate) fn take<T: Read>(members: &mut Map<String, Value>, name: &str) -> Option<T> {
    match T::read(members.remove(name)?) {
        Ok(value) => Some(value),
        Err(Value::Null) => None,
        Err(other) => {
            members.insert(name.to_owned(), other);
            None
        }
    }
}

/// Shows a member by name only, since nearly every value is a secret or personal; the action and
/// the result code are neither.
pub(crate) fn debug_member(
    out: &mut core::fmt::DebugStruct<'_, '_>,
    name: &str,
    value: &impl Wire,
) {
    match value.text().filter(|_| matches!(name, "action" | "resultCode")) {
        Some(text) => out.field(name, &text),
        None => out.field(name, &format_args!("…")),
    };
}

/// Defines a wire type.
///
/// `request` types are closed. `response` types have a member `extra` too, which keeps members that
/// this version does not know, or knows with another type. Each line is: documentation, name on the
/// wire, Rust name and type, and, after `as`, a [`ValueType`] other than the type's own.
macro_rules! model {
    ($(#[doc = $doc:literal])+ request $name:ident { $($fields:tt)+ }) => {
        $crate::api::schema::model! { @define [$($doc)+] $name [] $($fields)+ }
    };
    ($(#[doc = $doc:literal])+ response $name:ident { $($fields:tt)+ }) => {
        $crate::api::schema::model! { @define [$($doc)+] $name [extra] $($fields)+ }
    };
    (@read $name:ident [] $($field:ident $wire:literal)+) => {
        impl $crate::api::schema::Read for $name {
            fn read(value: serde_json::Value) -> Result<Self, serde_json::Value> {
                let serde_json::Value::Object(mut members) = value else { return Err(value) };
                let members = &mut members;
                let mut read = || {
                    Some($name { $($field: $crate::api::schema::Member::take(members, $wire)?,)+ })
                };
                read().ok_or(serde_json::Value::Null)
            }
        }
    };
    (@read $name:ident [$extra:ident] $($field:ident $wire:literal)+) => {
        impl $crate::api::schema::ResponseModel for $name {
            fn from_members(mut $extra: serde_json::Map<String, serde_json::Value>) -> Self {
                $name { $($field: $crate::api::schema::take(&mut $extra, $wire),)+ $extra }
            }
        }
    };
    (@define [$($doc:literal)+] $name:ident [$($extra:ident)?]
        $($(#[doc = $field_doc:literal])+ $wire:literal $field:ident: $type:ty $(as $kind:ident)?,)+
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            $(
                $(#[doc = $field_doc])+
                #[serde(rename = $wire, skip_serializing_if = "crate::api::schema::Wire::absent")]
                pub $field: $type,
            )+
            $(
                /// Members that this version does not know, and known ones whose type is not the
                /// documented one, as they came. A number that would have been rounded is its
                /// decimal text.
                #[serde(flatten)]
                pub $extra: serde_json::Map<String, serde_json::Value>,
            )?
        }

        impl $name {
            /// The type as data.
            pub(crate) const SCHEMA: &'static $crate::api::schema::Schema = &$crate::api::schema::Schema {
                name: stringify!($name),
                fields: &[$($crate::api::schema::Field {
                    name: $wire,
                    value_type: $crate::api::schema::value_type!($type $(as $kind)?),
                    required: <$type as $crate::api::schema::Wire>::REQUIRED,
                    #[cfg(not(target_arch = "wasm32"))]
                    doc: concat!($($field_doc, "\n"),+),
                }),+],
                #[cfg(not(target_arch = "wasm32"))]
                doc: concat!($($doc, "\n"),+),
            };
        }

        impl $crate::api::schema::Model for $name {
            const MODEL: &'static $crate::api::schema::Schema = Self::SCHEMA;
        }

        $crate::api::schema::model! { @read $name [$($extra)?] $($field $wire)+ }

        impl $crate::api::schema::Wire for $name {
            const TYPE: $crate::api::schema::ValueType = $crate::api::schema::ValueType::Object(Self::SCHEMA);
        }

        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                let mut out = f.debug_struct(stringify!($name));
                $(if !$crate::api::schema::Wire::absent(&self.$field) {
                    $crate::api::schema::debug_member(&mut out, $wire, &self.$field);
                })+
                out.finish()
            }
        }
    };
}

/// The value type of a field: that of its Rust type, or the one that the model names.
macro_rules! value_type {
    ($type:ty) => {
        <$type as $crate::api::schema::Wire>::TYPE
    };
    ($type:ty as $kind:ident) => {
        $crate::api::schema::ValueType::$kind
    };
}

/// Defines a set of strings that may grow: an unknown value is kept as `Other`.
macro_rules! open_enum {
    ($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $value_doc:literal])+ $variant:ident = $wire:literal,)+ }) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[doc = $value_doc])+ $variant,)+
            /// A value that this version does not know, as it came.
            Other(String),
        }

        impl $name {
            /// The set as data.
            pub(crate) const ENUMERATION: &'static $crate::api::schema::Enumeration = &$crate::api::schema::Enumeration {
                name: stringify!($name),
                #[cfg(not(target_arch = "wasm32"))]
                values: &[$(($wire, concat!($($value_doc, "\n"),+))),+],
                #[cfg(not(target_arch = "wasm32"))]
                doc: concat!($($doc, "\n"),+),
            };

            /// The value on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)+
                    Self::Other(value) => value,
                }
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                match value {
                    $($wire => Self::$variant,)+
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <String as serde::Deserialize>::deserialize(deserializer).map(|value| Self::from(value.as_str()))
            }
        }

        impl $crate::api::schema::Read for $name {
            fn read(value: serde_json::Value) -> Result<Self, serde_json::Value> {
                <String as $crate::api::schema::Read>::read(value).map(|text| Self::from(text.as_str()))
            }
        }

        impl $crate::api::schema::Member for $name {
            fn take(
                members: &mut serde_json::Map<String, serde_json::Value>,
                name: &str,
            ) -> Option<Self> {
                $crate::api::schema::take(members, name)
            }
        }

        impl $crate::api::schema::Wire for $name {
            const TYPE: $crate::api::schema::ValueType = $crate::api::schema::ValueType::Enum(Self::ENUMERATION);
            fn text(&self) -> Option<&str> {
                Some(self.as_str())
            }
        }
    };
}

pub(crate) use {model, open_enum, value_type};
