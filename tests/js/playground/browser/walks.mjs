// The tests that every browser runs: each flow from the first click to the last opened line, over a
// worker and in a tab; secrets, links and code to copy.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import test from "node:test";
import { openBrowser } from "./driver.mjs";
import { flows } from "./flows.mjs";
import { staticSite, workerSite } from "./sites.mjs";
import {
  announced,
  fillIn,
  finish,
  open,
  openLine,
  openLogin,
  play,
  press,
  stepSees,
  stepsOf,
} from "./walk.mjs";

const modes = [
  ["over the worker", workerSite],
  ["in a tab without a server", staticSite],
];

/**
 * Declares the tests.
 *
 * @param {"chromium" | "firefox"} key
 * @param title The browser's name.
 */
export async function walkIn(key, title) {
  const browser = await openBrowser(key);
  test.after(() => browser.close());
  for (const [where, start] of modes) {
    const site = await start();
    test.after(site.close);
    const profile = await browser.profile();
    const tab = await profile.tab();
    const overWorker = start === workerSite;

    test(`In ${title}, the playground ${where} opens and waits for a choice`, async () => {
      await open(tab, site.url);
      await tab.sees("Nothing has run yet");
      const offered = await tab.page.evaluate(() =>
        [...document.querySelectorAll("nav[aria-label=Flows] li > button")].map((button) =>
          button.textContent.trim(),
        ),
      );
      assert.deepEqual(
        offered,
        flows.map(({ title }) => title),
      );
    });

    /** A test after which the browser has nothing to complain about but these refusals. */
    const quietly = (name, body, refusals = []) =>
      test(`In ${title}, ${where}, ${name}`, async () => {
        for (const list of [tab.complaints, tab.refusals]) list.length = 0;
        await body();
        assert.deepEqual(tab.complaints, []);
        assert.deepEqual(tab.refusals, overWorker ? refusals : []);
      });

    for (const flow of flows)
      quietly(
        `“${flow.title}” shows what it promises`,
        async () => {
          assert.match(await play(tab, flow), /The run is complete\.$/);
          await showsAll(tab, flow);
        },
        flow.refusals,
      );
    quietly("secrets are masked until somebody asks for them", () => showsSecrets(tab));
    quietly("every step is there as code to copy", () => copiesCode(tab, overWorker));
    quietly("the link restores what is on the screen, and holds no secret", () =>
      followsLink(profile, tab, site),
    );
    quietly("a second tab with a login does not disturb the first", () => runsTwice(profile, site));
  }
}

/** Each step, each line, and what is in those that can be opened. */
async function showsAll(tab, { steps, glance, opened }) {
  const seen = await stepsOf(tab);
  assert.deepEqual(
    seen.map(({ title, state }) => [title, state]),
    steps.map(([title, state]) => [title, state]),
  );
  for (const [index, [, , outcome]] of steps.entries()) includes(seen[index].text, outcome);
  for (const [number, line] of glance) includes(seen[number - 1].text, line);
  for (const [number, line, texts] of opened) {
    const before = (await stepsOf(tab))[number - 1].text;
    await openLine(tab, number, line);
    const after = (await stepsOf(tab))[number - 1].text;
    for (const text of texts) {
      includes(after, text);
      assert.ok(!before.includes(text), `“${text}” was hidden until “${line}” was opened`);
    }
  }
}

async function showsSecrets(tab) {
  await play(tab, flowOf("Refresh the tokens"));
  await openLine(tab, 2, "answers 200 OK");
  const shown = (pattern) => stepSees(tab, 2, pattern);
  const masked = `"access_token": "••••••[\\w-]{4}"`;
  const bare = `"access_token": "([\\w-]{43})`;
  await shown(masked);
  await press(tab, 2, "Show access_token");
  const [, token] = await shown(bare);
  await press(tab, 2, "Hide access_token");
  await shown(masked);

  // Not even where a closed line would show it.
  const all = () => tab.page.evaluate(() => document.body.textContent);
  for (const secret of [token, "web-app-demo-secret"])
    assert.ok(!(await all()).includes(secret), `${secret} is nowhere`);
  await tab.click("button", "Show secrets");
  await shown(bare);
  includes(await all(), "web-app-demo-secret");
  await tab.click("button", "Hide secrets");
  await shown(masked);
}

async function copiesCode(tab, overWorker) {
  await play(tab, { ...flowOf("A service gets a token"), choose: { Client: "post-client" } });
  const copied = async (language) => {
    await press(tab, 1, language);
    const shown = await tab.page.evaluate(
      (name) => document.querySelector(`section[aria-label="Step 1: ${name}"]`).innerText,
      language,
    );
    await press(tab, 1, "Copy");
    await copiedIn(tab);
    return { shown, text: (await tab.pasted()).replaceAll("\r", "") };
  };
  const curl = await copied("curl");
  includes(curl.shown, "••••••");
  includes(curl.text, "post-client-demo-secret");
  await tab.sees("Copied with the true secrets.");
  if (overWorker) {
    const answer = execFileSync("sh", ["-c", curl.text], { stdio: ["ignore", "pipe", "ignore"] });
    assert.match(String(answer), /"access_token":"/);
  }
  for (const [language, call] of [
    ["client code", "oauth.clientCredentialsGrantRequest("],
    ["endpoint code", "handleTokenRequest(request"],
  ]) {
    const { shown, text } = await copied(language);
    includes(text, call);
    assert.equal(text.trim(), shown.trim());
  }
}

async function followsLink(profile, tab, { url }) {
  const choose = { "Server that the token is for": "photo-server", Scope: "read write" };
  await play(tab, { title: "A token for one server only", choose });
  await tab.click("button", "Copy link");
  await copiedIn(tab);
  const link = await tab.pasted();
  assert.equal(link, `${url}#flow=resource&scope=read+write&server=photo-server&run`);
  assert.equal(await tab.page.evaluate(() => location.href), link);

  const other = await profile.tab();
  await open(other, link);
  await finish(other);
  const outline = async (one) => (await stepsOf(one)).map(({ title, state }) => [title, state]);
  assert.deepEqual(await outline(other), await outline(tab));
  assert.equal((await outline(other)).length, 3);
  assert.deepEqual(await other.fields(Object.keys(choose)), Object.values(choose));
  assert.deepEqual(other.complaints, []);
  await other.close();
}

async function runsTwice(profile, { url }) {
  const tabs = [await profile.tab(), await profile.tab()];
  const logins = [];
  for (const tab of tabs) {
    await tab.page.bringToFront();
    await open(tab, `${url}#flow=authorization-code&run`);
    await announced(tab, "waits for your login");
    logins.push(await openLogin(tab));
  }
  const [first, second] = tabs;
  await fillIn(logins[1]);
  assert.match(await announced(second, "is complete|ended early"), /complete/);
  assert.match(await announced(first, "."), /waits for your login/);
  await fillIn(logins[0]);
  assert.match(await announced(first, "is complete|ended early"), /complete/);
  for (const tab of tabs) {
    assert.deepEqual(tab.complaints, []);
    await tab.close();
  }
}

/** Waits until the page says that it has copied. */
const copiedIn = (tab) =>
  tab.until(() =>
    [...document.querySelectorAll("[role=status]")].some((said) => said.textContent === "Copied."),
  );

const flowOf = (wanted) => flows.find(({ title }) => title === wanted);

function includes(text, part) {
  assert.ok(text.includes(part), `“${part}” in: ${text}`);
}
