// The playground as it is served: by a worker of its own, and as files on a static host.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { Refusal, root, run } from "../../../../xtask/steps.mjs";
import { demo, runWorker } from "../../worker/support/workerd.mjs";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
};

/** A worker with the demo: `{ url, close }`. */
export async function workerSite() {
  const worker = await runWorker(demo);
  return { url: `${worker.origin}/`, close: worker.dispose };
}

/** What `npm run playground:static` writes, under a path of a static host: `{ url, close }`. */
export async function staticSite() {
  const folder = mkdtempSync(join(tmpdir(), "authlete-token-static-"));
  const { code, output } = await run(process.execPath, [
    join(root, "xtask/playground-static.mjs"),
    folder,
  ]);
  if (code !== 0) throw new Refusal(output);
  const base = "/some/path/";
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const name = pathname === base ? "index.html" : pathname.slice(base.length);
    const type = types[extname(name)];
    if (!pathname.startsWith(base) || name.includes("/") || type === undefined)
      return response.writeHead(404).end();
    try {
      const body = readFileSync(join(folder, name));
      response.writeHead(200, { "content-type": type }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}${base}`,
    close() {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
