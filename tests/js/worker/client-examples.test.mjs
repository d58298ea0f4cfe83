// The worker example's guide to clients with keys, followed to the letter: what it installs is what
// is installed here, and the port is the test's.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { root } from "../../../xtask/steps.mjs";
import { demo, runWorker } from "./support/workerd.mjs";

const read = (path) => readFileSync(join(root, path), "utf8");
const guide = read("worker-example/README.md");
const section = (title) => new RegExp(`^## ${title}\\n.*?(?=^## )`, "ms").exec(guide)[0];
const owner = section("Get a token that only its owner can use");
const methods = section("Authenticate with a key");

const worker = await runWorker(demo);
const [, from] = /^cd (\S+) && npm install/m.exec(owner);
const folder = mkdtempSync(join(tmpdir(), "authlete-token-clients-"));
cpSync(join(root, from), folder, { recursive: true });
rmSync(join(folder, "node_modules"), { recursive: true, force: true });
symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
after(async () => {
  rmSync(folder, { recursive: true });
  await worker.dispose();
});

/** What a command prints when it is typed into a shell in the folder of the clients. */
async function typed(line, env = { ISSUER: worker.origin }) {
  const command = line.replaceAll("http://localhost:8787", worker.origin);
  const { stdout, stderr } = await promisify(execFile)("sh", ["-c", command], {
    cwd: folder,
    env: { ...process.env, ...env },
    timeout: 30_000,
  });
  assert.doesNotMatch(stderr, /warn/i);
  return stdout;
}

/** Fails unless a command has printed tokens: as JSON, or as Node's console does. */
function assertTokens(output, type, line) {
  assert.match(output, new RegExp(`"?token_type"?: ?["']${type}["']`, "i"), line);
  assert.match(output, /"?access_token"?: ?["'][^"']{20,}["']/, line);
}

test("The guide shows the client with DPoP whole, in at most 20 lines", () => {
  const [, shown] = /^```js\n(.*?)^```/ms.exec(owner);
  assert.equal(shown, read("worker-example/clients/dpop.mjs"));
  assert.ok(shown.trim().split("\n").length <= 20);
  const [first] = guide.matchAll(/^## (?!Run it here)(.*)$/gm);
  assert.ok(owner.startsWith(first[0]), "it is the first thing to do");
});

test("The guide's client with DPoP gets a bound token, and the user's claims for it", async () => {
  const [line] = /^node dpop\.mjs$/m.exec(owner);
  const output = await typed(line);
  const [, type] = /`token_type: '(\w+)'`/.exec(owner);
  assertTokens(output, type, line);
  assert.match(output, /sub: 'user-1',\s+name: 'Alice Example'/);
});

const commands = [
  ...[...methods.matchAll(/^\| .*`(node \S+)` \|$/gm)].map(([, command]) => command),
  ...methods.match(/^curl .*$/gm),
];
for (const line of commands)
  test(`The guide's command gets tokens: ${line.replace(/^curl.*client_id=/, "curl … ")}`, async () => {
    assertTokens(await typed(line), "bearer|dpop", line);
  });

test("The guide's clients are those in the folder, and its table has every method", () => {
  const files = readdirSync(join(root, from)).filter((file) => file.endsWith(".mjs"));
  assert.deepEqual(
    commands.flatMap((line) => /^node (\S+)/.exec(line)?.[1] ?? []).sort(),
    files.sort(),
  );
  const { clients } = JSON.parse(read("worker-example/src/demo-config.json"));
  for (const { client_id, token_endpoint_auth_method: method, grant_types } of clients)
    if (grant_types.length > 0)
      assert.match(methods, new RegExp(`^\\| .*\`${client_id}\`.* \\| \`${method}\``, "m"));
});

test("The guide's clients install the versions that are tested here", () => {
  const { dependencies } = JSON.parse(read("worker-example/clients/package.json"));
  const { devDependencies } = JSON.parse(read("tests/package.json"));
  for (const [name, version] of Object.entries(dependencies))
    assert.equal(devDependencies[name], version, name);
});
