// Runs the bundle that `wrangler deploy --dry-run` left in a folder, and writes what the worker
// answers. Arguments: the folder, Authlete's URL.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Miniflare } from "miniflare";

const [folder, serverURL] = process.argv.slice(2);
const modules = readdirSync(folder).filter((name) => /\.(js|wasm)$/.test(name));
const worker = new Miniflare({
  modulesRoot: folder,
  modules: modules
    .sort((a, b) => Number(b.endsWith(".js")) - Number(a.endsWith(".js")))
    .map((name) => ({
      type: name.endsWith(".wasm") ? "CompiledWasm" : "ESModule",
      path: join(folder, name),
    })),
  compatibilityDate: "2026-06-01",
  bindings: { SERVER_URL: serverURL },
});
const response = await worker.dispatchFetch("http://localhost/");
console.log(await response.text());
await worker.dispose();
