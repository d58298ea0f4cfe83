// Tokens that are bound to a key of their client (DPoP, RFC 9449), at the running worker: its demo
// asks for nonces.
import assert from "node:assert/strict";
import test from "node:test";
import { assertRefused, clients, demoAt, pkce } from "./support/demo.mjs";
import { exchange, form } from "./support/http.mjs";
import { browser, goesOn } from "./support/pages.mjs";
import { dpopKey, dpopKeyAt } from "./support/proofs.mjs";

const type = { "content-type": "application/x-www-form-urlencoded" };
const alice = { username: "alice", password: "alice-demo-password", decision: "allow" };
const redirect_uri = "http://127.0.0.1/callback";

export function dpopCases(origin) {
  const demo = demoAt(origin);
  const address = `${origin}/userinfo`;

  /** A token request of a client, with a proof by `key`, if any. */
  async function ask(client, fields, key) {
    const { headers, fields: own } = clients[client] ?? {
      headers: {},
      fields: { client_id: client },
    };
    const dpop = key && { dpop: await key.proof("POST", `${origin}/token`) };
    return demo.post(form({ ...fields, ...own }), { ...type, ...headers, ...dpop });
  }
  const refresh = (client, { refresh_token }, key) =>
    ask(client, { grant_type: "refresh_token", refresh_token }, key);

  /** Asks for the claims, with a token under this scheme, and with a proof, if any. */
  const userinfo = (scheme, { access_token }, dpop, method = "GET") =>
    exchange(origin, {
      method,
      path: "/userinfo",
      headers: { authorization: `${scheme} ${access_token}`, ...(dpop && { dpop }) },
    });

  /** Alice's tokens, bound to `key`, without a login page. */
  async function bound(client, key, more) {
    const { headers: _, fields } = clients[client] ?? {};
    const uri = fields === undefined ? { redirect_uri } : {};
    const answer = await ask(client, await demo.code(client, { ...uri, ...more }), key);
    assert.equal(answer.status, 200, answer.text);
    return answer.json();
  }

  test("A user logs in to an application whose code and tokens are bound to its key", async () => {
    const [key, thief] = [await dpopKeyAt(origin), await dpopKeyAt(origin)];
    const user = browser(origin);
    const { verifier, challenge } = pkce();
    const query = form({
      response_type: "code",
      client_id: "dpop-app",
      redirect_uri,
      scope: "openid email",
      code_challenge: challenge,
      code_challenge_method: "S256",
      dpop_jkt: key.jkt,
    });
    const { location } = goesOn(await user.submit(await user.visit(`/authorize?${query}`), alice));
    const grant = {
      grant_type: "authorization_code",
      code: location.searchParams.get("code"),
      redirect_uri,
      code_verifier: verifier,
    };
    assertRefused(await ask("dpop-app", grant, thief), 400, "invalid_grant");
    assertRefused(await ask("dpop-app", grant), 400, "invalid_dpop_proof");
    const answer = await ask("dpop-app", grant, key);
    assert.deepEqual([answer.status, answer.json().token_type], [200, "DPoP"], answer.text);
    const proof = await key.proof("GET", address, { token: answer.json().access_token });
    const claims = await userinfo("DPoP", answer.json(), proof);
    assert.deepEqual([claims.status, claims.json().email], [200, "alice@example.com"], claims.text);
  });

  test("A client that may use unbound tokens gets a bound one if it sends a proof", async () => {
    const key = await dpopKeyAt(origin);
    const answer = await ask("service", { grant_type: "client_credentials" }, key);
    assert.equal(answer.json().token_type, "DPoP", answer.text);
    const { token_type } = (await ask("service", { grant_type: "client_credentials" })).json();
    assert.equal(token_type, "Bearer");
  });

  test("A public client refreshes with the same key only, and a refused attempt spends nothing", async () => {
    const [key, thief] = [await dpopKeyAt(origin), await dpopKeyAt(origin)];
    const tokens = await bound("dpop-app", key);
    assertRefused(await refresh("dpop-app", tokens, thief), 400, "invalid_grant");
    const without = await refresh("dpop-app", tokens);
    assert.equal(without.status, 400, without.text);
    const fresh = await refresh("dpop-app", tokens, key);
    assert.deepEqual([fresh.status, fresh.json().token_type], [200, "DPoP"], fresh.text);
    // As after an answer that was lost.
    const again = await refresh("dpop-app", tokens, key);
    assert.equal(again.json().access_token, fresh.json().access_token, again.text);
    assertRefused(await refresh("dpop-app", tokens, thief), 400, "invalid_grant");
  });

  test("A confidential client may change its key when it refreshes", async () => {
    const [key, other] = [await dpopKeyAt(origin), await dpopKeyAt(origin)];
    const tokens = await bound("web-app", key);
    const fresh = (await refresh("web-app", tokens, other)).json();
    const proof = (by) => by.proof("GET", address, { token: fresh.access_token });
    assert.equal((await userinfo("DPoP", fresh, await proof(other))).status, 200);
    assert.equal((await userinfo("DPoP", fresh, await proof(key))).status, 401);
  });

  test("UserInfo takes a bound token with its proof only, and one proof only once", async () => {
    const key = await dpopKeyAt(origin);
    const tokens = await bound("spa", key);
    const token = tokens.access_token;
    const good = await key.proof("GET", address, { token });
    const query = await key.proof("GET", `${address}?x=1#y`, { token });
    const post = await key.proof("POST", address, { token });
    assert.equal((await userinfo("DPoP", tokens, good)).json().sub, "user-1");
    assert.equal((await userinfo("dpop", tokens, query)).status, 200);
    assert.equal((await userinfo("DPoP", tokens, post, "POST")).status, 200);

    const other = await dpopKeyAt(origin);
    const fresh = () => key.proof("GET", address, { token });
    for (const [what, scheme, proof] of [
      ["as Bearer, without a proof", "Bearer"],
      ["as Bearer, with a proof", "Bearer", await fresh()],
      ["without a proof", "DPoP"],
      ["with a used proof", "DPoP", good],
      ["with another key", "DPoP", await other.proof("GET", address, { token })],
      ["without ath", "DPoP", await key.proof("GET", address)],
      ["for another token", "DPoP", await key.proof("GET", address, { token: "x" })],
      ["for another method", "DPoP", await key.proof("POST", address, { token })],
      ["for another address", "DPoP", await key.proof("GET", `${origin}/token`, { token })],
      ["with two proofs", "DPoP", `${await fresh()}, ${await fresh()}`],
      ["with garbage", "DPoP", "x"],
    ]) {
      const { status, headers, text } = await userinfo(scheme, tokens, proof);
      assert.equal(status, 401, what);
      const challenge = headers.get("www-authenticate");
      assert.match(challenge, /\bDPoP [^,]*(, )?.*\balgs="[^"]*\bES256\b/, what);
      const { error } = JSON.parse(text);
      assert.ok(["invalid_token", "invalid_dpop_proof"].includes(error), `${what}: ${error}`);
      assert.ok(challenge.includes(`error="${error}"`), what);
      assert.ok(!(challenge + text).includes(token), what);
      const exposed = headers.get("access-control-expose-headers");
      for (const name of ["WWW-Authenticate", "DPoP-Nonce"]) assert.ok(exposed.includes(name));
    }
    assertRefused(await userinfo("Bearer", tokens), 401, "invalid_token");
    assert.equal((await userinfo("DPoP", tokens, await fresh())).status, 200, "still");
  });

  test("UserInfo refuses a token that is not bound under the scheme DPoP", async () => {
    const key = await dpopKeyAt(origin);
    const tokens = await demo.login("spa");
    const proof = await key.proof("GET", address, { token: tokens.access_token });
    assertRefused(await userinfo("DPoP", tokens, proof), 401, "invalid_token");
    assert.equal((await userinfo("Bearer", tokens)).status, 200);
  });

  test("UserInfo names both schemes to a request without a token, and the scheme of a token that may not have the claims", async () => {
    const bare = await exchange(origin, { path: "/userinfo" });
    assert.equal(bare.status, 401);
    assert.match(
      bare.headers.get("www-authenticate"),
      /^Bearer realm="userinfo", DPoP realm="userinfo", algs="ES256[^"]*"$/,
    );
    const key = await dpopKeyAt(origin);
    const tokens = (await ask("service", { grant_type: "client_credentials" }, key)).json();
    const proof = await key.proof("GET", address, { token: tokens.access_token });
    const answer = await userinfo("DPoP", tokens, proof);
    assertRefused(answer, 403, "insufficient_scope");
    assert.match(answer.headers.get("www-authenticate"), /^DPoP .*error="insufficient_scope"/);
  });

  test("Introspection tells a resource server the key of a token", async () => {
    const key = await dpopKeyAt(origin);
    const { access_token: token } = await bound("spa", key, {
      resource: "http://localhost:3000/mcp",
    });
    const answer = await exchange(origin, {
      method: "POST",
      path: "/introspect",
      headers: {
        ...type,
        authorization: `Basic ${btoa("resource-server:resource-server-demo-secret")}`,
      },
      body: form({ token }),
    });
    const { active, token_type, cnf } = answer.json();
    assert.deepEqual([active, token_type, cnf], [true, "DPoP", { jkt: key.jkt }]);
  });

  test("Where nonces are required, the token endpoint and UserInfo give one with a refusal and with an answer", async () => {
    const key = await dpopKey();
    const code = { ...(await demo.code("spa")), client_id: "spa" };
    const redeem = async (nonce) => {
      const dpop = await key.proof("POST", `${origin}/token`, nonce && { nonce });
      return demo.post(form(code), { ...type, dpop });
    };
    const first = await redeem();
    assertRefused(first, 400, "use_dpop_nonce");
    const answer = await redeem(first.headers.get("dpop-nonce"));
    assert.equal(answer.status, 200, answer.text);
    assert.ok(answer.headers.get("dpop-nonce"));
    const tokens = answer.json();
    const claims = async (nonce) => {
      const more = { token: tokens.access_token, ...(nonce && { nonce }) };
      return userinfo("DPoP", tokens, await key.proof("GET", address, more));
    };
    const refused = await claims();
    assertRefused(refused, 401, "use_dpop_nonce");
    assert.match(refused.headers.get("www-authenticate"), /^DPoP .*error="use_dpop_nonce"/);
    const told = await claims(refused.headers.get("dpop-nonce"));
    assert.equal(told.json().sub, "user-1", told.text);
    assert.ok(told.headers.get("dpop-nonce"));
  });
}
