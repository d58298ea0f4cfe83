// The engine artefact's runtime. Entry files give it the compiled module.

import { Runtime } from "../runtime.js";
// @ts-expect-error generated glue, without declarations
import { createInstance } from "../generated/glue-engine.js";

export const runtime = /* @__PURE__ */ new Runtime(
  createInstance,
  "authlete-token/engine",
  "engine.wasm",
);
