// Plain HTTP: every header may be set or repeated, redirects are not followed, and the body is
// text.
import { request as send } from "node:http";
import { createServer } from "node:net";
import { pipeline } from "node:stream";

/**
 * One exchange. `headers` is an object whose values may be arrays; `body` is text, bytes, or an
 * async iterable of them, which goes out in chunks without a length.
 */
export function exchange(origin, { method = "GET", path = "/", headers = {}, body } = {}) {
  const { port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const outgoing = send(
      { host: "localhost", port, method, path, headers, agent: false },
      (incoming) => {
        const chunks = [];
        incoming.on("data", (chunk) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => resolve(answer(incoming, Buffer.concat(chunks).toString())));
      },
    );
    outgoing.on("error", reject);
    // For some methods Node sends a body without saying how long it is.
    const whole = typeof body === "string" || Buffer.isBuffer(body);
    if (whole) outgoing.setHeader("content-length", Buffer.byteLength(body));
    if (whole || body === undefined) outgoing.end(body);
    else pipeline(body, outgoing, () => {});
  });
}

function answer(incoming, text) {
  return {
    status: incoming.statusCode,
    headers: new Headers(
      Object.entries(incoming.headersDistinct).flatMap(([name, values]) =>
        values.map((value) => [name, value]),
      ),
    ),
    text,
    json: () => JSON.parse(text),
    /** The address that a redirect leads to. */
    get location() {
      return new URL(incoming.headers.location, `http://${incoming.req.getHeader("host")}`);
    },
  };
}

/** A form body (RFC 6749 appendix B). */
export function form(fields) {
  return new URLSearchParams(fields).toString();
}

/** The `Authorization` value of a client with a secret (RFC 6749 §2.3.1). */
export function basic(id, secret) {
  const encoded = (text) => new URLSearchParams([["", text]]).toString().slice(1);
  return `Basic ${Buffer.from(`${encoded(id)}:${encoded(secret)}`).toString("base64")}`;
}

/** A port that is free on both loopback addresses. */
export async function freePort() {
  for (;;) {
    const port = await listenOnce(0, "127.0.0.1");
    if (
      (await listenOnce(port, "::1").catch(({ code }) => code === "EADDRNOTAVAIL" && port)) === port
    )
      return port;
  }
}

function listenOnce(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, host, () => {
      const { port: taken } = server.address();
      server.close(() => resolve(taken));
    });
  });
}
