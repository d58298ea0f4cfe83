// What the option `storage` accepts, and how the engine uses it.

import { typeName } from "../boundary.js";
import { AuthleteError, configError } from "../errors.js";
import { guarded } from "../options.js";
import { MemoryStore } from "./memory-store.js";
import { type DurableObjectStorageLike, SqlStore, type SqlStorageLike } from "./sql-store.js";
import type { EngineStore, StoredRecord, StoreWrite } from "./store.js";

const METHODS = ["get", "commit", "expire"] as const;

/** The store for the option `storage`. */
export function storeOf(storage: unknown): EngineStore {
  if (storage === undefined) return new MemoryStore();
  const found = guarded("storage", () => told(storage));
  return "sql" in found ? sqlStore(found.sql) : ownStore(found.own);
}

/** Which of the three kinds it is, recognized by its methods. */
function told(storage: unknown): { readonly own: EngineStore } | { readonly sql: SqlStorageLike } {
  const given = Object(storage) as Partial<EngineStore & DurableObjectStorageLike & SqlStorageLike>;
  const missing = METHODS.filter((name) => typeof given[name] !== "function");
  if (missing.length === 0) return { own: storage as EngineStore };
  if (typeof given.sql?.exec === "function") return { sql: given.sql };
  if (typeof given.exec === "function") return { sql: storage as SqlStorageLike };
  const lacking = `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing`;
  throw configError(
    "storage",
    `expected the storage of a Durable Object (ctx.storage), SQLite with the method exec, or a store with the methods ${METHODS.join(", ")} (${lacking})`,
  );
}

/** The store in a Durable Object's SQLite. SQLite may throw anything: that becomes the `cause`. */
function sqlStore(sql: SqlStorageLike): EngineStore {
  try {
    return new SqlStore(sql);
  } catch (cause) {
    throw failed(
      "its table could not be created",
      cause,
      ". A Durable Object has SQLite if its class is listed in new_sqlite_classes; elsewhere, exec(query, ...bindings) must run one statement at once and return { toArray() }",
    );
  }
}

/**
 * The user's own store. It is read once here, so that an unusable store is reported now and not by
 * the first request.
 */
function ownStore(given: EngineStore): EngineStore {
  let record: unknown;
  try {
    record = given.get("signing_key", "");
  } catch (cause) {
    throw failed("it could not be read", cause);
  }
  if (ignored(record))
    throw configError("storage", "get returned a Promise; a store must answer synchronously");
  let done: unknown;
  try {
    // A step that changes nothing.
    done = given.commit([], 0);
  } catch {} // The first step that matters says so.
  if (ignored(done))
    throw configError("storage", "commit returned a Promise; a store must answer synchronously");
  return new OwnStore(given);
}

function failed(problem: string, cause: unknown, hint = ""): AuthleteError {
  return new AuthleteError(
    "ERR_AUTHLETE_HTTP_STATUS",
    `storage: ${problem} (${typeName(cause)}; see \`cause\`)${hint}`,
    { status: 500, cause },
  );
}

/**
 * Wraps the user's own store, which may return anything. A result that is not allowed becomes an
 * exception before it is used.
 */
class OwnStore implements EngineStore {
  readonly #given: EngineStore;

  constructor(given: EngineStore) {
    this.#given = given;
  }

  get(kind: string, key: string): StoredRecord | undefined {
    const found = atOnce("get", this.#given.get(kind, key));
    if (found === undefined || found === null) return undefined;
    // A copy, so that no getter runs while Rust reads it. Rust checks its contents.
    const { value, expires_at } = found;
    return { value, expires_at };
  }

  commit(writes: readonly StoreWrite[], now: number): boolean {
    const done: unknown = atOnce("commit", this.#given.commit(writes, now));
    if (typeof done !== "boolean") throw new TypeError("storage.commit: expected true or false");
    return done;
  }

  expire(now: number, limit: number): number {
    const removed = atOnce("expire", this.#given.expire(now, limit));
    if (!Number.isSafeInteger(removed) || removed < 0)
      throw new TypeError("storage.expire: expected the number of records that it removed");
    return removed;
  }
}

function atOnce<T>(method: string, value: T): T {
  if (ignored(value))
    throw new TypeError(`storage.${method}: returned a Promise; a store must answer synchronously`);
  return value;
}

/**
 * Whether a value is a Promise or another thenable. It is not awaited, and its rejection must not
 * end the process.
 */
function ignored(value: unknown): boolean {
  if (typeof (value as PromiseLike<unknown> | null | undefined)?.then !== "function") return false;
  Promise.resolve(value).catch(() => {});
  return true;
}
