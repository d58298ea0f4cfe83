// A store of the user's own.

/** The smallest store that users may write. `asked` has the calls that it got. */
export function ownStore(changes = {}) {
  let records = new Map();
  const asked = [];
  return {
    asked,
    get records() {
      return records;
    },
    get(kind, key) {
      return records.get(`${kind} ${key}`);
    },
    commit(writes, now) {
      asked.push(["commit", now]);
      const changed = new Map(records);
      for (const { op, kind, key, expected, value, expires_at } of writes) {
        const id = `${kind} ${key}`;
        const found = changed.get(id);
        const live = found?.expires_at > now ? found : undefined;
        if (
          op === "insert"
            ? live
            : op === "replace"
              ? live?.value !== expected
              : op === "consume" && !live
        )
          return false;
        if (op === "insert" || op === "replace") changed.set(id, { value, expires_at });
        else changed.delete(id);
      }
      records = changed;
      return true;
    },
    expire(now, limit) {
      asked.push(["expire", now, limit]);
      const expired = [...records]
        .filter(([, { expires_at }]) => expires_at <= now)
        .slice(0, limit);
      for (const [id] of expired) records.delete(id);
      return expired.length;
    },
    ...changes,
  };
}
