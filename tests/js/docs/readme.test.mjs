// The code of the README is compiled as users would compile it, and its worker answers.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "../../../xtask/steps.mjs";

const folder = join(root, ".cache/readme");
/** What the pieces beside the worker take for granted. */
const given = `
declare const authlete: import("authlete-token").AuthleteClient;
declare const config: import("authlete-token/engine").EngineConfig;
declare const clientId: string, clientSecret: string, serviceId: string, bearer: string;
`;

const blocks = [...readFileSync(join(root, "README.md"), "utf8").matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code);

test("every piece of TypeScript in the README compiles, and the worker answers", async () => {
  assert.ok(blocks.length >= 3, "the README has its pieces of TypeScript");
  assert.ok(readFileSync(join(root, "pkg/README.md"), "utf8").includes(blocks[0]), "the package's README shows the same worker");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  blocks.forEach((code, index) => {
    // A piece that declares what it was given hides it: it stands in a module of its own.
    const taken = (name) => new RegExp(`const ${name}\\b`).test(code);
    const prelude = given.replace(/^declare const (\w+): .*;$/gm, (line, name) => (taken(name) ? "" : line));
    writeFileSync(join(folder, `piece${index}.ts`), index === 0 ? code : `${code}\n${prelude}`);
  });
  const options = { strict: true, target: "ES2022", module: "NodeNext", lib: ["ES2022", "DOM"], types: [], skipLibCheck: false };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options, include: ["*.ts"] }));
  execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder], { encoding: "utf8", stdio: ["ignore", "inherit", "inherit"] });

  const { default: worker } = await import(pathToFileURL(join(folder, "piece0.js")));
  const response = await worker.fetch(new Request("https://as.example/token"), { AUTHLETE_SERVICE_ID: "1", AUTHLETE_BEARER: "b" });
  assert.equal(response.status, 405);
});
