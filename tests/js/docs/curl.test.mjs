// The commands for users to copy: the README's, and those of the playground that `npm start`
// serves.
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

test("the playground's commands get tokens for clients and users with names and secrets of any characters", async (t) => {
  const worker = await runWorker(
    (origin) => ({ ...demo(origin), CONFIG: strangeConfig(`${origin}/it's;$HOME&co`) }),
    [],
  );
  t.after(() => worker.dispose());
  const start = await exchange(worker.origin, { path: "/it's;$HOME&co" });
  assert.equal(start.status, 200);
  const lines = [...start.text.matchAll(/<pre>([^<]*)<\/pre>/g)].map(([, text]) => unescaped(text));
  assert.deepEqual(
    lines.map((line) => /grant_type=(\w+)|authorize/.exec(line)?.[0]),
    [
      "grant_type=client_credentials",
      "grant_type=password",
      "authorize",
      "grant_type=authorization_code",
    ],
  );
  const [service, legacy, authorize, code] = lines;
  for (const line of [service, legacy])
    assert.equal(JSON.parse(await typed(line)).token_type, "Bearer", line);
  const location = new URL(/^location: (\S+)/i.exec(await typed(authorize))[1]);
  const tokens = JSON.parse(
    await typed(code.replace("code=CODE", `code=${location.searchParams.get("code")}`)),
  );
  assert.ok(tokens.id_token, JSON.stringify(tokens));
});

test("the playground shows no secret and no password but those of the demo, and says what to put there", async (t) => {
  const config = demoConfig("http://localhost:1");
  for (const client of config.clients)
    if (client.client_secret) client.client_secret = `own-secret-of-${client.client_id}`;
  for (const user of config.users) user.password = `own-password-of-${user.username}`;
  const worker = await runWorker((origin) => ({
    ...demo(origin),
    CONFIG: { ...config, service: { ...config.service, issuer: origin } },
  }));
  t.after(() => worker.dispose());
  const { text } = await exchange(worker.origin);
  assert.match(text, /-u service:SECRET /);
  assert.match(text, /password=PASSWORD/);
  assert.match(text, /<code>SECRET<\/code> stands for the secret of the client/);
  assert.doesNotMatch(text, /own-secret|own-password/);
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

/** A client of each kind and a user, all with strange names and secrets. */
function strangeConfig(issuer) {
  const { service } = demoConfig(issuer);
  const client = (id, more) => ({
    client_id: `${id}${strange}`,
    client_secret: `${strange}-demo-secret`,
    scope: "openid read",
    ...more,
  });
  return {
    service,
    clients: [
      client("service", {
        token_endpoint_auth_method: "client_secret_post",
        grant_types: ["client_credentials"],
      }),
      client("legacy", {
        token_endpoint_auth_method: "client_secret_basic",
        grant_types: ["password"],
      }),
      client("web", { grant_types: ["authorization_code"], redirect_uris: [`${issuer}/callback`] }),
    ],
    users: [{ sub: "user-1", username: `alice${strange}é`, password: `${strange}ü-demo-password` }],
  };
}
