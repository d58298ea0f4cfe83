// Reads and compiles the module in runtimes with files.

import { typeName } from "./boundary.js";
import { notInitialized } from "./errors.js";

/**
 * The compiled module from a file: from the URL that `locate` returns, otherwise from `path`
 * relative to `base`. In an installed package these are the same place. Bundlers move the file:
 * they recognize the expression in `locate` and replace it with the URL of their copy; some replace
 * `base` with the URL of the file that they copied.
 *
 * `locate` returns a string because bundlers may replace `URL` with a class of their own, which
 * `readFileSync` does not accept. `read` comes from the entry file, so that this file imports
 * nothing that a browser lacks.
 */
export function compileFile(
  slim: string,
  locate: () => string,
  path: string,
  base: string,
  read: (url: string) => Uint8Array<ArrayBuffer>,
): WebAssembly.Module {
  const failed = (problem: string, cause: unknown) =>
    notInitialized(
      `could not be ${problem}. If a bundle lacks or moves the file, exclude the package from the bundle, or import ${slim} and give it the module yourself`,
      cause,
    );
  const places = new Set<string>();
  let cause: unknown;
  for (const place of [locate, () => new URL(path, base).href]) {
    let bytes: Uint8Array<ArrayBuffer>;
    let url = "";
    try {
      url = place();
      places.add(url);
      bytes = read(url);
    } catch (error) {
      cause = error;
      continue;
    }
    try {
      return new WebAssembly.Module(bytes);
    } catch (error) {
      throw failed(`compiled (${typeName(error)}): ${url}`, error);
    }
  }
  const known =
    places.size > 0
      ? `read: ${[...places].join(", ")}`
      : "located: import.meta.url is not a URL here, as in a CommonJS bundle";
  throw failed(known, cause);
}
