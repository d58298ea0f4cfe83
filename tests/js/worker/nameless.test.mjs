// A Durable Object that an alarm has woken up is not told its name, which is the issuer.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { demoAt } from "./support/demo.mjs";
import { exchange } from "./support/http.mjs";
import { demo as demoVariables, runWorker } from "./support/workerd.mjs";
import { withEntry } from "./support/wrangler.mjs";

const { config, remove } = withEntry("by-id.ts");
const worker = await runWorker(demoVariables, undefined, config);
after(async () => {
  await worker.dispose();
  remove();
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
