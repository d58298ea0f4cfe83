// A server on loopback in the place of Authlete: the service ID in the path says how it behaves, and it remembers what it was sent.
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";

const type = { "content-type": "application/json" };
const ok = JSON.stringify({ action: "OK", responseContent: "{}" });

/** 64 MiB of blanks, packed. */
const bomb = gzipSync(Buffer.alloc(64 << 20, 32));

const scenarios = {
  echo: ({ request, body, response }) => {
    const { authorization, accept, "content-type": contentType } = request.headers;
    const seen = { action: "OK", method: request.method, path: request.url, authorization, accept, contentType, body };
    response.writeHead(200, type).end(JSON.stringify(seen));
  },
  packed: ({ response }) => response.writeHead(200, { ...type, "content-encoding": "gzip" }).end(gzipSync(ok)),
  hang: () => {},
  reset: ({ request }) => request.socket.destroy(),
  drip: ({ response }) => {
    response.writeHead(200, type);
    const timer = setInterval(() => response.write(" "), 10);
    response.on("close", () => clearInterval(timer));
  },
  // More than is sent: the connection ends in the middle of the body.
  truncated: ({ request, response }) => {
    response.writeHead(200, { ...type, "content-length": "1000" }).write(ok);
    setTimeout(() => request.socket.destroy(), 10);
  },
  html: ({ response }) => response.writeHead(200, { "content-type": "text/html" }).end("<form>log in</form>"),
  empty: ({ response }) => response.writeHead(200, type).end(),
  endless: ({ response }) => {
    response.writeHead(200, type);
    const chunk = Buffer.alloc(65_536, 32);
    const more = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on("drain", more);
    more();
  },
  announced: ({ response }) => response.writeHead(200, { ...type, "content-length": String(2 << 20) }).end(Buffer.alloc(2 << 20, 32)),
  bomb: ({ response }) => response.writeHead(200, { ...type, "content-encoding": "gzip" }).end(bomb),
  busy: ({ response }) => response.writeHead(429, { "content-type": "text/plain", "retry-after": "7" }).end("Too Many Requests"),
  unauthorized: ({ response }) => response.writeHead(401, type).end('{"resultCode":"A001202","resultMessage":"[A001202] no"}'),
};
for (const status of [301, 302, 303, 307, 308]) {
  scenarios[`redirect-${status}`] = ({ response }) => response.writeHead(status, { location: "/api/elsewhere/auth/token" }).end();
}

/** An address on loopback where nothing listens any more. */
async function freedAddress() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

/** Starts the server: `{ url, refusing, close }`; `refusing` is an address that refuses connections. `GET /seen` tells the service IDs of the calls so far, `GET /open` how many calls are still open. */
export async function startLoopback() {
  const seen = [];
  let open = 0;
  const server = createServer(async (request, response) => {
    // Pages come from another port, which is another origin.
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-allow-headers", "authorization, content-type");
    response.setHeader("access-control-expose-headers", "retry-after");
    if (request.method === "OPTIONS") return response.writeHead(204).end();
    if (request.url === "/seen") return response.end(JSON.stringify(seen));
    if (request.url === "/open") return response.end(JSON.stringify(open));
    const scenario = request.url.split("/")[2];
    seen.push(scenario);
    open += 1;
    response.on("close", () => (open -= 1));
    let body = "";
    for await (const chunk of request) body += chunk;
    return (scenarios[scenario] ?? scenarios.echo)({ request, body, response });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, refusing: await freedAddress(), close };
}
