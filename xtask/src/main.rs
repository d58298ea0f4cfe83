//! The build tool. `cargo run -p xtask -- build` makes `js/generated/` and everything in `pkg/`
//! that git does not hold.

mod bindgen;
mod configuration;
mod contract;
mod declarations;
mod factory;
mod run;

use std::{path::Path, process::ExitCode, time::Instant};

/// One WebAssembly artefact: its name in `pkg/wasm/`, the features of the crate that make it, and
/// the profile of `Cargo.toml`.
struct Artefact {
    name: &'static str,
    features: &'static str,
    profile: &'static str,
}

const ARTEFACTS: [Artefact; 2] = [
    Artefact { name: "operations", features: "operations,boundary", profile: "release" },
    Artefact { name: "engine", features: "engine-boundary", profile: "small" },
];

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
    for artefact in &ARTEFACTS {
        step(&format!("compile {}.wasm", artefact.name), || {
            let compiled = run::cargo_wasm(artefact.features, artefact.profile)?;
            bindgen::generate(&compiled, artefact.name, &root.join("target/bindgen"), &output)?;
            run::wasm_opt(&output.join(format!("{}.wasm", artefact.name)))
        })?;
    }
    step("compile the TypeScript", || {
        run::clean(&root.join("pkg/dist"))?;
        run::node_tool("typescript", "tsc", &["-p", "js"])?;
        run::node_script("xtask/bundle.mjs")
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
