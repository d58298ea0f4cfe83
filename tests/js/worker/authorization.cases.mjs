// What the authorization endpoint refuses, and where it sends the refusal.
import assert from "node:assert/strict";
import test from "node:test";
import { assertRefused, demoAt, pkce } from "./support/demo.mjs";
import { exchange, form } from "./support/http.mjs";

export function authorizationCases(origin) {
  const demo = demoAt(origin);
  const { challenge } = pkce();
  const good = {
    client_id: "spa",
    scope: "openid",
    state: "s-1",
    code_challenge: challenge,
    code_challenge_method: "S256",
    prompt: "none",
    login_hint: "alice",
  };

  const assertStays = ({ status, headers, text }, what) => {
    assert.deepEqual([status, headers.get("location")], [400, null], what);
    assert.match(headers.get("content-security-policy"), /frame-ancestors 'none'/);
    assert.doesNotMatch(text, /evil/);
  };
  const errorOf = ({ status, location }) => {
    assert.equal(status, 303);
    assert.equal(location.origin + location.pathname, demo.redirect_uri);
    const names = [...location.searchParams.keys()].sort();
    assert.deepEqual(names, ["error", "error_description", "iss", "state"], "once each");
    const { error, state, iss } = Object.fromEntries(location.searchParams);
    assert.deepEqual([state, iss], ["s-1", origin]);
    return error;
  };

  test("An unknown client is never redirected", async () => {
    for (const client_id of ["nobody", "", "SPA", "spa ", "__proto__"]) {
      assertStays(await demo.authorize({ ...good, client_id }), client_id);
    }
    assertStays(await exchange(origin, { path: "/authorize" }));
  });

  test("A redirect URI that is not registered is never followed", async () => {
    const { port } = new URL(origin);
    for (const redirect_uri of [
      "https://evil.example/callback",
      `${demo.redirect_uri}/`,
      `http://localhost:${Number(port) - 1}/callback`,
      `http://localhost:${port}@evil.example/callback`,
      "javascript:alert('evil')",
      "evil",
    ]) {
      assertStays(await demo.authorize({ ...good, redirect_uri }), redirect_uri);
    }
  });

  test("A client or a redirect URI that is named twice is never redirected", async () => {
    const query = form({ response_type: "code", redirect_uri: demo.redirect_uri, ...good });
    for (const more of ["client_id=web-app", "redirect_uri=https://evil.example"]) {
      assertStays(await exchange(origin, { path: `/authorize?${query}&${more}` }), more);
    }
  });

  test("A native app's loopback address may have any port, and the token request repeats it", async () => {
    const redirect_uri = "http://127.0.0.1:54321/callback";
    const fields = await demo.code("spa", { redirect_uri });
    assertRefused(
      await demo.token("spa", { ...fields, redirect_uri: "http://127.0.0.1:54322/callback" }),
      400,
      "invalid_grant",
    );
    assert.equal((await demo.token("spa", fields)).status, 200);
  });

  test("Any other error in the request is sent to the client", async () => {
    for (const [fields, error] of [
      [{ response_type: "token" }, "unsupported_response_type"],
      [{ code_challenge: "", code_challenge_method: "" }, "invalid_request"],
      [{ scope: "openid write" }, "invalid_scope"],
      [{ request: "e30.e30." }, "request_not_supported"],
      [{ resource: "relative" }, "invalid_target"],
      [{ authorization_details: "[]" }, "invalid_authorization_details"],
      [{ dpop_jkt: "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4" }, "invalid_request"],
    ]) {
      assert.equal(
        errorOf(await demo.authorize({ ...good, ...fields })),
        error,
        JSON.stringify(fields),
      );
    }
    const query = form({ response_type: "code", redirect_uri: demo.redirect_uri, ...good });
    assert.equal(
      errorOf(await exchange(origin, { path: `/authorize?${query}&scope=openid` })),
      "invalid_request",
    );
    const again = await exchange(origin, { path: `/authorize?${query}&state=evil` });
    assert.equal(again.location.searchParams.get("error"), "invalid_request");
    assert.equal(again.location.searchParams.get("state"), null, "nobody knows which state");
  });

  test("prompt=none answers a script that names its user at once, and nobody else", async () => {
    const answer = await demo.authorize(good);
    assert.equal(answer.status, 303);
    assert.match(answer.location.searchParams.get("code"), /^[\w-]{43,}$/);
    for (const login_hint of ["", "nobody", "Alice", "user-1", "__proto__"]) {
      assert.equal(
        errorOf(await demo.authorize({ ...good, login_hint })),
        "login_required",
        login_hint,
      );
    }
  });

  test("prompt=none through another host name requires a login", async () => {
    const { port } = new URL(origin);
    for (const host of [
      "evil.example",
      `evil.example:${port}`,
      `localhost.evil.example:${port}`,
      `192.0.2.1:${port}`,
    ]) {
      assert.equal(errorOf(await demo.authorize(good, { host })), "login_required", host);
    }
    const spoofed = await demo.authorize(good, {
      host: `evil.example:${port}`,
      "x-forwarded-host": "localhost",
      forwarded: "host=localhost",
    });
    assert.equal(errorOf(spoofed), "login_required");
  });

  test("An authorization request may come as a POST", async () => {
    const answer = await exchange(origin, {
      method: "POST",
      path: "/authorize",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: form({ response_type: "code", redirect_uri: demo.redirect_uri, ...good }),
    });
    assert.ok(answer.location.searchParams.get("code"));
    for (const method of ["PUT", "DELETE"]) {
      assert.equal((await exchange(origin, { method, path: "/authorize" })).status, 405);
    }
  });

  test("UserInfo answers a token with the scope openid, and challenges everything else", async () => {
    const { access_token } = await demo.login("spa", { scope: "openid profile email" });
    const claims = (await demo.userinfo(access_token)).json();
    assert.deepEqual(
      [claims.sub, claims.name, claims.email],
      ["user-1", "Alice Example", "alice@example.com"],
    );
    const only = await demo.login("spa", { scope: "openid" });
    assert.deepEqual((await demo.userinfo(only.access_token)).json(), { sub: "user-1" });

    for (const token of ["x", `${access_token}x`, (await demo.login("spa")).refresh_token]) {
      const answer = await demo.userinfo(token);
      assert.equal(answer.status, 401);
      assert.match(answer.headers.get("www-authenticate"), /^Bearer .*error="invalid_token"/);
    }
    const machine = (await demo.token("service", { grant_type: "client_credentials" })).json();
    const answer = await demo.userinfo(machine.access_token);
    assert.equal(answer.status, 403);
    assert.match(answer.headers.get("www-authenticate"), /error="insufficient_scope"/);
    const bare = await exchange(origin, { path: "/userinfo" });
    assert.equal(bare.status, 401);
    assert.doesNotMatch(bare.headers.get("www-authenticate"), /error=/);
  });

  test("A token for a resource is not for UserInfo, unless that is the resource", async () => {
    const scope = "openid profile email";
    const resource = "https://mcp.example.com/mcp";
    const other = await demo.login("spa", { scope, resource });
    const refused = await demo.userinfo(other.access_token);
    assert.equal(refused.status, 401);
    assert.match(refused.headers.get("www-authenticate"), /error="invalid_token"/);
    const upper = origin.replace("http://localhost", "HTTP://LOCALHOST");
    for (const resource of [origin, `${origin}/`, `${origin}/userinfo`, upper]) {
      const own = await demo.login("spa", { scope, resource });
      assert.equal((await demo.userinfo(own.access_token)).json()?.sub, "user-1", resource);
    }
  });

  test("A parameter that is not form-encoded UTF-8 is refused, and not changed", async () => {
    const query = form({ response_type: "code", redirect_uri: demo.redirect_uri, ...good });
    for (const wrong of ["%ff", "%c0%ae", "%ed%a0%80", "%zz"]) {
      for (const name of ["state", "nonce"]) {
        const broken = `${query.replace(/state=[^&]*&/, "")}&${name}=${wrong}`;
        assertStays(await exchange(origin, { path: `/authorize?${broken}` }), broken);
        const headers = { "content-type": "application/x-www-form-urlencoded" };
        assertStays(
          await exchange(origin, { method: "POST", path: "/authorize", headers, body: broken }),
          broken,
        );
      }
    }
    const body = Buffer.concat([Buffer.from(`${query}&nonce=`), Buffer.from([0xff])]);
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    assertStays(await exchange(origin, { method: "POST", path: "/authorize", headers, body }));
  });

  test("A request with the ID token of one user is not answered for another", async () => {
    const { id_token: id_token_hint } = await demo.login("spa");
    const same = await demo.authorize({ ...good, id_token_hint });
    assert.ok(same.location.searchParams.has("code"));
    const other = await demo.authorize({ ...good, id_token_hint, login_hint: "bob" });
    assert.equal(errorOf(other), "login_required");
    const garbage = await demo.authorize({ ...good, id_token_hint: "garbage" });
    assert.equal(errorOf(garbage), "invalid_request");
  });

  test("Upper-case letters in scheme and host of a resource make no difference", async () => {
    const resource = "HTTPS://MCP.example.com/mcp";
    const tokens = await demo.login("spa", { resource });
    const other = { resource: "https://mcp.example.com/mcp" };
    assert.equal((await demo.refresh("spa", tokens.refresh_token, other)).status, 200);
  });

  test("A resource is kept from the authorization request to the last refresh", async () => {
    const resource = "https://mcp.example.com/mcp";
    const tokens = await demo.login("spa", { resource });
    const token = { grant_type: "refresh_token", refresh_token: tokens.refresh_token };
    const another = await demo.token("spa", { ...token, resource: "https://other.example" });
    assertRefused(another, 400, "invalid_target");
    assert.equal((await demo.token("spa", { ...token, resource })).status, 200);
  });

  test("Both discovery documents and the signing keys are there for every origin, and hold no private key", async () => {
    for (const path of [
      "/.well-known/openid-configuration",
      "/.well-known/oauth-authorization-server",
    ]) {
      const { headers, json } = await exchange(origin, { path });
      assert.equal(headers.get("access-control-allow-origin"), "*");
      const metadata = json();
      assert.deepEqual(
        [
          metadata.issuer,
          metadata.token_endpoint,
          metadata.jwks_uri,
          metadata.authorization_endpoint,
          metadata.userinfo_endpoint,
        ],
        [origin, `${origin}/token`, `${origin}/jwks`, `${origin}/authorize`, `${origin}/userinfo`],
      );
      assert.equal(metadata.authorization_response_iss_parameter_supported, true);
      assert.ok(!Object.values(metadata).includes(null));
    }
    const { keys } = (await exchange(origin, { path: "/jwks" })).json();
    assert.ok(keys.length > 0);
    for (const key of keys) {
      assert.ok(key.kid);
      for (const secret of ["d", "p", "q", "dp", "dq", "qi", "k"])
        assert.equal(key[secret], undefined);
    }
  });

  test("Addresses that every page may read answer the preflights of pages that add headers, and let pages read refusals", async () => {
    for (const [path, method] of [
      ["/jwks", "GET"],
      ["/.well-known/openid-configuration", "GET"],
      ["/.well-known/oauth-authorization-server", "GET"],
      ["/userinfo", "POST"],
    ]) {
      const headers = {
        origin: "https://app.example",
        "access-control-request-method": method,
        "access-control-request-headers": "authorization,traceparent",
      };
      const answer = await exchange(origin, { method: "OPTIONS", path, headers });
      assert.deepEqual([answer.status, answer.text], [204, ""], path);
      assert.equal(answer.headers.get("access-control-allow-origin"), "*");
      assert.equal(answer.headers.get("access-control-allow-credentials"), null);
      assert.ok(answer.headers.get("access-control-allow-methods").split(", ").includes(method));
      const allowed = answer.headers.get("access-control-allow-headers").toLowerCase().split(", ");
      for (const name of ["*", "authorization", "dpop"]) assert.ok(allowed.includes(name), name);
      assert.equal(answer.headers.get("access-control-max-age"), "3600");

      const refused = await exchange(origin, { method: "DELETE", path });
      assert.deepEqual(
        [refused.status, refused.headers.get("access-control-allow-origin")],
        [405, "*"],
      );
      assert.match(refused.headers.get("allow"), /, OPTIONS$/);
    }
    for (const path of ["/", "/authorize", "/callback"]) {
      const answer = await exchange(origin, {
        method: "OPTIONS",
        path,
        headers: { origin: "https://app.example", "access-control-request-method": "GET" },
      });
      assert.deepEqual(
        [answer.status, answer.headers.get("access-control-allow-origin")],
        [405, null],
        path,
      );
    }
  });

  test("An address that is not a route is not found", async () => {
    for (const path of [
      "/token/",
      "//token",
      "/TOKEN",
      "/token%00",
      "/api/715948317/auth/token",
      "/__proto__",
      "/dev/authorization-code",
    ]) {
      const answer = await exchange(origin, {
        method: "POST",
        path,
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: "a=b",
      });
      assert.equal(answer.status, 404, path);
    }
  });
}
