// The commands for users to copy: the README's, and that of the worker's start page.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { promisify } from "node:util";
import { root } from "../../../xtask/steps.mjs";
import { demoConfig } from "../worker/support/demo-config.mjs";
import { exchange } from "../worker/support/http.mjs";
import { unescaped } from "../worker/support/pages.mjs";
import { demo, runWorker } from "../worker/support/workerd.mjs";

test("the README's curl command gets a token", async (t) => {
  const [, line] = /^curl (.+)$/m.exec(readFileSync(join(root, "README.md"), "utf8"));
  const worker = await runWorker(demo);
  t.after(() => worker.dispose());
  const args = line.replace("http://localhost:8787", worker.origin).split(" ");
  const { stdout } = await promisify(execFile)("curl", ["--silent", "--show-error", ...args]);
  assert.equal(JSON.parse(stdout).token_type, "Bearer");
});

/** What a command prints when it is typed into a shell. */
async function typed(line) {
  const { stdout } = await promisify(execFile)("sh", ["-c", line], { timeout: 20_000 });
  return stdout;
}

/** All characters that have a meaning in a shell, a form, a URL, HTML or curl. */
const strange = `:/?&=+%41 "$HOME"'\`id\`\\;|<b>#@*~!(){}[]^,-`;

for (const token_endpoint_auth_method of ["client_secret_post", "client_secret_basic"])
  test(`the start page's command gets a token for a client with a name and a secret of any characters: ${token_endpoint_auth_method}`, async (t) => {
    const worker = await runWorker(
      (origin) => ({
        CONFIG: strangeConfig(`${origin}/it's;$HOME&co`, token_endpoint_auth_method),
      }),
      [],
    );
    t.after(() => worker.dispose());
    const start = await exchange(worker.origin, { path: "/it's;$HOME&co/" });
    assert.equal(start.status, 200);
    const lines = [...start.text.matchAll(/<pre>([^<]*)<\/pre>/g)].map(([, text]) => text);
    assert.equal(lines.length, 1);
    const line = unescaped(lines[0]);
    assert.equal(JSON.parse(await typed(line)).token_type, "Bearer", line);
  });

test("the start page shows no secret but the demo's, and says what to put there", async (t) => {
  const config = demoConfig("http://localhost:1");
  for (const client of config.clients)
    if (client.client_secret) client.client_secret = `own-secret-of-${client.client_id}`;
  const worker = await runWorker((origin) => ({
    CONFIG: { ...config, service: { ...config.service, issuer: origin } },
  }));
  t.after(() => worker.dispose());
  const { text } = await exchange(worker.origin);
  assert.match(text, /-u service:SECRET /);
  assert.match(text, /<code>SECRET<\/code> stands for the secret of the client/);
  assert.doesNotMatch(text, /own-secret/);
});

test("secrets of the demo and of the documentation have only characters that no notation changes", () => {
  const read = (path) => readFileSync(join(root, path), "utf8");
  const { service, clients, users } = demoConfig("http://localhost");
  const given = [
    service.bearer,
    ...clients.flatMap(({ client_id, client_secret }) => [client_id, client_secret ?? "-"]),
    ...users.flatMap(({ username, password }) => [username, password]),
  ];
  for (const page of [
    "README.md",
    "docs/recipes/README.md",
    "docs/recipes/browser-engine.ts",
    "worker-example/README.md",
  ]) {
    for (const [, secret] of read(page).matchAll(
      /(?:client_secret|clientSecret|bearer): "([^"]*)"/g,
    ))
      given.push(secret);
    for (const [, id, secret] of read(page).matchAll(/-u ([^: ]+):(\S+)/g)) given.push(id, secret);
  }
  assert.ok(given.length > 20);
  for (const value of given) assert.match(value, /^[\w.~-]+$/);
});

/** A client with a strange name and a strange secret. */
function strangeConfig(issuer, token_endpoint_auth_method) {
  const { service } = demoConfig(issuer);
  const client = {
    client_id: `service${strange}`,
    client_secret: `${strange}-demo-secret`,
    scope: "read",
    token_endpoint_auth_method,
    grant_types: ["client_credentials"],
  };
  return { service, clients: [client] };
}
