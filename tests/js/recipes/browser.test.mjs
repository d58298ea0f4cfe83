// The recipes for browsers, in a page in Chromium. Its server has the token endpoint and the proxy,
// and its content security policy is strict.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { serve } from "@hono/node-server";
import { AuthleteClient, handleTokenRequest } from "authlete-token";
import { root } from "../../../xtask/steps.mjs";
import { launchBrowser } from "../support/browser.mjs";
import { assertTokenEndpoint, compiled, incomplete, startAuthlete } from "./support.mjs";

const authlete = await startAuthlete();
const {
  AUTHLETE_SERVICE_ID: serviceId,
  AUTHLETE_BEARER: bearer,
  AUTHLETE_SERVER_URL: serverURL,
} = authlete.env;
const client = new AuthleteClient({ serviceId, bearer, serverURL });
const { authleteProxy } = await import(pathToFileURL(await compiled("browser-proxy.ts")));
const scripts = {
  "/page.js": await compiled("browser-page.ts"),
  "/engine.js": await compiled("browser-engine.ts"),
};
const types = { js: "text/javascript", mjs: "text/javascript", wasm: "application/wasm" };

const html = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
<script nonce="page" type="importmap">{"imports":{"authlete-token":"/pkg/dist/entry/browser.js","authlete-token/engine":"/pkg/dist/engine/entry/browser.js"}}</script>
<script nonce="page" type="module" src="/page.js"></script>
<form><textarea name="parameters"></textarea><input name="clientId"><input name="clientSecret"><button>Send</button></form><output></output>`;
const policy =
  "default-src 'none'; connect-src 'self'; img-src data:; script-src 'self' 'nonce-page' 'wasm-unsafe-eval'";

/** The requests that the proxy got, and whether the session was an operator's. */
const seen = [];
let operator = true;

const server = serve({ port: 0, hostname: "127.0.0.1", fetch: respond });
await once(server, "listening");
const origin = `http://127.0.0.1:${server.address().port}`;
const browser = await launchBrowser();
test.after(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
  authlete.close();
});

async function respond(request) {
  const { pathname } = new URL(request.url);
  if (pathname === "/")
    return new Response(html, {
      headers: { "content-type": "text/html", "content-security-policy": policy },
    });
  if (pathname === "/token") return handleTokenRequest(request, { authlete: client });
  if (pathname.startsWith("/authlete/")) {
    seen.push(request.headers.get("authorization"));
    return authleteProxy(request, authlete.env, async () => operator);
  }
  const file =
    scripts[pathname] ?? (pathname.startsWith("/pkg/") ? join(root, pathname) : undefined);
  if (file === undefined) return new Response(null, { status: 404 });
  return new Response(await readFile(file), {
    headers: { "content-type": types[pathname.split(".").pop()] },
  });
}

async function open(t) {
  const page = await browser.newPage();
  t.after(() => page.close());
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(origin);
  return { page, complaints };
}

/** Sends the form of browser-page.ts, and waits for what it shows. */
async function submit(page, secret, shown) {
  await page.locator("textarea").fill("grant_type=client_credentials");
  await page.locator("[name=clientId]").fill("service");
  await page.locator("[name=clientSecret]").fill(secret);
  await page.getByRole("button").click();
  await page.locator("output").filter({ hasText: shown }).waitFor({ timeout: 10_000 });
}

test("browser-page.ts calls an operation through browser-proxy.ts, and no bearer reaches the page", async (t) => {
  const { page, complaints } = await open(t);
  seen.length = 0;
  await submit(page, "service-demo-secret", /^OK – \[A\d+\]/);
  await submit(page, "wrong", /^INVALID_CLIENT – \[A\d+\]/);
  assert.deepEqual(seen, ["Bearer page", "Bearer page"]);
  assert.deepEqual(complaints, []);
});

test("browser-proxy.ts refuses users who are not operators, other sites, and every other API", async (t) => {
  const { page } = await open(t);
  operator = false;
  await submit(page, "service-demo-secret", "ERR_AUTHLETE_HTTP_STATUS 403");
  operator = true;

  const ask = async (path, site, method = "POST") => {
    const init = {
      method,
      headers: { "sec-fetch-site": site },
      ...(method === "POST" && { body: "{}" }),
    };
    return (
      await authleteProxy(new Request(`${origin}${path}`, init), authlete.env, async () => true)
    ).status;
  };
  assert.equal(await ask("/authlete/api/page/auth/token", "same-origin"), 200);
  assert.equal(await ask("/authlete/api/page/auth/token", "same-site"), 403);
  assert.equal(await ask("/authlete/api/page/auth/token", "cross-site"), 403);
  assert.equal(await ask("/authlete/api/page/auth/token", "same-origin", "GET"), 404);
  assert.equal(await ask("/authlete/api/page/client/get/list", "same-origin"), 404);
  assert.equal(await ask(`/authlete/api/${serviceId}/auth/token`, "same-origin"), 404);
});

test("browser-proxy.ts names the missing variable, and sends nothing", async () => {
  for (const { variables, message } of incomplete(authlete.env)) {
    const request = new Request(`${origin}/authlete/api/page/auth/token`, {
      method: "POST",
      headers: { "sec-fetch-site": "same-origin" },
      body: "{}",
    });
    await assert.rejects(
      authleteProxy(request, variables, async () => true),
      { message },
    );
  }
});

/** An exchange with the page's own `fetch`, or with the `token` of browser-engine.ts. */
async function exchangeIn(page, stand, { path, ...init }) {
  const { status, headers, text } = await page.evaluate(
    async ([withEngine, url, given]) => {
      const send = withEngine ? (await import("/engine.js")).token : fetch;
      const response = await send(new Request(url, given));
      return {
        status: response.status,
        headers: [...response.headers],
        text: await response.text(),
      };
    },
    [stand, path, init],
  );
  return { status, headers: new Headers(headers), text, json: () => JSON.parse(text) };
}

test("a page that is an OAuth client gets its token at the token endpoint of its own origin", async (t) => {
  const { page } = await open(t);
  await assertTokenEndpoint((request) => exchangeIn(page, false, request));
});

test("browser-engine.ts is a whole token endpoint in the page", async (t) => {
  const { page } = await open(t);
  const send = (secret) => ({
    path: "/token",
    method: "POST",
    headers: {
      authorization: `Basic ${btoa(`app:${secret}`)}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: "grant_type=client_credentials&scope=read",
  });
  const issued = await exchangeIn(page, true, send("app-development-secret"));
  assert.deepEqual(
    [issued.status, issued.json().token_type, issued.json().scope],
    [200, "Bearer", "read"],
  );
  const refused = await exchangeIn(page, true, send("wrong"));
  assert.deepEqual([refused.status, refused.json().error], [401, "invalid_client"]);
});
