// What the engine remembers, as one small synchronous interface of atomic steps: its contract, and
// what the stores share.

/** A record: opaque text with an end. */
export interface StoredRecord {
  /** The text. The store gives it back unchanged. */
  readonly value: string;
  /**
   * From this moment on the record has expired; milliseconds since the Unix epoch, at most 8.64e15.
   */
  readonly expires_at: number;
}

/**
 * One write of a step: an object that the store may keep. {@link EngineStore.commit} says how the
 * writes of a step apply.
 */
export type StoreWrite = StoreInsert | StoreReplace | StoreConsume | StoreDelete;

/**
 * Adds a record, in the place of one that has expired if need be. The step fails if there is one
 * that has not.
 */
export interface StoreInsert extends StoredRecord {
  /** Tells this write from the others. */
  readonly op: "insert";
  /** What the record is about. */
  readonly kind: string;
  /** Its key. */
  readonly key: string;
}

/**
 * Gives a record another value and expiry. The step fails unless there is one that has not expired
 * and whose value is `expected`.
 */
export interface StoreReplace extends StoredRecord {
  /** Tells this write from the others. */
  readonly op: "replace";
  /** What the record is about. */
  readonly kind: string;
  /** Its key. */
  readonly key: string;
  /** The value that the decision for this step was based on. */
  readonly expected: string;
}

/** Removes a record. The step fails unless there is one that has not expired. */
export interface StoreConsume {
  /** Tells this write from the others. */
  readonly op: "consume";
  /** What the record is about. */
  readonly kind: string;
  /** Its key. */
  readonly key: string;
}

/** Removes a record, expired or not. That there is none is fine. */
export interface StoreDelete {
  /** Tells this write from the others. */
  readonly op: "delete";
  /** What the record is about. */
  readonly kind: string;
  /** Its key. */
  readonly key: string;
}

/**
 * Where the engine keeps its state. Implement it for a store of your own, and give that as
 * `storage`.
 *
 * - A record is identified by its kind and its key together. Kinds are lower-case letters and `_`.
 *   Keys and values are opaque text of any Unicode characters but U+0000, which a store gives back
 *   unchanged. Values are mostly below 1,000 bytes; keys of 1,024 bytes and values of 2,000,000
 *   must fit (in UTF-8).
 * - Moments are whole milliseconds since the Unix epoch, from 0 to 8.64e15, by the engine's own
 *   clock: a store never looks at another one. A record has expired when its `expires_at` is at or
 *   before the moment in question.
 * - A record stays until a write or `expire` removes it; it is there for the next read at once.
 * - A store that can't do what it is asked for throws, whatever it likes, and has changed nothing.
 *   The call that needed it then ends with 500, and nothing is issued; `onEvent` hears of it, and
 *   gets what was thrown.
 *
 * Every method answers at once. A store that gives a Promise is refused: before its answer comes,
 * another request could spend the same code.
 *
 * Codes and tokens are hashed before they become keys, so that a dump of the store holds no usable
 * one. Generated signing keys are stored as they are: whoever can read them can sign.
 * @example
 * // A store of one's own: this one keeps a Map.
 * class MapStore implements EngineStore {
 *   #records = new Map<string, StoredRecord>();
 *
 *   get(kind: string, key: string) {
 *     return this.#records.get(`${kind} ${key}`);
 *   }
 *
 *   commit(writes: readonly StoreWrite[], now: number) {
 *     // Changes a copy, which takes the place of the records when every condition has held. (A database would begin a transaction, and roll it back.)
 *     const records = new Map(this.#records);
 *     for (const write of writes) {
 *       const id = `${write.kind} ${write.key}`;
 *       const found = records.get(id);
 *       const live = found !== undefined && found.expires_at > now ? found : undefined;
 *       if (write.op === "insert" && live !== undefined) return false;
 *       if (write.op === "replace" && live?.value !== write.expected) return false;
 *       if (write.op === "consume" && live === undefined) return false;
 *       if (write.op === "insert" || write.op === "replace") records.set(id, { value: write.value, expires_at: write.expires_at });
 *       else records.delete(id);
 *     }
 *     this.#records = records;
 *     return true;
 *   }
 *
 *   expire(now: number, limit: number) {
 *     const expired = [...this.#records].filter(([, record]) => record.expires_at <= now);
 *     for (const [id] of expired.slice(0, limit)) this.#records.delete(id);
 *   }
 * }
 * const engine = await createEngine(config, { storage: new MapStore() });
 */
export interface EngineStore {
  /**
   * The record, expired or not; `undefined` or `null` if there is none. Anything else that it gives
   * is a `platform_failed` event with the failure `store_record`.
   * @throws Whatever it likes, if the store can't be read.
   */
  get(kind: string, key: string): StoredRecord | null | undefined;
  /**
   * Applies the writes of one step at the moment `now`: all of them, durably, and `true`; or none
   * of them, and `false`, if the condition of one does not hold.
   *
   * The writes apply in order: each condition is judged on what the writes before it have made of
   * the records, and a record that has expired at `now` counts as none. No other step may come in
   * between. A step has no more than 20 writes.
   * @throws Whatever it likes, if the store can't be written. None of the writes may have been
   * applied then.
   */
  commit(writes: readonly StoreWrite[], now: number): boolean;
  /**
   * Removes up to `limit` records that have expired at `now`, and no others; called often enough,
   * all of them. It comes after a step, and a failure of it has no effect on the answer.
   * @throws Whatever it likes, if the store can't be written.
   */
  expire(now: number, limit: number): void;
}

/** Tells records apart. */
export function recordId({ kind, key }: { readonly kind: string; readonly key: string }): string {
  return `${kind} ${key}`;
}

/** What a step makes of one record: another one, or none. */
interface Change {
  readonly kind: string;
  readonly key: string;
  readonly record: StoredRecord | undefined;
}

/**
 * What a step would make of the records that it names, by their ids; nothing when a condition does
 * not hold. `find` gives what is stored.
 */
export function judge(
  writes: readonly StoreWrite[],
  now: number,
  find: (write: StoreWrite, id: string) => StoredRecord | undefined,
): Map<string, Change> | undefined {
  const changed = new Map<string, Change>();
  for (const write of writes) {
    const { op, kind, key } = write;
    const id = recordId(write);
    const before = changed.get(id);
    const present = before === undefined ? find(write, id) : before.record;
    const live = present !== undefined && present.expires_at > now ? present : undefined;
    if (
      op === "insert"
        ? live !== undefined
        : op === "replace"
          ? live?.value !== write.expected
          : op === "consume" && live === undefined
    )
      return undefined;
    const record =
      op === "insert" || op === "replace"
        ? { value: write.value, expires_at: write.expires_at }
        : undefined;
    changed.set(id, { kind, key, record });
  }
  return changed;
}
