//! Turns the glue of `wasm-bindgen --target web` into a factory of instances.
//!
//! The glue keeps one instance in module scope. After a trap this product needs a second one while calls in the first are still
//! in flight, so every instance gets the glue's state for itself, and the `boundary` object that its imports call. What the glue
//! brings for loading is left out: each runtime's entry file gives a compiled module.

/// The glue up to here converts values; the rest loads and instantiates.
const LOADING: &str = "let wasmModule, wasmInstance, wasm;";

/// The JavaScript module that exports `createInstance(module, boundary)`.
///
/// # Errors
/// When the glue does not have the expected shape: a newer wasm-bindgen has to be looked at before it is shipped.
pub fn from_glue(glue: &str) -> Result<String, String> {
    let (conversions, loading) =
        glue.split_once(LOADING).ok_or("the glue has no loading part that starts as expected")?;
    if !loading.trim_end().ends_with("export { initSync, __wbg_init as default };") {
        return Err("the glue's loading part does not end as expected".into());
    }
    let mut body = String::new();
    let mut exports = Vec::new();
    let mut comment = false;
    for line in conversions.lines() {
        comment |= line.starts_with("/**");
        if comment {
            comment = !line.trim_end().ends_with("*/");
            continue;
        }
        if line.starts_with("import") || (line.starts_with("export") && !line.starts_with("export function ")) {
            return Err(format!("the glue has an unexpected import or export: {line}"));
        }
        if let Some(function) = line.strip_prefix("export function ") {
            exports.push(function.split('(').next().unwrap_or_default().to_owned());
        }
        body.push_str(line.strip_prefix("export ").unwrap_or(line));
        body.push('\n');
    }
    if !body.contains("function __wbg_get_imports()") {
        return Err("the glue has no import table".into());
    }
    exports.sort();
    Ok(format!(
        "export function createInstance(module, boundary) {{\nlet wasm;\n{body}\
         wasm = new WebAssembly.Instance(module, __wbg_get_imports()).exports;\nwasm.__wbindgen_start();\n\
         return {{ {} }};\n}}\n",
        exports.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLUE: &str = "/**\n * doc\n */\nexport function call(a) {\n    wasm.call(a);\n}\nfunction __wbg_get_imports() {}\n\
        let wasmModule, wasmInstance, wasm;\nfunction initSync() {}\nexport { initSync, __wbg_init as default };\n";

    #[test]
    fn the_factory_holds_the_state_and_returns_the_exports() {
        let factory = from_glue(GLUE).unwrap();
        assert!(factory.starts_with("export function createInstance(module, boundary) {"));
        assert!(factory.contains("\nfunction call(a) {"));
        assert!(factory.contains("return { call };"));
        assert!(!factory.contains("initSync") && !factory.contains("doc"));
    }

    #[test]
    fn an_unexpected_import_or_export_fails_the_build() {
        assert!(from_glue(&format!("import {{ x }} from './y.js';\n{GLUE}")).is_err());
        assert!(from_glue(&format!("export class Handle {{}}\n{GLUE}")).is_err());
        assert!(from_glue("nothing of the kind").is_err());
    }
}
