// Reads and compiles a module where there are files.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { typeName } from "./boundary.js";
import { notInitialized } from "./errors.js";

/**
 * The compiled module of a file: where `locate` finds it, else at `path` from `base`. In a package
 * that is installed these are one place. Bundlers move it: `locate`, which they know how to read,
 * becomes the address of their copy; of `base` some make the address of the file that they copied.
 *
 * The address comes as a string: what bundlers put in the place of `URL` may be a class of their
 * own, which `readFileSync` does not take.
 */
export function compileFile(
  slim: string,
  locate: () => string,
  path: string,
  base: string,
): WebAssembly.Module {
  const failed = (problem: string, cause: unknown) =>
    notInitialized(
      `could not be ${problem}. Where a bundle lacks or moves the file, leave the package outside of it, or use ${slim}, which takes the module from you`,
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
      bytes = readFileSync(fileURLToPath(url));
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
      : "located: import.meta.url is no address here, as in a CommonJS bundle";
  throw failed(known, cause);
}
