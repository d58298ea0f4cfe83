// The token endpoint on Node's own HTTP server, without a framework. Run it with:
// node node-http.mjs
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { AuthleteClient, AuthleteError, handleTokenRequest } from "authlete-token";

for (const name of ["AUTHLETE_SERVICE_ID", "AUTHLETE_BEARER"])
  if (!process.env[name]) throw new Error(`The variable ${name} is not set.`);
const {
  AUTHLETE_SERVICE_ID: serviceId = "",
  AUTHLETE_BEARER: bearer = "",
  AUTHLETE_SERVER_URL: serverURL,
  PORT = "3000",
} = process.env;

/** @type {import("authlete-token").TokenEndpointOptions} */
const options = {
  authlete: new AuthleteClient({ serviceId, bearer, serverURL }),
  // For a proxy or a development server in front that speaks http: with this server. Set it only if
  // nothing else can reach this server.
  allowInsecureRequests: process.env.ALLOW_INSECURE_REQUESTS === "1",
  onEvent: (event) => console.log(JSON.stringify(event)),
};

createServer(async (incoming, outgoing) => {
  const gone = new AbortController();
  outgoing.once("close", () => gone.abort()); // When the client disconnects, end the call to Authlete.
  try {
    // The host is what the client claims. It is used only to recognize loopback. The URL for DPoP
    // proofs is the option `tokenEndpoint`.
    const url = new URL(incoming.url ?? "/", `http://${incoming.headers.host ?? "localhost"}`);
    if (url.pathname !== "/token") return void outgoing.writeHead(404).end();
    // All values of a repeated header: Node's `headers` drops a second `Authorization`, which would
    // hide the mistake.
    const headers = new Headers();
    for (const [name, values = []] of Object.entries(incoming.headersDistinct))
      for (const value of values) headers.append(name, value);
    if (incoming.readableDidRead)
      throw new Error("Something has read the request's body before the token endpoint.");
    const body = ["GET", "HEAD"].includes(incoming.method ?? "") ? null : Readable.toWeb(incoming);
    const request = new Request(url, {
      method: incoming.method,
      headers,
      body,
      duplex: "half",
      signal: gone.signal,
    });
    const response = await handleTokenRequest(request, options);
    const content = Buffer.from(await response.arrayBuffer());
    if (!incoming.complete) outgoing.setHeader("connection", "close"); // The unread rest of a body would block the next request.
    outgoing.setHeaders(response.headers).writeHead(response.status).end(content);
  } catch (error) {
    // Unusable options and a body that was read before are this server's fault; a Host or a method
    // that a `Request` can't have is the client's.
    const ours = error instanceof AuthleteError || incoming.readableDidRead;
    if (ours) console.error(String(error));
    outgoing.writeHead(ours ? 500 : 400).end();
  }
}).listen(Number(PORT));
