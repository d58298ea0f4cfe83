// The worker example in front of an Authlete server: which calls it makes, and what happens if the
// server is faulty.
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { fixtures } from "../support/fixtures.mjs";
import { authleteFaultCases } from "./authlete-faults.cases.mjs";
import { playAuthlete } from "./support/authlete.mjs";
import { assertRefused } from "./support/demo.mjs";
import { basic, exchange, form } from "./support/http.mjs";
import { runWorker } from "./support/workerd.mjs";

const bearer = "service-access-token-of-the-test";
const marker = "said-by-the-upstream";
const users = [
  {
    sub: "user-42",
    username: "alice",
    password: "p@ss wörd",
    claims: { email: "alice@example.com", given_name: "Alice", phone_number: "+1" },
  },
];

const authlete = await playAuthlete();
const thief = await playAuthlete();
const settings = {
  DEMO: "1",
  AUTHLETE_SERVER_URL: authlete.url,
  AUTHLETE_SERVICE_ID: "715948317",
  AUTHLETE_BEARER: bearer,
  AUTHLETE_TIMEOUT_MS: "700",
};
const worker = await runWorker(
  (origin) => ({ ...settings, ISSUER: origin, CONFIG: { users } }),
  ["OPTIONS /token"],
);
after(async () => {
  await worker.dispose();
  await Promise.all([authlete.down(), thief.down()]);
});

const type = { "content-type": "application/x-www-form-urlencoded" };
const client = { ...type, authorization: basic("4277838306", "s3cr3t:with:colons_AbC-123") };
const recorded = Object.fromEntries(fixtures.map(({ name, json }) => [name, json]));
const answerOf = (name) => recorded[name].apiResponse.body;

/**
 * Sends a token request, and checks that nothing of Authlete's answer but `responseContent`, and no
 * secret of ours, comes back.
 */
async function post(body, headers = client) {
  const answer = await exchange(worker.origin, { method: "POST", path: "/token", headers, body });
  assert.equal(answer.headers.get("cache-control"), "no-store");
  assert.equal(answer.headers.get("pragma"), "no-cache");
  assert.equal(answer.headers.get("content-type"), "application/json");
  assert.equal(answer.headers.get("access-control-allow-origin"), "*");
  const everything = answer.text + JSON.stringify([...answer.headers]);
  for (const secret of [bearer, marker, authlete.url, "127.0.0.1"])
    assert.ok(!everything.includes(secret), secret);
  for (const name of ["set-cookie", "location", "x-upstream"])
    assert.equal(answer.headers.get(name), null, name);
  return answer;
}

/** The calls so far as `[path, body]`, after their method and headers have been checked. */
function calls() {
  return authlete.calls.map(({ method, url, headers, body }) => {
    assert.equal(method, "POST");
    assert.equal(headers.authorization, `Bearer ${bearer}`);
    assert.match(headers["content-type"], /^application\/json/);
    assert.equal(headers.accept, "application/json");
    return [url.replace("/api/715948317/", ""), body];
  });
}

