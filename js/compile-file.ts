// Reads and compiles a module where there are files.

import { readFileSync } from "node:fs";
import { notInitialized } from "./errors.js";

/** The compiled module of a file beside this package. */
export function compileFile(url: URL): WebAssembly.Module {
  try {
    return new WebAssembly.Module(readFileSync(url));
  } catch (error) {
    const what = error instanceof WebAssembly.CompileError ? "compiled" : "read";
    throw notInitialized(`could not be ${what}: ${url}. In a bundle that lacks the file, authlete-token/slim takes it from you`, error);
  }
}
