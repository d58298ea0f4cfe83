// Live rows that fill a store: copies, under other keys, of what the engine wrote for real tokens.

const characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** The length of a key after the service's prefix: the identifier of a grant. */
const KEY = 22;
export const YEAR = 31_536_000_000;

/** A store that forgets, and remembers only what was last written under each key. */
export function recorder(store) {
  const written = new Map();
  return {
    get: (kind, key) => store.get(kind, key),
    commit(writes, now) {
      for (const { op, kind, key, value } of writes) {
        if (op === "insert" || op === "replace")
          written.set(`${kind} ${key}`, { kind, key, value });
        else written.delete(`${kind} ${key}`);
      }
      return store.commit(writes, now);
    },
    expire: (now, limit) => store.expire(now, limit),
    samples: () => [...written.values()],
  };
}

/** Fills a store with `count` copies of the samples, which expire years after `now`. */
export function fill(store, samples, count, now) {
  let random = 1;
  const below = (limit) => {
    random = (random * 48_271) % 2_147_483_647;
    return random % limit;
  };
  const letters = (length) => {
    let text = "";
    while (text.length < length) text += characters[below(64)];
    return text;
  };
  for (let made = 0; made < count; ) {
    const writes = [];
    for (; writes.length < 20 && made < count; made += 1) {
      const { kind, key, value } = samples[made % samples.length];
      writes.push({
        op: "insert",
        kind,
        key: key.slice(0, -KEY) + letters(KEY),
        value,
        expires_at: now + YEAR + below(YEAR),
      });
    }
    if (!store.commit(writes, now)) throw new Error("the rows could not be written");
  }
}
