//! The TypeScript declarations of the wire types, written from the schemas of the Rust models.

use authlete_token::contract::{Enumeration, Field, OPERATIONS, Operation, Schema, ValueType};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A generated TypeScript file, types only.
pub fn wire_types() -> String {
    let mut out = String::from(
        "// The wire types of Authlete's API. Generated from src/api by xtask; don't edit.\n",
    );
    let mut named = Named::default();
    let mut inputs = Named::default();
    for operation in OPERATIONS {
        interface(&mut out, operation.request, true);
        response(&mut out, operation);
        named.collect(operation.request);
        named.collect(operation.response);
        inputs.collect(operation.request);
    }
    for schema in named.schemas.values() {
        interface(&mut out, schema, inputs.schemas.contains_key(schema.name));
    }
    for set in named.sets.values() {
        open_set(&mut out, set);
    }
    out
}

/// The types that members refer to, in name order.
#[derive(Default)]
struct Named {
    schemas: BTreeMap<&'static str, &'static Schema>,
    sets: BTreeMap<&'static str, &'static Enumeration>,
}

impl Named {
    fn collect(&mut self, schema: &'static Schema) {
        for field in schema.fields.iter().filter(|field| field.name != "action") {
            match field.value_type {
                ValueType::Object(inner)
                | ValueType::ObjectArray(inner)
                | ValueType::ObjectOrTextArray(inner) => self.add(inner),
                ValueType::EitherObject(one, other) => {
                    [one, other].into_iter().for_each(|inner| self.add(inner))
                }
                ValueType::Enum(set) => drop(self.sets.insert(set.name, set)),
                _ => {}
            }
        }
    }

    fn add(&mut self, schema: &'static Schema) {
        if self.schemas.insert(schema.name, schema).is_none() {
            self.collect(schema);
        }
    }
}

/// A base with all members, an interface for each action that requires some of them, and the union,
/// which `switch (response.action)` narrows.
fn response(out: &mut String, operation: &Operation) {
    let schema = operation.response;
    let name = schema.name;
    let Some(ValueType::Enum(actions)) =
        schema.fields.iter().find(|field| field.name == "action").map(|field| field.value_type)
    else {
        panic!("{name} has no action");
    };
    let action_name = actions.name;
    comment(
        out,
        "",
        &format!(
            "{}\n\nA newer Authlete may answer with an action that is not listed here: keep a `default`.",
            values(actions)
        ),
    );
    let literals: Vec<String> =
        actions.values.iter().map(|(value, _)| format!("\n  | \"{value}\"")).collect();
    let _ = writeln!(out, "export type {action_name} ={};", literals.concat());

    comment(out, "", &format!("What every `{name}` may have, whatever the action."));
    let _ = writeln!(out, "export interface {name}Base {{");
    for field in schema.fields {
        member(
            out,
            field,
            if field.name == "action" { Presence::Required } else { Presence::Optional },
        );
    }
    out.push_str("}\n");

    let mut variants = Vec::new();
    for (action, doc) in actions.values {
        let present = operation
            .members_by_action
            .iter()
            .find(|(listed, _)| listed == action)
            .map(|(_, present)| *present);
        let present =
            present.unwrap_or_else(|| panic!("{name}: {action} is not in the table of members"));
        let variant = format!("{name}{}", pascal(action));
        comment(out, "", &format!("`{action}`. {}", doc.trim()));
        let _ = writeln!(out, "export interface {variant} extends {name}Base {{");
        comment(out, "  ", "Distinguishes this answer from the others of its union.");
        let _ = writeln!(out, "  action: \"{action}\";");
        for wanted in present {
            let field = schema.fields.iter().find(|field| field.name == *wanted);
            let field = field.unwrap_or_else(|| panic!("{name} has no member {wanted}"));
            member(out, field, Presence::Required);
        }
        out.push_str("}\n");
        variants.push(format!("\n  | {variant}"));
    }
    comment(
        out,
        "",
        &format!(
            "{}\n\n`switch (response.action)` narrows this type to the members of one action.",
            schema.doc.trim()
        ),
    );
    let _ = writeln!(out, "export type {name} ={};", variants.concat());
}

