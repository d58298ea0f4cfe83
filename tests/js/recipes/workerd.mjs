// Runs a recipe on workerd as `wrangler dev` does: bundled by wrangler, with variables.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unstable_startWorker } from "wrangler";
import { root } from "../../../xtask/steps.mjs";
import { recipe } from "./support.mjs";

/**
 * wrangler's files are kept out of the repository and the home directory, and its own use of the
 * network is off.
 */
const folder = join(root, ".cache/recipes");
Object.assign(process.env, {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_WRITE_LOGS: "false",
  WRANGLER_REGISTRY_PATH: join(folder, "registry"),
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
});

/**
 * A folder for a wrangler configuration, from which the package resolves; it is removed after the
 * test.
 */
export function temporaryProject(t) {
  mkdirSync(folder, { recursive: true });
  const project = mkdtempSync(join(folder, "project-"));
  t.after(() => rmSync(project, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  return project;
}

/**
 * Starts it for a test, with `variables`, more members of its configuration (`routes` …), and a
 * `.dev.vars` next to it. `origin` is its URL; `log()` returns the lines that it has written so
 * far.
 */
export async function startRecipe(t, name, { variables, devVars = "", ...more }) {
  const project = temporaryProject(t);
  const config = join(project, "wrangler.json");
  writeFileSync(
    config,
    JSON.stringify({
      name: "recipe",
      main: recipe(name),
      compatibility_date: "2026-11-01",
      ...more,
    }),
  );
  writeFileSync(join(project, ".dev.vars"), devVars);
  const lines = [];
  const worker = await unstable_startWorker({
    config,
    bindings: Object.fromEntries(
      Object.entries(variables).map(([key, value]) => [key, { type: "plain_text", value }]),
    ),
    dev: {
      remote: false,
      watch: false,
      inspector: false,
      liveReload: false,
      logLevel: "error",
      persist: false,
      server: { hostname: "localhost", port: 0, secure: false },
      structuredLogsHandler: ({ message }) => lines.push(message),
    },
  });
  t.after(() => worker.dispose());
  await worker.ready;
  return { origin: (await worker.url).origin, log: () => lines };
}
