// `npm run engine`: the embedded engine as an Authlete-compatible API, used by Authlete's own SDK
// and by hand.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, describe, test } from "node:test";
import { promisify } from "node:util";
import { Authlete } from "@authlete/typescript-sdk";
import { demoConfig } from "./support/demo-config.mjs";
import { pkce } from "./support/demo.mjs";
import { exchange, form, freePort } from "./support/http.mjs";
import { script, temporaryFile } from "./support/script.mjs";

const port = await freePort();
const engine = script("engine", [], { PORT: String(port) });
after(() => engine.end());
await engine.says("stdout", /Engine ready: .*\n/);
const setUp = engine.output.stderr;
const told = (name) => new RegExp(`^${name}: +(\\S+)$`, "m").exec(engine.output.stdout)[1];
const [origin, serviceId, bearer] = [told("Server URL"), told("Service ID"), told("Bearer")];

const sdk = new Authlete({ serverURL: origin, bearer });
const token = (fields, credentials = {}) =>
  sdk.token.process({ serviceId, tokenRequest: { parameters: form(fields), ...credentials } });
const service = { clientId: "service", clientSecret: "service-demo-secret" };
const legacy = { clientId: "legacy", clientSecret: "legacy-demo-secret" };
const webApp = { clientId: "web-app", clientSecret: "web-app-demo-secret" };
const password = {
  grant_type: "password",
  username: "alice",
  password: "not checked by the engine",
  scope: "openid profile",
};

/** A call with a plain `fetch`. */
const call = (
  path,
  body,
  { authorization = `Bearer ${bearer}`, method = "POST", contentType = "application/json" } = {},
) =>
  exchange(origin, {
    method,
    path,
    headers: {
      ...(authorization && { authorization }),
      ...(contentType && { "content-type": contentType }),
    },
    body: typeof body === "string" || body === undefined ? body : JSON.stringify(body),
  });
const api = (operation, body, options) => call(`/api/${serviceId}/${operation}`, body, options);

/** A code of web-app, and the parameters that redeem it. */
async function code() {
  const { verifier, challenge } = pkce();
  const redirect_uri = "http://localhost:8787/callback";
  const answer = await call("/dev/authorization-code", {
    client_id: "web-app",
    subject: "user-1",
    scope: "openid profile",
    redirect_uri,
    nonce: "n-1",
    code_challenge: challenge,
    code_challenge_method: "S256",
  });
  assert.equal(answer.status, 200, answer.text);
  return {
    grant_type: "authorization_code",
    code: answer.json().code,
    redirect_uri,
    code_verifier: verifier,
  };
}

test("It says where it is, for which service, and with which bearer", () => {
  assert.equal(origin, `http://localhost:${port}`);
  assert.match(serviceId, /^\d+$/);
  assert.ok(engine.output.stdout.endsWith(`Engine ready: ${origin}\n`));
});

test("It prints lines that set the variables in a shell, whatever characters the configuration has", async (t) => {
  const strange = `it's"$HOME"\`id\`\\;|&`;
  const config = demoConfig("http://localhost:8787");
  const number = await freePort();
  const file = temporaryFile({ ...config, service: { ...config.service, bearer: strange } });
  const other = script("engine", ["--config", file], { PORT: String(number) });
  t.after(() => other.end());
  await other.says("stdout", /Engine ready: .*\n/);
  const lines = other.output.stdout.match(/^export .*$/gm).join("\n");
  const names = ["AUTHLETE_SERVER_URL", "AUTHLETE_SERVICE_ID", "AUTHLETE_BEARER"];
  const { stdout } = await promisify(execFile)("sh", [
    "-c",
    `${lines}\nprintf '%s\\n' ${names.map((name) => `"$${name}"`).join(" ")}`,
  ]);
  assert.deepEqual(stdout.split("\n"), [
    `http://localhost:${number}`,
    config.service.serviceId,
    strange,
    "",
  ]);
});

