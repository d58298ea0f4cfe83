// The events that the engine passes to `onEvent`.

import type { TrapEvent } from "../events.js";

/**
 * An event of the engine worth a log line: `switch` on `type`. It holds no secrets: no token,
 * credential, key or record. Anything that `onEvent` throws is ignored.
 */
export type EngineEvent = PlatformFailedEvent | TrapEvent;

/**
 * Something that the engine depends on failed: the storage, the random source, the cryptography,
 * the clock, or the server of a client's `jwks_uri`. The call was answered with 500, or rejected.
 * A `store_expire` failure after a request does not affect the answer; after `fetch` and `key_set`,
 * keys from an earlier fetch are used for up to a day, and without any the answer is 503.
 */
export interface PlatformFailedEvent {
  /** Identifies this kind of event. */
  readonly type: "platform_failed";
  /**
   * What could not be done: read a record; understand a record; write a step; remove expired
   * records; get random bytes (or they were not random); sign or verify; find a key that may sign
   * the client's ID tokens now (see `nbf` and `exp` of the `jwks`); fetch the keys of a client from
   * its `jwks_uri` (the details say why); understand them as a JWK set; read the clock (`now`).
   */
  readonly failure:
    | "store_read"
    | "store_record"
    | "store_commit"
    | "store_expire"
    | "random"
    | "crypto"
    | "signing_key"
    | "fetch"
    | "key_set"
    | "clock";
  /**
   * What the engine was asked for: an operation (`authToken` …), or one of the engine's own
   * functions (`createEngine`, `introspect` …).
   */
  readonly operation: string;
  /**
   * The name of the type of what the platform threw, such as `TypeError`; absent when nothing was
   * thrown.
   */
  readonly error?: string;
}
