// Instances of the engine that are used up, and engines that nobody has any more, must be
// collected. Only Node can run its garbage collector on request.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import test from "node:test";
import { promisify } from "node:util";

/** What a script in another process, which can call `gc`, prints in JSON. */
async function output(script) {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--expose-gc", "--input-type=module", "--eval", script],
    { timeout: 60_000 },
  );
  return JSON.parse(stdout);
}

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
  const { made, alive, sizes } = await output(script);
  assert.equal(made, 1_000);
  assert.equal(
    sizes.length,
    1,
    `the memory of an instance stays as it was, and is not ${sizes} pages`,
  );
  assert.ok(alive <= 1, `${alive} of ${made} instances are still there`);
});

test("an engine answers as long as its client is there, and is collected with its store when a client is not", async () => {
  const script = `
    import { AuthleteClient, handleTokenRequest } from ${JSON.stringify(import.meta.resolve("authlete-token"))};
    import { createEngine } from ${JSON.stringify(import.meta.resolve("authlete-token/engine"))};
    const client = { client_id: "c", client_secret: "s", grant_types: ["client_credentials"] };
    const config = { service: { serviceId: "1", bearer: "b", issuer: "https://as.example" }, clients: [client] };
    const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
    const collect = async () => { for (let i = 0; i < 5; i += 1) { gc(); await pause(); } };
    async function start() {
      const storage = { get: () => undefined, commit: () => true, expire: () => 0 };
      const engine = await createEngine(config, { storage });
      const authlete = new AuthleteClient({ serviceId: "1", bearer: "b", engine });
      return { authlete, engine: new WeakRef(engine), storage: new WeakRef(storage) };
    }
    const ask = async (authlete, body) => (await handleTokenRequest(new Request("https://as.example/token", {
      method: "POST", duplex: "half",
      headers: { authorization: "Basic " + btoa("c:s"), "content-type": "application/x-www-form-urlencoded" }, body,
    }), { authlete })).status;
    const form = "grant_type=client_credentials";
    const kept = await start();
    const statuses = [];
    const dropped = [];
    for (let i = 0; i < 100; i += 1) {
      const started = await start();
      statuses.push(await ask(started.authlete, form));
      dropped.push(started);
      delete started.authlete;
    }
    // A request in flight is all that is left of one engine.
    let send;
    const body = new ReadableStream({ start(controller) { send = () => { controller.enqueue(new TextEncoder().encode(form)); controller.close(); }; } });
    const flight = ask((await start()).authlete, body);
    await collect();
    send();
    statuses.push(await flight, await ask(kept.authlete, form));
    await collect();
    console.log(JSON.stringify({
      statuses: [...new Set(statuses)],
      kept: [kept.engine, kept.storage].every((ref) => ref.deref() !== undefined),
      engines: dropped.filter(({ engine }) => engine.deref() !== undefined).length,
      stores: dropped.filter(({ storage }) => storage.deref() !== undefined).length,
    }));`;
  assert.deepEqual(await output(script), { statuses: [200], kept: true, engines: 0, stores: 0 });
});
