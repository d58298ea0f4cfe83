//! The runner of wasm-bindgen-test, in the version that `Cargo.lock` pins: what cargo calls with a
//! test module of the wasm32 target. Not a part of the build tool: it brings a web server and an
//! HTTP client, which would have to be compiled before anything can start.

use std::process::ExitCode;

fn main() -> ExitCode {
    match wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
