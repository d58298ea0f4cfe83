// A token endpoint on Node's own HTTP server, in a process of its own: `node node-host.mjs NAME`.
// It sends its port to the parent.
import { generateKeyPair } from "node:crypto";
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { client, scope } from "../client.mjs";

process.once("disconnect", () => process.exit());

/** By name: the listener for a server at `origin`. */
const listeners = { ours, bare, oidc };

const server = createServer();
server.listen(0, "127.0.0.1", async () => {
  const { port } = server.address();
  server.on("request", await listeners[process.argv[2]](`http://127.0.0.1:${port}`));
  process.send({ port });
});

/** `handleTokenRequest` with the engine in memory. */
async function ours() {
  const { AuthleteClient, handleTokenRequest } = await import("authlete-token");
  const { createEngine } = await import("authlete-token/engine");
  const { config, service } = await import("../engine-config.mjs");
  const engine = await createEngine(config);
  const authlete = new AuthleteClient({ ...service, engine });
  return listener((request) => handleTokenRequest(request, { authlete }));
}

/** No token endpoint: reads the request, and always sends the same answer. */
async function bare() {
  const text = JSON.stringify({
    access_token: "q0Zt3vYw8cJm5RkXn1sBd7LhFp2GuTa9oEiKx4WbCyM",
    token_type: "Bearer",
    expires_in: 3600,
    scope,
  });
  const headers = {
    "content-type": "application/json",
    "cache-control": "no-store",
    pragma: "no-cache",
  };
  return listener(async (request) => {
    await request.text();
    return new Response(text, { headers });
  });
}

/**
 * `oidc-provider` with the adapter that it has without configuration, in memory, about which it
 * warns: it keeps the last thousand tokens.
 */
async function oidc(origin) {
  const { Provider } = await import("oidc-provider");
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  const provider = new Provider(origin, {
    jwks: { keys: [privateKey.export({ format: "jwk" })] },
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        token_endpoint_auth_method: "client_secret_basic",
        grant_types: ["client_credentials"],
        redirect_uris: [],
        response_types: [],
        scope,
      },
    ],
    scopes: [scope],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    routes: { token: "/token" },
  });
  return provider.callback();
}

/** A listener as in `docs/recipes/node-http.mjs`. */
function listener(handle) {
  return async (incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.once("close", () => gone.abort());
    try {
      const url = new URL(incoming.url ?? "/", `http://${incoming.headers.host ?? "localhost"}`);
      if (url.pathname !== "/token") return void outgoing.writeHead(404).end();
      const headers = new Headers();
      for (const [name, values = []] of Object.entries(incoming.headersDistinct))
        for (const value of values) headers.append(name, value);
      const request = new Request(url, {
        method: incoming.method,
        headers,
        body: Readable.toWeb(incoming),
        duplex: "half",
        signal: gone.signal,
      });
      const response = await handle(request);
      const content = Buffer.from(await response.arrayBuffer());
      if (!incoming.complete) outgoing.setHeader("connection", "close");
      outgoing.setHeaders(response.headers).writeHead(response.status).end(content);
    } catch (error) {
      console.error(error);
      outgoing.writeHead(500).end();
    }
  };
}
