// The behaviours of every host, each suite in a page of its own in a browser.
import assert from "node:assert/strict";
import test from "node:test";
import { suites } from "./behaviours.mjs";
import { launchBrowser } from "./browser.mjs";
import { fixtures } from "./fixtures.mjs";
import { startLoopback } from "./loopback.mjs";
import { servePage } from "./page.mjs";

/**
 * Declares the tests.
 *
 * @param {"chromium" | "firefox" | "webkit"} key
 */
export function proveInBrowser(key) {
  test(`every behaviour in ${key}`, async (t) => {
    const loopback = await startLoopback();
    t.after(loopback.close);
    const site = await servePage(loopback.addresses);
    t.after(site.close);
    const browser = await launchBrowser(key);
    t.after(() => browser.close());
    for (const suite of suites) await t.test(suite, (s) => proveInPage(s, browser, site, { suite, fixtures, ...loopback.addresses }));
  });
}

async function proveInPage(t, browser, { url }, kit) {
  const page = await browser.newPage();
  t.after(() => page.close());
  const complaints = complaintsOf(page, Object.values(kit).filter((value) => typeof value === "string" && value.startsWith("http:")));
  await page.goto(url);
  await page.waitForFunction(() => "names" in globalThis);
  const names = await page.evaluate((given) => globalThis.names(given), kit);
  for (const [index, name] of names.entries()) {
    await t.test(name, async () => {
      assert.equal(await page.evaluate((which) => globalThis.run(which), index), null);
      assert.deepEqual(complaints.splice(0), []);
    });
  }
  assert.ok(names.length > 0);
}

/**
 * What the browser itself complains of, page errors and errors on the console. That servers do not answer as they should is what some behaviours are
 * about, so that what it says of their addresses is none.
 */
function complaintsOf(page, addresses) {
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(`page error: ${error.message}`));
  page.on("console", (message) => {
    const text = `${message.text()} (${message.location()?.url})`;
    if (message.type() === "error" && !addresses.some((address) => text.includes(address))) complaints.push(`console: ${text}`);
  });
  return complaints;
}
