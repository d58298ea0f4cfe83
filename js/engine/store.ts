// Where the engine keeps its state: the contract of a small synchronous interface of atomic steps,
// and what the stores share.

/** A record: opaque text that expires. */
export interface StoredRecord {
  /** The text. The store returns it unchanged. */
  readonly value: string;
  /**
   * The moment from which the record has expired, in milliseconds since the Unix epoch; at most
   * 8.64e15.
   */
  readonly expires_at: number;
}

/**
 * One write of a step: an object that the store may keep. {@link EngineStore.commit} says how the
 * writes of a step are applied.
 */
export type StoreWrite = StoreInsert | StoreReplace | StoreConsume | StoreDelete;

/**
 * Adds a record, replacing one that has expired. The step fails if there is one that has not
 * expired.
 */
export interface StoreInsert extends StoredRecord {
  /** Identifies this kind of write. */
  readonly op: "insert";
  /** The kind of the record, such as `signing_key`. */
  readonly kind: string;
  /** The key of the record, unique within its kind. */
  readonly key: string;
}

/**
 * Replaces the value and expiry of a record. The step fails unless the record exists, has not
 * expired, and has the value `expected`.
 */
export interface StoreReplace extends StoredRecord {
  /** Identifies this kind of write. */
  readonly op: "replace";
  /** The kind of the record, such as `signing_key`. */
  readonly kind: string;
  /** The key of the record, unique within its kind. */
  readonly key: string;
  /** The value that the decision for this step was based on. */
  readonly expected: string;
}

/** Removes a record. The step fails unless the record exists and has not expired. */
export interface StoreConsume {
  /** Identifies this kind of write. */
  readonly op: "consume";
  /** The kind of the record, such as `signing_key`. */
  readonly kind: string;
  /** The key of the record, unique within its kind. */
  readonly key: string;
}

/** Removes a record, expired or not. If there is none, the step does not fail. */
export interface StoreDelete {
  /** Identifies this kind of write. */
  readonly op: "delete";
  /** The kind of the record, such as `signing_key`. */
  readonly kind: string;
  /** The key of the record, unique within its kind. */
  readonly key: string;
}

/**
 * Where the engine keeps its state. Implement this interface to use your own store, and pass that
 * as `storage`.
 *
 * - A record is identified by its kind and its key together. Kinds consist of lower-case letters
 *   and `_`. Keys and values are opaque text of any Unicode characters except U+0000, which a store
 *   returns unchanged. Most values are below 1,000 bytes; keys of 1,024 bytes and values of
 *   2,000,000 bytes must fit (in UTF-8).
 * - Moments are whole milliseconds since the Unix epoch, from 0 to 8.64e15, by the engine's own
 *   clock: a store never uses another clock. A record has expired when its `expires_at` is at or
 *   before the moment in question.
 * - A record stays until a write or `expire` removes it; it is there for the next read at once.
 * - If a store can't do what it is asked to do, it throws anything, and has changed nothing. The
 *   call that needed it then ends with 500, and nothing is issued; `onEvent` receives a
 *   `platform_failed` event, and what was thrown.
 *
 * Every method is synchronous. A store that returns a Promise is refused: while the Promise is
 * pending, another request could use the same code.
 *
 * A token request reads one record as a rule, and commits one step, most often of one write: what
 * can check and write a few records in one transaction can be a store. Only some options of a
 * service, client assertions and DPoP proofs need a record or two more.
 *
 * Codes and tokens are stored as hashes, so that a dump of the store contains no usable ones.
 * Generated signing keys are stored as they are: anyone who can read them can sign. So is the
 * secret behind DPoP nonces: anyone who can read it can make those.
 * @example
 * // Your own store: this one keeps its records in a Map.
 * class MapStore implements EngineStore {
 *   #records = new Map<string, StoredRecord>();
 *
 *   get(kind: string, key: string) {
 *     return this.#records.get(`${kind} ${key}`);
 *   }
 *
 *   commit(writes: readonly StoreWrite[], now: number) {
 *     // Changes a copy, which replaces the records only if every condition holds. (With a database: begin a transaction, and roll it back if a condition fails.)
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
 *     const expired = [...this.#records].filter(([, record]) => record.expires_at <= now).slice(0, limit);
 *     for (const [id] of expired) this.#records.delete(id);
 *     return expired.length;
 *   }
 * }
 * const engine = await createEngine(config, { storage: new MapStore() });
 */
export interface EngineStore {
  /**
   * Returns the record, expired or not; `undefined` or `null` if there is none. Any other result is
   * reported as a `platform_failed` event with the failure `store_record`.
   * @throws Anything, if the store can't be read.
   */
  get(kind: string, key: string): StoredRecord | null | undefined;
  /**
   * Applies the writes of one step at the moment `now`: either all of them, durably, and returns
   * `true`; or, if the condition of one does not hold, none of them, and returns `false`.
   *
   * The writes are applied in order: each condition is checked against the records as changed by
   * the writes before it, and a record that has expired at `now` counts as absent. No other step
   * may run in between. A step has at most 20 writes.
   * @throws Anything, if the store can't be written. In that case, none of the writes may have been
   * applied.
   */
  commit(writes: readonly StoreWrite[], now: number): boolean;
  /**
   * Removes records that have expired at `now`, and no others: `limit` of them, or all if there are
   * fewer. Returns how many it removed; a store in which steps only mark what they remove also
   * counts what it then deletes here. It is called by {@link Engine.expire}, and after some steps
   * (see {@link EngineOptions.sweep}), whose answers do not depend on it.
   * @throws Anything, if the store can't be written.
   */
  expire(now: number, limit: number): number;
}

/** Identifies a record. */
export function recordId({ kind, key }: { readonly kind: string; readonly key: string }): string {
  return `${kind} ${key}`;
}

/** What a step changes a record to; `record` is `undefined` if the step removes it. */
interface Change {
  readonly kind: string;
  readonly key: string;
  readonly record: StoredRecord | undefined;
}

/**
 * The changes that a step would make, by the IDs of its records; `undefined` if a condition does
 * not hold. `find` looks a stored record up.
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
