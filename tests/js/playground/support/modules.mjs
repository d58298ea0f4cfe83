// The playground's TypeScript, bundled for Node.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { rolldown } from "rolldown";
import { root } from "../../../../xtask/steps.mjs";

const source = join(root, "worker-example/playground");

/** What each of these modules exports, by its path below worker-example/playground, without .ts. */
export async function playgroundModules(...paths) {
  const dir = mkdtempSync(join(tmpdir(), "authlete-token-playground-"));
  try {
    const bundle = await rolldown({
      cwd: root,
      input: Object.fromEntries(paths.map((path) => [path, join(source, `${path}.ts`)])),
      tsconfig: join(source, "tsconfig.json"),
      platform: "node",
    });
    await bundle.write({ dir, format: "esm", entryFileNames: "[name].mjs" });
    const modules = paths.map((path) => import(pathToFileURL(join(dir, `${path}.mjs`)).href));
    return Object.assign({}, ...(await Promise.all(modules)));
  } finally {
    rmSync(dir, { recursive: true });
  }
}
