// Fetches and compiles a module, where there are no files.

import { AuthleteError, notInitialized } from "./errors.js";

const SLIM = "Where a bundler or runtime can't load it, authlete-token/slim takes it from you";

/** The compiled module at an address; a server that has no media type for .wasm only makes it slower. */
export async function compileFetched(url: URL): Promise<WebAssembly.Module> {
  try {
    const response = await fetch(url);
    if (!response.ok) throw notInitialized(`could not be fetched: HTTP status ${response.status} for ${url}. ${SLIM}`);
    const streams = response.headers.get("content-type")?.startsWith("application/wasm");
    return streams ? await WebAssembly.compileStreaming(response) : await WebAssembly.compile(await response.arrayBuffer());
  } catch (error) {
    if (error instanceof AuthleteError) throw error;
    // Browsers differ in what they throw under a policy that forbids it.
    const compiling = error instanceof WebAssembly.CompileError || error instanceof EvalError;
    if (!compiling) throw notInitialized(`could not be fetched from ${url}. ${SLIM}`, error);
    throw notInitialized(`could not be compiled: a content security policy must allow 'wasm-unsafe-eval', and ${url} must be the file itself. ${SLIM}`, error);
  }
}
