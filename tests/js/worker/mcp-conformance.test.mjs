// The conformance suite of the Model Context Protocol, in its mode for authorization servers. The
// browser that it waits for is played here.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { newerNode } from "../../../xtask/newer-node.mjs";
import { root } from "../../../xtask/steps.mjs";
import { demoConfig } from "./support/demo-config.mjs";
import { freePort } from "./support/http.mjs";
import { logIn } from "./support/mcp.mjs";
import { demo, runWorker } from "./support/workerd.mjs";

const suite = join(root, "node_modules/@modelcontextprotocol/conformance/dist/index.js");

/** Runs all its scenarios: its exit code, and the status of each check by its ID. */
async function conformance(issuer) {
  const results = mkdtempSync(join(tmpdir(), "authlete-token-conformance-"));
  const options = {
    url: issuer,
    "client-id": "spa",
    resource: "https://mcp.example.com/mcp",
    port: String(await freePort()),
    "output-dir": results,
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  try {
    let output = "";
    let visited = false;
    const code = await new Promise((resolve, reject) => {
      const child = execFile(newerNode(), [suite, "authorization", ...args], { cwd: results });
      child.once("close", resolve);
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (text) => {
          output += text;
          const [, url] = /^(http\S+\/authorize\?\S+)\n/m.exec(output) ?? [];
          if (url === undefined || visited) return;
          visited = true;
          logIn(url)
            .then((location) => fetch(location))
            .catch((error) => {
              child.kill();
              reject(error);
            });
        });
    });
    const checks = readdirSync(results, { recursive: true })
      .filter((file) => file.endsWith("checks.json"))
      .flatMap((file) => JSON.parse(readFileSync(join(results, file), "utf8")));
    const statuses = Object.fromEntries(checks.map(({ id, status }) => [id, status]));
    return { code, statuses, output };
  } finally {
    rmSync(results, { recursive: true });
  }
}

for (const [what, path] of [
  ["an issuer without a path", ""],
  ["an issuer with a path", "/tenant"],
]) {
  test(`MCP's conformance suite finds nothing wrong with ${what}, and misses client ID metadata documents only`, async () => {
    const worker = await runWorker(
      (origin) => ({
        ...demo(`${origin}${path}`),
        CONFIG: demoConfig(`${origin}${path}`),
      }),
      [`GET ${path}/jwks`],
    );
    after(() => worker.dispose());
    const { code, statuses, output } = await conformance(`${worker.origin}${path}`);
    assert.equal(code, 0, output);
    assert.deepEqual(
      statuses,
      {
        "authorization-server-metadata": "SUCCESS",
        "authorization-server-metadata-cimd": "WARNING",
        "authorization-code-grant": "SUCCESS",
      },
      output,
    );
  });
}
