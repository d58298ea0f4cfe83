// What pages of other origins, hostile links and hostile texts can do to the playground, in a real
// browser: nothing.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import test from "node:test";
import { openBrowser } from "./driver.mjs";
import { staticSite, workerSite } from "./sites.mjs";
import { finish, open, openLine, play, stepsOf } from "./walk.mjs";

const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const elsewhere = createServer((_, response) =>
  response
    .writeHead(200, { "content-type": "text/html" })
    .end("<!doctype html><title>Another origin</title>"),
);
await new Promise((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
const foreign = `http://localhost:${elsewhere.address().port}/`;

const site = await workerSite();
const files = await staticSite();
const browser = await openBrowser("chromium");
test.after(async () => {
  await browser.close();
  await site.close();
  files.close();
  elsewhere.closeAllConnections();
  elsewhere.close();
});

/** A tab in a profile of its own. */
async function newTab(t) {
  const profile = await browser.profile();
  t.after(profile.close);
  return profile.tab();
}

test("In Chromium, a page of another origin reads neither a trace nor the setup, even if it knows the ID", async (t) => {
  const tab = await newTab(t);
  const ids = [];
  tab.page.on("request", (request) => {
    const id = request.headers()["playground-trace"];
    if (id !== undefined && !request.url().endsWith("/trace")) ids.push(id);
  });
  await open(tab, site.url);
  await play(tab, { title: "A service gets a token" });
  const ask = ([base, trace]) =>
    Promise.all(
      ["setup", "trace"].map((name) =>
        fetch(`${base}playground/${name}`, {
          headers: name === "trace" ? { "Playground-Trace": trace } : {},
        }).then(
          (answer) => `${answer.status}`,
          ({ message }) => message,
        ),
      ),
    );
  const known = [site.url, ids.at(-1)];
  assert.deepEqual(await tab.page.evaluate(ask, known), ["200", "200"], "the page itself");
  await tab.goto(foreign);
  const denied = Array(2).fill("Failed to fetch");
  assert.deepEqual(await tab.page.evaluate(ask, known), denied);
  // As a script, it would be readable without CORS.
  const loaded = await tab.page.evaluate(
    (src) =>
      new Promise((resolve) => {
        const script = Object.assign(document.createElement("script"), { src });
        script.onload = () => resolve("loaded");
        script.onerror = () => resolve("refused");
        document.head.append(script);
      }),
    `${site.url}playground/setup`,
  );
  assert.equal(loaded, "refused");
});

test("In Chromium, a page of another origin can't frame the playground or the page at which logins end", async (t) => {
  const tab = await newTab(t);
  await tab.goto(foreign);
  for (const path of ["", "callback?code=1&state=playground.1"]) {
    const refused = tab.page.waitForEvent("console", (message) =>
      /frame-ancestors/.test(message.text()),
    );
    await tab.page.evaluate(
      (src) => document.body.append(Object.assign(document.createElement("iframe"), { src })),
      site.url + path,
    );
    await refused;
  }
});

test("The playground's pages have the policy that scripts, styles and connections are their own, and no inline code", async (t) => {
  const tab = await newTab(t);
  const answer = await tab.goto(site.url);
  assert.equal(answer.headers()["content-security-policy"], policy);
  for (const { url } of [site, files]) {
    await open(tab, url);
    await play(tab, { title: "A service gets a token" });
    const inline = await tab.page.evaluate(() => {
      document.body.append(Object.assign(document.createElement("script"), { text: "ran = 1" }));
      document.body.setAttribute("style", "color: rgb(1, 2, 3)");
      return {
        ran: "ran" in globalThis,
        color: getComputedStyle(document.body).color,
        inline: document.querySelectorAll("#app [style], script:not([src])").length,
      };
    });
    // The one script is that of this test.
    assert.equal(inline.ran, false);
    assert.notEqual(inline.color, "rgb(1, 2, 3)");
    assert.equal(inline.inline, 1);
  }
});

const html = `"><img src=x onerror="ran=1"><script>ran=1</script>`;
for (const [title, hash] of [
  ["HTML in its values", `flow=client-credentials&client=${html}&scope=${html}&${html}=1&run`],
  ["a flow that is HTML", `flow=${html}&run`],
  ["100 KB", `flow=client-credentials&scope=${"x".repeat(100_000)}&run`],
  ["1,000 unknown names", `flow=dpop&${[...Array(1000).keys()].map((n) => `n${n}=v`).join("&")}`],
  ["names of every object", "flow=__proto__&constructor=1&__proto__=2&toString=3&run"],
  ["what is no encoding", "flow=%E0%A4%A&%%%=%&run"],
])
  test(`In Chromium, a link with ${title} runs nothing of its own, and leaves a page that works`, async (t) => {
    for (const { url } of [site, files]) {
      const tab = await newTab(t);
      const encoded = hash.replaceAll(/["<> ]/g, encodeURIComponent);
      await open(tab, `${url}#${encoded}`);
      if (/^flow=client-credentials/.test(hash)) await finish(tab);
      assert.equal(await tab.page.evaluate(() => "ran" in globalThis), false);
      assert.equal(await tab.page.evaluate(() => document.querySelectorAll("img").length), 0);
      const width = await tab.page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 1280, `${width} pixels wide`);
      // Such a link may fill a field; another flow has fields of its own.
      const heard = await play(tab, { title: "A guessed secret" });
      assert.match(heard, /is complete/);
      assert.deepEqual(tab.complaints, []);
    }
  });

test("In Chromium, a hostile description of an error, and hostile claims, are shown as texts", async (t) => {
  const tab = await newTab(t);
  const hostile = `<img src=x onerror=ran=1>`;
  await tab.page.route("**/token", (route) => {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const members = route.request().postData().includes("client_credentials")
      ? { error: "invalid_client", error_description: hostile }
      : {
          access_token: hostile,
          token_type: "Bearer",
          id_token: `${part({ alg: hostile })}.${part({ [hostile]: hostile, sub: [hostile] })}.x`,
        };
    return route.fulfill({
      status: "error" in members ? 401 : 200,
      contentType: "application/json",
      headers: { "x-hostile": hostile },
      body: JSON.stringify(members),
    });
  });
  await open(tab, site.url);
  for (const title of ["A service gets a token", "Refresh the tokens"]) {
    await play(tab, { title });
    const step = (await stepsOf(tab)).length;
    await openLine(tab, step, "answers");
    await tab.page.evaluate(() => {
      for (const line of document.querySelectorAll("details")) line.open = true;
    });
    await tab.click("button", "Show secrets");
    const text = (await stepsOf(tab)).at(-1).text;
    assert.ok(text.includes(hostile), text);
    assert.equal(await tab.page.evaluate(() => document.querySelectorAll("img").length), 0);
    assert.equal(await tab.page.evaluate(() => "ran" in globalThis), false);
    await tab.click("button", "Hide secrets");
  }
});

test("In Chromium, no refusal opens the browser's password box", async (t) => {
  const tab = await newTab(t);
  const session = await tab.page.context().newCDPSession(tab.page);
  const asked = [];
  session.on("Fetch.authRequired", ({ requestId, request }) => {
    asked.push(new URL(request.url).pathname);
    const authChallengeResponse = { response: "CancelAuth" };
    session.send("Fetch.continueWithAuth", { requestId, authChallengeResponse });
  });
  session.on("Fetch.requestPaused", ({ requestId }) =>
    session.send("Fetch.continueRequest", { requestId }),
  );
  await session.send("Fetch.enable", { handleAuthRequests: true });
  await open(tab, site.url);
  for (const title of ["A guessed secret", "A stolen access token"]) await play(tab, { title });
  assert.deepEqual(asked, []);
  // The same request without `credentials: "omit"` does open one.
  const status = await tab.page.evaluate(async () => {
    const headers = { authorization: `Basic ${btoa("service:wrong")}` };
    const body = new URLSearchParams({ grant_type: "client_credentials" });
    return (await fetch("token", { method: "POST", headers, body })).status;
  });
  assert.deepEqual([status, asked], [401, ["/token"]]);
});
