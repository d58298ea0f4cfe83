// Runs the worker example on workerd as `npm start` does, with a state of its own that is removed
// when it ends.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startWorker } from "../../../../xtask/worker.mjs";
import { freePort } from "./http.mjs";

/**
 * Starts a worker with `variables`, or with what a function of its origin returns; `config` is
 * another wrangler file than the example's.
 */
export async function runWorker(
  variables,
  usualProbes = ["GET /jwks", "OPTIONS /token"],
  config = undefined,
) {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const state = mkdtempSync(join(tmpdir(), "authlete-token-worker-"));
  let text = "";
  let running;

  const start = async (given = variables, probes = usualProbes) => {
    running = startWorker(port, typeof given === "function" ? given(origin) : given, probes, {
      state,
      output: "pipe",
      config,
    });
    for (const stream of [running.host.stdout, running.host.stderr])
      stream.setEncoding("utf8").on("data", (chunk) => (text += chunk));
    try {
      await running.answers();
    } catch (error) {
      await running.stop();
      throw new Error(`${error.message}\n${text.slice(-1000)}`);
    }
  };
  const stop = () => running.stop();
  await start();
  return {
    origin,
    /** The folder with the state of the Durable Objects. */
    state,
    start,
    stop,
    /** Ends it like a crash of the machine: without a signal to handle, and without flushing. */
    async kill() {
      process.kill(-running.host.pid, "SIGKILL");
      await running.stopped;
    },
    /** Everything that the worker has logged so far; a line may come after its request's answer. */
    log: () => text,
    /** What matches in the log, once it is there. */
    async logged(pattern) {
      for (const end = Date.now() + 10_000; Date.now() < end; await sleep(20)) {
        const match = pattern.exec(text);
        if (match) return match;
      }
      throw new Error(`Not in the log: ${pattern}\n${text.slice(-2000)}`);
    },
    async dispose() {
      await stop();
      rmSync(state, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** The variables of `npm start`. */
export const demo = (origin) => ({ DEMO: "1", ISSUER: origin });
