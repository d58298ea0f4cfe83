// The demo in a real browser, on a worker of its own.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import test from "node:test";
import { launchBrowser } from "../support/browser.mjs";
import { demoConfig } from "./support/demo-config.mjs";
import { demo, runWorker } from "./support/workerd.mjs";

/** A client at another origin: its callback redirects to a page of a third origin, as many do. */
const elsewhere = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  arrived.push({ path: request.url, referer: request.headers.referer });
  if (pathname !== "/callback")
    return response
      .writeHead(200, { "content-type": "text/html" })
      .end("<!doctype html><title>Welcome</title><h1>Welcome</h1>");
  response
    .writeHead(302, {
      location: `http://localhost:${elsewhere.address().port}/welcome?${searchParams.has("code") ? "code" : searchParams.get("error")}`,
    })
    .end();
});
let arrived = [];
const ipv6 = await new Promise((resolve) => {
  elsewhere
    .once("error", () => elsewhere.listen(0, "127.0.0.1", () => resolve(false)))
    .listen(0, "::", () => resolve(true));
});
const { port } = elsewhere.address();
const callbacks = [
  `http://[::1]:${port}/callback`,
  `http://127.0.0.1:${port}/callback?it's=a;b&url='x'`,
  "com.example.app:/callback?it's=a;b",
];

const worker = await runWorker((origin) => {
  const config = demoConfig(origin);
  const [webApp] = config.clients;
  return {
    ...demo(origin),
    CONFIG: {
      ...config,
      clients: [
        ...config.clients,
        { ...webApp, client_id: "elsewhere", client_name: "Elsewhere", redirect_uris: callbacks },
      ],
    },
  };
});
const { origin } = worker;
const chromium = await launchBrowser();
test.after(async () => {
  await chromium.close();
  await worker.dispose();
  elsewhere.closeAllConnections();
  elsewhere.close();
});

for (const [client, name] of [
  ["web-app", "Demo web application"],
  ["spa", "Demo single-page application"],
]) {
  test(`In Chromium, a user clicks through the login to the ${name} and sees the tokens`, async () => {
    const context = await chromium.newContext();
    const page = await context.newPage();
    const complaints = [];
    page.on(
      "console",
      (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()),
    );
    page.on("pageerror", (error) => complaints.push(error.message));

    await page.goto(`${origin}/callback?client_id=${client}`);
    await page.getByLabel("User name").fill("alice");
    await page.getByLabel("Password").fill("alice-demo-password");
    await page.getByRole("button", { name: "Log in and allow" }).click();
    await page.getByRole("heading", { name: `Tokens for ${name}` }).waitFor();
    const access = () =>
      page.getByRole("row", { name: "Access token" }).getByRole("cell").textContent();
    const first = await access();
    assert.match(first, /^[\w.-]{43,}$/);
    assert.match(await page.locator("body").textContent(), /"email": "alice@example.com"/);

    await page.getByRole("button", { name: "Refresh the tokens" }).click();
    await page.getByText(first).waitFor({ state: "detached" });
    await page.getByRole("heading", { name: `Tokens for ${name}` }).waitFor();
    assert.notEqual(await access(), first);

    assert.deepEqual(complaints, []);
    await context.close();
  });
}

test("In Chromium, every page of the demo client fits the width of a telephone", async () => {
  for (const width of [375, 320]) {
    const page = await chromium.newPage({ viewport: { width, height: 800 } });
    const fits = async () =>
      assert.equal(
        await page.evaluate(() => document.documentElement.scrollWidth),
        width,
        `${page.url()} at ${width}`,
      );
    // There is no playground at this address of the machine, but a start page.
    await page.goto(origin.replace("localhost", "127.0.0.1"));
    await page.getByRole("link", { name: "Open the playground" }).waitFor();
    await fits();
    await page.getByRole("link", { name: "Log in to Demo web application" }).click();
    await page.getByLabel("User name").fill("alice");
    await fits();
    await page.getByLabel("Password").fill("alice-demo-password");
    await page.getByRole("button", { name: "Log in and allow" }).click();
    await page.getByRole("heading", { name: "Tokens for" }).waitFor();
    await fits();
    await page.close();
  }
});

