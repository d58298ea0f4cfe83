// A token endpoint on Node's own HTTP server, in a process of its own: `node node-host.mjs NAME`.
// It sends its port to the parent.
import { generateKeyPair } from "node:crypto";
import { createServer } from "node:http";
import { promisify } from "node:util";
import { client, scope } from "../client.mjs";
import { listener } from "./node-listener.mjs";

process.once("disconnect", () => process.exit());

/** By name: the listener for a server at `origin`. */
const listeners = { ours, bare, alone, oidc };

const server = createServer();
server.listen(0, "127.0.0.1", async () => {
  const { port } = server.address();
  server.on("request", await listeners[process.argv[2]](`http://127.0.0.1:${port}`));
  process.send({ port });
});

/** `handlePlainTokenRequest` with the engine in memory. */
async function ours() {
  const { AuthleteClient, handlePlainTokenRequest } = await import("authlete-token");
  const { createEngine } = await import("authlete-token/engine");
  const { config, service } = await import("../engine-config.mjs");
  const engine = await createEngine(config);
  const authlete = new AuthleteClient({ ...service, engine });
  return listener((request) => handlePlainTokenRequest(request, { authlete }));
}

/** What a token endpoint could answer. */
const constant = {
  text: JSON.stringify({
    access_token: "q0Zt3vYw8cJm5RkXn1sBd7LhFp2GuTa9oEiKx4WbCyM",
    token_type: "Bearer",
    expires_in: 3600,
    scope,
  }),
  headers: { "content-type": "application/json", "cache-control": "no-store", pragma: "no-cache" },
};

/** No token endpoint: reads the request, and always sends the same answer. */
async function bare() {
  const { text: body, headers } = constant;
  return listener(async (request) => {
    await request.bytes();
    return { status: 200, headers: { ...headers }, body };
  });
}

/** The same with nothing but node:http. */
async function alone() {
  const { text } = constant;
  const headers = { ...constant.headers, "content-length": text.length };
  return (incoming, outgoing) =>
    incoming.resume().once("end", () => outgoing.writeHead(200, headers).end(text));
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
