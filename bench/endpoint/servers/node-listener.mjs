// Node's messages as those of the Fetch standard, as in `docs/recipes/node-http.mjs`.

/** Longer than any body that is sent here. */
const maxRequestBytes = 65_536;

/** A request listener over `handle`, which gets what our endpoint reads of a `Request`. */
export function listener(handle) {
  return async (incoming, outgoing) => {
    const { method, rawHeaders, readableDidRead: bodyUsed } = incoming;
    const gone = new AbortController();
    outgoing.once("close", () => outgoing.writableFinished || gone.abort());
    try {
      const path = incoming.url.replace(/^[\\/]+/, "/");
      const url = new URL(path, `http://${incoming.headers.host ?? "localhost"}`);
      if (url.username || url.password || method === "TRACE") throw new Error("not for a Request");
      if (url.pathname !== "/token") return void outgoing.writeHead(404).end();
      const headers = new Headers();
      for (let at = 0; at < rawHeaders.length; at += 2)
        headers.append(rawHeaders[at], rawHeaders[at + 1]);
      const arrayBuffer = () => bytesOf(incoming);
      const response = await handle({
        method,
        url: url.href,
        headers,
        bodyUsed,
        signal: gone.signal,
        arrayBuffer,
      });
      const content = Buffer.from(await response.arrayBuffer());
      if (!incoming.complete) outgoing.setHeader("connection", "close");
      outgoing.setHeaders(response.headers).statusCode = response.status;
      outgoing.end(content);
    } catch (error) {
      console.error(error);
      outgoing.writeHead(500).end();
    }
  };
}

function bytesOf(incoming) {
  return new Promise((resolve, reject) => {
    const chunks = [];
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
