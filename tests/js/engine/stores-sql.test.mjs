// The store over SQLite: that of a Durable Object on workerd, and Node's own with the example in
// the documentation.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test from "node:test";
import * as enginePkg from "authlete-token/engine";
import ts from "typescript-5.9";
import { internalFile, internals } from "../support/internals.mjs";
import { startWorker } from "../support/workerd.mjs";
import { exampleOf } from "./examples.mjs";
import { behaviours, failing } from "./stores.behaviours.mjs";

const folder = mkdtempSync(join(tmpdir(), "authlete-token-"));
const { storeOf } = await internals("engine/storage");
const worker = await startWorker(
  new URL("stores-worker.mjs", import.meta.url),
  { durableObjects: { PROVER: { className: "Prover", useSQLite: true } } },
  [internalFile("engine/storage")],
);
test.after(async () => {
  await worker.dispose();
  rmSync(folder, { recursive: true });
});

const ask = async (path, name) =>
  (await worker.dispatchFetch(`http://localhost/${path}/${encodeURIComponent(name)}`)).json();
for (const name of await ask("storage", "")) {
  test(`ctx.storage: ${name}`, async () => assert.equal(await ask("storage", name), null));
  test(`ctx.storage.sql: ${name}`, async () => assert.equal(await ask("sql", name), null));
}

/** The example's storage for a file of SQLite. */
const example = ts.transpile(exampleOf("sql-store.d.ts", "SqlStorageLike"), {
  target: ts.ScriptTarget.ES2022,
});
const AsyncFunction = (async () => {}).constructor;
async function opened(file, config) {
  const names = ["DatabaseSync", "createEngine", "config"];
  const run = new AsyncFunction(
    ...names,
    `${example.replace("engine.db", file)}\nreturn { database, sql, engine };`,
  );
  return run(DatabaseSync, enginePkg.createEngine, config);
}
const config = {
  service: { serviceId: "1", bearer: "b", issuer: "https://as.example", supportedScopes: ["read"] },
  clients: [
    {
      client_id: "web",
      client_secret: "s",
      redirect_uris: ["https://app.example/cb"],
      scope: "read",
      id_token_signed_response_alg: "ES256",
    },
  ],
};

const { sql } = await opened(":memory:", config);
const make = () => {
  sql.exec("DROP TABLE IF EXISTS authlete_token_records");
  return storeOf(sql);
};
for (const [sentence, prove] of Object.entries({
  ...behaviours({ make }),
  ...failing({ make, sql }),
}))
  test(`node:sqlite: ${sentence}`, prove);

test("no statement of the store reads the whole table, with and without SQLite's statistics", () => {
  const database = new DatabaseSync(":memory:");
  const queries = new Map();
  const store = storeOf({
    exec(query, ...bindings) {
      queries.set(query, bindings);
      const rows = database.prepare(query).all(...bindings);
      return { toArray: () => rows };
    },
  });
  const record = (op, key) => ({ op, kind: "code", key, value: "v", expected: "v", expires_at: 2 });
  store.commit(
    Array.from({ length: 20 }, (_, key) => record("insert", String(key))),
    1,
  );
  store.commit([record("replace", "1")], 1);
  const step = (...names) => [
    record("replace", names[0]),
    record("consume", names[1]),
    record("delete", names[2]),
    record("insert", names[3]),
  ];
  store.commit(step("2", "3", "4", "new"), 1);
  // What does not hold, and what changes a record twice, is judged in JavaScript.
  store.commit(step("2", "3", "4", "newer"), 1);
  store.commit([record("delete", "5"), record("insert", "5")], 1);
  store.get("code", "1");
  store.expire(1, 9);
  const plans = () =>
    [...queries]
      .filter(([query]) => !query.startsWith("CREATE"))
      .flatMap(([query, bindings]) =>
        database.prepare(`EXPLAIN QUERY PLAN ${query}`).all(...bindings),
      )
      .map(({ detail }) => detail)
      .filter((detail) => detail.includes("authlete_token_records"));
  for (const statistics of ["SELECT 1", "ANALYZE"]) {
    database.exec(statistics);
    assert.ok(plans().length >= 4);
    for (const detail of plans()) assert.match(detail, /^SEARCH .* USING /, detail);
  }
});

test("a step is one statement, whatever it does", () => {
  const database = new DatabaseSync(":memory:");
  let statements = 0;
  const store = storeOf({
    exec(query, ...bindings) {
      statements += 1;
      const rows = database.prepare(query).all(...bindings);
      return { toArray: () => rows };
    },
  });
  const record = (op, key) => ({ op, kind: "code", key, value: "v", expected: "v", expires_at: 2 });
  const counted = (...writes) => {
    statements = 0;
    assert.equal(store.commit(writes, 1), true);
    return statements;
  };
  assert.equal(counted(record("insert", "a"), record("insert", "b")), 1);
  assert.equal(counted(record("replace", "a")), 1);
  assert.equal(
    counted(
      record("replace", "a"),
      record("consume", "b"),
      record("delete", "d"),
      record("insert", "c"),
    ),
    1,
  );
  assert.equal(counted(record("delete", "a")), 1);
  assert.equal(counted(record("consume", "c")), 1);
});

test("a file of SQLite, opened as in the documentation, keeps the state from one process to the next", async () => {
  const file = join(folder, "engine.db");
  const first = await opened(file, config);
  const { code } = await first.engine.issueAuthorizationCode({
    client_id: "web",
    subject: "user-1",
    scope: "read",
  });
  const keys = await first.engine.jwks();
  first.database.close();
  const second = await opened(file, config);
  assert.deepEqual(await second.engine.jwks(), keys);
  const rows = second.sql.exec("SELECT * FROM authlete_token_records").toArray();
  assert.ok(!JSON.stringify(rows).includes(code));
  assert.equal(rows.filter(({ kind }) => kind === "grant").length, 1);
  second.database.close();
});

test("an engine starts over the table of an earlier version: live records stay, and expired ones are deleted", async () => {
  const file = join(folder, "old.db");
  const old = new DatabaseSync(file);
  // The table of the first version.
  old.exec(
    "CREATE TABLE authlete_token_records (kind TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, expires_at INTEGER NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID",
  );
  old.exec("CREATE INDEX authlete_token_records_by_expiry ON authlete_token_records (expires_at)");
  old.exec(
    "INSERT INTO authlete_token_records VALUES ('grant', 'live', 'of another version', 8640000000000000), ('grant', 'expired', 'of another version', 1)",
  );
  old.close();
  const { engine, database, sql } = await opened(file, config);
  await engine.issueAuthorizationCode({ client_id: "web", subject: "user-1", scope: "read" });
  const rows = sql.exec("SELECT key, value FROM authlete_token_records").toArray();
  assert.deepEqual(
    rows.filter(({ value }) => value === "of another version").map(({ key }) => key),
    ["live"],
  );
  database.close();
});
