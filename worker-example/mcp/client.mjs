// An MCP client (`node client.mjs`): its user logs in with a browser, then it calls a tool.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import {
  Client,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from "@modelcontextprotocol/client";

const { MCP_SERVER = "http://localhost:3000/mcp", CLIENT_ID = "spa" } = process.env;

// The page that the browser comes back to, on a free port: a registered redirect URI on 127.0.0.1
// stands for every port (RFC 8252 §7.3).
const page = createServer();
await once(page.listen(0, "127.0.0.1"), "listening");
const redirectUrl = `http://127.0.0.1:${page.address().port}/callback`;
const comesBack = new Promise((resolve) =>
  page.on("request", ({ url }, response) => {
    const { pathname, searchParams } = new URL(url, redirectUrl);
    response.writeHead(pathname === "/callback" ? 200 : 404, { connection: "close" });
    response.end("You can close this page.");
    if (pathname === "/callback") resolve(searchParams);
  }),
);

// What the client remembers. A real one would keep the tokens for its next start.
const kept = {};
const state = randomBytes(16).toString("base64url");
const authProvider = {
  redirectUrl,
  clientMetadata: { redirect_uris: [redirectUrl] },
  clientInformation: () => ({ client_id: CLIENT_ID, token_endpoint_auth_method: "none" }),
  state: () => state,
  tokens: () => kept.tokens,
  saveTokens: (tokens) => void Object.assign(kept, { tokens }),
  discoveryState: () => kept.discovery,
  saveDiscoveryState: (discovery) => void Object.assign(kept, { discovery }),
  codeVerifier: () => kept.verifier,
  saveCodeVerifier: (verifier) => void Object.assign(kept, { verifier }),
  redirectToAuthorization: (url) => console.log(`Log in here, please: ${url}`),
};

const client = new Client({ name: "example", version: "1.0.0" });
const transport = () => new StreamableHTTPClientTransport(new URL(MCP_SERVER), { authProvider });
const first = transport();
try {
  await client.connect(first);
} catch (error) {
  if (!(error instanceof UnauthorizedError)) throw error;
  const answer = await comesBack;
  if (answer.get("state") !== state) throw new Error("This is not the answer to our request.");
  await first.finishAuth(answer);
  await client.connect(transport());
}

const { tools } = await client.listTools();
console.log(`Tools: ${tools.map(({ name }) => name).join(", ")}`);
const { content } = await client.callTool({ name: "whoami" });
console.log(content[0].text);
await client.close();
page.close();
