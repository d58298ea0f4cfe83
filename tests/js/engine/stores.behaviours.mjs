// What every store must do: the same tests for each of them (`tests/native/engine/stores.rs` has
// them for those in Rust). `make` returns a store without records.
import { deepEqual, equal, ok } from "../support/assert.mjs";

const kind = "code";
const latest = 8.64e15;
const insert = (key, value, expires_at) => ({ op: "insert", kind, key, value, expires_at });
const replace = (key, expected, value, expires_at) => ({
  op: "replace",
  kind,
  key,
  expected,
  value,
  expires_at,
});
const consume = (key) => ({ op: "consume", kind, key });
const remove = (key) => ({ op: "delete", kind, key });

export function behaviours({ make }) {
  const sentences = {
    "a record comes back unchanged, whatever its texts and its expiry"({ applies, found }) {
      const odd = "'\"\\ %_?1:\u0001\u2028\ue000\u{1f600}e\u0301";
      const large = "ä".repeat(1_000_000);
      for (const [key, value, expiry] of [
        ["k", "{}", 1],
        ["", "", latest],
        [odd, odd, 0],
        ["k".repeat(1_024), large, latest - 1],
        ["a b", " v\n", 2 ** 40],
      ]) {
        deepEqual(found(key), undefined, "before");
        applies(0, insert(key, value, expiry));
        const record = found(key);
        ok(record?.[0] === value, `the value of ${key.length} characters`);
        equal(record[1], expiry, "expiry");
      }
    },

    "records of another kind or key are others"({ store, applies, fails, found }) {
      const values = {
        k: "lower",
        K: "upper",
        "\u00e9": "composed",
        "e\u0301": "decomposed",
        1: "text",
        "01": "other",
      };
      applies(0, ...Object.entries(values).map(([key, value]) => insert(key, value, 10)));
      for (const [key, value] of Object.entries(values))
        deepEqual(found(key), [value, 10], "found");
      ok(!store.get("grant", "k"), "no record of another kind");
      fails(0, { ...consume("k"), kind: "grant" });
      applies(0, { ...remove("k"), kind: "grant" });
      deepEqual(found("k"), ["lower", 10], "found");
    },

    "an insert takes the place of an expired record, and of no other"({
      store,
      applies,
      fails,
      found,
    }) {
      applies(0, insert("k", "old", 10));
      fails(9, insert("k", "new", 20));
      deepEqual(found("k"), ["old", 10], "while it is alive");
      applies(10, insert("k", "new", 20));
      deepEqual(found("k"), ["new", 20], "when it has expired");
      // The expiry of the old one must not remove the new one.
      for (let i = 0; i < 3; i += 1) store.expire(10, 10);
      deepEqual(found("k"), ["new", 20], "after a clean-up");
    },

    "a replacement needs a live record with the expected value"({ applies, fails, found }) {
      fails(0, replace("k", "old", "new", 20));
      applies(0, insert("k", "old", 10));
      for (const [now, expected] of [
        [0, "Old"],
        [0, ""],
        [0, "new"],
        [10, "old"],
      ]) {
        fails(now, replace("k", expected, "new", 20));
        deepEqual(found("k"), ["old", 10], "after one that failed");
      }
      applies(9, replace("k", "old", "new", 5));
      deepEqual(found("k"), ["new", 5], "found");
    },

    "a record is consumed once, and only while it is alive"({ applies, fails, found }) {
      applies(0, insert("k", "v", 10));
      fails(10, consume("k"));
      deepEqual(found("k"), ["v", 10], "after one that failed");
      applies(9, consume("k"));
      deepEqual(found("k"), undefined, "found");
      fails(9, consume("k"));
      applies(9, insert("k", "again", 10));
    },

    "a deletion removes any record, and succeeds if there is none"({ applies, found }) {
      applies(0, insert("live", "v", 10), insert("expired", "v", 1));
      applies(5, remove("live"), remove("expired"), remove("nothing"));
      for (const key of ["live", "expired", "nothing"]) deepEqual(found(key), undefined, key);
      applies(5, insert("live", "again", 10));
      deepEqual(found("live"), ["again", 10], "found");
    },

    "a step whose condition does not hold changes nothing"({ applies, fails, found }) {
      applies(0, insert("a", "v", 10), insert("b", "v", 10));
      for (const last of [insert("a", "x", 20), replace("c", "v", "x", 20), consume("d")]) {
        fails(0, insert("c", "x", 20), replace("a", "v", "x", 20), consume("b"), remove("b"), last);
        deepEqual(
          [found("a"), found("b"), found("c")],
          [["v", 10], ["v", 10], undefined],
          "records",
        );
      }
    },

    "of the conditions of a step, each one alone makes it fail"({ applies, fails, found }) {
      applies(0, insert("a", "v", 10), insert("b", "v", 10), insert("expired", "v", 1));
      const good = [insert("expired", "x", 20), replace("a", "v", "x", 20), consume("b")];
      const bad = [
        insert("a", "x", 20),
        replace("b", "other", "x", 20),
        replace("expired", "v", "x", 20),
        replace("none", "v", "x", 20),
        consume("expired"),
        consume("none"),
      ];
      for (const write of bad) {
        const others = good.filter(({ key }) => key !== write.key);
        fails(5, write);
        fails(5, ...others, write, insert("more", "x", 20));
        fails(5, write, remove("none"), ...others);
        deepEqual(
          ["a", "b", "expired", "none", "more"].map(found),
          [["v", 10], ["v", 10], ["v", 1], undefined, undefined],
          "records",
        );
      }
      applies(5, ...good, insert("more", "x", 20), remove("none"));
      deepEqual(
        ["a", "b", "expired", "none", "more"].map(found),
        [["x", 20], undefined, ["x", 20], undefined, ["x", 20]],
        "records",
      );
    },

    "each write of a step sees the writes before it"({ applies, fails, found }) {
      fails(0, insert("k", "1", 10), insert("k", "2", 10));
      deepEqual(found("k"), undefined, "after two inserts");
      // A record that has already expired when it is written is absent for the next write.
      applies(10, insert("k", "1", 10), insert("k", "2", 20));
      applies(10, replace("k", "2", "3", 20), replace("k", "3", "4", 20));
      deepEqual(found("k"), ["4", 20], "after two replacements");
      fails(10, replace("k", "4", "5", 20), replace("k", "4", "6", 20));
      fails(10, consume("k"), consume("k"));
      fails(10, remove("k"), replace("k", "4", "5", 20));
      deepEqual(found("k"), ["4", 20], "after what failed");
      applies(10, consume("k"), insert("k", "5", 20), insert("m", "1", 20), remove("m"));
      deepEqual([found("k"), found("m")], [["5", 20], undefined], "records");
      applies(10, remove("k"), insert("k", "6", 20), consume("k"));
      deepEqual(found("k"), undefined, "in the end");
    },

    "a step may have no writes, or twenty"({ applies, found }) {
      applies(0);
      const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);
      applies(0, ...keys.map((key) => insert(key, "v", 10)));
      applies(
        0,
        ...keys.map((key, index) => (index % 2 === 0 ? replace(key, "v", "w", 10) : consume(key))),
      );
      for (const [index, key] of keys.entries())
        deepEqual(found(key), index % 2 === 0 ? ["w", 10] : undefined, key);
      const more = keys.map((key) => `more-${key}`);
      applies(0, remove("none"), ...more.slice(1).map((key) => insert(key, "v", 10)));
      applies(0, insert("more-key-0", "v", 10));
      applies(0, ...more.map((key) => replace(key, "v", "w", 10)));
      for (const key of more) deepEqual(found(key), ["w", 10], key);
    },

    "only expired records are removed, and they are counted"({ store, applies, found }) {
      const keys = Array.from({ length: 40 }, (_, index) => `key-${index}`);
      for (const [index, key] of keys.entries())
        applies(0, insert(key, "v", index % 2 === 0 ? latest : index));
      applies(0, replace("key-1", "v", "later", latest), replace("key-0", "v", "sooner", 5));
      // 3, 5 … 19, and the one that now expires sooner.
      deepEqual(
        [6, 6, 6].map((limit) => store.expire(19, limit)),
        [6, 4, 0],
        "removed",
      );
      const gone = (index) => index === 0 || (index % 2 === 1 && index !== 1 && index <= 19);
      for (const [index, key] of keys.entries()) equal(found(key) === undefined, gone(index), key);
    },

    "no more records are removed at once than allowed"({ store, applies, found }) {
      const keys = Array.from({ length: 9 }, (_, index) => `key-${index}`);
      applies(0, ...keys.map((key) => insert(key, "v", 1)));
      equal(store.expire(0, 4), 0, "removed before any has expired");
      for (const [removed, left] of [
        [4, 5],
        [4, 1],
        [1, 0],
        [0, 0],
      ]) {
        equal(store.expire(1, 4), removed, "removed");
        equal(keys.filter((key) => found(key) !== undefined).length, left, "left");
      }
    },

    "a clean-up follows a clock that jumps years, forwards and backwards"({
      store,
      applies,
      found,
    }) {
      const year = 31_536_000_000;
      const fill = (now) =>
        applies(now, ...[1, 60_000, year].map((life) => insert(`${now} ${life}`, "v", now + life)));
      const now = 50 * year;
      fill(now);
      equal(store.expire(now, 9), 0, "removed at once");
      fill(now + 20 * year);
      equal(store.expire(now + 20 * year, 9), 3, "removed after twenty years");
      fill(now - 40 * year);
      equal(store.expire(now - 40 * year, 9), 0, "removed when the clock has gone back");
      equal(store.expire(now - 40 * year + 60_000, 9), 2, "removed a minute later");
      deepEqual(found(`${now - 40 * year} ${year}`), ["v", now - 39 * year], "found");
      equal(store.expire(now + 20 * year, 9), 1, "removed when it has come forward again");
      equal(store.expire(now + 22 * year, 9), 3, "removed in the end");
    },

    "many records, replaced and removed in any order, are removed when each has expired"({
      store,
      applies,
    }) {
      const expiries = new Map();
      let random = 1;
      const below = (limit) => {
        random = (random * 48_271) % 2_147_483_647;
        return random % limit;
      };
      for (let now = 0; now < 1_500; now += 1) {
        const key = String(below(300));
        const live = expiries.get(key) > now;
        if (live && below(3) === 0) {
          applies(now, consume(key));
          expiries.delete(key);
        } else {
          const expires_at = now + 1 + below(400);
          applies(now, live ? replace(key, "v", "v", expires_at) : insert(key, "v", expires_at));
          expiries.set(key, expires_at);
        }
        if (now % 50 !== 0) continue;
        store.expire(now, 1_000);
        for (const [key, expires_at] of expiries) if (expires_at <= now) expiries.delete(key);
        for (let key = 0; key < 300; key += 1)
          equal(store.get(kind, String(key))?.expires_at, expiries.get(String(key)), `${key}`);
      }
    },
  };
  return Object.fromEntries(
    Object.entries(sentences).map(([sentence, prove]) => [
      sentence,
      async () => prove(kitOf(await make())),
    ]),
  );
}

