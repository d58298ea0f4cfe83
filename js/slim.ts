// The public API of `authlete-token/slim`: the same, with a WebAssembly module that the caller gives.

import { AuthleteError } from "./errors.js";
import { runtime } from "./instance.js";

export * from "./index.js";

/** What `WebAssembly.Module` is to the compiler: any object where its types don't know WebAssembly. */
export type WasmModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } } ? Module & object : object;

/**
 * Gives the functions of `authlete-token/slim` their WebAssembly module. Call it once, before them. It is synchronous and does no I/O; later calls
 * change nothing.
 *
 * `module` is the file `authlete-token/operations.wasm` of the same version: compiled by the runtime or by you, or its bytes where the runtime lets
 * programs compile (edge runtimes do not).
 *
 * @throws {AuthleteError} `ERR_AUTHLETE_CONFIG` when `module` is anything else; `cause` is what the runtime threw.
 * @example
 * // A runtime that imports .wasm files as modules.
 * import wasm from "authlete-token/operations.wasm";
 * initializeWasm(wasm);
 * @example
 * // esbuild --bundle --format=esm --loader:.wasm=file, for a browser: the import is the URL of the copied file.
 * import file from "authlete-token/operations.wasm";
 * initializeWasm(await WebAssembly.compileStreaming(fetch(new URL(file, import.meta.url))));
 * @example
 * // esbuild --bundle --platform=node --target=node20 --loader:.wasm=binary, for a server in one file: the import is the bytes.
 * import bytes from "authlete-token/operations.wasm";
 * initializeWasm(bytes);
 */
export function initializeWasm(module: WasmModule | ArrayBuffer | ArrayBufferView): void {
  try {
    runtime.initialize(() => compiled(module));
  } catch (cause) {
    const problem = "module: expected the operations.wasm of this version of authlete-token, as a WebAssembly.Module or bytes";
    throw new AuthleteError("ERR_AUTHLETE_CONFIG", problem, { cause });
  }
}

/** Modules of another realm (a frame, a test runner's sandbox) are no instances of this one's class. */
function compiled(given: unknown): WebAssembly.Module {
  const isModule = Object.prototype.toString.call(given) === "[object WebAssembly.Module]";
  return isModule ? (given as WebAssembly.Module) : new WebAssembly.Module(given as ArrayBuffer);
}