describe("An exchange with Authlete", () => {
  const whole = fixtures.filter(({ name, json }) => {
    const { body, url } = json.apiRequest ?? {};
    const sendable = [
      "parameters",
      "clientId",
      "clientSecret",
      "dpop",
      "htm",
      "oauthClientAttestation",
      "oauthClientAttestationPop",
    ];
    return (
      url?.endsWith("/auth/token") &&
      json.clientResponse &&
      Object.keys(body).every((member) => sendable.includes(member)) &&
      body.parameters &&
      name !== "authToken.ID_TOKEN_REISSUABLE"
    );
  });

  for (const { name, json } of whole) {
    const { body } = json.apiRequest;
    test(`${name}: the call is exactly the request, and the client gets exactly the content`, async () => {
      const { text, ...response } = {
        ...json.apiResponse,
        text:
          typeof json.apiResponse.body === "string"
            ? json.apiResponse.body
            : JSON.stringify(json.apiResponse.body),
      };
      authlete.answers({ ...response, text });
      const headers = {
        ...type,
        ...(body.clientSecret && { authorization: basic(body.clientId, body.clientSecret) }),
        ...(body.clientId && !body.clientSecret && { authorization: basic(body.clientId, "x") }),
        ...(body.dpop && { dpop: body.dpop }),
        ...(body.oauthClientAttestation && {
          "oauth-client-attestation": body.oauthClientAttestation,
        }),
        ...(body.oauthClientAttestationPop && {
          "oauth-client-attestation-pop": body.oauthClientAttestationPop,
        }),
      };
      const answer = await post(body.parameters, headers);
      const sent = {
        ...body,
        ...(body.clientId && { clientSecret: body.clientSecret ?? "x" }),
        ...(body.dpop && { htm: "POST" }),
      };
      assert.deepEqual(calls(), [["auth/token", sent]]);
      assert.equal(answer.status, json.clientResponse.status);
      assert.equal(answer.text, json.clientResponse.body);
      for (const [header, value] of Object.entries(json.clientResponse.headers))
        assert.equal(answer.headers.get(header), value, header);
    });
  }

  test("Parameters are passed on byte for byte, and Basic credentials decoded and in their own members only", async () => {
    const body =
      "z=1&grant_type=x&resource=https%3a%2F%2Fa&resource=https%3A%2f%2Fb&empty=&flag&A=%E2%82%AC+%20~&client_id=in-the-body";
    authlete.answers(answerOf("authToken.OK"));
    await post(body, { ...type, authorization: basic("an id/1 %+&=", 'p@ss:w%20rd+~&=?/\\ "x"') });
    assert.deepEqual(calls(), [
      [
        "auth/token",
        { parameters: body, clientId: "an id/1 %+&=", clientSecret: 'p@ss:w%20rd+~&=?/\\ "x"' },
      ],
    ]);

    authlete.answers(answerOf("authToken.OK"));
    await post("grant_type=x&client_id=a&client_secret=b", type);
    assert.deepEqual(calls(), [
      ["auth/token", { parameters: "grant_type=x&client_id=a&client_secret=b" }],
    ]);
  });

  test("A request that the endpoint itself refuses never gets to Authlete", async () => {
    authlete.answers(answerOf("authToken.OK"));
    for (const [body, headers, status] of [
      ["grant_type=x", { ...type, authorization: "Basic %%%" }, 401],
      ["grant_type=x", { ...type, authorization: "Bearer x" }, 401],
      ["grant_type=x", { ...client, "content-type": "application/json" }, 400],
      ["grant_type=x", { ...client, dpop: "a.b.c, d.e.f" }, 400],
      [`a=${"a".repeat(70_000)}`, client, 413],
    ]) {
      assert.equal((await post(body, headers)).status, status);
    }
    const get = await exchange(worker.origin, { path: "/token?code=x" });
    assert.equal(get.status, 405);
    assert.deepEqual(authlete.calls, []);
  });

  test("Content is relayed byte for byte, whatever numbers, nulls and unknown members surround it", async () => {
    const responseContent =
      '{"a":9007199254740993,  "a":1e400,"scope":null,"x":"\\u2028</script>","access_token":"t"}';
    const { apiResponseText } = recorded["edge.authToken.bigIntsNullsUnknowns"];
    for (const text of [JSON.stringify({ action: "OK", responseContent }), apiResponseText]) {
      authlete.answers({ text });
      const answer = await post("grant_type=x");
      assert.equal(answer.status, 200);
      assert.equal(answer.text, JSON.parse(text).responseContent);
      assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
    }
  });
});

describe("The password grant with Authlete", () => {
  const parameters = (password) => form({ grant_type: "password", username: "alice", password });
  const asked = (password) => ({ ...answerOf("authToken.PASSWORD"), password });
  const { ticket } = answerOf("authToken.PASSWORD");

  test("asks the users of the configuration, then issues, and keeps the nonce of the first answer", async () => {
    authlete.answers(asked("p@ss wörd"), answerOf("authTokenIssue.OK"));
    const answer = await post(parameters("p@ss wörd"));
    assert.deepEqual(
      [answer.status, answer.text],
      [200, answerOf("authTokenIssue.OK").responseContent],
    );
    assert.equal(answer.headers.get("dpop-nonce"), answerOf("authToken.PASSWORD").dpopNonce);
    assert.deepEqual(calls()[1], ["auth/token/issue", { ticket, subject: "user-42" }]);
    assert.equal(calls().length, 2);
  });

  test("fails the ticket of a wrong password", async () => {
    authlete.answers(asked("wrong"), answerOf("authTokenFail.BAD_REQUEST"));
    const answer = await post(parameters("wrong"));
    assert.deepEqual(
      [answer.status, answer.text],
      [400, answerOf("authTokenFail.BAD_REQUEST").responseContent],
    );
    assert.equal(answer.headers.get("dpop-nonce"), answerOf("authToken.PASSWORD").dpopNonce);
    assert.deepEqual(calls()[1], [
      "auth/token/fail",
      { ticket, reason: "INVALID_RESOURCE_OWNER_CREDENTIALS" },
    ]);
  });

  test("gets the same answer if the second call fails as if the first does, with one call each", async () => {
    const hang = () => {};
    const unavailable = [503, "temporarily_unavailable"];
    const failed = [500, "server_error"];
    for (const [password, second, refusal] of [
      [
        "p@ss wörd",
        { status: 500, text: `{"resultCode":"A001101","resultMessage":"${marker}"}` },
        unavailable,
      ],
      ["p@ss wörd", hang, unavailable],
      ["wrong", hang, unavailable],
      ["p@ss wörd", { text: marker }, failed],
      ["wrong", { text: '{"action":"OK"}' }, failed],
      ["p@ss wörd", answerOf("authTokenIssue.INTERNAL_SERVER_ERROR"), failed],
    ]) {
      authlete.answers(asked(password), second);
      assertRefused(await post(parameters(password)), ...refusal);
      assert.equal(authlete.calls.length, 2);
    }
  });

  test("is a server error when ticket, user name or password are missing", async () => {
    for (const missing of ["ticket", "username", "password"]) {
      authlete.answers({ ...asked("p@ss wörd"), [missing]: undefined });
      assertRefused(await post(parameters("p@ss wörd")), 500, "server_error");
      authlete.answers({ ...asked("p@ss wörd"), [missing]: null });
      assertRefused(await post(parameters("p@ss wörd")), 500, "server_error");
    }
  });
});

