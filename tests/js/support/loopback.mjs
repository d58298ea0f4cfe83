// A server on loopback in the place of Authlete: the service ID in the path says how it behaves,
// and it records the requests that it gets.
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";

const type = { "content-type": "application/json" };
const ok = JSON.stringify({ action: "OK", responseContent: "{}" });

/**
 * The headers that a page of another origin needs, and one that ends the connection after this
 * answer.
 */
const readable = "access-control-allow-origin: *\r\nconnection: close\r\n";

/** 64 MiB of spaces, compressed. */
const bomb = gzipSync(Buffer.alloc(64 << 20, 32));

const scenarios = {
  echo: ({ request, body, response }) => {
    const { authorization, accept, "content-type": contentType } = request.headers;
    const seen = {
      action: "OK",
      method: request.method,
      path: request.url,
      authorization,
      accept,
      contentType,
      body,
    };
    response.writeHead(200, type).end(JSON.stringify(seen));
  },
  // A valid token response that echoes the request, after `delay` milliseconds.
  token: ({ body, response }) => {
    const { parameters } = JSON.parse(body);
    const answer = { action: "OK", responseContent: JSON.stringify({ echo: parameters }) };
    const delay = Number(new URLSearchParams(parameters).get("delay"));
    setTimeout(() => response.writeHead(200, type).end(JSON.stringify(answer)), delay);
  },
  packed: ({ response }) =>
    response.writeHead(200, { ...type, "content-encoding": "gzip" }).end(gzipSync(ok)),
  hang: () => {},
  reset: ({ request }) => request.socket.destroy(),
  drip: ({ response }) => {
    response.writeHead(200, type);
    const timer = setInterval(() => response.write(" "), 10);
    response.on("close", () => clearInterval(timer));
  },
  // Longer than what is sent: the connection ends in the middle of the body.
  truncated: ({ request, response }) => {
    response.writeHead(200, { ...type, "content-length": "1000" }).write(ok);
    setTimeout(() => request.socket.destroy(), 10);
  },
  html: ({ response }) =>
    response.writeHead(200, { "content-type": "text/html" }).end("<form>log in</form>"),
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
  announced: ({ response }) =>
    response
      .writeHead(200, { ...type, "content-length": String(2 << 20) })
      .end(Buffer.alloc(2 << 20, 32)),
  bomb: ({ response }) =>
    response.writeHead(200, { ...type, "content-encoding": "gzip" }).end(bomb),
  busy: ({ response }) =>
    response
      .writeHead(429, { "content-type": "text/plain", "retry-after": "7" })
      .end("Too Many Requests"),
  unauthorized: ({ response }) =>
    response.writeHead(401, type).end('{"resultCode":"A001202","resultMessage":"[A001202] no"}'),
};
for (const status of [301, 302, 303, 307, 308]) {
  scenarios[`redirect-${status}`] = ({ response, thief }) =>
    response.writeHead(status, { location: `${thief}/api/1/auth/token` }).end();
}

const good = `content-type: application/json\r\ncontent-length: ${ok.length}\r\n`;
/**
 * Malformed answers, byte for byte, which different HTTP clients treat differently.
 */
