// What the tests of docs/recipes share: the embedded engine over HTTP in the place of Authlete, and
// the checks that every recipe must pass.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createEngine } from "authlete-token/engine";
import { build } from "esbuild";
import { engineHandler } from "../../../xtask/engine-handler.mjs";
import { root } from "../../../xtask/steps.mjs";
import { demoConfig } from "../worker/support/demo-config.mjs";
import { basic, exchange, form } from "../worker/support/http.mjs";

/** The path of a recipe. */
export const recipe = (name) => join(root, "docs/recipes", name);

/** Serves the engine: `{ env, close }`. `env` has the variables that the recipes read. */
export async function startAuthlete() {
  const config = demoConfig("http://localhost");
  const { serviceId, bearer } = config.service;
  const server = createServer(engineHandler(await createEngine(config), bearer));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const env = {
    AUTHLETE_SERVICE_ID: serviceId,
    AUTHLETE_BEARER: bearer,
    AUTHLETE_SERVER_URL: `http://127.0.0.1:${server.address().port}`,
  };
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { env, close };
}

const type = "application/x-www-form-urlencoded";

/** A token request of the demo's back-end service; `more` are headers. */
export function tokenRequest(secret, more = {}) {
  const headers = { authorization: basic("service", secret), "content-type": type, ...more };
  return {
    method: "POST",
    path: "/token",
    headers,
    body: form({ grant_type: "client_credentials" }),
  };
}

/**
 * Fails unless `send(request)` – an exchange by HTTP – behaves as a token endpoint that reaches
 * Authlete.
 */
export async function assertTokenEndpoint(send) {
  const issued = await send(tokenRequest("service-demo-secret"));
  assert.equal(issued.status, 200, issued.text);
  assert.equal(issued.headers.get("cache-control"), "no-store");
  assert.equal(issued.json().token_type, "Bearer");
  assert.match(issued.json().access_token, /^[\w.-]{43,}$/);

  const refused = await send(tokenRequest("wrong"));
  assert.equal(refused.status, 401, refused.text);
  assert.equal(refused.json().error, "invalid_client");
  assert.match(refused.headers.get("www-authenticate"), /^Basic realm=/);

  const preflight = await send({
    method: "OPTIONS",
    path: "/token",
    headers: { origin: "https://app.example.com", "access-control-request-method": "POST" },
  });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers.get("access-control-allow-origin"), "*");
}

/** The same for a server at `origin`, over a real connection. */
export function assertServer(origin) {
  return assertTokenEndpoint((request) => exchange(origin, request));
}

/**
 * Fails unless plain HTTP of a public host is refused or, by a server behind a proxy, accepted.
 */
export async function assertInsecureRequests(origin, accepted) {
  const { status, text } = await exchange(
    origin,
    tokenRequest("service-demo-secret", { host: "as.example.com" }),
  );
  assert.equal(status, accepted ? 200 : 400, text);
}

/** Two environments that each lack one variable, and what a recipe says about each. */
export function incomplete(env) {
  return ["AUTHLETE_SERVICE_ID", "AUTHLETE_BEARER"].map((name) => {
    const { [name]: _, ...others } = env;
    return { variables: others, message: `The variable ${name} is not set.` };
  });
}

/** Runs a command that serves at `PORT`, until it answers: `{ origin, output, stop }`. */
export async function serve(command, args, env, port) {
  const { PATH, HOME } = process.env;
  const child = spawn(command, args, {
    cwd: root,
    env: { PATH, HOME, NO_COLOR: "1", ...env, PORT: String(port) },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (data) => (text += data));
  const ended = new Promise((resolve) => child.once("close", resolve).once("error", resolve));
  // With its child processes: if npm ran no install scripts, a launcher starts the runtime as a
  // child.
  const kill = () => {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {} // It has already ended.
  };
  process.once("exit", kill);
  const stop = () => {
    process.off("exit", kill);
    kill();
    return ended;
  };
  const origin = `http://localhost:${port}`;
  for (const deadline = Date.now() + 30_000; ; await sleep(50)) {
    const answer = await exchange(origin, { path: "/elsewhere" }).catch(() => undefined);
    if (answer !== undefined) return { origin, output: () => text, stop };
    if (child.exitCode !== null || child.pid === undefined || Date.now() > deadline) {
      await stop();
      throw new Error(`${command} ${args.join(" ")} does not answer:\n${text}`);
    }
  }
}

/**
 * Compiles a TypeScript recipe to JavaScript, with unchanged imports; returns a path from which
 * they resolve.
 */
export async function compiled(name, format = "esm") {
  const outfile = join(root, ".cache/recipes", name.replace(/ts$/, "mjs"));
  await build({
    entryPoints: [recipe(name)],
    outfile,
    format,
    target: "es2022",
    logLevel: "silent",
  });
  return outfile;
}
