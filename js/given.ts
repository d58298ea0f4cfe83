// The WebAssembly module that the user provides to the slim entries.

import { typeName } from "./boundary.js";
import { AuthleteError } from "./errors.js";
import { expectWebAssembly, isModule, type Runtime } from "./runtime.js";
import type { WasmModule } from "./wasm-module.js";

/**
 * Compiles what the user provides, if necessary, and instantiates it, unless there is an instance.
 */
export function initialize(
  runtime: Runtime,
  given: WasmModule | ArrayBuffer | ArrayBufferView,
): void {
  expectWebAssembly();
  try {
    runtime.initialize(() =>
      isModule(given) ? given : new WebAssembly.Module(given as ArrayBuffer),
    );
  } catch (cause) {
    const expected = `expected the ${runtime.file} of this version of authlete-token, as a WebAssembly.Module, or as bytes if the runtime allows compiling`;
    throw new AuthleteError(
      "ERR_AUTHLETE_CONFIG",
      `module: ${expected} (${typeName(cause)}; see \`cause\`)`,
      { cause },
    );
  }
}
