// Everybody can use the playground: axe finds nothing in any state, in both themes; the keyboard
// alone is enough; a screen reader hears what happens; narrow and enlarged pages don't scroll
// sideways. Afterwards, screenshots of all states are in `.cache/screenshots`.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import test from "node:test";
import { root } from "../../../../xtask/steps.mjs";
import { openBrowser } from "./driver.mjs";
import { staticSite, workerSite } from "./sites.mjs";
import { flows } from "./flows.mjs";
import { openLines, states, tabStates } from "./states.mjs";
import { announced, fillIn, open, openLogin, play } from "./walk.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const screenshots = join(root, ".cache/screenshots");
mkdirSync(screenshots, { recursive: true });

const site = await workerSite();
const files = await staticSite();
const browser = await openBrowser("chromium");
test.after(async () => {
  await browser.close();
  await site.close();
  files.close();
});

/** Each state, and where it is reached. What the modes have in common is looked at once. */
const reached = [
  ...Object.entries(states).map((state) => [...state, site.url]),
  ...Object.entries(tabStates).map((state) => [...state, files.url]),
];

/** What axe finds wrong in the page. */
async function findings(tab, options = {}) {
  await tab.page.evaluate(axe);
  return tab.page.evaluate(async (given) => {
    const { violations } = await globalThis.axe.run(given);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target)}`);
  }, options);
}

/** How much wider the page is than its window, in pixels. */
const excess = (tab) =>
  tab.page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });

for (const [scheme, width, height] of [
  ["light", 1440, 1000],
  ["dark", 320, 800],
])
  for (const [name, reach, url] of reached)
    test(`axe finds nothing in this state, ${scheme} and ${width} pixels wide: ${name}`, async (t) => {
      const profile = await browser.profile({ scheme, width, height });
      t.after(profile.close);
      const tab = await profile.tab();
      await reach(tab, url);
      // To be looked at by people, also in the other theme.
      for (const theme of ["light", "dark"]) {
        await tab.page.emulateMedia({ colorScheme: theme });
        const path = join(screenshots, `${name.replaceAll(" ", "-")}-${theme}-${width}.png`);
        await tab.page.screenshot({ path, fullPage: !name.startsWith("dialog") });
      }
      await tab.page.emulateMedia({ colorScheme: scheme });
      assert.equal(await excess(tab), 0, "pixels to scroll sideways");
      assert.deepEqual(await findings(tab), []);
    });

test("axe finds nothing in any flow, in either theme, with all lines open", async (t) => {
  const profile = await browser.profile();
  t.after(profile.close);
  const tab = await profile.tab();
  await open(tab, files.url);
  for (const flow of flows) {
    await play(tab, flow);
    await openLines(tab);
    assert.deepEqual(await findings(tab), [], flow.title);
    await tab.page.emulateMedia({ colorScheme: "dark" });
    // The rest does not depend on the theme.
    assert.deepEqual(await findings(tab, { runOnly: ["color-contrast"] }), [], flow.title);
    await tab.page.emulateMedia({ colorScheme: "light" });
  }
});

test("Nothing has to be scrolled sideways at a zoom of 200 %", async (t) => {
  const profile = await browser.profile({ width: 640, height: 480, scale: 2 });
  t.after(profile.close);
  const wide = ["waiting", "code flow with all lines open", "all code shown", "tokens page"];
  for (const [name, reach, url] of reached.filter(([name]) => wide.includes(name))) {
    const tab = await profile.tab();
    await reach(tab, url);
    assert.equal(await excess(tab), 0, name);
    await tab.close();
  }
});

/** Presses Tab until what has the focus has this name. */
async function tabTo(tab, name) {
  for (let presses = 0; presses < 80; presses++) {
    await tab.press("Tab");
    const focused = await tab.page.evaluate(() => {
      const { activeElement: element } = document;
      const [label] = element.labels ?? [];
      return (element.getAttribute("aria-label") ?? label?.innerText ?? element.innerText).trim();
    });
    if (focused === name) return;
  }
  assert.fail(`The keyboard does not reach “${name}”.`);
}

for (const { url } of [site, files])
  test(`The keyboard is enough for a whole flow with a login, ${url === site.url ? "over the worker" : "in a tab"}`, async (t) => {
    const profile = await browser.profile();
    t.after(profile.close);
    const tab = await profile.tab();
    await open(tab, url);
    // By arrows to another flow and back, as in a group of radio buttons.
    await tabTo(tab, "A user logs in");
    await tab.press("ArrowDown");
    const focus = () => tab.page.evaluate(() => document.activeElement.innerText.trim());
    assert.equal(await focus(), "User name and password");
    await tab.press("ArrowUp");
    assert.equal(await focus(), "A user logs in");
    await tab.press("Enter");
    await tabTo(tab, "Run");
    await tab.press("Enter");
    assert.match(
      await announced(tab, "waits"),
      /^Step 1, The user logs in: waits for your login\./,
    );

    await tabTo(tab, "Open the login page");
    const enter = () => tab.press("Enter");
    const login = url === site.url ? await tab.windowOf(enter) : await enter().then(() => tab);
    // The first field has the focus already.
    await login.until(() => document.activeElement.name === "username");
    await login.page.keyboard.type("alice");
    await tabTo(login, "Password");
    await login.page.keyboard.type("alice-demo-password");
    await login.press("Enter");
    const heard = await announced(tab, "complete|early");
    assert.match(heard, /^Step 3, The app uses the access token: Done\. .*The run is complete\.$/);

    // The focus is where the login was, not at the page's start.
    assert.match(await focus(), /The user logs in/);
    await tabTo(tab, "client code");
    await tab.press("Enter");
    await tab.until(() => document.activeElement.getAttribute("aria-expanded") === "true");
  });

test("In the dialog of the tab, Escape refuses the login, and the focus goes back to its button", async (t) => {
  const profile = await browser.profile();
  t.after(profile.close);
  const tab = await profile.tab();
  await open(tab, `${files.url}#flow=authorization-code&run`);
  await announced(tab, "waits");
  await openLogin(tab);
  await tab.until(() => document.querySelector("dialog[open] form") !== null);
  await tab.press("Escape");
  assert.match(await announced(tab, "closed"), /waits for your login\. The login was closed/);
  await tab.until(() => document.activeElement.innerText.trim() === "Open the login page");
  await openLogin(tab);
  await fillIn(tab);
  assert.match(await announced(tab, "complete|early"), /complete/);
});
