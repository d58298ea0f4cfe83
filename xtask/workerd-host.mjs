// The process that runs wrangler and, through it, workerd. worker.mjs starts it with a Node that
// wrangler accepts. The worker's variables arrive as a message and not as arguments or environment,
// since they hold secrets.
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { unstable_startWorker } from "wrangler";

const example = fileURLToPath(new URL("../worker-example/", import.meta.url));
let worker;

/** The media types of the playground's files. */
const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm",
};

/** Answers the worker's requests for the playground's files, which are read anew each time. */
async function playground({ url }) {
  const name = new URL(url).pathname.slice(1);
  const type = types[extname(name)];
  const contents =
    type &&
    !name.includes("/") &&
    (await readFile(join(example, "dist", name)).catch(() => undefined));
  return contents
    ? new Response(contents, { headers: { "content-type": type, "cache-control": "no-cache" } })
    : new Response(null, { status: 404 });
}

/** Ends workerd, then this process and whatever is left of its group. */
async function stop() {
  await Promise.race([
    worker?.dispose(),
    new Promise((resolve) => setTimeout(resolve, 3000)),
  ]).catch(() => {});
  process.kill(-process.pid, "SIGKILL");
}

// The parent has ended, in whichever way: workerd must not stay behind.
process.once("disconnect", stop);
process.once("SIGTERM", stop);

process.once("message", async ({ port, state, bindings, config }) => {
  try {
    worker = await unstable_startWorker({
      config: config ?? `${example}wrangler.jsonc`,
      // No .dev.vars: the worker gets only the variables given to `npm start`.
      envFiles: [],
      bindings: { ...bindings, PLAYGROUND: { type: "fetcher", fetcher: playground } },
      dev: {
        remote: false,
        watch: false,
        inspector: false,
        liveReload: false,
        logLevel: "error",
        persist: state,
        // Without this, a route for production would change the host in the URLs that the worker
        // gets; its requests here are for localhost.
        inferOriginFromRoutes: false,
        server: { hostname: "localhost", port, secure: false },
        structuredLogsHandler: ({ message }) => process.stderr.write(`${message}\n`),
      },
    });
    await worker.ready;
    process.send({ ready: true });
  } catch (error) {
    process.send({ error: String(error?.message ?? error) });
  }
});
