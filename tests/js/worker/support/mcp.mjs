// The MCP server of the worker example's documentation, and what an MCP client remembers.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "../../../../xtask/steps.mjs";
import { demoConfig } from "./demo-config.mjs";
import { browser, goesOn } from "./pages.mjs";

const files = join(root, "worker-example/mcp");

/** The configuration of a demo that has an MCP server at `url`, and these further clients. */
export function configWithMcpServer(origin, url, clients = []) {
  const config = demoConfig(origin);
  const demoClients = config.clients.map((client) =>
    client.client_id === "resource-server" ? { ...client, resource_identifiers: [url] } : client,
  );
  return { ...config, clients: [...demoClients, ...clients] };
}

/**
 * Runs a file of the documentation, in a folder of its user or where it is. `says` resolves when it
 * has printed a pattern, and rejects if it ends before.
 */
export function runExample(command, env, folder = files) {
  const [, ...args] = command.split(" ");
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => (output += text));
  const ended = new Promise((resolve) => child.once("close", resolve));
  const says = (pattern) =>
    new Promise((resolve, reject) => {
      const look = () => pattern.test(output) && resolve(pattern.exec(output));
      child.stdout.on("data", look);
      look();
      ended.then((code) => reject(new Error(`${command} ended with ${code}:\n${output}`)));
    });
  return { ended, says, output: () => output, stop: () => child.kill("SIGKILL") && ended };
}

/** Runs the MCP server on a port, with an authorization server at `issuer`. */
export async function runMcpServer(issuer, port, env = {}) {
  const server = runExample("node server.mjs", { ISSUER: issuer, PORT: String(port), ...env });
  const [, url] = await server.says(/listens at (\S+)/);
  return { ...server, url };
}

/** What alice's browser sends to the client, once she has logged in at an authorization URL. */
export async function logIn(url) {
  const { origin, pathname, search } = new URL(url);
  const alice = browser(origin);
  const fields = { username: "alice", password: "alice-demo-password", decision: "allow" };
  const { location } = goesOn(await alice.submit(await alice.visit(pathname + search), fields));
  assert.ok(location.searchParams.get("code"), location.search);
  return location;
}

/** What an MCP client remembers between its steps. */
export class Provider {
  constructor(client, redirectUrl) {
    this.client = client;
    this.redirectUrl = redirectUrl;
  }
  get clientMetadata() {
    return { redirect_uris: [this.redirectUrl], client_name: "test" };
  }
  clientInformation() {
    return this.client;
  }
  tokens() {
    return this.saved;
  }
  saveTokens(tokens) {
    this.saved = tokens;
  }
  redirectToAuthorization(url) {
    this.authorization = url;
  }
  saveCodeVerifier(verifier) {
    this.verifier = verifier;
  }
  codeVerifier() {
    return this.verifier;
  }
  state() {
    return "state-1";
  }
  saveDiscoveryState(state) {
    this.discovery = state;
  }
  discoveryState() {
    return this.discovery;
  }
}
