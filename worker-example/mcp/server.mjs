// An MCP server behind a login (`node server.mjs`): it asks the authorization server about every
// access token (RFC 7662), and takes only those that are for itself (RFC 8707).
import { serve } from "@hono/node-server";
import {
  createMcpHandler,
  getOAuthProtectedResourceMetadataUrl,
  McpServer,
  OAuthError,
  oauthMetadataResponse,
  requireBearerAuth,
} from "@modelcontextprotocol/server";

const {
  ISSUER: issuer = "http://localhost:8787",
  PORT = "3000",
  CLIENT_ID = "resource-server",
  CLIENT_SECRET = "resource-server-demo-secret",
} = process.env;
const resource = new URL(`http://localhost:${PORT}/mcp`);
const scopes = ["read"];

async function verifyAccessToken(token) {
  const answer = await fetch(`${issuer}/introspect`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${CLIENT_ID}:${CLIENT_SECRET}`)}` },
    body: new URLSearchParams({ token }),
  });
  if (!answer.ok) {
    console.error(`The introspection endpoint refuses this server: ${await answer.text()}`);
    throw new Error("The access token can't be checked.");
  }
  const { active, aud, client_id, exp: expiresAt, scope = "", sub } = await answer.json();
  if (!active) throw new OAuthError("invalid_token", "The access token has ended.");
  return {
    token,
    clientId: client_id,
    scopes: scope.split(" "),
    expiresAt,
    resource: [aud].flat().includes(resource.href) ? resource : undefined,
    extra: { sub },
  };
}

const bearer = requireBearerAuth({
  verifier: { verifyAccessToken },
  expectedResource: resource,
  requiredScopes: scopes,
  resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(resource),
});

const mcp = createMcpHandler(() => {
  const server = new McpServer({ name: "example", version: "1.0.0" });
  const about = { description: "Says who has logged in" };
  server.registerTool("whoami", about, ({ http }) => ({
    content: [{ type: "text", text: `You are ${http?.authInfo?.extra?.sub ?? "a machine"}.` }],
  }));
  return server;
});

const discovery = await fetch(`${issuer}/.well-known/oauth-authorization-server`);
const oauthMetadata = await discovery.json();
const documents = { oauthMetadata, resourceServerUrl: resource, scopesSupported: scopes };

async function respond(request) {
  const document = oauthMetadataResponse(request, documents);
  if (document) return document;
  if (new URL(request.url).pathname !== "/mcp") return new Response(null, { status: 404 });
  const authInfo = await bearer(request);
  return authInfo instanceof Response ? authInfo : mcp.fetch(request, { authInfo });
}

serve({ fetch: respond, hostname: "localhost", port: Number(PORT) }, () =>
  console.log(`The MCP server listens at ${resource}`),
);
