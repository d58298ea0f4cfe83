// What was recorded for the playground: in memory, for minutes, and not much of it.
import type { TraceEntry } from "./trace";

/** How many traces there may be, and how long their JSON may be in all. */
const maxTraces = 64;
const maxCharacters = 262_144;
/** Five minutes, in milliseconds. */
const lifetime = 300_000;

interface Recorded {
  readonly entries: TraceEntry[];
  characters: number;
  readonly expiresAt: number;
}

/** The traces by their IDs, which the page has chosen at random. */
export class Traces {
  readonly #now: () => number;
  /** The oldest one is first. */
  readonly #recorded = new Map<string, Recorded>();
  #characters = 0;

  constructor(now: () => number = () => Date.now()) {
    this.#now = now;
  }

  /** Begins a trace, or goes on with it: what the function gets is added to it. */
  begin(id: string): (entry: TraceEntry) => void {
    this.#drop();
    if (!this.#recorded.has(id)) {
      const expiresAt = this.#now() + lifetime;
      this.#recorded.set(id, { entries: [], characters: 0, expiresAt });
      this.#drop();
    }
    return (entry) => this.#add(id, entry);
  }

  /** The entries of a trace; undefined if it is unknown, or no longer known. */
  entries(id: string): readonly TraceEntry[] | undefined {
    this.#drop();
    return this.#recorded.get(id)?.entries;
  }

  #add(id: string, entry: TraceEntry): void {
    const recorded = this.#recorded.get(id);
    const { length } = JSON.stringify(entry);
    // It was dropped meanwhile, or would have no room if it were alone.
    if (recorded === undefined || recorded.characters + length > maxCharacters) return;
    recorded.entries.push(entry);
    recorded.characters += length;
    this.#characters += length;
    this.#drop(id);
  }

  /** Drops what has expired, and the oldest ones if there is too much; never `kept`. */
  #drop(kept?: string): void {
    for (const [id, { expiresAt, characters }] of this.#recorded) {
      const tooMuch = this.#recorded.size > maxTraces || this.#characters > maxCharacters;
      if (id === kept || (!tooMuch && expiresAt > this.#now())) continue;
      this.#recorded.delete(id);
      this.#characters -= characters;
    }
  }
}
