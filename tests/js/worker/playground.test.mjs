// The playground as the worker serves it: where it is on, what it tells its page, and what is
// recorded of the page's requests.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, test } from "node:test";
import { demoConfig } from "./support/demo-config.mjs";
import { assertCleanLog, clients, demoAt } from "./support/demo.mjs";
import { exchange, form } from "./support/http.mjs";
import { browser, cell, goesOn } from "./support/pages.mjs";
import { attestation } from "./support/proofs.mjs";
import { demo, runWorker } from "./support/workerd.mjs";

const worker = await runWorker(demo);
after(() => worker.dispose());
const { origin } = worker;
const { port } = new URL(origin);
const own = demoAt(origin);

const newTrace = () => randomBytes(16).toString("hex");
const formType = "application/x-www-form-urlencoded";

/** Reads a trace as the page does. */
function read(trace, headers = {}) {
  return exchange(origin, {
    path: "/playground/trace",
    headers: { ...(trace && { "playground-trace": trace }), ...headers },
  });
}

/** A token request of one of the demo's clients with a trace, and what was recorded of it. */
async function traced(client, fields, headers = {}) {
  const trace = newTrace();
  const { headers: credentials, fields: more } = clients[client];
  const answer = await exchange(origin, {
    method: "POST",
    path: "/token",
    headers: { "content-type": formType, "playground-trace": trace, ...credentials, ...headers },
    body: form({ ...fields, ...more }),
  });
  return { trace, answer, entries: (await read(trace)).json().entries };
}

/** What happened, in short. */
function story(entries) {
  return entries.map(({ type, api, response, hook, operation, event }) =>
    [type, api ?? hook ?? operation ?? event.type, response?.action].filter(Boolean).join(" "),
  );
}

/** The outcome of a check by its name, of the last one if it was made twice. */
function outcome({ checks }, name) {
  return checks.findLast((check) => check.name === name)?.outcome;
}

test("The page is at the issuer's own address, runs only its own scripts, and can't be framed", async () => {
  const page = await exchange(origin, { path: "/" });
  assert.equal(page.status, 200);
  assert.match(page.text, /<html[^>]* data-mode="worker"/);
  const policy = page.headers.get("content-security-policy").split("; ");
  assert.deepEqual(policy.sort(), [
    "base-uri 'none'",
    "connect-src 'self'",
    "default-src 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
  ]);
  assert.doesNotMatch(page.text, /<style|<script(?![^>]* src=)[^>]*>| style=| on\w+="/);
  for (const name of ["main.js", "tab.js", "style.css", "engine.wasm"]) {
    const file = await exchange(origin, { path: `/${name}` });
    assert.equal(file.status, 200, name);
    assert.equal(file.headers.get("x-content-type-options"), "nosniff");
    assert.equal(file.headers.get("access-control-allow-origin"), null);
    // After an update, a reload is enough.
    assert.equal(file.headers.get("cache-control"), "no-cache");
  }
  for (const path of ["/index.html", "/callback.html", "/nothing.js", "/main.js/"])
    assert.equal((await exchange(origin, { path })).status, 404, path);
});

test("At another address of this machine, a start page leads to the playground", async () => {
  for (const host of [`127.0.0.1:${port}`, `[::1]:${port}`]) {
    const start = await exchange(origin, { path: "/", headers: { host } });
    assert.equal(start.status, 200);
    assert.match(start.text, new RegExp(`<a class="button" href="${origin}/">`));
    assert.doesNotMatch(start.text, /<script/);
  }
});

test("The setup tells the page of the demo's clients and users, with their public secrets", async () => {
  const answer = await exchange(origin, { path: "/playground/setup" });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("cache-control"), "no-store");
  assert.equal(answer.headers.get("access-control-allow-origin"), null);
  const { issuer, clients, users } = answer.json();
  assert.equal(issuer, origin);
  assert.deepEqual(
    clients.map(({ client_id }) => client_id),
    demoConfig(origin).clients.map(({ client_id }) => client_id),
  );
  const named = (id) => clients.find(({ client_id }) => client_id === id);
  const { client_secret, grant_types, redirect_uri } = named("web-app");
  assert.equal(client_secret, "web-app-demo-secret");
  assert.equal(redirect_uri, `${origin}/callback`);
  assert.ok(grant_types.includes("authorization_code"));
  assert.equal(named("spa").client_secret, undefined);
  assert.equal(named("spa").token_endpoint_auth_method, "none");
  assert.equal(named("service").redirect_uri, undefined);
  assert.deepEqual(users[0], { username: "alice", sub: "user-1", password: "alice-demo-password" });
});

