//! Checks request objects against their schema and copies what is to be sent. Messages name the
//! path, never a value.

use crate::api::schema::{Schema, ValueType};
use crate::prelude::*;
use crate::text::decimal;
use crate::wasm::host::{Obj, boundary};
use crate::wasm::local::Local;
use core::cell::RefCell;
use js_sys::{Array, JsString, Number};
use wasm_bindgen::prelude::*;

/// What is wrong with a value: the path to it, and what was expected there.
pub(super) struct Violation {
    /// Empty for the value itself.
    pub(super) path: String,
    pub(super) message: &'static str,
}

impl Violation {
    pub(super) fn here(message: &'static str) -> Violation {
        Violation { path: String::new(), message }
    }

    /// The same, with `step` as the beginning of its path.
    pub(super) fn under(mut self, step: &str) -> Violation {
        let joint = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = [step, joint, &self.path].concat();
        self
    }

    /// The sentence for users.
    pub(super) fn sentence(&self) -> String {
        let path = if self.path.is_empty() { "request" } else { &self.path };
        [path, ": ", self.message].concat()
    }
}

/// A copy of `value` as it is to be sent: ids as strings, nothing that is `null` or `undefined`.
/// Members that the schema does not know are refused: a misspelt option must not be silently
/// ignored.
pub(super) fn object(schema: &'static Schema, value: &JsValue) -> Result<Obj, Violation> {
    Ok(inspected(schema, value)?.unwrap_or_else(boundary::inspected))
}

/// The same; `None` if the copy is still what [`boundary::inspected`] has. Most requests have
/// nothing but strings, so that Rust needs nothing of them.
pub(super) fn inspected(
    schema: &'static Schema,
    value: &JsValue,
) -> Result<Option<Obj>, Violation> {
    let keys = keys(schema);
    let kinds = boundary::inspect(value, &keys);
    if kinds.is_nan() {
        let is_object = value.is_object() && !Array::is_array(value);
        let problem = if is_object { "could not be read" } else { "expected an object" };
        return Err(Violation::here(problem));
    }
    let mut copy = None;
    // Most members are strings: one crossing says which, and only the others are looked at one by
    // one.
    let mut digits = if kinds < 0.0 { -1.0 - kinds } else { kinds } as u64;
    for (field, index) in schema.fields.iter().zip(0..) {
        let kind = digits % 4;
        digits /= 4;
        match (kind, field.value_type) {
            (0, _) if field.required => return Err(Violation::here("missing").under(field.name)),
            (0, _)
            | (1, ValueType::Text | ValueType::Id | ValueType::NumericId | ValueType::Enum(_)) => {}
            _ => {
                let copy: &Obj = copy.get_or_insert_with(boundary::inspected);
                let key: JsString = keys.get(index).unchecked_into();
                if let Some(other) = checked(field.value_type, &copy.named(&key))
                    .map_err(|problem| problem.under(field.name))?
                {
                    copy.set_named(&key, &other);
                }
            }
        }
    }
    if kinds < 0.0 {
        let copy: &Obj = copy.get_or_insert_with(boundary::inspected);
        if let Some(name) = boundary::unknown_name(copy, &keys) {
            return Err(Violation::here("unknown member").under(&name));
        }
        delete_nulls(schema, copy);
    }
    Ok(copy)
}

/// Checks a value; `Some` is what to send instead of it.
fn checked(kind: ValueType, value: &JsValue) -> Result<Option<JsValue>, Violation> {
    let expect =
        |holds: bool, message| if holds { Ok(None) } else { Err(Violation::here(message)) };
    match kind {
        ValueType::Text | ValueType::Enum(_) => expect(value.is_string(), "expected a string"),
        ValueType::Boolean => expect(value.as_bool().is_some(), "expected a boolean"),
        ValueType::Integer => expect(Number::is_safe_integer(value), "expected an integer"),
        ValueType::Id | ValueType::NumericId => id(value),
        ValueType::TextArray => array(value, |item| checked(ValueType::Text, item)),
        ValueType::Object(schema) | ValueType::EitherObject(schema, _) => {
            object(schema, value).map(|copy| Some(copy.into()))
        }
        ValueType::ObjectArray(schema) | ValueType::ObjectOrTextArray(schema) => {
            array(value, |item| object(schema, item).map(|copy| Some(copy.into())))
        }
    }
}

fn id(value: &JsValue) -> Result<Option<JsValue>, Violation> {
    // JavaScript writes the number: code that formats floats would be a tenth of this artefact.
    let text = boundary::id(value);
    if text.is_undefined() {
        return Err(Violation::here(
            "expected a string, or an integer that a number holds exactly, or a bigint",
        ));
    }
    Ok(Some(text))
}

fn array(
    value: &JsValue,
    item: impl Fn(&JsValue) -> Result<Option<JsValue>, Violation>,
) -> Result<Option<JsValue>, Violation> {
    if !Array::is_array(value) {
        return Err(Violation::here("expected an array"));
    }
    let copy = boundary::plain(value).ok_or(Violation::here("could not be read"))?;
    let copy = copy.unchecked_into::<Array>();
    for (index, member) in (0..).zip(copy.iter()) {
        if let Some(other) = item(&member)
            .map_err(|problem| problem.under(&["[", &decimal(u64::from(index)), "]"].concat()))?
        {
            copy.set(index, other);
        }
    }
    Ok(Some(copy.into()))
}

/// Deletes the `null` members that the schema knows, at every depth, so that users see absent
/// members in one form only.
pub(super) fn delete_nulls(schema: &'static Schema, object: &Obj) {
    for (field, key) in schema.fields.iter().zip(keys(schema).iter()) {
        let key: JsString = key.unchecked_into();
        let member = object.named(&key);
        if member.is_null() {
            object.delete_named(&key);
            continue;
        }
        match field.value_type {
            ValueType::Object(inner) | ValueType::EitherObject(inner, _) => {
                if let Some(member) = Obj::from_value(&member) {
                    delete_nulls(inner, &member);
                }
            }
            ValueType::ObjectArray(inner) | ValueType::ObjectOrTextArray(inner)
                if Array::is_array(&member) =>
            {
                for item in member.unchecked_ref::<Array>().iter() {
                    if let Some(item) = Obj::from_value(&item) {
                        delete_nulls(inner, &item);
                    }
                }
            }
            _ => {}
        }
    }
}

// There are only a few schemas: searching a list is as fast as hashing.
static KEYS: Local<RefCell<Vec<(*const Schema, Array)>>> = Local::new(RefCell::new(Vec::new()));

/// The member names of a schema as a JavaScript array, made on first use.
fn keys(schema: &'static Schema) -> Array {
    let mut all = KEYS.borrow_mut();
    if let Some((_, keys)) = all.iter().find(|(known, _)| core::ptr::eq(*known, schema)) {
        return keys.clone();
    }
    let keys: Array = schema.fields.iter().map(|field| JsString::from(field.name)).collect();
    all.push((schema, keys.clone()));
    keys
}
