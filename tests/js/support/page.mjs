// A web page on loopback that imports the package by name through an import map, under a content
// security policy.
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { root } from "../../../xtask/steps.mjs";

const types = { js: "text/javascript", mjs: "text/javascript", wasm: "application/wasm" };
const packaged = JSON.parse(readFileSync(join(root, "pkg/package.json"), "utf8"));

/** The package's entries for browsers, by name, as a bundler would resolve them. */
function importMap() {
  const targets = Object.entries(packaged.exports).filter(
    ([, target]) => target.default !== undefined,
  );
  return {
    imports: Object.fromEntries(
      targets.map(([subpath, target]) => [
        join(packaged.name, subpath),
        join("/pkg", target.default),
      ]),
    ),
  };
}

const html = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
<script nonce="page" type="importmap">${JSON.stringify(importMap())}</script>
<script nonce="page" type="module" src="/tests/js/support/behaviours-page.mjs"></script>`;

/**
 * Serves the page, which may connect to these addresses, and the files that it imports;
 * `{ url, close }`.
 */
export async function servePage(addresses) {
  const reachable = ["'self'", ...Object.values(addresses)].join(" ");
  const http = createServer(async (request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    if (path === "/") {
      response.writeHead(200, {
        "content-type": "text/html",
        "content-security-policy": `default-src 'none'; connect-src ${reachable}; img-src data:; script-src 'self' 'nonce-page' 'wasm-unsafe-eval'`,
      });
      return response.end(html);
    }
    try {
      const file = /^\/(pkg|tests\/js)\//.test(path) ? await readFile(join(root, path)) : undefined;
      response.writeHead(file ? 200 : 404, {
        "content-type": types[path.split(".").pop()] ?? "text/plain",
      });
      response.end(file);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${http.address().port}/`, close: () => http.close() };
}
