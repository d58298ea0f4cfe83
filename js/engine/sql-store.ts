// The store in a Durable Object's SQLite. Statements are synchronous, and the writes of a step are
// durable before an answer leaves the object (its output gate waits for them).

import {
  type EngineStore,
  judge,
  recordId,
  type StoredRecord,
  type StoreInsert,
  type StoreWrite,
} from "./store.js";

/**
 * `ctx.storage.sql` of a Durable Object
 * ([its SQLite](https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/)),
 * limited to what the engine needs; or any other SQLite from version 3.24 on that is called
 * synchronously, and whose file no other process writes to.
 *
 * The engine creates one table in it, `authlete_token_records`, with an index. It can also use the
 * table that an earlier version has created.
 * @example
 * // Node.js 22.13 or later: the state is in a file, and survives the process.
 * const database = new DatabaseSync("engine.db"); // from node:sqlite
 * const sql: SqlStorageLike = {
 *   exec(query, ...bindings) {
 *     const rows = database.prepare(query).all(...bindings);
 *     return { toArray: () => rows };
 *   },
 * };
 * const engine = await createEngine(config, { storage: sql });
 */
export interface SqlStorageLike {
  /**
   * Runs one statement synchronously; the engine reads all rows of the result. If the statement
   * fails, it throws and has changed nothing.
   */
  exec(query: string, ...bindings: (string | number)[]): SqlCursorLike;
}

/** The rows that a statement returns. */
export interface SqlCursorLike {
  /** Returns all rows. */
  toArray(): Record<string, unknown>[];
}

/** `ctx.storage` of a Durable Object, limited to what the engine needs. */
export interface DurableObjectStorageLike {
  /** The SQLite database of the object. */
  readonly sql: SqlStorageLike;
}

/**
 * The expiry of a record that a step has removed: it does not count as a record, and the next
 * clean-up deletes it first.
 */
const REMOVED = -1;

/** How many values a Durable Object binds in one statement. */
const MOST_BINDINGS = 100;

/** A record that has not expired, if there is one with this kind, key and time. */
const LIVE = "FROM authlete_token_records WHERE kind = ? AND key = ? AND expires_at > ?";

export class SqlStore implements EngineStore {
  readonly #sql: SqlStorageLike;

  constructor(sql: SqlStorageLike) {
    this.#sql = sql;
    // A table that an earlier version has created is the same: neither its name nor its columns
    // have ever changed.
    this.#rows(
      "CREATE TABLE IF NOT EXISTS authlete_token_records (kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, expires_at INTEGER NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID",
    );
    this.#rows(
      "CREATE INDEX IF NOT EXISTS authlete_token_records_by_expiry ON authlete_token_records (expires_at)",
    );
  }

  get(kind: string, key: string): StoredRecord | undefined {
    const [row] = this.#rows(
      "SELECT value, expires_at FROM authlete_token_records WHERE kind = ? AND key = ? AND expires_at >= 0",
      kind,
      key,
    );
    return row && recordOf(row);
  }

  /**
   * A single statement is atomic without a transaction: one has the conditions and the writes. If
   * it fails, a condition does not hold, or SQLite fails: the careful way tells which.
   */
  commit(writes: readonly StoreWrite[], now: number): boolean {
    const step = isSimple(writes) ? stepOf(writes, now) : undefined;
    if (step === undefined || step.bindings.length > MOST_BINDINGS)
      return this.#carefully(writes, now);
    try {
      this.#rows(step.query, ...step.bindings);
      return true;
    } catch {
      return this.#carefully(writes, now);
    }
  }

  /** One statement reads, and one writes everything. Nothing runs between the two. */
  #carefully(writes: readonly StoreWrite[], now: number): boolean {
    const changed = judge(writes, now, this.#finder(writes));
    if (changed === undefined) return false;
    if (changed.size === 0) return true;
    const rows = Array.from(changed.values(), ({ kind, key, record }) =>
      row(kind, key, record?.value, "?", record?.expires_at ?? REMOVED),
    );
    const { query, bindings } = upsert(rows, "excluded.expires_at");
    this.#rows(query, ...bindings);
    return true;
  }

  expire(now: number, limit: number): number {
    this.#rows(
      "DELETE FROM authlete_token_records WHERE (kind, key) IN (SELECT kind, key FROM authlete_token_records WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)",
      now,
      limit,
    );
    // RETURNING would need SQLite 3.35, and would make a row of each.
    const [row] = this.#rows("SELECT changes() AS removed");
    return Number(row?.removed);
  }

  /** Finds the stored ones of the records that a step names. */
  #finder(
    writes: readonly StoreWrite[],
  ): (write: StoreWrite, id: string) => StoredRecord | undefined {
    const found = new Map<string, StoredRecord>();
    if (writes.length > 0) {
      const rows = this.#rows(
        `SELECT kind, key, value, expires_at FROM authlete_token_records WHERE (kind, key) IN (VALUES ${writes.map(() => "(?, ?)")}) AND expires_at >= 0`,
        ...writes.flatMap(({ kind, key }) => [kind, key]),
      );
      for (const row of rows)
        found.set(recordId({ kind: String(row.kind), key: String(row.key) }), recordOf(row));
    }
    return (_, id) => found.get(id);
  }

  #rows(query: string, ...bindings: (string | number)[]): Record<string, unknown>[] {
    return this.#sql.exec(query, ...bindings).toArray();
  }
}

