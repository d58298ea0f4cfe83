// The demo service from a client's side: its clients and users, and the steps of a login.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { basic, exchange, form } from "./http.mjs";

/** The credentials of the demo's clients in a token request. */
export const clients = {
  "web-app": { headers: { authorization: basic("web-app", "web-app-demo-secret") }, fields: {} },
  "post-client": {
    headers: {},
    fields: { client_id: "post-client", client_secret: "post-client-demo-secret" },
  },
  spa: { headers: {}, fields: { client_id: "spa" } },
  service: { headers: { authorization: basic("service", "service-demo-secret") }, fields: {} },
  legacy: { headers: { authorization: basic("legacy", "legacy-demo-secret") }, fields: {} },
};

/** Secrets that must never be in an answer or in the log. */
const secrets = /[a-z]-demo-secret|(alice|bob)-demo-password|engine-demo-bearer/;

const formType = { "content-type": "application/x-www-form-urlencoded" };

/** A verifier and its challenge (RFC 7636 §4). */
export function pkce() {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}

/** The demo at `issuer`: an origin, or one with a path. */
export function demoAt(issuer) {
  const redirect_uri = `${issuer}/callback`;
  const { origin, pathname } = new URL(issuer);
  const path = pathname === "/" ? "" : pathname;

  /**
   * Sends a token request unchanged, and checks what must hold for every answer.
   */
  async function post(body, headers = formType, more = {}) {
    const answer = await exchange(origin, {
      method: "POST",
      path: `${path}/token`,
      headers,
      body,
      ...more,
    });
    assertTokenAnswer(answer);
    return answer;
  }

  /** A token request of one of the demo's clients. */
  function token(client, fields) {
    const { headers, fields: credentials } = clients[client];
    return post(form({ ...fields, ...credentials }), { ...formType, ...headers });
  }

  /** Asks the authorization endpoint the way a script does. */
  function authorize(fields, headers = {}) {
    return exchange(origin, {
      path: `${path}/authorize?${form({ response_type: "code", redirect_uri, ...fields })}`,
      headers,
    });
  }

  /** A code for alice, and the parameters to redeem it. */
  async function code(client, fields = {}) {
    const { verifier, challenge } = pkce();
    const answer = await authorize({
      client_id: client,
      scope: "openid profile",
      code_challenge: challenge,
      code_challenge_method: "S256",
      prompt: "none",
      login_hint: "alice",
      ...fields,
    });
    const value = answer.location.searchParams.get("code");
    assert.ok(value, `a code in ${answer.location.search}`);
    return {
      grant_type: "authorization_code",
      code: value,
      redirect_uri: fields.redirect_uri ?? redirect_uri,
      code_verifier: verifier,
    };
  }

  /** The tokens of a login of alice. */
  async function login(client, fields) {
    const answer = await token(client, await code(client, fields));
    assert.equal(answer.status, 200, answer.text);
    return answer.json();
  }

  const refresh = (client, refresh_token, fields) =>
    token(client, { grant_type: "refresh_token", refresh_token, ...fields });
  const userinfo = (accessToken) =>
    exchange(origin, {
      path: `${path}/userinfo`,
      headers: { authorization: `Bearer ${accessToken}` },
    });

  return { origin, redirect_uri, post, token, authorize, code, login, refresh, userinfo };
}

/** What RFC 6749 §5 and this package promise of every answer of the token endpoint. */
export function assertTokenAnswer({ status, headers, text }) {
  assert.equal(headers.get("cache-control"), "no-store");
  assert.equal(headers.get("pragma"), "no-cache");
  assert.equal(headers.get("access-control-allow-origin"), "*");
  assert.equal(headers.get("access-control-allow-credentials"), null);
  for (const name of ["set-cookie", "location", "etag"])
    assert.equal(headers.get(name), null, name);
  if (text !== "") {
    assert.match(headers.get("content-type"), /^application\/json(;|$)/);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    const members = JSON.parse(text);
    assert.ok(!Object.values(members).includes(null), "no member is null");
    if (status >= 400) assert.match(members.error, /^[a-z_]+$/);
  }
  if (status === 401) assert.match(headers.get("www-authenticate"), /^Basic realm="/);
  assert.doesNotMatch(text, secrets);
}

/** Fails unless the answer is this refusal. */
export function assertRefused(answer, status, error) {
  assert.deepEqual([answer.status, answer.json().error], [status, error], answer.text);
}

/** Fails if the worker has logged a secret, or something unexpected. */
export function assertCleanLog(log) {
  for (const line of log.split("\n")) {
    assert.doesNotMatch(line, secrets);
    assert.doesNotMatch(
      line,
      /"type":"(failed|trap|upstream_failed)"|Uncaught|unhandled|RuntimeError/i,
    );
  }
}
