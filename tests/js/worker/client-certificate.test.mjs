// Where the worker example finds client certificates when it is deployed: in what Cloudflare says
// about the connection if CLIENT_CERTIFICATE is "cloudflare", otherwise nowhere.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { assertRefused, demoAt } from "./support/demo.mjs";
import { demoConfig } from "./support/demo-config.mjs";
import { exchange, form } from "./support/http.mjs";
import { clientCert, dpopKey } from "./support/proofs.mjs";
import { runWorker } from "./support/workerd.mjs";
import { withEntry } from "./support/wrangler.mjs";

const { config, remove } = withEntry("behind-cloudflare.ts");
const deployed = (origin) => ({ CONFIG: demoConfig(origin), CLIENT_CERTIFICATE: "cloudflare" });
const worker = await runWorker(deployed, undefined, config);
after(async () => {
  await worker.dispose();
  remove();
});
const { origin } = worker;

const grant = form({ grant_type: "client_credentials", client_id: "tls-service" });
const shown = {
  certPresented: "1",
  certVerified: "SUCCESS",
  certRevoked: "0",
  certRFC9440: clientCert("tls-service"),
  certRFC9440TooLarge: false,
  certChainRFC9440: "",
  certChainRFC9440TooLarge: false,
};
const token = (tls, headers = {}) =>
  demoAt(origin).post(grant, {
    "content-type": "application/x-www-form-urlencoded",
    ...(tls && { "x-test-tls": JSON.stringify(tls) }),
    ...headers,
  });

test("A certificate that Cloudflare has verified authenticates its client, and nothing else does", async () => {
  assert.equal((await token(shown)).status, 200);
  for (const wrong of [
    undefined,
    { ...shown, certPresented: "0" },
    { ...shown, certVerified: "FAILED:self signed certificate" },
    { ...shown, certRevoked: "1" },
    { ...shown, certRFC9440: clientCert("self-signed-tls-app") },
  ])
    assertRefused(await token(wrong), 401, "invalid_client");
  assertRefused(
    await token(undefined, { "client-cert": shown.certRFC9440 }),
    401,
    "invalid_client",
  );
});

test("UserInfo takes a bound token with the certificate that Cloudflare has verified", async () => {
  const bound = { ...shown, certRFC9440: clientCert("self-signed-tls-app") };
  await worker.stop();
  await worker.start({ ...deployed(origin), DEMO: "1" });
  const demo = demoAt(origin);
  const code = await demo.code("self-signed-tls-app", {
    redirect_uri: "http://127.0.0.1/callback",
  });
  const tls = (value) => ({ "x-test-tls": JSON.stringify(value) });
  const answer = await demo.post(form({ ...code, client_id: "self-signed-tls-app" }), {
    "content-type": "application/x-www-form-urlencoded",
    ...tls(bound),
  });
  const { access_token } = answer.json();
  const userinfo = (headers) =>
    exchange(origin, {
      path: "/userinfo",
      headers: { authorization: `Bearer ${access_token}`, ...headers },
    });
  assert.equal((await userinfo(tls(bound))).json().sub, "user-1", answer.text);
  for (const headers of [
    {},
    tls(shown),
    tls({ ...bound, certVerified: "NONE" }),
    tls({ ...bound, certRevoked: "1" }),
    { "client-cert": bound.certRFC9440 },
  ])
    assertRefused(await userinfo(headers), 401, "invalid_token");
});

test("A deployed worker serves no key of the demo, and without the variable no certificate counts", async () => {
  await worker.stop();
  await worker.start({ CONFIG: demoConfig(origin) });
  for (const path of [
    "/demo/keys/private-key-jwt-app.jwk.json",
    "/demo/keys/attester.jwk.json",
    "/demo/keys/tls-service.key.pem",
    "/demo/keys/tls-service.client-cert",
  ]) {
    const answer = await exchange(origin, { path });
    assert.equal(answer.status, 404, path);
    assert.match(answer.text, /only DEMO=1 switches it on/);
  }
  const header = { "client-cert": shown.certRFC9440 };
  for (const answer of [await token(shown), await token(undefined, header)])
    assertRefused(answer, 401, "invalid_client");
  const key = await dpopKey();
  const dpop = await key.proof("POST", `${origin}/token`);
  assertRefused(await token(undefined, { ...header, dpop }), 401, "invalid_client");
});

test("A service without a challengeEndpoint gives no challenges", async () => {
  const { service, ...rest } = demoConfig(origin);
  const { challengeEndpoint: _, ...without } = service;
  await worker.stop();
  await worker.start({ CONFIG: { ...rest, service: without } });
  assert.equal((await exchange(origin, { method: "POST", path: "/challenge" })).status, 404);
  const { text } = await exchange(origin, { path: "/.well-known/oauth-authorization-server" });
  assert.equal(JSON.parse(text).challenge_endpoint, undefined);
});

test("A CLIENT_CERTIFICATE that is not known switches the worker off, and the log says why", async () => {
  await worker.stop();
  await worker.start({ CONFIG: demoConfig(origin), CLIENT_CERTIFICATE: "nginx" }, []);
  const answer = await exchange(origin, { path: "/jwks" });
  assert.deepEqual([answer.status, /CLIENT_CERTIFICATE/.test(answer.text)], [503, true]);
  await worker.logged(/CLIENT_CERTIFICATE can only be/);
});
