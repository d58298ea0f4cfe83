// Browsers, and bundlers that recognize `new URL(…, import.meta.url)`: the module is fetched on the
// first call, from a URL relative to this file.
import { runtime } from "../instance.js";
import { compileFetched } from "../../compile-fetched.js";

runtime.provide((slim) =>
  compileFetched(slim, () => new URL("../../../wasm/engine.wasm", import.meta.url)),
);
export * from "../index.js";
