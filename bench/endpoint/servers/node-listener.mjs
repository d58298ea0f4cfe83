// Node's messages as a token endpoint takes them, as in `docs/recipes/node-http.mjs`.

/** Longer than any body that is sent here. */
const maxRequestBytes = 65_536;

/** A request listener over `handle`, which gets and returns what `handlePlainTokenRequest` does. */
export function listener(handle) {
  let last = { host: "", path: "" };
  return async (incoming, outgoing) => {
    const { method, headersDistinct: headers, readableDidRead: bodyUsed } = incoming;
    const gone = new AbortController();
    outgoing.once("close", () => outgoing.writableFinished || gone.abort());
    try {
      const [host, path] = [headers.host?.[0], incoming.url];
      if (host !== last.host || path !== last.path)
        last = { host, path, url: urlOf(incoming, host) };
      const { url } = last;
      if (url.pathname !== "/token") return void outgoing.writeHead(404).end();
      const bytes = () => bytesOf(incoming);
      const request = { method, url: url.href, headers, bodyUsed, signal: gone.signal, bytes };
      const answer = await handle(request);
      if (!incoming.complete) answer.headers.connection = "close";
      if (answer.body.length > 0)
        answer.headers["content-length"] = `${Buffer.byteLength(answer.body)}`;
      outgoing.writeHead(answer.status, answer.headers).end(answer.body);
    } catch (error) {
      console.error(error);
      outgoing.writeHead(500).end();
    }
  };
}

function urlOf({ method, url }, host = "localhost") {
  const parsed = new URL(url.replace(/^[\\/]+/, "/"), `http://${host}`);
  if (parsed.username || parsed.password || method === "TRACE")
    throw new Error("not for a Request");
  return parsed;
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
