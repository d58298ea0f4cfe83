//! The build tool. `cargo run -p xtask -- build` makes `js/generated/` and everything in `pkg/`
//! that git does not hold.

mod bindgen;
mod configuration;
mod contract;
mod declarations;
mod factory;
mod run;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

/// The WebAssembly artefacts, by their names here and in `pkg/wasm/`.
const ARTEFACTS: [&str; 2] = ["operations", "engine"];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.first().map(String::as_str) {
        Some("build") => build(),
        Some("declarations") => write_declarations(),
        _ => Err("usage: xtask build | declarations".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), String> {
    let root = run::root();
    let output = root.join("pkg/wasm");
    // Outputs of an earlier build that this one does not make must not reach the package.
    run::clean(&output)?;
    write_declarations()?;
    compile_artefacts(&root.join("target/bindgen"), &output)?;
    step("compile the TypeScript", || {
        run::clean(&root.join("pkg/dist"))?;
        run::node_tool("typescript", "tsc", &["-p", "js"])?;
        run::node_script("xtask/bundle.mjs")
    })
}

/// Each artefact is finished while cargo compiles the next one.
fn compile_artefacts(scratch: &Path, output: &Path) -> Result<(), String> {
    std::thread::scope(|scope| {
        let mut finishing = Vec::new();
        for name in ARTEFACTS {
            let mut compiled = PathBuf::new();
            step(&format!("compile {name}.wasm"), || {
                compiled = run::cargo_wasm(name)?;
                Ok(())
            })?;
            finishing.push(scope.spawn(move || {
                step(&format!("bind and shrink {name}.wasm"), || {
                    bindgen::generate(&compiled, name, scratch, output)?;
                    run::wasm_opt(&output.join(format!("{name}.wasm")))
                })
            }));
        }
        finishing.into_iter().try_for_each(|thread| {
            thread.join().unwrap_or_else(|_| Err("wasm-bindgen stopped with a panic".into()))
        })
    })
}

/// Writes the files generated from the Rust code: in `js/generated/` the wire types, what Rust and
/// JavaScript have to agree on, and the engine's configuration; in `pkg/` its JSON Schema.
fn write_declarations() -> Result<(), String> {
    let folder = run::root().join("js/generated");
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    run::write(&folder.join("wire.ts"), &declarations::wire_types())?;
    run::write(&folder.join("contract.ts"), &contract::contract())?;
    run::write(&folder.join("config.ts"), &configuration::types())?;
    run::write(&run::root().join("pkg/engine.schema.json"), &configuration::schema()?)
}

// A build tool has a clock.
#[allow(clippy::disallowed_methods)]
fn step(name: &str, work: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    let start = Instant::now();
    work()?;
    println!("  {name}: {:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// The path as text, for messages and arguments.
fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
