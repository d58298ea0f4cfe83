// The recipes that are workers, on workerd.
import assert from "node:assert/strict";
import test from "node:test";
import { exchange } from "../worker/support/http.mjs";
import { assertInsecureRequests, assertServer, startAuthlete, tokenRequest } from "./support.mjs";
import { startRecipe } from "./workerd.mjs";

const authlete = await startAuthlete();
test.after(() => authlete.close());

/** A custom domain, with which wrangler shows the worker `http://auth.example.com/…` for every local request. */
const routes = [{ pattern: "auth.example.com", custom_domain: true }];

for (const name of ["cloudflare-workers.ts", "hono.ts"]) {
  test(`${name} on workerd issues a token, refuses a wrong secret and answers a preflight`, async (t) => {
    const worker = await startRecipe(t, name, { variables: authlete.env });
    await assertServer(worker.origin);
    await assertInsecureRequests(worker.origin, false);
  });

  test(`${name} under wrangler with a custom domain says in its log why it refuses, and works with the variable in .dev.vars`, async (t) => {
    const refusing = await startRecipe(t, name, { variables: authlete.env, routes });
    const refused = await exchange(refusing.origin, tokenRequest("service-demo-secret"));
    assert.deepEqual([refused.status, refused.json().error], [400, "invalid_request"]);
    const events = refusing.log().map((line) => JSON.parse(line));
    assert.deepEqual(
      events.map(({ type, status }) => [type, status]),
      [["refused", 400]],
    );

    const working = await startRecipe(t, name, { variables: authlete.env, routes, devVars: "ALLOW_INSECURE_REQUESTS=1\n" });
    await assertServer(working.origin);
  });
}