test("Pages of other origins, and other names of this machine, get neither the setup nor a trace", async () => {
  const { trace } = await traced("service", { grant_type: "client_credentials" });
  const known = { "playground-trace": trace };
  for (const path of ["/playground/setup", "/playground/trace"]) {
    for (const [status, headers] of [
      [200, {}],
      [200, { origin, "sec-fetch-site": "same-origin" }],
      [403, { origin: "https://app.example" }],
      [403, { origin: "http://localhost:1" }],
      [403, { origin: `http://127.0.0.1:${port}` }],
      [403, { origin: "null" }],
      [403, { "sec-fetch-site": "same-site" }],
      [403, { "sec-fetch-site": "cross-site" }],
      [403, { "sec-fetch-site": "none" }],
      // A name that somebody else lets point here (DNS rebinding).
      [404, { host: `app.example:${port}` }],
      [404, { host: `app.example:${port}`, origin: `http://app.example:${port}` }],
    ]) {
      const answer = await exchange(origin, { path, headers: { ...known, ...headers } });
      const title = `${path} ${JSON.stringify(headers)}`;
      assert.equal(answer.status, status, title);
      assert.equal(answer.headers.get("access-control-allow-origin"), null, title);
      assert.equal(answer.headers.get("cache-control"), "no-store", title);
    }
    const preflight = await exchange(origin, { method: "OPTIONS", path, headers: { origin } });
    assert.equal(preflight.status, 405);
    assert.equal(preflight.headers.get("access-control-allow-origin"), null);
  }
});

test("A token request is recorded with its calls, and answered as without a trace", async () => {
  const fields = { grant_type: "client_credentials", scope: "read" };
  const { answer, entries } = await traced("service", fields);
  assert.equal(answer.status, 200, answer.text);
  assert.deepEqual(story(entries), ["call /auth/token OK"]);
  const [call] = entries;
  assert.equal(new URLSearchParams(call.request.parameters).get("scope"), "read");
  assert.equal(call.request.clientSecret, "service-demo-secret");
  assert.equal(call.status, 200);
  assert.equal(call.response.resultCode, "A059001");
  assert.equal(JSON.parse(call.response.responseContent).access_token, answer.json().access_token);
  assert.equal(outcome(call, "client_authentication"), "passed");
  assert.equal(outcome(call, "commit"), "passed");
  const plain = await own.token("service", fields);
  assert.deepEqual(Object.keys(plain.json()), Object.keys(answer.json()));
  const headers = ({ headers }) => [...headers].filter(([name]) => name !== "date").map(String);
  assert.deepEqual(headers(answer), headers(plain));
});

test("A refused client is recorded with the check that refused it", async () => {
  const { answer, entries } = await traced(
    "service",
    { grant_type: "client_credentials" },
    { authorization: `Basic ${btoa("service:wrong")}` },
  );
  assert.equal(answer.status, 401);
  assert.deepEqual(story(entries), ["call /auth/token INVALID_CLIENT"]);
  const refused = entries[0].checks.filter(({ outcome }) => outcome === "refused");
  assert.deepEqual(
    refused.map(({ name, resultCode }) => [name, resultCode]),
    [["client_authentication", entries[0].response.resultCode]],
  );
});

