// Fetches and compiles a module, where there are no files.

import { typeName } from "./boundary.js";
import { notInitialized } from "./errors.js";

/**
 * The compiled module at an address, which may turn out to be none; a server that has no media type
 * for .wasm only makes it slower.
 */
export async function compileFetched(slim: string, locate: () => URL): Promise<WebAssembly.Module> {
  const failed = (problem: string, cause?: unknown) =>
    notInitialized(
      `could not be ${problem}. Where a bundler or runtime can't load it, ${slim} takes it from you`,
      cause,
    );
  let url: URL;
  try {
    url = locate();
  } catch (error) {
    throw failed(
      "located: import.meta.url is no address here, as in a bundle that is no ES module",
      error,
    );
  }
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw failed(`fetched from ${url}`, error);
  }
  if (!response.ok) throw failed(`fetched: HTTP status ${response.status} for ${url}`);
  try {
    // It refuses any other media type, parameters included.
    const streams =
      /^application\/wasm$/i.test(response.headers.get("content-type") ?? "") &&
      typeof WebAssembly.compileStreaming === "function";
    return streams
      ? await WebAssembly.compileStreaming(response)
      : await WebAssembly.compile(await response.arrayBuffer());
  } catch (error) {
    // Browsers differ in what they throw under a policy that forbids it.
    const compiling = error instanceof WebAssembly.CompileError || error instanceof EvalError;
    if (!compiling)
      throw failed(`read to its end and compiled (${typeName(error)}): ${url}`, error);
    throw failed(
      `compiled: a content security policy must allow 'wasm-unsafe-eval', and ${url} must be the file itself`,
      error,
    );
  }
}
