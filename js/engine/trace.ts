// What the engine passes to `onTrace`.

import type { EngineCheckName } from "../generated/contract.js";

export type { EngineCheckName } from "../generated/contract.js";

/** What the engine has checked to answer one call. It holds no secrets. */
export interface EngineTrace {
  /**
   * What the engine was asked for: an operation (`authToken`, `authTokenIssue`, `authTokenFail`,
   * `idtokenReissue`), or one of the engine's own functions (`introspect`, `verifyAccess`,
   * `handleRevocationRequest` …); `unknown` for a request that names no operation, or that could
   * not be read so far.
   */
  readonly operation: string;
  /**
   * The checks, in the order in which they were made. There are none for `jwks`, `metadata` and
   * other functions that check nothing. If another request was first, `commit` is refused, and what
   * is decided again is checked again.
   */
  readonly checks: readonly EngineCheck[];
}

/** A check of the engine, and how it ended. */
export interface EngineCheck {
  /** What was checked. What a request gives no reason to check is left out. */
  readonly name: EngineCheckName;
  /** How it ended. If a call is refused, it is for the last check that is `refused`. */
  readonly outcome: "passed" | "refused";
  /** More about it, in fixed words, as {@link EngineCheckName} says. */
  readonly detail?: string;
  /**
   * The result code of the refusal, for the operator: the OAuth client may be told another one.
   * Absent where the refusal has none, as in an authorization request.
   */
  readonly resultCode?: string;
  /** The sentence of that result code, with the code before it. */
  readonly resultMessage?: string;
}

export type OnTrace = (trace: EngineTrace) => unknown;

/** Calls a user's `onTrace`; anything it throws or rejects with is ignored. */
export function tellTrace(onTrace: OnTrace, json: string): void {
  try {
    Promise.resolve(onTrace(JSON.parse(json))).catch(() => {});
  } catch {}
}
