// Browsers, and bundlers that know `new URL(…, import.meta.url)`: the module is fetched beside this file on the first call.
import { runtime } from "../instance.js";
import { compileFrom } from "../runtime.js";

runtime.provide(() => compileFrom(new URL("../../wasm/operations.wasm", import.meta.url)));
export * from "../index.js";
