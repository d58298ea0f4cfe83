// The type of the module that the slim entries take. It is in a file of its own because users'
// compilers read it, and not all of them have types for WebAssembly.

/** `WebAssembly.Module`, or any object if the compiler has no types for WebAssembly. */
export type WasmModule = typeof globalThis extends {
  WebAssembly: { Module: { prototype: infer Module } };
}
  ? Module & object
  : object;
