//! The TypeScript declarations and the JSON Schema of the engine's configuration, written from the
//! tables with which Rust reads it.

use crate::declarations::comment;
use authlete_token::engine::schema::{CONFIGURATION, Presence, Row, Shape, Table, grant_types};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// A generated TypeScript file, types only.
pub fn types() -> String {
    let mut out = String::from(
        "// The engine's configuration. Generated from src/engine/service by xtask; don't edit.\n",
    );
    comment(&mut out, "", "A grant type (RFC 6749 §4), by the name of Authlete's constant.");
    let _ = writeln!(out, "export type EngineGrantType = {};", union(&constants()));
    for table in tables() {
        interface(&mut out, table);
    }
    out
}

/// The JSON Schema of the configuration document (draft 2020-12), as text. It can't express all
/// that the engine requires, but refuses nothing that the engine accepts.
pub fn schema() -> Result<String, String> {
    let mut root = object_schema(CONFIGURATION)?;
    let mut definitions = Map::new();
    for table in tables().into_iter().skip(1) {
        definitions.insert(table.name.to_owned(), Value::Object(object_schema(table)?));
    }
    root.insert("$defs".into(), Value::Object(definitions));
    let mut document = Map::new();
    document.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
    document.append(&mut root);
    let text = serde_json::to_string_pretty(&document).map_err(|error| error.to_string())?;
    Ok(text + "\n")
}

/// The outermost object, and all objects inside it, in order.
fn tables() -> Vec<&'static Table> {
    let mut tables = vec![CONFIGURATION];
    let mut next = 0;
    while let Some(table) = tables.get(next) {
        for row in table.rows {
            let mut shape = row.shape;
            while let Shape::Array(element) = shape {
                shape = *element;
            }
            if let Shape::Object(inner) = shape {
                tables.push(inner);
            }
        }
        next += 1;
    }
    tables
}

fn interface(out: &mut String, table: &Table) {
    comment(out, "", &wrapped(&paragraphs(table.doc)));
    let _ = writeln!(out, "export interface {} {{", table.name);
    for row in table.rows.iter().filter(|row| !matches!(row.shape, Shape::Refused)) {
        let given = type_of(row.shape);
        let (mark, or) = match row.presence {
            Presence::Required => ("", ""),
            // `unknown` includes `undefined`.
            _ if given == "unknown" => ("?", ""),
            Presence::Optional | Presence::Default(_) => ("?", " | undefined"),
        };
        let doc = documentation(row);
        comment(out, "  ", &if doc.contains("\n\n") { wrapped(&doc) } else { doc });
        let _ = writeln!(out, "  readonly {}{mark}: {given}{or};", row.name);
        if let Shape::Tagged(_) = row.shape {
            let name = row.name;
            comment(
                out,
                "  ",
                &format!("`{name}` in another language, such as `{name}#ja` (RFC 7591 §2.2)."),
            );
            let _ = writeln!(out, "  readonly [{name}: `{name}#${{string}}`]: string | undefined;");
        }
    }
    if let Some(doc) = table.others {
        comment(out, "  ", doc);
        out.push_str("  readonly [member: string]: unknown;\n");
    }
    out.push_str("}\n");
}

fn type_of(shape: Shape) -> String {
    match shape {
        Shape::Value { typescript, .. } | Shape::Ignored(typescript) => typescript.into(),
        Shape::OneOf(values) => union(values),
        Shape::GrantName => union(&names()),
        Shape::GrantConstant => "EngineGrantType".into(),
        Shape::Array(element) => {
            let element = type_of(*element);
            if element.contains(" | ") {
                format!("readonly ({element})[]")
            } else {
                format!("readonly {element}[]")
            }
        }
        Shape::Object(table) => table.name.into(),
        Shape::Tagged(_) => "string".into(),
        Shape::Refused => "never".into(),
    }
}

fn union(values: &[&str]) -> String {
    values.iter().map(|value| format!("\"{value}\"")).collect::<Vec<_>>().join(" | ")
}

