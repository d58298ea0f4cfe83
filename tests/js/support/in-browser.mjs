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
 * @param more What the behaviours need to know about this host.
 */
export function proveInBrowser(key, more = {}) {
  test(`every behaviour in ${key}`, async (t) => {
    const loopback = await startLoopback();
    t.after(loopback.close);
    const site = await servePage(loopback.addresses);
    t.after(site.close);
    const browser = await launchBrowser(key);
    t.after(() => browser.close());
    for (const suite of suites)
      await t.test(suite, (s) =>
        proveInPage(s, browser, site, { suite, fixtures, ...loopback.addresses, ...more }),
      );
  });
}

async function proveInPage(t, browser, { url }, kit) {
  const page = await browser.newPage();
  t.after(() => page.close());
  const complaints = complaintsOf(page);
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
 * The browser's own messages about a call that it could not make, an answer that it can't read, and
 * (Firefox) an answer that broke off while it was read.
 */
const failedCall = /https?:\/\/[^\s"]+\/api\/|Failed to read data from the ReadableStream/;

/**
 * The browser's own complaints: page errors and errors on the console. Its messages about calls to
 * Authlete don't count, since some behaviours are about servers that answer wrongly.
 */
function complaintsOf(page) {
  const complaints = [];
  const complain = (text) => {
    if (!failedCall.test(text)) complaints.push(text);
  };
  page.on("pageerror", (error) => complain(`page error: ${error.message}`));
  page.on(
    "console",
    (message) =>
      message.type() === "error" &&
      complain(`console: ${message.text()} (${message.location()?.url})`),
  );
  return complaints;
}
