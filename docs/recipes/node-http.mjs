// The token endpoint on Node's own HTTP server, without a framework. Run it with:
// node node-http.mjs
import { createServer } from "node:http";
import { AuthleteClient, AuthleteError, handlePlainTokenRequest } from "authlete-token";

for (const name of ["AUTHLETE_SERVICE_ID", "AUTHLETE_BEARER"])
  if (!process.env[name]) throw new Error(`The variable ${name} is not set.`);
const {
  AUTHLETE_SERVICE_ID: serviceId = "",
  AUTHLETE_BEARER: bearer = "",
  AUTHLETE_SERVER_URL: serverURL,
  PORT = "3000",
} = process.env;
const maxRequestBytes = 65_536;

/** @type {import("authlete-token").TokenEndpointOptions} */
const options = {
  authlete: new AuthleteClient({ serviceId, bearer, serverURL }),
  // For a proxy or a development server in front that speaks http: with this server. Set it only if
  // nothing else can reach this server.
  allowInsecureRequests: process.env.ALLOW_INSECURE_REQUESTS === "1",
  maxRequestBytes,
  onEvent: (event) => console.log(JSON.stringify(event)),
};

let last = { host: "", path: "", url: new URL("http://localhost") }; // Most requests have the same.
createServer(async (incoming, outgoing) => {
  // With all values: `incoming.headers` drops a second `Authorization`.
  const { method = "", headersDistinct: headers, readableDidRead: bodyUsed } = incoming;
  const gone = new AbortController(); // When the client disconnects, end the call to Authlete.
  outgoing.once("close", () => outgoing.writableFinished || gone.abort());
  try {
    // The host is what the client claims. It is used only to recognize loopback. The URL for DPoP
    // proofs is the option `tokenEndpoint`. (Slashes at its beginning would make a path a host.)
    const path = `${incoming.url}`.replace(/^[\\/]+/, "/");
    const host = headers.host?.[0] ?? "localhost";
    if (host !== last.host || path !== last.path)
      last = { host, path, url: new URL(path, `http://${host}`) };
    const { url } = last;
    if (url.username || url.password || method === "TRACE") throw new Error("not for a Request");
    if (url.pathname !== "/token") return void outgoing.writeHead(404).end();
    const bytes = () => bytesOf(incoming);
    const request = { method, url: url.href, headers, bodyUsed, signal: gone.signal, bytes };
    const { status, headers: fields, body } = await handlePlainTokenRequest(request, options);
    if (!incoming.complete) fields.connection = "close"; // The unread rest of a body would block the next request.
    if (body.length > 0) fields["content-length"] = `${Buffer.byteLength(body)}`;
    outgoing.writeHead(status, fields).end(body);
  } catch (error) {
    // Unusable options and what fails after the body was read are this server's fault; a Host or a
    // method that a `Request` can't have is the client's.
    const ours = error instanceof AuthleteError || incoming.readableDidRead;
    if (ours) console.error(String(error));
    outgoing.writeHead(ours ? 500 : 400).end();
  }
}).listen(Number(PORT));

/** The body, or more of it than accepted. @param {import("http").IncomingMessage} incoming */
function bytesOf(incoming) {
  return new Promise((resolve, reject) => {
    const chunks = /** @type {Buffer[]} */ ([]);
    let length = 0;
    const end = () => resolve(Buffer.concat(chunks));
    incoming.on("end", end).on("error", reject);
    incoming.on("data", (chunk) => {
      length += chunk.length;
      chunks.push(chunk);
      if (length > maxRequestBytes) incoming.pause() && end();
    });
  });
}
