// The README's comparison of this package with the official SDK, row by row, with the same stub and
// the same answers.
import assert from "node:assert/strict";
import test from "node:test";
import { Authlete, HTTPClient } from "@authlete/typescript-sdk";
import { AuthleteClient, authToken } from "authlete-token";

const service = { serviceId: "1", bearer: "BEARER", serverURL: "https://authlete.example" };
const request = { parameters: "grant_type=client_credentials" };

/** A `fetch` that gives this answer. */
const answering = (text, status) => async () =>
  new Response(text, { status, headers: { "content-type": "application/json" } });

function theirs(text, status = 200) {
  const { serviceId, ...rest } = service;
  const authlete = new Authlete({
    ...rest,
    httpClient: new HTTPClient({ fetcher: answering(text, status) }),
  });
  return authlete.token.process({ serviceId, tokenRequest: request });
}

const ours = (text, status = 200) =>
  authToken(new AuthleteClient({ ...service, fetch: answering(text, status) }), request);

test("the official SDK rejects newer actions and null members; authlete-token passes them on", async () => {
  for (const text of [
    '{"action":"ID_TOKEN_REISSUABLE"}',
    '{"action":"NATIVE_SSO"}',
    '{"action":"OK","ticket":null}',
  ]) {
    await assert.rejects(theirs(text), { name: "ResponseValidationError" });
    assert.equal((await ours(text)).action, JSON.parse(text).action);
  }
  assert.ok(!("ticket" in (await ours('{"action":"OK","ticket":null}'))));
});

test("the official SDK drops members that it does not know; authlete-token keeps them", async () => {
  const text = '{"action":"OK","tomorrow":1}';
  assert.deepEqual({ ...(await theirs(text)) }, { action: "OK" });
  assert.deepEqual({ ...(await ours(text)) }, { action: "OK", tomorrow: 1 });
});

test("the official SDK rounds integers beyond 2^53; authlete-token gives their digits", async () => {
  const text = '{"action":"OK","clientId":9007199254740993}';
  assert.equal((await theirs(text)).clientId, 9007199254740992);
  assert.equal((await ours(text)).clientId, "9007199254740993");
});

test("the official SDK's error messages hold the body of the answer; those of authlete-token quote nothing from it", async () => {
  const text = '{"resultCode":"A1","resultMessage":"MARKER"}';
  for (const status of [429, 500]) {
    assert.match(await theirs(text, status).catch((error) => error.message), /MARKER/);
    assert.doesNotMatch(await ours(text, status).catch((error) => error.message), /MARKER/);
  }
});
