// The grant types at the token endpoint of the running worker.
import assert from "node:assert/strict";
import test from "node:test";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { assertRefused, clients, demoAt, pkce } from "./support/demo.mjs";
import { dpopKeyAt } from "./support/proofs.mjs";

export function grantCases(origin) {
  const demo = demoAt(origin);
  const keys = createRemoteJWKSet(new URL(`${origin}/jwks`));
  const idToken = async (text, audience) =>
    (await jwtVerify(text, keys, { issuer: origin, audience })).payload;
  const works = async (accessToken) => (await demo.userinfo(accessToken)).status === 200;

  for (const client of ["web-app", "post-client", "spa"]) {
    test(`${client} redeems a code for all its tokens`, async () => {
      const tokens = await demo.login(client, { nonce: "n-0" });
      assert.deepEqual(Object.keys(tokens).sort(), [
        "access_token",
        "expires_in",
        "id_token",
        "refresh_token",
        "scope",
        "token_type",
      ]);
      assert.deepEqual(
        [tokens.token_type, tokens.expires_in, tokens.scope],
        ["Bearer", 3600, "openid profile"],
      );
      for (const name of ["access_token", "refresh_token"])
        assert.match(tokens[name], /^[\w.-]{43,}$/);
      const claims = await idToken(tokens.id_token, client);
      assert.deepEqual([claims.sub, claims.nonce, claims.name], ["user-1", "n-0", "Alice Example"]);
    });
  }

  test("Without the scope openid there is no ID token", async () => {
    const tokens = await demo.login("spa", { scope: "read" });
    assert.deepEqual([tokens.scope, tokens.id_token], ["read", undefined]);
    assert.equal((await demo.refresh("spa", tokens.refresh_token)).json().id_token, undefined);
  });

  test("Of 20 concurrent redemptions of one code exactly one succeeds, and its tokens stay good", async () => {
    const fields = await demo.code("spa");
    const answers = await Promise.all(Array.from({ length: 20 }, () => demo.token("spa", fields)));
    const won = answers.filter(({ status }) => status === 200);
    assert.equal(won.length, 1);
    for (const answer of answers)
      if (answer !== won[0]) assertRefused(answer, 400, "invalid_grant");
    assert.ok(await works(won[0].json().access_token));
  });

  test("A code that is replayed without the verifier revokes everything that was issued for it", async () => {
    const fields = await demo.code("web-app");
    const tokens = (await demo.token("web-app", fields)).json();
    assertRefused(
      await demo.token("web-app", { ...fields, code_verifier: pkce().verifier }),
      400,
      "invalid_grant",
    );
    assert.ok(!(await works(tokens.access_token)));
    assertRefused(await demo.refresh("web-app", tokens.refresh_token), 400, "invalid_grant");
  });

  test("Another client can neither use nor spend a code", async () => {
    const fields = await demo.code("web-app");
    assertRefused(await demo.token("spa", fields), 400, "invalid_grant");
    assertRefused(await demo.token("post-client", fields), 400, "invalid_grant");
    assert.equal((await demo.token("web-app", fields)).status, 200);
  });

  test("A refused redemption leaves the code for the right one", async () => {
    const fields = await demo.code("web-app");
    for (const [wrong, error] of [
      [{ redirect_uri: `${demo.redirect_uri}/` }, "invalid_grant"],
      [{ redirect_uri: demo.redirect_uri.replace("callback", "Callback") }, "invalid_grant"],
      [{ redirect_uri: `${demo.redirect_uri}?a=b` }, "invalid_grant"],
      [{ code_verifier: pkce().verifier }, "invalid_grant"],
      [{ code_verifier: "" }, "invalid_grant"],
      [{ code_verifier: "short" }, "invalid_grant"],
      [{ code_verifier: `${"a".repeat(42)}!` }, "invalid_grant"],
      [{ code: "" }, "invalid_request"],
      [{ code: `${fields.code}x` }, "invalid_grant"],
    ]) {
      assertRefused(await demo.token("web-app", { ...fields, ...wrong }), 400, error);
    }
    assert.equal((await demo.token("web-app", fields)).status, 200);
  });

  test("The challenge is not accepted as the verifier, and a code without a challenge accepts no verifier", async () => {
    const { challenge } = pkce();
    const fields = await demo.code("web-app", { code_challenge: challenge });
    assertRefused(
      await demo.token("web-app", { ...fields, code_verifier: challenge }),
      400,
      "invalid_grant",
    );
    const plain = await demo.code("web-app", { code_challenge: "", code_challenge_method: "" });
    assertRefused(await demo.token("web-app", plain), 400, "invalid_grant");
    assert.equal((await demo.token("web-app", { ...plain, code_verifier: "" })).status, 200);
  });

  test("Codes, access tokens and refresh tokens are not accepted in the place of each other", async () => {
    const tokens = await demo.login("web-app");
    const fields = await demo.code("web-app");
    assertRefused(
      await demo.token("web-app", { ...fields, code: tokens.refresh_token }),
      400,
      "invalid_grant",
    );
    for (const other of [fields.code, tokens.access_token, tokens.id_token]) {
      assertRefused(await demo.refresh("web-app", other), 400, "invalid_grant");
    }
  });

  test("A refresh replaces the refresh token and brings a verified ID token without nonce", async () => {
    const first = await demo.login("web-app", { nonce: "n-2", scope: "openid profile email" });
    const answer = await demo.refresh("web-app", first.refresh_token);
    assert.equal(answer.status, 200, answer.text);
    const second = answer.json();
    assert.notEqual(second.access_token, first.access_token);
    assert.notEqual(second.refresh_token, first.refresh_token);
    assert.deepEqual(
      [second.token_type, second.expires_in, second.scope],
      ["Bearer", 3600, "openid profile email"],
    );
    const [before, after] = [
      await idToken(first.id_token, "web-app"),
      await idToken(second.id_token, "web-app"),
    ];
    assert.ok("nonce" in before && !("nonce" in after));
    assert.deepEqual(
      [after.sub, after.aud, after.auth_time, after.email],
      [before.sub, before.aud, before.auth_time, "alice@example.com"],
    );
    assert.notEqual(after.at_hash, before.at_hash);
    assert.ok(await works(second.access_token));
  });

  test("A replaced refresh token that is used again after its successor revokes its family, and only that one", async () => {
    const other = await demo.login("spa");
    const first = await demo.login("spa");
    const second = (await demo.refresh("spa", first.refresh_token)).json();
    const third = (await demo.refresh("spa", second.refresh_token)).json();
    assertRefused(await demo.refresh("spa", first.refresh_token), 400, "invalid_grant");
    assertRefused(await demo.refresh("spa", third.refresh_token), 400, "invalid_grant");
    for (const { access_token } of [first, second, third]) assert.ok(!(await works(access_token)));
    assert.equal((await demo.refresh("spa", other.refresh_token)).status, 200);
  });

  test("Concurrent refreshes, and one whose answer was lost, all get the same new tokens", async () => {
    const { refresh_token } = await demo.login("spa");
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => demo.refresh("spa", refresh_token)),
    );
    answers.push(await demo.refresh("spa", refresh_token));
    const [first, ...others] = answers.map((answer) => answer.json());
    for (const tokens of others) {
      assert.deepEqual(
        [tokens.access_token, tokens.refresh_token],
        [first.access_token, first.refresh_token],
      );
    }
    assert.ok(await works(first.access_token));
    assert.equal((await demo.refresh("spa", first.refresh_token)).status, 200);
  });

  test("A narrower access token does not narrow the refresh token, and a wider one is refused at no cost", async () => {
    const { refresh_token } = await demo.login("web-app", { scope: "openid profile read" });
    for (const scope of ["openid write", "openid admin", "READ"]) {
      assertRefused(await demo.refresh("web-app", refresh_token, { scope }), 400, "invalid_scope");
    }
    const narrow = (await demo.refresh("web-app", refresh_token, { scope: "read" })).json();
    assert.deepEqual([narrow.scope, narrow.id_token], ["read", undefined]);
    assert.equal((await demo.userinfo(narrow.access_token)).status, 403);
    const wide = (await demo.refresh("web-app", narrow.refresh_token)).json();
    assert.equal(wide.scope, "openid profile read");
    await idToken(wide.id_token, "web-app");
  });

  test("Another client can neither use nor revoke a refresh token", async () => {
    const first = await demo.login("web-app");
    assertRefused(await demo.refresh("spa", first.refresh_token), 400, "invalid_grant");
    const second = (await demo.refresh("web-app", first.refresh_token)).json();
    assertRefused(await demo.refresh("post-client", first.refresh_token), 400, "invalid_grant");
    assert.equal((await demo.refresh("web-app", second.refresh_token)).status, 200);
  });

  test("Client credentials give an access token and nothing else", async () => {
    for (const client of ["service", "post-client"]) {
      const tokens = (
        await demo.token(client, { grant_type: "client_credentials", scope: "read" })
      ).json();
      assert.deepEqual(Object.keys(tokens).sort(), [
        "access_token",
        "expires_in",
        "scope",
        "token_type",
      ]);
      assert.equal(tokens.scope, "read");
    }
    for (const scope of ["openid", "admin", "read\twrite", 'read"', "Ünicode"]) {
      assertRefused(
        await demo.token("service", { grant_type: "client_credentials", scope }),
        400,
        "invalid_scope",
      );
    }
    const twice = await demo.token("service", {
      grant_type: "client_credentials",
      scope: "read read  write",
    });
    assert.equal(twice.json().scope, "read write");
    assertRefused(
      await demo.token("service", { grant_type: "client_credentials", scope: "x ".repeat(10_000) }),
      400,
      "invalid_scope",
    );
  });

  test("The password grant takes the right password, and a wrong one is a plain refusal", async () => {
    const right = {
      grant_type: "password",
      username: "alice",
      password: "alice-demo-password",
      scope: "openid profile",
    };
    const answer = await demo.token("legacy", right);
    assert.equal(answer.status, 200, answer.text);
    const tokens = answer.json();
    assert.equal((await demo.userinfo(tokens.access_token)).json().sub, "user-1");
    assert.equal((await demo.refresh("legacy", tokens.refresh_token)).status, 200);

    const refusals = [];
    for (const wrong of [
      { password: "bob-demo-password" },
      { password: "alice-demo-password " },
      { username: "nobody" },
      { username: "__proto__" },
    ]) {
      refusals.push(await demo.token("legacy", { ...right, ...wrong }));
    }
    for (const refusal of refusals) {
      assertRefused(refusal, 400, "invalid_request");
      assert.equal(refusal.text, refusals[0].text, "nobody learns whether the user exists");
      assert.match(refusal.text, /A067301/);
    }
    assertRefused(await demo.token("legacy", { ...right, username: "" }), 400, "invalid_request");
    assertRefused(await demo.token("legacy", { ...right, password: "" }), 400, "invalid_request");
  });

  test("No answer of the password grant shows the ticket, and 10 at once get 10 different tokens", async () => {
    const right = {
      grant_type: "password",
      username: "bob",
      password: "bob-demo-password",
      scope: "read",
    };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => demo.token("legacy", right)),
    );
    assert.equal(new Set(answers.map((answer) => answer.json().access_token)).size, 10);
    for (const { text } of answers) assert.doesNotMatch(text, /ticket/i);
  });

  test("A grant type that is unknown, unsupported or not the client's is refused with the right error", async () => {
    for (const [client, grant_type, error] of [
      ["service", "", "invalid_request"],
      ["service", "Client_Credentials", "unsupported_grant_type"],
      ["service", "__proto__", "unsupported_grant_type"],
      ["service", "urn:ietf:params:oauth:grant-type:jwt-bearer", "unsupported_grant_type"],
      ["service", "urn:ietf:params:oauth:grant-type:token-exchange", "unsupported_grant_type"],
      ["service", "urn:ietf:params:oauth:grant-type:device_code", "unsupported_grant_type"],
      ["service", "urn:openid:params:grant-type:ciba", "unsupported_grant_type"],
      ["service", "password", "unauthorized_client"],
      ["web-app", "client_credentials", "unauthorized_client"],
      ["spa", "client_credentials", "unauthorized_client"],
    ]) {
      assertRefused(await demo.token(client, { grant_type }), 400, error);
    }
  });

  test("A DPoP proof binds the token to its key, and a bad, a used or a second one is refused", async () => {
    const key = await dpopKeyAt(origin);
    const good = await key.proof("POST", `${origin}/token`);
    const ask = (dpop) =>
      demo.post("grant_type=client_credentials", { ...clientHeaders("service"), dpop });
    const answer = await ask(good);
    assert.equal(answer.status, 200);
    assert.equal(answer.json().token_type, "DPoP");
    const second = await key.proof("POST", `${origin}/token`);
    for (const wrong of [good, "e30.e30.e30", [second, second]])
      assertRefused(await ask(wrong), 400, "invalid_dpop_proof");
  });

  test("Parameters that the engine does not support are refused and never ignored", async () => {
    assertRefused(
      await demo.token("service", {
        grant_type: "client_credentials",
        resource: "https://api.example/#part",
      }),
      400,
      "invalid_target",
    );
    const details = { grant_type: "client_credentials", authorization_details: '[{"type":"x"}]' };
    assertRefused(await demo.token("service", details), 400, "invalid_authorization_details");
  });

  test("Names such as __proto__ are parameters like any other unknown one", async () => {
    const body =
      "__proto__=w&constructor=x&toString=y&hasOwnProperty=z&grant_type=client_credentials&prototype=";
    assert.equal((await demo.post(body, clientHeaders("service"))).status, 200);
  });
}

const clientHeaders = (client) => ({
  "content-type": "application/x-www-form-urlencoded",
  ...clients[client].headers,
});
