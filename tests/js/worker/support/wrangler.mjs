// The worker example as its users run it with wrangler itself: with their own configuration and a
// `.dev.vars` next to it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { newerNode } from "../../../../xtask/newer-node.mjs";
import { root } from "../../../../xtask/steps.mjs";
import { serve } from "../../recipes/support.mjs";
import { freePort } from "./http.mjs";

/**
 * Writes the example's wrangler file with a custom domain into a folder that is removed after the
 * test; returns its path.
 */
export function withCustomDomain(t) {
  const folder = join(root, ".cache/worker-example");
  mkdirSync(folder, { recursive: true });
  const project = mkdtempSync(join(folder, "project-"));
  t.after(() => rmSync(project, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  const text = readFileSync(join(root, "worker-example/wrangler.jsonc"), "utf8");
  const file = join(project, "wrangler.jsonc");
  const route = '"routes": [{ "pattern": "auth.example.com", "custom_domain": true }],';
  writeFileSync(
    file,
    text.replace(
      '"main": "src/index.ts"',
      `${route} "main": ${JSON.stringify(join(root, "worker-example/src/index.ts"))}`,
    ),
  );
  return file;
}

/**
 * A wrangler file for a worker whose entry is another file of this folder, which wraps the
 * example's; `remove()` removes it.
 */
export function withEntry(file) {
  // Inside the example's folder, from which its modules are found.
  const wranglers = join(root, "worker-example/.wrangler");
  mkdirSync(wranglers, { recursive: true });
  const folder = mkdtempSync(join(wranglers, "entry-"));
  const config = join(folder, "wrangler.json");
  const settings = {
    name: "entry",
    main: fileURLToPath(new URL(file, import.meta.url)),
    compatibility_date: "2026-11-01",
    rules: [{ type: "Text", globs: ["**/*.css"], fallthrough: true }],
    durable_objects: { bindings: [{ name: "ENGINE", class_name: "EngineObject" }] },
    migrations: [{ tag: "v1", new_sqlite_classes: ["EngineObject"] }],
  };
  writeFileSync(config, JSON.stringify(settings));
  return { config, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Runs `wrangler dev` with this configuration, and with a `.dev.vars` that depends on its origin:
 * `{ origin, output }`.
 */
export async function wranglerDev(t, config, devVars) {
  const port = await freePort();
  writeFileSync(join(config, "../.dev.vars"), devVars(`http://localhost:${port}`));
  const quiet = {
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_WRITE_LOGS: "false",
    WRANGLER_REGISTRY_PATH: join(config, "../registry"),
  };
  const args = [
    "dev",
    "--config",
    config,
    "--port",
    String(port),
    "--ip",
    "localhost",
    "--persist-to",
    join(config, "../state"),
    "--show-interactive-dev-session=false",
  ];
  const server = await serve(
    newerNode(),
    [join(root, "node_modules/wrangler/bin/wrangler.js"), ...args],
    quiet,
    port,
  );
  t.after(server.stop);
  return server;
}
