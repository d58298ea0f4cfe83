// The worker's state survives its process: a restart, a crash, and a change of the configuration.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, test } from "node:test";
import { createLocalJWKSet, jwtVerify } from "jose";
import { assertRefused, demoAt, pkce } from "./support/demo.mjs";
import { demoConfig } from "./support/demo-config.mjs";
import { exchange } from "./support/http.mjs";
import { demo as demoVariables, runWorker } from "./support/workerd.mjs";

const worker = await runWorker(demoVariables);
after(() => worker.dispose());
const { origin } = worker;
const demo = demoAt(origin);
const publicKeys = async () => (await exchange(origin, { path: "/jwks" })).json();

for (const [end, what] of [
  ["stop", "a restart"],
  ["kill", "a crash"],
]) {
  test(`Tokens, codes and the signing key survive ${what}, and what was used up stays used up`, async () => {
    const keys = await publicKeys();
    const tokens = await demo.login("web-app");
    const rotated = await demo.login("spa");
    const fresh = (await demo.refresh("spa", rotated.refresh_token)).json();
    const used = await demo.code("post-client");
    assert.equal((await demo.token("post-client", used)).status, 200);
    const code = await demo.code("post-client");

    await worker[end]();
    await worker.start();

    assert.deepEqual(await publicKeys(), keys);
    assert.equal((await demo.userinfo(tokens.access_token)).json().sub, "user-1");
    const refreshed = (await demo.refresh("web-app", tokens.refresh_token)).json();
    await jwtVerify(refreshed.id_token, createLocalJWKSet(keys), {
      issuer: origin,
      audience: "web-app",
    });
    assert.equal((await demo.token("post-client", code)).status, 200);
    assertRefused(await demo.token("post-client", code), 400, "invalid_grant");
    assertRefused(await demo.token("post-client", used), 400, "invalid_grant");
    // The client may not have got the answer before the end: it is given again, once and for all.
    const again = (await demo.refresh("spa", rotated.refresh_token)).json();
    assert.equal(again.refresh_token, fresh.refresh_token);
    assert.equal((await demo.refresh("spa", fresh.refresh_token)).status, 200);
    assertRefused(await demo.refresh("spa", rotated.refresh_token), 400, "invalid_grant");
  });
}

test("A crash in the middle of many requests leaves no code that works twice", async () => {
  const codes = await Promise.all(Array.from({ length: 20 }, () => demo.code("spa")));
  const attempts = codes.map((fields) =>
    demo.token("spa", fields).then(
      ({ status }) => status,
      () => "lost",
    ),
  );
  await Promise.race(attempts);
  await worker.kill();
  const before = await Promise.all(attempts);
  await worker.start();
  for (const [index, fields] of codes.entries()) {
    const { status } = await demo.token("spa", fields);
    assert.ok([200, 400].includes(status));
    if (before[index] === 200) assert.equal(status, 400, "an answered redemption is remembered");
    else if (status === 200) assertRefused(await demo.token("spa", fields), 400, "invalid_grant");
  }
});

test("The current configuration also applies to older tokens", async () => {
  const [kept, secret, gone] = [
    await demo.login("post-client"),
    await demo.login("web-app"),
    await demo.login("spa"),
  ];
  const code = await demo.code("web-app");
  const config = demoConfig(origin);
  config.clients = config.clients.filter(({ client_id }) => client_id !== "spa");
  config.clients.find(({ client_id }) => client_id === "web-app").client_secret =
    "a-new-secret-of-web-app";
  config.users = config.users.filter(({ username }) => username !== "alice");
  await worker.stop();
  await worker.start({ ...demoVariables(origin), CONFIG: JSON.stringify(config) });

  assert.equal((await demo.refresh("post-client", kept.refresh_token)).status, 200);
  assertRefused(await demo.refresh("web-app", secret.refresh_token), 401, "invalid_client");
  assertRefused(await demo.token("web-app", code), 401, "invalid_client");
  assertRefused(await demo.refresh("spa", gone.refresh_token), 401, "invalid_client");
  assert.equal((await demo.userinfo(kept.access_token)).status, 401, "its user is gone");
  assert.equal((await demo.userinfo(gone.access_token)).status, 401, "its client is gone");
  const { challenge } = pkce();
  const silent = {
    client_id: "post-client",
    scope: "openid",
    prompt: "none",
    code_challenge: challenge,
    code_challenge_method: "S256",
  };
  const login = await demo.authorize({ ...silent, login_hint: "alice" });
  assert.equal(login.location.searchParams.get("error"), "login_required");
});

