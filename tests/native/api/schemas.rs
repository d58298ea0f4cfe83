//! The schemas against the list of fields and values of Authlete's API.

use authlete_token::contract::{API_RESULT, Field, OPERATIONS, Schema, ValueType};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The name of a kind in the field list.
fn json_type(kind: ValueType) -> String {
    match kind {
        ValueType::Text | ValueType::Id => "string".into(),
        ValueType::NumericId | ValueType::Integer => "int64".into(),
        ValueType::Boolean => "boolean".into(),
        ValueType::TextArray => "array<string>".into(),
        ValueType::Object(schema) | ValueType::EitherObject(schema, _) => {
            format!("object {}", schema.name)
        }
        ValueType::ObjectArray(schema) | ValueType::ObjectOrTextArray(schema) => {
            format!("array<object {}>", schema.name)
        }
        ValueType::Enum(set) => format!("enum {}", set.name),
    }
}

fn rows(fields: &[Field]) -> BTreeSet<(String, String, bool)> {
    fields
        .iter()
        .map(|field| (field.name.to_owned(), json_type(field.value_type), field.required))
        .collect()
}

#[test]
fn the_schemas_have_exactly_the_fields_of_authletes_api() {
    let list: Value = serde_json::from_str(include_str!("../authlete-api-fields.json")).unwrap();
    let mut schemas: BTreeMap<&str, &Schema> = BTreeMap::from([(API_RESULT.name, API_RESULT)]);
    let mut sets = BTreeMap::new();
    let mut open: Vec<&Schema> =
        OPERATIONS.iter().flat_map(|operation| [operation.request, operation.response]).collect();
    while let Some(schema) = open.pop() {
        schemas.insert(schema.name, schema);
        assert!(!schema.doc.trim().is_empty(), "{}", schema.name);
        for field in schema.fields {
            assert!(!field.doc.trim().is_empty(), "{}.{}", schema.name, field.name);
            match field.value_type {
                ValueType::Object(inner)
                | ValueType::ObjectArray(inner)
                | ValueType::ObjectOrTextArray(inner) => open.push(inner),
                ValueType::EitherObject(one, other) => open.extend([one, other]),
                ValueType::Enum(set) => drop(sets.insert(set.name, set)),
                _ => {}
            }
        }
    }
    let types = list["types"].as_object().unwrap();
    assert_eq!(
        schemas.keys().copied().collect::<BTreeSet<_>>(),
        types.keys().map(String::as_str).collect()
    );
    for (name, schema) in schemas {
        let expected: Vec<(String, String, bool)> =
            serde_json::from_value(types[name].clone()).unwrap();
        assert_eq!(rows(schema.fields), expected.into_iter().collect(), "{name}");
    }
    let enums = list["enums"].as_object().unwrap();
    assert_eq!(
        sets.keys().copied().collect::<BTreeSet<_>>(),
        enums.keys().map(String::as_str).collect()
    );
    for (name, set) in sets {
        let values: BTreeSet<&str> = set.values.iter().map(|(value, _)| *value).collect();
        let expected: BTreeSet<&str> =
            enums[name].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(values, expected, "{name}");
    }
}

#[test]
fn every_request_type_has_few_enough_members_for_one_number_to_tell_the_kind_of_each() {
    // The boundary reads the kinds as base-4 digits of a double: 26 of them are exact.
    fn check(schema: &Schema) {
        assert!(schema.fields.len() <= 26, "{}", schema.name);
        for field in schema.fields {
            if let ValueType::Object(inner) | ValueType::ObjectArray(inner) = field.value_type {
                check(inner);
            }
        }
    }
    for operation in OPERATIONS {
        check(operation.request);
    }
}