/** A store, and the checks for the tests. */
function kitOf(store) {
  return {
    store,
    applies: (now, ...writes) => equal(store.commit(writes, now), true, "commit"),
    fails: (now, ...writes) => equal(store.commit(writes, now), false, "commit"),
    found: (key) => {
      const record = store.get(kind, key) ?? undefined;
      return record && [record.value, record.expires_at];
    },
  };
}

/**
 * What must hold of every SQLite: `sql` is `SqlStorageLike`. A trigger makes it fail in the middle
 * of a step, as a full disk would.
 */
export function failing({ make, sql }) {
  return {
    async "a step that fails in the middle has changed nothing, and the next one is applied"() {
      const { store, applies, found } = kitOf(await make());
      applies(0, insert("old", "v", 10), insert("spent", "v", 10));
      sql
        .exec(
          "CREATE TRIGGER broken BEFORE INSERT ON authlete_token_records WHEN NEW.key = 'bad' BEGIN SELECT RAISE(ABORT, 'disk full'); END",
        )
        .toArray();
      const step = [
        insert("new", "v", 10),
        replace("old", "v", "w", 10),
        consume("spent"),
        insert("bad", "v", 10),
        insert("more", "v", 10),
      ];
      const thrown = [];
      for (const writes of [step, [insert("new", "v", 10), insert("bad", "v", 10)]]) {
        try {
          store.commit(writes, 0);
        } catch (error) {
          thrown.push(error);
        }
      }
      sql.exec("DROP TRIGGER broken").toArray();
      equal(thrown.length, 2, "steps that failed");
      for (const error of thrown)
        ok(String(error).includes("disk full"), "what the database threw");
      deepEqual(
        ["old", "spent", "new", "bad", "more"].map(found),
        [["v", 10], ["v", 10], undefined, undefined, undefined],
        "records",
      );
      applies(0, ...step);
      deepEqual(
        ["old", "spent", "new", "bad", "more"].map(found),
        [["w", 10], undefined, ["v", 10], ["v", 10], ["v", 10]],
        "records",
      );
    },

    async "what a step has removed is gone from the table after the next clean-up"() {
      const { store, applies } = kitOf(await make());
      applies(0, insert("a", "value-of-a", 10), insert("b", "v", 10));
      applies(0, consume("a"), remove("b"));
      ok(
        !JSON.stringify(sql.exec("SELECT * FROM authlete_token_records").toArray()).includes(
          "value-of-a",
        ),
        "the value is gone at once",
      );
      equal(store.expire(0, 9), 2, "removed");
      deepEqual(sql.exec("SELECT * FROM authlete_token_records").toArray().length, 0, "rows");
    },
  };
}
