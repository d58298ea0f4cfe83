// The engine in a Durable Object on workerd: over `ctx.storage`, over `ctx.storage.sql`, and over a
// restart.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { startWorker } from "../support/workerd.mjs";

const state = mkdtempSync(join(tmpdir(), "authlete-token-"));
const start = () =>
  startWorker(new URL("durable-object-worker.mjs", import.meta.url), {
    durableObjects: { PROVER: { className: "Prover", useSQLite: true } },
    durableObjectsPersist: state,
  });
let worker = await start();
test.after(async () => {
  await worker.dispose();
  rmSync(state, { recursive: true });
});
const ask = async (path, init) =>
  (await worker.dispatchFetch(`http://localhost${path}`, init)).json();

for (const name of await ask("/storage/")) {
  test(`ctx.storage: ${name}`, async () =>
    assert.equal(await ask(`/storage/${encodeURIComponent(name)}`), null));
  test(`ctx.storage.sql: ${name}`, async () =>
    assert.equal(await ask(`/sql/${encodeURIComponent(name)}`), null));
}

test("generated signing keys are the same after a restart", async () => {
  const body = JSON.stringify({
    service: { serviceId: "1", bearer: "b", issuer: "https://as.example" },
    clients: [
      {
        client_id: "c",
        client_secret: "s",
        redirect_uris: ["https://app.example/cb"],
        id_token_signed_response_alg: "ES256",
      },
    ],
  });
  const before = await ask("/kid", { method: "POST", body });
  assert.equal(before.length, 1);
  await worker.dispose();
  worker = await start();
  assert.deepEqual(await ask("/kid", { method: "POST", body }), before);
});
