// One isolate of workerd and many requests: one request that traps or never ends does not affect
// the others.
import assert from "node:assert/strict";
import { connect } from "node:net";
import test from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { AuthleteClient, authToken, handleTokenRequest } from "authlete-token";
import * as miniflare from "miniflare";
import { startLoopback } from "../support/loopback.mjs";
import { collectGarbage, startWorker } from "../support/workerd.mjs";

const form = { "content-type": "application/x-www-form-urlencoded" };
const loopback = await startLoopback();
const worker = await startWorker(new URL("isolate-worker.mjs", import.meta.url), {
  bindings: { SERVER: loopback.addresses.server },
  inspectorPort: 0,
  // Not through Miniflare's own proxy, which does not pass on that a client has disconnected.
  unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
});
test.after(async () => {
  await worker.dispose();
  loopback.close();
});
const url = await worker.unsafeGetDirectURL();

const post = async (body) =>
  (await fetch(new URL("/token", url), { method: "POST", headers: form, body })).json();
const ask = async (path) => (await fetch(new URL(path, url))).json();
const open = async () => (await fetch(`${loopback.addresses.server}/open`)).json();

/** Sends a token request and resets the connection after this many milliseconds. */
function leave(body, milliseconds) {
  return new Promise((resolve) => {
    const socket = connect(Number(url.port), "127.0.0.1");
    socket.on("error", () => {});
    socket.on("close", resolve);
    socket.write(
      `POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${form["content-type"]}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    setTimeout(() => socket.resetAndDestroy(), milliseconds);
  });
}

async function noneOpen() {
  for (let tries = 0; tries < 100 && (await open()) > 0; tries += 1) await pause(20);
  assert.equal(await open(), 0, "calls of Authlete that are open");
}

test("the first requests of an isolate, all at once, get their own answers", async () => {
  const bodies = Array.from({ length: 30 }, (_, index) => `n=${index}&delay=${(index * 7) % 13}`);
  const answers = await Promise.all(bodies.map(post));
  assert.deepEqual(
    answers.map(({ echo }) => echo),
    bodies,
  );
  assert.equal((await ask("/instances")).made, 1);
});

test("a trap in one request ends no other one", async () => {
  const others = Array.from({ length: 20 }, (_, index) => `n=${index}&delay=${20 + index}`);
  const answers = others.map(post);
  await pause(10);
  assert.equal(await ask("/trap"), "trapped");
  assert.equal((await post("n=next")).echo, "n=next");
  assert.deepEqual(
    (await Promise.all(answers)).map(({ echo }) => echo),
    others,
  );
});

test("clients that disconnect end their own calls to Authlete, and no others", async () => {
  const staying = Array.from({ length: 20 }, (_, index) => `n=${index}&delay=${200 + index}`);
  const answers = staying.map(post);
  await Promise.all(staying.map((_, index) => leave(`n=${index}&delay=60000`, 100 + index)));
  assert.deepEqual(
    (await Promise.all(answers)).map(({ echo }) => echo),
    staying,
  );
  await noneOpen();
  assert.equal((await post("n=next")).echo, "n=next");
});

test("the memory of clients that disconnect is freed", async () => {
  const padding = "x".repeat(60_000);
  for (let round = 0; round < 5; round += 1) {
    await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        leave(`delay=60000&padding=${padding}`, 250 + index),
      ),
    );
    await noneOpen();
    assert.equal((await post("n=next")).echo, "n=next");
  }
  // workerd itself frees the memory of an ended request bit by bit, in later requests. The
  // instances are not looked at before, since that would keep them, too.
  let heap;
  for (let round = 0; round < 15; round += 1) {
    heap = await collectGarbage(worker);
    await post("n=next");
    await pause(50);
  }
  const { pages } = await ask("/instances");
  const memory = pages.reduce((sum, each) => sum + each, 0) * 65_536;
  // Five hundred such requests take thirty megabytes, once as text and once more as JSON.
  assert.ok(
    heap + memory < 25 << 20,
    `${heap} bytes of JavaScript, and ${memory} bytes in ${pages.length} instances of WebAssembly`,
  );
});

test("a Request and a Response of another implementation work like the runtime's own", async () => {
  const answer = { action: "OK", responseContent: '{"access_token":"x"}' };
  const options = {
    serviceId: "1",
    bearer: "b",
    fetch: async () => miniflare.Response.json(answer),
  };
  const authlete = new AuthleteClient(options);
  assert.deepEqual(await authToken(authlete, { parameters: "" }), answer);
  const request = new miniflare.Request("https://as.example/token", {
    method: "POST",
    headers: form,
    body: "grant_type=x",
  });
  assert.ok(!(request instanceof Request));
  const response = await handleTokenRequest(request, { authlete });
  assert.equal(await response.text(), answer.responseContent);
});
