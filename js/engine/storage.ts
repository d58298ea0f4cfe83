// What the option `storage` may be, and how the engine uses it.

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

/** Which of the three it is, told by its methods. */
function told(storage: unknown): { readonly own: EngineStore } | { readonly sql: SqlStorageLike } {
  const given = Object(storage) as Partial<EngineStore & DurableObjectStorageLike & SqlStorageLike>;
  const missing = METHODS.filter((name) => typeof given[name] !== "function");
  if (missing.length === 0) return { own: storage as EngineStore };
  if (typeof given.sql?.exec === "function") return { sql: given.sql };
  if (typeof given.exec === "function") return { sql: storage as SqlStorageLike };
  const lacking = `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing`;
  throw configError(
    "storage",
    `expected the storage of a Durable Object (ctx.storage), or a store with the methods ${METHODS.join(", ")} (${lacking})`,
  );
}

/** The store of a Durable Object. What its SQLite throws may be anything: it is the `cause`. */
function sqlStore(sql: SqlStorageLike): EngineStore {
  try {
    return new SqlStore(sql);
  } catch (cause) {
    throw failed(
      "its tables could not be made",
      cause,
      ". A Durable Object has SQLite if its class stands in new_sqlite_classes",
    );
  }
}

/**
 * A store of the user's own. It is read once, so that one that can't be used is told now, and not
 * by the first request.
 */
function ownStore(given: EngineStore): EngineStore {
  let record: unknown;
  try {
    record = given.get("signing_key", "");
  } catch (cause) {
    throw failed("it could not be read", cause);
  }
  if (ignored(record))
    throw configError("storage", "get gave a Promise; a store must answer at once");
  return new OwnStore(given);
}

function failed(problem: string, cause: unknown, hint = ""): AuthleteError {
  return new AuthleteError(
    "ERR_AUTHLETE_HTTP_STATUS",
    `storage: ${problem} (${typeName(cause)}; \`cause\` says more)${hint}`,
    { status: 500, cause },
  );
}

/**
 * A user's store, which may give anything. What it must not give becomes an exception, before
 * anything is concluded from it.
 */
class OwnStore implements EngineStore {
  readonly #given: EngineStore;

  constructor(given: EngineStore) {
    this.#given = given;
  }

  get(kind: string, key: string): StoredRecord | undefined {
    const found = atOnce("get", this.#given.get(kind, key));
    if (found === undefined || found === null) return undefined;
    // A copy, so that no getter runs while Rust reads it. Rust judges what is in it.
    const { value, expires_at } = found;
    return { value, expires_at };
  }

  commit(writes: readonly StoreWrite[], now: number): boolean {
    const done: unknown = atOnce("commit", this.#given.commit(writes, now));
    if (typeof done !== "boolean") throw new TypeError("storage.commit: expected true or false");
    return done;
  }

  expire(now: number, limit: number): void {
    atOnce("expire", this.#given.expire(now, limit));
  }
}

function atOnce<T>(method: string, value: T): T {
  if (ignored(value))
    throw new TypeError(`storage.${method}: gave a Promise; a store must answer at once`);
  return value;
}

/**
 * Whether it is a Promise, or like one. Then nobody waits for it: that it is rejected must not end
 * the process.
 */
function ignored(value: unknown): boolean {
  if (typeof (value as PromiseLike<unknown> | null | undefined)?.then !== "function") return false;
  Promise.resolve(value).catch(() => {});
  return true;
}