const malformed = {
  "no-http": `<html>${ok}`,
  "two-lengths": `HTTP/1.1 200 OK\r\n${readable}${good}content-length: 1\r\n\r\n${ok}`,
  "length-and-chunks": `HTTP/1.1 200 OK\r\n${readable}${good}transfer-encoding: chunked\r\n\r\n${ok}`,
  "bad-chunks": `HTTP/1.1 200 OK\r\n${readable}content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n${ok}\r\n`,
  "negative-length": `HTTP/1.1 200 OK\r\n${readable}content-type: application/json\r\ncontent-length: -1\r\n\r\n${ok}`,
  "two-types": `HTTP/1.1 200 OK\r\n${readable}${good}content-type: text/html\r\n\r\n${ok}`,
  "folded-header": `HTTP/1.1 200 OK\r\n${readable}x-folded: a\r\n b\r\n${good}\r\n${ok}`,
  "nul-in-header": `HTTP/1.1 200 OK\r\n${readable}x-nul: a\0b\r\n${good}\r\n${ok}`,
  "latin-1-header": `HTTP/1.1 200 OK\r\n${readable}x-latin: \xff\xfe\r\nretry-after: \xff\r\n${good}\r\n${ok}`,
  "latin-1-type": `HTTP/1.1 200 OK\r\n${readable}content-type: application/json\xff\r\n\r\n${ok}`,
  "huge-header": `HTTP/1.1 200 OK\r\n${readable}x-huge: ${"x".repeat(1 << 20)}\r\n${good}\r\n${ok}`,
  "many-headers": `HTTP/1.1 200 OK\r\n${readable}${"x-many: y\r\n".repeat(5_000)}${good}\r\n${ok}`,
  "status-99": `HTTP/1.1 099 No\r\n${readable}${good}\r\n${ok}`,
  "status-999": `HTTP/1.1 999 No\r\n${readable}${good}\r\n${ok}`,
  "status-101": `HTTP/1.1 101 Switching Protocols\r\n${readable}upgrade: x\r\nconnection: upgrade\r\n\r\n${ok}`,
  "many-interim-answers": `${"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n".repeat(50)}HTTP/1.1 200 OK\r\n${readable}${good}\r\n${ok}`,
  "packed-badly": `HTTP/1.1 200 OK\r\n${readable}${good}content-encoding: gzip\r\n\r\n${ok}`,
  "unknown-encoding": `HTTP/1.1 200 OK\r\n${readable}${good}content-encoding: rot13\r\n\r\n${ok}`,
  "absurd-delay": `HTTP/1.1 429 No\r\n${readable}retry-after: ${"9".repeat(400)}\r\ncontent-length: 0\r\n\r\n`,
};
for (const [name, text] of Object.entries(malformed)) {
  scenarios[name] = ({ request: { socket } }) =>
    socket.end(text, "latin1", () => setTimeout(() => socket.destroy(), 50));
}

/** A loopback address where nothing listens any more. */
async function freedAddress() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

/** A server that must not get any call, and the number of calls that it got. */
async function startThief() {
  let hits = 0;
  const server = createServer((_request, response) => {
    hits += 1;
    response
      .writeHead(200, {
        ...type,
        "access-control-allow-origin": "*",
        "access-control-allow-headers": "*",
      })
      .end(ok);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${server.address().port}`, hits: () => hits };
}

/**
 * Starts the server: `{ addresses, close }`. Of the addresses, `server` is this server's,
 * `refusing` refuses connections, and `thief` is where redirects lead to. `GET /seen` tells the
 * service IDs of the calls so far, `GET /open` how many calls are still open, `GET /stolen` how
 * many went to the thief, `GET /malformed` the service IDs whose answers are malformed.
 */
export async function startLoopback() {
  const seen = [];
  let open = 0;
  const thief = await startThief();
  const server = createServer(async (request, response) => {
    // Pages come from another port, which is another origin.
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-allow-headers", "authorization, content-type");
    response.setHeader("access-control-expose-headers", "retry-after");
    if (request.method === "OPTIONS") return response.writeHead(204).end();
    if (request.url === "/seen") return response.end(JSON.stringify(seen));
    if (request.url === "/stolen") return response.end(JSON.stringify(thief.hits()));
    if (request.url === "/malformed") return response.end(JSON.stringify(Object.keys(malformed)));
    if (request.url === "/open") return response.end(JSON.stringify(open));
    const scenario = request.url.split("/")[2];
    seen.push(scenario);
    open += 1;
    response.on("close", () => (open -= 1));
    let body = "";
    for await (const chunk of request) body += chunk;
    return (scenarios[scenario] ?? scenarios.echo)({ request, body, response, thief: thief.url });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    for (const each of [server, thief.server]) {
      each.closeAllConnections();
      each.close();
    }
  };
  const addresses = {
    server: `http://127.0.0.1:${server.address().port}`,
    refusing: await freedAddress(),
    thief: thief.url,
  };
  return { addresses, close };
}
