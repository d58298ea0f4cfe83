// Node.js and Bun: the module is read and compiled on the first call, not at import.
import { runtime } from "../instance.js";
import { compileFile } from "../../compile-file.js";

const file = "../../../wasm/engine.wasm";
runtime.provide((slim) => compileFile(slim, () => new URL("../../../wasm/engine.wasm", import.meta.url), file, import.meta.url));
export * from "../index.js";
