// A Durable Object that an alarm has woken up is not told its name, which is the issuer.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { demoAt } from "./support/demo.mjs";
import { exchange } from "./support/http.mjs";
import { demo as demoVariables, runWorker } from "./support/workerd.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));
// Inside the example's folder, from which its modules are found.
const wranglers = join(root, "worker-example/.wrangler");
mkdirSync(wranglers, { recursive: true });
const folder = mkdtempSync(join(wranglers, "by-id-"));
const config = join(folder, "wrangler.json");
writeFileSync(
  config,
  JSON.stringify({
    name: "by-id",
    main: fileURLToPath(new URL("support/by-id.ts", import.meta.url)),
    compatibility_date: "2026-11-01",
    durable_objects: { bindings: [{ name: "ENGINE", class_name: "EngineObject" }] },
    migrations: [{ tag: "v1", new_sqlite_classes: ["EngineObject"] }],
  }),
);
const worker = await runWorker(demoVariables, undefined, config);
after(async () => {
  await worker.dispose();
  rmSync(folder, { recursive: true, force: true });
});

test("An object that is reached first without its name knows its issuer, and serves everyone afterwards", async () => {
  const demo = demoAt(worker.origin);
  const issued = await demo.token("service", { grant_type: "client_credentials" });
  assert.equal(issued.status, 200);
  await worker.stop();
  await worker.start(undefined, ["GET /"]);
  const first = await exchange(worker.origin, { path: "/by-id" });
  assert.equal(first.status, 200);
  assert.equal(first.json().issuer, worker.origin);
  const again = await demo.token("service", { grant_type: "client_credentials" });
  assert.equal(again.status, 200);
});
