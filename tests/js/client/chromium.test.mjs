// What only a page can test: the first calls before the module has been fetched, objects of another
// frame, and the garbage collector.
import assert from "node:assert/strict";
import test from "node:test";
import { launchBrowser } from "../support/browser.mjs";
import { startLoopback } from "../support/loopback.mjs";
import { servePage } from "../support/page.mjs";

const loopback = await startLoopback();
const site = await servePage(loopback.addresses);
const browser = await launchBrowser();
test.after(async () => {
  await browser.close();
  site.close();
  loopback.close();
});

/** A page in which nothing has been called yet. */
async function freshPage() {
  const page = await browser.newPage();
  await page.goto(site.url);
  return page;
}

test("the first calls of a page, all at once, get their own answers", async () => {
  const page = await freshPage();
  const subjects = await page.evaluate(async () => {
    const { AuthleteClient, authToken } = await import("authlete-token");
    const fetch = async (_url, { body }) =>
      Response.json({ action: "OK", subject: JSON.parse(body).parameters });
    const authlete = new AuthleteClient({ serviceId: "1", bearer: "b", fetch });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => authToken(authlete, { parameters: `${index}` })),
    );
    return answers.map(({ subject }) => subject);
  });
  assert.deepEqual(
    subjects,
    Array.from({ length: 20 }, (_, index) => `${index}`),
  );
});

/** Makes 200 first calls of each layer at once; returns the number of each outcome. */
const firstCalls = (page) =>
  page.evaluate(async () => {
    const { AuthleteClient, authToken, handleTokenRequest } = await import("authlete-token");
    const { createEngine } = await import("authlete-token/engine");
    const fetch = async () => Response.json({ action: "OK", responseContent: "{}" });
    const authlete = new AuthleteClient({ serviceId: "1", bearer: "b", fetch });
    const request = () =>
      new Request("https://as.example/token", {
        method: "POST",
        body: new URLSearchParams({ grant_type: "x" }),
      });
    const config = {
      service: { serviceId: "1", bearer: "b", issuer: "http://localhost" },
      clients: [],
    };
    const calls = [
      () => authToken(authlete, { parameters: "" }).then(({ action }) => action),
      () => handleTokenRequest(request(), { authlete }).then(({ status }) => status),
      () => createEngine(config).then(() => "created"),
    ];
    const outcomes = await Promise.all(
      calls.flatMap((call) => Array.from({ length: 200 }, () => call().catch(({ code }) => code))),
    );
    const counts = {};
    for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
    return counts;
  });

test("the first calls of a page, all at once, load each module once", async () => {
  const page = await freshPage();
  const loads = [];
  page.on(
    "request",
    (request) => request.url().endsWith(".wasm") && loads.push(request.url().split("/").pop()),
  );
  assert.deepEqual(await firstCalls(page), { OK: 200, 200: 200, created: 200 });
  assert.deepEqual(loads.sort(), ["engine.wasm", "operations.wasm"]);
});

test("first calls that share a load share its failure, and the next ones load again", async () => {
  const page = await freshPage();
  const loads = [];
  await page.route("**/*.wasm", (route) => {
    loads.push(route.request().url().split("/").pop());
    return loads.length <= 2 ? route.abort() : route.continue();
  });
  assert.deepEqual(await firstCalls(page), { ERR_AUTHLETE_NOT_INITIALIZED: 400, 500: 200 });
  assert.deepEqual(loads.sort(), ["engine.wasm", "operations.wasm"]);
  assert.deepEqual(await firstCalls(page), { OK: 200, 200: 200, created: 200 });
  assert.equal(loads.length, 4, "loads");
});

test("requests, responses and bytes of another frame work like the page's own", async () => {
  const page = await freshPage();
  const outcome = await page.evaluate(async () => {
    const { AuthleteClient, authToken, handleTokenRequest } = await import("authlete-token");
    const frame = document.createElement("iframe");
    document.documentElement.append(frame);
    const other = frame.contentWindow;
    const content = { action: "OK", responseContent: '{"access_token":"x"}' };
    const bytes = new other.TextEncoder().encode(JSON.stringify(content));
    const headers = { "content-type": "application/json" };
    const stream = (chunk) =>
      new ReadableStream({
        start(controller) {
          controller.enqueue(chunk);
          controller.close();
        },
      });
    const answers = [
      () => other.Response.json(content),
      () => new other.Response(bytes, { headers }),
      () => new Response(stream(bytes), { headers }),
    ];
    const texts = [];
    for (const answer of answers) {
      const authlete = new AuthleteClient({
        serviceId: "1",
        bearer: "b",
        fetch: async () => answer(),
      });
      texts.push((await authToken(authlete, { parameters: "" })).responseContent);
      const request = new other.Request("https://as.example/token", {
        method: "POST",
        body: new other.URLSearchParams({ grant_type: "x" }),
      });
      texts.push(await (await handleTokenRequest(request, { authlete })).text());
    }
    return { foreign: !(bytes instanceof Uint8Array), texts };
  });
  assert.ok(outcome.foreign);
  assert.deepEqual(outcome.texts, Array(6).fill('{"access_token":"x"}'));
});

test("instances that trapped are collected", async () => {
  const page = await freshPage();
  await page.evaluate(async (support) => {
    const pkg = await import("authlete-token");
    const { healthyCall, trappingCall, watchMemory } = await import(`${support}wasm-memory.mjs`);
    globalThis.memory = await watchMemory(pkg);
    for (let count = 0; count < 30; count += 1) {
      await trappingCall(pkg);
      await healthyCall(pkg);
    }
  }, `${site.url}tests/js/support/`);
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const counts = await page.evaluate(() => ({
    made: globalThis.memory.made(),
    alive: globalThis.memory.alive(),
  }));
  assert.deepEqual(counts, { made: 31, alive: 1 });
});
