// Builds the playground of the worker example into worker-example/dist, when a source or an output
// has changed since the last build: the page, the page at which logins end, and what they load.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildRecord } from "./changes.mjs";
import { Refusal, root, step } from "./steps.mjs";

const source = join(root, "worker-example/playground");
/** Where the built files are. */
export const playgroundFolder = join(root, "worker-example/dist");
/** The parts of style.css, in the order in which they overrule each other. */
const styles = ["base", "controls", "pages", "head", "flows", "steps", "rows", "details", "system"];

const record = buildRecord("playground", {
  sources: [
    "worker-example/playground",
    "worker-example/src",
    "worker-example/package.json",
    "pkg/dist",
    "pkg/wasm",
    "package-lock.json",
    "xtask/playground-build.mjs",
  ],
  outputs: ["worker-example/dist"],
});

/** Builds it, unless nothing has changed. The packages are installed, and `pkg` is built. */
export async function buildPlayground() {
  if (record.fresh()) return;
  await step("Building the playground", async () => {
    rmSync(playgroundFolder, { recursive: true, force: true });
    mkdirSync(playgroundFolder);
    for (const name of ["index.html", "callback.html"])
      cpSync(join(source, name), join(playgroundFolder, name));
    const style = styles.map((name) => readFileSync(join(source, `style/${name}.css`), "utf8"));
    writeFileSync(join(playgroundFolder, "style.css"), style.join("\n"));
    await bundle();
  });
  record.built();
}

/** The scripts, and the WebAssembly that the tab's engine needs. */
async function bundle() {
  // It is a package, which may have been installed only now.
  const { rolldown } = await import("rolldown");
  let warning;
  try {
    const bundle = await rolldown({
      cwd: root,
      input: { main: join(source, "main.tsx"), callback: join(source, "callback.ts") },
      tsconfig: join(source, "tsconfig.json"),
      platform: "browser",
      // The entry points for browsers refer to their .wasm files by `new URL(…, import.meta.url)`.
      experimental: { resolveNewUrlToAsset: true },
      checks: { bundlerTimings: false },
      onLog(_level, { message }) {
        warning ??= message;
      },
    });
    await bundle.write({
      dir: playgroundFolder,
      format: "esm",
      // Names without a digest: the worker says that they must not be cached, and whoever serves
      // them from another host replaces them all at once.
      entryFileNames: "[name].js",
      chunkFileNames: "[name].js",
      assetFileNames: "[name][extname]",
      minify: true,
      comments: { legal: true, annotation: false, jsdoc: false },
      // The package apart from what is written with it.
      codeSplitting: { groups: [{ name: "authlete-token", test: /[\\/]pkg[\\/]dist[\\/]/ }] },
    });
  } catch (error) {
    throw new Refusal(`The playground could not be built: ${error.message}`);
  }
  if (warning !== undefined) throw new Refusal(`The playground could not be built: ${warning}`);
}
