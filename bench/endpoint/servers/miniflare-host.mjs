// `worker-provider` with a KV namespace, which workerd does not have by itself:
// `node miniflare-host.mjs SCRIPT STATE`. It sends its port to the parent.
import { dirname } from "node:path";
import { Miniflare } from "miniflare";
import workerd from "workerd";

// The same workerd as for the others.
process.env.MINIFLARE_WORKERD_PATH = workerd.default;

const [scriptPath, state] = process.argv.slice(2);
const miniflare = new Miniflare({
  scriptPath,
  modulesRoot: dirname(scriptPath),
  modules: true,
  compatibilityDate: workerd.compatibilityDate,
  // Without this flag the library logs that it does without one of its features.
  compatibilityFlags: ["global_fetch_strictly_public"],
  kvNamespaces: ["OAUTH_KV"],
  kvPersist: state,
  // A socket of the worker itself, without miniflare's own worker in front.
  unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
});
const end = () => miniflare.dispose().finally(() => process.exit());
process.once("disconnect", end);
process.once("SIGTERM", end);
const { port } = await miniflare.unsafeGetDirectURL();
process.send({ port: Number(port) });
