// A server on loopback in Authlete's place: it records every call and gives prepared answers.
import { createServer } from "node:http";
import { freePort } from "./http.mjs";

/**
 * Starts it. `answers(…)` prepares the answers to the next calls, one each: an object is sent as
 * JSON with status 200, `{ status, headers, text }` unchanged, and a function gets the response and
 * answers itself. `calls` are the calls since then.
 */
export async function playAuthlete() {
  const port = await freePort();
  let prepared = [];
  let calls = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) text += chunk;
    const answer = prepared[calls.length] ?? (() => request.socket.destroy());
    calls.push({
      method: request.method,
      url: request.url,
      headers: request.headers,
      text,
      body: parsed(text),
    });
    if (typeof answer === "function") return answer(response);
    const {
      status = 200,
      headers = {},
      text: sent = JSON.stringify(answer),
    } = "text" in answer ? answer : {};
    const all = new Headers({ "content-type": "application/json" });
    for (const [name, value] of Object.entries(headers)) all.set(name, value);
    response.writeHead(status, Object.fromEntries(all)).end(sent);
  });
  const up = () => new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  const down = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  await up();
  return {
    url: `http://127.0.0.1:${port}`,
    up,
    down,
    answers(...list) {
      prepared = list;
      calls = [];
    },
    get calls() {
      return calls;
    },
  };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