/// `input`: users write objects of this type, and may write `undefined` for what they leave out.
fn interface(out: &mut String, schema: &Schema, input: bool) {
    comment(out, "", schema.doc);
    let _ = writeln!(out, "export interface {} {{", schema.name);
    let presence = |field: &Field| match (field.required, input) {
        (true, _) => Presence::Required,
        (false, true) => Presence::OptionalOrUndefined,
        (false, false) => Presence::Optional,
    };
    for field in schema.fields {
        member(out, field, presence(field));
    }
    out.push_str("}\n");
}

/// Whether a member may be missing. With `exactOptionalPropertyTypes`, this does not include an
/// explicit `undefined`.
enum Presence {
    Required,
    Optional,
    OptionalOrUndefined,
}

fn member(out: &mut String, field: &Field, presence: Presence) {
    let (mark, or) = match presence {
        Presence::Required => ("", ""),
        Presence::Optional => ("?", ""),
        Presence::OptionalOrUndefined => ("?", " | undefined"),
    };
    comment(out, "  ", field.doc);
    let _ = writeln!(out, "  {}{mark}: {}{or};", field.name, type_of(field.value_type));
}

fn type_of(value_type: ValueType) -> String {
    match value_type {
        ValueType::Text => "string".into(),
        ValueType::Id => "number | bigint | string".into(),
        ValueType::NumericId => "number | string".into(),
        ValueType::Integer => "number".into(),
        ValueType::Boolean => "boolean".into(),
        ValueType::TextArray => "string[]".into(),
        ValueType::Object(schema) => schema.name.into(),
        ValueType::ObjectArray(schema) => format!("{}[]", schema.name),
        ValueType::EitherObject(one, other) => format!("{} | {}", one.name, other.name),
        ValueType::ObjectOrTextArray(schema) => format!("({} | string)[]", schema.name),
        ValueType::Enum(set) => set.name.into(),
    }
}

/// A set that may grow: editors offer the known values, and any other string is accepted.
fn open_set(out: &mut String, set: &Enumeration) {
    comment(out, "", &format!("{}\n\nThe set is open: other values may come.", values(set)));
    let literals: Vec<String> =
        set.values.iter().map(|(value, _)| format!("\n  | \"{value}\"")).collect();
    let _ = writeln!(out, "export type {} ={}\n  | (string & {{}});", set.name, literals.concat());
}

/// The documentation of a set with a list of its values, since literals in a TypeScript union can't
/// have documentation of their own.
fn values(set: &Enumeration) -> String {
    let list: Vec<String> =
        set.values.iter().map(|(value, doc)| format!("\n- `{value}`: {}", one_line(doc))).collect();
    format!("{}\n{}", set.doc.trim(), list.concat())
}

/// Joins the lines of a text into one.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A documentation comment.
pub fn comment(out: &mut String, indent: &str, doc: &str) {
    let lines: Vec<&str> = doc.trim().lines().map(str::trim).collect();
    match lines.as_slice() {
        [line] => drop(writeln!(out, "{indent}/** {line} */")),
        lines => {
            let _ = writeln!(out, "{indent}/**");
            for line in lines {
                let _ = writeln!(out, "{}", format!("{indent} * {line}").trim_end());
            }
            let _ = writeln!(out, "{indent} */");
        }
    }
}

/// `BAD_REQUEST` becomes `BadRequest`.
fn pascal(constant: &str) -> String {
    let word = |word: &str| {
        format!(
            "{}{}",
            word.get(..1).unwrap_or_default(),
            word.get(1..).unwrap_or_default().to_lowercase()
        )
    };
    constant.split('_').map(word).collect()
}
