// One keep-alive connection with one request in flight, on a bare socket: Node's HTTP clients would
// take more time for a request than the fastest servers.
import { once } from "node:events";
import { connect as open } from "node:net";

/** How long an answer may take: a server that hangs must end the run. */
const patience = 10_000;

/** Connects to `origin`; `post(body)` resolves to the JSON of a 200. */
export async function connect(origin, path, headers) {
  const { hostname, host, port } = new URL(origin);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST ${path} HTTP/1.1\r\nhost: ${host}\r\n${lines.join("")}content-length: `;

  let received = "";
  let waiting;
  const fail = (error) => {
    waiting?.reject(error);
    waiting = undefined;
  };
  const socket = open({
    host: hostname,
    port: Number(port),
    noDelay: true,
    onread: {
      buffer: Buffer.alloc(65_536),
      callback(size, buffer) {
        received += buffer.latin1Slice(0, size);
        try {
          const answer = parse(received);
          if (answer === undefined) return true;
          received = "";
          const { resolve } = waiting;
          waiting = undefined;
          resolve(answer);
        } catch (error) {
          fail(error);
          socket.destroy();
        }
        return true;
      },
    },
  });
  socket.setTimeout(patience, () => socket.destroy(new Error("no answer within ten seconds")));
  socket.on("close", () => fail(new Error("the server has closed the connection")));
  await once(socket, "connect");
  socket.on("error", fail);

  const post = (body) =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      // Bodies are ASCII.
      socket.write(`${head}${body.length}\r\n\r\n${body}`, "latin1");
    });
  return { post, close: () => socket.destroy() };
}

/**
 * The JSON of a complete answer in ASCII, or undefined if there is more to come; throws unless it
 * is a 200 that keeps the connection.
 */
function parse(text) {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const head = text.slice(0, end).toLowerCase();
  const rest = text.slice(end + 4);
  const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
  const body = length === undefined ? unchunked(head, rest) : whole(rest, Number(length));
  if (body === undefined) return undefined;
  if (!head.startsWith("http/1.1 200 ")) throw new Error(`${head.slice(9, 12)} ${body}`);
  if (/\r\nconnection: *close/.test(head)) throw new Error("the server closes the connection");
  return JSON.parse(body);
}

function whole(rest, length) {
  if (rest.length > length) throw new Error("more than one answer to a request");
  return rest.length === length ? rest : undefined;
}

/** The body from its chunks (RFC 9112 §7.1). */
function unchunked(head, rest) {
  if (!/\r\ntransfer-encoding: *chunked/.test(head))
    throw new Error("an answer without the length of its body");
  let body = "";
  for (let at = 0; ; ) {
    const line = rest.indexOf("\r\n", at);
    if (line < 0) return undefined;
    const size = Number.parseInt(rest.slice(at, line), 16);
    if (!(size >= 0)) throw new Error("a chunk without a size");
    const next = line + 2 + size + 2;
    if (rest.length < next) return undefined;
    if (size === 0) return body;
    body += rest.slice(line + 2, line + 2 + size);
    at = next;
  }
}
