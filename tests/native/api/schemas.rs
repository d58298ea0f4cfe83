//! The schemas against the list of fields and values of Authlete's API.

use authlete_token::api::schema::{Field, Kind, Schema};
use authlete_token::api::{ApiResult, OPERATIONS};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The field list's name of a kind.
fn json_type(kind: Kind) -> String {
    match kind {
        Kind::Text | Kind::Id => "string".into(),
        Kind::NumericId | Kind::Integer => "int64".into(),
        Kind::Boolean => "boolean".into(),
        Kind::TextArray => "array<string>".into(),
        Kind::Object(schema) | Kind::EitherObject(schema, _) => format!("object {}", schema.name),
        Kind::ObjectArray(schema) | Kind::ObjectOrTextArray(schema) => format!("array<object {}>", schema.name),
        Kind::Enum(set) => format!("enum {}", set.name),
    }
}

fn rows(fields: &[Field]) -> BTreeSet<(String, String, bool)> {
    fields.iter().map(|field| (field.name.to_owned(), json_type(field.kind), field.required)).collect()
}

#[test]
fn the_schemas_have_exactly_the_fields_of_authletes_api() {
    let list: Value = serde_json::from_str(include_str!("../authlete-api-fields.json")).unwrap();
    let mut schemas: BTreeMap<&str, &Schema> = BTreeMap::from([(ApiResult::SCHEMA.name, ApiResult::SCHEMA)]);
    let mut sets = BTreeMap::new();
    let mut open: Vec<&Schema> =
        OPERATIONS.iter().flat_map(|operation| [operation.request, operation.response]).collect();
    while let Some(schema) = open.pop() {
        schemas.insert(schema.name, schema);
        assert!(!schema.doc.trim().is_empty(), "{}", schema.name);
        for field in schema.fields {
            assert!(!field.doc.trim().is_empty(), "{}.{}", schema.name, field.name);
            match field.kind {
                Kind::Object(inner) | Kind::ObjectArray(inner) | Kind::ObjectOrTextArray(inner) => open.push(inner),
                Kind::EitherObject(one, other) => open.extend([one, other]),
                Kind::Enum(set) => drop(sets.insert(set.name, set)),
                _ => {}
            }
        }
    }
    let types = list["types"].as_object().unwrap();
    assert_eq!(schemas.keys().copied().collect::<BTreeSet<_>>(), types.keys().map(String::as_str).collect());
    for (name, schema) in schemas {
        let expected: Vec<(String, String, bool)> = serde_json::from_value(types[name].clone()).unwrap();
        assert_eq!(rows(schema.fields), expected.into_iter().collect(), "{name}");
    }
    let enums = list["enums"].as_object().unwrap();
    assert_eq!(sets.keys().copied().collect::<BTreeSet<_>>(), enums.keys().map(String::as_str).collect());
    for (name, set) in sets {
        let values: BTreeSet<&str> = set.values.iter().map(|(value, _)| *value).collect();
        let expected: BTreeSet<&str> = enums[name].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(values, expected, "{name}");
    }
}

#[test]
fn every_request_type_has_few_enough_members_for_one_number_to_tell_the_kind_of_each() {
    // The boundary reads the kinds as base-4 digits of a double: 26 of them are exact.
    fn check(schema: &Schema) {
        assert!(schema.fields.len() <= 26, "{}", schema.name);
        for field in schema.fields {
            if let Kind::Object(inner) | Kind::ObjectArray(inner) = field.kind {
                check(inner);
            }
        }
    }
    for operation in OPERATIONS {
        check(operation.request);
    }
}
