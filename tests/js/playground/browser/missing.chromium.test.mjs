// What the playground says where something is missing: the record of a request, its own script, or
// a client that could play a part.
import assert from "node:assert/strict";
import test from "node:test";
import { demoConfig } from "../../worker/support/demo-config.mjs";
import { demo, runWorker } from "../../worker/support/workerd.mjs";
import { openBrowser } from "./driver.mjs";
import { announced, open, play } from "./walk.mjs";

const browser = await openBrowser("chromium");
const worker = await runWorker((origin) => {
  const config = demoConfig(origin);
  const clients = config.clients.filter(({ grant_types }) => !grant_types.includes("password"));
  return { ...demo(origin), CONFIG: { ...config, clients } };
});
const profile = await browser.profile();
test.after(async () => {
  await browser.close();
  await worker.dispose();
});

async function newTab(t) {
  const tab = await profile.tab();
  t.after(() => tab.close());
  return tab;
}

for (const [trouble, answer] of [
  ["can't be fetched", (route) => route.abort()],
  ["is no longer known", (route) => route.fulfill({ status: 404, body: "unknown" })],
  ["is not JSON", (route) => route.fulfill({ status: 200, body: "<html>" })],
]) {
  test(`If the record of a request ${trouble}, its answer counts all the same, and the page says so`, async (t) => {
    const tab = await newTab(t);
    await tab.page.route("**/playground/trace", answer);
    await open(tab, `${worker.origin}/`);
    await play(tab, {
      title: "A service gets a token",
      choose: { "Client’s secret": "service-demo-secret" },
    });
    assert.match(await announced(tab, "."), /Done.*The run is complete/);
    await tab.page.getByText("What happened at the server is not known").waitFor();
    await tab.page.getByText("200 OK").waitFor();
  });
}

test("A page whose script can't be loaded says what to do", async (t) => {
  const tab = await newTab(t);
  await tab.page.route("**/main.js", (route) => route.abort());
  await tab.page.goto(worker.origin);
  const advice = tab.page.getByText("open the page from a web server");
  await advice.waitFor();
  await tab.page.unroute("**/main.js");
  await open(tab, worker.origin);
  assert.equal(await advice.count(), 0);
});

test("A flow that no registered client can play says so, and can't be run", async (t) => {
  const tab = await newTab(t);
  await open(tab, `${worker.origin}/`);
  await tab.click("button", "User name and password");
  await tab.page.getByText("None that is registered can do this.").waitFor();
  assert.equal(await tab.page.getByRole("button", { name: "Run", exact: true }).isDisabled(), true);
});
