// The worker example with a service that requires nonces in DPoP proofs (RFC 9449 §8, §9).
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { assertRefused, demoAt } from "./support/demo.mjs";
import { demoConfig } from "./support/demo-config.mjs";
import { exchange, form } from "./support/http.mjs";
import { dpopKey } from "./support/proofs.mjs";
import { demo as variables, runWorker } from "./support/workerd.mjs";

const type = { "content-type": "application/x-www-form-urlencoded" };
const worker = await runWorker((issuer) => {
  const { service, ...rest } = demoConfig(issuer);
  const config = { ...rest, service: { ...service, dpopNonceRequired: true } };
  return { ...variables(issuer), CONFIG: config };
});
after(() => worker.dispose());
const { origin } = worker;
const demo = demoAt(origin);

test("Where nonces are required, the token endpoint and UserInfo give one with a refusal and with an answer", async () => {
  const key = await dpopKey();
  const grant = { ...(await demo.code("spa")), client_id: "spa" };
  const ask = async (nonce) => {
    const dpop = await key.proof("POST", `${origin}/token`, nonce && { nonce });
    return demo.post(form(grant), { ...type, dpop });
  };
  const first = await ask();
  assertRefused(first, 400, "use_dpop_nonce");
  const answer = await ask(first.headers.get("dpop-nonce"));
  assert.equal(answer.status, 200, answer.text);
  assert.ok(answer.headers.get("dpop-nonce"));
  const { access_token: token } = answer.json();
  const userinfo = async (nonce) => {
    const more = { token, ...(nonce && { nonce }) };
    const dpop = await key.proof("GET", `${origin}/userinfo`, more);
    const headers = { authorization: `DPoP ${token}`, dpop };
    return exchange(origin, { path: "/userinfo", headers });
  };
  const refused = await userinfo();
  assertRefused(refused, 401, "use_dpop_nonce");
  assert.match(refused.headers.get("www-authenticate"), /^DPoP .*error="use_dpop_nonce"/);
  const claims = await userinfo(refused.headers.get("dpop-nonce"));
  assert.equal(claims.json().sub, "user-1", claims.text);
  assert.ok(claims.headers.get("dpop-nonce"));
});
