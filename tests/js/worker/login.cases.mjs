// The authorization code grant through the login page, as a browser uses it.
import assert from "node:assert/strict";
import test from "node:test";
import { assertRefused, demoAt, pkce } from "./support/demo.mjs";
import { exchange, form } from "./support/http.mjs";
import { browser, cell, goesOn, hiddenFields } from "./support/pages.mjs";

const alice = { username: "alice", password: "alice-demo-password", decision: "allow" };

export function loginCases(origin) {
  const demo = demoAt(origin);

  /** A request of web-app, open in a browser of its own. */
  async function openLogin(fields = {}) {
    const user = browser(origin);
    const { verifier, challenge } = pkce();
    const query = form({
      response_type: "code",
      client_id: "web-app",
      redirect_uri: demo.redirect_uri,
      scope: "openid profile email",
      state: "a state & more",
      nonce: "n-1",
      code_challenge: challenge,
      code_challenge_method: "S256",
      ...fields,
    });
    return { user, verifier, page: await user.visit(`/authorize?${query}`) };
  }

  for (const client of ["web-app", "post-client", "spa"]) {
    test(`A user logs in to ${client} with the demo client and sees the tokens`, async () => {
      const user = browser(origin);
      const page = await user.visitLocation(await user.visit(`/callback?client_id=${client}`));
      assert.equal(page.status, 200);
      const tokens = await user.visitLocation(goesOn(await user.submit(page, alice)));
      assert.equal(tokens.status, 200, tokens.text);
      const access = cell(tokens, "Access token");
      const claims = await demo.userinfo(access);
      assert.equal(claims.json().sub, "user-1");
      assert.match(tokens.text, /Claims of the ID token/);

      const refreshed = await user.submit(tokens, {});
      assert.equal(refreshed.status, 200);
      assert.notEqual(cell(refreshed, "Access token"), access);
      assert.match(refreshed.text, /Claims of the ID token/);
    });
  }

  test("The login page names the servers that the tokens are for", async () => {
    const { page } = await openLogin({ resource: "https://mcp.example.com/mcp" });
    assert.match(page.text, /asks for access[^.]* at <code>mcp\.example\.com<\/code>\./);
    const { page: without } = await openLogin();
    assert.doesNotMatch(without.text, / at <code>/);
    // A resource that is no URL with a host, or one that URL parsers refuse, is named itself.
    for (const resource of ["urn:example:api", "https://mcp.example.com:99999/"]) {
      const { page } = await openLogin({ resource });
      assert.ok(page.text.includes(` at <code>${resource}</code>`), page.text);
    }
  });

  test("The login page carries the whole request, and nothing that the user typed", async () => {
    const { user, page } = await openLogin({
      resource: "https://mcp.example.com",
      ui_locales: "de",
    });
    const again = await user.submit(page, { ...alice, password: "wrong" });
    for (const { resource, ui_locales, state, password, username, decision } of [
      hiddenFields(page),
      hiddenFields(again),
    ]) {
      assert.deepEqual(
        [resource, ui_locales, state, password, username, decision],
        ["https://mcp.example.com", "de", "a state & more", undefined, undefined, undefined],
      );
    }
    assert.match(again.text, /name="username" value="alice"/);
  });

  test("A prompt of an MCP client that asks for consent shows the login page", async () => {
    const { page } = await openLogin({ prompt: "consent" });
    assert.equal(page.status, 200);
    assert.match(page.text, /<form method="post"/);
  });

  test("The answer to a login carries code, state and issuer, and the code is good for tokens with the nonce", async () => {
    const { user, verifier, page } = await openLogin();
    const { location } = goesOn(await user.submit(page, alice));
    assert.equal(location.origin + location.pathname, demo.redirect_uri);
    assert.deepEqual([...location.searchParams.keys()].sort(), ["code", "iss", "state"]);
    assert.equal(location.searchParams.get("state"), "a state & more");
    assert.equal(location.searchParams.get("iss"), origin);
    const answer = await demo.token("web-app", {
      grant_type: "authorization_code",
      code: location.searchParams.get("code"),
      redirect_uri: demo.redirect_uri,
      code_verifier: verifier,
    });
    const { id_token, scope } = answer.json();
    const claims = JSON.parse(Buffer.from(id_token.split(".")[1], "base64url"));
    assert.deepEqual(
      [claims.nonce, claims.email, scope],
      ["n-1", "alice@example.com", "openid profile email"],
    );
  });

  test("The login page can't be framed, runs no script, is not stored, and escapes all values", async () => {
    const state = `"><script>alert(1)</script>`;
    const { page } = await openLogin({ state, login_hint: `"><img src=x>` });
    const policy = page.headers.get("content-security-policy");
    assert.match(policy, /(^|; )frame-ancestors 'none'(;|$)/);
    assert.match(policy, /^default-src 'none'; /);
    assert.doesNotMatch(policy, /unsafe|script-src/);
    assert.equal(page.headers.get("x-frame-options"), "DENY");
    assert.equal(page.headers.get("cache-control"), "no-store");
    assert.equal(page.headers.get("x-content-type-options"), "nosniff");
    assert.doesNotMatch(page.text, /<script|<img/);
    assert.equal(hiddenFields(page).state, state);
  });

  test("A form without this browser's token, or from another origin, is refused and leads nowhere", async () => {
    const { user, page } = await openLogin();
    const stranger = browser(origin);
    for (const answer of [
      await user.submit(page, { ...alice, form_token: null }),
      await user.submit(page, { ...alice, form_token: "" }),
      await user.submit(page, { ...alice, form_token: "A".repeat(43) }),
      await user.submit(page, alice, { origin: "https://evil.example" }),
      await user.submit(page, alice, { origin: "null" }),
      await stranger.submit(page, alice),
    ]) {
      assert.equal(answer.status, 403);
      assert.equal(answer.headers.get("location"), null);
      assert.match(answer.headers.get("content-security-policy"), /frame-ancestors 'none'/);
    }
    // The same malformed token in the cookie and in the form.
    const fields = form({ ...hiddenFields(page), ...alice, decision: "allow", form_token: "" });
    const headers = { "content-type": "application/x-www-form-urlencoded", cookie: "form_token=" };
    assert.equal(
      (await exchange(origin, { method: "POST", path: "/authorize", headers, body: fields }))
        .status,
      403,
    );
    goesOn(await user.submit(page, alice)); // The right form still works.
  });

  test("A decision in the address of the page is ignored", async () => {
    const { page } = await openLogin(alice);
    assert.equal(page.status, 200);
    assert.match(page.text, /<form method="post"/);
    assert.doesNotMatch(page.text, /value="alice-demo-password"/);
  });

  test("A wrong password shows the form again, and the right one then works", async () => {
    const { user, page } = await openLogin();
    for (const wrong of [
      { password: "bob-demo-password" },
      { password: "" },
      { username: "nobody" },
      { username: "__proto__" },
    ]) {
      const again = await user.submit(page, { ...alice, ...wrong });
      assert.equal(again.status, 403);
      assert.equal(again.headers.get("location"), null);
      assert.match(again.text, /User name or password is wrong/);
      assert.doesNotMatch(again.text, /demo-password"/);
    }
    assert.equal(
      goesOn(await user.submit(page, alice)).location.searchParams.get("state"),
      "a state & more",
    );
  });

  test("A user who refuses sends access_denied back, with state and issuer", async () => {
    const { user, page } = await openLogin();
    const { location } = goesOn(await user.submit(page, { ...alice, decision: "deny" }));
    const { error, state, iss, code } = Object.fromEntries(location.searchParams);
    assert.deepEqual(
      [error, state, iss, code],
      ["access_denied", "a state & more", origin, undefined],
    );
  });

  test("An error in the request that a form contains is also sent back by a page", async () => {
    const { user, page } = await openLogin();
    const { location } = goesOn(
      await user.submit(page, { ...alice, scope: "openid", max_age: "x" }),
    );
    assert.equal(location.searchParams.get("error"), "invalid_request");
  });

  test("The demo client accepts no answer that it did not ask for, and no code twice", async () => {
    const user = browser(origin);
    const page = await user.visitLocation(await user.visit("/callback?client_id=spa"));
    const { location } = goesOn(await user.submit(page, alice));
    const changed = (name, value) => {
      const query = new URLSearchParams(location.searchParams);
      query.set(name, value);
      return user.visit(`/callback?${query}`);
    };
    assert.equal((await changed("state", "x")).status, 400);
    assert.equal((await changed("iss", "https://evil.example")).status, 400);
    assert.equal(
      (await browser(origin).visit(`/callback${location.search}`)).status,
      400,
      "another browser",
    );
    assert.equal((await user.visit(`/callback${location.search}`)).status, 200);
    assert.equal((await user.visit(`/callback${location.search}`)).status, 400);
  });

  test("Refreshing on the demo client's page requires the browser's form token", async () => {
    const user = browser(origin);
    const page = await user.visitLocation(await user.visit("/callback?client_id=spa"));
    const tokens = await user.visitLocation(goesOn(await user.submit(page, alice)));
    assert.equal((await user.submit(tokens, { form_token: null })).status, 403);
    assert.equal((await user.submit(tokens, {}, { origin: "https://evil.example" })).status, 403);
    assert.equal((await user.submit(tokens, {})).status, 200);
  });

  test("A code from the login page can't be redeemed without its verifier", async () => {
    const { user, page } = await openLogin({ client_id: "spa", scope: "openid" });
    const { location } = goesOn(await user.submit(page, alice));
    const fields = {
      grant_type: "authorization_code",
      code: location.searchParams.get("code"),
      redirect_uri: demo.redirect_uri,
    };
    assertRefused(await demo.token("spa", fields), 400, "invalid_grant");
    assertRefused(
      await demo.token("spa", { ...fields, code_verifier: pkce().verifier }),
      400,
      "invalid_grant",
    );
  });
}