fn object_schema(table: &Table) -> Result<Map<String, Value>, String> {
    let mut properties = Map::new();
    let mut required = Vec::new();
    let mut tagged = Map::new();
    for row in table.rows {
        let mut schema = schema_of(row.shape)
            .map_err(|error| format!("{}.{}: {error}", table.name, row.name))?;
        match row.presence {
            Presence::Required => required.push(row.name),
            Presence::Optional | Presence::Default(_) => schema = or_null(schema),
        }
        schema.insert("description".into(), documentation(row).into());
        if let Some(default) = literal_default(row) {
            schema.insert("default".into(), default);
        }
        properties.insert(row.name.into(), Value::Object(schema));
        if let Shape::Tagged(_) = row.shape {
            tagged.insert(format!("^{}#", row.name), json!({}));
        }
    }
    let mut rules = Vec::new();
    for rule in table.rules {
        rules.push(parse(rule).map_err(|error| format!("{}: {error}", table.name))?);
    }
    let mut schema = Map::new();
    schema.insert("title".into(), table.name.into());
    schema.insert("description".into(), paragraphs(table.doc).into());
    schema.insert("type".into(), "object".into());
    schema.insert("properties".into(), Value::Object(properties));
    if !tagged.is_empty() {
        schema.insert("patternProperties".into(), Value::Object(tagged));
    }
    if table.others.is_none() {
        schema.insert("additionalProperties".into(), false.into());
    }
    schema.insert("required".into(), required.into());
    if !rules.is_empty() {
        schema.insert("allOf".into(), rules.into());
    }
    Ok(schema)
}

fn schema_of(shape: Shape) -> Result<Map<String, Value>, String> {
    let schema = match shape {
        Shape::Value { schema, .. } | Shape::Tagged(schema) => parse(schema)?,
        Shape::OneOf(values) => json!({ "enum": values }),
        Shape::GrantName => json!({ "enum": names() }),
        Shape::GrantConstant => json!({ "enum": constants() }),
        Shape::Array(element) => json!({ "type": "array", "items": schema_of(*element)? }),
        Shape::Object(table) => json!({ "$ref": format!("#/$defs/{}", table.name) }),
        Shape::Ignored(_) => json!({}),
        Shape::Refused => json!({ "type": "null" }),
    };
    match schema {
        Value::Object(schema) => Ok(schema),
        _ => Err("its JSON Schema is not an object".into()),
    }
}

/// The schema that accepts `null`, too. Editors show a type better than alternatives.
fn or_null(mut schema: Map<String, Value>) -> Map<String, Value> {
    let shape = schema.get("type").and_then(Value::as_str).map(str::to_owned);
    match shape {
        None if schema.is_empty() => schema,
        Some(shape) if shape == "null" => schema,
        Some(shape) if !schema.contains_key("not") => {
            schema.insert("type".into(), json!([shape, "null"]));
            schema
        }
        _ => Map::from_iter([("anyOf".to_owned(), json!([schema, { "type": "null" }]))]),
    }
}

fn parse(schema: &str) -> Result<Value, String> {
    serde_json::from_str(schema).map_err(|error| format!("its JSON Schema is not JSON: {error}"))
}

/// The documentation of a member, with its default if that is a number or a boolean.
fn documentation(row: &Row) -> String {
    let doc = paragraphs(row.doc);
    literal_default(row)
        .map_or_else(|| doc.clone(), |default| format!("{doc} Default `{default}`."))
}

fn literal_default(row: &Row) -> Option<Value> {
    let Presence::Default(expression) = row.presence else { return None };
    serde_json::from_str(&expression.replace('_', "")).ok()
}

/// Joins each paragraph into one line: the line breaks of the Rust source mean nothing.
fn paragraphs(doc: &str) -> String {
    let one_line = |paragraph: &str| paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    doc.trim().split("\n\n").map(one_line).collect::<Vec<_>>().join("\n\n")
}

/// Wraps the text at 156 characters: people read the declarations directly.
fn wrapped(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let mut width = 0;
        for word in line.split(' ') {
            let length = word.chars().count();
            let separator = if width == 0 {
                ""
            } else if width + 1 + length > 156 {
                "\n"
            } else {
                " "
            };
            width = if separator == " " { width + 1 + length } else { length };
            out.push_str(separator);
            out.push_str(word);
        }
        out.push('\n');
    }
    out
}

fn names() -> Vec<&'static str> {
    grant_types().into_iter().map(|(name, _)| name).collect()
}

fn constants() -> Vec<&'static str> {
    grant_types().into_iter().map(|(_, constant)| constant).collect()
}
