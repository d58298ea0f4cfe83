// oidc-client-ts as a page of another origin uses it, in a real browser: login, claims, refreshes,
// revocation.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launchBrowser } from "../support/browser.mjs";
import { demoConfig } from "./support/demo-config.mjs";
import { demo, runWorker } from "./support/workerd.mjs";

const source = (path) =>
  readFile(fileURLToPath(new URL(`../../../node_modules/${path}`, import.meta.url)), "utf8");
const scripts = {
  "/oidc-client-ts.js": await source("oidc-client-ts/dist/esm/oidc-client-ts.js"),
  "/jwt-decode.js": await source("jwt-decode/build/esm/index.js"),
};
const html = `<!doctype html><meta charset="utf-8"><title>App</title><link rel="icon" href="data:,">
<script type="importmap">{"imports":{"oidc-client-ts":"/oidc-client-ts.js","jwt-decode":"/jwt-decode.js"}}</script>`;

const app = createServer((request, response) => {
  const script = scripts[new URL(request.url, "http://localhost").pathname];
  response
    .writeHead(200, { "content-type": script ? "text/javascript" : "text/html" })
    .end(script ?? html);
});
await new Promise((resolve) => app.listen(0, "127.0.0.1", resolve));
const home = `http://127.0.0.1:${app.address().port}`;

const worker = await runWorker((origin) => {
  const config = demoConfig(origin);
  const spa = config.clients.find(({ client_id }) => client_id === "spa");
  const page = { ...spa, client_id: "page", client_name: "Page", redirect_uris: [`${home}/back`] };
  return { ...demo(origin), CONFIG: { ...config, clients: [...config.clients, page] } };
});
const { origin } = worker;
const chromium = await launchBrowser();
after(async () => {
  await chromium.close();
  await worker.dispose();
  app.closeAllConnections();
  app.close();
});

/**
 * Runs a function in the page, with the library's `UserManager`, its classes, and an argument. What
 * it throws becomes `{ failed, error }`.
 */
function run(page, body, argument) {
  return page.evaluate(
    async ([text, authority, redirect_uri, given]) => {
      const library = await import("oidc-client-ts");
      const manager = new library.UserManager({
        authority,
        redirect_uri,
        resource: authority,
        client_id: "page",
        scope: "openid profile email",
        loadUserInfo: true,
        automaticSilentRenew: false,
      });
      const call = new Function(`return ${text}`)();
      return call(manager, library, given).catch(({ name, error }) => ({ failed: name, error }));
    },
    [String(body), origin, `${home}/back`, argument],
  );
}

/** A page whose user has logged in, and what the browser complained about. */
async function signedIn(t) {
  const page = await chromium.newPage();
  t.after(() => page.close());
  const complaints = [];
  page.on(
    "console",
    (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()),
  );
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(home);
  await run(page, async (manager) => {
    // Not awaited: the page is gone then.
    manager.signinRedirect({ state: "a state" });
  });
  await page.getByLabel("User name").fill("alice");
  await page.getByLabel("Password").fill("alice-demo-password");
  const asked = new URL(page.url()).searchParams;
  await page.getByRole("button", { name: "Log in and allow" }).click();
  await page.waitForURL(`${home}/back?**`);
  const user = await run(page, async (manager) => {
    const { state, profile, scope, token_type, expires_in, refresh_token, access_token } =
      await manager.signinRedirectCallback();
    return { state, profile, scope, token_type, expires_in, refresh_token, access_token };
  });
  return { page, complaints, asked, user };
}

const refreshed = async (manager, _, resource) => {
  const { access_token, refresh_token, profile } = await manager.signinSilent({ resource });
  return { access_token, refresh_token, sub: profile.sub };
};

test("In Chromium, a page with oidc-client-ts logs its user in with PKCE and a resource, reads the claims, and refreshes three times", async (t) => {
  const { page, complaints, asked, user } = await signedIn(t);
  assert.deepEqual(
    [asked.get("code_challenge_method"), asked.get("resource")],
    ["S256", origin],
    "what the library asked for",
  );
  assert.deepEqual(
    [user.state, user.token_type, user.scope],
    ["a state", "Bearer", "openid profile email"],
  );
  assert.ok(user.expires_in > 0);
  const { iss, aud, sub, name, email } = user.profile;
  assert.deepEqual(
    [iss, [aud].flat(), sub, name, email],
    [origin, ["page"], "user-1", "Alice Example", "alice@example.com"],
  );

  const seen = new Set([user.access_token]);
  for (let count = 1; count <= 3; count += 1) {
    const renewed = await run(page, refreshed, origin);
    assert.deepEqual([renewed.failed, renewed.sub], [undefined, "user-1"]);
    seen.add(renewed.access_token);
    assert.equal(seen.size, count + 1);
  }
  assert.deepEqual(complaints, []);
});

test("In Chromium, oidc-client-ts tells its page of a refresh token that is no good as invalid_grant, and can go on with the good one", async (t) => {
  const { page, complaints, user } = await signedIn(t);
  const wrong = await run(
    page,
    async (manager, _, resource) => {
      const kept = await manager.getUser();
      const { refresh_token } = kept;
      kept.refresh_token = "wrong";
      await manager.storeUser(kept);
      try {
        return await manager.signinSilent({ resource });
      } finally {
        kept.refresh_token = refresh_token;
        await manager.storeUser(kept);
      }
    },
    origin,
  );
  assert.deepEqual(wrong, { failed: "ErrorResponse", error: "invalid_grant" });
  const renewed = await run(page, refreshed, origin);
  assert.notEqual(renewed.access_token, user.access_token);
  assert.match(complaints.join("\n"), /^[^\n]*status of 400[^\n]*$/, "the browser's own line");
});

test("In Chromium, revokeTokens() of oidc-client-ts ends the login at the server, and removeUser() in the page", async (t) => {
  const { page, complaints, user } = await signedIn(t);
  const after = await run(page, async (manager) => {
    // The second finds that its token has ended with the first one's.
    await manager.revokeTokens(["refresh_token", "access_token"]);
    const { refresh_token } = await manager.getUser();
    await manager.removeUser();
    return { refresh_token, user: await manager.getUser() };
  });
  assert.deepEqual(after, { refresh_token: null, user: null });
  assert.deepEqual(complaints, []);
  const answer = await fetch(`${origin}/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "refresh_token",
      client_id: "page",
      refresh_token: user.refresh_token,
    }),
  });
  assert.deepEqual([answer.status, (await answer.json()).error], [400, "invalid_grant"]);
  const claims = await fetch(`${origin}/userinfo`, {
    headers: { authorization: `Bearer ${user.access_token}` },
  });
  assert.equal(claims.status, 401);
});
