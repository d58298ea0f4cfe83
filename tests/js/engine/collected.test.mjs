// Instances of the engine that are used up must be collected. Only Node can run its garbage
// collector on request.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import test from "node:test";
import { promisify } from "node:util";

test("a thousand of the engine's instances that trapped while calls in them waited for WebCrypto are collected, and none has grown", async () => {
  const script = `
    import { createEngine } from ${JSON.stringify(import.meta.resolve("authlete-token/engine"))};
    import { watchInstances } from ${JSON.stringify(new URL("../support/wasm-memory.mjs", import.meta.url).href)};
    const instances = watchInstances();
    const client = { client_id: "c", client_secret: "s", grant_types: ["authorization_code"], redirect_uris: ["https://app.example/"], id_token_signed_response_alg: "ES256" };
    const config = { service: { serviceId: "1", bearer: "b", issuer: "https://as.example", supportedScopes: ["openid"] }, clients: [client] };
    const { subtle } = crypto;
    const { generateKey } = subtle;
    const sizes = new Set();
    for (let count = 0; count < 1_000; count += 1) {
      let go;
      const gate = new Promise((resolve) => (go = resolve));
      subtle.generateKey = (...values) => gate.then(() => generateKey.apply(subtle, values));
      const started = createEngine(config);
      await new Promise((resolve) => setTimeout(resolve, 0));
      subtle.generateKey = async () => ({ get privateKey() { throw new Error("the platform failed"); } });
      const error = await createEngine(config).catch((thrown) => thrown);
      if (error.code !== "ERR_AUTHLETE_WASM_TRAP") throw error;
      go();
      await started;
      for (const size of instances().pages) sizes.add(size);
      if (count % 50 === 0) gc();
    }
    delete subtle.generateKey;
    await new Promise((resolve) => setTimeout(resolve, 20));
    gc();
    const { made, pages } = instances();
    console.log(JSON.stringify({ made, alive: pages.length, sizes: [...sizes] }));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--expose-gc", "--input-type=module", "--eval", script],
    { timeout: 60_000 },
  );
  const { made, alive, sizes } = JSON.parse(stdout);
  assert.equal(made, 1_000);
  assert.equal(
    sizes.length,
    1,
    `the memory of an instance stays as it was, and is not ${sizes} pages`,
  );
  assert.ok(alive <= 1, `${alive} of ${made} instances are still there`);
});