describe("A refresh with Authlete", () => {
  const first = answerOf("authToken.ID_TOKEN_REISSUABLE");
  const reissued = answerOf("idtokenReissue.OK");
  const refresh = () => post("grant_type=refresh_token&refresh_token=oldRT");
  const { accessToken, refreshToken } = first;

  test("reissues the ID token with the user's requested claims", async () => {
    authlete.answers({ ...first, dpopNonce: "n-1" }, reissued);
    const answer = await refresh();
    assert.deepEqual([answer.status, answer.text], [200, reissued.responseContent]);
    assert.equal(answer.headers.get("dpop-nonce"), "n-1");
    const [path, body] = calls()[1];
    assert.deepEqual(
      [path, Object.keys(body).sort()],
      ["idtoken/reissue", ["accessToken", "claims", "refreshToken"]],
    );
    assert.deepEqual([body.accessToken, body.refreshToken], [accessToken, refreshToken]);
    assert.deepEqual(JSON.parse(body.claims), { email: "alice@example.com", given_name: "Alice" });
  });

  test("names the JWT access token when there is one", async () => {
    authlete.answers({ ...first, jwtAccessToken: "a.b.c" }, reissued);
    await refresh();
    assert.equal(calls()[1][1].accessToken, "a.b.c");
  });

  test("gives the issued tokens to the client even when the reissue fails", async () => {
    for (const second of [
      answerOf("idtokenReissue.CALLER_ERROR"),
      answerOf("idtokenReissue.INTERNAL_SERVER_ERROR"),
      { status: 500, text: marker },
      { status: 429, headers: { "retry-after": "1" }, text: marker },
      { text: `<html>${marker}` },
      { text: '{"action":"OK"}' },
      { text: '{"action":"OK","responseContent":"[]"}' },
      { text: '{"action":"NEW"}' },
      () => {},
      (response) => response.destroy(),
    ]) {
      authlete.answers(first, second);
      const answer = await refresh();
      assert.deepEqual([answer.status, answer.text], [200, first.responseContent]);
    }
  });

  test("gives the issued tokens to a client whose user is not known here", async () => {
    authlete.answers({ ...first, subject: "somebody-else" });
    const answer = await refresh();
    assert.deepEqual([answer.status, answer.text], [200, first.responseContent]);
    assert.equal(authlete.calls.length, 1);
  });
});

authleteFaultCases({ authlete, thief, post, answerOf, marker });

describe("With an Authlete server", () => {
  test("the addresses of the embedded engine and of the demo are off, and say so in one sentence", async () => {
    authlete.answers();
    for (const path of [
      "/authorize",
      "/jwks",
      "/userinfo",
      "/challenge",
      "/demo/keys/private-key-jwt-app.jwk.json",
      "/demo/keys/tls-service.key.pem",
      "/introspect",
      "/revoke",
      "/.well-known/openid-configuration",
      "/.well-known/oauth-authorization-server",
      "/callback",
    ]) {
      const answer = await exchange(worker.origin, { path });
      assert.equal(answer.status, 404, path);
      assert.match(answer.text, /^[A-Z][^.]*: [^.]*\.\n$/);
    }
    const start = await exchange(worker.origin, { path: "/" });
    assert.equal(start.status, 200);
    assert.doesNotMatch(start.text, /demo-secret|demo-password|Log in/);
    assert.deepEqual(authlete.calls, []);
  });

  test("and without a configuration the demo's users are off, and ID tokens are reissued with Authlete's defaults", async () => {
    await worker.stop();
    await worker.start({ ...settings, ISSUER: worker.origin });
    const asked = { ...answerOf("authToken.PASSWORD"), password: "alice-demo-password" };
    authlete.answers(asked, answerOf("authTokenFail.BAD_REQUEST.UNKNOWN"));
    const answer = await post(
      form({ grant_type: "password", username: "alice", password: "alice-demo-password" }),
    );
    assertRefused(answer, 400, "unsupported_grant_type");
    assert.deepEqual(calls()[1], ["auth/token/fail", { ticket: asked.ticket, reason: "UNKNOWN" }]);

    const first = answerOf("authToken.ID_TOKEN_REISSUABLE");
    authlete.answers(first, answerOf("idtokenReissue.OK"));
    const refreshed = await post("grant_type=refresh_token&refresh_token=oldRT");
    assert.equal(refreshed.text, answerOf("idtokenReissue.OK").responseContent);
    assert.deepEqual(calls()[1], [
      "idtoken/reissue",
      { accessToken: first.accessToken, refreshToken: first.refreshToken },
    ]);
  });

  test("the log holds no secret and nothing that the server said", () => {
    for (const secret of [bearer, marker, "p@ss", "s3cr3t", "oldRT"])
      assert.ok(!worker.log().includes(secret), secret);
    assert.doesNotMatch(worker.log(), /"type":"trap"|Uncaught|RuntimeError/);
  });
});
