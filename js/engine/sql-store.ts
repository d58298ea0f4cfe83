// The store of a Durable Object: its own SQLite. Each statement is synchronous, and what a step has written is durable before an answer leaves
// the object (its output gate waits for that).

import { configError } from "../errors.js";
import { type EngineStore, judge, type StoredRecord, type StoreWrite } from "./store.js";

/** `ctx.storage.sql` of a Durable Object ([its SQLite](https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/)), as far as the engine needs it. */
export interface SqlStorageLike {
  /** Runs one statement at once; what it gives is read to its end. */
  exec(query: string, ...bindings: (string | number)[]): SqlCursorLike;
}

/** The rows that a statement gives. */
export interface SqlCursorLike {
  /** All of them. */
  toArray(): Record<string, unknown>[];
}

/** `ctx.storage` of a Durable Object, as far as the engine needs it. */
export interface DurableObjectStorageLike {
  /** Its SQLite. */
  readonly sql: SqlStorageLike;
  /** Runs the closure in a transaction, which is rolled back when the closure throws. */
  transactionSync<T>(closure: () => T): T;
}

/** Ends a step whose condition does not hold. */
class ConditionFailed extends Error {}

export class SqlStore implements EngineStore {
  readonly #sql: SqlStorageLike;
  /** Nothing where no transaction can be had. */
  readonly #transaction: ((closure: () => void) => void) | undefined;

  constructor(storage: unknown) {
    const { sql, transaction } = parts(storage);
    this.#sql = sql;
    this.#transaction = transaction;
    // TEXT keys: SQLite in a Durable Object rounds integers beyond 2^53.
    sql.exec(
      "CREATE TABLE IF NOT EXISTS authlete_token_records (kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, expires_at INTEGER NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID",
    );
    sql.exec("CREATE INDEX IF NOT EXISTS authlete_token_records_by_expiry ON authlete_token_records (expires_at)");
  }

  get(kind: string, key: string): StoredRecord | undefined {
    const [row] = this.#rows("SELECT value, expires_at FROM authlete_token_records WHERE kind = ? AND key = ?", kind, key);
    return row && { value: String(row.value), expires_at: Number(row.expires_at) };
  }

  commit(writes: readonly StoreWrite[]): boolean {
    if (this.#transaction === undefined) return this.#commitJudged(writes);
    try {
      this.#transaction(() => {
        for (const write of writes) if (!this.#write(write)) throw new ConditionFailed();
      });
      return true;
    } catch (error) {
      if (error instanceof ConditionFailed) return false;
      throw error;
    }
  }

  /**
   * A step that can't be rolled back: every condition is judged before the first write, and the object runs nothing in between. The marks of single
   * use are written first, so that a statement that fails (a full disk) leaves a used credential and never a token.
   */
  #commitJudged(writes: readonly StoreWrite[]): boolean {
    if (judge(writes, (kind, key) => this.get(kind, key)) === undefined) return false;
    const marks = writes.filter(({ op }) => op !== "insert");
    for (const write of [...marks, ...writes.filter(({ op }) => op === "insert")]) {
      if (!this.#write(write)) throw new ConditionFailed();
    }
    return true;
  }

  expire(now: number, limit: number): void {
    this.#rows(
      "DELETE FROM authlete_token_records WHERE (kind, key) IN (SELECT kind, key FROM authlete_token_records WHERE expires_at <= ? LIMIT ?)",
      now,
      limit,
    );
  }

  /** Whether the write's condition held. */
  #write(write: StoreWrite): boolean {
    const { kind, key } = write;
    switch (write.op) {
      case "insert":
        return this.#changed(
          "INSERT INTO authlete_token_records (kind, key, value, expires_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1",
          kind,
          key,
          write.value,
          write.expires_at,
        );
      case "replace":
        return this.#changed(
          "UPDATE authlete_token_records SET value = ?, expires_at = ? WHERE kind = ? AND key = ? AND value = ? RETURNING 1",
          write.value,
          write.expires_at,
          kind,
          key,
          write.expected,
        );
      case "consume":
        return this.#changed("DELETE FROM authlete_token_records WHERE kind = ? AND key = ? RETURNING 1", kind, key);
      case "delete":
        this.#rows("DELETE FROM authlete_token_records WHERE kind = ? AND key = ?", kind, key);
        return true;
    }
  }

  #changed(query: string, ...bindings: (string | number)[]): boolean {
    return this.#rows(query, ...bindings).length > 0;
  }

  #rows(query: string, ...bindings: (string | number)[]): Record<string, unknown>[] {
    return this.#sql.exec(query, ...bindings).toArray();
  }
}

function parts(storage: unknown): { sql: SqlStorageLike; transaction: ((closure: () => void) => void) | undefined } {
  const given = storage as Partial<DurableObjectStorageLike & SqlStorageLike> | null;
  if (typeof given?.sql?.exec === "function" && typeof given.transactionSync === "function") {
    return { sql: given.sql, transaction: (closure) => (given as DurableObjectStorageLike).transactionSync(closure) };
  }
  if (typeof given?.exec === "function") return { sql: given as SqlStorageLike, transaction: undefined };
  throw configError("storage", "expected the storage of a Durable Object (ctx.storage)");
}
