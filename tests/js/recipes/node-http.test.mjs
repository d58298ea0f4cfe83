// The recipe for Node's own HTTP server: what it makes of requests that no framework has looked at
// before.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, request as send } from "node:http";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "../../../xtask/steps.mjs";
import { basic, exchange, freePort } from "../worker/support/http.mjs";
import { assertServer, recipe, serve, startAuthlete, tokenRequest } from "./support.mjs";

const authlete = await startAuthlete();
test.after(() => authlete.close());

const good = tokenRequest("service-demo-secret");
const withHeaders = (more) => ({ ...good, headers: { ...good.headers, ...more } });

/**
 * Runs the recipe, or a changed copy at `path`, with the environment of `authlete` and more, and
 * ends it with the test.
 */
async function running(t, env = {}, path = recipe("node-http.mjs")) {
  const server = await serve(
    process.execPath,
    [path],
    { ...authlete.env, ...env },
    await freePort(),
  );
  t.after(server.stop);
  return server;
}

/** A copy of the recipe with this text in place of another. */
function changed(name, from, to) {
  const source = readFileSync(recipe("node-http.mjs"), "utf8");
  assert.ok(source.includes(from), `the recipe has ${from}`);
  const path = join(root, ".cache/recipes", name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, source.replace(from, to));
  return path;
}

/** A request as it is sent. */
function raw({ method, path, headers, body = "" }) {
  const lines = Object.entries({ host: "localhost", ...headers, "content-length": body.length });
  return `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`;
}

/** An open connection to a server. */
async function connected(t, origin) {
  const socket = connect(Number(new URL(origin).port), "localhost");
  t.after(() => socket.destroy());
  await once(socket, "connect");
  return socket;
}

/** Everything that arrives until the server closes the connection. */
async function received(socket, encoding = "utf8") {
  let text = "";
  socket.setEncoding(encoding).on("data", (data) => (text += data));
  await once(socket, "close");
  return text;
}

/** Waits until the server has logged an event of this type, and returns it. */
async function logged(output, type) {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await sleep(20)) {
    const events = output()
      .split("\n")
      .filter((line) => line.startsWith("{") && line.endsWith("}"))
      .map((line) => JSON.parse(line));
    const found = events.find((event) => event.type === type);
    if (found !== undefined) return found;
  }
  throw new Error(`no ${type} in the log:\n${output()}`);
}

test("node-http.mjs says in its log that something has read the body before it", async (t) => {
  const path = changed(
    "read-before.mjs",
    "createServer(async (incoming, outgoing) => {",
    "createServer(async (incoming, outgoing) => {\n  for await (const _ of incoming.iterator({ destroyOnReturn: false }));",
  );
  const { origin, output } = await running(t, {}, path);
  assert.equal((await exchange(origin, good)).status, 500);
  assert.match((await logged(output, "refused")).detail, /something has read the body/);
});

test("node-http.mjs reads a body in chunks, and one of exactly the largest size", async (t) => {
  const { origin } = await running(t);
  const chunks = [...good.body].map((character) => Buffer.from(character));
  const small = await exchange(origin, { ...good, body: Readable.from(chunks) });
  assert.equal(small.status, 200, small.text);
  const start = `${good.body}&padding=`;
  const largest = start + "x".repeat(65_536 - start.length);
  for (const body of [largest, Readable.from([largest])])
    assert.equal((await exchange(origin, { ...good, body })).status, 200);
});

test("node-http.mjs answers 413 to a body that is too large, whether its length is declared or not, and closes the connection", async (t) => {
  const { origin } = await running(t);
  const head = raw({ ...good, body: "" }).replace(/content-length: 0\r\n\r\n$/, "");
  const chunk = "x".repeat(65_537);
  for (const rest of [
    "content-length: 65537\r\n\r\n",
    `transfer-encoding: chunked\r\n\r\n${chunk.length.toString(16)}\r\n${chunk}\r\n`,
  ]) {
    // It is not sent to its end: the answer does not wait for that.
    const socket = await connected(t, origin);
    socket.write(head + rest);
    const answer = await received(socket);
    assert.match(answer, /^HTTP\/1\.1 413 .*\r\nconnection: close\r\n.*"invalid_request"/is);
  }
  await assertServer(origin);
});

test("node-http.mjs refuses repeated headers and malformed requests, and goes on", async (t) => {
  const { origin } = await running(t);
  const refused = async (request, status) => {
    const answer = await exchange(origin, request);
    assert.equal(answer.status, status, answer.text);
    return answer;
  };
  const authorization = [basic("service", "service-demo-secret"), basic("other", "x")];
  const twice = await refused(withHeaders({ authorization }), 400);
  assert.equal(twice.json().error, "invalid_request");
  const proofs = await refused(withHeaders({ dpop: ["a.b.c", "d.e.f"] }), 400);
  assert.equal(proofs.json().error, "invalid_dpop_proof");

  for (const host of ["no host", "user@localhost", "localhost:x"])
    await refused(withHeaders({ host }), 400);
  await refused({ method: "TRACE", path: "/token" }, 400);
  // Names that every object has are headers like any other.
  await refused(withHeaders({ constructor: "x", ["__proto__"]: "y" }), 200);
  await assertServer(origin);
});

test("node-http.mjs does not take a host from a path that begins with slashes", async (t) => {
  const { origin } = await running(t);
  for (const path of ["//localhost/token", "/\\localhost/token", "///localhost/token"]) {
    const { status } = await exchange(origin, {
      ...withHeaders({ host: "as.example.com" }),
      path,
    });
    assert.equal(status, 404, path);
  }
});

