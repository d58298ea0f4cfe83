// A server on loopback that plays Authlete and serves the files of a folder: as a page's own
// origin, or as one that pages of other origins may call.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";

const types = {
  html: "text/html",
  js: "text/javascript",
  mjs: "text/javascript",
  wasm: "application/wasm",
};
const cors = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "*",
  "access-control-max-age": "600",
};

/** The server's answer to a client credentials request, which every consumer must pass on. */
export const responseContent =
  '{"access_token":"from-the-server","token_type":"Bearer","expires_in":3600}';

/**
 * Starts it: `{ url, close }`. `intercept(path, response)` may answer a request for a file by
 * itself, and then returns true.
 */
export async function startSite({ folder, intercept = () => false } = {}) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    if (pathname.startsWith("/api/")) return authlete(request, pathname, response);
    if (intercept(pathname, response)) return;
    try {
      const path = pathname === "/" ? "/index.html" : pathname;
      const file = await readFile(join(folder, path));
      response
        .writeHead(200, { "content-type": types[path.split(".").pop()] ?? "text/plain" })
        .end(file);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

async function authlete(request, pathname, response) {
  if (request.method === "OPTIONS") return response.writeHead(204, cors).end();
  const answer = (status, body) =>
    response
      .writeHead(status, { ...cors, "content-type": "application/json" })
      .end(JSON.stringify(body));
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  const { method, headers } = request;
  if (
    method !== "POST" ||
    pathname !== "/api/715948317/auth/token" ||
    headers.authorization !== "Bearer bearer"
  ) {
    return answer(401, { resultCode: "A001202", resultMessage: "[A001202] Authorization failed." });
  }
  const { parameters, clientId } = JSON.parse(text);
  if (parameters !== "grant_type=client_credentials" || clientId !== "web-app")
    return answer(200, { action: "BAD_REQUEST", responseContent: text });
  return answer(200, { action: "OK", responseContent });
}
