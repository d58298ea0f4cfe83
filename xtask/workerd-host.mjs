// The process that holds wrangler and, through it, workerd. Started by worker.mjs on a Node that
// wrangler accepts. What the worker gets arrives as a message and not as arguments or environment:
// it holds secrets.
import { fileURLToPath } from "node:url";
import { unstable_startWorker } from "wrangler";

const example = fileURLToPath(new URL("../worker-example/", import.meta.url));
let worker;

/** Ends workerd, then this process and whatever is left of its group. */
async function stop() {
  await Promise.race([
    worker?.dispose(),
    new Promise((resolve) => setTimeout(resolve, 3000)),
  ]).catch(() => {});
  process.kill(-process.pid, "SIGKILL");
}

// The parent has gone, however it went: no workerd stays behind.
process.once("disconnect", stop);
process.once("SIGTERM", stop);

process.once("message", async ({ port, state, bindings, config }) => {
  try {
    worker = await unstable_startWorker({
      config: config ?? `${example}wrangler.jsonc`,
      // No .dev.vars: what the worker sees is what `npm start` was given.
      envFiles: [],
      bindings,
      dev: {
        remote: false,
        watch: false,
        inspector: false,
        liveReload: false,
        logLevel: "error",
        persist: state,
        // A route for production does not change what the worker sees here: its requests come for
        // localhost.
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