describe("Authlete's SDK", () => {
  test("gets tokens for client credentials, and refusals as results", async () => {
    const good = await token({ grant_type: "client_credentials", scope: "read" }, service);
    assert.deepEqual([good.action, good.scopes, good.subject], ["OK", ["read"], undefined]);
    assert.equal(typeof good.clientId, "number");
    const content = JSON.parse(good.responseContent);
    assert.deepEqual([content.access_token, content.expires_in], [good.accessToken, 3600]);

    const bad = await token({ grant_type: "client_credentials", scope: "admin" }, service);
    assert.deepEqual(
      [bad.action, JSON.parse(bad.responseContent).error],
      ["BAD_REQUEST", "invalid_scope"],
    );
    assert.match(bad.resultMessage, new RegExp(`^\\[${bad.resultCode}\\] `));

    const wrong = await token(
      { grant_type: "client_credentials" },
      { ...service, clientSecret: "wrong" },
    );
    assert.deepEqual(
      [wrong.action, JSON.parse(wrong.responseContent).error],
      ["INVALID_CLIENT", "invalid_client"],
    );
  });

  test("redeems a code of /dev/authorization-code", async () => {
    const fields = await code();
    const good = await token(fields, webApp);
    assert.deepEqual(
      [good.action, good.subject, good.grantType, good.scopes],
      ["OK", "user-1", "AUTHORIZATION_CODE", ["openid", "profile"]],
    );
    assert.ok(good.idToken && good.refreshToken);
    assert.ok(
      good.accessTokenExpiresAt > Date.now() && good.accessTokenExpiresAt < Date.now() + 3_600_001,
    );
    const again = await token(fields, webApp);
    assert.deepEqual(
      [again.action, JSON.parse(again.responseContent).error],
      ["BAD_REQUEST", "invalid_grant"],
    );
  });

  test("issues tokens for a ticket once", async () => {
    const asked = await token(password, legacy);
    assert.deepEqual(
      [asked.action, asked.username, asked.password],
      ["PASSWORD", "alice", "not checked by the engine"],
    );
    const issue = () =>
      sdk.token.issue({
        serviceId,
        tokenIssueRequest: { ticket: asked.ticket, subject: "user-1" },
      });
    const issued = await issue();
    assert.deepEqual([issued.action, issued.subject], ["OK", "user-1"]);
    assert.equal(JSON.parse(issued.responseContent).access_token, issued.accessToken);
    assert.equal((await issue()).action, "INTERNAL_SERVER_ERROR");
  });

  test("fails a ticket once", async () => {
    const { ticket } = await token(password, legacy);
    const fail = () =>
      sdk.token.fail({
        serviceId,
        tokenFailRequest: { ticket, reason: "INVALID_RESOURCE_OWNER_CREDENTIALS" },
      });
    const failed = await fail();
    assert.deepEqual(
      [failed.action, failed.resultCode, JSON.parse(failed.responseContent).error],
      ["BAD_REQUEST", "A067301", "invalid_request"],
    );
    assert.equal((await fail()).action, "INTERNAL_SERVER_ERROR");
    const late = await sdk.token.issue({
      serviceId,
      tokenIssueRequest: { ticket, subject: "user-1" },
    });
    assert.equal(late.action, "INTERNAL_SERVER_ERROR");
  });

  test("loses the race between issue and fail for one ticket with exactly one of them", async () => {
    for (let round = 0; round < 5; round += 1) {
      const { ticket } = await token(password, legacy);
      const answers = await Promise.all([
        sdk.token.issue({ serviceId, tokenIssueRequest: { ticket, subject: "user-1" } }),
        sdk.token.fail({ serviceId, tokenFailRequest: { ticket, reason: "UNKNOWN" } }),
      ]);
      assert.equal(answers.filter(({ action }) => action === "INTERNAL_SERVER_ERROR").length, 1);
    }
  });

  test("refreshes without the scope openid, and reissues an ID token", async () => {
    const first = await token(await code(), webApp);
    const refreshed = await token(
      { grant_type: "refresh_token", refresh_token: first.refreshToken, scope: "profile" },
      webApp,
    );
    assert.deepEqual([refreshed.action, refreshed.scopes], ["OK", ["profile"]]);

    const { accessToken, refreshToken } = await token(await code(), webApp);
    const reissueIdToken = (idtokenReissueRequest) =>
      sdk.token.management.reissueIdToken({ serviceId, idtokenReissueRequest });
    const reissued = await reissueIdToken({
      accessToken,
      refreshToken,
      claims: '{"email":"alice@example.com"}',
      idTokenAudType: "string",
    });
    assert.equal(reissued.action, "OK");
    const content = JSON.parse(reissued.responseContent);
    assert.deepEqual(
      [content.access_token, content.refresh_token, content.id_token],
      [accessToken, refreshToken, reissued.idToken],
    );
    const claims = JSON.parse(Buffer.from(reissued.idToken.split(".")[1], "base64url"));
    assert.deepEqual(
      [claims.sub, claims.aud, claims.email, claims.nonce],
      ["user-1", "web-app", "alice@example.com", undefined],
    );
    assert.equal(
      (await reissueIdToken({ accessToken: "x", refreshToken: "y" })).action,
      "CALLER_ERROR",
    );
  });

  test("of this version does not know ID_TOKEN_REISSUABLE, and throws an error that contains the answer", async () => {
    const { refreshToken } = await token(await code(), webApp);
    const error = await token(
      { grant_type: "refresh_token", refresh_token: refreshToken },
      webApp,
    ).catch((thrown) => thrown);
    assert.equal(error.name, "ResponseValidationError");
    assert.equal(error.rawValue.action, "ID_TOKEN_REISSUABLE");
  });

  test("gets an error of the API as an exception", async () => {
    const stranger = new Authlete({ serverURL: origin, bearer: "wrong" });
    const error = await stranger.token
      .process({ serviceId, tokenRequest: { parameters: "" } })
      .catch((thrown) => thrown);
    assert.equal(error.statusCode, 401);
  });
});

