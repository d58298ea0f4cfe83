// Runs a recipe on workerd as `wrangler dev` does: bundled by wrangler, with variables.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unstable_startWorker } from "wrangler";
import { root } from "../../../xtask/steps.mjs";
import { recipe } from "./support.mjs";

/** wrangler's files, and its own business with the network, stay away from the repository and from the home directory. */
const folder = join(root, ".cache/recipes");
Object.assign(process.env, {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_WRITE_LOGS: "false",
  WRANGLER_REGISTRY_PATH: join(folder, "registry"),
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
});

/** Starts it: `(await worker.url).origin` is where it serves, `worker.dispose()` ends it. */
export async function startRecipe(name, variables) {
  const config = join(folder, `${name}.wrangler.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(config, JSON.stringify({ name: "recipe", main: recipe(name), compatibility_date: "2026-11-01" }));
  const worker = await unstable_startWorker({
    config,
    envFiles: [],
    bindings: Object.fromEntries(Object.entries(variables).map(([key, value]) => [key, { type: "plain_text", value }])),
    dev: {
      remote: false,
      watch: false,
      inspector: false,
      liveReload: false,
      logLevel: "error",
      persist: false,
      server: { hostname: "localhost", port: 0, secure: false },
    },
  });
  await worker.ready;
  return worker;
}
