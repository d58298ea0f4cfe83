//! `config!` and `reader!`: how the tables of the configuration, and the readers of their values,
//! are written down.

/// Defines the members of an object, and the struct that their values are read into.
///
/// A line in `given` or `fields` becomes a local variable; one in `fields` becomes a field, too.
/// `read(object, grants)` names the object that is read, and the grant types of the engine, for the
/// expressions: a default (`= …`) may use them and the variables of the lines above it, `also`
/// (more fields) and `then` (checks) all variables. The members in `checks` are read and not kept;
/// those in `ignores`, `tagged` and `refuses` are not read. There may be members like those in
/// `named` (which are kept) and `tagged` with a language tag, which are not read either.
macro_rules! config {
    (
        $(#[doc = $doc:literal])+
        $vis:vis struct $name:ident as $public:literal, read($object:ident, $grants:ident) {
            $(given { $($(#[doc = $given_doc:literal])+ $given_wire:literal $given:ident: $given_reader:ty $(= $given_default:expr)?;)+ })?
            fields { $($(#[doc = $field_doc:literal])+ $field_wire:literal $field:ident: $field_reader:ty $(= $field_default:expr)?;)* }
            $(also { $($(#[doc = $also_doc:literal])* $also:ident: $also_type:ty = $also_value:expr;)+ })?
            $(checks { $($(#[doc = $check_doc:literal])+ $check_wire:literal: $check_reader:ty;)+ })?
            $(then { $($then:expr;)+ })?
            $(named { $($(#[doc = $named_doc:literal])+ $named_wire:literal $named:ident: $named_reader:ty;)+ })?
            $(tagged { $($(#[doc = $tagged_doc:literal])+ $tagged_wire:literal;)+ })?
            $(ignores { $($(#[doc = $ignored_doc:literal])+ $ignored_wire:literal: $ignored_type:literal;)+ })?
            $(refuses { $($refused_wire:literal,)+ })?
            $(others $others_doc:literal;)?
            $(rules { $($rule:literal;)+ })?
        }
    ) => {
        $(#[doc = $doc])+
        $vis struct $name {
            $($(#[doc = $field_doc])+ pub(crate) $field: <$field_reader as $crate::engine::service::table::Reader>::Value,)*
            $($($(#[doc = $also_doc])* pub(crate) $also: $also_type,)+)?
            $($($(#[doc = $named_doc])+ pub(crate) $named: <$named_reader as $crate::engine::service::table::Reader>::Value,)+)?
        }

        impl $name {
            /// Reads the members. The first error is about a member without a line, unless other
            /// members are allowed.
            $vis fn read(
                $object: &$crate::engine::service::reader::Object<'_>,
                $grants: $crate::engine::service::table::Grants<'_>,
            ) -> Result<Self, $crate::error::Error> {
                $crate::engine::service::macros::expect_known! { ($object) ($($others_doc)?)
                    [$($($given_wire,)+)? $($field_wire,)* $($($check_wire,)+)? $($($ignored_wire,)+)?]
                    [$($($named_wire,)+)? $($($tagged_wire,)+)?] [$($($refused_wire,)+)?] }
                $($(let $given = $crate::engine::service::macros::value!($object $grants $given_wire $given_reader $(= $given_default)?);)+)?
                $(let $field = $crate::engine::service::macros::value!($object $grants $field_wire $field_reader $(= $field_default)?);)*
                $($($crate::engine::service::table::take::<$check_reader>($object, $check_wire, $grants)?;)+)?
                $($(let $also = $also_value;)+)?
                $($(let $named = $crate::engine::service::table::take::<$named_reader>($object, $named_wire, $grants)?;)+)?
                $($($then?;)+)?
                Ok($name { $($field,)* $($($also,)+)? $($($named,)+)? })
            }

            /// The members as data.
            #[cfg(not(target_arch = "wasm32"))]
            pub(crate) const TABLE: &'static $crate::engine::service::table::Table = {
                use $crate::engine::service::macros::presence;
                use $crate::engine::service::table::{Reader, Row, Table};
                &Table {
                    name: $public,
                    doc: concat!($($doc, "\n"),+),
                    rows: &[
                        $($(Row {
                            name: $given_wire,
                            doc: concat!($($given_doc, "\n"),+),
                            shape: <$given_reader as Reader>::SHAPE,
                            presence: presence!($given_reader $(= $given_default)?),
                        },)+)?
                        $(Row {
                            name: $field_wire,
                            doc: concat!($($field_doc, "\n"),+),
                            shape: <$field_reader as Reader>::SHAPE,
                            presence: presence!($field_reader $(= $field_default)?),
                        },)*
                        $($(Row {
                            name: $check_wire,
                            doc: concat!($($check_doc, "\n"),+),
                            shape: <$check_reader as Reader>::SHAPE,
                            presence: <$check_reader as Reader>::PRESENCE,
                        },)+)?
                        $($(Row {
                            name: $named_wire,
                            doc: concat!($($named_doc, "\n"),+),
                            shape: <$named_reader as Reader>::SHAPE,
                            presence: <$named_reader as Reader>::PRESENCE,
                        },)+)?
                        $($(Row {
                            name: $tagged_wire,
                            doc: concat!($($tagged_doc, "\n"),+),
                            shape: $crate::engine::service::table::Shape::Tagged("{}"),
                            presence: $crate::engine::service::table::Presence::Optional,
                        },)+)?
                        $($(Row {
                            name: $ignored_wire,
                            doc: concat!($($ignored_doc, "\n"),+),
                            shape: $crate::engine::service::table::Shape::Ignored($ignored_type),
                            presence: $crate::engine::service::table::Presence::Optional,
                        },)+)?
                        $($(Row {
                            name: $refused_wire,
                            doc: "Not supported.",
                            shape: $crate::engine::service::table::Shape::Refused,
                            presence: $crate::engine::service::table::Presence::Optional,
                        },)+)?
                    ],
                    others: [$(Some($others_doc),)? None][0],
                    rules: &[$($($rule,)+)?],
                }
            };
        }
    };
}

/// Refuses unknown members, and then those that are not supported. If there is documentation for
/// others, no member is unknown.
macro_rules! expect_known {
    (($object:ident) ($others_doc:literal) $known:tt $tagged:tt $refused:tt) => {};
    (($object:ident) () [$($known:literal,)*] [$($tagged:literal,)*] [$($refused:literal,)*]) => {
        $object.expect_members(&[$($known,)*], &[$($tagged,)*], &[$($refused,)*])?;
    };
}

/// The value of a member.
macro_rules! value {
    ($object:ident $grants:ident $wire:literal $reader:ty) => {
        $crate::engine::service::table::take::<$reader>($object, $wire, $grants)?
    };
    ($object:ident $grants:ident $wire:literal $reader:ty = $default:expr) => {
        match $crate::engine::service::table::take::<Option<$reader>>($object, $wire, $grants)? {
            Some(value) => value,
            None => $default,
        }
    };
}

/// The presence of a member.
#[cfg(not(target_arch = "wasm32"))]
macro_rules! presence {
    ($reader:ty) => {
        <$reader as Reader>::PRESENCE
    };
    ($reader:ty = $default:expr) => {
        $crate::engine::service::table::Presence::Default(stringify!($default))
    };
}

/// Defines a reader: its name, what it gives, what it takes for the documentation, and how it reads
/// a member.
macro_rules! reader {
    ($(#[doc = $doc:literal])+ $name:ident($member:ident, $grants:pat) -> $value:ty, $shape:expr, $body:expr) => {
        $(#[doc = $doc])+
        pub(crate) enum $name {}

        impl $crate::engine::service::table::Reader for $name {
            type Value = $value;
            #[cfg(not(target_arch = "wasm32"))]
            const SHAPE: $crate::engine::service::table::Shape = {
                #[allow(unused_imports)]
                use $crate::engine::service::table::Shape;
                $shape
            };

            fn read(
                $member: &$crate::engine::service::reader::Member<'_>,
                $grants: $crate::engine::service::table::Grants<'_>,
            ) -> Result<$value, $crate::error::Error> {
                $body
            }
        }
    };
}

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use presence;
pub(crate) use {config, expect_known, reader, value};
