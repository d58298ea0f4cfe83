// The playground keeps to what people expect of a page: Back, links, reloads and windows that are
// left over.
import assert from "node:assert/strict";
import test from "node:test";
import { openBrowser } from "./driver.mjs";
import { staticSite, workerSite } from "./sites.mjs";
import { announced, fillIn, open, play } from "./walk.mjs";

const browser = await openBrowser("chromium");
const site = await workerSite();
const withoutServer = await staticSite();
const profile = await browser.profile();
test.after(async () => {
  await browser.close();
  await site.close();
  withoutServer.close();
});

async function newTab(t) {
  const tab = await profile.tab();
  t.after(() => tab.close());
  return tab;
}

const chosen = (tab, title) =>
  tab.until(
    (wanted) =>
      document.querySelector("nav[aria-label=Flows] [aria-current]")?.innerText.trim() === wanted,
    title,
  );

const service = "A service gets a token";
const guess = "A guessed secret";

test("Back shows the flow before with its choices, and runs nothing", async (t) => {
  const tab = await newTab(t);
  await open(tab, site.url);
  await tab.fill("Scope", "write");
  await tab.click("button", guess);
  await play(tab, { title: "A token for one server only" });
  const sent = [];
  tab.page.on("request", (request) => sent.push(request.url()));
  await tab.page.goBack();
  await chosen(tab, guess);
  await tab.page.goBack();
  await chosen(tab, service);
  assert.deepEqual(await tab.fields(["Scope"]), ["write"]);
  await tab.page.goForward();
  await chosen(tab, guess);
  await tab.page.goForward();
  await chosen(tab, "A token for one server only");
  assert.match(await announced(tab, "."), /The run is complete/);
  assert.deepEqual(sent, []);
});

test("A result stays when another flow is chosen: it says whose it is, and the copied link is to it", async (t) => {
  const tab = await newTab(t);
  await open(tab, site.url);
  await play(tab, { title: service, choose: { Scope: "write" } });
  await tab.click("button", guess);
  await tab.sees(`This is the result of “${service}”. Press Run for “${guess}”.`);
  await tab.click("button", "Copy link");
  await tab.sees("Copied");
  assert.equal(await tab.pasted(), `${site.url}#flow=client-credentials&scope=write&run`);
  await tab.click("button", service);
  await tab.until(() => !document.body.innerText.includes("This is the result of"));
  await tab.fill("Scope", "read");
  await tab.sees("This is the result of other choices.");
});

for (const [width, height] of [
  [1280, 900],
  [320, 800],
])
  test(`Run brings the title into view, and the end of a run offers the next flow, ${width} pixels wide`, async (t) => {
    const narrow = await browser.profile({ width, height });
    t.after(narrow.close);
    const tab = await narrow.tab();
    await open(tab, site.url);
    const titleIn = () =>
      tab.until(
        (wanted) => {
          const title = document.getElementById("timeline-title");
          const { top, bottom } = title.getBoundingClientRect();
          return title.innerText === wanted && top >= 0 && bottom <= innerHeight / 2;
        },
        service,
        "the title in the upper half",
      );
    await play(tab, { title: service });
    await titleIn();
    await tab.page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    await tab.click("button", "Run");
    await titleIn();
    await announced(tab, "is complete");
    await tab.click("button", "Next: “User name and password”");
    await chosen(tab, "User name and password");
    assert.equal(
      await tab.page.evaluate(() => document.activeElement.innerText.trim()),
      "User name and password",
    );
    await tab.sees("Press Run for “User name and password”.");
  });

test("A login that belongs to a run before the reload is not taken, and its window says so", async (t) => {
  const tab = await newTab(t);
  await open(tab, `${site.url}#flow=authorization-code&run`);
  await announced(tab, "waits for your login");
  const logIn = () => tab.windowOf(() => tab.click("button", "Open the login page"));
  const older = await logIn();
  await tab.sees("Waiting for the login window.");
  await tab.page.reload();
  await announced(tab, "waits for your login");
  await fillIn(older);
  await older.sees("That login belonged to an earlier run");
  assert.match(await announced(tab, "."), /waits for your login/);
  await older.close();

  const login = await logIn();
  await fillIn(login);
  await login.closed();
  assert.match(await announced(tab, "is complete|ended early"), /complete/);
});

test("What the address asks for and can't have is said", async (t) => {
  for (const [end, said] of [
    ["?in=moon", "can only be “tab”"],
    ["#%%%", "names no flow"],
    ["#flow=moon&run", "a flow that is not here"],
  ]) {
    const tab = await newTab(t);
    await open(tab, site.url + end);
    await tab.sees(said);
    await tab.sees("Nothing has run yet");
  }
  const tab = await newTab(t);
  await open(tab, `${site.url}#flow=client-credentials&color=red&run`);
  await announced(tab, "is complete");
  await tab.sees("Ignored in the link: color.");
});

for (const missing of ["tab.js", "engine.wasm", "operations.wasm"])
  test(`Without ${missing}, the tab says that the engine could not be loaded, and starts once it can`, async (t) => {
    const tab = await newTab(t);
    await tab.page.route(`**/${missing}`, (route) => route.abort());
    await tab.goto(withoutServer.url);
    await tab.sees("The engine could not be loaded");
    await tab.page.unroute(`**/${missing}`);
    await tab.click("button", "Try again");
    assert.match(await play(tab, { title: service }), /The run is complete/);
  });
