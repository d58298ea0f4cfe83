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

/** Tells records apart. */
export function recordId({ kind, key }: { readonly kind: string; readonly key: string }): string {
  return `${kind} ${key}`;
}

/**
 * What a step would make of the records it names, by their ids; nothing when a condition does not hold. Each condition is judged on what the writes
 * before it have made of the records.
 */
export function judge(writes: readonly StoreWrite[], get: EngineStore["get"]): Map<string, StoredRecord | undefined> | undefined {
  const changed = new Map<string, StoredRecord | undefined>();
  for (const write of writes) {
    const id = recordId(write);
    const present = changed.has(id) ? changed.get(id) : get(write.kind, write.key);
    if (
      write.op === "insert"
        ? present !== undefined
        : write.op === "replace"
          ? present?.value !== write.expected
          : write.op === "consume" && present === undefined
    ) {
      return undefined;
    }
    changed.set(id, write.op === "insert" || write.op === "replace" ? { value: write.value, expires_at: write.expires_at } : undefined);
  }
  return changed;
}
