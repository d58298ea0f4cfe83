// The token endpoint behind a real HTTP server on Node, with a real server in the place of
// Authlete.
import assert from "node:assert/strict";
import { createServer, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { Readable } from "node:stream";
import test from "node:test";
import { AuthleteClient, handleTokenRequest } from "authlete-token";
import { fixtures } from "../support/fixtures.mjs";

const fixture = (name) => fixtures.find((each) => each.name === name).json;
const form = { "content-type": "application/x-www-form-urlencoded" };

async function listen(handler) {
  const server = createServer(handler);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

/** A stub for Authlete: each operation gives its recorded answer; `seen` has the requests. */
async function startAuthlete(answers) {
  const seen = [];
  const url = await listen(async (request, response) => {
    const chunks = await request.toArray();
    const path = request.url.replace("/api/715948317/", "");
    seen.push({ path, ...JSON.parse(Buffer.concat(chunks).toString()) });
    const { status, headers, body } = answers[path];
    response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
  });
  return { url, seen };
}

/**
 * A token endpoint as a Node server runs it: it makes a web Request of each message, and writes the
 * Response back.
 */
async function startEndpoint(options, settled = () => {}) {
  return listen(async (message, reply) => {
    const controller = new AbortController();
    reply.on("close", () => controller.abort());
    const bodiless = ["GET", "HEAD"].includes(message.method);
    const request = new Request(`http://${message.headers.host}${message.url}`, {
      method: message.method,
      headers: message.headers,
      signal: controller.signal,
      ...(!bodiless && { body: Readable.toWeb(message), duplex: "half" }),
    });
    const response = await handleTokenRequest(request, options);
    settled(response);
    reply
      .writeHead(response.status, Object.fromEntries(response.headers))
      .end(Buffer.from(await response.arrayBuffer()));
  });
}

const client = (serverURL, more) =>
  new AuthleteClient({
    serviceId: "715948317",
    bearer: "TEST-SERVICE-ACCESS-TOKEN",
    serverURL,
    ...more,
  });

test("a code is redeemed over HTTP, byte for byte on both sides", async () => {
  const { apiRequest, apiResponse, clientResponse } = fixture("authToken.OK");
  const authlete = await startAuthlete({ "auth/token": apiResponse });
  const endpoint = await startEndpoint({ authlete: client(authlete.url) });
  const { parameters, clientId, clientSecret } = apiRequest.body;
  const authorization = `Basic ${btoa(`${clientId}:${encodeURIComponent(clientSecret)}`)}`;
  const response = await fetch(`${endpoint}/token`, {
    method: "POST",
    headers: { ...form, authorization },
    body: parameters,
  });
  assert.equal(response.status, clientResponse.status);
  assert.equal(await response.text(), clientResponse.body);
  for (const [name, value] of Object.entries(clientResponse.headers))
    assert.equal(response.headers.get(name), value);
  assert.deepEqual(authlete.seen, [{ path: "auth/token", parameters, clientId, clientSecret }]);
});

test("the password grant goes through its hook over HTTP", async () => {
  const authlete = await startAuthlete({
    "auth/token": fixture("authToken.PASSWORD").apiResponse,
    "auth/token/issue": fixture("authTokenIssue.OK").apiResponse,
    "auth/token/fail": fixture("authTokenFail.BAD_REQUEST").apiResponse,
  });
  const endpoint = await startEndpoint({
    authlete: client(authlete.url),
    authenticateUser: (name, password) =>
      name === "alice" && password === "p@ss wörd" ? "user-42" : null,
  });
  const response = await fetch(`${endpoint}/token`, {
    method: "POST",
    headers: form,
    body: "grant_type=password&username=alice&password=p%40ss%20w%C3%B6rd",
  });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("dpop-nonce"), "n-0S6_WzA2Mj");
  assert.equal(await response.text(), fixture("authTokenIssue.OK").clientResponse.body);
  assert.deepEqual(
    authlete.seen.map(({ path, subject }) => [path, subject]),
    [
      ["auth/token", undefined],
      ["auth/token/issue", "user-42"],
    ],
  );
});

test("every fixture of an API error has its answer over HTTP", async () => {
  for (const { json } of fixtures.filter(({ name }) => name.startsWith("apiError."))) {
    const authlete = await startAuthlete({ "auth/token": json.apiResponse });
    const endpoint = await startEndpoint({ authlete: client(authlete.url) });
    const response = await fetch(`${endpoint}/token`, {
      method: "POST",
      headers: form,
      body: "grant_type=x",
    });
    assert.equal(response.status, json.clientResponse.status);
    assert.equal(
      response.headers.get("retry-after"),
      json.clientResponse.headers["Retry-After"] ?? null,
    );
    assert.equal(await response.text(), json.clientResponse.body);
  }
});

test("an upload that never ends is cut off at the limit", async () => {
  const authlete = await startAuthlete({});
  const endpoint = await startEndpoint({ authlete: client(authlete.url) });
  const status = await new Promise((resolve, reject) => {
    const upload = httpRequest(`${endpoint}/token`, { method: "POST", headers: form });
    const timer = setInterval(() => upload.write("x".repeat(8_192)), 1);
    upload.on("response", (response) => {
      clearInterval(timer);
      response.resume();
      upload.destroy();
      resolve(response.statusCode);
    });
    upload.on("error", (error) => {
      clearInterval(timer);
      reject(error);
    });
  });
  assert.equal(status, 413);
  assert.deepEqual(authlete.seen, []);
});

test("repeated headers, as a server joins them, are refused", async () => {
  const authlete = await startAuthlete({});
  const endpoint = await startEndpoint({ authlete: client(authlete.url) });
  const raw = (headers) =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(endpoint).port), "127.0.0.1");
      let text = "";
      socket.on("data", (data) => (text += data));
      socket.on("end", () => resolve(Number(text.split(" ")[1])));
      socket.on("error", reject);
      socket.end(
        `POST /token HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: ${form["content-type"]}\r\nContent-Length: 3\r\n${headers}\r\n\r\na=b`,
      );
    });
  assert.equal(await raw("DPoP: a.b.c\r\nDPoP: d.e.f"), 400);
  assert.equal(await raw("OAuth-Client-Attestation: a\r\nOAuth-Client-Attestation: b"), 400);
  assert.deepEqual(authlete.seen, []);
});

test("a client that disconnects during a call to Authlete ends that call", async () => {
  let left;
  const gone = new Promise((resolve) => (left = resolve));
  const hanging = await listen((_request, response) => response.on("close", left));
  let answered;
  const settled = new Promise((resolve) => (answered = resolve));
  const endpoint = await startEndpoint({ authlete: client(hanging) }, answered);
  const controller = new AbortController();
  const asked = fetch(`${endpoint}/token`, {
    method: "POST",
    headers: form,
    body: "grant_type=x",
    signal: controller.signal,
  });
  setTimeout(() => controller.abort(), 100);
  await assert.rejects(asked, { name: "AbortError" });
  await gone;
  assert.equal((await settled).status, 503);
});
