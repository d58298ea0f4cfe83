//! Runs the tools of the build: cargo, and the npm packages that Node runs.

use crate::text;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The project's root folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_owned()
}

/// Compiles an artefact, the package `NAME-artefact`, to wasm32; returns the path of the module.
pub fn cargo_wasm(name: &str) -> Result<PathBuf, String> {
    let root = root();
    // Panic locations would otherwise carry this machine's paths into the package.
    let home = std::env::var("CARGO_HOME")
        .or_else(|_| std::env::var("HOME").map(|h| h + "/.cargo"))
        .unwrap_or_default();
    let flags = format!("--remap-path-prefix={}=. --remap-path-prefix={home}=cargo", text(&root));
    let target =
        std::env::var("CARGO_TARGET_DIR").map_or_else(|_| root.join("target"), PathBuf::from);
    run(Command::new("cargo")
        .current_dir(&root)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags)
        .args(["build", "--quiet", "--locked", "--release", "--target", "wasm32-unknown-unknown"])
        .args(["--package", &format!("{name}-artefact")]))?;
    Ok(target.join("wasm32-unknown-unknown/release").join(format!("{name}.wasm")))
}

/// Shrinks a module in place. A large function with one caller stays on its own: inlined, it saves
/// little before compression and costs more after it.
pub fn wasm_opt(module: &Path) -> Result<(), String> {
    let module = text(module);
    let inlining = "--one-caller-inline-max-function-size=20";
    node_tool("binaryen", "wasm-opt", &["-Oz", inlining, &module, "-o", &module])
}

/// Runs a command of an npm package.
pub fn node_tool(package: &str, command: &str, arguments: &[&str]) -> Result<(), String> {
    let script = root().join("node_modules").join(package).join("bin").join(command);
    if !script.exists() {
        return Err(format!(
            "{package} is not installed: run `npm ci` first (npm start and npm test do that themselves)"
        ));
    }
    run(Command::new("node").current_dir(root()).arg(script).args(arguments))
}

/// Runs a script of the project.
pub fn node_script(script: &str) -> Result<(), String> {
    run(Command::new("node").current_dir(root()).arg(script))
}

/// Writes a file unless it already has this content: file times decide what is rebuilt.
pub fn write(path: &Path, content: &str) -> Result<(), String> {
    if fs::read_to_string(path).is_ok_and(|old| old == content) {
        return Ok(());
    }
    fs::write(path, content).map_err(|e| format!("{}: {e}", path.display()))
}

/// Makes the folder, or empties it.
pub fn clean(folder: &Path) -> Result<(), String> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))
}

fn run(command: &mut Command) -> Result<(), String> {
    let name = text(Path::new(command.get_program()));
    let status = command.status().map_err(|e| format!("{name} could not be started: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} failed ({status})")) }
}