test("A configuration that the engine refuses fails the requests, and the right one works again", async () => {
  await worker.stop();
  const broken = {
    ...demoConfig(origin),
    clients: [
      {
        client_id: "a",
        client_secret: "secret-of-a",
        grant_types: ["client_credentials"],
        no_such_member: 1,
      },
    ],
  };
  await worker.start({ ...demoVariables(origin), CONFIG: broken }, ["GET /"]);
  // To the endpoint, the engine is an Authlete server that fails.
  assertRefused(
    await demo.token("service", { grant_type: "client_credentials" }),
    503,
    "temporarily_unavailable",
  );
  assertRefused(await exchange(origin, { path: "/jwks" }), 500, "server_error");
  await worker.logged(/clients\[0\]\.no_such_member/);
  assert.ok(!worker.log().includes("secret-of-a"));
  await worker.stop();
  const { bearer, ...nameless } = demoConfig(origin).service;
  await worker.start({ ...demoVariables(origin), CONFIG: { service: nameless } }, ["GET /"]);
  assertRefused(
    await demo.token("service", { grant_type: "client_credentials" }),
    503,
    "temporarily_unavailable",
  );
  await worker.logged(/"upstream_failed".*service\.bearer/);
  assert.ok(!worker.log().includes(bearer));
  await worker.stop();
  await worker.start();
  assert.equal((await demo.token("service", { grant_type: "client_credentials" })).status, 200);
});

test("Damaged state is reported in the log, without its contents, and new tokens are issued as before", async () => {
  const tokens = await demo.login("web-app");
  await worker.stop();
  spoilRecords("grant");
  await worker.start();
  assertRefused(await demo.refresh("web-app", tokens.refresh_token), 500, "server_error");
  const [line] = await worker.logged(/^.*"platform_failed".*$/m);
  const { type, failure, operation } = JSON.parse(line);
  assert.deepEqual([type, failure, operation], ["platform_failed", "store_record", "authToken"]);
  assert.ok(!worker.log().includes("damaged-record"));
  assert.equal((await demo.token("service", { grant_type: "client_credentials" })).status, 200);
});

/** Overwrites all records of a kind in the databases of the Durable Objects. */
function spoilRecords(kind) {
  for (const name of readdirSync(worker.state, { recursive: true }).filter((file) =>
    file.endsWith(".sqlite"),
  )) {
    const database = new DatabaseSync(join(worker.state, name));
    const [table] = database
      .prepare("SELECT name FROM sqlite_master WHERE name = 'authlete_token_records'")
      .all();
    if (table)
      database
        .prepare("UPDATE authlete_token_records SET value = 'damaged-record' WHERE kind LIKE ?")
        .run(`${kind}%`);
    database.close();
  }
}

test("Without DEMO the login, its users and the password grant are off, and everything else works", async () => {
  const code = await demo.code("spa");
  await worker.stop();
  await worker.start({ CONFIG: { ...demoConfig(origin), users: undefined } });
  for (const path of ["/authorize", "/callback"]) {
    assert.equal((await exchange(origin, { path })).status, 404);
    assert.equal((await exchange(origin, { method: "POST", path })).status, 404);
  }
  const silent = await demo.authorize({
    client_id: "web-app",
    scope: "openid",
    prompt: "none",
    login_hint: "alice",
  });
  assert.deepEqual([silent.status, silent.headers.get("location")], [404, null]);
  const password = { grant_type: "password", username: "alice", password: "alice-demo-password" };
  assertRefused(await demo.token("legacy", password), 400, "unsupported_grant_type");
  // MCP clients refuse a document without these, also for client credentials.
  for (const path of [
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
  ]) {
    const metadata = (await exchange(origin, { path })).json();
    assert.equal(metadata.authorization_endpoint, `${origin}/authorize`);
    assert.equal(metadata.token_endpoint, `${origin}/token`);
    assert.deepEqual(metadata.response_types_supported, ["code"]);
    assert.equal(metadata.prompt_values_supported, undefined);
  }
  assert.doesNotMatch((await exchange(origin, { path: "/" })).text, /alice|Log in/);
  assert.equal((await demo.token("service", { grant_type: "client_credentials" })).status, 200);
  const tokens = (await demo.token("spa", code)).json();
  assert.ok((await demo.refresh("spa", tokens.refresh_token)).json().id_token);
});