/** A part of a statement, and the values for its question marks. */
interface Sql {
  readonly query: string;
  readonly bindings: readonly (string | number)[];
}

/** Whether the writes of a step are all about different records. */
function isSimple(writes: readonly StoreWrite[]): boolean {
  return (
    writes.length > 0 &&
    (writes.length === 1 || new Set(writes.map(recordId)).size === writes.length)
  );
}

/**
 * The statement of a step. Where the condition of a write does not hold, the expiry is NULL, which
 * the column never is: so the statement fails as a whole. (`INSERT … SELECT … WHERE` would say so
 * without failing, but takes three times as long, since it copies what it selects.)
 */
function stepOf(writes: readonly StoreWrite[], now: number): Sql {
  if (writes.every(({ op }) => op === "insert")) {
    const rows = (writes as readonly StoreInsert[]).map(({ kind, key, value, expires_at }) =>
      row(kind, key, value, "?", expires_at),
    );
    return upsert(rows, "CASE WHEN expires_at <= ? THEN excluded.expires_at END", now);
  }
  return upsert(
    writes.map((write) => rowOf(write, now)),
    "excluded.expires_at",
  );
}

/** The row that a write makes, under its condition. */
function rowOf(write: StoreWrite, now: number): Sql {
  const { op, kind, key } = write;
  const live = [kind, key, now];
  if (op === "delete") return row(kind, key, undefined, "?", REMOVED);
  if (op === "consume") return row(kind, key, undefined, `(SELECT ? ${LIVE})`, REMOVED, ...live);
  const { value, expires_at } = write;
  return op === "replace"
    ? row(kind, key, value, `(SELECT ? ${LIVE} AND value = ?)`, expires_at, ...live, write.expected)
    : row(kind, key, value, `(SELECT ? WHERE NOT EXISTS (SELECT 1 ${LIVE}))`, expires_at, ...live);
}

/** A row for {@link upsert}; `expiry` and its values say when it expires. */
function row(
  kind: string,
  key: string,
  value: string | undefined,
  expiry: string,
  ...bindings: (string | number)[]
): Sql {
  return { query: `(?, ?, ?, ${expiry})`, bindings: [kind, key, value ?? "", ...bindings] };
}

/** Writes rows, each in the place of one with the same kind and key. */
function upsert(rows: readonly Sql[], expiry: string, ...bindings: number[]): Sql {
  return {
    query: `INSERT INTO authlete_token_records (kind, key, value, expires_at) VALUES ${rows.map(({ query }) => query)} ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value, expires_at = ${expiry}`,
    bindings: [...rows.flatMap(({ bindings }) => bindings), ...bindings],
  };
}

function recordOf(row: Record<string, unknown>): StoredRecord {
  return { value: String(row.value), expires_at: Number(row.expires_at) };
}