test("The password grant is recorded with its hook, which tells no secret", async () => {
  const ask = (password) =>
    traced("legacy", { grant_type: "password", username: "alice", password });
  const right = await ask("alice-demo-password");
  assert.equal(right.answer.status, 200, right.answer.text);
  assert.deepEqual(story(right.entries), [
    "call /auth/token PASSWORD",
    "hook authenticateUser",
    "call /auth/token/issue OK",
  ]);
  const wrong = await ask("wrong");
  assert.deepEqual(story(wrong.entries), [
    "call /auth/token PASSWORD",
    "hook authenticateUser",
    "call /auth/token/fail BAD_REQUEST",
  ]);
  assert.equal(right.entries[1].outcome, "user-1");
  assert.equal(wrong.entries[1].outcome, "null (wrong user name or password)");
  for (const { entries } of [right, wrong])
    assert.doesNotMatch(JSON.stringify(entries[1]), /alice|"wrong/);
});

test("A refresh with a new ID token is recorded with its hook", async () => {
  const { refresh_token } = await own.login("web-app", { scope: "openid email" });
  const { answer, entries } = await traced("web-app", {
    grant_type: "refresh_token",
    refresh_token,
  });
  assert.ok(answer.json().id_token, answer.text);
  assert.deepEqual(story(entries), [
    "call /auth/token ID_TOKEN_REISSUABLE",
    "hook reissueIdToken",
    "call /idtoken/reissue OK",
  ]);
  assert.match(entries[1].outcome, /\bemail\b/);
  assert.doesNotMatch(entries[1].outcome, /example\.com/);
});

test("What the endpoint refuses by itself is recorded as an event", async () => {
  const trace = newTrace();
  const answer = await exchange(origin, { path: "/token", headers: { "playground-trace": trace } });
  assert.equal(answer.status, 405);
  const { entries } = (await read(trace)).json();
  assert.deepEqual(story(entries), ["event refused"]);
  assert.equal(entries[0].event.status, 405);
});

test("The other endpoints are recorded with the engine's checks", async () => {
  const { access_token } = await own.login("web-app");
  const { headers: credentials } = clients["web-app"];
  const post = (path, client, fields) => ({
    method: "POST",
    path,
    headers: { "content-type": formType, ...client },
    body: form(fields),
  });
  const server = { authorization: `Basic ${btoa("resource-server:resource-server-demo-secret")}` };
  const query = form({
    response_type: "code",
    client_id: "web-app",
    redirect_uri: own.redirect_uri,
    scope: "openid",
    prompt: "none",
    login_hint: "alice",
    state: "playground.1",
  });
  for (const [request, status, operations] of [
    [{ path: `/authorize?${query}` }, 303, ["checkAuthorization", "issueAuthorizationCode"]],
    [
      { path: "/userinfo", headers: { authorization: `Bearer ${access_token}` } },
      200,
      ["verifyAccess"],
    ],
    [post("/introspect", server, { token: access_token }), 200, ["handleIntrospectionRequest"]],
    [post("/revoke", credentials, { token: access_token }), 200, ["handleRevocationRequest"]],
    [
      { path: "/userinfo", headers: { authorization: `Bearer ${access_token}` } },
      401,
      ["verifyAccess"],
    ],
    [{ path: "/challenge", method: "POST" }, 200, ["attestationChallenge"]],
    // It checks nothing.
    [{ path: "/jwks" }, 200, []],
  ]) {
    const trace = newTrace();
    const headers = { ...request.headers, "playground-trace": trace };
    const answer = await exchange(origin, { ...request, headers });
    assert.equal(answer.status, status, `${request.path} ${answer.text}`);
    const { entries } = (await read(trace)).json();
    assert.deepEqual(
      entries.map(({ type, operation }) => [type, operation]),
      operations.map((operation) => ["checks", operation]),
    );
    const refused = entries.some(({ checks }) =>
      checks.some(({ outcome }) => outcome !== "passed"),
    );
    assert.equal(refused, status === 401, request.path);
  }
});

test("A challenge from a recorded request is good in one that is not, and the other way round", async () => {
  for (const [asking, using] of [
    [{ "playground-trace": newTrace() }, {}],
    [{}, { "playground-trace": newTrace() }],
  ]) {
    const challenge = await exchange(origin, {
      method: "POST",
      path: "/challenge",
      headers: asking,
    });
    const { attestation_challenge } = challenge.json();
    const answer = await exchange(origin, {
      method: "POST",
      path: "/token",
      headers: {
        "content-type": formType,
        ...(await attestation("attested-app", origin, attestation_challenge)),
        ...using,
      },
      body: form({
        grant_type: "client_credentials",
        client_id: "attested-app",
      }),
    });
    assert.equal(answer.status, 200, answer.text);
  }
});

test("Requests at the same time have their own entries each", async () => {
  const asked = await Promise.all(
    [...Array(12).keys()].map((number) =>
      traced(number % 2 === 0 ? "service" : "legacy", {
        grant_type: number % 2 === 0 ? "client_credentials" : "password",
        username: "alice",
        password: `wrong ${number}`,
      }),
    ),
  );
  for (const [number, { entries }] of asked.entries()) {
    const calls = entries.filter(({ type }) => type === "call");
    assert.equal(calls.length, number % 2 === 0 ? 1 : 2);
    assert.equal(
      new URLSearchParams(calls[0].request.parameters).get("password"),
      `wrong ${number}`,
    );
    const grant = calls[0].checks.find(({ name }) => name === "grant_type");
    assert.equal(grant.detail, number % 2 === 0 ? "client_credentials" : "password");
  }
});

test("Nothing is recorded without a trace, with a malformed one, or for a page of another origin", async () => {
  const fields = { grant_type: "client_credentials" };
  const { trace, entries } = await traced("service", fields);
  await own.token("service", fields);
  assert.deepEqual((await read(trace)).json().entries, entries);
  for (const [id, headers] of [
    ["0123456789ABCDEF0123456789ABCDEF", {}],
    [trace.slice(1), {}],
    [`${trace}0`, {}],
    [newTrace(), { origin: "https://app.example", "sec-fetch-site": "cross-site" }],
    [newTrace(), { origin: `http://localhost:1` }],
    [newTrace(), { host: `app.example:${port}` }],
  ]) {
    await exchange(origin, {
      method: "POST",
      path: "/token",
      headers: {
        "content-type": formType,
        "playground-trace": id,
        ...clients.service.headers,
        ...headers,
      },
      body: form(fields),
    });
    assert.equal((await read(id)).status, 404, `${id} ${JSON.stringify(headers)}`);
  }
  assert.equal((await read(undefined)).status, 404);
});

test("The worker keeps at most 64 traces", async () => {
  const begun = [...Array(65).keys()].map(newTrace);
  for (const trace of begun)
    await exchange(origin, { path: "/jwks", headers: { "playground-trace": trace } });
  const statuses = [];
  for (const trace of begun) statuses.push((await read(trace)).status);
  assert.deepEqual(statuses, [404, ...Array(64).fill(200)]);
});

test("A login of the playground ends in its own page, and leaves the demo client's login and the code alone", async () => {
  const user = browser(origin);
  const page = await user.visitLocation(await user.visit("/callback?client_id=web-app"));
  const cookies = new Map(user.cookies);
  const { code, ...fields } = await own.code("web-app");
  const back = await user.visit(`/callback?${form({ code, state: "playground.1", iss: origin })}`);
  assert.equal(back.status, 200);
  assert.match(back.text, /<script type="module" src="callback\.js">/);
  assert.match(back.headers.get("content-security-policy"), /script-src 'self'/);
  assert.deepEqual(back.headers.getSetCookie(), []);
  assert.deepEqual(user.cookies, cookies);
  const redeemed = await own.token("web-app", { code, ...fields });
  assert.equal(redeemed.status, 200, redeemed.text);
  const alice = { username: "alice", password: "alice-demo-password", decision: "allow" };
  const tokens = await user.visitLocation(goesOn(await user.submit(page, alice)));
  assert.ok(cell(tokens, "Access token"), tokens.text);

  // To another host, there is no playground, and this is not a login of the demo client.
  const elsewhere = await exchange(origin, {
    path: "/callback?code=1&state=playground.1",
    headers: { host: `app.example:${port}` },
  });
  assert.equal(elsewhere.status, 400);
  assert.doesNotMatch(elsewhere.text, /<script/);
});

test("After all that, the log holds no secret and nothing unexpected", () => {
  assertCleanLog(worker.log());
});

const loginRequest = {
  response_type: "code",
  client_id: "web-app",
  redirect_uri: `${origin}/callback`,
  scope: "openid",
};

test("The login page names the demo's users with their passwords", async () => {
  const { text } = await exchange(origin, { path: `/authorize?${form(loginRequest)}` });
  assert.match(text, /alice<\/code>: <code>alice-demo-password<\/code> · /);
});

test("Secrets and passwords of one's own configuration stay in the worker", async () => {
  const config = demoConfig(origin);
  for (const client of config.clients)
    if (client.client_secret) client.client_secret = `own-secret-of-${client.client_id}`;
  for (const user of config.users) user.password = `own-password-of-${user.username}`;
  await worker.stop();
  await worker.start({ ...demo(origin), CONFIG: config });
  const answer = await exchange(origin, { path: "/playground/setup" });
  assert.deepEqual(answer.json().users[0], { username: "alice", sub: "user-1" });
  assert.doesNotMatch(answer.text, /client_secret"|own-secret|own-password/);
  const login = await exchange(origin, { path: `/authorize?${form(loginRequest)}` });
  assert.match(login.text, /Its users: <code>alice<\/code>/);
  assert.doesNotMatch(login.text, /own-password|demo-password/);
});

test("Without DEMO, and over an Authlete server, there is no playground and nothing is recorded", async () => {
  const authlete = {
    AUTHLETE_SERVICE_ID: "1",
    AUTHLETE_BEARER: "x",
    AUTHLETE_SERVER_URL: "http://127.0.0.1:1",
  };
  for (const variables of [{ CONFIG: demoConfig(origin) }, { ...demo(origin), ...authlete }]) {
    await worker.stop();
    await worker.start(variables, ["OPTIONS /token"]);
    const start = await exchange(origin, { path: "/" });
    assert.equal(start.status, 200);
    assert.doesNotMatch(start.text, /<script|playground/i);
    const trace = newTrace();
    await exchange(origin, {
      method: "POST",
      path: "/token",
      headers: {
        "content-type": formType,
        "playground-trace": trace,
        ...clients.service.headers,
      },
      body: form({ grant_type: "client_credentials" }),
    });
    assert.equal((await read(trace)).status, 404);
    for (const path of ["/playground/setup", "/main.js", "/engine.wasm"])
      assert.equal((await exchange(origin, { path })).status, 404, path);
    assert.equal((await exchange(origin, { path: "/style.css" })).status, 200);
  }
});
