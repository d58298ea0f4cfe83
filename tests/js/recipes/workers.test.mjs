// The recipes that are workers, on workerd.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { exchange } from "../worker/support/http.mjs";
import {
  assertInsecureRequests,
  assertServer,
  incomplete,
  recipe,
  startAuthlete,
  tokenRequest,
} from "./support.mjs";
import { wranglerDev } from "../worker/support/wrangler.mjs";
import { startRecipe, temporaryProject } from "./workerd.mjs";

const authlete = await startAuthlete();
test.after(() => authlete.close());

/**
 * A custom domain, for which wrangler gives the worker `http://auth.example.com/…` for every local
 * request.
 */
const routes = [{ pattern: "auth.example.com", custom_domain: true }];

for (const name of ["cloudflare-workers.ts", "hono.ts"]) {
  test(`${name} on workerd issues a token, refuses a wrong secret and answers a preflight`, async (t) => {
    const worker = await startRecipe(t, name, { variables: authlete.env });
    await assertServer(worker.origin);
    await assertInsecureRequests(worker.origin, false);
  });

  test(`${name} under wrangler names the missing variable in its log`, async (t) => {
    for (const { variables, message } of incomplete(authlete.env)) {
      const project = temporaryProject(t);
      writeFileSync(
        join(project, "wrangler.json"),
        JSON.stringify({ name: "recipe", main: recipe(name), compatibility_date: "2026-11-01" }),
      );
      const devVars = Object.entries(variables).map(([key, value]) => `${key}=${value}\n`);
      const { origin, output } = await wranglerDev(t, join(project, "wrangler.json"), () =>
        devVars.join(""),
      );
      assert.equal((await exchange(origin, tokenRequest("service-demo-secret"))).status, 500);
      for (
        const deadline = Date.now() + 10_000;
        !output().includes(message) && Date.now() < deadline;
      )
        await sleep(20);
      assert.ok(output().includes(message), output());
    }
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

    const working = await startRecipe(t, name, {
      variables: authlete.env,
      routes,
      devVars: "ALLOW_INSECURE_REQUESTS=1\n",
    });
    await assertServer(working.origin);
  });
}

/** What the recipe requires in wrangler's configuration. */
const durableObject = {
  durable_objects: { bindings: [{ name: "ENGINE", class_name: "EngineObject" }] },
  migrations: [{ tag: "v1", new_sqlite_classes: ["EngineObject"] }],
};

test("durable-object.ts on workerd issues a token, refuses a wrong secret and answers a preflight", async (t) => {
  const variables = { AUTHLETE_BEARER: "development", CLIENT_SECRET: "service-demo-secret" };
  const worker = await startRecipe(t, "durable-object.ts", { variables, ...durableObject });
  await assertServer(worker.origin);
});

test("durable-object.ts with a wrong configuration says in the worker's own log what is wrong, and the client learns nothing", async (t) => {
  const variables = { AUTHLETE_BEARER: "development", CLIENT_SECRET: "geheimnisträger" };
  const worker = await startRecipe(t, "durable-object.ts", { variables, ...durableObject });
  const answer = await exchange(worker.origin, tokenRequest("service-demo-secret"));
  assert.deepEqual([answer.status, answer.json().error], [503, "temporarily_unavailable"]);
  assert.ok(!answer.text.includes("client_secret"), answer.text);
  const failed = worker
    .log()
    .map((line) => JSON.parse(line))
    .find(({ type }) => type === "upstream_failed");
  const reason = "clients[0].client_secret: has characters that RFC 6749 does not allow";
  assert.equal(failed?.resultMessage, `[A001101] The engine could not be started: ${reason}`);
});
