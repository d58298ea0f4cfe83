// Deno: the module is imported, which needs no permission to read files, and instantiated on the
// first call.
import wasm from "../../../wasm/engine.module.js";
import { runtime } from "../instance.js";

runtime.provide(() => wasm);
export * from "../index.js";