describe("The API by hand", () => {
  const assertProblem = (answer, status) => {
    assert.equal(answer.status, status, answer.text);
    const { resultCode, resultMessage, ...more } = answer.json();
    assert.match(resultCode, /^A\d{6}$/);
    assert.ok(resultMessage.startsWith(`[${resultCode}] `));
    assert.deepEqual(more, {});
    assert.doesNotMatch(answer.text, /engine-demo-bearer|demo-secret/);
  };
  const good = { parameters: "grant_type=client_credentials", ...service };

  test("wants the service's bearer", async () => {
    for (const authorization of [
      undefined,
      "Bearer",
      "Bearer wrong",
      `Bearer ${bearer}x`,
      `Basic ${bearer}`,
      bearer,
    ]) {
      const options = { authorization: authorization ?? "" };
      assertProblem(await api("auth/token", good, options), 401);
      assertProblem(await call("/dev/authorization-code", {}, options), 401);
    }
    assert.equal(
      (await api("auth/token", good, { authorization: `bearer ${bearer}` })).status,
      200,
    );
  });

  test("answers for one service, four operations and one method", async () => {
    for (const other of ["1", "7159483170", "..", "x%2fy", ""]) {
      const answer = await call(`/api/${other}/auth/token`, good);
      assert.ok([403, 404].includes(answer.status), other);
      assertProblem(answer, answer.status);
    }
    for (const path of [
      "/",
      "/api",
      `/api/${serviceId}`,
      `/api/${serviceId}/auth/tokens`,
      `/api/${serviceId}/auth/token/`,
      `/api/${serviceId}/auth/authorization`,
      "/api/auth/token",
    ]) {
      assertProblem(await call(path, good), 404);
    }
    for (const operation of [
      "auth/token",
      "auth/token/issue",
      "auth/token/fail",
      "idtoken/reissue",
    ]) {
      for (const method of ["GET", "PUT", "DELETE"]) {
        const answer = await api(operation, method === "GET" ? undefined : {}, { method });
        assertProblem(answer, 405);
        assert.equal(answer.headers.get("allow"), "POST");
      }
    }
  });

  test("takes well-formed JSON with members of the right type, or a form", async () => {
    for (const malformed of [
      "",
      "{",
      "null",
      "[]",
      '"x"',
      "1",
      `${JSON.stringify(good)}x`,
      '{"parameters":"a=b",}',
    ]) {
      assertProblem(await api("auth/token", malformed), 400);
    }
    for (const member of [
      { parameters: 1 },
      { parameters: {} },
      { clientId: ["service"] },
      { properties: [1] },
      { clientCertificatePath: "x" },
    ]) {
      assertProblem(await api("auth/token", { ...good, ...member }), 400);
    }
    assertProblem(await api("auth/token", good, { contentType: "text/plain" }), 400);
    const asForm = await api("auth/token", form(good), {
      contentType: "application/x-www-form-urlencoded",
    });
    assert.equal(asForm.json().action, "OK");
    assertProblem(
      await api("idtoken/reissue", "accessToken=x&refreshToken=y", {
        contentType: "application/x-www-form-urlencoded",
      }),
      400,
    );
    assert.equal(
      (await api("auth/token", { ...good, unknownMember: null, clientCertificate: null })).json()
        .action,
      "OK",
    );
    const huge = await api("auth/token", { parameters: "a".repeat(2_000_000) }).catch(
      ({ code: reason }) => ({ status: reason }),
    );
    assert.ok([413, "ECONNRESET", "EPIPE"].includes(huge.status), String(huge.status));
  });

  test("answers a missing member with an action, as Authlete does", async () => {
    for (const [operation, body, action] of [
      ["auth/token", {}, "INTERNAL_SERVER_ERROR"],
      ["auth/token", { parameters: null }, "INTERNAL_SERVER_ERROR"],
      ["auth/token/issue", { ticket: "x" }, "INTERNAL_SERVER_ERROR"],
      ["auth/token/fail", { ticket: "x" }, "INTERNAL_SERVER_ERROR"],
      ["idtoken/reissue", { accessToken: "x" }, "CALLER_ERROR"],
    ]) {
      const answer = await api(operation, body);
      assert.deepEqual([answer.status, answer.json().action], [200, action], operation);
    }
    assert.equal((await api("auth/token", { parameters: "" })).json().action, "BAD_REQUEST");
  });

  test("has no null in any answer, and lets no cache store one", async () => {
    for (const body of [
      good,
      { parameters: form(await code()), ...webApp },
      { parameters: form(password), ...legacy },
      { parameters: "" },
    ]) {
      const answer = await api("auth/token", body);
      assert.equal(answer.headers.get("cache-control"), "no-store");
      assert.doesNotMatch(answer.text, /:null\b|:\\"null/);
    }
  });

  test("makes codes for requests that the authorization endpoint would allow, and for no others", async () => {
    const right = { client_id: "web-app", subject: "user-1", scope: "openid" };
    for (const wrong of [
      { client_id: "nobody" },
      { client_id: "service" },
      { client_id: undefined },
      { subject: undefined },
      { subject: "" },
      { scope: "openid admin" },
      { redirect_uri: "https://evil.example/" },
      { code_challenge: "short", code_challenge_method: "S256" },
      { code_challenge: pkce().challenge, code_challenge_method: "plain" },
      { auth_time: "now" },
      { no_such_member: 1 },
      { client_id: "spa" },
    ]) {
      assertProblem(await call("/dev/authorization-code", { ...right, ...wrong }), 400);
    }
    for (const malformed of ["", "{", "null", "[]", '"x"'])
      assertProblem(await call("/dev/authorization-code", malformed), 400);
    assertProblem(await call("/dev/authorization-code", undefined, { method: "GET" }), 405);
    assert.equal((await call("/dev/authorization-code", right)).status, 200);
  });
});

test("It ends on a signal, at once and without an error", async () => {
  assert.equal(await engine.end("SIGINT"), 0);
  assert.equal(engine.output.stderr, setUp, "nothing but set-up is told on standard error");
});
