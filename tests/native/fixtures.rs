//! The example exchanges of the four APIs, one JSON file each.

use serde_json::Value;
use std::{fs, path::PathBuf};

/// A fixture: its file name without `.json`, and its content.
pub struct Fixture {
    pub name: String,
    pub json: Value,
}

/// All fixtures whose name starts with `prefix`, in name order. The test fails if there is none.
pub fn all(prefix: &str) -> Vec<Fixture> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut found: Vec<Fixture> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .map(|path| Fixture {
            name: path.file_stem().unwrap().to_str().unwrap().to_owned(),
            json: serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap(),
        })
        .filter(|fixture| fixture.name.starts_with(prefix))
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(!found.is_empty(), "no fixture starts with {prefix}");
    found
}
