// The recipes that are complete servers, each run unchanged by its own runtime.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { serve as serveHandler } from "@hono/node-server";
import { root, run } from "../../../xtask/steps.mjs";
import { exchange, freePort } from "../worker/support/http.mjs";
import {
  assertInsecureRequests,
  assertServer,
  compiled,
  incomplete,
  recipe,
  serve,
  startAuthlete,
  tokenRequest,
} from "./support.mjs";

const authlete = await startAuthlete();
test.after(() => authlete.close());

const bin = (name) => (name === "node" ? process.execPath : join(root, "node_modules/.bin", name));
const names = ["node-http.mjs", "deno.ts", "bun.ts"];

/** The command in a recipe, as an executable and its arguments. */
function commandOf(name) {
  const [, line] = /Run it with:\s+(?:\/\/ )?(.*)$/m.exec(readFileSync(recipe(name), "utf8"));
  const [command, ...args] = line.split(" ").map((word) => (word === name ? recipe(name) : word));
  return [bin(command), ...args];
}

/**
 * Runs a recipe with the command in it, with the environment of `authlete` and more, and ends it
 * with the test.
 */
async function running(t, name, env = {}) {
  const [command, ...args] = commandOf(name);
  const server = await serve(command, args, { ...authlete.env, ...env }, await freePort());
  t.after(server.stop);
  return server;
}

for (const name of names) {
  test(`${name} issues a token, refuses a wrong secret and answers a preflight`, async (t) => {
    const { origin } = await running(t, name);
    await assertServer(origin);
    await assertInsecureRequests(origin, false);
    assert.equal((await exchange(origin, { path: "/elsewhere" })).status, 404);
  });

  test(`${name} names the missing variable, and ends`, async () => {
    for (const { variables, message } of incomplete(authlete.env)) {
      const [command, ...args] = commandOf(name);
      const error = await serve(command, args, variables, await freePort()).catch(
        (reason) => reason,
      );
      assert.ok(error instanceof Error && error.message.includes(message), String(error));
    }
  });

  test(`${name} logs what it refuses and nothing else, so that no warning of its runtime hides it`, async (t) => {
    const { origin, output } = await running(t, name, { AUTHLETE_BEARER: "wrong" });
    assert.equal((await exchange(origin, tokenRequest("service-demo-secret"))).status, 500);
    // Deno itself prints where it listens.
    const lines = () =>
      output()
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith("Listening on "));
    for (
      const deadline = Date.now() + 10_000;
      !lines().some((line) => line.includes("upstream_failed")) && Date.now() < deadline;
    )
      await sleep(20);
    const events = lines().map((line) => JSON.parse(line).type);
    assert.ok(events.includes("upstream_failed"), output());
  });

  test(`${name} accepts plain http: from a proxy that terminates TLS, if it is told to`, async (t) => {
    const { origin } = await running(t, name, { ALLOW_INSECURE_REQUESTS: "1" });
    await assertInsecureRequests(origin, true);
  });
}

/** Serves a `fetch` handler on Node, and checks that it is a token endpoint. */
async function assertHandler(t, fetch) {
  const server = serveHandler({ fetch, port: 0, hostname: "localhost" });
  t.after(() => server.close());
  await once(server, "listening");
  const origin = `http://localhost:${server.address().port}`;
  await assertServer(origin);
  await assertInsecureRequests(origin, false);
}

test("hono.ts on Node.js issues a token, refuses a wrong secret and answers a preflight", async (t) => {
  Object.assign(process.env, authlete.env);
  const { default: app } = await import(pathToFileURL(await compiled("hono.ts")));
  await assertHandler(t, app.fetch);
});

test("esbuild-slim.ts, bundled into one file with the command in it, issues a token and refuses a wrong secret on its own", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "authlete-token-recipe-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const source = readFileSync(recipe("esbuild-slim.ts"), "utf8").replace(/ \\\n\/\/ +/g, " ");
  const [, line] = /^\/\/ esbuild (.*)$/m.exec(source);
  const [entry, ...options] = line
    .split(" ")
    .map((part) => part.replace("--outfile=", `--outfile=${folder}/`));
  const { code, output } = await run(bin("esbuild"), [recipe(entry), ...options]);
  assert.equal(code, 0, output);
  Object.assign(process.env, authlete.env);
  const { default: handler } = await import(pathToFileURL(join(folder, "token-endpoint.mjs")));
  await assertHandler(t, handler.fetch);
});
