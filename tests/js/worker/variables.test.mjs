// The worker example with different variables: none, an incomplete set, an issuer with a path; and
// under wrangler with a route for production.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { assertRefused, demoAt, pkce } from "./support/demo.mjs";
import { demoConfig } from "./support/demo-config.mjs";
import { basic, exchange, form } from "./support/http.mjs";
import { browser, cell, goesOn, unescaped } from "./support/pages.mjs";
import { runWorker } from "./support/workerd.mjs";
import { withCustomDomain, wranglerDev } from "./support/wrangler.mjs";

const alice = { username: "alice", password: "alice-demo-password", decision: "allow" };
const addresses = [
  "/",
  "/token",
  "/jwks",
  "/userinfo",
  "/challenge",
  "/demo/keys/private-key-jwt-app.jwk.json",
  "/introspect",
  "/revoke",
  "/.well-known/openid-configuration",
  "/.well-known/oauth-authorization-server",
  "/authorize",
  "/callback",
  "/elsewhere",
];

const worker = await runWorker({}, []);
after(() => worker.dispose());
const { origin } = worker;

async function restart(variables, probes = []) {
  await worker.stop();
  await worker.start(variables, probes);
}

/** Fails unless every address says that the worker is not configured, and its log says the same. */
async function assertOff(sentence) {
  for (const path of addresses) {
    for (const method of ["GET", "POST", "OPTIONS"]) {
      const answer = await exchange(origin, { method, path });
      assert.deepEqual(
        [answer.status, answer.headers.get("cache-control")],
        [503, "no-store"],
        `${method} ${path}`,
      );
      assert.match(answer.text, sentence);
      assert.match(answer.text, /^[^\n]+\.\n$/, "one line");
    }
  }
  await worker.logged(new RegExp(`"error":"${sentence.source}`));
}

test("Without a configuration every address answers 503 and says which variables to set", async () => {
  await assertOff(
    /This worker is not configured: set AUTHLETE_SERVICE_ID and AUTHLETE_BEARER, or CONFIG, or for development DEMO=1\./,
  );
  await restart({
    DEMO: "0",
    CONFIG: "",
    ISSUER: origin,
    AUTHLETE_BEARER: "",
    AUTHLETE_TIMEOUT_MS: "1000",
  });
  await assertOff(/This worker is not configured: set AUTHLETE_SERVICE_ID/);
});

