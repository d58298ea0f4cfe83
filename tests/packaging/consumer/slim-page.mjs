// A web page of a bundler that gives a .wasm file's URL (esbuild's loader `file`).
import file from "authlete-token/operations.wasm";
import * as pkg from "authlete-token/slim";
import { scenario } from "./scenario.mjs";

pkg.initializeWasm(await WebAssembly.compileStreaming(fetch(new URL(file, import.meta.url))));
globalThis.report = scenario(pkg, undefined, location.origin);
