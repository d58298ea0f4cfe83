//! The members of the configuration as tables: from one line each come the code that reads it, its
//! documentation, and what editors know about it.
//!
//! `config!` turns a table into the struct that holds the values, the code that reads them, and a
//! [`Table`], from which the TypeScript declarations and the JSON Schema are written. In
//! WebAssembly, where nobody reads it, there is no [`Table`].

use super::grant_entry::GrantEntry;
use super::reader::{Member, Object};
use crate::error::Error;

/// The grant types of the engine.
pub(crate) type Grants<'a> = &'a [&'static GrantEntry];

/// An object of the configuration.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug)]
pub struct Table {
    /// The name of its TypeScript type.
    pub name: &'static str,
    /// Its documentation.
    pub doc: &'static str,
    /// Its members.
    pub rows: &'static [Row],
    /// The documentation of the members that have no row, if there may be any. Otherwise an unknown
    /// member is an error.
    pub others: Option<&'static str>,
    /// What holds between members: JSON Schemas (as JSON text) that the object must satisfy, too.
    pub rules: &'static [&'static str],
}

/// A member of the configuration.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug)]
pub struct Row {
    /// Its name in the JSON document.
    pub name: &'static str,
    /// Its documentation. The default is not repeated there if it is a number or a boolean.
    pub doc: &'static str,
    /// What its value must be.
    pub shape: Shape,
    /// What happens without it. A `null` counts as left out.
    pub presence: Presence,
}

/// Whether a member may be left out.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug, Clone, Copy)]
pub enum Presence {
    /// Leaving it out is an error.
    Required,
    /// It may be left out.
    Optional,
    /// It may be left out, and then this Rust expression is its value.
    Default(&'static str),
}

/// What the value of a member must be.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// A value of this TypeScript type, which a JSON Schema (as JSON text) describes in more
    /// detail.
    Value {
        /// The TypeScript type.
        typescript: &'static str,
        /// The JSON Schema.
        schema: &'static str,
    },
    /// One of these strings.
    OneOf(&'static [&'static str]),
    /// The name of a grant type in OAuth.
    GrantName,
    /// The name of a grant type in Authlete's API.
    GrantConstant,
    /// An array.
    Array(&'static Shape),
    /// An object.
    Object(&'static Table),
    /// Anything: the engine ignores it. The TypeScript type says what it should be.
    Ignored(&'static str),
    /// A string for people, with this JSON Schema (as JSON text). There may be others with a
    /// language tag (RFC 7591 §2.2), such as `client_name#ja`, which the engine ignores.
    Tagged(&'static str),
    /// Nothing but `null`: known, and not supported.
    Refused,
}

/// Reads the value of a member.
pub(crate) trait Reader {
    type Value;
    #[cfg(not(target_arch = "wasm32"))]
    const SHAPE: Shape;
    #[cfg(not(target_arch = "wasm32"))]
    const PRESENCE: Presence = Presence::Required;

    fn read(member: &Member<'_>, grants: Grants<'_>) -> Result<Self::Value, Error>;

    /// The value when the member is left out.
    fn left_out(object: &Object<'_>, name: &str) -> Result<Self::Value, Error> {
        Err(object.error(name, "missing"))
    }
}

/// The value of the member of that name. There once for each reader, and not for each member: the
/// configuration is read only once.
#[inline(never)]
pub(crate) fn take<R: Reader>(
    object: &Object<'_>,
    name: &str,
    grants: Grants<'_>,
) -> Result<R::Value, Error> {
    object.take(name).map_or_else(|| R::left_out(object, name), |member| R::read(&member, grants))
}

/// A member that may be left out.
impl<R: Reader> Reader for Option<R> {
    type Value = Option<R::Value>;
    #[cfg(not(target_arch = "wasm32"))]
    const SHAPE: Shape = R::SHAPE;
    #[cfg(not(target_arch = "wasm32"))]
    const PRESENCE: Presence = Presence::Optional;

    fn read(member: &Member<'_>, grants: Grants<'_>) -> Result<Self::Value, Error> {
        R::read(member, grants).map(Some)
    }

    fn left_out(_: &Object<'_>, _: &str) -> Result<Self::Value, Error> {
        Ok(None)
    }
}

/// An array.
impl<R: Reader> Reader for Vec<R> {
    type Value = Vec<R::Value>;
    #[cfg(not(target_arch = "wasm32"))]
    const SHAPE: Shape = Shape::Array(&R::SHAPE);

    fn read(member: &Member<'_>, grants: Grants<'_>) -> Result<Self::Value, Error> {
        // `collect` would bring more code for each type of element.
        let mut values = Vec::new();
        for element in member.array()? {
            values.push(R::read(&element, grants)?);
        }
        Ok(values)
    }
}
