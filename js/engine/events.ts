// What the engine's `onEvent` hears.

import type { TrapEvent } from "../events.js";

/**
 * Something about the engine worth one line in a log: `switch` on `type`. It holds no secret: no
 * token, credential, key or record. What `onEvent` throws is ignored.
 */
export type EngineEvent = PlatformFailedEvent | TrapEvent;

/**
 * The platform failed the engine: the storage, the random source, the cryptography or the clock.
 * The call ended with 500, or was rejected; only after `store_expire` the answer is as good as
 * without.
 */
export interface PlatformFailedEvent {
  /** Tells this event from the others. */
  readonly type: "platform_failed";
  /**
   * What could not be done: read a record, understand one, write a step, remove what has expired,
   * get randomness (or randomness that is none), sign or verify, read the clock (`now`).
   */
  readonly failure:
    | "store_read"
    | "store_record"
    | "store_commit"
    | "store_expire"
    | "random"
    | "crypto"
    | "clock";
  /**
   * What the engine was asked for: an operation (`authToken` …), or one of the engine's own
   * functions (`createEngine`, `introspect` …).
   */
  readonly operation: string;
  /**
   * The name of the type of what the platform threw, such as `TypeError`; absent when it threw
   * nothing.
   */
  readonly error?: string;
}