test("node-http.mjs judges each request by its own host and path", async (t) => {
  const { origin } = await running(t);
  const cases = [
    [good, 200],
    [withHeaders({ host: "as.example.com" }), 400],
    [good, 200],
    [{ ...good, path: "/token?client_secret=x" }, 400],
    [good, 200],
    [{ ...good, path: "/other" }, 404],
    [good, 200],
  ];
  for (const [request, status] of cases)
    assert.equal((await exchange(origin, request)).status, status);
});

test("node-http.mjs sends no length with 204 (RFC 9110 §8.6)", async (t) => {
  const { origin } = await running(t);
  const { status, headers } = await exchange(origin, { method: "OPTIONS", path: "/token" });
  assert.equal(status, 204);
  for (const name of ["content-length", "transfer-encoding"])
    assert.equal(headers.get(name), null, name);
});

test("node-http.mjs sends what a hook answers, byte for byte, with each of its cookies", async (t) => {
  const path = changed(
    "answering-hook.mjs",
    "  maxRequestBytes,\n",
    `  maxRequestBytes,
  tokenExchange: () => {
    const headers = [["set-cookie", "a=1"], ["set-cookie", "b=2"], ["content-length", "99"]];
    return new Response(new Uint8Array([0, 255, 10]), { status: 202, headers });
  },
`,
  );
  const asking = createServer((_, outgoing) =>
    outgoing.setHeader("content-type", "application/json").end('{"action":"TOKEN_EXCHANGE"}'),
  );
  await new Promise((resolve) => asking.listen(0, "127.0.0.1", resolve));
  t.after(() => asking.close());
  const env = { AUTHLETE_SERVER_URL: `http://127.0.0.1:${asking.address().port}` };
  const { origin } = await running(t, env, path);
  const socket = await connected(t, origin);
  socket.write(raw(withHeaders({ connection: "close" })));
  const answer = await received(socket, "latin1");
  assert.match(answer, /^HTTP\/1\.1 202 /);
  assert.match(answer, /\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n/);
  assert.match(answer, /\r\ncontent-length: 3\r\n/);
  assert.ok(answer.endsWith("\r\n\r\n\0\xff\n"));
});

test("node-http.mjs answers GET and HEAD with 405, and says how long its answers are", async (t) => {
  const { origin } = await running(t);
  const [get, head, issued] = await Promise.all([
    exchange(origin, { method: "GET", path: "/token" }),
    exchange(origin, { method: "HEAD", path: "/token" }),
    exchange(origin, good),
  ]);
  assert.deepEqual([get.status, get.headers.get("allow")], [405, "POST, OPTIONS"]);
  assert.deepEqual([head.status, head.text], [405, ""]);
  // The length of an answer to HEAD would be that of the answer to GET (RFC 9110 §8.6).
  assert.ok([null, get.headers.get("content-length")].includes(head.headers.get("content-length")));
  for (const { headers, text } of [get, issued])
    assert.equal(headers.get("content-length"), String(Buffer.byteLength(text)));
});

test("node-http.mjs answers pipelined requests of one connection in their order", async (t) => {
  const { origin } = await running(t);
  const socket = await connected(t, origin);
  socket.write(
    [
      good,
      tokenRequest("wrong"),
      { method: "GET", path: "/token" },
      withHeaders({ connection: "close" }),
    ]
      .map(raw)
      .join(""),
  );
  const statuses = [...(await received(socket)).matchAll(/HTTP\/1\.1 (\d+)/g)];
  assert.deepEqual(
    statuses.map(([, status]) => status),
    ["200", "401", "405", "200"],
  );
});

test("node-http.mjs does not call Authlete for a client that disconnects in the middle of its body, and goes on", async (t) => {
  const { origin, output } = await running(t);
  const socket = await connected(t, origin);
  const whole = raw(good);
  socket.write(whole.slice(0, -5));
  await sleep(50); // So that the body's beginning arrives before its end is missed.
  socket.destroy();
  const { status, detail } = await logged(output, "refused");
  assert.equal(status, 400);
  assert.match(detail, /broke off/);
  assert.doesNotMatch(output(), /"type":"exchange"/);
  await assertServer(origin);
});

test("node-http.mjs ends its call to Authlete when the client disconnects", async (t) => {
  const slow = createServer(() => {});
  t.after(() => slow.closeAllConnections());
  await new Promise((resolve) => slow.listen(0, "127.0.0.1", resolve));
  t.after(() => slow.close());
  const { origin } = await running(t, {
    AUTHLETE_SERVER_URL: `http://127.0.0.1:${slow.address().port}`,
  });

  const called = once(slow, "request");
  const { method, path, headers, body } = good;
  const client = send(`${origin}${path}`, { method, headers });
  client.on("error", () => {}).end(body);
  const [call] = await called;
  const closed = once(call.socket, "close");
  client.destroy();
  await closed;
});

test("node-http.mjs tells a hook by the signal of its request that the client has disconnected", async (t) => {
  const path = changed(
    "slow-hook.mjs",
    "  maxRequestBytes,\n",
    `  maxRequestBytes,
  tokenRequest: (request) =>
    new Promise((resolve) => {
      request.signal.addEventListener("abort", () => {
        console.log(JSON.stringify({ type: "aborted" }));
        resolve({});
      });
      console.log(JSON.stringify({ type: "waiting" }));
    }),
`,
  );
  const { origin, output } = await running(t, {}, path);
  const socket = await connected(t, origin);
  socket.write(raw(good));
  await logged(output, "waiting");
  socket.destroy();
  await logged(output, "aborted");
});
