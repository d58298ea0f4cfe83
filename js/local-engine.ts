// An engine in the same program, which can run the whole token endpoint in its own instance.

import type { EngineExchange } from "./client.js";
import type { Call } from "./wasm-instance.js";

/**
 * The name of the engine's own token endpoint. Not public: an engine of another copy of this
 * package has another name for it.
 */
export const tokenEndpoint: unique symbol = /* @__PURE__ */ Symbol("tokenEndpoint");

export interface LocalEngine extends EngineExchange {
  /** Starts `engine_token_endpoint` of `src/wasm/engine`. */
  [tokenEndpoint](call: Call, ...values: unknown[]): Promise<unknown>;
}

/** The engine, if it is one. */
export function localEngine(engine: EngineExchange | undefined): LocalEngine | undefined {
  return engine !== undefined && tokenEndpoint in engine ? (engine as LocalEngine) : undefined;
}
