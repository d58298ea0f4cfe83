// The default store: a Map. Its state is lost when the process ends.

import { type EngineStore, judge, recordId, type StoredRecord, type StoreWrite } from "./store.js";

/** A record, and its place in the heap. */
interface Entry extends StoredRecord {
  readonly id: string;
  place: number;
}

export class MemoryStore implements EngineStore {
  readonly #records = new Map<string, Entry>();
  /**
   * The same records as a heap: none expires before its parent, which is four times as near to the
   * start. So the next to expire is the first, and finding it costs nothing, however many live.
   */
  readonly #heap: Entry[] = [];

  get(kind: string, key: string): StoredRecord | undefined {
    return this.#records.get(recordId({ kind, key }));
  }

  commit(writes: readonly StoreWrite[], now: number): boolean {
    const changed = judge(writes, now, (_, id) => this.#records.get(id));
    if (changed === undefined) return false;
    for (const [id, { record }] of changed) {
      const before = this.#records.get(id);
      if (record === undefined) {
        if (before !== undefined) this.#remove(before);
        continue;
      }
      const entry = { id, value: record.value, expires_at: record.expires_at, place: 0 };
      this.#records.set(id, entry);
      this.#settle(entry, before?.place ?? this.#heap.length);
    }
    return true;
  }

  expire(now: number, limit: number): number {
    for (let removed = 0; removed < limit; removed += 1) {
      const first = this.#heap[0];
      if (first === undefined || first.expires_at > now) return removed;
      this.#remove(first);
    }
    return limit;
  }

  #remove({ id, place }: Entry): void {
    this.#records.delete(id);
    const last = this.#heap.pop();
    // It takes the empty place.
    if (last !== undefined && place < this.#heap.length) this.#settle(last, place);
  }

  /** Puts an entry where the order needs it, beginning at an empty place. */
  #settle(entry: Entry, place: number): void {
    const heap = this.#heap;
    const put = (entry: Entry, place: number): void => {
      heap[place] = entry;
      entry.place = place;
    };
    for (;;) {
      const above = (place - 1) >> 2;
      const parent = heap[above];
      if (place === 0 || parent === undefined || parent.expires_at <= entry.expires_at) break;
      put(parent, place);
      place = above;
    }
    for (;;) {
      let child = entry;
      for (let below = 4 * place + 1; below <= 4 * place + 4; below += 1) {
        const other = heap[below];
        if (other !== undefined && other.expires_at < child.expires_at) child = other;
      }
      if (child === entry) break;
      const { place: below } = child;
      put(child, place);
      place = below;
    }
    put(entry, place);
  }
}
