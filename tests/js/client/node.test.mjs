// What only Node can test: inspection of objects, causes, and a process that ends when the work is
// done.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import test from "node:test";
import { inspect, promisify } from "node:util";
import { AuthleteClient, AuthleteError, authToken, handleTokenRequest } from "authlete-token";
import { startLoopback } from "../support/loopback.mjs";

const SECRET = "S3CRET-marker";
const loopback = await startLoopback();
test.after(() => loopback.close());
const refusing = () =>
  new AuthleteClient({ serviceId: "1", bearer: SECRET, serverURL: loopback.addresses.refusing });

test("inspection of a client and of an error shows no secret", async () => {
  const client = refusing();
  const error = await authToken(client, { parameters: `code=${SECRET}` }).catch((caught) => caught);
  assert.ok(error instanceof AuthleteError);
  for (const value of [client, error, { client, error }, new Error("wrapped", { cause: error })]) {
    assert.ok(!inspect(value, { showHidden: true, depth: 10, getters: true }).includes(SECRET));
  }
});

test("a refused connection keeps what fetch threw as its cause, and the client may try again", async () => {
  const error = await authToken(refusing(), { parameters: "" }).catch((caught) => caught);
  assert.equal(error.cause?.cause?.code, "ECONNREFUSED");
  const request = new Request("https://as.example/token", {
    method: "POST",
    body: new URLSearchParams({ grant_type: "x" }),
  });
  const response = await handleTokenRequest(request, { authlete: refusing() });
  assert.equal(response.status, 503);
  assert.deepEqual(await response.json(), { error: "temporarily_unavailable" });
});

test("nothing keeps a process alive after its calls have ended", async () => {
  const script = `
    import { AuthleteClient, authToken } from ${JSON.stringify(import.meta.resolve("authlete-token"))};
    const answer = async () => new Response('{"action":"OK"}', { headers: { "content-type": "application/json" } });
    const request = { parameters: "" };
    await authToken(new AuthleteClient({ serviceId: "1", bearer: "b", fetch: answer, timeoutMs: 600000 }), request);
    await authToken(new AuthleteClient({ serviceId: "1", bearer: "b", fetch: () => new Promise(() => {}), timeoutMs: 20 }), request).catch(() => {});
    const retry = { attempts: 2, maxDelayMs: 600000 };
    const busy = async () => new Response("", { status: 429, headers: { "retry-after": "300" } });
    const signal = AbortSignal.timeout(50);
    const paused = new AuthleteClient({ serviceId: "1", bearer: "b", fetch: busy, timeoutMs: 600000, retry });
    setTimeout(() => {}, 100);
    const error = await authToken(paused, request, { signal }).catch((caught) => caught);
    if (error.code !== "ERR_AUTHLETE_ABORTED") throw error;
    console.log("done");`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", script],
    { timeout: 20_000 },
  );
  assert.equal(stdout, "done\n");
});

test("importing the package starts nothing and changes no global", async () => {
  const script = `
    const before = Reflect.ownKeys(globalThis).length;
    await import(${JSON.stringify(import.meta.resolve("authlete-token"))});
    console.log(Reflect.ownKeys(globalThis).length - before);`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", script],
    { timeout: 20_000 },
  );
  assert.equal(stdout, "0\n");
});

test("instances that trapped, and what calls have left, are collected", async () => {
  const support = new URL("../support/", import.meta.url);
  const script = `
    import * as pkg from ${JSON.stringify(import.meta.resolve("authlete-token"))};
    import { healthyCall, trappingCall, watchMemory } from "${support}wasm-memory.mjs";
    const settle = () => new Promise((resolve) => setTimeout(resolve, 5));
    const { made, alive } = await watchMemory(pkg);
    for (let count = 0; count < 50; count += 1) {
      await trappingCall(pkg);
      await healthyCall(pkg);
    }
    await settle();
    gc();
    const heap = async (calls) => {
      for (let count = 0; count < calls; count += 1) await healthyCall(pkg);
      await settle();
      gc();
      return process.memoryUsage().heapUsed;
    };
    const counts = { made: made(), alive: alive() };
    const early = await heap(5_000);
    console.log(JSON.stringify({ ...counts, grown: (await heap(20_000)) - early }));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--expose-gc", "--input-type=module", "--eval", script],
    { timeout: 60_000 },
  );
  const { made, alive, grown } = JSON.parse(stdout);
  assert.deepEqual({ made, alive }, { made: 51, alive: 1 });
  assert.ok(grown < 20_000 * 50, `the heap grew by ${grown} bytes over twenty thousand calls`);
});