test("In Chromium, a page of another origin reads token responses and refusals, and cannot frame the login", async () => {
  const site = createServer((_, response) =>
    response
      .writeHead(200, { "content-type": "text/html" })
      .end("<!doctype html><title>Another origin</title>"),
  );
  await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
  const page = await chromium.newPage();
  try {
    await page.goto(`http://127.0.0.1:${site.address().port}/`);
    const ask = (secret) =>
      page.evaluate(
        async ([url, authorization]) => {
          const response = await fetch(url, {
            method: "POST",
            headers: { authorization },
            body: new URLSearchParams({ grant_type: "client_credentials" }),
          });
          return {
            status: response.status,
            body: await response.json(),
            challenge: response.headers.get("www-authenticate"),
          };
        },
        [`${origin}/token`, `Basic ${Buffer.from(`service:${secret}`).toString("base64")}`],
      );
    const good = await ask("service-demo-secret");
    assert.deepEqual([good.status, good.body.token_type], [200, "Bearer"]);
    const bad = await ask("wrong");
    assert.deepEqual([bad.status, bad.body.error], [401, "invalid_client"]);
    assert.match(bad.challenge, /^Basic/);

    const refused = page.waitForEvent("console", (message) =>
      /frame-ancestors/.test(message.text()),
    );
    const path = `/authorize?response_type=code&client_id=web-app&redirect_uri=${encodeURIComponent(`${origin}/callback`)}`;
    await page.evaluate(
      (src) => document.body.append(Object.assign(document.createElement("iframe"), { src })),
      `${origin}${path}`,
    );
    await refused;
  } finally {
    await page.close();
    site.closeAllConnections();
    site.close();
  }
});

/**
 * Opens the login page for the client at another origin, and collects the browser's complaints.
 */
async function openLogin(redirect_uri) {
  const page = await chromium.newPage({ javaScriptEnabled: false });
  const complaints = [];
  page.on(
    "console",
    (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()),
  );
  const query = new URLSearchParams({
    response_type: "code",
    client_id: "elsewhere",
    redirect_uri,
    state: `"'>;url=x`,
    scope: "openid",
  });
  await page.goto(`${origin}/authorize?${query}`);
  await page.getByLabel("User name").fill("alice");
  await page.getByLabel("Password").fill("alice-demo-password");
  arrived = [];
  return { page, complaints };
}

for (const redirectUri of callbacks.filter((uri) =>
  uri.startsWith(ipv6 ? "http:" : "http://127."),
)) {
  for (const [button, outcome] of [
    ["Log in and allow", "code"],
    ["Refuse", "access_denied"],
  ]) {
    test(`In Chromium, "${button}" leads to ${redirectUri.replace(`:${port}`, "")}, and on to where that redirects, without a script`, async () => {
      const { page, complaints } = await openLogin(redirectUri);
      await page.getByRole("button", { name: button }).click();
      await page.waitForURL(`http://localhost:${port}/welcome?${outcome}`);
      const [callback] = arrived;
      const given = new URL(callback.path, `http://localhost:${port}`).searchParams;
      assert.equal(given.get("state"), `"'>;url=x`);
      for (const [name, value] of new URL(redirectUri).searchParams)
        assert.equal(given.get(name), value);
      assert.equal(callback.referer, undefined, "the address of the login stays here");
      assert.deepEqual(complaints, []);
      await page.close();
    });
  }
}

test("In Chromium, a login for a native app asks for the app's own scheme, and leaves a page with a link to it", async () => {
  const { page } = await openLogin(callbacks[2]);
  const session = await page.context().newCDPSession(page);
  await session.send("Page.enable");
  const asked = new Promise((resolve) =>
    session.on(
      "Page.frameRequestedNavigation",
      ({ url }) => url.startsWith("com.example.app:") && resolve(url),
    ),
  );
  await page.getByRole("button", { name: "Log in and allow" }).click();
  const address = await asked;
  assert.match(address, /^com\.example\.app:\/callback\?it('|%27)s=a;b&code=[\w-]{43,}&state=/);
  assert.equal(
    (await page.getByRole("link", { name: "Continue" }).getAttribute("href")).replace(
      "it's",
      "it%27s",
    ),
    address.replace("it's", "it%27s"),
  );
  await page.close();
});
