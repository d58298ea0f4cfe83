// What the engine remembers, as one small synchronous interface of atomic steps. Two implementations: memory and Durable Object SQLite.

/** A record: opaque text, and when it may be removed, in milliseconds since the epoch. */
export interface StoredRecord {
  readonly value: string;
  readonly expires_at: number;
}

/** One write of a step. */
export type StoreWrite =
  /** Adds a record; the step fails if there is one. */
  | { readonly op: "insert"; readonly kind: string; readonly key: string; readonly value: string; readonly expires_at: number }
  /** Replaces a record; the step fails unless its value is `expected`. */
  | { readonly op: "replace"; readonly kind: string; readonly key: string; readonly expected: string; readonly value: string; readonly expires_at: number }
  /** Removes a record; the step fails if there is none. */
  | { readonly op: "consume"; readonly kind: string; readonly key: string }
  /** Removes a record, if there is one. */
  | { readonly op: "delete"; readonly kind: string; readonly key: string };

/** Where the engine keeps its state. It lives in JavaScript, so it outlives a WebAssembly trap. */
export interface EngineStore {
  get(kind: string, key: string): StoredRecord | undefined;
  /** Applies all writes, in order, or none of them; false when the condition of one does not hold. */
  commit(writes: readonly StoreWrite[]): boolean;
  /** Removes up to `limit` records that expired at or before `now`. */
  expire(now: number, limit: number): void;
}
