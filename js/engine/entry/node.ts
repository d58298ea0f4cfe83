// Node.js: the module is read and compiled on the first call, not at import.
import { readFileSync } from "node:fs";
import { runtime } from "../instance.js";

runtime.provide(() => new WebAssembly.Module(readFileSync(new URL("../../../wasm/engine.wasm", import.meta.url))));
export * from "../index.js";
