// The default store: a Map. Its state is lost when the process ends.

import { type EngineStore, judge, recordId, type StoredRecord, type StoreWrite } from "./store.js";

export class MemoryStore implements EngineStore {
  readonly #records = new Map<string, StoredRecord>();
  /**
   * Where the search for expired records continues: searching from the start would cost more with
   * every live record.
   */
  #next = this.#records.entries();

  get(kind: string, key: string): StoredRecord | undefined {
    return this.#records.get(recordId({ kind, key }));
  }

  commit(writes: readonly StoreWrite[], now: number): boolean {
    const changed = judge(writes, now, (_, id) => this.#records.get(id));
    if (changed === undefined) return false;
    for (const [id, { record }] of changed) {
      if (record === undefined) this.#records.delete(id);
      else this.#records.set(id, record);
    }
    return true;
  }

  expire(now: number, limit: number): void {
    for (let looked = 0; looked < limit; looked += 1) {
      const { done, value } = this.#next.next();
      if (done) {
        this.#next = this.#records.entries();
        return;
      }
      const [id, record] = value;
      if (record.expires_at <= now) this.#records.delete(id);
    }
  }
}
