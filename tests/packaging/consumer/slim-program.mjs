// A program in one file, made by a bundler that inlines a .wasm file's bytes (esbuild's loader
// `binary`). No top-level await: CommonJS has none.
import * as engine from "authlete-token/engine/slim";
import engineBytes from "authlete-token/engine.wasm";
import operationsBytes from "authlete-token/operations.wasm";
import * as pkg from "authlete-token/slim";
import { scenario } from "./scenario.mjs";

pkg.initializeWasm(operationsBytes);
engine.initializeWasm(engineBytes);
scenario(pkg, engine, process.argv[2]).then((report) => console.log(JSON.stringify(report)));
