//! wasm-bindgen as a library: the version that `Cargo.lock` pins is the one that runs.

use crate::{factory, run, text};
use std::{fs, path::Path};

/// Generates the glue of a compiled module and turns it into an instance factory: `NAME.wasm` and
/// `NAME.js` in `output`. `NAME.module.js` imports the compiled module in a syntax that TypeScript
/// can't write.
pub fn generate(compiled: &Path, name: &str, scratch: &Path, output: &Path) -> Result<(), String> {
    wasm_bindgen_cli::wasm_bindgen::run_cli_with_args([
        "wasm-bindgen",
        // Each runtime's entry file instantiates the module itself.
        "--target=web",
        "--omit-default-module-path",
        "--no-typescript",
        "--remove-name-section",
        "--remove-producers-section",
        "--out-name",
        name,
        "--out-dir",
        &text(scratch),
        &text(compiled),
    ])
    .map_err(|e| format!("wasm-bindgen: {e:#}"))?;
    fs::create_dir_all(output).map_err(|e| format!("{}: {e}", output.display()))?;
    let glue = scratch.join(format!("{name}.js"));
    let glue = fs::read_to_string(&glue).map_err(|e| format!("{}: {e}", glue.display()))?;
    run::write(&output.join(format!("{name}.js")), &factory::from_glue(&glue)?)?;
    let import = format!("import source module from \"./{name}.wasm\";\nexport default module;\n");
    run::write(&output.join(format!("{name}.module.js")), &import)?;
    let module = scratch.join(format!("{name}_bg.wasm"));
    fs::copy(&module, output.join(format!("{name}.wasm")))
        .map_err(|e| format!("{}: {e}", module.display()))?;
    Ok(())
}

/// Runs a wasm-bindgen-test module: what cargo calls as the runner of the wasm32 target.
pub fn test_runner(arguments: &[String]) -> Result<(), String> {
    let arguments =
        std::iter::once("wasm-bindgen-test-runner").chain(arguments.iter().map(String::as_str));
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(arguments)
        .map_err(|e| format!("{e:#}"))
}
