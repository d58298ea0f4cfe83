// Engines in the same program, which can run the whole token endpoint in their own instance.

import type { ClientSettings, EngineExchange } from "./client.js";
import type { Call } from "./wasm-instance.js";

/** Starts `engine_token_endpoint` of `src/wasm/engine`. */
export type TokenEndpoint = (
  call: Call,
  client: ClientSettings,
  ...values: unknown[]
) => Promise<unknown>;

/**
 * The token endpoints of the engines in this program. An engine of another copy of this package is
 * not among the keys, and neither is a Proxy around an engine, or an object made from one.
 */
export const tokenEndpoints: WeakMap<EngineExchange, TokenEndpoint> = /* @__PURE__ */ new WeakMap();

/**
 * The endpoint of an engine that can run the whole request itself: one in this program, whose
 * bearer is known and to whose request nothing is added.
 */
export function localEndpoint(
  { engine, authorization }: ClientSettings,
  tokenRequest: unknown,
): TokenEndpoint | undefined {
  const usable = authorization !== undefined && tokenRequest === undefined;
  return usable && engine !== undefined ? tokenEndpoints.get(engine) : undefined;
}
