//! wasm-bindgen as a library: the version that `Cargo.lock` pins is the one that runs.

use crate::{factory, run};
use std::{fs, path::Path};
use wasm_bindgen_cli_support::Bindgen;

/// Generates the glue of a compiled module and turns it into an instance factory: `NAME.wasm` in
/// `output`, and `glue-NAME.js` in `js/generated/`.
pub fn generate(compiled: &Path, name: &str, scratch: &Path, output: &Path) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    // Each runtime's entry file instantiates the module itself.
    let target = bindgen.web(true).map_err(failed)?.omit_default_module_path(true);
    let slim = target.typescript(false).remove_name_section(true).remove_producers_section(true);
    slim.out_name(name).input_path(compiled).generate(scratch).map_err(failed)?;
    fs::create_dir_all(output).map_err(|e| format!("{}: {e}", output.display()))?;
    let glue = scratch.join(format!("{name}.js"));
    let glue = fs::read_to_string(&glue).map_err(|e| format!("{}: {e}", glue.display()))?;
    let factory = run::root().join("js/generated").join(format!("glue-{name}.js"));
    run::write(&factory, &factory::from_glue(&glue)?)?;
    let module = scratch.join(format!("{name}_bg.wasm"));
    fs::copy(&module, output.join(format!("{name}.wasm")))
        .map_err(|e| format!("{}: {e}", module.display()))?;
    Ok(())
}

fn failed(error: impl std::fmt::Display) -> String {
    format!("wasm-bindgen: {error:#}")
}
