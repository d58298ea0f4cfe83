//! Turns the glue of `wasm-bindgen --target web` into a factory of instances.
//!
//! The glue keeps one instance in module scope. After a trap we need a second instance while calls
//! in the first are still in flight, so every instance gets its own copy of the glue's state, and
//! its own `boundary` object, which its imports call. The glue's loading code is left out: each
//! runtime's entry file passes a compiled module.
//!
//! Closures that JavaScript keeps are called when a promise settles, perhaps long after their
//! instance has trapped. An exception in one would be unhandled and end a Node process, so it goes
//! to `boundary.broken` instead, and so do exceptions in their destructors.

/// The glue up to here converts values; the rest loads and instantiates.
const LOADING: &str = "let wasmModule, wasmInstance, wasm;";

/// Where the glue turns a Rust closure into a JavaScript function, and where it drops the closure
/// of a function that was garbage-collected.
const CLOSURE: &str = "    return real;\n";
const DROP: &str = "state => wasm.__wbindgen_destroy_closure(state.a, state.b)";
const FENCED: &str = "function fenced(real) {\n    const call = (...args) => {\n        try {\n            return real(...args);\n        } catch (error) {\n            \
    boundary.broken(error);\n        }\n    };\n    return Object.assign(call, real);\n}\n";

/// Where the glue begins to copy a string into memory, character by character.
const COPY: &str = "    let offset = 0;\n\n    for (; offset < len; offset++) {\n";
/// Long strings of ASCII are copied at once: that takes a fifth of the time.
const COPY_AT_ONCE: &str = "    if (len > 128 && cachedTextEncoder.encodeInto(arg, mem.subarray(ptr, ptr + len)).read === len) {\n        \
    WASM_VECTOR_LEN = len;\n        return ptr;\n    }\n\n";

/// The JavaScript module that exports `createInstance(module, boundary)`.
///
/// # Errors
/// If the glue does not have the expected shape: a newer wasm-bindgen has to be reviewed before it
/// is shipped.
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
        if line.starts_with("import")
            || (line.starts_with("export") && !line.starts_with("export function "))
        {
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
    if body.contains("function passStringToWasm0(") && body.matches(COPY).count() != 1 {
        return Err("the glue does not copy strings as expected".into());
    }
    let body = with_fences(&body.replace(COPY, &[COPY_AT_ONCE, COPY].concat()))?;
    Ok(format!(
        "export function createInstance(module, boundary) {{\nlet wasm;\n{body}\
         wasm = new WebAssembly.Instance(module, __wbg_get_imports()).exports;\nwasm.__wbindgen_start();\n\
         return {{ {} }};\n}}\n",
        exports.join(", ")
    ))
}

/// The glue with a `try` around every closure and destructor.
fn with_fences(body: &str) -> Result<String, String> {
    let count = |text: &str| body.matches(text).count();
    let closures = count("function makeMutClosure(") + count("function makeClosure(");
    if closures != count(CLOSURE)
        || count("FinalizationRegistry(") != count(&format!("FinalizationRegistry({DROP})"))
    {
        return Err("the glue's closures do not look as expected".into());
    }
    if closures == 0 {
        return Ok(body.to_owned());
    }
    let fenced = body
        .replace(CLOSURE, "    return fenced(real);\n")
        .replace(DROP, &format!("fenced({DROP})"));
    Ok(fenced + FENCED)
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

    /// The glue's code for closures; `real` is what it returns for each.
    fn with_closures(real: &str) -> String {
        let closures = format!(
            "const CLOSURE_DTORS = new FinalizationRegistry({DROP});\nfunction makeMutClosure(a, b, f) {{\n    return {real};\n}}\n"
        );
        GLUE.replace("function __wbg_get_imports", &format!("{closures}function __wbg_get_imports"))
    }

    #[test]
    fn what_closures_and_their_destructors_throw_goes_to_the_boundary() {
        let factory = from_glue(&with_closures("real")).unwrap();
        assert!(factory.contains("    return fenced(real);\n"));
        assert!(factory.contains("new FinalizationRegistry(fenced(state => "));
        assert!(factory.contains("boundary.broken(error);"));
        assert!(
            !from_glue(GLUE).unwrap().contains("fenced"),
            "glue without closures stays as it is"
        );
    }

    #[test]
    fn long_strings_are_copied_at_once() {
        let copying = |loop_: &str| {
            let function = format!("function passStringToWasm0(arg) {{\n{loop_}    }}\n}}\n");
            GLUE.replace(
                "function __wbg_get_imports",
                &format!("{function}function __wbg_get_imports"),
            )
        };
        let factory = from_glue(&copying(COPY)).unwrap();
        assert!(factory.contains("        return ptr;\n    }\n\n    let offset = 0;\n"));
        assert!(from_glue(&copying("    for (;;) {\n")).is_err());
    }

    #[test]
    fn closures_of_an_unexpected_shape_fail_the_build() {
        assert!(from_glue(&with_closures("other")).is_err());
        assert!(from_glue(&with_closures("real").replace(DROP, "state => {}")).is_err());
    }

    #[test]
    fn an_unexpected_import_or_export_fails_the_build() {
        assert!(from_glue(&format!("import {{ x }} from './y.js';\n{GLUE}")).is_err());
        assert!(from_glue(&format!("export class Handle {{}}\n{GLUE}")).is_err());
        assert!(from_glue("nothing of the kind").is_err());
    }
}
