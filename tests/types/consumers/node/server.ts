// A server on Node: its own types, and no DOM.
import { createServer } from "node:http";
import { AuthleteClient, AuthleteError, handleTokenRequest } from "authlete-token";

const authlete = new AuthleteClient({
  serviceId: "1",
  bearer: "secret",
  serverURL: process.env.AUTHLETE_SERVER_URL,
  fetch,
});

createServer(async (incoming, outgoing) => {
  const request = new Request(`http://localhost${incoming.url}`, {
    method: incoming.method ?? "GET",
    headers: { host: String(incoming.headers.host) },
  });
  try {
    const response = await handleTokenRequest(request, {
      authlete,
      onEvent: (event) => process.stderr.write(`${JSON.stringify(event)}\n`),
    });
    outgoing
      .writeHead(response.status, Object.fromEntries(response.headers))
      .end(Buffer.from(await response.arrayBuffer()));
  } catch (error) {
    outgoing.writeHead(500).end(error instanceof AuthleteError ? error.code : "");
  }
});
