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
   * One statement reads, and one writes everything: a single statement is atomic without a
   * transaction, and nothing runs between the two. To need no further statement, a record is
   * removed by overwriting it. If everything is new, the one that writes is enough.
   */
  commit(writes: readonly StoreWrite[], now: number): boolean {
    if (writes.length > 0 && writes.every(({ op }) => op === "insert")) {
      try {
        this.#insert(writes as readonly StoreInsert[], now);
        return true;
      } catch {
        // A record is there already, or SQLite fails: the statements below tell which.
      }
    }
    const changed = judge(writes, now, this.#finder(writes));
    if (changed === undefined) return false;
    if (changed.size === 0) return true;
    this.#write(
      Array.from(changed.values(), ({ kind, key, record }) => ({
        kind,
        key,
        value: record?.value ?? "",
        expires_at: record?.expires_at ?? REMOVED,
      })),
      "excluded.expires_at",
    );
    return true;
  }

  /**
   * Adds records where there is none that is alive; otherwise the column that is never NULL makes
   * the statement fail as a whole.
   */
  #insert(writes: readonly StoreInsert[], now: number): void {
    this.#write(writes, "CASE WHEN expires_at <= ? THEN excluded.expires_at END", now);
  }

  #write(rows: readonly Omit<StoreInsert, "op">[], expiry: string, ...bindings: number[]): void {
    this.#rows(
      `INSERT INTO authlete_token_records (kind, key, value, expires_at) VALUES ${rows.map(() => "(?, ?, ?, ?)")} ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value, expires_at = ${expiry}`,
      ...rows.flatMap(({ kind, key, value, expires_at }) => [kind, key, value, expires_at]),
      ...bindings,
    );
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
    if (writes.length === 1) return ({ kind, key }) => this.get(kind, key);
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

function recordOf(row: Record<string, unknown>): StoredRecord {
  return { value: String(row.value), expires_at: Number(row.expires_at) };
}
