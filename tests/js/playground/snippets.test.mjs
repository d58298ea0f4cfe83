// The code that each step of the playground shows: an app's really runs, at the running worker, and
// a worker's compiles against the package.
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { root, run } from "../../../xtask/steps.mjs";
import { compileStrictly } from "../support/compile.mjs";
import { demo, runWorker } from "../worker/support/workerd.mjs";
import { playgroundModules } from "./support/modules.mjs";
import { nodePlace, ran } from "./support/place.mjs";

const { flows, startRun } = await playgroundModules("flows/index", "run");
const worker = await runWorker(demo);
const place = await nodePlace(worker.origin);
// Inside the repository, where the packages are found.
const folder = join(root, ".cache/playground-snippets");
mkdirSync(folder, { recursive: true });
after(async () => {
  rmSync(folder, { recursive: true });
  await worker.dispose();
});

/** What stands for the way of a user's browser, which the code leaves to the app. */
const comment = /^\/\/ Send the browser to authorizationUrl\..*$/m;
const support = JSON.stringify(new URL("support/place.mjs", import.meta.url).href);
const logsIn = `const { loggedIn } = await import(${support});
const currentUrl = await loggedIn(${JSON.stringify(worker.origin)}, authorizationUrl);`;

/** Where the code finds secrets. */
const secrets = Object.fromEntries(
  place.setup.clients.map(({ client_id, client_secret = "" }) => [
    `${client_id.toUpperCase().replaceAll("-", "_")}_SECRET`,
    client_secret,
  ]),
);
const env = { ...process.env, ...secrets, PASSWORD: "alice-demo-password" };

/** What a program prints, line by line. */
async function printed(name, program) {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, program);
  const { code, output } = await run(process.execPath, ["--no-warnings", file], { env });
  assert.equal(code, 0, `${output}\n${program}`);
  return output.split("\n");
}

const shownToWorkers = new Set();

for (const flow of flows)
  for (const client of clientsOf(flow)) {
    test(`The code of “${flow.title}” runs as it is shown, step by step, for ${client}`, async () => {
      const { status, trouble, steps } = await ran(startRun, flow, place, { client });
      assert.equal(status, "done", trouble);
      for (const { code } of steps) shownToWorkers.add(code.worker);
      const program = steps.map(({ code }) => code.oauth4webapi.replace(comment, logsIn)).join("");
      assert.doesNotMatch(program, /demo-secret|demo-password/, "no secret is in the code");
      const lines = await printed(`${flow.id}-${client}`, program);
      const promised = [...program.matchAll(/^ *console\.log\(.*\); \/\/ "?(.*?)"?$/gm)];
      for (const [line, text] of promised)
        assert.ok(
          lines.some((said) => said.startsWith(text)),
          `${line} said: ${lines.join("\n")}`,
        );
    });
  }

function clientsOf(flow) {
  const option = flow.options(place.setup, {}).find(({ name }) => name === "client");
  return option.values.map(({ value }) => value);
}

test("The code for workers is what a strict compiler accepts", async () => {
  const snippets = [...shownToWorkers];
  assert.ok(snippets.length >= 7);
  const imports = new Set(snippets.flatMap((text) => text.match(/^import .*;$/gm) ?? []));
  const bodies = snippets.map(
    (text, index) => `namespace Step${index} {\n${text.replaceAll(/^import .*;$/gm, "")}}\n`,
  );
  await compileStrictly(
    "playground-worker-snippets",
    `${[...imports].join("\n")}
import type { AuthleteClient } from "authlete-token";
import type { AcceptedAuthorization, ActiveToken, Engine, RefusedAuthorization } from "authlete-token/engine";
declare const authlete: AuthleteClient;
declare const engine: Engine;
declare function findUser(username: string, password: string): Promise<{ id: string } | undefined>;
declare function currentClaims(subject: string | undefined, names: readonly string[] | undefined): Promise<object>;
declare function claimsOf(token: ActiveToken): Promise<object>;
declare function login(request: Request, authorization: AcceptedAuthorization): Promise<string>;
declare function refuse(authorization: RefusedAuthorization): Response;
declare function sendBack(authorization: AcceptedAuthorization, answer: { code: string }): Response;
${bodies.join("")}`,
  );
});
