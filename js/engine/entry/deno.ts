// Deno: the module is imported, which needs no permission to read files, and instantiated on the
// first call. The build makes this `import source`, a syntax that TypeScript can't write.
import wasm from "../../../wasm/engine.wasm";
import { runtime } from "../instance.js";

runtime.provide(() => wasm);
export * from "../index.js";
