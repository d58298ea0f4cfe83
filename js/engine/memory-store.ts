// The default store: a Map. Its state ends with the process.

import type { EngineStore, StoredRecord, StoreWrite } from "./store.js";

export class MemoryStore implements EngineStore {
  readonly #records = new Map<string, StoredRecord>();

  get(kind: string, key: string): StoredRecord | undefined {
    return this.#records.get(`${kind} ${key}`);
  }

  commit(writes: readonly StoreWrite[]): boolean {
    // Each condition is judged on what the writes before it have made of the records; then all of them are written.
    const changed = new Map<string, StoredRecord | undefined>();
    for (const write of writes) {
      const id = `${write.kind} ${write.key}`;
      const present = changed.has(id) ? changed.get(id) : this.#records.get(id);
      if (
        write.op === "insert"
          ? present !== undefined
          : write.op === "replace"
            ? present?.value !== write.expected
            : write.op === "consume" && present === undefined
      ) {
        return false;
      }
      changed.set(id, write.op === "insert" || write.op === "replace" ? { value: write.value, expires_at: write.expires_at } : undefined);
    }
    for (const [id, record] of changed) {
      if (record === undefined) this.#records.delete(id);
      else this.#records.set(id, record);
    }
    return true;
  }

  expire(now: number, limit: number): void {
    let left = limit;
    for (const [id, record] of this.#records) {
      if (left === 0) return;
      if (record.expires_at <= now) {
        this.#records.delete(id);
        left -= 1;
      }
    }
  }
}
