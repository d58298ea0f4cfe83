// Fetches and compiles the module in runtimes without files.

import { typeName } from "./boundary.js";
import { notInitialized } from "./errors.js";

/**
 * The compiled module from a URL, which `locate` may fail to make. A server that sends .wasm files
 * with another media type only makes it slower.
 */
export async function compileFetched(slim: string, locate: () => URL): Promise<WebAssembly.Module> {
  const failed = (problem: string, cause?: unknown) =>
    notInitialized(
      `could not be ${problem}. If your bundler or runtime can't load it, import ${slim} and give it the module yourself`,
      cause,
    );
  let url: URL;
  try {
    url = locate();
  } catch (error) {
    throw failed(
      "located: import.meta.url is not a URL here, as in a bundle that is not an ES module",
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
    // `compileStreaming` refuses any other media type, and any parameters.
    const streams =
      /^application\/wasm$/i.test(response.headers.get("content-type") ?? "") &&
      typeof WebAssembly.compileStreaming === "function";
    return streams
      ? await WebAssembly.compileStreaming(response)
      : await WebAssembly.compile(await response.arrayBuffer());
  } catch (error) {
    // Browsers differ in which of these they throw if a policy forbids compiling.
    const compiling = error instanceof WebAssembly.CompileError || error instanceof EvalError;
    if (!compiling)
      throw failed(`read to its end and compiled (${typeName(error)}): ${url}`, error);
    throw failed(
      `compiled: a content security policy must allow 'wasm-unsafe-eval', and ${url} must be the .wasm file itself`,
      error,
    );
  }
}
