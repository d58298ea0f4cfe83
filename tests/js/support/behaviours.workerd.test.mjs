// The behaviours of every host, in workerd: each in a request of its own, all of a suite in one
// isolate.
import assert from "node:assert/strict";
import test from "node:test";
import { suites } from "./behaviours.mjs";
import { fixtures } from "./fixtures.mjs";
import { startLoopback } from "./loopback.mjs";
import { startWorker } from "./workerd.mjs";

for (const suite of suites) {
  test(suite, async (t) => {
    const loopback = await startLoopback();
    t.after(loopback.close);
    const worker = await startWorker(new URL("behaviours-worker.mjs", import.meta.url));
    t.after(() => worker.dispose());
    const kit = JSON.stringify({ suite, fixtures, ...loopback.addresses });
    const ask = async (path, init) =>
      (await worker.dispatchFetch(`http://localhost${path}`, init)).json();
    // Only once: an unread long body would break the connection.
    const names = await ask("/names", { method: "POST", body: kit });
    for (const [index, name] of names.entries())
      await t.test(name, async () => assert.equal(await ask(`/run?${index}`), null));
    assert.ok(names.length > 0);
  });
}
