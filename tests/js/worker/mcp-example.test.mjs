// The section of the worker example's guide about MCP clients, followed to the letter. What it
// installs is what is installed here; ports and the authorization server are the test's.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../../xtask/steps.mjs";
import { demoConfig } from "./support/demo-config.mjs";
import { freePort } from "./support/http.mjs";
import { configWithMcpServer, logIn, runExample } from "./support/mcp.mjs";
import { demo, runWorker } from "./support/workerd.mjs";

const guide = readFileSync(join(root, "worker-example/README.md"), "utf8");
const [section] = /^## Sign in an MCP client\n.*?(?=^## )/ms.exec(guide);
const commands = [...section.matchAll(/^(node \S+)/gm)].map(([, command]) => command);

/** A copy of the folder that the guide enters, with its packages. */
function userFolder(t) {
  const [, from] = /^cd (\S+)/m.exec(section);
  const folder = mkdtempSync(join(tmpdir(), "authlete-token-mcp-"));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(join(root, from), folder, { recursive: true });
  rmSync(join(folder, "node_modules"), { recursive: true, force: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/** Runs the guide's two commands with these variables, and plays the user. */
async function follow(t, port, env) {
  const folder = userFolder(t);
  const [server, client] = commands;
  const listening = runExample(server, { PORT: String(port), ...env.server }, folder);
  t.after(listening.stop);
  const [, url] = await listening.says(/listens at (\S+)/);
  const calling = runExample(client, { MCP_SERVER: url, ...env.client }, folder);
  t.after(calling.stop);
  const [, address] = await calling.says(/(http\S+)\n/);
  assert.equal((await fetch(await logIn(address))).status, 200);
  assert.equal(await calling.ended, 0, calling.output());
  return calling.output();
}

test("The guide's MCP client and server install the versions that are tested here", () => {
  const read = (path) => JSON.parse(readFileSync(join(root, path), "utf8"));
  const { dependencies } = read("worker-example/mcp/package.json");
  const { devDependencies } = read("tests/package.json");
  for (const [name, version] of Object.entries(dependencies))
    assert.equal(devDependencies[name], version, name);
  for (const file of ["client.mjs", "server.mjs"]) {
    const source = readFileSync(join(root, "worker-example/mcp", file), "utf8");
    for (const [, name] of source.matchAll(/from "(?!node:)([^"]+)"/g))
      assert.ok(Object.hasOwn(dependencies, name), name);
  }
});

test("The guide's MCP client signs its user in with the demo's own registrations, and the server knows who it is", async (t) => {
  const port = await freePort();
  const worker = await runWorker((origin) => ({
    ...demo(origin),
    CONFIG: configWithMcpServer(origin, `http://localhost:${port}/mcp`),
  }));
  t.after(() => worker.dispose());
  const output = await follow(t, port, { server: { ISSUER: worker.origin }, client: {} });
  const [, said] = /says `([^`]+)`/.exec(section);
  assert.match(output, /^Log in here, please: \S+\nTools: whoami\n/, "and no warning");
  assert.ok(output.endsWith(`${said}\n`), output);
});

test("The guide's registrations are enough for an MCP client and a server of the user's own", async (t) => {
  const port = await freePort();
  const [, json] = /^```json\n(.*?)^```/ms.exec(section);
  const clients = JSON.parse(json.replace("localhost:3000", `localhost:${port}`));
  const worker = await runWorker((origin) => ({
    ...demo(origin),
    CONFIG: { ...demoConfig(origin), clients },
  }));
  t.after(() => worker.dispose());
  const [client, server] = clients;
  const output = await follow(t, port, {
    server: {
      ISSUER: worker.origin,
      CLIENT_ID: server.client_id,
      CLIENT_SECRET: server.client_secret,
    },
    client: { CLIENT_ID: client.client_id },
  });
  assert.match(output, /\nYou are user-1\.\n$/);
});

test("The guide's MCP client and server look for each other, and for npm start, where those are", () => {
  const source = (file) => readFileSync(join(root, "worker-example/mcp", file), "utf8");
  assert.ok(section.includes("http://localhost:3000/mcp"));
  assert.match(source("server.mjs"), /PORT = "3000"/);
  assert.match(source("client.mjs"), /MCP_SERVER = "http:\/\/localhost:3000\/mcp"/);
  const { service, clients } = demoConfig("http://localhost:8787");
  assert.ok(source("server.mjs").includes(`ISSUER: issuer = "${service.issuer}"`));
  const own = clients.find(({ client_id }) => client_id === "resource-server");
  assert.deepEqual(own.resource_identifiers, ["http://localhost:3000/mcp"]);
});
