// Browsers, and bundlers that know `new URL(…, import.meta.url)`: the module is fetched beside this
// file on the first call.
import { runtime } from "../instance.js";
import { compileFetched } from "../../compile-fetched.js";

runtime.provide((slim) =>
  compileFetched(slim, () => new URL("../../../wasm/engine.wasm", import.meta.url)),
);
export * from "../index.js";
