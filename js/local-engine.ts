// The engines in this program, each of which can run the whole token endpoint in its own instance.

import type { EngineExchange } from "./client.js";
import type { Call } from "./wasm-instance.js";

/** Starts `engine_token_endpoint` of `src/wasm/engine`. */
export type TokenEndpoint = (call: Call, ...values: unknown[]) => Promise<unknown>;

/**
 * The engines' own token endpoints. Not public. An engine of another copy of this package is not
 * among the keys, and neither is a Proxy around an engine, or an object made from one.
 */
export const tokenEndpoints: WeakMap<EngineExchange, TokenEndpoint> = /* @__PURE__ */ new WeakMap();
