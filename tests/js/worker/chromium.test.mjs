// The demo in a real browser, on a worker of its own.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import test from "node:test";
import { launchBrowser } from "../support/browser.mjs";
import { demo, runWorker } from "./support/workerd.mjs";

const worker = await runWorker(demo);
const { origin } = worker;
const chromium = await launchBrowser();
test.after(async () => {
  await chromium.close();
  await worker.dispose();
});

for (const name of ["Demo web application", "Demo single-page application"]) {
  test(`In Chromium, a user clicks through the login to the ${name} and sees the tokens`, async () => {
    const context = await chromium.newContext();
    const page = await context.newPage();
    const complaints = [];
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));

    await page.goto(origin);
    await page.getByRole("link", { name: `Log in to ${name}` }).click();
    await page.getByLabel("User name").fill("alice");
    await page.getByLabel("Password").fill("alice-demo-password");
    await page.getByRole("button", { name: "Log in and allow" }).click();
    await page.getByRole("heading", { name: `Tokens for ${name}` }).waitFor();
    const access = () => page.getByRole("row", { name: "Access token" }).getByRole("cell").textContent();
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

test("In Chromium, a page of another origin reads token responses and refusals, and cannot frame the login", async () => {
  const site = createServer((_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>Another origin</title>"));
  await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
  const page = await chromium.newPage();
  try {
    await page.goto(`http://127.0.0.1:${site.address().port}/`);
    const ask = (secret) =>
      page.evaluate(
        async ([url, authorization]) => {
          const response = await fetch(url, { method: "POST", headers: { authorization }, body: new URLSearchParams({ grant_type: "client_credentials" }) });
          return { status: response.status, body: await response.json(), challenge: response.headers.get("www-authenticate") };
        },
        [`${origin}/token`, `Basic ${Buffer.from(`service:${secret}`).toString("base64")}`],
      );
    const good = await ask("service-demo-secret");
    assert.deepEqual([good.status, good.body.token_type], [200, "Bearer"]);
    const bad = await ask("wrong");
    assert.deepEqual([bad.status, bad.body.error], [401, "invalid_client"]);
    assert.match(bad.challenge, /^Basic/);

    const refused = page.waitForEvent("console", (message) => /frame-ancestors/.test(message.text()));
    const path = `/authorize?response_type=code&client_id=web-app&redirect_uri=${encodeURIComponent(`${origin}/callback`)}`;
    await page.evaluate((src) => document.body.append(Object.assign(document.createElement("iframe"), { src })), `${origin}${path}`);
    await refused;
  } finally {
    await page.close();
    site.closeAllConnections();
    site.close();
  }
});
