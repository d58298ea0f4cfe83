// The type of what the slim entries take. It stands alone: users' compilers read it, and not all of
// them know WebAssembly.

/**
 * What `WebAssembly.Module` is to the compiler: any object where its types don't know WebAssembly.
 */
export type WasmModule = typeof globalThis extends {
  WebAssembly: { Module: { prototype: infer Module } };
}
  ? Module & object
  : object;