test("An incomplete set of variables for an Authlete server never falls back to the embedded engine, and the log names the missing ones", async () => {
  const config = demoConfig(origin);
  for (const [given, missing] of [
    [{ AUTHLETE_SERVICE_ID: "715948317" }, /[^"]*\balso set AUTHLETE_BEARER\./],
    [{ AUTHLETE_BEARER: "the-bearer-of-half-a-set" }, /[^"]*\balso set AUTHLETE_SERVICE_ID\./],
    [
      { AUTHLETE_SERVER_URL: "https://us.authlete.com" },
      /[^"]*\balso set AUTHLETE_SERVICE_ID and AUTHLETE_BEARER\./,
    ],
  ]) {
    await restart({ ...given, DEMO: "1", CONFIG: config, ISSUER: origin });
    await assertOff(missing);
  }
  assert.ok(!worker.log().includes("the-bearer-of-half-a-set"));
});

test("With a CONFIG that has no issuer, or is not an object, every request fails, and the log says why", async () => {
  for (const [config, problem] of [
    [{ users: [] }, /the variable CONFIG: service\.issuer is missing or not a URL/],
    ["null", /the variable CONFIG is not a JSON object/],
  ]) {
    await restart({ CONFIG: config });
    assertRefused(await exchange(origin, { path: "/jwks" }), 500, "server_error");
    await worker.logged(problem);
  }
});

test("A CONFIG decides what the login asks for: offline access with consent, every scope of a client that names none, and only resources that are listed", async () => {
  const config = demoConfig(origin);
  const resource = "https://mcp.example.com/mcp";
  const { supportedScopes } = config.service;
  const service = {
    ...config.service,
    supportedScopes: [...supportedScopes, "offline_access"],
    supportedResources: [resource],
  };
  const clients = config.clients.map((client) => ({
    ...client,
    scope: undefined,
    resource_identifiers: client.resource_identifiers && [resource],
  }));
  await restart({ DEMO: "1", CONFIG: { ...config, service, clients } }, ["GET /jwks"]);
  const demo = demoAt(origin);
  const { challenge, verifier } = pkce();
  const request = {
    client_id: "spa",
    scope: "read offline_access",
    prompt: "consent",
    resource: "HTTPS://MCP.example.com/mcp",
    state: "s-1",
    code_challenge: challenge,
    code_challenge_method: "S256",
  };
  const user = browser(origin);
  const query = form({ response_type: "code", redirect_uri: demo.redirect_uri, ...request });
  const page = await user.visit(`/authorize?${query}`);
  const { location } = goesOn(await user.submit(page, alice));
  const answer = await demo.token("spa", {
    grant_type: "authorization_code",
    code: location.searchParams.get("code"),
    redirect_uri: demo.redirect_uri,
    code_verifier: verifier,
    resource,
  });
  assert.equal(answer.json().scope, "read offline_access", answer.text);

  const other = await demo.authorize({ ...request, resource: "https://other.example" });
  assert.equal(other.location.searchParams.get("error"), "invalid_target");

  const start = await user.visit("/callback?client_id=spa");
  assert.deepEqual(
    start.location.searchParams.get("scope").split(" ").sort(),
    [...service.supportedScopes].sort(),
  );
});

describe("An issuer with a path", () => {
  for (const [what, variables] of [
    ["ISSUER", (issuer) => ({ DEMO: "1", ISSUER: issuer })],
    [
      "CONFIG",
      (issuer) => ({ DEMO: "1", ISSUER: origin, CONFIG: JSON.stringify(demoConfig(issuer)) }),
    ],
  ]) {
    test(`of the variable ${what} has all addresses below it, and a user can log in there`, async () => {
      const issuer = `${origin}/tenants/one`;
      await restart(variables(issuer), ["GET /tenants/one/jwks"]);
      await assertServesBelow(issuer);
    });
  }

  test("that ends with a slash keeps it as the issuer, but not in the addresses", async () => {
    await restart({ DEMO: "1", ISSUER: `${origin}/tenant/` }, ["GET /tenant/jwks"]);
    const metadata = (
      await exchange(origin, { path: "/.well-known/oauth-authorization-server/tenant" })
    ).json();
    assert.deepEqual(
      [metadata.issuer, metadata.token_endpoint],
      [`${origin}/tenant/`, `${origin}/tenant/token`],
    );
    assert.equal(
      (await demoAt(`${origin}/tenant`).token("service", { grant_type: "client_credentials" }))
        .status,
      200,
    );
  });

  test("that has a semicolon does not break the cookies of its pages", async () => {
    await restart({ DEMO: "1", ISSUER: `${origin}/a;b` }, ["GET /a;b/jwks"]);
    const user = browser(origin);
    const page = await user.visitLocation(await user.visit("/a;b/callback?client_id=spa"));
    for (const line of page.headers.getSetCookie()) assert.match(line, /; Path=\/; Max-Age/);
    const tokens = await user.visitLocation(goesOn(await user.submit(page, alice)));
    assert.ok(cell(tokens, "Access token"), tokens.text);
  });

  test("leaves an Authlete server's token endpoint where the variable ISSUER says", async () => {
    const authlete = {
      AUTHLETE_SERVICE_ID: "1",
      AUTHLETE_BEARER: "x",
      AUTHLETE_SERVER_URL: "http://127.0.0.1:1",
    };
    await restart({ ...authlete, ISSUER: `${origin}/tenant` }, ["OPTIONS /tenant/token"]);
    assert.match(
      (await exchange(origin, { path: "/tenant/" })).text,
      new RegExp(`${origin}/tenant/token`),
    );
    assert.equal((await exchange(origin, { path: "/token" })).status, 404);
  });
});

/**
 * Fails unless everything, including links, cookies and forms, is below the path of `issuer`, and
 * nothing is anywhere else.
 */
async function assertServesBelow(issuer) {
  const { pathname: path } = new URL(issuer);
  for (const document of [
    `/.well-known/oauth-authorization-server${path}`,
    `/.well-known/openid-configuration${path}`,
    `${path}/.well-known/openid-configuration`,
  ]) {
    const metadata = (await exchange(origin, { path: document })).json();
    assert.deepEqual(
      [
        metadata.issuer,
        metadata.token_endpoint,
        metadata.jwks_uri,
        metadata.authorization_endpoint,
        metadata.userinfo_endpoint,
        metadata.introspection_endpoint,
        metadata.revocation_endpoint,
      ],
      [
        issuer,
        `${issuer}/token`,
        `${issuer}/jwks`,
        `${issuer}/authorize`,
        `${issuer}/userinfo`,
        `${issuer}/introspect`,
        `${issuer}/revoke`,
      ],
    );
  }
  for (const address of [
    ...addresses,
    `${path}x/token`,
    `${path}/elsewhere`,
    `/.well-known/jwks${path}`,
  ]) {
    const answer = await exchange(origin, { path: address });
    assert.equal(answer.status, 404, address);
    assert.ok(answer.text.includes(`${issuer}/`), "the answer says where everything is");
  }

  const user = browser(origin);
  // What the playground's page loads is next to it, so its address ends with a slash.
  const playground = await user.visitLocation(await user.visit(path));
  assert.equal(playground.status, 200);
  const files = [...playground.text.matchAll(/(?:href|src)="([\w.]+)"/g)].map(([, file]) => file);
  assert.deepEqual(files, ["style.css", "main.js"]);
  for (const file of files)
    assert.equal((await exchange(origin, { path: `${path}/${file}` })).status, 200, file);
  const elsewhere = { headers: { host: `127.0.0.1:${new URL(origin).port}` } };
  const start = await exchange(origin, { path: `${path}/`, ...elsewhere });
  assert.equal(start.status, 200);
  const links = [...start.text.matchAll(/href="([^"]*)"/g)].map(([, link]) => unescaped(link));
  assert.ok(links.includes(`${issuer}/callback?client_id=web-app`));
  for (const link of links.filter((link) => link !== "data:,")) {
    const { pathname, search } = new URL(link, `${issuer}/`);
    assert.ok((await exchange(origin, { path: pathname + search })).status < 400, link);
  }
  assert.ok(start.text.includes(`${issuer}/token`));
  for (const client of ["web-app", "spa"]) {
    const page = await user.visitLocation(await user.visit(`${path}/callback?client_id=${client}`));
    const tokens = await user.visitLocation(goesOn(await user.submit(page, alice)));
    const access = cell(tokens, "Access token");
    assert.ok(access, tokens.text);
    for (const { headers } of [page, tokens])
      for (const line of headers.getSetCookie())
        assert.match(line, new RegExp(`; Path=${path}(/callback)?;`));
    assert.match(tokens.text, new RegExp(`href="${path}/"`));
    assert.notEqual(cell(await user.submit(tokens, {}), "Access token"), access);
  }
  const demo = demoAt(issuer);
  const { id_token, access_token } = await demo.login("web-app");
  await assertRevokesBelow(issuer, access_token);
  assert.equal(JSON.parse(Buffer.from(id_token.split(".")[1], "base64url")).iss, issuer);
}

/** Fails unless the token is active, and not after its client has revoked it. */
async function assertRevokesBelow(issuer, token) {
  const ask = async (name, id) =>
    exchange(origin, {
      method: "POST",
      path: `${new URL(issuer).pathname}/${name}`,
      headers: {
        authorization: basic(id, `${id}-demo-secret`),
        "content-type": "application/x-www-form-urlencoded",
      },
      body: form({ token }),
    });
  const { active, iss } = (await ask("introspect", "resource-server")).json();
  assert.deepEqual([active, iss], [true, issuer]);
  assert.equal((await ask("revoke", "web-app")).status, 200);
  assert.deepEqual((await ask("introspect", "resource-server")).json(), { active: false });
}

describe("With a custom domain in wrangler.jsonc", () => {
  test("npm start still serves everything on localhost, prompt=none included", async (t) => {
    const started = await runWorker(
      (origin) => ({ DEMO: "1", ISSUER: origin }),
      ["GET /jwks", "OPTIONS /token"],
      withCustomDomain(t),
    );
    t.after(() => started.dispose());
    const demo = demoAt(started.origin);
    assert.ok((await demo.login("spa")).access_token);
  });

  test("wrangler dev serves tokens and the login, if .dev.vars has what the README shows", async (t) => {
    const { origin } = await wranglerDev(
      t,
      withCustomDomain(t),
      (origin) => `DEMO=1\nISSUER=${origin}\nALLOW_INSECURE_REQUESTS=1\n`,
    );
    const demo = demoAt(origin);
    assert.equal((await demo.token("service", { grant_type: "client_credentials" })).status, 200);
    assert.equal(
      (await exchange(origin, { path: "/.well-known/openid-configuration" })).json().issuer,
      origin,
    );
    const user = browser(origin);
    assert.match(
      (await user.visit("/")).text,
      new RegExp(`href="${origin}/callback\\?client_id=spa"`),
    );
    const page = await user.visitLocation(await user.visit("/callback?client_id=spa"));
    const tokens = await user.visitLocation(goesOn(await user.submit(page, alice)));
    assert.ok(cell(tokens, "Access token"), tokens.text);
    assert.equal((await user.submit(tokens, {})).status, 200);
  });

  test("wrangler dev without the variable refuses, and its log names the event", async (t) => {
    const { origin, output } = await wranglerDev(
      t,
      withCustomDomain(t),
      (origin) => `DEMO=1\nISSUER=${origin}\n`,
    );
    assertRefused(
      await demoAt(origin).token("service", { grant_type: "client_credentials" }),
      400,
      "invalid_request",
    );
    for (
      const end = Date.now() + 10_000;
      !output().includes('"type":"refused"') && Date.now() < end;
    )
      await sleep(50);
    assert.match(output(), /"type":"refused"/);
  });
});
