// A Node.js process with one endpoint for each number of live rows: `cost-host.mjs STORE DIRECTORY
// ROWS …`. It gets the number of rows, a grant and a number of requests, and answers with the
// milliseconds that they took.
import { join } from "node:path";
import { internals } from "../../tests/js/support/internals.mjs";
import { filledEndpoint } from "./endpoint.mjs";

const { MemoryStore } = await internals("engine/memory-store");
const { SqlStore } = await internals("engine/sql-store");

process.once("disconnect", () => process.exit());

const [kind, directory, ...sizes] = process.argv.slice(2);

/** By name: makes a store in a directory. */
const stores = { memory: () => new MemoryStore(), sqlite };

/** SQLite in a file, through statements that are prepared once. */
async function sqlite(file) {
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(file);
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = NORMAL");
  const prepared = new Map();
  return new SqlStore({
    exec(query, ...bindings) {
      let statement = prepared.get(query);
      if (statement === undefined) {
        statement = database.prepare(query);
        prepared.set(query, statement);
      }
      const rows = statement.all(...bindings);
      return { toArray: () => rows };
    },
  });
}

const endpoints = new Map();
for (const rows of sizes) {
  const store = await stores[kind](join(directory, `${rows}.sqlite`));
  endpoints.set(rows, await filledEndpoint(store, Number(rows)));
}
process.on("message", async ({ rows, grant, calls }) => {
  try {
    const started = performance.now();
    await endpoints.get(rows).run(grant, calls);
    process.send({ milliseconds: performance.now() - started });
  } catch (error) {
    process.send({ error: error.stack });
  }
});
process.send({ ready: true });
