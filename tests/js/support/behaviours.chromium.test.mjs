// The behaviours of every host, in a page in Chromium.
import assert from "node:assert/strict";
import test from "node:test";
import { launchBrowser } from "./browser.mjs";
import { fixtures } from "./fixtures.mjs";
import { startLoopback } from "./loopback.mjs";
import { servePage } from "./page.mjs";

const loopback = await startLoopback();
const site = await servePage(loopback.addresses);
const browser = await launchBrowser();
test.after(async () => {
  await browser.close();
  site.close();
  loopback.close();
});

const page = await browser.newPage();
await page.goto(site.url);
await page.waitForFunction(() => "names" in globalThis);
const names = await page.evaluate((kit) => globalThis.names(kit), { fixtures, ...loopback.addresses });

for (const [index, name] of names.entries()) {
  test(name, async () => assert.equal(await page.evaluate((which) => globalThis.run(which), index), null));
}
