// A web page made by a bundler that turns a .wasm file into its URL (esbuild's loader `file`).

import * as engine from "authlete-token/engine/slim";
import engineFile from "authlete-token/engine.wasm";
import operationsFile from "authlete-token/operations.wasm";
import * as pkg from "authlete-token/slim";
import { scenario } from "./scenario.mjs";

const compiled = (file) => WebAssembly.compileStreaming(fetch(new URL(file, import.meta.url)));
pkg.initializeWasm(await compiled(operationsFile));
engine.initializeWasm(await compiled(engineFile));
globalThis.report = scenario(pkg, engine, location.origin);
