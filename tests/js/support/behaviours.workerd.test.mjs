// The behaviours of every host, in workerd: each in a request of its own, all in one isolate.
import assert from "node:assert/strict";
import test from "node:test";
import { fixtures } from "./fixtures.mjs";
import { startLoopback } from "./loopback.mjs";
import { startWorker } from "./workerd.mjs";

const loopback = await startLoopback();
const worker = await startWorker(new URL("behaviours-worker.mjs", import.meta.url));
test.after(async () => {
  await worker.dispose();
  loopback.close();
});

const kit = JSON.stringify({ fixtures, ...loopback.addresses });
const ask = async (path) => (await worker.dispatchFetch(`http://localhost${path}`, { method: "POST", body: kit })).json();

for (const [index, name] of (await ask("/names")).entries()) {
  test(name, async () => assert.equal(await ask(`/run?${index}`), null));
}
